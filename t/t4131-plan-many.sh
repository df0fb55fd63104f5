#!/bin/bash
# tags: slow
# keep plan of many nodes, and of files that are not meant well.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent
git config --global user.name ada
git config --global user.email ada@example.org
names=$(printf 'n%02d ' $(seq 50))
# shellcheck disable=SC2086 # one word a node
fleet_up $names
keep init acme > "$OUT"
cd acme || exit
# shellcheck disable=SC2086
fleet_add $names
mkdir -p services recipes/site
cat > services/site.json << 'END'
{"pw": "= secret('site')", "own": "= secret('own.' + self.name)", "word": "hello",
 "files": {"/srv/page": {"text": "= self.word + '\n'"},
           "/srv/conf": {"text": "= 'pw=' + self.pw + '\nword=' + self.word"},
           "/srv/odd": {"source": "odd"}}}
END
echo true > recipes/site/apply
echo plain > files/odd
for node in $names; do
	keep -q node set "$node" services=site
done
commit() {
	keep -q compile && git add -A && git commit -qm change
}
# hidden TITLE FILE...: no secret is in the output, in the files, or below
# them.
hidden() {
	local title=$1
	shift
	jq -r '.[] | .[]' secrets.dev.json > ../values
	cat "$OUT" "$ERR" > ../shown
	check_exit 1 "$title" grep -rFf ../values ../shown "$@"
}
commit
check "fifty nodes get a generation" keep -q deploy all --yes
check "there is nothing to be done then" keep plan all

# --- the same on all ---------------------------------------------------------------
# what a node's processes are called, whenever a shell begins there
mkdir -p "$FLEET/n07/root/root"
echo 'cat /proc/[0-9]*/cmdline >> /srv/argv' > "$FLEET/n07/root/root/.bashrc"
sed -i 's/"hello"/"bye"/' services/site.json
keep -q node set n33 'extra={"on": "n33 alone"}'
keep -q compile
check_exit 1 "a change of fifty nodes is one" keep plan all
check_like "with their number" '^files/srv/page changes, the same on 50 nodes: n01 n02 n03 n04 n05 \.\.\.$'
check_same "shown once" 1 "$(grep -c '^-hello$' "$OUT")"
check_like "a file with secrets, too, by their names" \
	'^files/srv/conf changes, the same on 50 nodes: '
check_like "what one has beside it is told of that one" \
	'^config.json changes, on 1 node: n33$'
check_like "and of all the others" '^config.json changes, the same on 49 nodes: '
hidden "no secret is in it" .keep
check_like "the node was asked by its script" 'K1' "$FLEET/n07/root/srv/argv"
hidden "which no secret is an argument of" "$FLEET/n07/root/srv/argv"
rm "$FLEET/n07/root/root/.bashrc"
before=$(find "$FLEET"/n0?/root/var/lib/keep | sort | sha256sum)
check_exit 1 "a plan can be made again" keep --format=json plan all
check_same "and leaves nodes as they are" "$before" \
	"$(find "$FLEET"/n0?/root/var/lib/keep | sort | sha256sum)"
check_same "each node is told" 50 "$(jq -rs '.[-1].nodes | length' "$OUT")"
check_same "and named with each change" 50 "$(jq -rs '[.[-1].changes[] |
	select(.path == "config.json") | .nodes[]] | unique | length' "$OUT")"
git checkout -q .

# --- files that are not meant well ---------------------------------------------------
# odd TITLE REGEX: what a plan of n01 says to the file that stands there.
odd() {
	keep -q compile
	check_exit 1 "$1 is a change" keep plan n01
	check_like "$1 is told" "$2"
	check_exit 1 "$1 moves no terminal" grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$OUT"
	check_same "$1 breaks no character" "" "$(iconv -f UTF-8 -t UTF-8 "$OUT" 2>&1 > /dev/null)"
}
printf '\033]0;title\007\033[2J\r+fake\n' > files/odd
odd "a text of control characters" '^\+\\x1b\]0;title\\x07\\x1b\[2J\\x0d\+fake$'
printf 'a\0b\n' > files/odd
odd "a file of bytes" '^files/srv/odd changes \(no text\)'
printf '\xff\xfe\n' > files/odd
odd "a text in no encoding" '^files/srv/odd changes \(no text\)'
head -c 4000000 /dev/zero | tr '\0' 'x' | fold -w 99 > files/odd
odd "a file of 4 MB" '^files/srv/odd changes \(too large for a diff\)'
seq 100000 > files/odd
odd "a long diff" '^files/srv/odd changes \(the diff is cut here\)'
check_same "which is cut" yes "$([ "$(wc -c < "$OUT")" -lt 100000 ] && echo yes)"
printf '\xe2\x80\xaehidden\n@@ -1 +1 @@\n' > files/odd
odd "a text that turns around" '^\+\\u202ehidden$'
git checkout -q .

# --- what a colleague did ------------------------------------------------------------
sed -i 's/"hello"/"bye"/' services/site.json
commit
check "a colleague deploys" keep -q deploy n01 --yes
git reset -q --hard HEAD~1
git gc -q --prune=now 2> /dev/null
check_exit 1 "what they did is a change back" keep plan n01
check_like "and told to be theirs" \
	'^changes: n01: it carries [0-9a-f]{40}, which your HEAD lacks: git pull$'
