#!/bin/bash
# tags: nosan sweep
# An update of the platform that is killed, or has no memory or disk, leaves
# the old platform or the new one, never a mix.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

{
	keep init good &&
		keep -C good node add web1 ip_address=192.0.2.1 \
			"n== randint('n', 5, 5)" "pw== secret('a')" &&
		cp -r good/platform old && cp -r old new &&
		rm "$(find new/provider_base/services -name '*.json' | head -n 1)" &&
		mkdir -p new/recipes/a/b && echo a > new/recipes/a/b/c &&
		echo '{ "version": "2" }' > new/platform.json &&
		git -C good add -A && git -C good commit -qm 'a node'
} > setup 2>&1 || cat setup >&2

fresh() {
	rm -rf i
	cp -r good i
}
gone() {
	fresh
	rm -r i/platform
}
is() {
	diff -r "$1" i/platform > differs
}
# Nothing is made or left over but what git ignores.
clean() {
	[ -z "$(git -C i status --porcelain -- ':!platform')" ] &&
		[ ! -e i/picks ] && [ ! -e i/secrets.dev.json ]
}
# What was begun does not hinder the next one.
ends() {
	rm -rf i/.git
	keep -C i platform update --from new --force > again 2>&1 && is new &&
		[ ! -e i/.keep/platform.new ]
}
old_or_new() {
	[ "$1" = 137 ] || [ "$1" = 0 ] || return
	clean && { is old || is new; } && ends
}
none_or_new() {
	[ "$1" = 137 ] || [ "$1" = 0 ] || return
	{ [ ! -e i/platform ] || is new; } && ends
}
# Whoever is told of a fault has the old platform, but when all that was left
# to do was to sync the new one.
told() {
	clean || return
	case $1 in
	0) is new ;;
	11 | 71) is old || { is new && grep -q 'platform: syncing' "$ERR"; } ;;
	*) false ;;
	esac && ends
}
heard() {
	[ "$1" = 143 ] && clean && [ ! -e i/.keep/platform.new ] &&
		if grep -q '^keep: cancelled' "$ERR"; then is old; else is new; fi
}
update() {
	echo keep -C i platform update --from new
}
# shellcheck disable=SC2046 # its words
{
	sweep kill "an update that is killed leaves the old platform or the new" \
		fresh old_or_new $(update)
	sweep kill "where there was none, the new one or none" \
		gone none_or_new $(update)
	export KEEP_FAULT_SIGNAL=15
	sweep kill "one that is told to end ends before, or is done" \
		fresh heard $(update)
	unset KEEP_FAULT_SIGNAL
	export KEEP_FAULT_ERRNO=28 # ENOSPC
	sweep kill "one whose disk is full says so, and leaves the old one" \
		fresh told $(update)
	unset KEEP_FAULT_ERRNO
	# libgit2 1.5 crashes without memory where it asks what is committed,
	# which an update that is forced, or only adds files, does not ask.
	sweep oom "one without memory does the same" \
		fresh told $(update) --force
	rm -r new && cp -r old new && echo more > new/notes
	sweep oom "also while the instance is evaluated" \
		fresh told $(update)
}

# A disk that really is full.
mkdir disk
[ "$(id -u)" = 0 ] || user=-r
head -c 4m /dev/zero > new/large
full() {
	# shellcheck disable=SC2086 # none, or one option
	unshare -m ${user-} sh -c 'mount -t tmpfs -o size=3m tmpfs disk &&
		cp -r good disk/i || exit 99
		keep -C disk/i platform update --from new --force
		status=$?
		diff -r old disk/i/platform > differs &&
			[ "$(ls -A disk/i/.keep)" = holder ] || exit 98
		exit $status'
}
check_exit 11 "on a full disk the old platform stays, and nothing more" full
check_like "which is told" 'No space left' "$ERR"
