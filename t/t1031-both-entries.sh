#!/bin/bash
# Every verb gives the same bytes at the shell and to a native program, and
# does the same to the instance.
. "${0%/*}/lib.sh"

PATH=$O/t/bin:$PATH
mkdir -p native/examples native/lib
ln -s "$O/t/lib/keep" native/lib/keep
cp "$O/examples/call" native/examples

# library COMMAND: the library of a verb.
library() {
	case $1 in
	try*) echo tryout ;;
	"help expressions") echo provider ;;
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
	keep -C acme x-encode -- $verb "$@" > args.cbor || return
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
both "node add" web1 ip_address=192.0.2.1 services=web tags=production
both "node add" web2 'ip_address=192.0.2.2' 'x={"a":[1,2]}'
both "node set" web2 ssh.port=2222 x.b=true
both "node unset" web2 x
both "node mv" web2 db1
both "node disable" db1
both "node enable" db1
both "node list" --print ssh.port services=web
both "node list"
both "env list"
both expr web1 "1 + 2"
both inspect web1
both inspect web1 ip_address --why
both graph web1
both run web1 -- true
both plan web1 --offline
both test web1
both ssh web1 -- true
both deploy web1
both rollback web1
both compile --check web1
both compile
both "history"
keep -q -C acme node set web1 ip_address=127.255.255.1
both "node init" web1
both "node status" web1 -j 2
both "node verify" web1
both "node facts" --update web1
both "node rekey" web1
both "node revoke" web1
keep -q -C acme node enable web1
both "local list"
both "local up"
both "local down"
both "node rm" db1
cp -r acme/platform other && touch other/empty
both "platform update" --from "$PWD/other" --check
both "platform update" --from "$PWD/other" --force
both "platform fetch"
mkdir old && printf '{"domain": "= 1"}\n' > old/provider.json
printf '{}\n' > old/common.json
both "import leap" --as platform "$PWD/old" "$PWD/acme/leap"
both config
both config core.format --show-origin
both describe
both describe node
both doctor
both doctor --list
both help
both help -a node add
both version

both "try types" w a b -fw5 --number -4 --real 1.5 --colour green \
	--at 2026-01-02T03:04:05Z --share 30% --ip 192.0.2.1 --bytes 00ff \
	--nonce 01020304 --code ab --path x --blob "$TOP/LICENSE" --item '[1]' \
	--texts a --wholes 3 --pairs '{"left":"x"}' -l k=v --counts x=3 \
	--items z=1 --outer-name n --net-host h 2>> "$ERR"
both "try git"
both "try item" '{"b":1,"a":[null,true]}'
both "try list" 3
both "try list"
both "try exec" --by openssh --port 1 --host-key "\
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOn7xMuIfNg6iyOxNTJt2Dr9wtET2Dprzfo6koZ/uBa1" \
	127.0.0.1 true
both "try net"
both "try work" < /dev/null
both "try spool"
both "try publish" a/b
both "try verdict" 33
git -C acme add -A
git -C acme commit -qm tried
both "try git" HEAD
printf s3cret > pin
both "try secret" --pin-file "$PWD/pin"

# What is in no table above would not be seen.
missed=$(keep describe --format=json | jq -r '.commands[].path | join(" ")' |
	grep -vxF "$tried" | grep -vxE 'call|serve|try (ask|crash|fail|hang|keys|sign|stream)')
check_same "every verb of keep is tried" '' "$missed"
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
