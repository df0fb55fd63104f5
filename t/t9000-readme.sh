#!/bin/bash
# What README shows is what happens, example by example.
. "${0%/*}/lib.sh"

examples=$("$TOP/t/console.py" "$TOP/README.md" 2>&1) && good=1 || good=0
if [ "$good" = 1 ]; then
	pass "the examples of README answer as README says"
else
	fail "the examples of README answer as README says" "$examples"
fi
check "README names the command that shows the main job" \
	grep -q '^make demo' "$TOP/README.md"
check "README names the command that tests" grep -q '^make test' "$TOP/README.md"
check "the demonstration runs to its end" "$TOP/contrib/demo.sh"
check_like "and its last compile changes nothing" \
	'^0 added, 0 changed, 0 removed, 6 unchanged$'
