#!/bin/bash
# keep deploy on bad days: it is killed, the link breaks, the disk is full, a
# change locks us out, a deploy is cancelled. And what of it all others can see.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up n1 n2 n3 m1
fleet_up -n far1
fleet_up -s 2m small
fleet_acme n1 n2 n3 m1 far1 small
mkdir -p files
recipe_at_gate << 'END'
cat "$KEEP_DIR/secret/pw" > /srv/pw
[ "$KEEP_word" != hang ] || sleep 1000
if [ "$KEEP_word" = lockout ]; then
	mv /root/.ssh/authorized_keys /root/.ssh/away
elif [ -e /root/.ssh/away ]; then
	mv /root/.ssh/away /root/.ssh/authorized_keys
fi
echo "$KEEP_word" >> /srv/words
END
# say WORD: a change of all nodes.
say() {
	echo "{\"word\": \"$1\", \"pw\": \"= secret('site')\"}" \
		> services/site.json
	keep -q compile && git add -A && git commit -qm "$1"
}
# whole NODE: current is a complete generation, whose MANIFEST is its name.
whole() {
	(cd "$FLEET/$1/root/var/lib/keep/current/" &&
		[ "$(sha256sum < MANIFEST)" = \
			"$(basename "$(readlink ../../current)")  -" ] &&
		sed -n 's/^0644 [0-9]* \([0-9a-f]*\) /\1  /p' MANIFEST |
		sha256sum -c --quiet)
}
echo '{}' > services/site.json
for node in n1 n2 n3 m1 far1; do
	keep -q node set "$node" services=site
done
say hello
check "nodes to work on" deploy n1 n2 n3 far1 m1 --yes

say lockout
: > "$SCRATCH/magic"
deploy m1 --magic --yes > "$SCRATCH/magic" 2> "$ERR" &
magic=$!
grep -q -m 1 started <(tail -f --pid=$magic "$SCRATCH/magic")

# --- killed ----------------------------------------------------------------------
say one
gate n1
keep deploy n1 --yes > "$SCRATCH/killed" 2>&1 &
killed=$!
at_gate n1
kill -9 $killed
wait $killed 2> /dev/null
: > "$SCRATCH/next"
deploy n1 --yes > "$SCRATCH/next" 2> "$SCRATCH/next.err" &
next=$!
grep -q -m 1 'is still at work' <(tail -f --pid=$next "$SCRATCH/next")
open_gate n1
wait $next
check_same "keep is killed: the node goes on, and the next deploy waits for it" 0 $?
check_same "without breaking a lock, and finds that it is done" unchanged \
	"$(jq -rs '.[-1].result.nodes[].state' "$SCRATCH/next")"
check_same "it was done once" one "$(words n1)"
check "it is whole" whole n1

say two
gate n1
keep deploy n1 n2 --yes > "$SCRATCH/killed" 2>&1 &
killed=$!
at_gate n1
kill -9 $killed
wait $killed 2> /dev/null
open_gate n1
id=$(basename "$(ls -t .keep/deploys/* | head -n 1)")
check "after its end it can be gone on with" deploy --resume "$id" --yes
told "and its result is told" 'map(.state) | unique | inside(["changed", "unchanged"])' true
check_same "the node did it once" 1 \
	"$(grep -c two "$FLEET/n1/root/srv/words")"

# --- the link ----------------------------------------------------------------------
say three
gate far1
deploy far1 --yes > "$OUT" 2> "$ERR" &
at_gate far1
{ on_node far1 sh -c 'for p in /proc/[0-9]*; do
	grep -qs "sshd: root" $p/cmdline && kill -9 ${p#/proc/}; done'; } 2> /dev/null
open_gate far1
wait $!
check_same "a connection that breaks is joined again" changed \
	"$(jq -rs '.[-1].result.nodes[].state' "$OUT")"
check_same "and the node did it once" 1 \
	"$(grep -c three "$FLEET/far1/root/srv/words")"
check "it is whole" whole far1

# --- the disk ----------------------------------------------------------------------
head -c 4m /dev/zero > "$FLEET/small/root/fill" 2> /dev/null
check_exit 3 "a node whose disk is full fails" deploy small --yes
told "and says why" '.[] | .state + ": " + .text' 'failed: its disk is full'
check_exit 1 "it has no half of a generation" \
	test -e "$FLEET/small/root/var/lib/keep/current"
rm "$FLEET/small/root/fill"
check "with room it is deployed" deploy small --yes

# --- cancelled -----------------------------------------------------------------------
git init -q --bare ../origin.git && git remote add origin ../origin.git
say four
git push -qu origin HEAD
gate n1
check "Ctrl-C lets a node finish that has begun" env \
	THEN="cd $FLEET/n1/root/srv && cat begun > /dev/null && echo > gate" \
	"$TOP/t/signalled" out CONT,INT keep --format=json deploy n1 n2 n3 --yes -j 1
rm "$FLEET"/n1/root/srv/{gate,begun}
check_same "and ends as a shell expects it" 'killed by 2' "$(tail -n 1 "$OUT")"
check_like "how to go on is told at once" \
	'^{"item":{"node":"","what":"output","text":"keep deploy --resume '
sed -i "\$d" "$OUT"
check_same "what was done is pushed yet" "$(git for-each-ref refs/keep/history)" \
	"$(git -C ../origin.git for-each-ref refs/keep/history)"
told "no other is begun" 'map(.state) | join(" ")' 'changed skipped skipped'
id=$(jq -rs '.[-1].result.deploy' "$OUT")
check "it is gone on with" deploy --resume "$id" --yes
told "on the others" 'map(.node + .state) | join(" ")' 'n2changed n3changed'
git remote set-url origin ssh://127.0.0.1/nowhere
# stops TIMES: a deploy that is told so often to end.
stops() {
	local stopped
	: > "$SCRATCH/said"
	gate n1
	GIT_SSH_COMMAND="touch $SCRATCH/asked; false" keep deploy n1 --yes \
		--unpushed > "$SCRATCH/said" 2>&1 &
	stopped=$!
	at_gate n1
	kill $stopped
	grep -q -m 1 'deploy --resume' <(tail -f --pid=$stopped "$SCRATCH/said")
	if [ "$1" = 1 ]; then
		open_gate n1
		wait $stopped
	else
		kill $stopped
		wait $stopped
		open_gate n1
	fi 2> /dev/null
}
say once
stops 1
check "the remote is asked when a deploy ends early" test -e "$SCRATCH/asked"
rm -f "$SCRATCH/asked"
say twice
stops 2
check_exit 1 "not when it is stopped" test -e "$SCRATCH/asked"
check_like "which is told" 'not pushed: stopped' "$SCRATCH/said"
git remote remove origin

# --- locks, and scripts that hang ------------------------------------------------------
echo 'abcdefghij12 bob@desk 1 another-boot 1 1' > "$FLEET/n2/root/var/lib/keep/lock"
say five
check "a lock of another boot holds nobody up" deploy n2 --yes
told "the node is changed" '.[].state' changed
check_exit 1 "and the lock is gone" test -e "$FLEET/n2/root/var/lib/keep/lock"
gate n1
deploy n1 --yes > "$SCRATCH/first" 2> "$ERR" &
first=$!
at_gate n1
rm "$FLEET"/n1/root/srv/{gate,begun}
say six
check "a lock that is held can be broken" deploy n1 --yes --break-lock
check_like "whose it was is told" 'the lock of [^ ]+@[^ ]+ \(deploy [a-z0-9]{12}, [^)]+\) is broken'
told "and the node is changed" '.[].state' changed
wait $first
check_same "who lost it does not say that he did it" 0 \
	"$(grep -c '"state":"changed"' "$SCRATCH/first")"
check "it is whole" whole n1
say hang
check_exit 3 "a recipe that hangs is ended" deploy n2 --yes --timeout 1s
told "and taken back" '.[] | .state + ": " + .text' \
	'rolled_back: site: apply: it took too long, or was killed'
check_same "the node is what it was" five "$(words n2)"
say seven

# --- what others see -----------------------------------------------------------------
secret=$(jq -r '.default.site' secrets.dev.json)
rm -r .keep "$FLEET"/n3/root/var/lib/keep
gate n3
deploy n3 --yes > "$OUT" 2> "$ERR" &
while kill -0 $! 2> /dev/null && [ ! -s "$SCRATCH/there" ]; do
	cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ
	[ ! -e "$FLEET/n3/root/var/lib/keep/lock" ] || echo > "$SCRATCH/there"
done > "$SCRATCH/seen" 2> /dev/null
at_gate n3
cat /proc/[0-9]*/cmdline >> "$SCRATCH/seen" 2> /dev/null
open_gate n3
wait $!
check_same "a secret reaches its node" "$secret" "$(cat "$FLEET/n3/root/srv/pw")"
check "who lists processes sees the deploy" grep -qa K1 "$SCRATCH/seen"
check_exit 1 "but no secret" grep -qaF "$secret" "$SCRATCH/seen"
check_exit 1 "nor is one in what is kept or told" \
	grep -rqaF "$secret" .keep "$OUT" "$ERR" compiled .git "$HOME/.local"

# --- locked out ------------------------------------------------------------------------
wait $magic
check_same "a change that locks us out is taken back by the node" rolled_back \
	"$(jq -rs '.[-1].result.nodes[].state' "$SCRATCH/magic")"
check "and it lets us in again" keep run m1 -- true
check_same "it is what it was" hello "$(words m1)"
check "who is reached anew stays changed" deploy m1 --magic --yes
told "as changed" '.[].state' changed
