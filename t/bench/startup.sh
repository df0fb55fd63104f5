#!/bin/sh
# `keep version` against a dynamic hello-world: instructions by callgrind, which
# are the same in every run. At most 2.5 times plus 200,000.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n' \
	> "$scratch/hello.c"
gcc -O2 -o "$scratch/hello" "$scratch/hello.c"

instructions() {
	env -i LC_ALL=C valgrind --tool=callgrind \
		--callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null |
		sed -n 's/.*Collected : //p'
}
peer=$(instructions "$scratch/hello")
ours=$(instructions "${O:-build}/bin/keep" version)
bound=$((peer * 5 / 2 + 200000))
echo "startup: keep version $ours instructions, hello $peer, bound $bound"
[ "$ours" -le "$bound" ]
