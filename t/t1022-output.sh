#!/bin/bash
# Results, events and errors: their formats, their exit statuses, and outputs
# that cannot be written.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

hex() {
	od -An -v -tx1 | tr -d ' \n'
}

check_same "a struct is lines of text" 'number: 256' "$(keep try net)"
check_same "or one object of JSON" '{"number":256}' \
	"$(keep --format=json try net)"
check_same "or one item of CBOR" a100190100 "$(keep --format=cbor try net | hex)"
check_same "a format may stand after the verb" '{"number":256}' \
	"$(keep try net --format=json)"
check_same "a list is a row each" '1 2 3' "$(keep try list 3 | paste -sd' ')"
check_same "of JSON one list" '[{"number":1},{"number":2}]' \
	"$(keep --format=json try list 2)"
check_same "of CBOR one list" 82a10001a10002 \
	"$(keep --format=cbor try list 2 | hex)"
check_same "a list of one is a list" 81a10001 \
	"$(keep --format=cbor try list 1 | hex)"
check_same "an empty list is no row" '' "$(keep try list)"
check_same "an empty list of JSON" '[]' "$(keep --format=json try list)"
check_same "an empty list of CBOR" 80 "$(keep --format=cbor try list | hex)"
check_same "events come before the result" 'number: 1 number: 2 number: 2' \
	"$(keep try stream 2 | paste -sd' ')"
check_same "as JSON lines" '{"item":{"number":1}} {"result":{"number":1}}' \
	"$(keep --format=json try stream 1 | paste -sd' ')"
check_same "as a sequence of CBOR" 8201a10001a10001 \
	"$(keep --format=cbor try stream 1 | hex)"
check_same "an item is itself" '[1,{"a":null}]' \
	"$(keep --format=json try item '[1,{"a":null}]')"

check_exit 2 "there is no other format" keep --format=yaml try net
check_like "those that are, are near" 'yaml' "$ERR"

# Every error has the exit status of the table.
cc -E -P -I"$TOP/include" -DKEEP_E='row' -x c - 2> "$ERR" \
	<<< '#include <keep/errcodes.def>' | tr ')' '\n' |
	sed -n 's/^ *row(\([0-9]*\), \([A-Z_]*\), \([0-9]*\),.*/\1 \2 \3/p' > codes
check_like "the table of errors is read" '^34 NO_MEMORY 71$' codes
fails='' verdicts='' names=''
while read -r code name status; do
	got=0
	keep --format=json try fail "$code" > "$OUT" 2> "$ERR" || got=$?
	[ "$got" = "$status" ] && [ ! -s "$OUT" ] || fails="$fails $name=$got"
	[ "$(jq -r .error.name "$ERR")" = "$name" ] || names="$names $name"
	got=0
	keep try verdict "$code" > "$OUT" 2> "$ERR" || got=$?
	[ "$got" = "$status" ] && [ "$(cat "$OUT")" = "number: $code" ] &&
		[ ! -s "$ERR" ] || verdicts="$verdicts $name=$got"
done < codes
check_same "every code has its exit status, and prints nothing" '' "$fails"
check_same "every error has its name in JSON" '' "$names"
check_same "a verdict has the status, and its result" '' "$verdicts"
check_exit 70 "a code that nobody knows is a fault of keep" keep try fail 999

check_exit 2 "an error" keep try fail 7
check_same "has its message and hint on stderr" \
	'keep: it fails with code 7|hint: try another' "$(paste -sd'|' "$ERR")"
check_exit 4 "a list that fails" keep try list 2 --fail
check_same "prints no row" '' "$(cat "$OUT")"
check_exit 4 "as JSON" keep --format=json try list 2 --fail
check_same "it prints nothing either" '' "$(cat "$OUT")"
check_same "stderr is one line of JSON" CONFLICT "$(jq -rs '.[0].error.name' "$ERR")"
check_exit 4 "events that came before a failure" keep try stream 2 --fail
check_same "are there" 2 "$(wc -l < "$OUT")"
check_exit 139 "a crash is not hidden" keep try crash

# An output that cannot be written is an error.
pipe_status() {
	{ "$@" 2> "$ERR"; echo $? > status; } | head -n 1 > /dev/null
	cat status
}
check_same "a broken pipe ends a stream with the status of IO" 11 \
	"$(pipe_status keep try stream)"
check_like "and is told" '^keep: standard output: .*Broken pipe' "$ERR"
check_same "in JSON, too" 11 "$(pipe_status keep --format=json try stream)"
check_like "as an object" '"name":"IO"' "$ERR"
for verb in "list 3" "net" "stream 3"; do
	# shellcheck disable=SC2086 # words
	keep try $verb > /dev/full 2> "$ERR"
	check_same "a full disk is an error of try $verb" 11 $?
	check_like "which says what is full" \
		'^keep: standard output: .*No space left' "$ERR"
done
keep help > /dev/full 2> "$ERR"
check_same "of help, too" 11 $?
keep try net -h > /dev/full 2> "$ERR"
check_same "and of short help" 11 $?
for words in --help "node add --help" "node add -h" "node -h" version "help -a"; do
	# shellcheck disable=SC2086 # words
	"$KEEP" $words > /dev/full 2> "$ERR"
	check_same "and of keep $words" 11 $?
done
keep try list 3 >&- 2> "$ERR"
check_same "a closed output is an error" 11 $?
keep try list > /dev/full
check_same "who prints nothing needs no disk" 0 $?

check "a verb may end without a result" keep try fail 0
check_same "and prints nothing" "" "$(cat "$OUT" "$ERR")"
check "as JSON, too" keep --format=json try fail 0
check_same "and nothing there" "" "$(cat "$OUT" "$ERR")"
# shellcheck disable=SC1003
check "free items hold what a terminal would obey" \
	keep try item '"a\u009b31m\u001b[31m\u202e"'
check_same "and do not send it" '"a\u009b31m\u001b[31m\u202e"' "$(cat "$OUT")"

check "version tells in JSON what keep is built on" keep --format=json version
for library in libcbor libgit2 libsodium; do
	check_like "as $library" "\"$library\":\"[0-9.]+\""
done
