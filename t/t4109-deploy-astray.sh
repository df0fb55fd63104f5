#!/bin/bash
# keep deploy where one node is hostile, or an earlier deploy is still at work:
# neither is another node's trouble.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2
fleet_up -c 'ForceCommand /srv/evil' evil1
fleet_acme web1 web2 evil1
recipe_at_gate << 'END'
echo "$KEEP_word" >> /srv/words
[ "$KEEP_word" != bad ] && ! [ -e /srv/broken ]
END
echo '{"word": "hello"}' > services/site.json
for node in web1 web2; do keep -q node set $node services=site; done

# say WORD: a change of web1 and web2.
say() {
	echo "{\"word\": \"$1\"}" > services/site.json
	commit
}
# evil: what the hostile node runs, on stdin.
evil() {
	cat > "$FLEET/evil1/root/srv/evil"
	chmod 755 "$FLEET/evil1/root/srv/evil"
}
states='map(.node + " " + .state) | join(", ")'

# --- a node that answers anything -------------------------------------------------
none='this is no manifest'
id=$(echo "$none" | sha256sum | cut -d' ' -f1)
evil << END
#!/bin/sh
printf '\nK1 need $id none x@y 5\n$none\nK1 send\n'
exit 3
END
commit
for word in one two; do
	say $word
	check_exit 3 "a manifest that is none fails its node" deploy all --yes
	told "alone ($word)" "$states" 'evil1 failed, web1 changed, web2 changed'
done
say three
check_exit 3 "what it sent is not planned with" keep --format=json plan all
check_same "others are" 'evil1 failed, web1 changes, web2 changes' \
	"$(jq -rs '.[-1].nodes | map(.name + " " + .state) | join(", ")' "$OUT")"

evil << END
#!/bin/sh
printf '\nK1 need $id none x@y 5\n'
yes 'a manifest without an end, of which no more is taken than fits' |
	head -c 70000000
exit 3
END
check_exit 3 "one without an end does so, too" deploy all --yes
told "alone" "$states" 'evil1 failed, web1 changed, web2 changed'

evil << 'END'
#!/bin/sh
seq 5000 | sed 's/.*/1700000000 & 22 abc dep& u@h ok/'
END
check "of a journal without an end" \
	keep --format=json history --live evil1 -n 5000
check_same "as much is taken as was asked for" 2000 "$(jq length "$OUT")"

# --- an earlier deploy --------------------------------------------------------------
# killed WORD: a deploy of it, at work on web1, whose client is gone; sets id.
killed() {
	say "$1"
	gate web1
	keep deploy web1 --yes > "$SCRATCH/killed" 2>&1 &
	at_gate web1
	kill -9 $!
	wait $! 2> /dev/null
	id=$(basename "$(ls -t .keep/deploys/* | head -n 1)")
}
# resumed WORD: it is gone on with when HEAD is that.
resumed() {
	say "$1"
	deploy --resume "$id" --yes > "$OUT" 2> "$ERR"
}

killed bad
say good
: > "$SCRATCH/resumed"
deploy --resume "$id" --yes > "$SCRATCH/resumed" 2>&1 &
resumes=$!
sh -c 'until grep -q . "$1"; do :; done' sh "$SCRATCH/resumed"
open_gate web1
check "what is gone on with from another HEAD ends first" wait $resumes
cp "$SCRATCH/resumed" "$OUT"
check_like "which is told" "deploy $id failed"
told "then ours begins" "$states" 'web1 changed'
check_same "and is there" good "$(words web1)"
killed four
open_gate web1
sh -c 'until grep -q " $1 .* ok$" "$2"; do :; done' sh "$id" \
	"$FLEET/web1/root/var/lib/keep/journal"
check "also when it ended long ago" resumed five
check_like "as is told" "deploy $id did what it should"
check_same "and ours is there" five "$(words web1)"

killed six
say seven
check_exit 3 "who waits for another deploy does so for --timeout" \
	timeout 30 "$(command -v keep)" --format=json deploy web1 --yes --timeout 1s
told "and did not begin" '.[] | .state + ": " + .text' \
	"locked: deploy $id may still be at work: the command is not done in time: it may go on there (--timeout waits longer)"
open_gate web1
check "when it is over" deploy web1 --yes
check_same "ours is there" seven "$(words web1)"

# --- a node that works, and is another ------------------------------------------------
say eight
gate web1
deploy web1 --yes > "$SCRATCH/eight" 2>&1 &
works=$!
at_gate web1
cp "$FLEET/web1/root/etc/ssh/host_key" "$SCRATCH/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$SCRATCH/other"
cat "$SCRATCH/other" > "$FLEET/web1/root/etc/ssh/host_key"
{ on_node web1 sh -c 'for p in /proc/[0-9]*; do
	grep -qs "sshd: root" $p/cmdline && kill -9 ${p#/proc/}; done'; } 2> /dev/null
check_exit 3 "a node that comes back with another host key" wait $works
cp "$SCRATCH/eight" "$OUT"
told "may be at work" "$states" 'web1 running'
check_like "and it is told that it is another" 'it may be at work: .*host key'
cat "$SCRATCH/host_key" > "$FLEET/web1/root/etc/ssh/host_key"
open_gate web1
check "when it is itself again" deploy web1 --yes
check_same "it has what it should" eight "$(words web1)"

# --- a rollback that is at work -------------------------------------------------------
gate web1
keep rollback web1 --yes > "$SCRATCH/back" 2>&1 &
works=$!
at_gate web1
check_exit 3 "a rollback that is at work" deploy web1 --yes
told "has the lock" "$states" 'web1 locked'
check_unlike "and is not said to be over" 'is over'
check_exit 3 "as which it is shown" keep node status web1
check_like "while it runs" '^web1 +running '
open_gate web1
check "until it is done" wait $works

# --- what was there before is broken, too ---------------------------------------------
: > "$FLEET/web1/root/srv/broken"
say nine
check_exit 3 "where nothing works any more" deploy web1 --yes
told "it is told what failed, and then that" '.[].text' \
	'site: apply: exit status 1; it was taken back, but what was there before fails, too'
