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

# --- what stood there ------------------------------------------------------------
# saved PATH: where what stood there is.
saved() {
	printf '%s\n' "$NODE/root/original$1" |
		sed "s,.*/root/original,&\n,; :a; s,\(\n.*[^/\\]\)/,\1\\\\/,; ta; s,\n,,"
}

# made PATH...: a generation of these.
made() {
	local path
	begin "$SCRATCH/made"
	for path; do add_file "$SCRATCH/made" "$etc/$path" 'ours'; done
	seal "$SCRATCH/made"
}
NONE=$(made)
current=$SW
# goes WANT: from that which is there.
goes() {
	push "$1" "$current" "d$((++deploys))" any || return
	current=$1
}
deploys=20
check "nothing is ours any more" goes "$NONE"

full=$(made k1 k2 k3)
export TOP SCRATCH NONE full
full_log() {
	unshare -m --propagation private bash -euc '
		. "$TOP/t/lib-node.sh"
		mkdir "$SCRATCH/tiny"
		mount -t tmpfs -o size=4k none "$SCRATCH/tiny"
		: > "$SCRATCH/tiny/log"
		head -c 4096 /dev/zero > "$SCRATCH/tiny/fill"
		ln -s "$SCRATCH/tiny/log" "$NODE/root/gen/$full.log"
		push "$full" "$NONE" dl'
}
if [ "$(id -u)" = 0 ]; then
	check "where no word can be written to the log" full_log
	current=$full
	check_same "each file comes all the same" "$(printf '%s\n' ours ours ours)" \
		"$(cd "$etc" && cat k1 k2 k3)"
	rm "$gen/$full.log"
fi

mkdir "$etc/p"
echo 'theirs' > "$etc/p/x"
check "of a directory" goes "$(made p/x)"
check "nothing is left" goes "$NONE"
rm -r "$etc/p"
echo 'theirs' > "$etc/p"
check "for a file of that name" goes "$(made p)"
check "to be lost by" goes "$NONE"
check_same "it comes back" theirs "$(cat "$etc/p")"

old=$(saved "$etc/o")
mkdir -p "${old%/*}"
echo 'long ago' > "$old"
echo 'theirs' > "$etc/o"
check "what a killed run left saved" goes "$(made o)"
check "is nothing" goes "$NONE"
check_same "that comes back" theirs "$(cat "$etc/o")"

echo 'foo' > "$etc/foo"
echo 'new' > "$etc/foo.new"
check "one of two alike is ours" goes "$(made foo.new)"
check "then both" goes "$(made foo foo.new)"
check "then none" goes "$NONE"
check_same "and both come back" 'foo new' \
	"$(cat "$etc/foo") $(cat "$etc/foo.new")"

echo 'theirs' > "$etc/v"
chmod 640 "$etc/v"
check "a file is ours" goes "$(made v)"
begin "$SCRATCH/made"
add_file "$SCRATCH/made" "$etc/v/a" 'ours'
add_script "$SCRATCH/made" web apply 'exit 9'
check_exit 6 "and should be a directory, which fails" \
	goes "$(seal "$SCRATCH/made")"
check_same "it is a file of ours again" ours "$(cat "$etc/v")"
check "then it is one" goes "$(made v/a)"
check_same "in which ours is" ours "$(cat "$etc/v/a")"
check "when that goes" goes "$NONE"
check_same "theirs comes back, as it was" '640 theirs' \
	"$(stat -c %a "$etc/v") $(cat "$etc/v")"
check "and again" goes "$(made v)"
check "by way of a directory" goes "$(made v/s/a)"
echo 'by hand' > "$etc/v/b"
check "in which somebody has something" goes "$NONE"
check_same "which stays" 'by hand' "$(cat "$etc/v/b")"
check_like "it is told where theirs is" "^K1. $etc/v: what stood there is kept in "
check_same "there it is" theirs "$(cat "$(saved "$etc/v")")"

echo 'theirs' > "$etc/w"
check "a file of ours" goes "$(made w)"
rm "$etc/w"
mkdir -p "$etc/w/in"
check "in whose place somebody made a directory" goes "$NONE"
check "leaves that alone" test -d "$etc/w/in"
check_same "and what it had the place of saved" theirs \
	"$(cat "$(saved "$etc/w")")"

mkdir "$etc/real"
echo 'theirs' > "$etc/real/x"
ln -s real "$etc/lnk"
check "a link to a directory" goes "$(made lnk)"
check "becomes a directory" goes "$(made lnk/x)"
echo 'by hand' > "$etc/lnk/h"
echo 'theirs' > "$etc/real/h"
check "where somebody has files" goes "$(made lnk/x lnk/h)"
rm "$etc/lnk/h"
check "or removes them" goes "$(made lnk/x)"
rm "$etc/lnk/h"
check "when all goes" goes "$NONE"
check_unlike "(and no command with it)" '^K1\| $'
check_same "the link is there, and what it leads to" 'real theirs theirs' \
	"$(readlink "$etc/lnk") $(cat "$etc/real/x") $(cat "$etc/real/h")"
check "through it" goes "$(made lnk/x)"
check "and in its place" goes "$(made lnk)"
check "no file" goes "$NONE"
check_same "is lost, either" 'real theirs' \
	"$(readlink "$etc/lnk") $(cat "$etc/real/x")"

echo 'theirs' > "$etc/z"
check "a file" goes "$(made z)"
begin "$SCRATCH/made"
add_file "$SCRATCH/made" "$etc/z/a" 'ours'
sed -i 's/^sub settle {$/&\nkill KILL => $$;/' "$SCRATCH/made/run.room"
check_exit 137 "that becomes a directory, which is killed" \
	goes "$(seal "$SCRATCH/made")" 2> "$SCRATCH/killed"
current=$(readlink "$NODE/root/current")
current=${current#gen/}
check "and goes" goes "$NONE"
check_same "comes back" theirs "$(cat "$etc/z")"

mkdir "$etc/u"
echo 'theirs' > "$etc/u/x"
check "one in a directory" goes "$(made u/x)"
rm -r "$etc/u"
echo 'file' > "$etc/u"
check "that somebody made a file" goes "$(made u)"
check "does not keep others from going" goes "$NONE"
check_same "nor is it lost" 'file theirs' \
	"$(cat "$etc/u") $(cat "$(saved "$etc/u/x")")"

mkdir -p "$etc/zz/x"
check_exit 6 "a directory where a file is to be" goes "$(made zz)"
check_like "is to be moved away" "^K1. $etc/zz: move that directory away"
check_like "nothing fails on the way back" '^K1 fail 1 back$'
check "and the node goes on" goes "$NONE"
check "with that directory" test -d "$etc/zz/x"
check "a directory of ours" goes "$(made y/a)"
echo 'theirs' > "$etc/y/b"
check_exit 6 "cannot be a file while it has theirs" goes "$(made y)"
check_same "and ours is there again" 'ours theirs' \
	"$(cat "$etc/y/a") $(cat "$etc/y/b")"
check "it goes" goes "$NONE"

begin "$SCRATCH/made"
add_script "$SCRATCH/made" web apply :
add_script "$SCRATCH/made" web remove 'exit 6'
check "a service" goes "$(seal "$SCRATCH/made")"
check_exit 6 "that does not go" goes "$NONE"
check_same "is told by its status" 'K1 fail 6 back' "$(grep '^K1 ' "$OUT")"
begin "$SCRATCH/made"
add_script "$SCRATCH/made" web apply :
check "it stays" goes "$(seal "$SCRATCH/made")"
check "and goes" goes "$NONE"

# --- the way back ----------------------------------------------------------------
NODE_ROOT=$SCRATCH/back
check "a node" push "$A" none r1
check "with two generations" push "$B" "$A" r2
check "goes back" on_node none none r3 previous
cd "$NODE_ROOT" || exit
sed -i '$d' journal
sed -i 's/ 0 / - /' applied
boot=$(cat /proc/sys/kernel/random/boot_id)
echo "r3 ada@desk 1 $boot $$ $(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)" > lock
check_exit 4 "while it is on its way it goes nowhere else" \
	on_node none none r4 previous
check_like "since it is locked" '^K1 locked r3 ada@desk '
echo "r3 ada@desk 1 another-boot 1 1 back" > lock
check "one that was cut off there" on_node none none r5 previous
check_same "is not led to what it came from, but gets there" "gen/$A $A 0" \
	"$(readlink current) $(cut -d' ' -f1,2 applied)"
# cut_off LINE LOCK: what stands there of a run that was.
cut_off() {
	printf '%s\n' "$1" >> journal
	sed -i 's/ 0 / - /' applied
	echo "$2 ada@desk 1 another-boot 1 1 ${3-}" > lock
}
sed -i '$d' journal
cut_off "1 $A $A c0ffee1 r11 ada@desk start" r11 back
mv "gen/$A.log" log && mkdir "gen/$A.log"
check_exit 7 "where nothing can be written" on_node none none r12 previous
rmdir "gen/$A.log"
check "one that was cut off twice" on_node none none r13 previous
check_same "gets there, too" "gen/$A" "$(readlink current)"
cut_off "1 $B $A c0ffee1 r14 ada@desk start" r14
check "a deploy that failed, and was cut off on its way back" \
	on_node none none r15 previous
check_same "goes no further" "gen/$A $A 0" \
	"$(readlink current) $(cut -d' ' -f1,2 applied)"
check "a deploy" push "$B" "$A" r16
cut_off "1 $A $B c0ffee1 r17 ada@desk start" r17 back
check "a way back that was cut off where it began" on_node none none r18 previous
check_same "is gone" "gen/$A" "$(readlink current)"
check "a deploy" push "$B" "$A" r6
sed -i '$d' journal
sed -i 's/ 0 / - /' applied
echo "r6 ada@desk 1 another-boot 1 1" > lock
check "that was cut off" on_node none none r9 previous
check_same "can be gone back from" "gen/$A" "$(readlink current)"
check "a deploy" push "$B" "$A" r10
sed -i '$d' journal
sed -i 's/ 0 / - /' applied
check "that was cut off is done" push "$B" "$B" r7
check "and can be gone back from, too" on_node none none r8 previous
check_same "to what was before both" "gen/$A" "$(readlink current)"
cd "$SCRATCH" || exit
unset NODE_ROOT

# --- what is written down --------------------------------------------------------
journal=$NODE/root/journal
begin "$SCRATCH/made"
add_file "$SCRATCH/made" "$etc/j" 'ours' \
	"[ -e $SCRATCH/once ] || { echo > $SCRATCH/once; mv $journal $journal.old; ln -s /dev/full $journal; }"
J=$(seal "$SCRATCH/made")
check_exit 7 "what the journal has no room for" goes "$J"
check_unlike "is not said to be applied" "^$J 0 " "$NODE/root/applied"
mv "$journal.old" "$journal"
current=$J
check "and done again" goes "$NONE"
check_like "with a line that tells so" " d$deploys .* ok\$" "$journal"

printf '1 %s torn\n' "$NONE" >> "$journal"
check_exit 3 "a line that was torn" push "$A" "$B" dt
check_like "tells nothing" "^K1 need $NONE c0ffee1 ada@desk "

mkdir "$NODE/root/confirm"
: > "$NODE/root/confirm/dead"
check_exit 5 "a deploy whose runner is gone" on_node "$A" none dead confirm
check_same "cannot be confirmed" 'K1 fail 1 too late' "$(grep '^K1' "$OUT")"

check "one file" goes "$(made r)"
printf 'ruos\n' > "$etc/r"
stat -c '%s %Z %n' "$etc/r" > "$SCRATCH/look"
sed -i "1!d; r $SCRATCH/look" "$NODE/root/work/seen"
check "to repair" push "$current" "$current" dr repair
check_same "is not to trust how it looks" ours "$(cat "$etc/r")"
