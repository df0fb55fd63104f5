#!/bin/bash
# tags: slow nosan sweep
# The script on a node and its runner, killed before each change of the disk:
# what is there is whole, and the next deploy needs no help.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

motd=$NODE/etc/motd
# two DIR: two files of one directory
two() {
	add_file "$1" "$motd" "$2" "echo reload > $NODE/etc/reloaded"
	add_file "$1" "$NODE/etc/$3" "$3"
}
begin "$SCRATCH/a"
two "$SCRATCH/a" 'welcome' old
cp -a "$SCRATCH/a" "$SCRATCH/c"
add_script "$SCRATCH/a" web apply 'echo web'
add_script "$SCRATCH/a" web remove "touch $NODE/etc/removed"
A=$(seal "$SCRATCH/a")
begin "$SCRATCH/b"
two "$SCRATCH/b" 'good bye' new
add_script "$SCRATCH/b" dns apply "echo dns > $NODE/etc/dns"
B=$(seal "$SCRATCH/b")
# C and D are without services and commands: one process does it all
begin "$SCRATCH/c"
add_file "$SCRATCH/c" "$motd" 'welcome'
add_file "$SCRATCH/c" "$NODE/etc/old" 'old'
C=$(seal "$SCRATCH/c")
begin "$SCRATCH/d"
add_file "$SCRATCH/d" "$motd" 'good bye'
add_file "$SCRATCH/d" "$NODE/etc/new" 'new'
D=$(seal "$SCRATCH/d")

# Of six, one goes.
six=()
for number in 1 2 3 4 5; do
	begin "$SCRATCH/g"
	echo "$number" > "$SCRATCH/g/secret/number"
	six+=("$(seal "$SCRATCH/g")")
done

# before ID...: the node has them, the last one now; or nothing.
before() {
	local has=none id
	for id in "${@/#none/}"; do
		[ -z "$id" ] || push "$id" "$has" first > "$OUT" 2>&1 ||
			fail "the first generation" "$(cat "$OUT")"
		has=$id
	done
	rm -rf "$NODE/etc/reloaded" "$SCRATCH/before"
	cp -a "$NODE" "$SCRATCH/before"
}
as_before() {
	rm -rf "${NODE:?}" && cp -a "$SCRATCH/before" "$NODE"
}
# killed_at N: of each process, its N-th change; 0: none. All are gone then.
killed_at() {
	as_before
	difference "$to" "$from" > "$SCRATCH/to.tgz"
	(
		export KEEP_FAULT_AT=$1 LD_PRELOAD=$O/t/fault/kill.so
		on_node "$to" "$from" "at$1" < "$SCRATCH/to.tgz"
	) > "$OUT" 2>&1
}
# is_there: all is as if nobody had been killed; a lock of somebody dead may
# stay.
is_there() {
	rm -f "$NODE/root/lock"
	whole "$NODE/root" && [ "$(cat "$motd")" = 'good bye' ] &&
		[ "$(cut -d' ' -f1,2 "$NODE/root/applied")" = "$to 0" ] &&
		[ "$(readlink "$NODE/root/current")" = "gen/$to" ] &&
		[ "$(cd "$NODE/etc" && echo *)" = "$files" ] &&
		[ "$(cd "$NODE/root" && echo * work/put/*)" = \
			"applied current gen installed journal lock.take work work/put/*" ]
}
# mended N: what is there after it was killed there is whole, and the next
# deploy does all.
mended() {
	local has
	if [ -e "$NODE/root/current" ]; then
		has=$(readlink "$NODE/root/current")
		has=${has#gen/}
		whole "$NODE/root" > "$ERR" 2>&1 && [ "$has" = "$from" ] ||
			[ "$has" = "$to" ] || return
	else
		[ "$from" = none ] || return
		has=none
	fi
	push "$to" "$has" "after$1" > "$OUT" 2>&1 && is_there && is_tidy
}
# is_tidy: what was on its way is gone, at the latest with the next generation.
is_tidy() {
	if [ "$many" ]; then
		push "$A" "$to" tidy > "$OUT" 2>&1 &&
			[ "$(cd "$NODE/root/gen" && echo .[!.]*)" = .spare ] &&
			[ -z "$(find "$NODE/root/gen/.spare" -name number)" ]
	else
		[ "$(cd "$NODE/root/gen" && echo .[!.]*)" = '.[!.]*' ]
	fi
}

# sweeps TITLE FROM TO FILES [BEFORE...]: killed at every point, until nobody is.
sweeps() {
	local title=$1 from=$2 to=$3 files=$4 many=${5-} at bad=() killed=0
	before "${@:5}" "$from"
	check "$title: nobody is killed" killed_at 0
	check "and the node has the new generation" is_there
	for ((at = 1; at < 1000; at += ${SWEEP_K:-1})); do
		{ killed_at "$at"; } 2> /dev/null && break
		killed=$((killed + 1))
		mended "$at" || bad+=("$at")
	done
	check_same "$title: killed at any of $at points it is made whole by the next" \
		'' "${bad[*]}"
	check "and there were some" test "$killed" -ge "$((20 / ${SWEEP_K:-1}))"
}
sweeps "services" "$A" "$B" "dns motd new reloaded removed"
rm -rf "${NODE:?}" && mkdir -p "$NODE/etc"
sweeps "files" "$C" "$D" "motd new"
rm -rf "${NODE:?}" && mkdir -p "$NODE/etc"
sweeps "the first one" none "$D" "motd new"
rm -rf "${NODE:?}" && mkdir -p "$NODE/etc"
sweeps "one that goes" "$C" "$D" "motd new" "${six[@]}"
