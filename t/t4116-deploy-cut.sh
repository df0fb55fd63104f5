#!/bin/bash
# tags: slow sweep
# keep deploy over wires that break at any moment, once or again.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
. "$TOP/t/lib-faults.sh"
faults_begin c1 c2 c3 c4 c5 c6 c7 c8

change() {
	say "change$1"
}
FAULTS_K=3
cut_sweep "a change comes through, wherever the wire breaks" changed change mend

FAULTS_K=7
say still
keep -q deploy all --yes
cut_sweep "no change is told" unchanged true mend
asked() {
	say "asked$1"
	rm -r .keep/nodes
}
cut_sweep "a node that is asked what it has gets a change" changed asked mend
large() {
	head -c 400000 /dev/urandom | base64 > files/large
	keep -q node set c1 'files."/etc/large"={"source": "large"}'
	say "large$1"
}
cut_sweep "a large one is sent again" changed large mend
keep -q node unset c1 files
spoiled() {
	say "bad$1"
}
mended() {
	say "good$1"
	mend
}
cut_sweep "one that fails is taken back, and told" rolled_back spoiled mended
confirmed() {
	say "confirmed$1"
}
cut_sweep "one that waits for us is kept" changed confirmed mend --magic
by_ssh() {
	say "ssh$1"
}
cut_sweep "ssh does no worse" changed by_ssh mend --transport openssh

# --- twice -----------------------------------------------------------------------
# The wire breaks while recipes run, and again at every moment of what is said
# when they are joined again.
gated() {
	say "follow$1"
	gates "${FAULT_NODES[@]}"
}
join_once() {
	local name status=0
	keep --format=json deploy all --yes > "$OUT" 2> "$ERR" &
	at_gates "${FAULT_NODES[@]}"
	for name in "${FAULT_NODES[@]}"; do
		next_moment "$name"
		cutter cut "$name" 0 $AT
	done
	cutter wait 3
	open_gates "${FAULT_NODES[@]}"
	wait $! || status=$?
	judge_cuts $status changed
}
sweep_moments "one that is joined again may be lost again" gated mend join_once

# --- somebody else's lock ----------------------------------------------------------
for name in "${FAULT_NODES[@]}"; do
	on_node "$name" sh -c 'read -r boot < /proc/sys/kernel/random/boot_id
		read -r line < /proc/1/stat
		set -- ${line##*) }
		echo "abcdefghij12 bob@desk 1 $boot 1 ${20}" > /var/lib/keep/lock'
done
cat "$FLEET"/c?/keep/lock > "$SCRATCH/locks"
say locked
stay() {
	cat "$FLEET"/c?/keep/lock | cmp "$SCRATCH/locks" ||
		bad "the lock of another is gone"
}
cut_sweep "a lock that somebody has stays his" locked true stay
rm "$FLEET"/c?/keep/lock
