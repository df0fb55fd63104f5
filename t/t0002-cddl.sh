#!/bin/bash
# t/cddl.py knows CDDL: the examples of RFC 8610, and what is not like them.
. "${0%/*}/lib.sh"
export PYTHONPATH=$TOP/t PYTHONDONTWRITEBYTECODE=1

check "all cases are tried" /usr/bin/python3 "$TOP/t/cddl_cases.py"
while read -r verdict title; do
	"$verdict" "$title"
done < "$OUT"
check_same "at least thirty items are refused" yes \
	"$([ "$(grep -c 'does not$' "$OUT")" -ge 30 ] && echo yes)"
check_same "the validator has at most 300 lines" yes \
	"$([ "$(wc -l < "$TOP/t/cddl.py")" -le 300 ] && echo yes)"
check_same "and does not know keep" '' "$(grep -inw keep "$TOP/t/cddl.py")"

echo 'pair = [int, first] first = tstr .size 1' > pair.cddl
fits() { "$TOP/t/cddl.py" pair.cddl "$@"; }
check "as a program it takes an item" fits < <(printf '\x82\5\x61a')
check "of a rule that is named" fits first < <(printf '\x61a')
check_exit 1 "refuses another" fits < <(printf '\x82\5\x62ab')
check_same "and tells where it is wrong" \
	"cddl: 1: 'ab' is not first" "$(cat "$ERR")"
echo 'pair = [int, second]' > pair.cddl
check_exit 2 "and what is no CDDL" fits < <(printf '\x82\5\x61a')
check_like "with its fault" 'no rule second' "$ERR"
