#!/bin/bash
# The nodes with the tag `local` are real servers on this machine.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
mkdir -p /var/lib/keep-local
mount -t tmpfs tmpfs /var/lib/keep-local
image=(--image "$FLEET/.image")

# on HOST PORT COMMAND...: as the user whose key was let in.
on() {
	ssh -o UserKnownHostsFile=compiled/local/known_hosts -p "$2" "$1" "${@:3}"
}

check "an instance" keep init acme --no-commit
cd acme || exit
check_exit 4 "without a local node there is nothing to start" keep local up
check_like "which is said" "no node has the tag 'local'" "$ERR"
check_like "with a way on" 'keep node add try1 .*tags=local' "$ERR"
check "a node that is on this machine" keep node add try1 \
	ip_address=127.77.0.1 ssh.port=2222 tags=local
check "another" keep node add try2 ip_address=127.77.0.2 ssh.port=2222 \
	ssh.user=ada tags=local
check "one with a network of its own" keep node add try3 \
	ip_address=10.5.5.10 tags=local
check "its neighbour" keep node add try4 ip_address=10.5.5.11 tags=local
check "one that is not" keep node add web1 ip_address=192.0.2.1
check "before, they are down" keep local list
check_same "all of them" "try1 down 127.77.0.1:2222 - -
try2 down 127.77.0.2:2222 - -
try3 down 10.5.5.10:22 - -
try4 down 10.5.5.11:22 - -" "$(tr -s ' ' < "$OUT")"

check "they come up" keep local up "${image[@]}"
check_like "each with its process and root" \
	'^try1 +up +127.77.0.1:2222 +[0-9]+ +/proc/[0-9]+/root$'
cp "$OUT" first
check "up twice is fine" keep local up "${image[@]}"
check_same_files "and the same nodes" first "$OUT"
check "an instance pins their host keys" cat \
	files/nodes/try{1,2,3,4}/ssh_host_ed25519_key.pub
check "which compile finds" keep compile
check "ssh reaches one with the key that is pinned" on 127.77.0.1 2222 hostname
check_like "by its name" '^try1$'
check_same "another lets in the user whom it should" ada \
	"$(on ada@127.77.0.2 2222 id -un)"
check_same "who becomes root there" root "$(on ada@127.77.0.2 2222 sudo -n id -un)"
check "one answers at an address of its own" on 10.5.5.10 22 hostname
check_like "by its name, too" '^try3$'
check "it reaches its neighbour" on 10.5.5.10 22 \
	bash -c "'read -r banner < /dev/tcp/10.5.5.11/22; echo \$banner'"
check_like "and hears its sshd" '^SSH-2.0'
on 127.77.0.1 2222 'touch /root/mark /usr/mark'
check_exit 2 "what a node writes is not on this machine" ls /usr/mark
check_exit 1 "nor on another" on 10.5.5.10 22 test -e /usr/mark

# alive: what of the nodes runs, but for the dead whom nobody asked for.
alive() {
	pgrep -r S,R,D -f keep-local
}
check "one alone goes down" keep local down try1
check_like "and is listed so" '^try1 +down '
check_exit 255 "then nobody answers there" on 127.77.0.1 2222 true
check "the others do" on ada@127.77.0.2 2222 true
check "it comes up again" keep local up "${image[@]}" try1
check "as a new server" on 127.77.0.1 2222 'test ! -e /usr/mark'
check "which has the host key that is pinned" on 127.77.0.1 2222 true
sleep 1000 &
stranger=$!
pid=$(cat /var/lib/keep-local/*/try1/pid)
kill -KILL "$pid"
echo $stranger > "$(echo /var/lib/keep-local/*/try1/pid)"
check "who has the process number of a node that died" keep local down try1
check "is left alone" kill -0 $stranger
check "one that the instance has no more" keep node rm try2
check "is listed" keep local list
check_like "without an address" '^try2 +up +- +[0-9]+'
check "all go down" keep local down
check_exit 1 "nothing of them runs" alive
check "down twice is fine" keep local down
check "and they come up at once" keep local up "${image[@]}" try3
check "all of the links too" on 10.5.5.10 22 true
keep local down > "$OUT"

check "one whose user this machine has" keep node add try5 \
	ip_address=127.77.0.5 ssh.port=2222 ssh.user=backup tags=local
check "comes up, too" keep local up "${image[@]}" try5
root=$(keep --format=json local list try5 | jq -r '.[].root')
check "and lets him in" grep -q '^ssh-ed25519 ' \
	"$root$(getent passwd backup | cut -d: -f6)/.ssh/authorized_keys"
check_exit 1 "but not root" test -e "$root/root/.ssh"
keep local down > "$OUT"

# --- bad days ------------------------------------------------------------------
# shellcheck disable=SC2016 # for the inner shell
check "nobody who started them waits for their end" timeout 60 bash -c '
	printf "%s\n" "$(keep local up "$@" try3 2>&1)"' sh "${image[@]}"
check_like "and what they are is told" '^try3 +up '
check "who cleared its place finds no orphan" keep local down
python3 -c 'import socket, time
s = socket.create_server(("127.77.0.1", 2222))
print("ready", flush=True)
time.sleep(1000)' > held &
while [ ! -s held ] && kill -0 $!; do sleep 0.02; done
check_exit 11 "an address that is taken is told" keep local up "${image[@]}" try1
check_like "with the node" '^keep: node try1: ' "$ERR"
check_like "and the words of its sshd" 'Cannot bind any address' "$ERR"
check_exit 1 "nothing of it is left" alive
kill $!
wait $! # its port is free now
check "it comes up when it is free" keep local up "${image[@]}" try1
keep local down > "$OUT"
check_exit 2 "an image that mount cannot name is refused" \
	keep local up --image /a:b try1
check_exit 11 "one that is not there" keep local up --image /nowhere try1
check_like "is told" 'node try1: ' "$ERR"
check_exit 1 "nothing of it is left, too" alive
check "a node is up" keep local up "${image[@]}" try1
echo '{' > nodes/bad.json
check_exit 2 "with a fault in the instance none is started" keep local up
check "but all are ended" keep local down
check_exit 1 "every one" alive
check "and keep their host keys" \
	test -e "$(echo /var/lib/keep-local/*/try1/host_key)"
rm nodes/bad.json
rm "$HOME/.ssh/id_ed25519.pub"
check_exit 4 "where nobody has a key nobody could get in" keep local up try1
check_like "which has a way on" 'ssh-add one' "$ERR"
mkdir -p users/ada
cp "$FLEET/.image/etc/hostname" users/ada/ssh.pub 2> /dev/null ||
	echo nonsense > users/ada/ssh.pub
check_exit 4 "what is no key is none" keep local up try1
ssh-keygen -y -f "$HOME/.ssh/id_ed25519" > users/ada/ssh.pub
check "a user of the instance gets in" keep local up "${image[@]}" try1
check "by his key" on 127.77.0.1 2222 true
rm -f /var/lib/keep-local/*/try3/host_key*
check "a node whose host key was lost has another" \
	keep local up "${image[@]}" try3
check_like "which is told" 'try3 has another host key than files/nodes/try3' \
	"$ERR"
check_like "with the command that pins it" \
	'keep node rekey try3 --host-key SHA256:' "$ERR"
check_exit 255 "nobody trusts it before" on 10.5.5.10 22 true
keep local down > "$OUT"

cp -a "$PWD" "$SCRATCH/acme" && chmod -R a+rX "$SCRATCH/acme"
check_exit 9 "who is not root cannot start them" \
	as_user keep -C "$SCRATCH/acme" local up
check_like "and is told why" 'needs root; you are uid 65533' "$ERR"
check_like "and what to type" 'sudo .*keep -C .*/acme local up' "$ERR"
check "but may look" as_user keep -C "$SCRATCH/acme" local list

check_exit 2 "nobody becomes a node by chance" "$TOP/contrib/local/node" "$PWD"
check_like "how one is started is told" 'keep local up' "$ERR"
check "this machine is as it was" test ! -e pid
