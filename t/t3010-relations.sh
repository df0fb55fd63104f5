#!/bin/bash
# Nodes that are linked: what each end knows of the other, whatever their
# names are.
. "${0%/*}/lib.sh"

# make DIR WEB DB VPN: an instance whose three nodes have these names. The
# vpn node has no IPv4 address; web and db share a network.
make()
{
	mkdir -p "$1"/{nodes,tags,services,files/keys,platform/provider_base}
	cd "$1" || exit 1
	echo '{"platform": {"path": "platform"}, "signed": false}' > Keepfile
	echo '{"version": "1"}' > platform/platform.json
	echo '{"domain": "example.org"}' > provider.json
	cat > common.json <<'END'
{"clients": "= inbound().map(e: {who: nodes[e.from].role, port: e.port})",
 "known": "= hosts().values().flatten().sort()"}
END
	cat > services/web.json <<'END'
{"to": {"db": "= link(peers[role: 'db'], 5432)"}}
END
	cat > "nodes/$2.json" <<'END'
{"role": "web", "services": ["web"], "ip_address": "192.0.2.1",
 "ip_addresses": ["2001:db8::1"], "networks": {"rack": "10.0.0.1"},
 "to": {"vpn": "= link(nodes[role: 'vpn'], 1194)"},
 "dsn": "= 'host=127.0.0.1 port=${to.db.values().first().local_port}'",
 "files_sent": ["= send('keys/tls.pem')"]}
END
	cat > "nodes/$3.json" <<'END'
{"role": "db", "services": ["db"], "ip_address": "192.0.2.2",
 "networks": {"rack": "10.0.0.2"}}
END
	cat > "nodes/$4.json" <<'END'
{"role": "vpn", "ip_address": "2001:db8::3",
 "key": "= keypair('vpn', 'x25519').public",
 "to": "= link(nodes[role: 'web'], 443)"}
END
	echo '{}' > services/db.json
	echo secret > files/keys/tls.pem
	cd ..
}

# masked DIR WEB DB VPN: what was compiled, names and local ports taken out.
masked()
{
	local i role
	for i in 2 3 4; do
		role=$(printf 'x web db vpn' | cut -d' ' -f"$i")
		sed "s/\"${!i}\"/\"$role\"/; s/${2}_443/web_443/
			s/${3}_5432/db_5432/; s/${4}_1194/vpn_1194/
			s/\(local_port\": \)[0-9]*/\1N/; s/\(1 port=\)[0-9]*/\1N/" \
			"$1/compiled/${!i}.json"
	done
}

make a web1 db1 vpn1
check "an instance with links compiles" keep -C a compile
check_like "a link leads to the network that both ends share" \
	'"10.0.0.2"' <(jq '.to.db.db1_5432.host' a/compiled/web1.json)
check_like "else to the family that both have" '"2001:db8::3"' \
	<(jq '.to.vpn.vpn1_1194.host' a/compiled/web1.json)
check_same "a node knows who links to it" \
	'[{"port":443,"who":"vpn"}]' "$(jq -Sc .clients a/compiled/web1.json)"
check_same "and all addresses of those that it has links with" \
	'["10.0.0.2","192.0.2.2","2001:db8::3"]' \
	"$(jq -c .known a/compiled/web1.json)"
port=$(jq -r '.to.db.db1_5432.local_port' a/compiled/web1.json)
check_same "a text may hold the local port of a link" \
	"host=127.0.0.1 port=$port" "$(jq -r .dsn a/compiled/web1.json)"
check_like "a public key is left to the deploy" '"<keypair vpn public>"' \
	a/compiled/vpn1.json
check_like "a file that is sent has a place" '/etc/keep/files/keys/tls.pem' \
	a/compiled/web1.json
check "one node may be asked for its links" \
	keep -C a --format=json expr db1 'inbound()'
check_like "they are those of all nodes" '"from": *"web1"'
check "many may be asked for theirs" \
	keep -C a --format=json node list --print clients
check_same "and each has its own" '[{"port":443,"who":"vpn"}]' \
	"$(jq -Sc '.. | objects | select(.name == "web1") | .. | arrays |
		select(.[0].port?)' "$OUT")"
check_like "the place of what waited is known" 'common.json:1' \
	<(keep -C a -q inspect web1 clients --why)
check "a node that nobody links to is added" \
	keep -C a node add aaa ip_address=192.0.2.9
check "and compiled" keep -C a compile
check_same "no other node's local port moved" "$port" \
	"$(jq -r '.to.db.db1_5432.local_port' a/compiled/web1.json)"
rm a/nodes/aaa.json && keep -C a -q compile

masked a web1 db1 vpn1 > want
for names in "web1 vpn1 db1" "db1 web1 vpn1" "vpn1 db1 web1" "c b a" "b c a"
do
	read -r web db vpn <<< "$names"
	dir=${names// /-}
	make "$dir" "$web" "$db" "$vpn"
	check "nodes named $names compile" keep -C "$dir" compile
	masked "$dir" "$web" "$db" "$vpn" > got
	check_same_files "they have the same relations" want got
done

echo '{"role": "db", "services": ["db"], "ip_address": "2001:db8::2"}' \
	> a/nodes/vpn1.json
echo '{"role": "vpn", "ip_address": "192.0.2.3",
 "to": "= link(peers[role: '\''db'\''], 80)"}' > a/nodes/db1.json
check_exit 2 "a link to a node of another family is refused" \
	keep -C a compile
check_like "with its place and both ends" \
	'^nodes/db1.json:2:11: db1: to: db1 and vpn1 share no network' "$ERR"
check_like "and what helps" 'ip_addresses' "$ERR"
echo '{"role": "db", "services": ["db"], "ip_address": "192.0.2.2",
 "to": "= inbound().any(e: e.port == 80) ? link(nodes, 80) : {}"}' \
	> a/nodes/vpn1.json
check_exit 2 "a relation that depends on inbound() is refused" \
	keep -C a compile
check_like "at its place" '^nodes/vpn1.json:2:[0-9]*: vpn1: to: link: a relation' "$ERR"
