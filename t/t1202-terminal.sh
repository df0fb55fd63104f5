#!/bin/bash
# What a terminal sees: the pager, and colours.
. "${0%/*}/lib.sh"

command -v script > "$OUT" || skip_all "script of bsdutils is not here"

# tty COMMAND: on a terminal of 5 lines; what it shows is in $OUT.
tty() {
	script -qec "stty rows 5 cols 80; $1" /dev/null
}
export SHELL=/bin/sh
mkdir bin
printf '#!/bin/sh\necho PAGED\nexec cat\n' > bin/pages
printf '#!/bin/sh\nexec head -c 1\n' > bin/leaves
chmod +x bin/*
PATH=$PATH:$PWD/bin

check "long output is shown by the pager" tty "KEEP_PAGER=pages keep help"
check_like "which is KEEP_PAGER" '^PAGED'
check_like "with all of it" '^ +version '
check "PAGER is the next" tty "PAGER=pages keep help"
check_like "and is run" '^PAGED'
check "core.pager is before them" \
	tty "KEEP_PAGER=false keep -c core.pager=pages help"
check_like "and is run too" '^PAGED'
check "a few lines need no pager" tty "KEEP_PAGER=pages keep version"
check_unlike "and get none" PAGED
check "--no-pager means it" tty "KEEP_PAGER=pages keep --no-pager help"
check_unlike "whatever comes" PAGED
check "what is not for people gets none" \
	tty "KEEP_PAGER=pages keep --format=json help"
check_unlike "and comes as it is" PAGED
check "a pager that is not there is gone without" \
	tty "KEEP_PAGER=no-such-pager keep help"
check_like "the output is shown" '^ +version '
check "a pager may be left early" tty "KEEP_PAGER=leaves keep help"
check "an empty pager is none" tty "KEEP_PAGER= PAGER=pages keep help"
check_unlike "not even the next" PAGED
check "without a terminal there is no pager" env KEEP_PAGER=pages keep help
check_unlike "and none runs" PAGED
