#!/bin/sh
# `keep compile` of generated instances (t/bench/instance.py): how the time
# grows from 1,000 to 10,000 nodes (at most 12), what a compile costs when
# nothing changed (at most half), and the peak of memory at 10,000 (1 GiB).
# A warm-up and 5 pairs; user + system CPU seconds; medians of paired ratios.
set -eu
exec python3 -B "$(dirname "$0")/compile.py" "$(dirname "$0")/instance.py" \
	"$(realpath "${O:-build}")/bin/keep"
