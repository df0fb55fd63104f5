#!/bin/bash
# tags: slow nosan sweep
# Whatever kills who records a deploy: the repository is whole, the history is
# the old one or the new, and the next deploy goes on.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"
keep init good > init.out && cd good || exit 1
"$O/t/unit/past" first web1=changed > ../first
cd .. || exit 1
ref=refs/keep/history/$(id -un | tr -c 'A-Za-z0-9_\n' -)
was=$(git -C good rev-parse "$ref")
begun() {
	cd "$SCRATCH/work" && rm -rf one && cp -r good one &&
		cd one || exit 1
}
# A lock that a killed git leaves is removed by hand, as git says, too.
whole() {
	went_on "$1" > /dev/null 2>&1
}
went_on() {
	local now
	git fsck --strict || return 1
	rm -f ".git/$ref.lock" .git/config.lock
	now=$(git rev-parse "$ref") && [ "$(git status --porcelain)" = '' ] &&
		{ [ "$now" = "$was" ] || [ "$(git rev-parse "$ref^")" = "$was" ]; } &&
		{ [ "$1" != 0 ] || [ "$now" != "$was" ]; } &&
		"$O/t/unit/past" next web1=changed &&
		[ "$(git rev-parse "$ref^")" = "$now" ] &&
		[ "$(keep history | wc -l)" = "$(git rev-list --count "$ref")" ]
}
sweep kill "who is killed leaves the history as it was, or has added to it" \
	begun whole "$O/t/unit/past" second web1=changed
export KEEP_FAULT_ERRNO=28 # ENOSPC
sweep kill "so does who finds the disk full" \
	begun whole "$O/t/unit/past" second web1=changed
unset KEEP_FAULT_ERRNO
