#!/bin/bash
# contrib/examples/call.sh: the wire from a shell, with socat and xxd.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
call=$TOP/contrib/examples/call.sh

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1
serve acme
cd acme/nodes || exit 1
for verb in "version" "node list" "env list" "describe"; do
	# shellcheck disable=SC2086 # words of a verb
	{
		check "$verb is called by sh, socat and xxd" "$call" $verb
		keep call --format=cbor $verb > ../want
	}
	check_same_files "with the bytes that keep call has" ../want "$OUT"
done
check_exit 1 "an error is told" "$call" node rm
check_like "by what the server says" 'node rm' "$ERR"
check_exit 1 "one of arguments, too" "$call" inspect
check_same "and nothing else is printed" '' "$(cat "$OUT")"
cd / && check_exit 4 "outside of an instance there is no server" "$call" version
cd "$SCRATCH/work/acme" && stop
check_exit 7 "without a server nothing is printed" "$call" version
check_same "on stdout" '' "$(cat "$OUT")"
