#!/bin/bash
# The next generation is made of the one that went: what of it is not as the
# next one's manifest says never gets there, whatever became of it meanwhile.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

etc=$NODE/etc
spare=$NODE/root/gen/.spare
# generation NUMBER FILE...: with these files, each named and holding its path.
generation() {
	local number=$1 file
	shift
	begin "$SCRATCH/g"
	echo "$number" > "$SCRATCH/g/secret/number"
	echo "$number" > "$SCRATCH/g/config.json"
	for file; do
		add_file "$SCRATCH/g" "$etc/$file" "$file"
	done
	seal "$SCRATCH/g"
}
# goes NUMBER FILE...: there is one more generation; the node gets it.
has=none
goes() {
	local before=$has
	has=$(generation "$@")
	push "$has" "$before" "d$1" > "$OUT" 2>&1 && whole "$NODE/root"
}
# six: the first of six goes.
six() {
	rm -rf "${NODE:?}" && mkdir -p "$etc"
	has=none
	goes 1 a b file/x dir same/one && goes 2 a && goes 3 a && goes 4 a &&
		goes 5 a && [ ! -e "$spare" ] && goes 6 a
}
# only: nothing else lies beside the five.
only() {
	(
		cd "$NODE/root/gen" || exit
		set -- [0-9a-f]*[0-9a-f]
		echo "$#" .[!.]*
	) > "$OUT"
	[ "$(cat "$OUT")" = '5 .spare' ]
}
inode() {
	stat -c %i "$1"
}

check "of six generations" six
check "the first is kept for what it has" test -f "$spare/files$etc/b"
check_same "but for its secrets" '' \
	"$(find "$spare" -name number -o -name salt)"
was=$(inode "$spare")
check "the next, with directories where files were, is whole" \
	goes 7 a b file dir/x same/one
check_same "and made of it" "$was" "$(inode "$NODE/root/gen/$has")"
check "and nothing else stays" only
check "the one after it" goes 8 b
check "and nothing else stays" only

six
rm "$spare/files$etc/a" && echo 'by somebody' > "$spare/files$etc/a"
echo 'by somebody' > "$spare/files$etc/x"
mkdir "$spare/secret/deep" && echo 'by somebody' > "$spare/secret/deep/er"
check "what somebody wrote there" goes 7 a b
check "comes into no generation" test ! -e "$NODE/root/gen/$has/secret/deep/er"
check_same "nor in place of what is in it" 'a' "$(cat "$NODE/root/gen/$has/files$etc/a")"

six
mkdir "$SCRATCH/real" && touch "$SCRATCH/real/a" "$SCRATCH/real/file" &&
	rm -r "$spare/files$etc" && ln -s "$SCRATCH/real" "$spare/files$etc"
check "a link there" goes 7 a b
check_same "is not followed" 'a file' "$(cd "$SCRATCH/real" && echo *)"
six
rm "$spare/files$etc/a" && mkdir -p "$spare/files$etc/a/x"
check "a directory there is in the way of no file" goes 7 a b
six
ln -sf b "$spare/files$etc/a" && touch -hd @0 "$spare/files$etc/a"
check "nor is a link, however old" goes 7 a b

# A file that comes, too, is not written to: others are linked to it.
six
goes 7 a; goes 8 b; goes 9 c; goes 10 c
keeps=$(find "$NODE/root/gen" -path "*[0-9a-f]/files$etc/b")
check "what came back" goes 11 b
check_same "is not what others are linked to" 'b' "$(cat "$keeps")"

six
rm "$spare/MANIFEST"
check "one without a manifest is none" goes 7 a b
six
rm -rf "$spare" && ln -s "$SCRATCH" "$spare"
check "nor is a link" goes 7 a b
check "and nothing else stays" only

six
six=$has
goes 7 a b
seven=$has has=$(generation 8 a)
push "$has" "$seven" d8 "drop=$six" > "$OUT"
check_same "one that is to be dropped is not kept" '' \
	"$(find "$NODE/root/gen" -name 'config.json' -exec grep -lx 6 {} +)"

# Another is quicker: what is at work in its generation finds all there. More
# than a pipe holds is gone when the slow one is at its own.
six
goes 7 a c
seven=$has has=$(generation 8 a b c)
difference "$has" "$seven" > "$SCRATCH/pack"
{ cat "$SCRATCH/pack" && head -c 128K /dev/zero; } > "$SCRATCH/most"
size=$(stat -c %s "$SCRATCH/most")
mkfifo "$SCRATCH/slow"
on_node "$has" "$seven" d8 "size=$((size + 1))" < "$SCRATCH/slow" > "$OUT" &
exec 7> "$SCRATCH/slow"
cat "$SCRATCH/most" >&7
check "of two at once one is the first" \
	on_node "$has" "$seven" d9 < "$SCRATCH/pack"
was=$(inode "$NODE/root/gen/$has")
printf '\0' >&7
exec 7>&-
wait
check_same "and its generation stays, of whatever the other made its own" \
	"$was" "$(inode "$NODE/root/gen/$has")"
check "and nothing else stays" only

six
head -c 500 /dev/urandom > "$SCRATCH/bad"
N=$(generation 7 a b)
check_exit 3 "when what comes is damaged" \
	on_node "$N" "$has" d7 < "$SCRATCH/bad"
check "the node has what it had" whole "$NODE/root"
check "and takes the next" goes 7 a b
check "and nothing else stays" only
