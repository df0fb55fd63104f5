#!/bin/bash
# tags: nosan
# Secrets where memory cannot be locked. (A sanitizer never locks any.)
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

printf 's3cret' > pin
# Root may lock what it likes.
unlocked=()
[ "$(id -u)" != 0 ] || unlocked=(setpriv --bounding-set=-ipc_lock)
# shellcheck disable=SC2016 # for that shell
check_exit 71 "where memory cannot be locked a secret is refused" \
	"${unlocked[@]}" sh -c 'ulimit -l 0 && keep try secret --pin-file pin'
check_like "which is said" '^keep: memory cannot be locked$' "$ERR"
check_like "with what helps" '^hint: raise the limit: ulimit -l$' "$ERR"
