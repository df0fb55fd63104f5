#!/bin/bash
# The client of the ssh-agent, and SSHSIG, with OpenSSH's own programs.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH
export SSH_AUTH_SOCK=$SCRATCH/agent

# Who has to confirm is asked by this: it says yes, or no, or nothing.
mkfifo never
cat > askpass << END
#!/bin/sh
case \$(cat "$PWD/confirm") in
yes) echo yes ;;
never) exec head -n 1 "$PWD/never" ;;
*) exit 1 ;;
esac
END
chmod +x askpass
export SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force
ssh-agent -D -a "$SSH_AUTH_SOCK" > agent.log 2>&1 &
agent=$!
exec 9<> never # who writes to it need not wait for a reader
wait_for_socket "$SSH_AUTH_SOCK" || fail "ssh-agent starts"

check "an agent without keys shows none" keep try keys
check_same "which is an empty table" '' "$(cat "$OUT")"
keys='ed25519-256 ecdsa-256 ecdsa-384 ecdsa-521 rsa-2048'
for key in $keys; do
	ssh-keygen -q -t "${key%-*}" -b "${key#*-}" -N '' -C "ada $key" \
		-f "$key" && ssh-add -q "$key" || fail "$key is loaded"
	echo "ada@example.org $(cat "$key.pub")" >> allowed
done
keep --format=json try keys > keys.json
check_same "the keys are those that ssh-add shows" \
	"$(ssh-add -L | cut -d ' ' -f 1,2)" "$(jq -r '.[].line' keys.json)"
check_same "so are their fingerprints" \
	"$(ssh-add -l | cut -d ' ' -f 2)" "$(jq -r '.[].fingerprint' keys.json)"

printf 'a message\n' > message
# sign KEY [WORD...]: signs the message into the file signature.
sign() {
	local key=$1
	shift
	keep try sign message --key "$(cat "$key.pub")" "$@" > signature
}
# verify NAMESPACE: ssh-keygen's word on it.
verify() {
	ssh-keygen -Y verify -f allowed -I ada@example.org -n "$1" \
		-s signature < message
}
for key in $keys; do
	check "the agent signs with $key" sign "$key"
	check "ssh-keygen verifies it" verify git
done
check "it signs for a program that waits in a loop" sign ecdsa-256 --loop
check "ssh-keygen verifies that, too" verify git
check "a signature has the namespace that was asked for" \
	sign ed25519-256 --space keep.history
check "ssh-keygen verifies it there" verify keep.history
check_exit 255 "and not as one for git" verify git
ssh-keygen -q -Y sign -f ed25519-256 -n git message
sign ed25519-256
check_same_files "what ssh-keygen makes of the same is the same" \
	message.sig signature
: > message
check "an empty message can be signed" sign rsa-2048
check "ssh-keygen verifies that" verify git

ssh-keygen -q -s ed25519-256 -I ada -n ada@example.org ecdsa-256.pub
ssh-add -q ecdsa-256
printf 'ada@example.org cert-authority %s\n' "$(cat ed25519-256.pub)" > allowed
check "the agent signs with a certificate" sign ecdsa-256-cert
check "ssh-keygen verifies that, by who issued it" verify git
keep --format=json try keys > keys.json
check_same "a certificate has the fingerprint that ssh-add shows" \
	"$(ssh-add -l | awk '/-CERT/ { print $2 }')" \
	"$(jq -r '.[] | select(.line | test("-cert-")).fingerprint' keys.json)"

ssh-add -q -d ecdsa-384
check_exit 5 "a key that is not in the agent does not sign" sign ecdsa-384
check_like "the key is named by its fingerprint" \
	"does not hold the key $(ssh-keygen -lf ecdsa-384.pub |
		cut -d ' ' -f 2 | sed 's/+/[+]/g')" \
	"$ERR"
check_like "the hint tells how it gets there" '^hint: ssh-add FILE adds' "$ERR"
check_exit 2 "what is no key is refused" keep try sign message --key "ssh-x y"
check_like "with the look of one" '^hint: it looks like: ssh-ed25519 AAAA' \
	"$ERR"
head -c 300000 /dev/zero > large
check "a large file can be signed: its hash is" \
	keep try sign large --key "$(cat ed25519-256.pub)"

ssh-add -q -c ecdsa-521
echo yes > confirm
check "a key that is to be confirmed signs after a yes" sign ecdsa-521
echo no > confirm
check_exit 5 "after a no it does not" sign ecdsa-521
check_like "which is told from a missing key" 'did not sign with the key' "$ERR"
check_exit 5 "nor in a loop" sign ecdsa-521 --loop
check_like "where the reason is told, too" 'did not sign with the key' "$ERR"
echo never > confirm
check_exit 7 "who says nothing is waited for until the deadline" \
	sign ecdsa-521 --timeout 200ms
check_like "which is said" 'did not answer in time' "$ERR"
check_exit 7 "in a loop, too" sign ecdsa-521 --timeout 200ms --loop
printf '\n\n' >&9

echo yes > confirm # is the passphrase, too
check "the agent is locked" ssh-add -x
check_exit 5 "a locked agent does not sign" sign ed25519-256
check_like "the hint unlocks it" 'ssh-add -X unlocks it' "$ERR"
check "and shows no keys" keep try keys
check "the agent is unlocked" ssh-add -X
check "then it signs again" sign ed25519-256

kill "$agent"
wait "$agent" 2> /dev/null
check_exit 5 "an agent that has gone is told" sign ed25519-256
check_like "the hint starts one" 'eval "\$\(ssh-agent\)" && ssh-add' "$ERR"
unset SSH_AUTH_SOCK
check_exit 5 "so is a shell that knows none" keep try keys
