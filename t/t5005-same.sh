#!/bin/bash
# Every verb says the same over a socket as at a shell, of the types that
# `keep describe` tells.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
. "$TOP/t/lib-verbs.sh"
export PYTHONPATH=$TOP/t PYTHONDONTWRITEBYTECODE=1
PATH=$O/t/bin:$PATH

check "an instance" keep init acme --no-commit
# What a server exposes by name only: all but what it never does.
allowed=$(keep describe --format=json | jq -r '[.commands[] |
	select(.flags % 2 >= 1 or .flags % 32 >= 8 or .flags % 512 >= 256) |
	select(.flags % 256 < 128) | .path | join(".") |
	select(. != "serve" and . != "call")] | join(",")')
serve acme --allow "$allowed"

coproc calls { "$TOP/t/calls.py" "$O/t/bin/keep" "$(socket_of acme)" \
	"$TOP/include/keep/wire.lock" 2> calls.err; }
exec 8>&"${calls[1]}" 9<&"${calls[0]}"
tried=''
trap "" PIPE
both() {
	local verdict title
	tried="$tried$1
"
	printf '%s\0' $# "$@" >&8
	while read -r verdict title <&9; do
		[ "$verdict" != end ] || return 0
		"$verdict" "$title"
	done
	fail "$* is called" "$(cat calls.err)"
}
both init "$PWD/new" --name both --no-commit
every_verb
check_tried "$tried" "(39) what every verb takes and gives is as described"
both deploy web1 --yes
both "try stream" 3
both "try fail" 15
git init -q acme && git -C acme add -A && git -C acme commit -qm tried
both "try git" "$(git -C acme rev-parse HEAD)"

keep -C acme --format=cbor describe > here
keep -C acme call --format=cbor describe > there
check_same_files "a server describes verbs as the shell does" here there
check "a server ends well" stop
