#!/bin/bash
# tags: nosan sweep
# Changes of a node that are interrupted, that find no memory or another writer.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"
keep init fresh --no-commit --domain example.org > /dev/null &&
	keep -C fresh node add web1 ip_address=10.0.0.1 > /dev/null || exit
cp -r fresh changed
keep -C changed node set web1 ssh.port=2222 > /dev/null || exit
cp -r fresh moved
mkdir -p fresh/facts moved/facts
echo '{}' | tee fresh/facts/web1.json > moved/facts/web1.json
keep -C moved node mv web1 web2 > /dev/null || exit

begin() {
	rm -rf now && cp -r fresh now
}
# What is there is one of the two, whole.
old_or_new() {
	[ "$1" -lt 128 ] || [ "$1" = 137 ] || return
	cmp -s now/nodes/web1.json fresh/nodes/web1.json ||
		cmp -s now/nodes/web1.json changed/nodes/web1.json
}
sweep kill "a change that is killed leaves the old file or the new" \
	begin old_or_new keep -C now node set web1 ssh.port=2222
sweep oom "so does one that finds no memory" \
	begin old_or_new keep -C now node set web1 ssh.port=2222

# One name or the other; again, and it is done.
can_go_on() {
	[ "$1" -lt 128 ] || [ "$1" = 137 ] || return
	[ -e now/nodes/web2.json ] || keep -C now node mv web1 web2 > "$OUT" ||
		return
	diff -r now/nodes moved/nodes > "$OUT" &&
		diff -r now/facts moved/facts > "$OUT"
}
sweep kill "a node that was to get another name gets it when asked again" \
	begin can_go_on keep -C now node mv web1 web2

begin
for verb in 'set web1 x=1' 'unset web1 ip_address' 'add web2' 'rm web1' \
	'mv web1 web2' 'disable web1'; do
	# shellcheck disable=SC2086 # words
	check_exit 8 "node $verb waits for another writer, not for ever" \
		flock now keep -C now --lock-timeout 10ms node $verb
done
check "readers wait for nobody" flock now keep -C now node list
check_same_files "and nothing was changed" fresh/nodes now/nodes
