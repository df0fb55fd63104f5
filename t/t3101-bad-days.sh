#!/bin/bash
# What an administrator meets on a bad day.
. "${0%/*}/lib.sh"

# files: what the instance holds; of .keep/, a cache, only the names.
files() {
	find . -path ./.git -prune -o -print | sort
	find . -path ./.git -prune -o -path ./.keep -prune -o -type f \
		-exec md5sum {} + | sort
}

# refused STATUS TITLE COMMAND...: it exits with STATUS, and changes no file.
refused() {
	files > ../before
	check_exit "$@"
	files > ../after
	check_same_files "and changes no file" ../before ../after
}

keep -q init acme --no-commit && cd acme || exit 1
check "the first node needs no nodes/ before" \
	keep node add web1 ip_address=192.0.2.10 services=web tags=production
check "what compile will draw can be set before" \
	keep node set web1 "note== randint('a', 1, 5)"
check "and is not drawn by that" test ! -e picks
check_exit 2 "a draw that cannot be is refused" \
	keep node set web1 "note== randint('a', 5, 1)"
check "it is compiled" keep compile
check "then it is drawn" grep -qx '[1-5]' picks/a
