#!/bin/bash
# A platform that lies in a git repository is fetched, and only when asked for.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet

check "an instance is made" keep init acme --name A --domain example.org
check "a node is added" keep -C acme node add web1 ip_address=192.0.2.1 \
	tags=production
check "it is compiled" keep -C acme compile
cp -a acme/compiled before
mv acme/platform shared
printf '* text=auto eol=crlf filter=evil ident\n' > shared/.gitattributes
printf '#!/bin/sh\necho x > %s/ran\ncat\n' "$PWD" > evil
chmod +x evil
git config --global filter.evil.smudge "$PWD/evil"
# shellcheck disable=SC2016 # git's own
printf 'line\n$Id$\n' > shared/notes
git -C shared init -q -b main
git -C shared add -A 2> "$ERR"
git -C shared commit -qm one
first=$(git -C shared rev-parse HEAD)
git -C shared commit -q --allow-empty -m two
rm -f ran

# platform_of URL COMMIT
platform_of() {
	printf '{"platform": {"git": "%s", "commit": "%s"}}\n' "$@" > acme/Keepfile
}

platform_of "file://$PWD/shared" "$first"
check_exit 2 "before it is fetched nothing is compiled" keep -C acme compile
check_like "but told" 'keep platform fetch' "$ERR"
check "a commit that is no branch's head is fetched" keep -C acme platform fetch
check_like "its id is told" "^commit: $first$"
check_like "and that it is new" '^fetched: true$'
check "the instance is compiled with it" keep -C acme compile
check_same_files "to the same as with a copy" before acme/compiled
check_same "files are as they were committed" \
	"$(git -C shared cat-file blob HEAD:notes)" \
	"$(cat "acme/.keep/platform/$first/notes")"
check "and no program of the user's ran" test ! -e ran
check_same "nothing else stays" "$first" "$(cd acme/.keep/platform && ls)"
check "nor beside it" test ! -e acme/.keep/platform.git
mv shared away
check "what is there is not fetched again" keep -C acme platform fetch
check_like "which is told" '^fetched: false$'

platform_of "file://$PWD/shared" "$(printf %040d 7)"
check_exit 11 "a repository that is gone is told" keep -C acme platform fetch
check_like "in git's words" 'it says: .*shared' "$ERR"
mv away shared
check_exit 4 "a commit that it lacks, too" keep -C acme platform fetch
check_like "with its name" "has no commit 0*7$" "$ERR"
platform_of "ext::touch $PWD/ran" "$first"
rm -r acme/.keep/platform
check_exit 11 "a URL runs no program" keep -C acme platform fetch
check "that is so" test ! -e ran
platform_of "--upload-pack=touch $PWD/ran" "$first"
check_exit 11 "nor is it an option" keep -C acme platform fetch
check "of git" test ! -e ran
check_same "nothing is left" '' "$(cd acme/.keep && ls -d platform* 2> "$ERR")"

mkdir other && git -C other init -q && touch other/file
git -C other add file && git -C other commit -qm none
platform_of "file://$PWD/other" "$(git -C other rev-parse HEAD)"
check_exit 2 "what is no platform is refused" keep -C acme platform fetch
check_like "with the reason" 'provider_base' "$ERR"
printf '{"platform": {"path": "shared"}}\n' > acme/Keepfile
check_exit 4 "one that came with a copy is not fetched" keep -C acme platform fetch
check_like "but updated" 'keep platform update' "$ERR"

fleet_up git1
cp -a shared "$FLEET/git1/root/srv/"
on_node git1 chown -R root: /srv/shared
platform_of "ssh://git1/srv/shared" "$first"
check "it comes over ssh, as the user's ssh is set up" \
	keep -C acme platform fetch
check "and is compiled" keep -C acme compile
check_same_files "to the same" before acme/compiled
