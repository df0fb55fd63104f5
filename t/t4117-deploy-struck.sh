#!/bin/bash
# tags: slow sweep
# keep deploy that is killed at any moment of what it and nodes say.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
. "$TOP/t/lib-faults.sh"
FAULTS_K=6
faults_begin c1 c2 c3

change() {
	say "change$1"
}
kill_sweep "keep is killed, and the next deploy does what is left" \
	KILL change mend
asked() {
	say "asked$1"
	rm -r .keep/nodes
}
kill_sweep "also when it knew nothing of the nodes" KILL asked mend
by_ssh() {
	say "ssh$1"
}
kill_sweep "also when ssh speaks for it" KILL by_ssh mend --transport openssh

onward() {
	say "onward$1"
}
# It goes on with the last deploy, when that left something.
resumed() {
	local status=0
	keep --format=json deploy --yes --resume \
		"$(find .keep/deploys -type f -printf '%T@ %f\n' | sort -n |
			tail -n 1 | cut -d ' ' -f 2)" > "$OUT" 2> "$ERR" || status=$?
	[ $status = 0 ] || { [ $status = 4 ] &&
		grep -q 'no unfinished node' "$ERR"; } ||
		bad "moment $AT: going on exits with $status: $(cat "$ERR")"
	mend
}
kill_sweep "it can be gone on with" KILL onward resumed
break_off() {
	say "break$1"
}
cancelled() {
	local name
	for name in "${FAULT_NODES[@]}"; do
		[ ! -e "$(root_of "$name")/lock" ] ||
			bad "$name, moment ${MOMENT[$name]}: it is at work still"
	done
	resumed
}
kill_sweep "Ctrl-C leaves none at work" INT break_off cancelled
