#!/bin/bash
# tags: nosan sweep
# What verbs publish, whatever happens to who publishes.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"
PATH=$O/t/bin:$PATH
spool=$XDG_STATE_HOME/keep/spool
# found: how many events there are, of which sizes.
found() {
	keep --format=json try spool | jq -r "$1"
}

check_same "nothing was published yet" 0 "$(found length)"
check "a verb publishes" keep try publish deploy/acme/web1/done --size 100
check_same "and it is in the spool" 'deploy/acme/web1/done 100' \
	"$(found '.[] | "\(.topic) \(.size)"')"
check_same "with its time" 1 "$(found "[.[] | select(.at / 1000 > $(date +%s) - 100)] | length")"
check_same "which nobody else may read" 'drwx------ -rw-------' \
	"$(stat -c %A "$spool" "$spool"/*.spool | paste -sd ' ')"
check "a second process goes on with its file" keep try publish a/b --times 3
check_same "none is lost" '4 1' "$(found '"\(length) \([.[].file] | unique | length)"')"
check_exit 2 "what is too large is refused" keep try publish a/b --size 70000
check_exit 2 "an empty topic, too" keep try publish ''
check_same "nothing of it is there" 4 "$(found length)"
for i in 1 2 3 4 5 6; do
	keep try publish "at/once/$i" --times 200 --size 1000 &
	writers[i]=$!
done
for i in 1 2 3 4 5 6; do
	wait "${writers[i]}" || fail "writer $i ends well"
done
check_same "of six that write at once none loses" \
	"$(printf '200 at/once/%d\n' 1 2 3 4 5 6)" \
	"$(found '.[] | select(.size == 1000) | .topic' | sort | uniq -c | sed 's/^ *//')"

export XDG_STATE_HOME=state HOME=$PWD/home
check "a relative XDG_STATE_HOME does not count" keep try publish a/b
check_same "the spool is beneath HOME then" 1 "$(find home -name '*.spool' | wc -l)"
check "without a home nothing is published" env -u XDG_STATE_HOME -u HOME \
	keep try publish a/b
export XDG_STATE_HOME=$SCRATCH/swept spool=$SCRATCH/swept/keep/spool
mkdir "$XDG_STATE_HOME" && : > file && ln -s "$PWD/file" "$XDG_STATE_HOME/keep"
check_exit 4 "a spool that cannot be is told" keep try publish a/b
rm "$XDG_STATE_HOME/keep"

# Killed at every change of the disk, the last in the middle of a write.
keep try publish before/it --times 3 && cp -r "$XDG_STATE_HOME/keep" good
begun() {
	rm -rf "$XDG_STATE_HOME/keep" && cp -r good "$XDG_STATE_HOME/keep"
}
gone() {
	rm -rf "$XDG_STATE_HOME/keep"
}
# all_whole STATUS: what was there is, then those of the verb: all when it said
# so; and who comes next finds its place.
all_whole() {
	local n
	n=$(found '[.[] | select(.topic == "struck")] | length') || return 1
	[ "$(found '[.[] | select(.topic == "before/it")] | length')" = "$was" ] &&
		{ [ "$1" != 0 ] || [ "$n" = 5 ]; } && [ "$n" -le 5 ] &&
		keep try publish after/it &&
		[ "$(found 'length')" = $((was + n + 1)) ]
}
was=3
sweep kill "who is killed tears nothing but what it writes" \
	begun all_whole keep try publish struck --times 5 --size 9000
was=0
sweep kill "also where there was no spool" \
	gone all_whole keep try publish struck --times 5 --size 9000
export KEEP_FAULT_ERRNO=28 # ENOSPC
was=3
sweep kill "on a disk that is full nothing is torn either" \
	begun all_whole keep try publish struck --times 5 --size 9000
unset KEEP_FAULT_ERRNO
