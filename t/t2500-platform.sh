#!/bin/bash
# keep platform update: the platform of an instance is replaced by another.
. "${0%/*}/lib.sh"

P=platform/provider_base
# commit: all that is in the instance.
commit() {
	git -C acme add -A && git -C acme commit -qm "$1"
}
status() {
	git -C acme status --porcelain
}

mkdir -p older/provider_base/services
base=older/provider_base
echo '{ "version": "1" }' > older/platform.json
printf '// All nodes.\n{\n  "label": "= provider.domain"\n}\n' \
	> "$base/common.json"
echo '{ "web": { "name": "= label" } }' > "$base/services/web.json"
echo '{}' > "$base/services/dns.json"
keep init acme --platform older > made 2>&1 || cat made >&2
keep -C acme node add web1 ip_address=192.0.2.1 services=web > made
commit 'a node'
cp -r older newer
base=newer/provider_base

check "a platform is up to date with itself" \
	keep -C acme platform update --from older
check_same "which is told" 'the platform is up to date' "$(cat "$OUT")"
check "and checked" keep -C acme platform update --from older --check
check_same "nothing is written" '' "$(status)"

printf '{ "x": "newer" }\n' > "$base/services/label.json"
sed -i 's/^{/{\n  "motd": "new",/' "$base/common.json"
rm "$base/services/dns.json"
printf 'a\0b' > newer/logo
: > newer/empty
chmod 755 newer/platform.json
check_exit 1 "--check tells that another one differs" \
	keep -C acme platform update --from newer --check
cp "$OUT" checked
check_same "and writes nothing" '' "$(status)"
check "an update takes it" keep -C acme platform update --from newer
check_same_files "it shows what --check did" checked "$OUT"
check_same_files "the instance has it, and nothing else" newer acme/platform
check "with its modes" test -x acme/platform/platform.json
check_same "nothing of the old one is left over" holder "$(ls -A acme/.keep)"
check_like "files that came are told" "^added $P/services/label.json$" checked
check_like "those that changed" "^changed $P/common.json$" checked
check_like "also those that only became executable" \
	'^changed platform/platform.json$' checked
check_like "those that went" "^removed $P/services/dns.json$" checked
check_like "with their lines" '^\+  "motd": "new",$' checked
check_like "a file that is no text by its name only" \
	'^Binary files /dev/null and b/platform/logo differ$' checked
check_like "and an empty one" '^added platform/empty$' checked
check "what it shows is a patch that git takes" sh -c '
	grep -v "^added \|^changed \|^removed " checked > patch &&
	git -C acme add -A && git -C acme apply --cached -R --exclude=platform/logo \
		../patch &&
	[ -z "$(git -C acme diff --cached --name-only -- "$1")" ]' sh "$P"
git -C acme reset -q

check_exit 4 "what no commit holds is not lost" keep -C acme platform update --from older
check_like "each such file is told" \
	"^$P/services/label.json: no commit holds it" "$ERR"
check_same_files "nothing is written" newer acme/platform
commit newer
check "when it is committed it may go" keep -C acme platform update --from older
check_exit 1 "and went" test -e "acme/$P/services/label.json"
commit older

echo edited >> "acme/$P/common.json"
touch acme/.gitignore && echo '*.bak' >> acme/.gitignore
cp "acme/$P/common.json" "acme/$P/common.bak"
check_exit 4 "an edit that is not committed is not lost" \
	keep -C acme platform update --from older
check_like "it is told" "^$P/common.json: no commit holds it" "$ERR"
check_like "a file that git ignores, too" "^$P/common.bak: no commit" "$ERR"
check_same "they are still there" edited "$(tail -n 1 "acme/$P/common.json")"
check "with --force they go" keep -C acme platform update --from older --force
check_same "and all is as it was committed" '' "$(status | grep platform)"
echo '{}' > "acme/$P/services/mine.json" && commit mine
check "a service of mine that is committed goes" keep -C acme platform update --from older
check_like "and is told" "^removed $P/services/mine.json$"
commit theirs

# What an instance would be with it is looked at first.
cp -r older broken
echo '{ "a": "= no_such_name" }' > broken/provider_base/common.json
check_exit 2 "a platform that brings faults is refused" \
	keep -C acme platform update --from broken
check_like "with their places, as they would be" \
	"^$P/common.json:1:[0-9]+: " "$ERR"
check_unlike "and no other" 'platform.new' "$ERR"
check_same "nothing is written" '' "$(status)"
check_same "nor left over" holder "$(ls -A acme/.keep)"
check "unless it is forced" keep -C acme platform update --from broken --force
commit broken
check_exit 2 "now the instance has them" keep -C acme compile
echo more > broken/notes
check "a fault that was there already does not stop an update" \
	keep -C acme platform update --from broken
commit 'more notes'
check "nor does one that is mended" keep -C acme platform update --from older
check "the instance compiles again" keep -C acme compile
commit mended

# The one that came with keep.
keep init plain --no-commit > made
check "without --from it is the one that came with keep" \
	keep -C plain platform update --check
check_same "which init copied" 'the platform is up to date' "$(cat "$OUT")"
check_exit 1 "of which another one differs" keep -C acme platform update --check

# Where there is none.
rm -r acme/platform
check "one that is gone is put there" keep -C acme platform update --from older
check_same "as it was" '' "$(status)"
check_exit 4 "outside of git nothing may be lost" \
	keep -C plain platform update --from newer
check_exit 4 "nor when git has no commit" \
	sh -c 'git -C plain init -q && keep -C plain platform update --from newer'
check "but by force" keep -C plain platform update --from newer --force
check "and back" keep -C plain platform update --force
check_same_files "to what came with keep" "$O/lib/keep/platform" plain/platform

# What is not the platform's is not touched.
mkdir -p acme/vendor && git -C acme mv platform vendor/platform
sed -i 's/"path": "platform"/"path": "vendor\/platform"/' acme/Keepfile
check "a platform may lie deeper" \
	keep -C acme platform update --from newer --force
check_same_files "it is replaced there" newer acme/vendor/platform
check_same "and nowhere else" '' "$(find acme -name 'platform*' -maxdepth 1)"
git -C acme reset -q --hard && git -C acme clean -fdq
git -C acme/platform init -q
check_exit 4 "a platform with a repository of its own is left to git" \
	keep -C acme platform update --from newer --force
check "the repository stays" test -e acme/platform/.git/HEAD
rm -rf acme/platform/.git
mv acme/platform real && ln -s ../real acme/platform
check_exit 4 "a link is not replaced" \
	keep -C acme platform update --from newer --force
check "it stays" test -L acme/platform
rm acme/platform && mv real acme/platform

ln -s /etc/passwd newer/link
check_exit 2 "a platform with a link is refused, as by init" \
	keep -C acme platform update --from newer
check_exit 2 "what is no platform, too" keep -C acme platform update --from acme/nodes
check_exit 4 "and what is not there" keep -C acme platform update --from none
check_same "all of them change nothing" '' "$(status)"
sed -i "s|{ \"path\": \"platform\" }|{\"git\": \"https://example.org/p\", \"commit\": \"$(printf '%040d' 1)\"}|" \
	acme/Keepfile
check_exit 4 "a platform of git is not updated by copying" \
	keep -C acme platform update --from older
check_like "but fetched" 'keep platform fetch' "$ERR"

# A file cannot move the terminal of who looks at it.
git -C acme checkout -q Keepfile
rm newer/link && printf 'one\t\033[31mred\n' > newer/notes
check "a diff holds control characters" \
	keep -C acme platform update --from newer
check_like "and shows them" '\+one	\\x1b\[31mred'
