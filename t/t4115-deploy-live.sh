#!/bin/bash
# keep deploy and its like at a terminal: what a person sees while they run.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
export TERM=xterm NO_COLOR=1
fleet_up n1 n2 n3
fleet_acme n1 n2 n3
mkdir -p services recipes/site
echo '{}' > services/site.json
cat > recipes/site/apply << 'END'
. "$KEEP_DIR/config.sh"
printf 'unpacking %s\33[2J\n' "$KEEP_word"
[ -p /srv/gate ] || exit 0
echo > /srv/begun
read -r _ < /srv/gate
echo 'the last word'
[ "$KEEP_word" != broken ]
END
for node in n1 n2 n3; do
	keep -q node set "$node" services=site
done
keep -q node init all > /dev/null
# n1 waits at its gate, which is there until it is opened.
cat > ../open << 'END'
read -r _ < begun && mv gate was && echo 1<> was
END
mkfifo "$FLEET"/n1/root/srv/{begun,was}
open="cd $FLEET/n1/root/srv && timeout 20 sh $PWD/../open"
# say WORD: a change of all nodes.
say() {
	echo "{\"word\": \"$1\"}" > services/site.json
	mv "$FLEET"/n1/root/srv/{was,gate}
	keep -q compile && git add -A && git commit -qm "$1"
}
live() {
	timeout 100 "$TOP/t/terminal" 24x120 "$@"
}
# shot N: the N-th picture, without its title and times.
shot() {
	awk -v n="$1" '/^--- /{ if (++i > n) exit; next } i == n' "$OUT" |
		sed -E 's/ [0-9 ]{3}s  /   0s  /; s/ +[0-9]+\.[0-9]s/ 0.0s/'
}

say one
check "a deploy at a terminal" live '2 of 3' "$open" -- keep deploy all --yes
check_like "shows a line of the node that is at work" \
	'^n1 +[0-9]+s  unpacking one\\x1b\[2J$'
check_like "beneath a line of each that is done" '^n2: changed$'
check_like "and counts" '^2 of 3 done: 2 changed; 1 at work$'
check_same "at the end a line of each is left, and the table" 'n1  changed 0.0s
n1: changed
n2  changed 0.0s
n2: changed
n3  changed 0.0s
n3: changed' "$(shot 2 | grep '^n' | LC_ALL=C sort)"
check_unlike "nothing of a node commands the terminal" '^fault'
check_same "and nothing more" 0 "$(shot 2 | grep -c 'at work\|unpacking')"

say broken
check "a node that fails" live '2 of 3' "$open" -- keep deploy all --yes
check_like "has what it said last" '^n1: the last word$'
check_like "before how it ended" '^n1: rolled_back: site: apply: exit status 1: the last word$'
check_like "and tells where all is" "^all that n1 printed: keep run n1 -- 'cat "
say three
check "without a terminal" sh -c "($open) & keep deploy all --yes 2>&1 | cat"
check_like "there is a line for each event" '^n1: unpacking three'
check_unlike "which is not redrawn" $'\33|\r|of 3'
mv "$FLEET"/n1/root/srv/{was,gate}
check "a rollback" live 'at work' "$open" -- keep rollback n1 n2 --yes
check_like "is shown, too" '^n1 +[0-9]+s'

# --- Ctrl-C --------------------------------------------------------------------
say four
check "Ctrl-C once, and then what runs ends" live 'n1 ' 'keys ^C' 'no more nodes' \
	"$open" -- keep deploy all --yes -j 1
check_same "as a shell expects it" 'killed by 2' "$(tail -n 1 "$OUT")"
check_same "the command that goes on is told at once, and at the end" 2 \
	"$(shot 3 | grep -c 'to go on: keep deploy --resume [a-z0-9]\{12\}$')"
check_same "no other node began" 'n1  changed 0.0s
n2  skipped 0.0s  not begun: cancelled
n3  skipped 0.0s  not begun: cancelled' "$(shot 3 | grep '^n[123]  ')"
say five
check "Ctrl-C twice" live 'n1 ' 'keys ^C' 'no more nodes' 'keys ^C' -- \
	keep deploy n1 n2 --yes -j 1
check_same "ends, too" 'killed by 2' "$(tail -n 1 "$OUT")"
check_like "does not wait for a node" \
	'^n1 +running +[0-9.]+s +it goes on by itself: nobody waited for its end$'
check_same "tells twice how to go on" 2 \
	"$(shot 3 | grep -c 'to go on: keep deploy --resume')"
id=$(sed -n 's/.*--resume //p' "$OUT" | tail -n 1)
check_same "and leaves in the history what it did" "$id running" \
	"$(keep --format=json history n1 | jq -r '.[0] | .deploy + " " + .nodes[0].state')"
sh -c "$open"
check "it is gone on with" keep --format=json deploy --resume "$id" --yes
check_same "where the node has done its work" 'changed changed' \
	"$(jq -rs '.[-1].result.nodes | map(.state) | join(" ")' "$OUT")"
mv "$FLEET"/n1/root/srv/{was,gate}
check "keep run" live '2 of 3 done' "$open" -- keep run all -- \
	'echo "on $(hostname)"; [ ! -p /srv/gate ] || { echo > /srv/begun; read -r _ < /srv/gate; }'
check_like "shows who is still at work" '^n1 +[0-9]+s  on n1$'
check_like "beneath what all have printed" '^n2: on n2$'
check_like "and counts" '^2 of 3 done; 1 at work$'
check_same "which is gone at its end" 0 "$(shot 2 | grep -c 'at work')"
check "a plan" live -- keep plan all
check_unlike "leaves nothing of it either" 'at work|[0-9]s  '
