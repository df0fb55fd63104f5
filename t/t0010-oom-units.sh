#!/bin/bash
# tags: slow nosan sweep
# Every unit test runs again and again, each time with another allocation that
# finds no memory. Its checks may fail then; it may not crash.
# Hundreds of runs: what they write need not reach a disk.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
. "$TOP/t/fault/sweep.sh"

# They read their vectors from the top.
cd "$TOP" || exit 1
units=$O/oom/t/unit
check "the units are built with an allocation for each piece of an arena" \
	make -s -C "$TOP" O="$O/oom" CPPFLAGS=-DKEEP_BLOCK_EACH=1 unit-programs
# OOM_UNITS names some; else all are tried.
read -ra some <<< "${OOM_UNITS:-$(cd "$units" && echo *)}"
for unit in "${some[@]/#/"$units/"}"; do
	[ ! -x "$unit" ] || sweep oom "${unit##*/} survives a lack of memory" \
		nothing no_crash "$unit"
done
