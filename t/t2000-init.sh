#!/bin/bash
# keep init: an instance that works, all or nothing.
. "${0%/*}/lib.sh"
git config --global user.name 'Ada Test'
git config --global user.email ada@example.org

check "init makes a directory" keep init acme
check_like "and tells how to go on" '^  cd /.*/acme$'
check_like "with a first node" '^  keep node add web1 '
check_like "and a compile" '^  keep compile$'
check_same "nothing is left beside it" acme "$(ls -A)"
check_same "all is committed" '' "$(git -C acme status --porcelain --ignored)"
check_same "by who git says" 'Ada Test <ada@example.org>' \
	"$(git -C acme log -1 --format='%an <%ae>')"
check "what git holds is sound" git -C acme fsck --strict
mkdir acme/.keep acme/picks
touch acme/secrets.dev.json acme/.keep/x
left='acme/.keep-0123456789abcdef.tmp acme/picks/.keep-0123456789abcdef.tmp'
# shellcheck disable=SC2086 # two words
touch $left
check_same "git ignores the cache, unsealed secrets, what a kill leaves" '' \
	"$(git -C acme status --porcelain)"
# shellcheck disable=SC2086 # two words
rm $left
check "the provider has the directory's name" \
	grep -q '"name": "acme"' acme/provider.json
check "nobody is enrolled" grep -q '"signed": false' acme/Keepfile
check "production and staging are there" \
	ls acme/tags/production.json acme/tags/staging.json

find acme -type f -exec md5sum {} + | sort > before
check_exit 4 "an instance is not made twice" keep init acme
check_like "it says why" 'is a provider instance already' "$ERR"
find acme -type f -exec md5sum {} + | sort > after
check_same_files "and nothing of it changes" before after
rm before after

check "name and domain are written as JSON" \
	keep init quoted --name 'A "B" $C' --domain example.net --no-commit
check "whatever is in them" grep -qF '"name": "A \"B\" $C"' quoted/provider.json
check "the domain, too" grep -qF '"domain": "example.net"' quoted/provider.json
check_exit 1 "--no-commit leaves git alone" test -e quoted/.git
check_exit 2 "a domain must be one" keep init other --domain 'no domain'
check_exit 4 "its parent must be there" keep init no/such/place
check_exit 1 "then nothing is made" test -e other

mkdir empty
check "an empty directory is filled" keep --format=json init empty/
check_same "JSON tells the commit" "$(git -C empty rev-parse HEAD)" \
	"$(python3 -c 'import json,sys; print(json.load(sys.stdin)["commit"])' < "$OUT")"

mkdir mine && git -C mine init -q && echo hello > mine/README.md
git -C mine add README.md && git -C mine commit -qm begin
echo more > mine/notes
check "a repository of mine is filled" keep init mine
check_same "with a commit on top" 'keep init: the provider begins
begin' "$(git -C mine log --format=%s)"
check_same "other files stay as they are" '?? notes' \
	"$(git -C mine status --porcelain)"

mkdir full && echo '{}' > full/provider.json
check_exit 4 "a file of mine is not overwritten" keep init full
check_like "it is named" 'full/provider.json is there already' "$ERR"
check_same "nothing else is put beside it" provider.json "$(ls -A full)"
echo file > file
check_exit 4 "a file is no place" keep init file

mkdir locked && git -C locked init -q && touch locked/.git/index.lock
check_exit 8 "when git cannot commit" keep init locked
check_same "the files go again" .git "$(ls -A locked)"
git init -q old
touch old/Keepfile
git -C old add Keepfile && git -C old commit -q -m old && rm old/Keepfile
touch old/.git/refs/heads/main.lock
check_exit 8 "when the branch is locked" keep init old
check_same "the index is as it was" " D Keepfile" "$(git -C old status -s)"

mkdir foreign && git -C foreign init -q && chmod -R a+rwX foreign .
if [ "$(id -u)" = 0 ]; then
	check_exit 9 "a repository of somebody else is not touched" \
		as_user keep init "$PWD/foreign"
	check_like "it says how to trust it" 'safe.directory' "$ERR"
fi
check_same "and has no file more" .git "$(ls -A foreign)"

mkdir hooks && printf '#!/bin/sh\ntouch "$HOME/hooked"\nexit 1\n' > hooks/pre-commit
chmod 755 hooks/pre-commit
git config --global core.hooksPath "$PWD/hooks"
check "hooks do not stop it" keep init unhooked
check_exit 1 "and are not run" test -e "$HOME/hooked"

LD_DEBUG=files keep -C acme node list 2> loaded > loaded
check_like "a list of nodes loads the provider" 'libkeep-provider' loaded
check_unlike "and not libgit2" 'git2' loaded

mkdir -p own/provider_base own/recipes/web own/.git
echo '{}' > own/provider_base/common.json
echo '#!/bin/sh' > own/recipes/web/run && chmod 755 own/recipes/web/run
touch own/.git/HEAD
check "a platform of one's own is copied" keep init with --platform own
check "with its modes" test -x with/platform/recipes/web/run
check_exit 1 "without its history" test -e with/platform/.git
ln -s /etc/passwd own/link
check_exit 2 "a platform with a link is refused" keep init other --platform own
check_exit 2 "a directory that is no platform, too" keep init other --platform mine
check_exit 4 "one that is not there, too" keep init other --platform nowhere
check_exit 1 "then nothing is made" test -e other
check_same "nothing is left anywhere" '' "$(find . -name '.keep-*')"

rm "$HOME/.gitconfig"
check "who has no name in git may begin" keep init nameless
check_same "keep commits in its own" keep \
	"$(git -C nameless log -1 --format=%an)"
