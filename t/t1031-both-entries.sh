#!/bin/bash
# Every verb gives the same bytes at the shell and to a native program, and
# does the same to the instance. (n): the line of RFC 0682's conformance.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-verbs.sh"

PATH=$O/t/bin:$PATH
mkdir -p native/examples native/lib
ln -s "$O/t/lib/keep" native/lib/keep
cp "$O/examples/call" native/examples

# library COMMAND: the library of a verb.
library() {
	case $1 in
	try*) echo tryout ;;
	"help expressions" | "help filter" | "help users") echo provider ;;
	config | describe | doctor | help | version) echo suite ;;
	deploy | history | local* | plan | rollback | run | ssh | test) echo deploy ;;
	"node init" | "node status" | "node verify" | "node facts" | \
	"node rekey" | "node revoke") echo deploy ;;
	*) echo provider ;;
	esac
}
# tree_of DIR: leaves what is the same each time: no cache, no random secret,
# no time.
tree_of() {
	rm -rf "$1/.git" "$1/.keep" "$1/secrets.dev.json"
	[ ! -d "$1/compiled" ] || find "$1/compiled" -type f -exec sed -i \
		's/"serial": [0-9]*/"serial"/; s/[0-9]* ; serial/; serial/' {} +
}
# both VERB WORD...: from the same state, by the shell and by the example;
# the state after it stays. VERB's words are one argument.
both() {
	local verb=$1 got=0 want=0
	shift
	tried="$tried$verb
"
	rm -rf before shell
	cp -a acme before
	# shellcheck disable=SC2086 # the words of the verb
	if ! keep -C acme x-encode -- $verb "$@" > args.cbor; then
		fail "$verb $*: it can be encoded"
		return
	fi
	# shellcheck disable=SC2086
	keep -C acme --format=cbor $verb "$@" > want.cbor 2> want.err || want=$?
	mv acme shell
	mv before acme
	(cd acme && exec ../native/examples/call "$(library "$verb")" \
		"$verb" < ../args.cbor > ../got.cbor 2> ../got.err) || got=$?
	check_same "$verb $*: the same exit status" "$want" "$got"
	check_same_files "$verb $*: the same bytes" want.cbor got.cbor
	cp -a acme after
	tree_of shell
	tree_of after
	check_same_files "$verb $*: the same files" shell after
	rm -rf after
	[ "$want" != 70 ] || fail "$verb $*: is no fault of keep"
}
tried=''

mkdir acme
both init "$PWD/acme/x" --name both --no-commit
rm -rf acme
check "an instance to work on" keep init acme --no-commit
every_verb
check_tried "$tried" "(38) every verb is called by a native program"
# A failure has no result, and its message.
keep x-encode -- try fail 15 > args.cbor
check_exit 4 "a failure has its exit status" \
	sh -c 'native/examples/call tryout "try fail" < args.cbor'
check_same "prints nothing" '' "$(cat "$OUT")"
check_same "and is told" 'call: it fails with code 15' "$(cat "$ERR")"
printf '\xa0' > none
check_exit 9 "nobody is asked" \
	sh -c 'native/examples/call tryout "try ask" < none'
printf '\xa1\x00' > torn
check_exit 2 "arguments that are no CBOR are refused" \
	sh -c 'native/examples/call tryout "try list" < torn'
printf '\xa1\x18\x63\x00' > unknown
check_exit 2 "so is a key that nobody knows" \
	sh -c 'native/examples/call tryout "try list" < unknown'
