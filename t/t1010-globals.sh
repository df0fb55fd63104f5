#!/bin/bash
# Options of all commands.
. "${0%/*}/lib.sh"

check "an instance is made" keep init i --name I --domain example.org
check "-C goes to the instance, a format may stand behind the verb" \
	keep -C i node list --format=json
check_same "an empty list is []" "[]" "$(cat "$OUT")"
check "the format may stand before the command" keep --format=json -C i env list
check_exit 4 "-C to nowhere is told" keep -C nowhere node list
check_like "with its name" "nowhere" "$ERR"
check_exit 2 "a wrong format is refused" keep --format=yaml version
check_like "with those that there are" "text" "$ERR"
