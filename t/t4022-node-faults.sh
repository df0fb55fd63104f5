#!/bin/bash
# What goes wrong on a node: links, other users, disks, moments.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

etc=$NODE/etc
marks() {
	grep '^K1 ' "$OUT"
}

# --- files that take each other's places -------------------------------------
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/hosts" 'a file'
add_file "$SCRATCH/a" "$etc/mail/aliases" 'in a directory'
add_file "$SCRATCH/a" "$etc/lib/unit" 'by a link'
A=$(seal "$SCRATCH/a")
begin "$SCRATCH/b"
add_file "$SCRATCH/b" "$etc/hosts/local" 'in a directory'
add_file "$SCRATCH/b" "$etc/mail" 'a file'
add_file "$SCRATCH/b" "$etc/usr/lib/unit" 'by a link'
B=$(seal "$SCRATCH/b")
mkdir -p "$etc/usr/lib"
ln -s usr/lib "$etc/lib"
push "$A" none a1 > "$OUT" || fail "the first generation" "$(cat "$OUT")"
check "a file may become a directory, and a directory a file" \
	push "$B" "$A" a2
check_same "both are there" $'in a directory\na file' \
	"$(cat "$etc/hosts/local" "$etc/mail")"
check_same "a file whose path loses a link stays" 'by a link' \
	"$(cat "$etc/usr/lib/unit")"
check "and the way back is the same" push "$A" "$B" a3
check_same "to all that was" $'a file\nin a directory\nby a link' \
	"$(cat "$etc/hosts" "$etc/mail/aliases" "$etc/lib/unit")"

# --- another user in the directory of a file ---------------------------------
# by NAME TEXT: a program of that name which does TEXT, $real the usual one.
mkdir "$SCRATCH/bin"
by() {
	printf '%s\n' '#!/bin/sh' "real=$(command -v "$1")" "$2" \
		> "$SCRATCH/bin/$1"
	chmod +x "$SCRATCH/bin/$1"
}
shadowed() (
	PATH=$SCRATCH/bin:$PATH
	"$@"
)
shadow=$SCRATCH/shadow
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/home/key" 'of a user' '' 666
H=$(seal "$SCRATCH/a")
tries() {
	echo 'nobody may' > "$shadow"
	chmod 640 "$shadow"
	by "$2" "$3"
	shadowed push "$H" "$A" "$1" > "$OUT" 2>&1
	rm "$SCRATCH/bin/$2"
	check_same "$4" '640 nobody may' \
		"$(stat -c %a "$shadow") $(cat "$shadow")"
	push "$A" "$A" "$1b" any > "$OUT" 2>&1
}
link="[ -d $etc/home ] && ln -s $shadow $etc/home/key.keep-new"
tries h1 rm "\$real \"\$@\"; $link 2> /dev/null; :" \
	"a link that waits for a new file is not written through"
tries h2 cp "\$real \"\$@\"; rm -f $etc/home/key.keep-new; $link" \
	"a link that takes its place changes no other file"

# --- what is on disk ---------------------------------------------------------
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/on/disk" 'text' "echo done >> $etc/done"
D=$(seal "$SCRATCH/a")
by sync "echo \"\$*\" \$(cut -d' ' -f2 $NODE/root/applied) \
	\$(cat $NODE/root/pending) >> $SCRATCH/synced"
shadowed push "$D" "$A" d1 > "$OUT" 2>&1
check_like "a command is on disk before its file is put" \
	'^-f \. - echo done' "$SCRATCH/synced"
check_like "a file is, before it is said to be applied" \
	"^-f .*$etc/on/ - " "$SCRATCH/synced"
rm "$SCRATCH/bin/sync"

# --- the last moment ---------------------------------------------------------
by sleep "[ \$1 != 1 ] || exec \$real 0.1; exec \$real \"\$@\""
by rm "case \$* in confirm/*) \$real confirm/m1 && $(command -v touch) \
	$SCRATCH/confirmed ;; esac; exec \$real \"\$@\""
check "who confirms at the last moment keeps the new generation" \
	shadowed push "$A" "$D" m1 magic=1
check "since it was in time" test -e "$SCRATCH/confirmed"
rm "$SCRATCH/bin/"*

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/hangs" 'text' 'sleep 60'
T=$(seal "$SCRATCH/a")
check_exit 6 "a command of a file ends at the timeout, too" \
	push "$T" "$A" t1 timeout=1
check_same "and is taken back" 'K1 fail 124 back' "$(marks)"
