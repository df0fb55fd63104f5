#!/bin/bash
# A command on a node, by each back end; the nodes are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
PATH=$O/t/bin:$PATH
fleet_agent
fleet_up web1 web2
BACKENDS=(libssh2 openssh)

# run_on NODE COMMAND [OPTION...]: the result is in $OUT, as JSON.
run_on() {
	local at key
	read -r -a at < "$FLEET/$1/at"
	key=$(cut -d ' ' -f 1,2 "$FLEET/${KEY_OF-$1}/host_key.pub")
	keep --format=json try exec --by "$BY" --host-key "$key" \
		--port "${PORT-${at[1]}}" "${@:3}" -- "${at[0]}" "$2"
}
# told TITLE FILTER WANT: what jq makes of the last result.
told() {
	check_same "$BY: $1" "$3" "$(jq -r "$2" "$OUT")"
}

ignoring() (
	trap '' CHLD
	run_on web1 true
)

echo 'IdentityFile none' > plain
for BY in "${BACKENDS[@]}"; do
	check "$BY: a command runs" run_on web1 'hostname; echo oops >&2; exit 7'
	told "its output and status come back" '.out + .err + (.status | tostring)' \
		$'web1\noops\n7'
	told "and by whom" .by "$BY"
	check "$BY: it gets its input" run_on web1 cat --input 'a b
c' --times 3
	told "all of it, whenever it comes" .out $'a b\nca b\nca b\nc'
	check "$BY: large input passes" run_on web1 'sha256sum; head -c 3m /dev/zero |
		tr "\0" x; exec >&-; exit 3' --input "$(head -c 100000 /dev/zero | tr '\0' y)" --times 30
	told "and large output" '.out | length' "$((3 * 1024 * 1024 + 68))"
	told "with nothing changed" '.out[0:64]' \
		"$(head -c 3000000 /dev/zero | tr '\0' y | sha256sum | cut -c 1-64)"
	told "and the status" .status 3
	check "$BY: a command that reads no input ends" run_on web1 'exit 4' \
		--input "$(head -c 100000 /dev/zero | tr '\0' y)" --times 100
	told "with its status" '.fault + (.status | tostring)' OK4
	check "$BY: a command may exit with 255" run_on web1 'exit 255'
	told "and that is no fault" '.fault + (.status | tostring)' OK255
	check "$BY: a signal may end it" run_on web1 'kill -9 $$'
	told "as 255" '.status | tostring' 255

	KEY_OF=web2 run_on web1 'touch /was-here' > "$OUT"
	told "a node with another host key is not trusted" '.fault, .phase' \
		$'UNTRUSTED\nhandshake'
	check_exit 1 "$BY: and nothing runs there" \
		test -e "$FLEET/web1/root/was-here"
	PORT=1 run_on web1 true > "$OUT"
	told "where nobody listens is unreachable" .fault UNREACHABLE
	keep --format=json try exec --by "$BY" --host-key "$(cut -d ' ' -f 1,2 \
		"$FLEET/web1/host_key.pub")" -- 203.0.113.1 true > "$OUT"
	told "so is what no network leads to, and that is said" \
		'.fault + (.message | match("Network is unreachable").string)' \
		'UNREACHABLENetwork is unreachable'
	check "$BY: whoever starts keep may ignore its children" ignoring
	told "which keep does not" .fault OK
	SSH_AUTH_SOCK=/nowhere run_on web1 true --user nobody > "$OUT"
	told "without a key nobody lets us in" '.fault, .phase' \
		$'DENIED\nlogin'
	ssh-agent -a "$PWD/an agent%d$BY" -t 60 > agent.env
	SSH_AUTH_SOCK="$PWD/an agent%d$BY" ssh-add -q "$HOME/.ssh/id_ed25519"
	SSH_AUTH_SOCK="$PWD/an agent%d$BY" run_on web1 true --config plain > "$OUT"
	told "an agent's path may hold blanks and %" .fault OK
	kill "$(sed -n 's/^SSH_AGENT_PID=\([0-9]*\).*/\1/p' agent.env)"
	run_on web1 'echo begun; sleep 1000' --run 700ms > "$OUT"
	told "a command that hangs has a deadline" '.fault, .phase, .out' \
		$'DEADLINE\nrun\nbegun'
	run_on web1 'kill -9 $PPID' > "$OUT"
	told "a connection that is lost is told from a command that ends" \
		'.fault, .phase' $'UNREACHABLE\nrun'
done
keep --format=json try exec --host-key "$(cat "$FLEET/web1/host_key.pub")" \
	--by openssh -- -oProxyCommand=x true > "$OUT"
told "a host that is an option is refused" .fault BAD_ARGS

# --- many --------------------------------------------------------------------
fleet_up -c 'MaxStartups 100' busy
for BY in libssh2 openssh; do
	check "$BY: many commands run" run_on busy 'echo x' --sessions 40 \
		--at-once 10
	told "each of them" '.out | length' 80
	told "once" .fault OK
done

# --- auto: libssh2, and ssh where that knows more ------------------------------
BY=auto
# comes_by NODE BACKEND WHY [OPTION...]: a command runs there.
comes_by() {
	run_on "$1" 'printf "$(hostname)"' "${@:4}" > "$OUT"
	told "$3, comes by $2" '.out, .by' "$1
$2"
}
# lets_in NODE KEY: only that.
lets_in() {
	cp "$2" "$FLEET/$1/home/.ssh/authorized_keys"
}

comes_by web1 libssh2 "a node as Debian has it"
told "with nothing to explain" .first ''
fleet_up -c 'Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com' aead
fleet_up -c 'MACs hmac-sha2-256-etm@openssh.com' etm
fleet_up -c 'KexAlgorithms sntrup761x25519-sha512@openssh.com' quantum
fleet_up -k rsa rsa
comes_by aead openssh "a node of AEAD alone" --config /dev/null
check_unlike "and why is told" '"first":""'
comes_by etm openssh "a node of EtM alone" --config /dev/null
comes_by quantum openssh "a node of post-quantum methods" --config /dev/null
comes_by rsa openssh "a node with an RSA host key" --config /dev/null
fleet_up -c 'Ciphers aes128-cbc' old
run_on old hostname --config /dev/null > "$OUT"
told "a node of weak methods alone is reached by none" '.fault, .phase' \
	$'UNREACHABLE\nhandshake'

fleet_up -k ecdsa -c "HostKey /etc/ssh/second" both
ssh-keygen -q -t ed25519 -N '' -f second
cp second "$FLEET/both/root/etc/ssh/"
fleet_down both
fleet_up both
comes_by both libssh2 "a node with two host keys, one of them pinned"
cp second.pub "$FLEET/both/host_key.pub"
comes_by both libssh2 "or the other"

ssh-keygen -q -t rsa -N '' -f rsa_key
ssh-keygen -q -t ed25519 -N '' -f ca
ssh-keygen -q -t ed25519 -N '' -f certified
ssh-keygen -q -s ca -I test -n root certified.pub
ssh-add -q -D
ssh-add -q rsa_key
lets_in web2 rsa_key.pub
comes_by web2 openssh "a user with an RSA key" --config /dev/null
told "and that is told" '.first | test("can use none")' true
ssh-add -q certified
cp ca.pub "$FLEET/web2/root/etc/ssh/"
lets_in web2 /dev/null
fleet_up -c 'TrustedUserCAKeys /etc/ssh/ca.pub' certifying
cp ca.pub "$FLEET/certifying/root/etc/ssh/"
lets_in certifying /dev/null
comes_by certifying openssh "a user with a certificate" --config /dev/null

KEY_OF=web1 run_on rsa 'touch /was-here' > "$OUT"
told "a node of another key is not trusted" .fault UNTRUSTED
KEY_OF=web2 run_on web1 'touch /was-here' > "$OUT"
told "nor is one with another key of the same kind" '.fault, .by' \
	$'UNTRUSTED\nlibssh2'
check_same "auto: and nothing runs there" '' \
	"$(ls "$FLEET"/*/root/was-here 2> /dev/null)"
