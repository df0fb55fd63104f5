#!/bin/bash
# A real server under mixed calls, 200 a second for $SOAK_S seconds (30 min):
# no failure, no more memory, no more descriptors. See calls.py.
. "${0%/*}/../lib.sh"
. "$TOP/t/lib-serve.sh"
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1

check "an instance" keep init acme --no-commit
for n in {1..20}; do
	keep -q -C acme node add "web$n" "ip_address=192.0.2.$n" services=web
done
keep -q -C acme node add edited ip_address=192.0.2.200
serve acme
check "calls of all kinds are answered as they should be" python3 \
	"$TOP/t/soak/calls.py" "$(socket_of acme)" "$server" "${SOAK_S:-1800}" \
	acme/nodes/edited.json
sed 's/^/# /' "$OUT"
check_unlike "no child ended by a signal" 'ended by signal' served
check "the server ends well" stop
