#!/bin/bash
# keep node status, verify: what nodes have, and whether that is what was
# deployed.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2
fleet_up -n far1
fleet_up -u ada db1
fleet_acme web1 web2 far1 db1
mkdir -p services recipes/site
cat > services/site.json << 'END'
{"pw": "= secret('site')", "word": "hello", "files": {
	"/srv/page": {"text": "a page\n", "mode": "0640"},
	"/srv/with blank": {"text": "b\n"}}}
END
echo '! grep -qx broken /srv/page' > recipes/site/test
for node in web1 web2 far1 db1; do
	keep -q node set $node services=site
done
commit

# told TITLE FILTER WANT: what jq makes of the rows.
told() {
	check_same "$1" "$3" "$(jq -r "$2" "$OUT")"
}
json() {
	keep --format=json node "$@"
}

check_exit 2 "no filter is refused" keep node status
check_exit 3 "a node that got nothing is not as it should be" \
	json status web1
told "that is told" '.[].state' bare
check_exit 3 "verify says so, too" keep node verify web1
check_like "in words" '^web1: nothing was deployed$'
check "nodes get what the instance says" keep -q deploy all --yes
check "then all of them are well" json status all
told "with one generation each" 'map(.current | length) | join(" ")' '64 64 64 64'
told "the commit that it came from" '.[0].commit' "$(git rev-parse HEAD)"
told "and how it ended" 'map(.result) | unique | join(" ")' ok
check "as text, too" keep node status web1
check_like "with the beginning of the id" '^web1 +ok +[0-9a-f]{12} +ok '
check "nothing drifted" keep node verify all
check_like "also where root is had by sudo" '^db1: as it was deployed$'

# --- drift -----------------------------------------------------------------------
root=$FLEET/web1/root
gen=$root/var/lib/keep/$(readlink "$root/var/lib/keep/current")
echo changed > "$root/srv/page"
rm "$root/srv/with blank"
check_exit 1 "drift is the answer: it differs" keep node verify web1 web2
check_like "a file that was changed" '^web1: changed /srv/page$'
check_like "one that is gone" '^web1: missing /srv/with blank$'
check_like "and no other node" '^web2: as it was deployed$'
check_unlike "(none is at work)" 'has not ended'
journal=$root/var/lib/keep/journal
cp -p "$journal" journal
tail -n 1 journal | sed 's/ok$/start/' >> "$journal"
check_exit 1 "while a deploy is at work" keep node verify web1
check_like "that is told before it" \
	'^web1: its last deploy has not ended: keep node status web1$'
cat journal > "$journal" && rm journal
check "what it has is deployed" keep --format=json deploy web1 --yes
told "which changes nothing" '.result.nodes[]?.state // empty' unchanged
check "--repair applies it again" keep --format=json deploy web1 --yes --repair
told "and says so" '.result.nodes[]?.state // empty' changed
check "then nothing drifts" keep node verify web1
chmod 666 "$root/srv/page"
check_exit 1 "a mode is drift" json verify web1
told "and told as such" '.[].drift[] | .what + " " + .path' 'mode /srv/page'
chmod 640 "$root/srv/page"
chown 1:1 "$root/srv/page"
check_exit 1 "an owner, too" json verify web1
told "as a mode" '.[].drift[].what' mode
chown 0:0 "$root/srv/page"
rm "$root/srv/page"
mkfifo "$root/srv/page"
check_exit 1 "what could be read for ever is not read" \
	timeout 60 keep node verify web1
check_like "but told" '^web1: changed /srv/page$'
check "a deploy that repairs mends that" keep -q deploy web1 --yes --repair
check "then nothing drifts" keep node verify web1
echo x >> "$gen/secret/pw"
echo x >> "$gen/config.json"
rm "$gen/config.sh"
touch "$gen/more"
check_exit 1 "a generation can drift, too" json verify web1
told "each part of it" '[.[].drift[] | .what + " " + .path] | sort | join(", ")' \
	'added more, changed config.json, changed secret/pw, missing config.sh'
echo "0644 1 x evil" >> "$gen/MANIFEST"
check_exit 1 "so can its manifest" json verify web1
told "which is told" '[.[].drift[] | select(.path == "MANIFEST") | .what] | join("")' changed
check_unlike "no value of a secret is in it" \
	"$(jq -r '.production.site // .default.site' secrets.dev.json)"
# many FROM TO: files that are not of the generation, 204 bytes each to tell.
many() {
	(cd "$gen" && seq -f "$(printf 'x%.0s' {1..200})%g" "$1" "$2" |
		xargs touch)
}
many 1 3000
printf 'x' > "$gen/"$'evil\033[2J'
check_exit 1 "much of it is told, too" json verify web1
told "with what a terminal may not be sent shown" \
	'[.[].drift[].path | select(startswith("evil"))] | join("")' 'evil\x1b[2J'
many 3001 6500
check_exit 3 "but there is an end" json verify web1 web2
told "for that node" '.[] | .name + " " + .state' $'web1 failed\nweb2 ok'
check "a deploy that repairs sends the generation anew" \
	keep -q deploy web1 --yes --repair
check "then nothing drifts" keep node verify web1
rm -r "$root/var/lib/keep/gen"/*
check_exit 3 "a node whose generations are gone" json status web1
told "has nothing" '.[].state' bare
check "a deploy brings it back" keep -q deploy web1 --yes
check "as it was" keep node verify web1

# --- trouble ----------------------------------------------------------------------
keep -q node set web2 'files./srv/page={"text": "broken\n"}' 2> "$ERR" ||
	sed -i 's/a page/broken/' services/site.json
commit
check_exit 3 "a deploy may fail" keep -q deploy web2 --yes
check_exit 3 "then the node has what it had before" json status web2
told "and tells that it went back" '.[] | .state + (.result | sub("[0-9]+"; "N"))' \
	failedback:N
check "nothing drifted" keep node verify web2
check_like "but what came last is told" \
	'^web2: as it was deployed, but the last deploy failed \(back:1\)$'
git revert --no-edit HEAD > "$OUT"
check "what it has is deployed again" keep -q deploy web2 --yes
check "then it is well" json status web2
told "with the status of that" '.[] | .state + .result' okok
mkdir -p "$FLEET/web2/root/etc/keep"
printf 'not on Fridays\033[2J\n' > "$FLEET/web2/root/etc/keep/no-deploy"
check "a node may refuse deploys" keep node status web2
check_like "and status shows why" 'no deploy: not on Fridays\\x1b\[2J$'
printf '%s 7 x 1\n' "$(basename "$(readlink "$FLEET/web2/keep/current")")" \
	> "$FLEET/web2/keep/applied"
check_exit 3 "one whose last apply failed" json status web2
told "is told" '.[] | .state + " " + (.status | tostring)' 'failed 7'
on_node web2 sh -c 'sleep 1000 & set -- $(sed "s/.*) //" /proc/$!/stat)
	echo "d1 bob@desk 1 $(cat /proc/sys/kernel/random/boot_id) $! ${20}" \
		> /var/lib/keep/lock'
check_exit 3 "one that somebody deploys to" json status web2
told "names him" '.[] | .state + " " + .holder[:11]' 'running d1 bob@desk'
on_node web2 pkill -x sleep
check_exit 3 "a lock whose holder is dead" json status web2
told "is none" '.[].state' failed
fleet_cut far1
check_exit 7 "a node that is not there is unreachable" \
	json status far1 db1 --timeout 3s
told "the others are well" '.[] | .name + " " + .state' $'db1 ok\nfar1 unreachable'
check_exit 3 "when there is other trouble, that is told" \
	json status all --timeout 3s
fleet_join far1
echo 'echo hello; cat /etc/motd; printf "K1 current 0000"' \
	> "$FLEET/far1/root/root/.bashrc"
check "greetings of a shell are no answer" json status far1
told "whatever they say" '.[].state' ok
chmod 000 "$FLEET/far1/root/var/lib/keep/current/MANIFEST"
on_node far1 sh -c 'mv /usr/bin/sha256sum /usr/bin/gone'
check_exit 1 "a node without tools is not said to be well" json verify far1
