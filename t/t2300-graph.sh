#!/bin/bash
. "${0%/*}/lib.sh"

check "an instance is made" keep init acme
cd acme || exit
keep node add db1 ip_address=10.0.0.1 tags=production > "$OUT"
keep node add db2 ip_address=10.0.0.2 tags=production > "$OUT"
keep node add web1 ip_address=10.0.0.3 services=web tags=production > "$OUT"
keep node add far1 ip_address=10.0.0.4 > "$OUT"
keep node set web1 "database== link(nodes[name: 'db1'], 5432)" \
	> "$OUT" 2> "$ERR"

check "a graph is printed" keep graph
check_like "it has an arrow for a link, with the port" \
	'"web1" -> "db1" \[label="5432"\];'
check_like "nodes stand in their environment" 'subgraph "cluster_production"'
check_like "a node shows its services" '"web1" \[label="web1\\nweb"\]'
check_like "a node without links is there" '"far1"'
cp "$OUT" all.dot
check "graphviz takes it" dot -Tcanon all.dot

check "a filter is taken" keep graph db1
check_like "it brings what its nodes are linked with" '"web1"'
check_unlike "it leaves out the rest" 'db2|far1'
check "a filter that selects nothing gives an empty graph" \
	keep graph db1 +web1
check_unlike "it has no node" label

check "a picture is drawn" keep graph web1 --svg web1.svg
check_same "its place is told" "$PWD/web1.svg" "$(cat "$OUT")"
check_like "it is a picture" '<svg' web1.svg
mkdir empty
check_exit 4 "without graphviz there is none" \
	env PATH="$PWD/empty" "$KEEP" graph --svg other.svg
check_like "what to do is said" 'hint: install graphviz' "$ERR"
check "no file is made then" test ! -e other.svg
printf '#!/bin/sh\necho taken\n' > ./dot
chmod +x dot
check "what lies where one stands is not run" \
	env PATH=".::$PATH" keep graph web1 --svg own.svg
check_same_files "though PATH says so" web1.svg own.svg
rm dot
check_exit 4 "a picture cannot go into a missing directory" \
	keep graph --svg no/such.svg

printf '{"ip_address": "= nothing.here"}' > nodes/bad.json
check_exit 2 "an instance with a fault gives no graph" keep graph
check_like "but the fault" 'nodes/bad.json:1:19' "$ERR"
