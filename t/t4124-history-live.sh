#!/bin/bash
# keep history --live: the journals of nodes, which are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2 web3
fleet_acme web1 web2 web3
journal() {
	mkdir -p "$FLEET/$1/root/var/lib/keep"
	cat > "$FLEET/$1/root/var/lib/keep/journal"
}
id() {
	printf "$1%.0s" $(seq 64)
}
commit=$(git rev-parse HEAD)
journal web1 << END
1700000000 $(id a) none $commit first ada@laptop start
1700000001 $(id a) none $commit first ada@laptop ok
1700000100 $(id b) $(id a) $commit-dirty second bob@desk start
1700000109 $(id a) $(id b) $commit second bob@desk back:1
no line of a journal
1700000200 $(id c) $(id a) none third bob@desk start
END
printf '1700000050 %s none none \e[31mred x@y ok\n\377\n' "$(id d)" | journal web2

check "the journals of nodes are shown" keep history --live all
sed 's/  */ /g' "$OUT" > lines
check_same "newest first, each deploy once, as the node says it ended, and how long it took" \
	"2023-11-14T22:16:40Z bob@desk journal none web1 start cccccccccccc -
2023-11-14T22:15:09Z bob@desk journal ${commit:0:7} web1 back:1 aaaaaaaaaaaa 9s
2023-11-14T22:14:10Z x@y journal none web2 ok dddddddddddd -
2023-11-14T22:13:21Z ada@laptop journal ${commit:0:7} web1 ok aaaaaaaaaaaa 1s" \
	"$(cat lines)"
check "so many as were asked for" keep history --live web1 -n 1
check_same "the newest" start "$(awk '{print $6}' "$OUT")"
check "JSON tells all" keep --format=json history --live all
check_same "what was deployed dirty, too" 'first false,second false,third false' \
	"$(jq -r '[.[] | select(.nodes[0].name == "web1") | "\(.deploy) \(.dirty)"] | sort | join(",")' "$OUT")"
check_unlike "no byte of a node moves a terminal" $'\e' "$OUT"
check "a node without a journal has none" keep history --live web3
check_same "which is no fault" '' "$(cat "$OUT" "$ERR")"
fleet_down web2
check_exit 7 "a node that does not answer is told" keep history --live web1 web2
check_same "and the others are shown" 3 "$(wc -l < "$OUT")"
check_like "its name, too" 'web2' "$ERR"
check_exit 2 "no filter is refused" keep history --live
check_exit 2 "so is fetching for it" keep history --live --fetch web1
git status --porcelain > status
check_same "nothing in the instance is touched" '' "$(grep -v '^??' status)"
