#!/bin/bash
# tags: nosan sweep
# An init that is killed, or has no memory, makes all of DIR or nothing.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

fresh() {
	chmod -R u+w . && rm -rf acme .keep-*
}
fresh_dir() {
	fresh && mkdir acme && echo mine > acme/notes
}
fresh_repository() {
	fresh_dir && git -C acme init -q
}
is_whole() {
	[ -f acme/Keepfile ] && [ -f acme/tags/staging.json ] &&
		[ -d acme/platform/provider_base ]
}
whole_or_nothing() {
	[ ! -e acme ] && return
	is_whole && git -C acme fsck --strict > "$ERR" 2>&1 &&
		[ -z "$(git -C acme status --porcelain)" ]
}
told() {
	case $1 in
	0) is_whole ;;
	71) [ ! -e acme ] || is_whole ;; # then only the answer is missing
	*) false ;;
	esac
}
sweep kill "an init that is killed makes all or nothing" \
	fresh whole_or_nothing keep init acme
# What stays is what was there; nothing of ours, in no place.
is_untouched() {
	[ "$(find . -not -path './acme/.git/*' -not -path ./acme/.git \
		-type f -print)" = "$1" ] && [ -z "$(find . -name '.keep-*')" ]
}
whole_or_told() {
	case $1 in
	0) is_whole ;;
	11) is_untouched '' && [ ! -e acme ] ;;
	*) false ;;
	esac
}
filled_or_told() {
	case $1 in
	0) is_whole ;;
	11) is_untouched ./acme/notes ;;
	*) false ;;
	esac
}
export KEEP_FAULT_ERRNO=5 # EIO
sweep kill "an init whose disk fails says so, and makes nothing" \
	fresh whole_or_told keep init acme --no-commit
sweep kill "nor anything in a directory that was there" \
	fresh_dir filled_or_told keep init acme --no-commit
sweep kill "nor in a repository" \
	fresh_repository filled_or_told keep init acme
unset KEEP_FAULT_ERRNO
sweep oom "an init without memory says so, and makes all or nothing" \
	fresh told keep init acme --no-commit
