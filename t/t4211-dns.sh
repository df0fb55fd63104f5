#!/bin/bash
# The service dns on a real node: nsd with the compiled zone, asked by another
# node.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-recipe.sh"
need_fleet
recipe_begin
recipe_node ns1 services=dns
recipe_node web1 dns.public=true
fleet_up -n far
read -r at _ < "$FLEET/ns1/at"
read -r web _ < "$FLEET/web1/at"
read -r far _ < "$FLEET/far/at"

# ask WORD...: what the name server says to another node.
ask() {
	on_node far dig +time=5 +tries=2 "@$at" "$@"
}

check "a name server is deployed" deploy ns1
check_same "it knows the nodes" "$web" "$(ask +short web1.example.org A)"
check_same "over TCP, too" "$web" "$(ask +tcp +short web1.example.org A)"
ask example.org NS > said
check_like "with authority" 'flags: qr aa rd;' said
check_like "it names itself" 'ns1\.example\.org\.$' said
ask nothing.example.org > said
check_like "what is not there is told" 'status: NXDOMAIN' said
ask example.net > said
check_like "it answers for no other zone" 'status: REFUSED' said
ask version.bind CH TXT > said
check_unlike "nor tells what it is" 'nsd' said

# --- a change ---------------------------------------------------------------------
before=$(ask +short example.org SOA | cut -d ' ' -f 3)
keep -q node set web1 'dns.aliases=["www.example.org"]'
rm said
check "a change of the zone is deployed" deploy ns1
check_same "it is answered with" "$web" "$(ask +short www.example.org A)"
check "with a higher serial" \
	test "$(ask +short example.org SOA | cut -d ' ' -f 3)" -gt "$before"
check "the same again changes nothing" deploy ns1
check_like "and says so" unchanged

# --- transfers ----------------------------------------------------------------------
ask example.org AXFR > ../said
check_like "nobody takes the zone" 'Transfer failed' ../said
keep -q node set ns1 "dns_server.transfer={\"far.example.net\":
	{\"ip_address\": \"$far\"}}"
check "another name server is let take it" deploy ns1
tsig=$(jq -r .production.dns_tsig secrets.dev.json | tr -d '\n' | base64 -w 0)
ask -y "hmac-sha256:keep:$tsig" example.org AXFR > ../said
check_like "with the key it does" "www.example.org.*$web" ../said
ask example.org AXFR > ../said
check_like "without it does not" 'Transfer failed' ../said

# --- a service that leaves ------------------------------------------------------------
keep -q node set ns1 'services=[]' 'dns_server=null'
check "the service leaves" deploy ns1
check_exit 9 "then nobody answers" ask +tries=1 +time=1 example.org
