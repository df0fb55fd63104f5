#!/bin/bash
# tags: nosan
# Faults strike where they are said to, and sweep sees what they break.
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

# old or new, as whoever looks may find it
old() {
	rm -f word*
	echo old > word
}
old_or_new() {
	[ "$(cat word)" = old ] || [ "$(cat word)" = newer ]
}
# swept COMMAND...: the TAP of a sweep over it, at all points.
swept() {
	(
		tap_failed=0
		SWEEP_K=1 sweep kill swept old old_or_new "$@"
		[ "$tap_failed" = 0 ]
	)
}
# A program that writes a word into FILE; FILE RENAME-TO: and renames it.
# shellcheck disable=SC2016 # perl's variables
write=(perl -e '
	my ($to, $name) = @ARGV;
	open my $f, ">", $to or die;
	syswrite $f, "newer\n" or die;
	close $f;
	!$name or rename $to, $name or die')

check "a file that is replaced by rename is old or new at every kill" \
	swept "${write[@]}" word.new word
check_like "which is tried at all three points" 'every 1\. of 3 points'
check_exit 1 "a file that is written in place is neither at some kill" \
	swept "${write[@]}" word
check_like "and the point is told" 'fails at: 2' "$ERR"
check_exit 1 "a command without a point is no test" swept true
check_exit 1 "a command that fails by itself is no test" \
	swept "${write[@]}" nowhere/word

check_exit 1 "a program that has no memory says so" env KEEP_FAULT_AT=1 \
	LD_PRELOAD="$O/t/fault/oom.so" perl -e 1
