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

check "-q: a change is made" keep -q -C i node add web1 ip_address=192.0.2.1
check_same "and not told" "" "$(cat "$OUT" "$ERR")"
check "with a note it is quiet, too" keep -C i node set web1 odd=1 -q
check_same "about the note" "" "$(cat "$OUT" "$ERR")"
check "it may stand behind the verb" keep -C i compile --quiet
check_same "of a compile, too" "" "$(cat "$OUT" "$ERR")"
keep -q -C i node set web1 odd=2
check_exit 1 "what a check finds is its status" keep -q -C i compile --check
check_same "alone" "" "$(cat "$OUT" "$ERR")"
check_exit 4 "what fails is told" keep -q -C i node add web1
check_like "with its hint" '^hint: ' "$ERR"
check "what is asked for is printed" keep -q -C i node list
check_like "as ever" '^web1 '
check "JSON of a change is, too" keep -q -C i node set web1 odd=3 --format=json
check_like "whole" '"changed":true'
check "what is odd is JSON on stderr there" keep --format=json -C i compile
check_same "line for line" "1" "$(jq -s 'map(select(.warning)) | length' "$ERR")"

check_exit 2 "a command without a verb is refused" keep node
check_like "with the verbs that it has" \
	'^hint: the verbs of node are add set unset rm mv enable' "$ERR"
check_exit 2 "an option is no verb" keep node --usage
check_like "and is named" "^keep: node wants a verb before '--usage'" "$ERR"
check_like "with the verbs, too" '^hint: the verbs of node are add' "$ERR"
check_exit 2 "nor is one that is not there" keep node --bogus
check_exit 4 "a verb that nobody has is not found" keep node lst
check_like "and the nearest is named" '^hint: did you mean list' "$ERR"

check "--version behind a verb is the version" \
	keep init other --domain example.org --version
check_same "and nothing else" "keep 0.1.0" "$(cat "$OUT")"
check_exit 1 "the verb does not run" test -e other

for wrong in --bogus --color=purple --directory; do
	check_exit 2 "a wrong option before the command is refused: $wrong" \
		keep --format=json "$wrong"
	check_same "$wrong: as the format says" BAD_ARGS \
		"$(jq -r .error.name "$ERR")"
done

as_user mkdir -m 311 shut
check "who may not list where he stands runs keep there" \
	as_user sh -c 'cd shut && keep version'
check "and goes there" as_user keep -C shut version
