#!/bin/bash
# keep doctor in an instance on a disk that is full, or read-only.
. "${0%/*}/lib.sh"

mkdir disk mine
[ "$(id -u)" = 0 ] || user=-r
# on_disk OPTIONS SCRIPT: in an instance on a file system of its own.
on_disk() {
	# shellcheck disable=SC2086 # none, or one option
	unshare -m ${user-} sh -c 'mount -t tmpfs -o "$1" tmpfs disk &&
		keep init disk/acme > /dev/null && eval "$2"' sh "$@"
}
on_disk size=8m true || skip_all "there are no namespaces for a disk"

check "a disk with room is no fault" on_disk size=8m 'keep -C disk/acme doctor'
check_exit 1 "a full disk is told" on_disk size=8m \
	'head -c 16m /dev/zero > disk/fill; keep -C disk/acme doctor'
check_like "by its check" '^room: the disk is full: 0 KiB are left'
check_like "with what shows where the room went" '^  hint: `du .*/disk/acme\)'
check "and no more when there is room again" on_disk size=8m \
	'head -c 16m /dev/zero > disk/fill; rm disk/fill
	 keep -C disk/acme doctor'

check_exit 1 "a disk that takes no more files is told" \
	on_disk size=8m,nr_inodes=1000 \
	'seq -f disk/%g 1000 | xargs touch; keep -C disk/acme doctor'
check_like "by its check" '^room: the disk takes 0 more files only'
check_like "with what shows who has them" '^  hint: `du -xa --inodes '

lock='mount --bind disk/acme mine && mount -o remount,bind,ro mine &&
	keep -C mine --format=json doctor > disk/found'
check_exit 1 "a read-only instance is told" on_disk size=8m "$lock"
check "by its check only, and what is printed mends it" on_disk size=8m "$lock
	"'[ "$(jq -r ".[].check" < disk/found)" = read-only ] &&
	! touch mine/x 2> disk/why &&
	jq -r ".[].mend" < disk/found | sh && touch mine/x &&
	keep -C mine doctor'
