#!/bin/bash
# `keep serve` answers calls for an instance, and `keep call` shows them as if
# they ran here. (n): the line of RFC 0682's conformance that it stands for.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"

check "an instance" keep init acme --no-commit
cd acme || exit 1
check "with a node" keep node add web1 ip_address=192.0.2.1 services=web
check "and another" keep node add web2 ip_address=192.0.2.2
cd .. || exit 1

check_exit 7 "without a server a call fails" keep -C acme call node list
check_like "and a hint tells what makes one" "keep -C $PWD/acme serve" "$ERR"
check_exit 2 "without a runtime directory, too" \
	env -u XDG_RUNTIME_DIR keep -C acme call node list
check_like "which is told" 'XDG_RUNTIME_DIR is not set' "$ERR"
check_exit 9 "one that others get into is not used" env XDG_RUNTIME_DIR=/tmp \
	keep -C acme call node list
check_like "and a hint names one's own" \
	"export XDG_RUNTIME_DIR=/run/user/$(id -u)" "$ERR"
check_exit 4 "outside of an instance there is no server to call" \
	keep call node list
check_exit 4 "nor one to start" keep serve
serve acme --allow graph --allow history

# same VERB WORD...: here and there.
same() {
	local here=0 there=0
	keep -C acme --format=cbor "$@" > here 2> here.err || here=$?
	keep -C acme call --format=cbor "$@" > there 2> there.err || there=$?
	check_same "(40) $*: the same exit status" "$here" "$there"
	check_same_files "$*: the same bytes" here there
	check_same "$*: the same message" \
		"$(sed 's/^{"warning.*//' here.err)" "$(cat there.err)"
}
same node list
same node list services=web --print ip_address
same node list nonsense=1
same env list
same inspect web1
same inspect web3
same expr web1 '1 + 2'
same expr web1 '1 +'
same graph web1
same history
same describe node list
same help node add
same version
same config core.format
check_same "text is the same, too" "$(keep -C acme node list)" \
	"$(keep -C acme call node list)"
check_same "and JSON" "$(keep -C acme node list --format=json)" \
	"$(keep -C acme call node list --format=json)"

sed -i 's/192.0.2.1/192.0.2.9/' acme/nodes/web1.json
check "a call after that" keep -C acme call node list
check_like "a file that is edited in place is seen by the next call" \
	'^web1 +192\.0\.2\.9 '

check_exit 9 "(40) what changes something is not exposed" \
	keep -C acme call node add web3 ip_address=192.0.2.3
check_like "and a hint says how it would be" 'allow node\.add' "$ERR"
check_same "nothing was changed" '' "$(find acme -name web3.json)"
check_exit 9 "who talks to a person is for a shell" \
	keep -C acme call ssh web1
check_like "which is said" 'talks to a person' "$ERR"
check_like "as is what exposes it" '[-]-allow of keep serve' "$ERR"
check_exit 4 "a command that is misspelt is none" keep -C acme call noed list
check_like "and what was meant is told" 'did you mean node\?' "$ERR"
check_exit 9 "a call does not go round" keep -C acme call call version
check_exit 2 "what is wrong is told before anybody is called" \
	keep -C acme call node add
check_exit 4 "a verb that is none, too" keep -C acme call node nonsense
check_like "(22) the log tells who called what" \
	'verb=node\.list code=OK ms=[0-9]+ uid=[0-9]+ pid=[0-9]+ client=keep/' \
	served
check "SIGTERM ends a server well" stop

serve acme --allow node.add,node.rm --only node.list
check "(40) what is allowed by name is called" \
	keep -C acme call node add web3 ip_address=192.0.2.3
check "and done" test -e acme/nodes/web3.json
check "what else is named is called" keep -C acme call node list
check_exit 9 "what is not named is not" keep -C acme call env list
stop
check_exit 2 "who allows what is no verb is told" \
	keep -C acme serve --allow node.lst
check_like "with its name" "'node.lst' is no verb" "$ERR"
check_like "and what it may be" 'did you mean list\?' "$ERR"
check_exit 2 "names have dots" keep -C acme serve --allow 'node list'
check_like "which is told" 'with dots, as node\.list' "$ERR"
check_exit 2 "a server is not exposed" keep -C acme serve --allow serve

check "another instance" keep init other --no-commit
serve acme
check_exit 4 "(15) a server of another instance refuses" \
	keep -C other call --socket "$(socket_of acme)" node list
check_like "and says whose it is" "another instance: $PWD/acme" "$ERR"
check "without an instance any is meant" \
	keep call --socket "$(socket_of acme)" node list
check "a deadline is given" keep -C acme call --deadline 5s node list
check_same "(14) the socket's directory is the user's alone" 700 \
	"$(stat -c %a "$XDG_RUNTIME_DIR/keep")"
chmod 755 "$XDG_RUNTIME_DIR/keep"
check_exit 9 "(14) a directory that others can enter is not trusted" \
	keep -C acme call node list
check_like "and a hint closes it" 'chmod 700' "$ERR"
chmod 700 "$XDG_RUNTIME_DIR/keep"
stop

check "(9) without a client a server ends, with status 0" \
	timeout 20 keep -C acme serve --idle-timeout 100ms
check_like "having said where it listened" \
	"listens at $(socket_of acme)" "$ERR"
keep -C acme serve 2> served &
server=$!
check "a server may bind its socket itself" \
	wait_for_socket "$(socket_of acme)"
check_same "(14) which is the user's alone" 700 \
	"$(stat -c %a "$(socket_of acme)")"
check "and is called" keep -C acme call node list
check_exit 8 "a second one for the same instance is refused" \
	keep -C acme serve
{ kill -9 "$server"; wait "$server"; } 2> /dev/null
check "one that was killed is replaced" \
	timeout 20 keep -C acme serve --idle-timeout 100ms

PATH=$O/examples:$PATH
serve_as "$XDG_RUNTIME_DIR/keep/nodes.sock" daemon acme
calls() { keep call --socket "$XDG_RUNTIME_DIR/keep/nodes.sock" "$@"; }
check "(44) a daemon of one's own is sixty lines" \
	test "$(wc -l < "$TOP/contrib/examples/daemon.c")" -le 60
check "it answers with a verb" calls node list
check_same "as keep does" "$(keep -C acme node list)" "$(cat "$OUT")"
check "with another" calls inspect web1 ip_address
check "and with one of another library" calls version
check_exit 9 "and with no more" calls env list
stop

check "a drop-in of systemd's units is printed" keep -C acme serve --print-unit
check_like "that names the instance" "^WorkingDirectory=$PWD/acme\$"
check_like "and its units" "keep@$(basename "$(socket_of acme)" .sock |
	cut -d- -f2)\\.socket"
check_exit 2 "which has no place for other options" \
	keep -C acme serve --print-unit --allow node.add
check_like "and a hint tells where they stand" 'ExecStart=' "$ERR"

if [ -x /usr/bin/systemd-socket-activate ]; then
	systemd-socket-activate -l "$(socket_of acme)" --fdname=serve \
		"$(command -v keep)" -C acme serve --idle-timeout 1s \
		2> served &
	server=$!
	check "systemd listens" wait_for_socket "$(socket_of acme)"
	check "(8) the first call starts the server, which answers" \
		keep -C acme call node list
	check "(9, 10) and ends with status 0" wait "$server"
	check "(11, 12) the unit is as narrow as it can be" \
		systemd-analyze security --offline=yes --threshold=8 \
		"$TOP/contrib/systemd/keep@.service"
	check_exit 1 "(10) which starts nothing again that ended well" \
		grep -q '^Restart=' "$TOP/contrib/systemd/keep@.service"
fi
