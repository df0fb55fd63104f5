# shellcheck shell=bash
# A call of every verb, of keep and of `try`; PATH must have the keep of
# $O/t/bin. Sourced behind lib.sh.

# every_verb: `both VERB WORD...` for each verb but init, where VERB's words are
# one argument; the caller defines it. There is an instance acme.
every_verb() {
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
		--nonce 01020304 --code ab --path x --blob "$TOP/t/deps.list" --item '[1]' \
		--texts a --wholes 3 --pairs '{"left":"x"}' -l k=v --counts x=3 \
		--items z=1 --outer-name n --net-host h
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
	printf s3cret > pin
	both "try secret" --pin-file "$PWD/pin"
}

# check_tried VERBS [TITLE]: VERBS, one a line, are all that there are. What is
# in no table above would not be seen.
check_tried() {
	check_same "${2-every verb of keep is tried}" '' \
		"$(keep describe --format=json |
			jq -r '.commands[].path | join(" ")' |
			grep -vxF "$1" | grep -vxE \
				'call|serve|try (ask|crash|fail|hang|keys|sign|stream)')"
}
