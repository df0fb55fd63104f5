#!/bin/bash
# keep deploy to many nodes: batches, failures, going on, far nodes, others who
# deploy, and what of it all others can see.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
NODES=(n1 n2 n3 n4 n5 n6)
fleet_up "${NODES[@]}"
fleet_acme "${NODES[@]}"
recipe_at_gate << 'END'
echo "$KEEP_word" >> /srv/words
[ ! -e /srv/bad ] || [ "$KEEP_word" = "$(cat /srv/bad)" ]
END
echo "{\"word\": \"hello\", \"pw\": \"= secret('site')\"}" > services/site.json
for node in "${NODES[@]}"; do
	keep -q node set "$node" services=site
done

# say WORD: a change of all nodes.
say() {
	echo "{\"word\": \"$1\", \"pw\": \"= secret('site')\"}" \
		> services/site.json
	commit
}
# spoil NODE...: what comes next fails there.
spoil() {
	local node
	for node; do
		words "$node" > "$FLEET/$node/root/srv/bad"
	done
}
states='map(.state) | join(" ")'
commit
check "nodes to work on" deploy all --yes

# --- batches, and failures ------------------------------------------------------
say one
spoil n1
check_exit 3 "a bad canary stops all" deploy all --yes --batch 1,50%,100%
told "no other node was begun" "$states" \
	'rolled_back skipped skipped skipped skipped skipped'
check_same "they are what they were" hello "$(words n2)"
id=$(jq -rs '.[-1].result.deploy' "$OUT")
rm "$FLEET/n1/root/srv/bad"
check "a deploy is gone on with" deploy --resume "$id" --yes
told "on all nodes that it did not finish" "$states" \
	'changed changed changed changed changed changed'
check_exit 4 "once" deploy --resume "$id" --yes
check_like "since nothing is left" 'no unfinished node' "$ERR"
check_exit 2 "an id is no path" deploy --resume ../../etc --yes

say two
spoil n3
check_exit 3 "one of several fails" deploy all --yes
id=$(jq -rs '.[-1].result.deploy' "$OUT")
rm "$FLEET/n3/root/srv/bad"
check "going on touches that one alone" deploy --resume "$id" --yes
told "and no other" 'map(.node + .state) | join(" ")' n3changed

say again
spoil n1 n3
check_exit 3 "two of them fail" deploy all --yes
id=$(jq -rs '.[-1].result.deploy' "$OUT")
rm "$FLEET"/n?/root/srv/bad
check_exit 4 "of others there is nothing to go on with" \
	deploy n2 --resume "$id" --yes
check_like "which is told" 'no unfinished node among these' "$ERR"
check "going on in batches gets to both, past one that is done" \
	deploy all --resume "$id" --yes --batch 1,100%
told "and to no other" 'map(.node + .state) | join(" ")' 'n1changed n3changed'
check_exit 4 "once" deploy all --resume "$id" --yes

say three
spoil "${NODES[@]}"
check_exit 3 "two may fail" deploy all --yes --max-fail 2
told "the third ends it, exactly" \
	'[.[] | select(.state == "rolled_back")] | length' 3
check_exit 3 "none may fail" deploy all --yes --max-fail 0
told "so one fails" '[.[] | select(.state == "rolled_back")] | length' 1
check_exit 3 "a third of six may fail" deploy all --yes --max-fail 34%
told "which are two" '[.[] | select(.state == "rolled_back")] | length' 3
check_exit 3 "the first failure may end it" deploy all --yes --fail-fast -j 1
told "at once" "$states" 'rolled_back skipped skipped skipped skipped skipped'
rm "$FLEET"/n?/root/srv/bad

# --- others ----------------------------------------------------------------------
cp -a . ../colleague
say four
check "one deploys" deploy n1 --yes
cd ../colleague || exit
check_exit 3 "a colleague who has not pulled leaves the node alone" \
	deploy n1 --yes
told "which is ahead of him" '.[].state' behind
told "he is told what to do" \
	'.[].text | test("^carries [0-9a-f]{7} by .*which your HEAD lacks: git pull$")' true
check "--downgrade goes on" deploy n1 --yes --downgrade
told "which is a change" '.[].state' changed
cd ../acme || exit
check "the first, who knows nothing of it, has it again" deploy n1 --yes
told "by asking" '.[].state' changed
check_same "the node does what he says" four "$(words n1)"

mkfifo "$FLEET/n2/root/srv/gate" "$FLEET/n2/root/srv/begun"
say five
deploy n2 --yes > "$SCRATCH/first" 2> /dev/null &
first=$!
read -r -t 60 <> "$FLEET/n2/root/srv/begun"
cd ../colleague || exit
check_exit 3 "while one deploy is at work" deploy n2 --yes --downgrade
told "another finds the node locked" '.[].state' locked
told "and is told by whom" '.[].text | test(
	"^by [^ ]+@[^ ]+ \\(deploy [a-z0-9]{12}, [^)]+\\): wait, or --break-lock$")' true
check_exit 3 "nor may it go back meanwhile" keep --format=json rollback n2 --yes
told "which is locked, too" '.[].state' locked
cd ../acme || exit
timeout 60 sh -c "echo > '$FLEET/n2/root/srv/gate'"
wait "$first"
check_same "the first ends as if nothing had been" changed \
	"$(jq -rs '.[-1].result.nodes[].state' "$SCRATCH/first")"

# --- what is told of it ------------------------------------------------------------
check "the history has all of it" keep --format=json history -n 1
check_same "the last deploy, its commit, and its nodes" 'deploy n2 changed' \
	"$(jq -r '.[0] | [.verb, .nodes[].name, .nodes[].state] | join(" ")' "$OUT")"
check_same "the tree stays clean" '' "$(git status --porcelain)"
check "what happens on nodes is published" \
	grep -rqa "deploy/acme/n2/done" "$HOME/.local/state/keep/spool"
check_exit 1 "what a plan shows" keep --format=json plan all --offline
plan=$(jq -r '.result.id // .id' "$OUT")
check "is what a deploy of it does" deploy --plan "$plan"
told "on all of its nodes" 'length' 6
planned() {
	keep --format=json history -n 1 | jq -r '.[0].plan'
}
check_same "the history has its id" "$plan" "$(planned)"
check "a deploy without one" deploy all --yes
check_same "has that of the plan that would say the same" "$plan" "$(planned)"
say six
check_exit 4 "a plan that does not hold any more is refused" \
	deploy --plan "$plan"
