#!/bin/bash
# keep deploy to a node that is far away: round trips are what it takes. And
# keep that is killed at any time, or has a clock that is wrong.
# tags: nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up n1 n2
fleet_acme n1 n2

# say WORD: a change of both.
say() {
	keep -q node set n1 "motd=$1" && keep -q node set n2 "motd=$1" &&
		keep -q compile && git add -A && git commit -qm change
}
# takes TITLE TRIPS STATE: a deploy to n1, over one connection.
takes() {
	local trips
	check "$1" keep --format=json deploy n1 --yes
	check_same "and it is $3" "$3" "$(jq -rs '.[-1].result.nodes[].state' "$OUT")"
	read -r -a trips < <(fleet_trips n1)
	check_exit 0 "in at most $2 round trips (${trips[0]})" \
		awk "BEGIN { exit !(${trips[0]} <= $2) }"
}
fleet_proxy n1 50
read -r -a at < "$FLEET/n1/at"
keep -q node set n1 "ip_address=127.200.${at[0]#*.*.}" ssh.port=2222
say hello
takes "a far node takes its first generation" 12 changed
check "and is reached anew, since who may log in is another" \
	fleet_trips n1
takes "it has nothing to do" 8.5 unchanged
say again
takes "it takes a change" 8.5 changed
say more
rm .keep/nodes/n1
takes "it tells what it has, and takes a change" 12 changed
rm .keep/nodes/n1
takes "it tells that it has all" 8.5 unchanged

# --- killed at any time -------------------------------------------------------------
# whole: current is a complete generation, whose MANIFEST is its name. Another
# may become current meanwhile.
whole() {
	(cd "$FLEET/n2/root/var/lib/keep/current/" &&
		[ "$(sha256sum < MANIFEST)" = \
			"$(basename "$(pwd -P)")  -" ] &&
		sed -n 's/^0644 [0-9]* \([0-9a-f]*\) /\1  /p' MANIFEST |
		sha256sum -c --quiet)
}
check "another node" keep deploy n2 --yes
for ms in 040 060 080 100 130 170 250 400; do
	say "ms$ms"
	{ timeout -s KILL "0.$ms" keep deploy n2 --yes; } \
		> "$SCRATCH/killed" 2>&1
	check "keep is killed after $ms ms, and the node is whole" whole
	check "the next deploy needs no help" keep deploy n2 --yes
	check "it is whole" whole
	check_same "and has what it should" "ms$ms" \
		"$(grep -o 'ms[0-9]*' "$FLEET/n2/root/etc/motd")"
done

say skewed
check "a clock that is wrong does not matter" faketime '2 days ago' \
	keep --format=json deploy n2 --yes
check_same "to a change" changed \
	"$(jq -rs '.[-1].result.nodes[].state' "$OUT")"
