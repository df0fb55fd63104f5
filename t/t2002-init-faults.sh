#!/bin/bash
# tags: nosan sweep
# An init that is killed, or has no memory, makes all of DIR or nothing.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

fresh() {
	chmod -R u+w . && rm -rf acme .keep-*
}
is_whole() {
	[ -f acme/Keepfile ] && [ -f acme/tags/staging.json ] &&
		[ -d acme/platform/provider_base ]
}
whole_or_nothing() {
	[ ! -e acme ] && return
	is_whole && git -C acme fsck --strict 2> fsck > fsck &&
		[ -z "$(git -C acme status --porcelain)" ]
}
told() {
	case $1 in
	0) is_whole ;;
	71) [ ! -e acme ] ;;
	*) false ;;
	esac
}
sweep kill "an init that is killed makes all or nothing" \
	fresh whole_or_nothing keep init acme
sweep oom "an init without memory says so, and makes nothing" \
	fresh told keep init acme --no-commit
