#!/bin/bash
# tags: slow sweep
# keep deploy, and in the middle of it: power, links, runners, disks, colleagues.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
. "$TOP/t/lib-faults.sh"
faults_begin n1 n2
fleet_up -n far1
fleet_up -s 2m small
fleet_up -c 'MaxStartups 1:100:1
LogLevel VERBOSE' busy
fleet_add far1 small busy
for name in far1 small busy; do
	keep -q node set $name services=site
done
say all
check "more nodes to work on" keep -q deploy all --yes

# told TITLE FILTER WANT: what jq makes of the nodes of the result.
told() {
	check_same "$1" "$3" "$(jq -rs ".[-1].result.nodes | $2" "$OUT")"
}
# begins NODE [OPTION...]: a deploy of it that is in the middle of the recipe;
# ends STATUS TITLE: it exits so.
begins() {
	gates "$1"
	keep --format=json deploy "$@" --yes > "$SCRATCH/begun" 2> "$ERR" &
	BEGUN=$!
	at_gates "$1"
}
ends() {
	local status=0
	wait $BEGUN || status=$?
	cp "$SCRATCH/begun" "$OUT"
	check_same "$2" "$1" "$status"
}
# holds NODE WORD: what is true of it at any time, and what it was made.
holds() {
	check "it is whole" whole "$1"
	check "what it says of itself is true" truth "$1"
	check_same "it is what it should be" "$2" \
		"$(tail -n 1 "$FLEET/$1/root/srv/words")"
}
# next NODE STATE: a deploy that needs no help.
next() {
	check "the next deploy needs no help" keep --format=json deploy "$1" --yes
	told "and finds what is to be done" '.[].state' "$2"
	holds "$1" "$WORD"
	check_exit 1 "no lock is left" test -e "$(root_of "$1")/lock"
}

# --- the link goes down, silently ---------------------------------------------------
say moment
begins far1
fleet_cut far1
open_gates far1
fleet_join far1
ends 0 "a link that is down for a moment loses nothing"
told "of what is done" '.[].state' changed
holds far1 moment
say link
begins far1 --timeout 3s
fleet_cut far1
open_gates far1
if [ -n "${SWEEP_K-}" ]; then # two minutes
	ends 3 "a node that falls silent is not waited for without end"
	told "it may be at work" '.[] | .state + ": " + .text[:17]' \
		'running: it may be at work'
else
	{ kill -KILL $BEGUN && wait $BEGUN; } 2> /dev/null
fi
fleet_join far1
next far1 unchanged

# --- the power goes ------------------------------------------------------------------
say power
begins n1
fleet_down n1
rm "$FLEET"/n1/up/srv/{gate,begun}
fleet_up n1
ends 3 "a node that loses power has failed"
told "which is found out when it is up again" '.[].state' failed
check "it is whole" whole n1
next n1 changed

# --- somebody ends what works there ---------------------------------------------------
say runner
begins n2
read -r _ _ _ _ pid _ < "$(root_of n2)/lock"
on_node n2 kill -KILL -- "-$pid"
ends 3 "a runner that is killed is told"
told "as that" '.[] | .state + ": " + .text' \
	'failed: it took too long, or was killed'
rm "$FLEET"/n2/root/srv/{gate,begun}
check "it is whole" whole n2
check "it is gone on with" keep --format=json deploy --yes \
	--resume "$(jq -rs '.[-1].result.deploy' "$SCRATCH/begun")"
told "at once" '.[].state' changed
holds n2 runner
say both
begins n2
read -r id _ _ _ pid _ < "$(root_of n2)/lock"
{ kill -KILL $BEGUN && wait $BEGUN; } 2> /dev/null
on_node n2 kill -KILL -- "-$pid"
rm "$FLEET"/n2/root/srv/{gate,begun}
check "also when keep was killed, too" \
	keep --format=json deploy --yes --resume "$id"
told "at once" '.[].state' changed
holds n2 both

# --- the disk is full in the middle ------------------------------------------------------
head -c 400000 /dev/urandom | base64 > files/large
keep -q node set small 'files."/etc/large"={"source": "large"}'
say full
free=$(df --output=avail -B1 "$FLEET/small" | tail -n 1)
head -c $((free - 900000)) /dev/zero > "$FLEET/small/root/fill"
check_exit 3 "a disk that fills up in the middle is a failure" \
	keep --format=json deploy small --yes
told "and the node is what it was" '.[].state' rolled_back
holds small all
rm "$FLEET/small/root/fill"
next small changed

# --- an sshd that has no room ---------------------------------------------------------------
say room
read -r -a at < "$FLEET/busy/at"
exec {held}<> "/dev/tcp/${at[0]}/${at[1]}"
read -r -u "$held" _
keep --format=json deploy busy --yes {held}>&- > "$SCRATCH/begun" 2> "$ERR" &
BEGUN=$!
grep -q -m 1 'drop connection' \
	<(tail -f -n +1 --pid=$BEGUN "$FLEET/busy/up/var/log/sshd.log")
exec {held}>&-
ends 0 "a busy node is asked again"
told "and gets its change" '.[].state' changed
holds busy room

# --- two at once --------------------------------------------------------------------------
say base
check "both begin with the same" keep -q deploy n1 n2 --yes
cp -a . ../colleague
good=1
for round in 1 2 3 4 5; do
	git -C ../colleague pull -q --no-rebase "$PWD" main
	(cd ../colleague && say "theirs$round" &&
		keep --format=json deploy n1 n2 --yes) \
		> "$SCRATCH/theirs" 2> /dev/null &
	say "ours$round"
	keep --format=json deploy n1 n2 --yes > "$OUT" 2> "$ERR"
	wait $!
	states=$(jq -rs '.[-1].result.nodes[].state' "$OUT" "$SCRATCH/theirs" | sort -u)
	for name in n1 n2; do
		whole "$name" && truth "$name" || good=
	done
	[ -z "$(echo "$states" | grep -vx 'changed\|locked\|behind')" ] || good=
	[ -n "$good" ] || break
	git fetch -q ../colleague main && git merge -q -X ours FETCH_HEAD > /dev/null 2>&1
	say "both$round"
	keep --format=json deploy n1 n2 --yes > "$OUT" 2> "$ERR" || good=
done
check_same "two who deploy at the same moment do not mix ($states)" 1 "$good"
holds n1 both5
holds n2 both5

# --- a service leaves -------------------------------------------------------------------------
echo 'echo left >> /srv/left' > recipes/site/remove
say leaves
check "a service that can be removed" keep -q deploy n1 --yes
mkdir recipes/other
echo 'exit 3' > recipes/other/apply
echo '{}' > services/other.json
keep -q node set n1 services=other
keep -q compile && git add -A && git commit -qm other
check_exit 3 "where what comes in its place fails" \
	keep --format=json deploy n1 --yes
told "it comes back" '.[].state' rolled_back
check_same "after it had left" left "$(cat "$FLEET/n1/root/srv/left")"
holds n1 leaves
echo true > recipes/other/apply
keep -q compile && git add -A && git commit -qm other
check "it leaves" keep --format=json deploy n1 --yes
check_same "once more" 2 "$(wc -l < "$FLEET/n1/root/srv/left")"
check "it is whole" whole n1
