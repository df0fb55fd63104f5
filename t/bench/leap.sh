#!/bin/sh
# `keep compile` of leap's test provider, imported and with 160 nodes, against
# one python3 that reads the same node files, its start included: at most 15
# times its CPU time. A warm-up and 5 pairs; the median of the paired ratios.
set -eu
here=$(dirname "$(realpath "$0")")
leap=${KEEP_SHARED:-$here/../../../shared}/examples/leap
keep=$(realpath "${O:-build}/bin/keep")
if [ ! -d "$leap/provider_base" ]; then
	echo "leap: \$KEEP_SHARED has no examples/leap: not measured"
	[ "${CI:-}" != true ]
	exit
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

"$keep" import leap --as platform "$leap/provider_base" base > import.log
"$keep" import leap "$leap/test-provider/input" acme --platform base \
	--leap-rules >> import.log
cp "$here"/../golden/left/*.json acme/services/
echo 'a key that the input lacks' > acme/files/ca/client_ca.key
python3 -B "$here/leap.py" "$keep" acme 160
