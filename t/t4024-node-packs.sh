#!/bin/bash
# Packs that no client of ours sends: the runner takes what its manifest says,
# or nothing, and writes nowhere else.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-node.sh"

begin "$SCRATCH/a"
add_file "$SCRATCH/a" "$NODE/etc/motd" 'welcome'
A=$(seal "$SCRATCH/a")
begin "$SCRATCH/b"
add_file "$SCRATCH/b" "$NODE/etc/motd" 'good bye'
deep=$NODE/etc/$(printf '%0100d' 0)/$(printf '%0100d' 1)
add_file "$SCRATCH/b" "$deep" 'by a name that no header has room for'
add_file "$SCRATCH/b" "$NODE/etc/empty" ''
: > "$SCRATCH/b/files$NODE/etc/empty"
echo 'hunter2' > "$SCRATCH/b/secret/db"
B=$(seal "$SCRATCH/b")
push "$A" none first > "$OUT" || fail "the first generation" "$(cat "$OUT")"
cp -a "$NODE" "$SCRATCH/before"
touch "$SCRATCH/outside"

# packs WHAT: what B has and A lacks as a tar in pax format, as tar.c of keep
# makes it, with WHAT done to it; gzip'd, with the changes of MANIFEST alone, or as
# a member that packs nothing, to $SCRATCH/pack.
cat > "$SCRATCH/packs" << 'END'
import gzip, io, os, struct, subprocess, sys, tarfile, zlib
gens, want, base, what, out, how = sys.argv[1:]
def member(body):
    blocks = [body[at:at + 65535] for at in range(0, len(body), 65535)]
    return (b"\x1f\x8b\b\0\0\0\0\0\0\3" + b"".join(
        struct.pack("<BHH", 0, len(b), 65535 - len(b)) + b for b in blocks) +
        struct.pack("<HII", 3, zlib.crc32(body), len(body)))
def lines(of):
    with open(f"{gens}/{of}/MANIFEST") as manifest:
        return manifest.read().splitlines()
has = set(lines(base))
names = ["MANIFEST"] + [l.split(" ", 3)[3] for l in lines(want) if l not in has]
raw = io.BytesIO()
tar = tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT)
def put(name, body=b"", **more):
    one = tarfile.TarInfo(name)
    one.size, one.mode, one.mtime = len(body), 0o600, 0
    for key, value in more.items():
        setattr(one, key, value)
    tar.addfile(one, io.BytesIO(body))
kind, _, word = what.partition(":")
def content(name):
    if name == "MANIFEST" and kind == "changes":
        return word.replace(",", "\n").encode()
    if name == "MANIFEST" and how == "changes":
        return subprocess.run(["diff", "-an", f"{gens}/{base}/MANIFEST",
                               f"{gens}/{want}/MANIFEST"],
                              stdout=subprocess.PIPE).stdout
    with open(f"{gens}/{want}/{name}", "rb") as part:
        return part.read()
for name in names:
    put(name, content(name))
if kind == "file":
    put(word, b"evil")
elif kind == "link":
    put("files/link", type=tarfile.SYMTYPE, linkname=word)
    put("files/link/x", b"evil")
elif kind == "hard":
    put("files/hard", type=tarfile.LNKTYPE, linkname=word)
elif kind == "dir":
    put(word, type=tarfile.DIRTYPE)
elif kind == "device":
    put("files/device", type=tarfile.CHRTYPE, devmajor=1, devminor=1)
tar.close()
body = bytearray(raw.getvalue())
if how == "stored":
    body = bytearray(member(body))
if kind == "flip":
    body[int(word) % len(body)] ^= 1 << int(word) % 8
elif kind == "cut":
    del body[int(word) % len(body):]
if kind == "size":
    print(len(body))
with (open if how == "stored" else gzip.open)(out, "wb") as packed:
    packed.write(body)
END
packs() {
	python3 "$SCRATCH/packs" "$GENS" "$B" "$A" "$1" "$SCRATCH/pack" \
		"${how-gzip}"
}
as_before() {
	rm -rf "${NODE:?}" && cp -a "$SCRATCH/before" "$NODE"
}
# same_as GENERATION: the node has it, and nothing else came to be.
same_as() {
	whole "$NODE/root" && [ "$(readlink "$NODE/root/current")" = "gen/$1" ] &&
		[ "$(ls -A "$NODE")" = "$(ls -A "$SCRATCH/before")" ] &&
		[ -z "$(find "$NODE/root/gen" -mindepth 1 -maxdepth 1 -name '.*')" ] &&
		[ -z "$(find "$SCRATCH" "$NODE" -name x -o -name evil)" ] &&
		[ ! -s "$SCRATCH/outside" ]
}

packs whole: && check "what tar makes is taken" \
	on_node "$B" "$A" p0 < "$SCRATCH/pack"
check "and is there" same_as "$B"
check_same "under a long name, too" 'by a name that no header has room for' \
	"$(cat "$deep")"

while IFS='|' read -r what title; do
	as_before
	packs "$what"
	check_exit 3 "$title is refused" on_node "$B" "$A" p1 < "$SCRATCH/pack"
	check "and changes nothing: $title" same_as "$A"
done << END
file:../evil|a name that leads out
file:files/../../../evil|one that does on a way
file:$NODE/root/evil|a name from the root
file:files//evil|an empty step
file:./files/evil|a step that is none
file:$(printf 'd%.0s' {1..120})/../../evil|a long name that leads out
file:evil|a file that its manifest has not
link:$SCRATCH|a link
hard:config.json|a hard link
dir:files/x|a directory
device:|a device
END

# Any byte may be another, and the end anywhere: the node has the new
# generation, whole, or what it had.
trial() {
	as_before
	packs "$1"
	on_node "$B" "$A" t1 "${how:+size=$(stat -c %s "$SCRATCH/pack")}" \
		< "$SCRATCH/pack" > "$OUT" 2>&1
	case $? in
	0) same_as "$B" ;;
	3 | 7) same_as "$A" ;;
	*) false ;;
	esac || bad+=("$1")
}
trials() {
	local size at step bad=()
	size=$(packs size:)
	step=$((size / ${PACKS:-20} + 1))
	for ((at = 0; at < size; at += step)); do
		trial "flip:$at"
		trial "cut:$at"
	done
	check_same "$1" '' "${bad[*]}"
}
trials "with any byte changed, or cut off, all comes or nothing"

how=stored
trial whole:
check "what gzip left as it is comes without it" same_as "$B"
cat > "$SCRATCH/gzip" << 'END'
#!/bin/sh
echo "$@" > "${0%/*}/gzip.ran"
exit 1
END
chmod +x "$SCRATCH/gzip"
PATH=$SCRATCH:$PATH trial whole:
check "by a node whose gzip is not started" same_as "$B"
check_exit 1 "which is so" test -e "$SCRATCH/gzip.ran"
trials "with any byte of it changed, or cut off, all comes or nothing"

how=changes
trial whole:
check "where only what is other in its manifest comes, it is made of base's" \
	same_as "$B"
PACKS=12 trials "and with any byte of that changed, or cut off, all comes or nothing"
for changes in "" 'd1 1,' 'd0 1,' 'a1 1,' 'a0 999999999,x,' 'd1 999999999,' \
	'd999999999 1,' 'd9 1,d1 1,' 'd-1 1,' 'a1 1,d1 1,x'; do
	as_before
	packs "changes:$changes"
	check_exit 3 "changes to no manifest are refused: $changes" \
		on_node "$B" "$A" p3 < "$SCRATCH/pack"
	check "and change nothing: $changes" same_as "$A"
done
how=stored

# Hashes are perl's own where it has more than Debian's perl-base; else
# sha256sum's.
library=$(perl -e 'print grep { -f "$_/auto/Digest/SHA/SHA.so" } @INC')
check "perl has SHA-256 here" test -n "$library"
mkdir "$SCRATCH/sums" "$SCRATCH/bare"
printf '%s\n' '#!/bin/sh' "echo ran >> $SCRATCH/sums.ran" \
	"exec $(command -v sha256sum) \"\$@\"" > "$SCRATCH/sums/sha256sum"
printf '%s\n' '#!/bin/sh' "exec $(command -v perl) -M-lib=$library \"\$@\"" \
	> "$SCRATCH/bare/perl"
chmod +x "$SCRATCH/sums/sha256sum" "$SCRATCH/bare/perl"
# summed DIR...: B comes to a node that has the programs in these first.
summed() {
	as_before
	packs whole:
	PATH=$(printf "$SCRATCH/%s:" "$@")$PATH on_node "$B" "$A" t2 \
		< "$SCRATCH/pack"
}
check "what comes is checked" summed sums
check_exit 1 "without a process" test -e "$SCRATCH/sums.ran"
check "and where perl cannot do it" summed sums bare
check "it is there" same_as "$B"
check_same "by one process for all files, and one for the secret" 2 \
	"$(wc -l < "$SCRATCH/sums.ran")"
PATH=$SCRATCH/bare:$PATH PACKS=10 trials "which lets nothing else pass, either"

# Nothing comes, and no end of it.
as_before
echo 'by somebody' > "$NODE/root/gen/$A/config.json"
sed -i 's/ 0 / 1 /' "$NODE/root/applied"
mkfifo "$SCRATCH/open"
exec 7<> "$SCRATCH/open"
check_exit 3 "a node that lacks what it should have does not wait for it" \
	timeout 60 env KEEP_ROOT="$NODE/root" sh -c "$NODE_SCRIPT" keep \
	"$A" "$A" p2 ada@desk c0ffee1 '' - <&7
exec 7>&-
