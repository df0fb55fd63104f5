#!/bin/bash
# What runs on a node, without ssh: the script and the runner, in the shells
# that nodes have.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

motd=$NODE/etc/motd
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$motd" 'welcome' 'echo reload >> $KEEP_TEST/reloads'
add_file "$SCRATCH/a" "$NODE/etc/two words" 'blank' '' 600
add_file "$SCRATCH/a" "$NODE/etc/-\$(id)'\"" 'hostile'
add_script "$SCRATCH/a" web apply 'echo "apply $KEEP_NODE"
cp "$KEEP_DIR/secret/db" "$KEEP_TEST/db"'
add_script "$SCRATCH/a" web test '! [ -e "$KEEP_TEST/fail" ]'
add_script "$SCRATCH/a" web remove 'echo web >> "$KEEP_TEST/removed"'
echo 'hunter2' > "$SCRATCH/a/secret/db"
cp -a "$SCRATCH/a" "$SCRATCH/b"
cp -a "$SCRATCH/a" "$SCRATCH/c"
A=$(seal "$SCRATCH/a")

# B says another motd, and has lost a file
echo 'good bye' > "$SCRATCH/b/files$motd"
rm "$SCRATCH/b/files$NODE/etc/two words"
sed -i '/two words/d' "$SCRATCH/b/files.list"
B=$(seal "$SCRATCH/b")
# C has another service in place of web
rm -r "$SCRATCH/c/recipes/web"
: > "$SCRATCH/c/recipes/list"
add_script "$SCRATCH/c" dns apply 'exit 3'
add_script "$SCRATCH/c" dns remove 'echo dns >> "$KEEP_TEST/removed"'
C=$(seal "$SCRATCH/c")

export KEEP_TEST=$SCRATCH/seen
marks() {
	grep '^K1 ' "$OUT"
}
fresh() {
	rm -rf "${NODE:?}/root" "${NODE:?}/etc" "$KEEP_TEST"
	mkdir -p "$NODE/etc" "$KEEP_TEST"
}

try_shell() {
	local at=$1
	fresh
	check "$at: a node that had nothing takes a generation" \
		push "$A" none d1
	check_same "$at: it says so" "K1 ok $A" "$(marks)"
	check_like "$at: what recipes print is told" '^K1\| apply web1$'
	check_same "$at: a file has its text" 'welcome' "$(cat "$motd")"
	check_same "$at: a path may hold blanks, and its mode is kept" 600 \
		"$(stat -c %a "$NODE/etc/two words")"
	check_same "$at: a path is no command" 'hostile' \
		"$(cat "$NODE/etc/-\$(id)'\"")"
	check_same "$at: a secret reaches its recipe" 'hunter2' \
		"$(cat "$KEEP_TEST/db")"
	check_same "$at: secrets are closed to others" 700 \
		"$(stat -c %a "$NODE/root")"
	check "$at: current is complete" whole "$NODE/root"

	check "$at: the same again is no work" on_node "$A" "$A" d2
	check_same "$at: and is said to be the same" "K1 same $A" "$(marks)"
	check_same "$at: its commands did not run again" 'reload' \
		"$(cat "$KEEP_TEST/reloads")"

	check_exit 3 "$at: whoever knows of another base is told" \
		push "$B" "$B" d3
	check_like "$at: with its id, commit, deployer" \
		"^K1 need $A c0ffee1 ada@desk [0-9]+$"
	check_same "$at: and with its manifest" "$A" "$(sed '1,/^K1/d' "$OUT" |
		sha256sum | cut -d' ' -f1)"

	check "$at: a difference is enough" push "$B" "$A" d4
	check_same "$at: the file is another" 'good bye' "$(cat "$motd")"
	check_exit 1 "$at: a file that is no longer ours goes" \
		test -e "$NODE/etc/two words"
	check_same "$at: a command of two files runs once" 2 \
		"$(wc -l < "$KEEP_TEST/reloads")"

	check_exit 6 "$at: a recipe that fails is taken back" push "$C" "$B" d5
	check_same "$at: its status is told" "K1 fail 3 back" "$(marks)"
	check_same "$at: the node has what it had" "gen/$B" \
		"$(readlink "$NODE/root/current")"
	check_same "$at: and tells what failed" "$B 3" \
		"$(cut -d' ' -f1,2 "$NODE/root/applied")"
	check_same "$at: what failed is removed, and what left came back" \
		$'web\ndns' "$(cat "$KEEP_TEST/removed")"
	check "$at: how a deploy ended can be asked" \
		on_node "$B" none d4 result
	check_same "$at: and is answered" "K1 ok $B" "$(marks)"
	check_exit 6 "$at: of one that was taken back, too" \
		on_node "$C" none d5 result
	check_same "$at: with its status" "K1 fail 3 back" "$(marks)"
	check_exit 3 "$at: which is none of what it went back to" \
		on_node "$B" none d5 result
	check_like "$at: that is begun with" "^K1 need $B"
	check_exit 3 "$at: who asks for no more begins nothing" \
		on_node "$A" "$B" d7 result,await
	check_same "$at: of a deploy that never began" "K1 need none" \
		"$(marks)"

	echo 'mended by hand' > "$motd"
	rm "$NODE/root/applied"
	check "$at: what is not known to be applied is applied again" \
		push "$B" "$B" d6
	check_same "$at: which mends what was changed by hand" 'good bye' \
		"$(cat "$motd")"
}

mkdir "$SCRATCH/bin.busybox" "$SCRATCH/bin.dash" "$SCRATCH/bin.bash"
busybox --install -s "$SCRATCH/bin.busybox"
ln -s "$(command -v dash)" "$SCRATCH/bin.dash/sh"
ln -s "$(command -v bash)" "$SCRATCH/bin.bash/sh"
path=$PATH
for at in dash busybox bash; do
	PATH=$SCRATCH/bin.$at:$path
	try_shell $at
done
PATH=$path

check_same "the script is one argument of less than 4096 bytes" short \
	"$([ ${#NODE_SCRIPT} -lt 4096 ] && echo short)"
check_exit 1 "and needs no quoting" grep -q "'" <<< "$NODE_SCRIPT"

# --- what is sent ------------------------------------------------------------
fresh
cut_off() {
	difference "$A" none | head -c "$1" | on_node "$A" none cut
}
size=$(difference "$A" none | wc -c)
for part in 0 1 3 5 7; do
	check_exit 7 "what ends after $part/8 is refused" \
		cut_off $((size * part / 8))
done
check_exit 1 "and changes nothing" test -e "$NODE/root/current"
check_same "and leaves nothing" '' "$(ls -A "$NODE/root/gen")"

foreign() {
	difference "$B" none | on_node "$A" none foreign
}
check_exit 7 "what is not the wanted generation is refused" foreign
begin "$SCRATCH/more"
M=$(seal "$SCRATCH/more")
touch "$GENS/$M/stray"
stray() {
	tar -czf - -C "$GENS/$M" . | on_node "$M" none stray
}
check_exit 7 "so is what has more than its manifest" stray
rm "$GENS/$M/stray"
ln -s /etc/passwd "$GENS/$M/secret/link"
check_exit 7 "and a link in it" stray

waits() {
	exec 5<> "$SCRATCH/pipe"
	{
		IFS= read -r line <&5 # the one that ends what others said
		IFS= read -r line <&5
		echo "$line" > "$SCRATCH/first"
		difference "$A" none
	} | on_node "$A" none w1 wait >&5
}
mkfifo "$SCRATCH/pipe"
check "a client may wait until it is asked to send" waits
check_same "which it is" 'K1 send' "$(cat "$SCRATCH/first")"

echo 'changed' > "$NODE/root/gen/$A/config.json"
check_exit 3 "what was changed on the node is no base" push "$B" "$A" d7
check_like "all of it is wanted" '^K1 need none$'
check "and then taken" push "$B" none d8 any

# --- locks -------------------------------------------------------------------
start_of() {
	sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20
}
boot=$(cat /proc/sys/kernel/random/boot_id)
echo "other bob@desk 1 $boot $$ $(start_of $$)" > "$NODE/root/lock"
cp "$NODE/root/lock" "$SCRATCH/lock"
check_exit 4 "a runner that lives keeps others out" push "$A" "$B" l1
check_like "it is named" '^K1 locked other bob@desk 1 '
check_same_files "its lock stays" "$SCRATCH/lock" "$NODE/root/lock"
setsid sleep 100 &
echo "other bob@desk 1 $boot $! $(start_of $!)" > "$NODE/root/lock"
check "it can be broken" push "$A" "$B" l2 break
check_exit 1 "which ends the runner" kill -0 $!
check_exit 1 "the lock is gone at the end" test -e "$NODE/root/lock"
echo "other bob@desk 1 another-boot $$ $(start_of $$)" > "$NODE/root/lock"
check "a lock of another boot holds nobody" push "$B" "$A" l3
echo "other bob@desk 1 $boot $$ 1" > "$NODE/root/lock"
check "nor does that of a process that is gone" push "$A" "$B" l4
: > "$NODE/root/lock"
check "nor an empty one" push "$B" "$A" l5

# --- a client that goes away -------------------------------------------------
begin "$SCRATCH/slow"
mkfifo "$SCRATCH/go" "$SCRATCH/going"
add_script "$SCRATCH/slow" slow apply \
	"echo begins; echo > $SCRATCH/going; cat $SCRATCH/go"
S=$(seal "$SCRATCH/slow")
difference "$S" "$B" > "$SCRATCH/slow.tgz"
on_node "$S" "$B" s1 < "$SCRATCH/slow.tgz" > /dev/null 2>&1 &
client=$!
cat "$SCRATCH/going" > /dev/null
kill -9 $client
check_exit 4 "a deploy whose client is gone goes on" push "$A" "$B" s2 any
mkfifo "$SCRATCH/says"
on_node "$S" "$B" s1 > "$SCRATCH/says" < /dev/null &
client=$!
exec 7< "$SCRATCH/says"
read -r _ <&7 && read -r first <&7
echo ends > "$SCRATCH/go"
{ echo "$first"; cat <&7; } > "$SCRATCH/answers"
wait $client
check_like "its client can read on" '^K1\| ends$' "$SCRATCH/answers"
check_same "up to its end" "$(printf 'K1 running\nK1 ok %s' "$S")" \
	"$(grep '^K1 ' "$SCRATCH/answers")"

# --- what goes wrong later ---------------------------------------------------
fresh
push "$B" none t2 > "$OUT"
check_exit 6 "a recipe that hangs ends at its timeout, and is taken back" \
	push "$S" "$B" t3 timeout=1
check_same "with the status of one" "K1 fail 124 back" "$(grep '^K1 ' "$OUT")"
check_exit 6 "who does not confirm gets the old generation back" \
	push "$A" "$B" m1 magic=1
check_same "since it waited in vain" "$(printf 'K1 confirm\nK1 fail 75 back')" \
	"$(marks)"
confirms() {
	push "$A" "$B" m2 magic=60 | {
		until [ "$line" = 'K1 confirm' ]; do
			IFS= read -r line || return
		done
		on_node "$A" none m2 confirm < /dev/null
		cat
	}
}
line=
check "who confirms keeps the new one" confirms
check_same "and both are told" "$(printf 'K1 ok %s\nK1 ok %s' "$A" "$A")" \
	"$(marks)"
check_exit 5 "who confirms too late is told" on_node "$A" none m2 confirm

# --- old generations ---------------------------------------------------------
has=$A
for i in 1 2 3 4 5 6; do
	begin "$SCRATCH/g"
	echo $i > "$SCRATCH/g/secret/number"
	before=$has has=$(seal "$SCRATCH/g")
	push "$has" "$before" "g$i" > "$OUT" 2>&1 || fail "generation $i"
	sleep 0.01
done
check_same "five generations are kept" 5 \
	"$(find "$NODE/root/gen" -mindepth 1 -type d -name '[0-9a-f]*' -prune |
		wc -l)"
push "$A" "$has" "g7" "drop=$before" > "$OUT"
check_exit 1 "one whose secret was rotated goes at once" \
	test -e "$NODE/root/gen/$before"

# --- another who runs it -----------------------------------------------------
begin "$SCRATCH/plain"
P=$(seal "$SCRATCH/plain")
difference "$P" none > "$SCRATCH/plain.tgz"
chmod 755 "$SCRATCH"
as_anyone() {
	as_user sh -c 'KEEP_ROOT=$HOME/root; export KEEP_ROOT
		exec sh -c "$@"' sh "$NODE_SCRIPT" keep "$P" none u1 ada@desk \
		c0ffee1 '' < "$SCRATCH/plain.tgz"
}
check "an ordinary user may have a root of his own" as_anyone

if [ "$(id -u)" = 0 ]; then
	in_space() {
		unshare -m --propagation unchanged bash -euc '
			mount --make-rprivate / 2> /dev/null || :
			. "$TOP/t/lib-node.sh"
			'"$1"
	}
	export TOP SCRATCH B P
	vetoed() {
		in_space 'mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w
			mount -t overlay none /etc \
				-o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w
			mkdir -p /etc/keep
			echo "frozen until monday" > /etc/keep/no-deploy
			push "$B" none v1'
	}
	check_exit 8 "a node that says so is left alone" vetoed
	check_like "its reason is told" '^K1 veto frozen until monday'

	begin "$SCRATCH/big"
	head -c 300000 /dev/urandom > "$SCRATCH/big/secret/big"
	BIG=$(seal "$SCRATCH/big")
	export BIG
	full() {
		in_space 'mount -t tmpfs -o size=200k none "$NODE/root"
			push "$P" none f1
			status=0
			push "$BIG" "$P" f2 || status=$?
			whole "$NODE/root"
			[ "$(readlink "$NODE/root/current")" = "gen/$P" ]
			[ ! -e "$NODE/root/lock" ]
			exit $status'
	}
	check_exit 7 "a full disk is told, and changes nothing" full
	check_like "as what it is" '^K1 space$'
fi
