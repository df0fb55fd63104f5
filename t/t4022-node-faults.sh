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
# on another disk than ours, in whose directory files must be made then
by stat "case \$* in '-c %d %m '*) printf '1\n2\n'; exit ;; esac
exec \$real \"\$@\""
vault=$SCRATCH/vault
mkdir -m 700 "$vault"
ln "$shadow" "$vault/key" 2> /dev/null || :
tries h1 mkdir "\$real \"\$@\"; case \$* in *.keep-new)
	rm -rf .keep-new; mkdir -p $vault; ln -f $shadow $vault/key
	ln -s $vault .keep-new ;; esac" \
	"a link in place of our directory leads nowhere"
check "and what is there stays" test "$vault/key" -ef "$shadow"
tries h2 rm "\$real \"\$@\"; ! cd $etc/home 2> /dev/null ||
	ln -s $vault .keep-new 2> /dev/null; :" \
	"nor does one that was there before"
check "and all stays there" test "$vault/key" -ef "$shadow"
rm "$SCRATCH/bin/stat"

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/home/mine" 'ours'
O=$(seal "$SCRATCH/a")
echo 'of a user' > "$etc/home/mine"
push "$O" "$A" h3 > "$OUT" 2>&1
by rm "\$real \"\$@\"; ln -s $shadow $etc/home/mine.keep-new 2> /dev/null; :"
shadowed push "$A" "$O" h4 > "$OUT" 2>&1
rm "$SCRATCH/bin/rm" "$etc/home/mine.keep-new"
check_same "nor does one where a user's own file comes back" '640 nobody may' \
	"$(stat -c %a "$shadow") $(cat "$shadow")"

# foreign: another user's directory has a link to the vault.
foreign() {
	chown -h "$ORDINARY" "$etc/home" &&
		mkdir "$vault/in" && echo 'nobody may' > "$vault/in/key" &&
		rm -rf "$etc/home/in" && ln -s "$vault/in" "$etc/home/in" &&
		chown -h "$ORDINARY" "$etc/home/in"
}
if [ "$(id -u)" = 0 ]; then
	begin "$SCRATCH/a"
	add_file "$SCRATCH/a" "$etc/home/in/key" 'of a user'
	I=$(seal "$SCRATCH/a")
	begin "$SCRATCH/a"
	add_file "$SCRATCH/a" "$etc/home/in/deep/key" 'of a user'
	J=$(seal "$SCRATCH/a")
	foreign
	check_exit 6 "no file goes through a link in a user's directory" \
		push "$I" "$A" i1
	check_like "which is told" 'in: ./in is a link others may have made'
	check_same "what it leads to stays" 'nobody may' "$(cat "$vault/in/key")"
	check_exit 6 "nor is a directory made there" push "$J" "$A" i2
	check_same "nor a copy taken" key "$(ls -A "$vault/in")"
	rm "$etc/home/in"
	check "a directory in its place gets it" push "$I" "$A" i3
	mv "$vault/in" "$SCRATCH/mine" && foreign
	check_exit 6 "none goes through such a link" push "$A" "$I" i4
	check "what it leads to is still there" test -e "$vault/in/key"
	rm "$etc/home/in"
	push "$A" "$I" i5 any > "$OUT" 2>&1
fi

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

by sha256sum "case \"\$*\" in '-c '*/sums) exit 0 ;; esac
exec \$real \"\$@\""
echo 'by hand' > "$etc/on/disk"
shadowed push "$D" "$D" d2 any > "$OUT" 2>&1
rm "$NODE/root/applied"
shadowed push "$D" "$D" d3 any > "$OUT" 2>&1
check_same "where a disk has no room for a list, all is put" text \
	"$(cat "$etc/on/disk")"
rm "$SCRATCH/bin/sha256sum"

by sync "case \$* in *$etc/on/*) printf TEXT 1<> $etc/on/disk ;; esac"
rm "$etc/on/disk" "$NODE/root/applied"
shadowed push "$D" "$D" d4 any > "$OUT" 2>&1
rm "$SCRATCH/bin/sync" "$NODE/root/applied"
push "$D" "$D" d5 any > "$OUT" 2>&1
check_same "what somebody writes while a disk is slow is mended" text \
	"$(cat "$etc/on/disk")"

begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply :
add_script "$SCRATCH/a" web remove "echo gone > $etc/gone"
L=$(seal "$SCRATCH/a")
push "$L" "$D" l1 > "$OUT" 2>&1
ln -s /dev/full "$NODE/root/leaving"
check_exit 7 "what cannot be noted as leaving does not leave" push "$D" "$L" l2
check_same "but stays" "gen/$L" "$(readlink "$NODE/root/current")"
rm "$NODE/root/leaving"
push "$D" "$L" l3 > "$OUT" 2>&1
check_same "until it is removed in the end" gone "$(cat "$etc/gone")"

# --- what is checked on arrival ------------------------------------------------
by awk "case \$* in *at=3*) \$real \"\$@\" 3> /dev/null | head -n 1 ;;
*) exec \$real \"\$@\" ;; esac"
check_exit 3 "who is killed while a generation is checked let nothing pass" \
	shadowed push "$B" "$D" k1
rm "$SCRATCH/bin/awk"

# --- what was changed on the node ---------------------------------------------
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/changed" 'text' "echo did >> $etc/did"
add_file "$SCRATCH/a" "$etc/rest" 'rest'
G=$(seal "$SCRATCH/a")
push "$G" none g1 any > "$OUT" 2>&1
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/changed" 'text' "echo did >> $etc/did"
add_file "$SCRATCH/a" "$etc/rest" 'other'
N=$(seal "$SCRATCH/a")
push "$N" "$G" g2 > "$OUT" 2>&1
check_same "a file that stays is left alone" did "$(cat "$etc/did")"
touch -r "$etc/changed" "$SCRATCH/when"
printf TEXT 1<> "$etc/changed"
touch -r "$SCRATCH/when" "$etc/changed"
push "$G" "$N" g3 > "$OUT" 2>&1
check_same "one that was changed and looks as before is mended" 'text' \
	"$(cat "$etc/changed")"
cp -p "$etc/changed" "$SCRATCH/copy" && mv "$SCRATCH/copy" "$etc/changed"
: > "$etc/did"
push "$N" "$G" g4 > "$OUT" 2>&1
check_same "its copy is as good" '' "$(cat "$etc/did")"
chmod 600 "$etc/changed"
push "$G" "$N" g5 > "$OUT" 2>&1
check_same "other rights are mended" 644 "$(stat -c %a "$etc/changed")"
rm "$etc/changed"
push "$N" "$G" g6 > "$OUT" 2>&1
check "and so is one that is gone" test -e "$etc/changed"
rm -r "$NODE/root/gen/$G"
echo 'by hand' > "$NODE/root/gen/$N/files$etc/changed"
check_exit 3 "a generation that was written to is no base" push "$G" "$N" g7
check_like "all is asked for" '^K1 need none$'
push "$D" none g8 any > "$OUT" 2>&1

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/order/b" 'old' "echo b >> $etc/ran"
G=$(seal "$SCRATCH/a")
push "$G" none g9 any > "$OUT" 2>&1
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/order/a" 'first' "echo a >> $etc/ran"
add_file "$SCRATCH/a" "$etc/order/b" 'new' "echo b >> $etc/ran"
N=$(seal "$SCRATCH/a")
: > "$etc/ran"
push "$N" "$G" g10 > "$OUT" 2>&1
check_same "commands run in the order of their files" 'a b' \
	"$(paste -sd' ' "$etc/ran")"
push "$D" none g11 any > "$OUT" 2>&1

# --- the last moment ---------------------------------------------------------
by sleep "[ \$1 != 1 ] || exec \$real 0.1; exec \$real \"\$@\""
by rm "case \$* in confirm/*) \$real confirm/m1 && $(command -v touch) \
	$SCRATCH/confirmed ;; esac; exec \$real \"\$@\""
check "who confirms at the last moment keeps the new generation" \
	shadowed push "$A" "$D" m1 magic=1
check "since it was in time" test -e "$SCRATCH/confirmed"
rm "$SCRATCH/bin/"*

push "$D" "$A" m2 magic=2 > "$OUT" 2>&1
check_like "a node without services is asked to be confirmed, too" '^K1 confirm$'
push "$A" "$A" m3 any > "$OUT" 2>&1

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/hangs" 'text' 'sleep 60'
T=$(seal "$SCRATCH/a")
check_exit 6 "a command of a file ends at the timeout, too" \
	push "$T" "$A" t1 timeout=1
check_same "and is taken back" 'K1 fail 124 back' "$(marks)"
check_like "the command is named" '^K1\| failed: on_change sleep 60$'
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/file/in" 'text'
echo 'text' > "$etc/file"
T=$(seal "$SCRATCH/a")
check_exit 6 "a file that cannot be put fails" push "$T" "$A" t2
check_like "and where it was to be is named" "^K1\\| failed: files in $etc/file/\$"
rm "$etc/file"

# --- two at once ---------------------------------------------------------------
push "$A" "$A" b0 any > "$OUT"
mkfifo "$SCRATCH/go" "$SCRATCH/going"
begin "$SCRATCH/a"
add_script "$SCRATCH/a" slow apply \
	"echo > $SCRATCH/going; cat $SCRATCH/go; exit 3"
S=$(seal "$SCRATCH/a")
push "$S" "$A" b1 > "$SCRATCH/b1" 2>&1 &
cat "$SCRATCH/going" > /dev/null
check "whose lock is broken is ended" push "$B" "$S" b2 break
wait $!
check_like "its deploy is told" '^K1 fail 137 kept$' "$SCRATCH/b1"
timeout 1 sh -c "echo > $SCRATCH/go"
check "so that the node keeps what the other put there" whole "$NODE/root"
check_same "and does not go back behind it" "gen/$B $B 0" \
	"$(readlink "$NODE/root/current") $(cut -d' ' -f1,2 "$NODE/root/applied")"

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/slow" 'text' \
	"echo > $SCRATCH/going; cat $SCRATCH/go; exit 3"
S=$(seal "$SCRATCH/a")
push "$S" "$B" b3 timeout=9 > "$SCRATCH/b3" 2>&1 &
cat "$SCRATCH/going" > /dev/null
check "so is one that waits for a command of a file" push "$A" "$B" b4 break,any,timeout=1
wait $!
check_like "whose deploy is told, too" '^K1 fail 137 kept$' "$SCRATCH/b3"
timeout 1 sh -c "echo > $SCRATCH/go"
check_same "and nothing is left of it" "gen/$A $A 0" \
	"$(readlink "$NODE/root/current") $(cut -d' ' -f1,2 "$NODE/root/applied")"

push "$B" "$A" b5 > "$OUT"
by flock "[ -e $SCRATCH/once ] || { : > $SCRATCH/once
	echo > $SCRATCH/going; sleep 1; }
exec \$real \"\$@\""
difference "$A" "$B" > "$SCRATCH/a.tgz"
shadowed on_node "$A" "$B" c1 < "$SCRATCH/a.tgz" > "$SCRATCH/c1" 2>&1 &
cat "$SCRATCH/going" > /dev/null
check "who comes back while a deploy begins can read on" \
	on_node "$A" "$B" c1 < "$SCRATCH/a.tgz"
check_like "up to its end" "^K1 ok $A\$"
wait $!
rm "$SCRATCH/bin/flock"

# Another deploy of the same, which does it all at one moment of ours.
{ declare -f on_node; declare -p NODE NODE_SCRIPT; } > "$SCRATCH/on_node"
# meanwhile PROGRAM WORDS: when that is run first, the other goes before it; of
# generation $M, from $has, told in $SCRATCH/other and ours.
meanwhile() {
	difference "$M" "$has" > "$SCRATCH/m.tgz"
	cp "$SCRATCH/m.tgz" "$SCRATCH/m1.tgz"
	by "$1" "case \"\$*\" in $2)
		! mv $SCRATCH/m.tgz $SCRATCH/m2.tgz 2> /dev/null ||
			PATH=\${PATH#*:} bash -c '. $SCRATCH/on_node; on_node $M $has m2' \
				< $SCRATCH/m2.tgz > $SCRATCH/other 2>&1 ;;
		esac
	exec \$real \"\$@\""
	shadowed on_node "$M" "$has" m1 < "$SCRATCH/m1.tgz" \
		> "$SCRATCH/ours" 2>&1
	rm "$SCRATCH/bin/$1"
}
begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply "echo >> $SCRATCH/applied"
M=$(seal "$SCRATCH/a") has=$(readlink "$NODE/root/current") has=${has#gen/}
meanwhile mv '*gen/.new*'
check_like "another deploy of the same does it" '^K1 ok ' "$SCRATCH/other"
check_like "ours is told so" "^K1 (same|need) $M" "$SCRATCH/ours"
check "what is there stays whole" whole "$NODE/root"
check_same "and is applied once" 1 "$(wc -l < "$SCRATCH/applied")"
echo "$M 1 m0 1" > "$NODE/root/applied"
has=$M
meanwhile flock 9
check_like "what had failed is mended by another" '^K1 ok ' "$SCRATCH/other"
check_same "and not applied again by us" "K1 same $M 2" \
	"$(grep '^K1 ' "$SCRATCH/ours") $(wc -l < "$SCRATCH/applied")"

begin "$SCRATCH/a"
add_script "$SCRATCH/a" slow apply \
	"[ ! -p $SCRATCH/go ] || { echo > $SCRATCH/going; cat $SCRATCH/go; }"
S=$(seal "$SCRATCH/a")
push "$S" "$M" n1 > "$SCRATCH/n1" 2>&1 &
cat "$SCRATCH/going" > /dev/null
by cat "[ \"\$*\" != lock ] || {
	echo > $SCRATCH/go
	while [ -e $NODE/root/lock ]; do :; done
}
exec \$real \"\$@\""
shadowed push "$A" "$S" n2 > "$OUT" 2>&1
rm "$SCRATCH/bin/cat" "$SCRATCH/go"
wait $!
check_like "a lock that goes while we look holds nobody up" "^K1 ok $A" "$OUT"
M=$A

# --- what a node lost ------------------------------------------------------------
boot=$(cat /proc/sys/kernel/random/boot_id)
echo "x1 ada@desk 1 $boot 99999999 1" > "$NODE/root/lock"
check_exit 7 "a deploy that was killed before it began is told" \
	on_node "$A" "$A" x1
check_like "as that" '^K1 fail 137 the runner was killed before it began'

push "$A" "$M" x2 > "$OUT"
begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply "! [ -e $SCRATCH/old-fails ]"
W=$(seal "$SCRATCH/a")
begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply 'exit 3'
X=$(seal "$SCRATCH/a")
push "$W" "$A" o1 > "$OUT"
touch "$SCRATCH/old-fails"
check_exit 6 "where the old generation fails, too" push "$X" "$W" o2
check_like "it is said" '^K1 fail 3 it was taken back, but '
check_same "and not taken for applied" "$W 3" \
	"$(cut -d' ' -f1,2 "$NODE/root/applied")"
