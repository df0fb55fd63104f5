#!/bin/sh
# `node list` of 100 nodes over one connection of `keep serve` against a process
# per call: at least 10 times as many a second. The median of 5 pairs.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
PYTHONPATH=$top/contrib/python exec python3 -B "$top/t/bench/serve.py" \
	"$top/t/bench/instance.py" "$(realpath "${O:-build}")/bin/keep"
