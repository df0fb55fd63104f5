#!/bin/bash
# tags: slow
# The script on a node and its runner, killed before each change of the disk:
# what is there is whole, and the next deploy needs no help.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

motd=$NODE/etc/motd
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$motd" 'welcome' "echo reload > $NODE/etc/reloaded"
add_file "$SCRATCH/a" "$NODE/etc/old" 'old'
add_script "$SCRATCH/a" web apply 'echo web'
add_script "$SCRATCH/a" web remove "touch $NODE/etc/removed"
cp -a "$SCRATCH/a" "$SCRATCH/b"
A=$(seal "$SCRATCH/a")
begin "$SCRATCH/b2"
rm -r "$SCRATCH/b"
add_file "$SCRATCH/b2" "$motd" 'good bye' "echo reload > $NODE/etc/reloaded"
add_script "$SCRATCH/b2" dns apply "echo dns > $NODE/etc/dns"
B=$(seal "$SCRATCH/b2")
push "$A" none first > "$OUT" || fail "the first generation" "$(cat "$OUT")"
rm -f "$NODE/etc/reloaded"
cp -a "$NODE" "$SCRATCH/before"

mkdir "$SCRATCH/bin"
for name in tar mv ln rm cp mkdir rmdir sync install cat cut touch; do
	printf '%s\n' '#!/bin/sh' \
		"n=\$((\$(/bin/cat $SCRATCH/count) + 1))" \
		"echo \$n > $SCRATCH/count" \
		'[ $n != "$KILL_AT" ] || kill -9 0' \
		"exec $(command -v $name) \"\$@\"" > "$SCRATCH/bin/$name"
done
chmod +x "$SCRATCH/bin/"*

# as_before: the node has A.
as_before() {
	rm -rf "${NODE:?}" && cp -a "$SCRATCH/before" "$NODE"
	echo 0 > "$SCRATCH/count"
}
killed_at() {
	difference "$B" "$A" > "$SCRATCH/b.tgz"
	(
		export KILL_AT=$1 PATH=$SCRATCH/bin:$PATH
		export -f on_node
		export NODE_SCRIPT NODE
		setsid -w bash -c 'on_node "$@"' bash "$B" "$A" "at$1" \
			< "$SCRATCH/b.tgz"
	) > "$OUT" 2>&1
}
# is_b: all is as if nobody had been killed; a lock of somebody dead may stay.
is_b() {
	rm -f "$NODE/root/lock"
	whole "$NODE/root" && [ "$(cat "$motd")" = 'good bye' ] &&
		[ "$(cut -d' ' -f1,2 "$NODE/root/applied")" = "$B 0" ] &&
		[ "$(readlink "$NODE/root/current")" = "gen/$B" ] &&
		[ "$(cd "$NODE/etc" && echo *)" = "dns motd reloaded removed" ] &&
		[ "$(cd "$NODE/root" && echo * gen/.[!.]*)" = \
			"applied current gen installed journal lock.take work gen/.[!.]*" ]
}

as_before
check "nobody is killed" killed_at 0
check "and the node has the new generation" is_b
points=$(cat "$SCRATCH/count")
for ((at = 1; at <= points; at += ${SWEEP_K:-1})); do
	as_before
	killed_at "$at"
	whole "$NODE/root" > "$ERR" 2>&1 || {
		fail "killed at $at: current is whole" "$(cat "$ERR")"
		continue
	}
	has=$(readlink "$NODE/root/current")
	push "$B" "${has#gen/}" "after$at" > "$OUT" 2>&1 && is_b ||
		fail "killed at $at: the next deploy does all" "$(cat "$OUT"; ls -A "$NODE"/*)"
done
pass "a node killed at any of $points points is made whole by the next deploy"
