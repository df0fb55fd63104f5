#!/bin/bash
# A terminal shows what is at work: lines that are redrawn in place.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH
export TERM=xterm
mkfifo says
exec 3<> says

# live SIZE [TEXT ACTION]...: what stands on a terminal, while `keep try work`
# does what goes into says.
live() {
	timeout 20 "$TOP/t/terminal" "$@" -- \
		sh -c "exec keep ${KEEP_OPTIONS-} try work < says"
}
# tells LINE...: as an action.
tells() {
	printf "printf '%%s\\\\n'"
	printf " '%s'" "$@"
	printf ' > says'
}
end=$(tells '')
# shot N: the N-th picture, without its title, as if no time had passed.
shot() {
	awk -v n="$1" '/^--- /{ if (++i > n) exit; next } i == n' "$OUT" |
		sed -E 's/ [0-9 ]{3}s  /   0s  /'
}

echo 'does web1 connecting' >&3
check "what is at work is shown" live 24x80 connecting \
	"$(tells 'does web2 connecting' 'says web1 unpacking' 'all 3 9 2 changed, 1 failed')" \
	'3 of 9' "$(tells 'done web1' 'line web1: changed' 'says web2 checking')" \
	checking "$end"
check_same "a line for each thing" 'web1   0s  connecting' "$(shot 1)"
check_same "which says what it does now, and counts beneath" \
	"web1   0s  unpacking
web2   0s  connecting
3 of 9 done: 2 changed, 1 failed; 2 at work" "$(shot 2)"
check_same "what has ended scrolls above" \
	"web1: changed
web2   0s  checking
3 of 9 done: 2 changed, 1 failed; 1 at work" "$(shot 3)"
check_same "at the end only that stays" 'web1: changed
exit 0' "$(shot 4)"

printf '%s\n' 'does a x' 'does b x' 'does c x' 'does d x' 'does e last' >&3
check "more than the terminal has lines for" live 5x40 'not shown' \
	"$(tells 'done a' 'done b')" last 'resize 4x40' \
	'1 of them not' "$end"
check_same "is counted beneath those that are longest at work" \
	"a   0s  x
b   0s  x
c   0s  x
5 at work, 2 of them not shown" "$(shot 1)"
check_same "there is room again for others" "c   0s  x
d   0s  x
e   0s  last" "$(shot 2)"
check_unlike "a terminal that becomes smaller is heeded" '^fault|^never'

long=$(printf 'x%.0s' {1..200})
echo "does node-with-a-name-that-is-long $long" >&3
check "a line is cut" live 24x40 xxx "$(tells "says naïve ünï日本語日本語日本語日本語日本語日本語日本語")" \
	ünï 'resize 24x30' 'node-with  ' "$end"
check_same "to the columns of the terminal" "node-with-a-n   0s  xxxxxxxxxxxxxxxxxxx" "$(shot 1)"
check_same "which characters take two of" \
	"naïve           0s  ünï日本語日本語日本" "$(shot 2 | sed 1d)"
check_same "also when that becomes narrower" "naïve       0s  ünï日本語日本" \
	"$(shot 3 | sed 1d)"
check_same "no line is broken" '' "$(grep '^fault' "$OUT")"

printf 'says bad \33[2J\33]0;x\7\302\2335m\tbytes\377\n' >&3
check "what would command the terminal" live 24x80 bytes "$end"
check_same "does not" 'bad   0s  ?[2J?]0;x???5m bytes?' "$(shot 1)"
check_unlike "reach it" '^fault'

{
	echo 'does a'
	printf 'says a line %d\nsays b hi\n' {1..14}
	printf '%s\n' 'failed a' 'line a: failed' 'done b' ''
} >&3
check "what failed" live 24x80
check_same "shows its last words" "$(printf 'a: line %d\n' {3..14})
a: failed
exit 0" "$(shot 1)"

printf '%s\n' 'does a x' 'warn careful' 'fail' >&3
check "a warning and an error" live 24x80
check_same "stand alone" 'keep: warning: careful
keep: it fails
exit 4' "$(shot 1)"
echo 'verb evaluating' >&3
check "a verb" live 24x80 evaluating "$end"
check_same "says how far it is, too" evaluating "$(shot 1)"
check_same "until it ends" 'exit 0' "$(shot 2)"
echo 'does a x' >&3
check "Ctrl-C" live 24x80 'a   ' 'keys ^C'
check_same "leaves nothing of it" 'keep: cancelled
killed by 2' "$(shot 2 | tail -n 2)"

with() {
	local -x "$1"
	live 24x80
}
for quiet in TERM=dumb TERM= KEEP_OPTIONS=-q KEEP_OPTIONS=--format=json; do
	printf '%s\n' 'does a x' 'says a y' 'all 1 1' 'failed a' 'line told' '' >&3
	check "with $quiet" with "$quiet"
	check_unlike "there are no such lines" '^a|1 of'
	check_like "but what is told is told" told
done
printf '%s\n' 'does a x' 'all 1 1' 'line told' '' >&3
check "without a terminal there are none" keep try work < says
check_same "but what is told" told "$(cat "$OUT")"
check_same "and nothing else" '' "$(cat "$ERR")"
printf '%s\n' 'does a x' 'line told' 'says a y' >&3
check "what is told may go to a file" timeout 20 "$TOP/t/terminal" 24x80 y "$end" -- \
	sh -c 'exec keep try work < says > told'
check_same "and is there" told "$(cat told)"
check_same "while the terminal shows what is at work" 'a   0s  y' "$(shot 1)"
