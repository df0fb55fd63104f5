#!/bin/bash
# tags: slow sweep
# keep deploy that is killed at any moment of what it and nodes say.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
. "$TOP/t/lib-faults.sh"
FAULTS_K=4
faults_begin c1 c2 c3

change() {
	say "change$1"
}
kill_sweep "keep is killed, and the next deploy does what is left" change mend
asked() {
	say "asked$1"
	rm -r .keep/nodes
}
kill_sweep "also when it knew nothing of the nodes" asked mend
by_ssh() {
	say "ssh$1"
}
kill_sweep "also when ssh speaks for it" by_ssh mend --transport openssh
