#!/bin/bash
# The nodes of the tests are what they are taken for; ssh is the judge.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
check_same "there is no way out of the place of the nodes" lo \
	"$(ip -o link | awk -F': ' '{ print $2 }')"

# --- machines of their own ---------------------------------------------------
fleet_up web1 web2
for node in web1 web2; do
	check_same "$node answers by its name" "$node" "$(ssh "$node" hostname)"
done
ssh web1 'echo web1 > /etc/mark; echo web1 > /run/mark'
check_exit 1 "what a node writes, another has not" ssh web2 test -e /etc/mark
check_exit 1 "nor has this machine" test -e /etc/mark
check_same "it can be looked at from here" web1 \
	"$(cat "$FLEET/web1/root/etc/mark")"
check_exit 1 "a new node was never deployed to" ssh web1 test -e /var/lib/keep
ssh web1 'mkdir /var/lib/keep; echo first > /var/lib/keep/journal'
check_same "what is deployed to it lies in its keep" first \
	"$(cat "$FLEET/web1/keep/journal")"

ssh-keyscan "$(cut -d ' ' -f 1 "$FLEET/web2/at")" 2> /dev/null |
	sed 's/^[^ ]*/web1/' > other_keys
check_exit 255 "no node has the host key of another" ssh \
	-o HostKeyAlias=web1 -o UserKnownHostsFile=other_keys web1 true
check_like "and that is why it is refused" 'REMOTE HOST IDENTIFICATION' "$ERR"

# --- loss of power -----------------------------------------------------------
boot_id=/proc/sys/kernel/random/boot_id
before=$(ssh web1 cat $boot_id) other=$(ssh web2 cat $boot_id)
fleet_down web1
check_exit 255 "a node that is down does not answer" ssh web1 true
fleet_up web1
check_same "one that is up again has its disk" web1 "$(ssh web1 cat /etc/mark)"
check_exit 1 "its /run is empty" ssh web1 test -e /run/mark
ssh web1 cat $boot_id > after
check_unlike "it knows that it was down" "$before" after
check_same "another knows of nothing" "$other" "$(ssh web2 cat $boot_id)"

check_exit 255 "all processes of a node can be killed" ssh web1 kill -KILL -1
check_exit 255 "then nobody lets in" ssh web1 true
check "but the node is there, and can start its sshd" \
	on_node web1 /usr/sbin/sshd
fleet_wait web1
check "which lets in again" ssh web1 true
check "the other node was not meant" ssh web2 true
check "a restart of sshd leaves who is in" ssh web1 service ssh restart
fleet_wait web1
check "and lets in the next" ssh web1 true

# --- what they can be asked for ----------------------------------------------
fleet_up -s 2m -k rsa -c 'Ciphers aes256-gcm@openssh.com' small
check_exit 1 "a disk can be full" ssh small 'head -c 4m /dev/zero > /filler'
check_like "and says so" 'No space left' "$ERR"
check "that of others is not" ssh web1 'head -c 4m /dev/zero > /filler'
check_exit 255 "a node can be choosy" ssh -c aes128-ctr small true
check_like "it names what it takes" 'Their offer: aes256-gcm@openssh.com' "$ERR"
check_like "a host key can be of RSA" '^ssh-rsa ' "$FLEET/small/host_key.pub"

fleet_up -u ada other
check_same "who is let in need not be root" ada "$(ssh other id -un)"
check_same "and becomes it by sudo" root "$(ssh other sudo -n id -un)"
check_exit 255 "which is not let in then" ssh -l root other true

clock=$(find /usr/lib -name libfaketime.so.1)
fleet_up -c "SetEnv LD_PRELOAD=$clock FAKETIME=-400d" late
check_same "a clock can be wrong" "$(date -d '400 days ago' +%G)" \
	"$(ssh late date +%G)"

# KEEP_ROOT of the node that is asked for by ADDRESS.
root_at() {
	# shellcheck disable=SC2016 # for the node's shell
	ssh -o HostKeyAlias="$(cut -d ' ' -f 1 "$FLEET/both/at")" "$1" \
		'echo $KEEP_ROOT'
}
fleet_up -c 'ListenAddress 127.2.0.1
ListenAddress 127.2.0.2
Match LocalAddress 127.2.0.1
SetEnv KEEP_ROOT=/var/lib/one
Match LocalAddress 127.2.0.2
SetEnv KEEP_ROOT=/var/lib/two' both
check_same "a node can stand for several" "/var/lib/one /var/lib/two" \
	"$(root_at 127.2.0.1) $(root_at 127.2.0.2)"

# --- networks of their own ---------------------------------------------------
fleet_up -n mail1 mail2
read -r address _ < "$FLEET/mail1/at"
check "a node can have an address of its own" ssh mail1 ip -o addr show eth0
check_like "it is the one that ssh uses" "inet $address/16"
check "others reach it there" on_node mail2 \
	bash -c "read -r banner < /dev/tcp/$address/22; echo \"\$banner\""
check_like "and hear its daemon" '^SSH-2.0-OpenSSH'
check "it runs daemons of the image" on_node mail1 nginx
check "which answer there" perl -MIO::Socket::INET -e '
	$web = IO::Socket::INET->new("$ARGV[0]:80") or die $@;
	print $web "HEAD / HTTP/1.0\r\n\r\n";
	print <$web>' "$address"
check_like "as from another machine" '^HTTP/1.1 200 OK'
check_exit 255 "and nowhere else" bash -c '
	exec 3<> /dev/tcp/127.0.0.1/80 || exit 255'
mkfifo words heard
ssh mail1 'echo ready; read -r word; echo "$word"' < words > heard &
session=$!
exec {to}> words {from}< heard
read -r _ <&"$from"
fleet_cut mail1
# forgotten, as in time, a neighbour is asked for during 3 s
ip neigh flush dev fleet0
check_exit 255 "a node that was cut off is not reached" \
	ssh -o ConnectTimeout=4 mail1 true
check_like "its silence is told" 'timed out|No route to host' "$ERR"
check "others are reached" ssh mail2 true
check "it lives on" on_node mail1 pidof sshd
echo hello >&"$to"
fleet_join mail1
check "its link comes back" ssh mail1 true
exec {to}>&-
check "who was connected, is" wait "$session"
check_same "and nothing of it is lost" hello "$(cat <&"$from")"

# --- far away ----------------------------------------------------------------
# talk TRIPS: a server that speaks first, and a client that asks it, through
# the proxy: the banner is the second round trip, that of TCP the first.
talk() {
	mkdir "$FLEET/peer"
	echo 127.0.0.1 7 > "$FLEET/peer/at"
	echo none none > "$FLEET/peer/host_key.pub"
	fleet_proxy peer 10
	python3 - "$1" << 'END'
import socket, sys, threading
server = socket.create_server(("127.0.0.1", 7))
def serve():
    peer, _ = server.accept()
    peer.sendall(b"banner")
    while data := peer.recv(100):
        peer.sendall(data)
threading.Thread(target=serve, daemon=True).start()
client = socket.create_connection(("127.200.0.1", 2222))
client.recv(100)
for i in range(int(sys.argv[1]) - 2):
    client.sendall(b"echo")
    client.recv(100)
END
	fleet_trips peer
}
check_same "the proxy counts round trips, and bytes" "7 20 26" "$(talk 7)"

# far MS [CUT]: how ssh fares when web1 is that far away.
far() {
	fleet_proxy web1 "$@"
	ssh web1.far true
}
check "a node can be far away" far 20
read -r trips _ <<< "$(fleet_trips web1)"
check "ssh needs some ten round trips to it" \
	awk "BEGIN { exit !($trips >= 8 && $trips <= 12) }"
check "twice as far, it" far 40
check_like "needs as many" "^$trips " <(fleet_trips web1)
check_exit 255 "a wire can break in the middle" far 1 2000
check_exit 0 "and be mended" far 1

# --- how a fleet ends --------------------------------------------------------
# Scripts of their own, in a copy of t, which other users can read, too.
mkdir -p "$SCRATCH/user" "$SCRATCH/copy/t" && chmod 755 "$SCRATCH"
cp -r "$TOP/t/"{lib*.sh,image*,fleet} "$SCRATCH/copy/t/"
cp -r "$TOP/contrib" "$SCRATCH/copy/"
export TMPDIR=$SCRATCH/tmp/inner
mkdir -m 1777 "$TMPDIR"

# script NAME [one]: t/NAME, which starts a node and runs what it reads.
script() {
	cat > "$SCRATCH/copy/t/$1" << END
#!/bin/bash
. "\${0%/*}/lib.sh"
. "\$TOP/t/lib-fleet.sh"
need_fleet ${2-}
fleet_up web1
$(cat)
END
	chmod 755 "$SCRATCH/copy/t/$1"
}
script whole.sh << 'END'
ssh web1 true && pass "it is up"
[ -z "${STAY-}" ] || { sleep infinity & wait; }
END
script weak.sh one << 'END'
# shellcheck disable=SC2016 # for the node's shell
check "a shell" ssh -F "$HOME/.ssh/config" web1 'echo > "$KEEP_ROOT/mark"'
check "has its own root" test -e "$FLEET/web1/keep/mark"
check "as has what runs beside" on_node web1 sh -c 'test -e "$KEEP_ROOT/mark"'
END
copy=$SCRATCH/copy/t

check "a script with a fleet runs" "$copy/whole.sh"
check_like "as any other" '^1\.\.1$'
check "one that is ended by force ends" \
	env STAY=1 timeout 60 "$TOP/t/signalled" out TERM "$copy/whole.sh"
check_like "as it was told to" '^exit 143$'
check_same "nothing of both is left" '' "$(ls "$TMPDIR")"
printf '#!/bin/sh\nexit 1\n' > "$SCRATCH/work/unshare"
chmod +x unshare
check_exit 1 "root without a fleet fails" \
	env "PATH=$SCRATCH/work:$PATH" "$copy/whole.sh"

check "who is not root skips" as_user env CI= "TMPDIR=$TMPDIR" "$copy/whole.sh"
check_like "and says why" 'SKIP a fleet needs root, or KEEP_TEST_FLEET=weak$'
check_exit 1 "but not in CI" \
	as_user env CI=true "TMPDIR=$TMPDIR" "$copy/whole.sh"

# weak SCRIPT: as somebody who has an account, and a weak fleet.
weak() {
	# shellcheck disable=SC2016 # for the inner shell
	in_image sh -c 'echo "ada:x:65533:65533::/home/ada:/bin/sh" >> /etc/passwd
		exec setpriv --reuid=65533 --regid=65533 --clear-groups \
			env KEEP_TEST_FLEET=weak "$1"' sh "$1"
}
check "a weak fleet needs no root" weak "$copy/weak.sh"
check_like "one node is enough for some scripts" '^1\.\.3$'
check_like "which is said" '^# weak fleet: one unprivileged sshd' "$ERR"
check "others skip" weak "$copy/whole.sh"
check_like "and say why, too" 'SKIP a weak fleet has one node$'
