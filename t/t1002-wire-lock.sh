#!/bin/bash
. "${0%/*}/lib.sh"

# changed TITLE STATUS SED: the lock against one changed by sed.
changed() {
	sed "$3" old > new
	check_same "the edit '$3' changes the lock" no "$(cmp -s old new || echo no)"
	check_exit "$2" "$1" "$TOP/t/wire-lock" old new
}

check "what programs rely on is written as lines" keep x-wire-lock
cp "$OUT" old
check_like "the errors" '^7 BAD_ARGS 2$'
check_like "the verbs" '^\[node add\]$'
check_like "and their fields" '^0 name text required'
check_unlike "plumbing is nothing to rely on" '^\[x-'
check "it is that of the source, but for what was added" \
	"$TOP/t/wire-lock" "$TOP/include/keep/wire.lock" old

check "the same lock passes" "$TOP/t/wire-lock" old old
changed "a new block passes" 0 '$a\\n[lamp light]\nflags 1'
changed "a field at the end of a block passes" 0 '/^34 NO_MEMORY/a35 NEW 2'
changed "a field before others is told" 1 '/^34 NO_MEMORY/i35 NEW 2'
check_like "with what was there" 'had: 34 NO_MEMORY 71; has: 35 NEW 2'
changed "a field that is gone is told" 1 '/^34 NO_MEMORY/d'
check_like "by its name" 'has lost: 34 NO_MEMORY 71$'
changed "a verb that is gone is told" 1 's/^\[node add\]/[node made]/'
check_like "by its path" '\[node add\] is gone'
changed "another type is told" 1 's/^0 name text required/0 name uint required/'
changed "another exit status is told" 1 's/^7 BAD_ARGS 2/7 BAD_ARGS 3/'
changed "a lock that is cut is told" 1 '$d'
