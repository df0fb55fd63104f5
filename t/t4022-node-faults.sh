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
# in_perl TEXT: what perl does besides: NAME => sub {...}, in place of functions
# of it. ran there tells that it was, and is no more than once true.
in_perl() {
	cat > "$SCRATCH/Shadow.pm" <<-end
		package Shadow;
		use strict;
		sub ran {
			return mkdir "\$ENV{SCRATCH}/ran";
		}
		my %own = ($1);
		no strict 'refs';
		*{"CORE::GLOBAL::\$_"} = \$own{\$_} for keys %own;
		1;
	end
	by perl "exec \$real -I$SCRATCH -MShadow \"\$@\""
	rm -rf "$SCRATCH/ran"
}
export SCRATCH NODE etc
shadowed() (
	export PATH=$SCRATCH/bin:$PATH
	"$@"
)
# usual TITLE: from now on nothing has another's place, which something had.
usual() {
	check "($1)" test -e "$SCRATCH/ran"
	rm -rf "$SCRATCH/ran" "$SCRATCH/Shadow.pm" "${SCRATCH:?}/bin/"*
	hash -r
}
export shadow=$SCRATCH/shadow vault=$SCRATCH/vault
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/home/key" 'of a user' '' 666
H=$(seal "$SCRATCH/a")
mkdir -m 700 "$vault"
# tries DEPLOY TITLE TEXT [STATUS]: with that in_perl, on another disk than ours, in whose
# directory files must be made then.
tries() {
	echo 'nobody may' > "$shadow"
	chmod 640 "$shadow"
	ln -f "$shadow" "$vault/key"
	in_perl "$3"'stat => sub (_) {
		my @is = CORE::stat($_[0]);
		$is[0]++ if $_[0] =~ m{/work/put$} && @is;
		return @is;
	}'
	check_exit "${4-6}" "who $2 may keep our file out" \
		shadowed push "$H" "$A" "$1"
	usual "since it did"
	check_same "but gets none of others" '640 nobody may' \
		"$(stat -c %a "$shadow") $(cat "$shadow")"
	check "and what is there stays" test "$vault/key" -ef "$shadow"
	rm -rf "$etc/home/"{.keep-new,its}
	push "$A" "$A" "$1b" any > "$OUT" 2>&1
}
tries h1 "puts a link in place of our directory" 'mkdir => sub (_;$) {
	my ($path, $mode) = (@_, 0777);
	my $done = CORE::mkdir($path, $mode);
	if ($path eq ".keep-new") {
		ran();
		rmdir $path;
		symlink $ENV{vault}, $path;
	}
	return $done;
},'
mkdir -p "$etc/home/.keep-new/its"
by rm "\$real \"\$@\"
[ \$(pwd -P) != $etc/home ] || { mkdir $SCRATCH/ran; ln -s $vault .keep-new; }"
tries h2 "has a link there when one that was there is gone" ''
mkdir -p "$etc/home/.keep-new/its"
# swaps NAME PROTOTYPE: that function of perl, which loses it to a link
swaps() {
	echo "$1 => sub ($2) {
		my \$path = @_ ? \$_[0] : \$_;
		my \$done = CORE::$1(\$path);
		my \$why = \$!;
		if (\$path eq '.keep-new' && -d \$path && ran()) {
			rename \$path, 'its';
			symlink \$ENV{vault}, \$path;
		}
		\$! = \$why;
		return \$done;
	},"
}
tries h3 "swaps one that is being removed for a link" \
	"$(swaps unlink @) $(swaps rmdir _)" 0

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/home/mine" 'ours'
O=$(seal "$SCRATCH/a")
echo 'of a user' > "$etc/home/mine"
push "$O" "$A" h4 > "$OUT" 2>&1
in_perl 'unlink => sub (@) {
	my ($path) = @_ ? @_ : $_;
	my $done = CORE::unlink($path);
	symlink $ENV{shadow}, $path and ran() if $path eq "mine.keep-new";
	return $done;
}'
shadowed push "$A" "$O" h5 > "$OUT" 2>&1
usual "a link stood where it is made"
rm -f "$etc/home/mine" "$etc/home/mine.keep-new"
push "$A" "$A" h6 any > "$OUT" 2>&1
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
	check_like "which is told" '/home/in: ./in is a link others may have made$'
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

	begin "$SCRATCH/a"
	E=$(seal "$SCRATCH/a")
	begin "$SCRATCH/a"
	for name in disk/one disk/two bound/one bound/two; do
		add_file "$SCRATCH/a" "$etc/$name" "$name" '' 640
	done
	P=$(seal "$SCRATCH/a")
	mkdir -p "$etc/disk" "$etc/bound"
	push "$E" "$A" p0 > "$OUT" 2>&1
	export TOP E P
	on_mounts() {
		unshare -m --propagation private bash -euc '
			. "$TOP/t/lib-node.sh"
			mount -t tmpfs none "$etc/disk"
			mount --bind "$etc/bound" "$etc/bound"
			mkdir "$etc/disk/.keep-new"
			echo old > "$etc/disk/.keep-new/two"
			push "$P" "$E" p1
			cd "$etc"
			stat -c "%a %n" disk/* bound/*
			cat disk/* bound/*
			ls -A disk bound "$NODE/root/work/put"'
	}
	check "directories may be on other disks, and other mounts of ours" on_mounts
	check_same "and get their files once, whole, and nothing else" \
		"K1| file $etc/disk/one
K1| file $etc/disk/two
K1| file $etc/bound/one
K1| file $etc/bound/two

K1 ok $P
640 disk/one
640 disk/two
640 bound/one
640 bound/two
disk/one
disk/two
bound/one
bound/two
$NODE/root/work/put:

bound:
one
two

disk:
one
two" "$(cat "$OUT")"
	push "$A" "$P" p2 any > "$OUT" 2>&1
fi

# --- what is on disk ---------------------------------------------------------
begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$etc/on/disk" 'text' "echo done >> $etc/done"
D=$(seal "$SCRATCH/a")
# syncs TEXT: the perl that does so in place of bringing $path to its disk.
syncs() {
	in_perl 'syscall => sub ($@) {
		ran();
		my $path = readlink "/proc/self/fd/$_[1]";
		'"$1"'
	}'
}
# tells WORD...: what was said and to be done when that went to its disk
cat > "$SCRATCH/tells" <<'end'
{
	echo "$*"
	cut -d' ' -f2 "$NODE/root/applied"
	cat "$NODE/root/pending" 2>&1 | tail -n 1
} | paste -sd' ' >> "$SCRATCH/synced"
end
syncs 'CORE::syscall($_[0], $_[1]) == 0 or return -1;
	system "sh", "$ENV{SCRATCH}/tells", $path;
	return 0;'
shadowed push "$D" "$A" d1 > "$OUT" 2>&1
usual "what goes to the disk is told by the kernel"
check_like "a command is on disk before its file is put" \
	"^$NODE/root - echo done" "$SCRATCH/synced"
check_like "a file is, before it is said to be applied" \
	"^$etc/on - " "$SCRATCH/synced"
push "$A" "$D" d1b > "$OUT" 2>&1
syncs '$! = 38; return -1'
by sync 'sh $SCRATCH/tells "$*"; exec $real "$@"'
rm "$SCRATCH/synced"
shadowed push "$D" "$A" d1c > "$OUT" 2>&1
usual "where the kernel cannot a program does"
check_like "which has the command" '^-f -- \. - echo done' "$SCRATCH/synced"
check_like "and the file" "^-f -- .*$etc/on/ - " "$SCRATCH/synced"
syncs '$! = 38; return -1'
by sync 'exit 1'
push "$A" "$D" d1d > "$OUT" 2>&1
check_exit 7 "what is not on its disk is not switched to" \
	shadowed push "$D" "$A" d1e
usual "since nothing gets there"
check_same "so that the old one stays" "gen/$A" \
	"$(readlink "$NODE/root/current")"
push "$D" "$A" d1f any > "$OUT" 2>&1
syncs 'CORE::syscall($_[0], $_[1]); $! = 5; return -1'
push "$A" "$D" d1g > "$OUT" 2>&1
check_exit 7 "nor what the kernel says is lost" shadowed push "$D" "$A" d1h
usual "since it says so once"
push "$D" "$A" d1i any > "$OUT" 2>&1

echo 'by hand' > "$etc/on/disk"
rm "$NODE/root/applied"
ln -s /dev/full "$NODE/root/work/seen.new"
check "where a disk has no room for a list, all goes on" push "$D" "$D" d2 any
check_like "which is told" '^K1\| work/seen: No space left'
check_same "and all is put" text "$(cat "$etc/on/disk")"
rm -f "$NODE/root/work/seen.new" "$NODE/root/applied"
echo 'by hand' > "$etc/on/disk"
push "$D" "$D" d3 any > "$OUT" 2>&1
check_same "now and later" text "$(cat "$etc/on/disk")"

syncs 'system q{printf TEXT 1<> $etc/on/disk} if $path eq "$ENV{etc}/on";
	return CORE::syscall($_[0], $_[1]);'
rm "$etc/on/disk" "$NODE/root/applied"
shadowed push "$D" "$D" d4 any > "$OUT" 2>&1
usual "somebody writes"
check_same "it is there" TEXT "$(cat "$etc/on/disk")"
rm "$NODE/root/applied"
push "$D" "$D" d5 any > "$OUT" 2>&1
check_same "what somebody writes while a disk is slow is mended" text \
	"$(cat "$etc/on/disk")"

begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply :
add_script "$SCRATCH/a" web remove "echo gone > $etc/gone"
L=$(seal "$SCRATCH/a")
push "$L" "$D" l1 > "$OUT" 2>&1
ln -s /dev/full "$NODE/root/leaving.new"
check_exit 7 "what cannot be noted as leaving does not leave" push "$D" "$L" l2
check_same "but stays" "gen/$L" "$(readlink "$NODE/root/current")"
rm "$NODE/root/leaving.new"
push "$D" "$L" l3 > "$OUT" 2>&1
check_same "until it is removed in the end" gone "$(cat "$etc/gone")"

# --- what is checked on arrival ------------------------------------------------
# Where perl has its own SHA-256 no other process is asked that could be killed.
library=$(perl -e 'print grep { -f "$_/auto/Digest/SHA/SHA.so" } @INC')
without="exec \$real -M-lib=$library \"\$@\""
# killed NAME TEXT: does that, and is killed
killed() {
	by "$1" "mkdir -p $SCRATCH/ran
	$2
	kill -9 \$\$"
}
by perl "$without"
killed sha256sum 'sed -n "1s/.*  \(.*\)/\1: OK/p"'
check_exit 3 "who is killed while a generation is checked lets nothing pass" \
	shadowed push "$B" "$D" k1
usual "one of its files was found good"
check_exit 1 "and nothing is there" test -e "$NODE/root/gen/$B"
by perl "$without"
killed sha256sum '$real "$@"'
check_exit 3 "nor who is when all was found good" shadowed push "$B" "$D" k2
usual "which it was"
killed gzip '$real "$@"'
check_exit 3 "nor who is killed when all is unpacked" shadowed push "$B" "$D" k3
usual "which it was, too"
killed gzip '$real "$@" | head -c 3000'
check_exit 3 "nor who is in the middle of it" shadowed push "$B" "$D" k4
usual "somewhere"
check_same "all of that leaves nothing" '' \
	"$(find "$NODE/root/gen" -name '.*' -o -name "$B*")"

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
in_perl 'sleep => sub (;$) {
	return select undef, undef, undef, 0.1;
}, unlink => sub (@) {
	@_ = $_ if !@_;
	ran() if $_[0] eq "confirm/m1" && CORE::unlink($_[0]);
	return CORE::unlink(@_);
}'
check "who confirms at the last moment keeps the new generation" \
	shadowed push "$A" "$D" m1 magic=1
usual "since it was in time"

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
lives() {
	grep -q '^State:.[^ZX]' "/proc/$1/status" 2> /dev/null || return 1
}
push "$A" "$A" b0 any > "$OUT"
mkfifo "$SCRATCH/go" "$SCRATCH/going"
begin "$SCRATCH/a"
add_script "$SCRATCH/a" slow apply \
	"(sleep 99 > /dev/null 2>&1 & echo \$! > $SCRATCH/stray)
	echo > $SCRATCH/going; cat $SCRATCH/go; exit 3"
S=$(seal "$SCRATCH/a")
push "$S" "$A" b1 > "$SCRATCH/b1" 2>&1 &
timeout 30 cat "$SCRATCH/going" > /dev/null
check "whose lock is broken is ended" push "$B" "$S" b2 break
wait $!
check_exit 1 "and what its scripts left behind" lives "$(cat "$SCRATCH/stray")"
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
timeout 30 cat "$SCRATCH/going" > /dev/null
check "so is one that waits for a command of a file" push "$A" "$B" b4 break,any,timeout=1
wait $!
check_like "whose deploy is told, too" '^K1 fail 137 kept$' "$SCRATCH/b3"
timeout 1 sh -c "echo > $SCRATCH/go"
check_same "and nothing is left of it" "gen/$A $A 0" \
	"$(readlink "$NODE/root/current") $(cut -d' ' -f1,2 "$NODE/root/applied")"

boot=$(cat /proc/sys/kernel/random/boot_id)
setsid bash -c '(exec sleep 99 > /dev/null & echo $! > "$SCRATCH/going")
	exec sleep 98' &
stranger=$(timeout 30 cat "$SCRATCH/going")
echo "b5 bob@desk 1 $boot $! $(sed 's/.*) //' "/proc/$!/stat" |
	cut -d' ' -f20)" > "$NODE/root/lock"
check "a lock may be that of a whole session" push "$B" "$A" b6 break
check_exit 1 "whose leader is ended" lives $!
check "but who had it before goes on" lives "$stranger"
kill "$stranger"
push "$B" "$A" b7 any > "$OUT" 2>&1
difference "$A" "$B" > "$SCRATCH/a.tgz"
# waits NAME PROTOTYPE: at its first call
waits() {
	in_perl "$1 => sub ($2) {
		if (ran()) {
			system 'echo > \$SCRATCH/going';
			sleep 1;
		}
		return CORE::$1(\$_[0], \$_[1]);
	}"
}
waits flock '*$'
shadowed on_node "$A" "$B" c1 < "$SCRATCH/a.tgz" > "$SCRATCH/c1" 2>&1 &
timeout 30 cat "$SCRATCH/going" > /dev/null
check "who comes back while a deploy begins can read on" \
	on_node "$A" "$B" c1 < "$SCRATCH/a.tgz"
check_like "up to its end" "^K1 ok $A\$"
wait $!
usual "it had begun"
push "$B" "$A" b8 any > "$OUT" 2>&1
waits symlink '$$'
shadowed on_node "$A" "$B" c2 < "$SCRATCH/a.tgz" > "$SCRATCH/c2" 2>&1 &
timeout 30 cat "$SCRATCH/going" > /dev/null
check "so can who does in its middle" on_node "$A" "$B" c2 < "$SCRATCH/a.tgz"
check_same "which is told" $'K1 running\nK1 ok '"$A" "$(marks)"
wait $!
usual "it was there"
check_like "and goes to its end" "^K1 ok $A\$" "$SCRATCH/c2"

# Another deploy of the same, which does it all at one moment of ours.
{ declare -f on_node; declare -p NODE NODE_SCRIPT; } > "$SCRATCH/on_node"
# meanwhile NAME PROTOTYPE REGEX: when that function of perl is first called with
# such words, the other goes before it; of generation $M, from $has, told in
# $SCRATCH/other and ours.
meanwhile() {
	difference "$M" "$has" > "$SCRATCH/m.tgz"
	in_perl "$1 => sub ($2) {
		system '. \$SCRATCH/other.sh' if \"@_\" =~ m{$3} && ran();
		return CORE::$1(\$_[0], \$_[1]);
	}"
	shadowed on_node "$M" "$has" m1 < "$SCRATCH/m.tgz" \
		> "$SCRATCH/ours" 2>&1
	usual "another comes"
}
cat > "$SCRATCH/other.sh" <<'END'
PATH=${PATH#"$SCRATCH/bin:"}
bash -c '. "$SCRATCH/on_node"; on_node "$M" "$has" m2' \
	< "$SCRATCH/m.tgz" > "$SCRATCH/other" 2>&1
END
export M has
begin "$SCRATCH/a"
add_script "$SCRATCH/a" web apply "echo >> $SCRATCH/applied"
M=$(seal "$SCRATCH/a") has=$(readlink "$NODE/root/current") has=${has#gen/}
meanwhile rename '$$' '^gen/[.]new'
check_like "another deploy of the same does it" '^K1 ok ' "$SCRATCH/other"
check_like "ours is told so" "^K1 (same|need) $M" "$SCRATCH/ours"
check "what is there stays whole" whole "$NODE/root"
check_same "and is applied once" 1 "$(wc -l < "$SCRATCH/applied")"
echo "$M 1 m0 1" > "$NODE/root/applied"
has=$M
meanwhile flock '*$' 'GLOB'
check_like "what had failed is mended by another" '^K1 ok ' "$SCRATCH/other"
check_same "and not applied again by us" "K1 same $M 2" \
	"$(grep '^K1 ' "$SCRATCH/ours") $(wc -l < "$SCRATCH/applied")"

begin "$SCRATCH/a"
add_script "$SCRATCH/a" slow apply \
	"[ ! -p $SCRATCH/go ] || { echo > $SCRATCH/going; cat $SCRATCH/go; }"
S=$(seal "$SCRATCH/a")
push "$S" "$M" n1 > "$SCRATCH/n1" 2>&1 &
timeout 30 cat "$SCRATCH/going" > /dev/null
in_perl 'waitpid => sub ($$) {
	my $done = CORE::waitpid($_[0], $_[1]);
	my $status = $?;
	if ($done > 0 && $status >> 8 == 4 && ran()) {
		system q{echo > "$SCRATCH/go"};
		select undef, undef, undef, 0.05 while -e "$ENV{NODE}/root/lock";
	}
	$? = $status;
	return $done;
}'
shadowed push "$A" "$S" n2 > "$OUT" 2>&1
rm "$SCRATCH/go"
wait $!
check_like "a lock that goes while we look holds nobody up" "^K1 ok $A" "$OUT"
usual "it was there when we looked first"
M=$A

# --- what a node lost ------------------------------------------------------------
echo "x1 ada@desk 1 $boot 99999999 1" > "$NODE/root/lock"
check_exit 7 "a deploy that was killed before it began is told" \
	on_node "$A" "$A" x1 result
check_like "as that" '^K1 fail 137 the runner was killed before it began'
check "whom nobody asks about it" on_node "$A" "$A" x1
check_like "goes on" "^K1 same $A"

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
