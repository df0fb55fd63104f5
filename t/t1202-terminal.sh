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

# Colours: \e as ^ in $OUT.
colours() {
	script -qec "$1" /dev/null | tr '\33' '^'
}
keep init i --no-commit -q && keep -q -C i node add web1 ip_address=192.0.2.1 odd=1
export TERM=xterm
check "on a terminal" colours "keep try"
check_like "the word before an error is red" "^\^\[1;31mkeep:\^\[m 'try' is not"
check_like "that before a hint is yellow" '^\^\[1;33mhint:\^\[m '
check "of a fault's hint, too" colours "keep node list -z"
check_like "behind its blanks" '^\^\[1;33m  hint:\^\[m '
check "and of a warning" colours "keep -C i compile"
check_like "is coloured" '^\^\[1;33mkeep: warning:\^\[m '
check "a heading" colours "keep -C i node list"
check_like "is bold" '^\^\[1mNAME +IP_ADDRESS.*ENABLED\^\[m'
check "every" colours "keep -C i env list"
check_like "one is" '^\^\[1m[A-Z ]+\^\[m'
check "JSON" colours "keep -C i node list --format=json"
check_unlike "has no colours" '\^'
for why in "NO_COLOR=1 keep" "TERM=dumb keep" "keep --color=never" \
	"keep -c core.color=never"; do
	check "with $why" colours "$why -C i node list -z"
	check_unlike "there are none" '\^'
	check "nor with $why" colours "$why -C i node list"
	check_unlike "in a heading" '\^'
done
check "NO_COLOR= is none" colours "NO_COLOR= keep -C i node list"
check_like "so there are colours" '\^'
keep node list -z 2> "$OUT" > none
check_unlike "without a terminal there are none" $'\33'
keep --color=always node list -z 2> "$OUT" > none
check_like "unless they are wanted" $'\33'
check "stdout on a terminal" colours "keep node list -z 2> err"
check_unlike "leaves stderr without" $'\33' err
check "stderr on a terminal" colours "keep node list -z > none"
check_like "has its own" '\^'
