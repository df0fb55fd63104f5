#!/bin/bash
# Broken instances are refused whole: every fault is told where it is, and no
# file changes.
. "${0%/*}/lib.sh"

check "all of them are tried" python3 -B "$TOP/t/broken.py"
cat "$ERR" >&2
cp "$OUT" all
while read -r how title; do
	"$how" "$title"
done < all
check "they are many" test "$(wc -l < all)" -gt 140
