#!/bin/bash
# tags: nosan
# What compile writes for an environment as a whole: how its nodes are reached
# and named, who may reach what, its zone, and what clients begin with.
. "${0%/*}/lib.sh"
need_command() {
	command -v "$1" > /dev/null || skip_all "$1 is not installed"
}
need_command named-checkzone
need_command ssh-keygen

at() { # SECONDS COMMAND...: at another time, at which it stands still
	FAKETIME_DONT_FAKE_MONOTONIC=1 \
		faketime -f "$(date -d "@$1" '+%F %T')" "${@:2}"
}
E=compiled/production
Z=$E/zones/example.org
serial() {
	sed -n 's/^\t\([0-9]*\) ; serial$/\1/p' "$Z"
}

{
	keep init acme --domain example.org --no-commit && cd acme &&
	keep node add web1 ip_address=192.0.2.10 ip_addresses=2001:db8::10 \
		'networks={"lan": "10.0.0.10"}' services=web,dns,mail \
		tags=production domain.aliases=www.example.org &&
	keep node add db1 ip_address=192.0.2.11 'networks={"lan": "10.0.0.11"}' \
		tags=production ssh.port=2222 ssh.user=admin &&
	keep node set web1 "database== link(nodes['db1'], 5432)" \
		'firewall={"web": {"from": "*", "port": [80, 443]}}' &&
	keep node set web1 'dns.records=[
		{"name": "_dmarc", "type": "TXT", "value": "v=DMARC1; p=none"},
		{"name": "long", "type": "TXT", "value": "= '"'$(
			printf 'x%.0s' {1..300})'"'"},
		{"name": "srv", "type": "SRV", "value": "0 5 443 www"},
		{"name": "ftp", "type": "CNAME", "value": "www", "ttl": 60}]'
} > "$OUT" 2>&1 || fail "an instance is made" "$(cat "$OUT")"
mkdir -p files/nodes/web1 files/nodes/db1
for kind in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $kind -N '' -C root@web1 -f "key.$kind"
	mv "key.$kind.pub" "files/nodes/web1/ssh_host_${kind}_key.pub"
	rm "key.$kind"
done
cp files/nodes/web1/ssh_host_ed25519_key.pub files/nodes/db1/db1_ssh.pub
check "an environment is compiled" at 2000000000 keep compile

for name in web1 web1.example.org 192.0.2.10 2001:db8::10 10.0.0.10 db1 \
	'[db1]:2222' '[192.0.2.11]:2222'; do
	check "ssh finds the host key of $name" \
		ssh-keygen -F "$name" -f $E/known_hosts
done
check_exit 1 "and none of an unknown host" \
	ssh-keygen -F '[web1]:2222' -f $E/known_hosts
check "every line of known_hosts is a key" ssh-keygen -l -f $E/known_hosts
check_same "keys of all kinds stand there" \
	"ECDSA ED25519 ED25519 RSA" "$(sed 's/.*(\(.*\))/\1/' "$OUT" | sort |
		paste -sd' ')"

check "ssh reads the configuration" ssh -G -F $E/ssh_config db1
check_same "it goes to the node's address, port and user" \
	"hostname 192.0.2.11 port 2222 user admin" "$(grep -E \
		'^(hostname|port|user) ' "$OUT" | sort | paste -sd' ')"
check_like "and takes no key but those of known_hosts" \
	'^stricthostkeychecking (true|yes)$'
check_like "which it finds" "^globalknownhostsfile $E/known_hosts\$"

check_same "hosts holds all addresses of a node" \
	"10.0.0.10 192.0.2.10 2001:db8::10" \
	"$(awk '/ www\.example\.org/ {print $1}' $E/hosts | sort | paste -sd' ')"

jq -r '.[] | "\(.node) \(.to) \(.port) \(.from)"' $E/firewall.json > rules
check_like "a rule of the firewall is for all addresses of its node" \
	'^web1 2001:db8::10 443 \*$' rules
check_like "a link is a rule, by the network that both ends share" \
	'^db1 10.0.0.11 5432 10.0.0.10$' rules
check_same "a rule stands in a line of its own" "$(wc -l < rules)" \
	"$(grep -c '^{' $E/firewall.json)"

check "a name server takes the zone" named-checkzone example.org $Z
check_unlike "and warns of nothing" warning
check_same "its serial is the time" 2000000000 "$(serial)"
check_same "clients' files have one too" "2000000000 2000000000" \
	"$(jq .serial $E/bootstrap/{provider,configs}.json | paste -sd' ')"
cp -a compiled before
check "a compile later" at 2000000100 keep compile
check_same_files "changes nothing, no serial either" before compiled

keep node set web1 domain.aliases=www.example.org,api.example.org > "$OUT"
check "a name more" at 2000000100 keep compile
check_same "is another serial of the zone" 2000000100 "$(serial)"
check_same_files "but not of what clients read" before/production/bootstrap \
	$E/bootstrap
keep node set web1 domain.aliases=www.example.org > "$OUT"
check "a change, with the clock set back" at 1900000000 keep compile
check_same "has a higher serial" 2000000101 "$(serial)"
check "and the zone is right" named-checkzone example.org $Z
check_exit 0 "--check agrees" keep compile --check
rm $E/hosts
check_exit 1 "--check tells of a file that lacks" keep compile --check
check "which the next compile writes" keep compile
check_same_files "as it was" before/production/hosts $E/hosts

cp -a compiled before2
keep node set web1 'firewall={"web": {"from": "all", "port": 80}}' \
	'dns.records=[{"name": "a b", "type": "A", "value": "192.0.2.1"},
	{"name": "www", "type": "CNAME", "value": "web1"},
	{"name": "m", "type": "MX", "value": "10 192.0.2.1"}]' \
	'files={"/x": {"compiled": "hots"}}' > "$OUT"
echo "ssh-rsa nothing" > files/nodes/db1/db1_ssh.pub
check_exit 2 "what is wrong in a zone is refused" keep compile
check_like "with its place" \
	"^nodes/web1.json:[0-9]+:[0-9]+: 'a b' is no name in the zone" "$ERR"
check_like "and the other record that it meets" \
	"^nodes/web1.json:[0-9]+:[0-9]+: 'www' has a CNAME" "$ERR"
check_like "mail cannot go to an address" \
	'^nodes/web1.json:[0-9]+:[0-9]+: the value of MX must be a name' "$ERR"
check_like "all faults are told at once: a rule" \
	"^nodes/web1.json:[0-9]+:[0-9]+: 'from' of a firewall rule" "$ERR"
check_like "a file that the environment does not have" \
	"^nodes/web1.json:[0-9]+:[0-9]+: .*compiled/production has no hots" "$ERR"
check_like "and a host key" '^files/nodes/db1/db1_ssh.pub' "$ERR"
check_same_files "nothing is written" before2 compiled

check_same_files "a node gets a file of its environment, serial included" \
	$E/zones/example.org compiled/web1/etc/nsd/keep.zone
