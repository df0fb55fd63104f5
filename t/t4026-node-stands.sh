#!/bin/bash
# What stands on a node where nobody expects it, or does not any more: a
# generation that was written to, or is gone, and links in the place of files.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

etc=$NODE/etc
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/one" 'one'
add_file "$SCRATCH/a" "$etc/two" 'two'
A=$(seal "$SCRATCH/a")
begin "$SCRATCH/b"
add_file "$SCRATCH/b" "$etc/one" 'another'
add_file "$SCRATCH/b" "$etc/two" 'two'
B=$(seal "$SCRATCH/b")
gen=$NODE/root/gen

# --- generations ---------------------------------------------------------------
check "a generation" push "$A" none d1
check "another" push "$B" "$A" d2
check "and the first again" push "$A" "$B" d3
echo 'damaged' > "$gen/$B/files$etc/one"
check "one that is there, and was written to, comes anew" push "$B" "$A" d4
check_same "so that its file is right" another "$(cat "$etc/one")"
check "and it is whole" whole "$NODE/root"

echo 'damaged' > "$gen/$B/files$etc/one"
echo 'damaged' > "$etc/one"
sed -i 's/ 0 / 1 /' "$NODE/root/applied"
check_exit 3 "of the one that it has nothing is right, either" push "$B" "$B" d5
check_same "so that all of it is wanted" 'K1 need none' "$(grep '^K1' "$OUT")"
check "it comes" push "$B" none d6 any
check_same "and is put" another "$(cat "$etc/one")"
check "whole" whole "$NODE/root"

# started WANT CURRENT: as by a runner that has just found both.
started() (
	cd "$NODE/root" &&
		perl "gen/$2/run" start "$1" "$2" d7 ada@desk c0ffee1 ''
)
mv "$gen/$A" "$SCRATCH/gone"
check_exit 3 "one that goes before the lock is taken is not begun" \
	started "$A" "$B"
check_like "it is wanted" "^K1 need $B "
check_same "and all files stay" "$(printf '%s\n' one two)" "$(ls "$etc")"
check "as does the generation" whole "$NODE/root"
mv "$SCRATCH/gone" "$gen/$A"

none=$(printf '1%.0s' {1..42})
check_exit 5 "one that never was is nothing to go back to" \
	on_node "$none" none d8 find,previous
check_same "which is told once, however long its name" \
	"K1 fail 1 $none is not there any more" "$(grep '^K1' "$OUT")"

echo 'damaged' >> "$gen/$A/files$etc/one"
check_exit 5 "one that was written to is not gone back to" \
	on_node "$A" none d9 previous
check_same "as which it is told" "K1 fail 1 $A is not as it came" \
	"$(grep '^K1' "$OUT")"
check "nor is it taken for what it was" push "$A" "$B" d10

begin "$SCRATCH/bad"
add_file "$SCRATCH/bad" "$etc/one" 'bad' 'exit 9'
add_file "$SCRATCH/bad" "$etc/two" 'bad'
BAD=$(seal "$SCRATCH/bad")
echo 'damaged' > "$gen/$A/files$etc/one"
check_exit 6 "what fails is taken back" push "$BAD" "$A" d11
check_same "as far as it is known what was there" 'bad two' \
	"$(cat "$etc/one") $(cat "$etc/two")"
check_like "the rest is told" "^K1. $etc/one: what it was is lost\$"
check_like "as what fails" "^K1. failed: file $etc/one\$"
check_like "and not taken for a way back" 'fails, too$'
check "the next puts it right" push "$B" "$A" d12
check_same "all of it" 'another two' "$(cat "$etc/one") $(cat "$etc/two")"

begin "$SCRATCH/owner"
add_file "$SCRATCH/owner" "$etc/one" 'of nobody'
sed -i "s/	$(id -un)	/	nosuch	/" "$SCRATCH/owner/files.list"
O1=$(seal "$SCRATCH/owner")
check_exit 6 "a file of a user whom the node has not is refused" \
	push "$O1" "$B" d13
check_same "as that, and no more" "K1| $etc/one: there is no user nosuch" \
	"$(grep 'one:' "$OUT")"

# --- its runner ----------------------------------------------------------------
begin "$SCRATCH/c"
add_file "$SCRATCH/c" "$etc/one" 'one more'
sed -i 's/^sub files {$/&\nprint "new parts\\n";/' "$SCRATCH/c/run.files"
C=$(seal "$SCRATCH/c")
check "a generation whose runner is other in a part" push "$C" "$B" d14
check_like "is put by that" '^K1. new parts$'

# --- links ---------------------------------------------------------------------
mkdir -p "$etc/links"
ln -s ../one "$etc/links/relative"
ln -s /dev/null "$etc/links/masked"
ln -s nowhere "$etc/links/dangling"
echo 'theirs' > "$etc/links/file"
begin "$SCRATCH/d"
for name in relative masked dangling file; do
	add_file "$SCRATCH/d" "$etc/links/$name" 'ours'
done
D=$(seal "$SCRATCH/d")
check "files take the place of links" push "$D" "$C" d15
check_same "and are files" 'ours ours ours ours' \
	"$(cd "$etc/links" && echo "$(cat relative) $(cat masked)" \
		"$(cat dangling) $(cat file)")"
check_same "no link is left" '' "$(find "$etc/links" -type l)"
check "when they leave" push "$C" "$D" d16
check_same "all that stood there stands there again" \
	"../one /dev/null nowhere theirs" \
	"$(cd "$etc/links" && echo "$(readlink relative) $(readlink masked)" \
		"$(readlink dangling) $(cat file)")"
check_same "and nowhere else" '' \
	"$(find "$NODE/root/original" ! -type d)"

begin "$SCRATCH/in"
add_file "$SCRATCH/in" "$etc/sw/in" 'in a directory'
IN=$(seal "$SCRATCH/in")
begin "$SCRATCH/sw"
add_file "$SCRATCH/sw" "$etc/sw" 'a file'
SW=$(seal "$SCRATCH/sw")
check "a directory" push "$IN" "$C" d17
check "becomes a file" push "$SW" "$IN" d18
check_same "without a word of what is not there any more" '' \
	"$(grep -F 'sync:' "$OUT" "$ERR")"
