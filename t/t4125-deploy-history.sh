#!/bin/bash
# What keep deploy and keep rollback leave behind: a signed commit of history,
# and events. The nodes are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
PATH=$O/t/bin:$PATH
fleet_up web1 web2
fleet_acme web1 web2
mkdir -p services recipes/site users/ada
cp "$HOME/.ssh/id_ed25519.pub" users/ada/ssh.pub
echo "ada@example.org $(cat users/ada/ssh.pub)" > "$SCRATCH/allowed"
git config gpg.ssh.allowedSignersFile "$SCRATCH/allowed"
echo "{\"word\": \"hello\", \"pw\": \"= secret('site')\"}" > services/site.json
cat > recipes/site/apply << 'END'
. "$KEEP_DIR/config.sh"
cat "$KEEP_DIR/secret/pw"
[ "$KEEP_word" != broken ]
END
for node in web1 web2; do
	keep -q node set $node services=site
done
commit
git init -q --bare ../origin.git && git remote add origin ../origin.git
ref=refs/keep/history/ada
# newest FILTER: what jq makes of the newest deploy of history.
newest() {
	keep --format=json history -n 1 | jq -r ".[0] | $1"
}
states='[.nodes[] | "\(.name) \(.state)"] | join(",")'

check_exit 4 "a commit that no remote has is not deployed" keep deploy all --yes
check_like "and what to do is said" 'git push; or deploy it by --unpushed' "$ERR"
git push -qu origin main
echo > dirt
check_exit 4 "neither is a dirty tree" keep deploy all --yes
check_like "and the file is named" '^dirt: ' "$ERR"
check_same "nothing of it is in the history" '' "$(keep history)"
rm dirt
echo >> compiled/web1.json
check_exit 4 "nor is compiled/ that somebody wrote to" keep deploy all --yes
check_like "which compile puts right" 'keep compile, and commit what it leaves' \
	"$ERR"
keep -q compile

check "a deploy" keep deploy all --yes
check_like "tells of salts that are drawn since this clone has none" \
	"'salt.web1' was not there, nor others; new ones are drawn" "$ERR"
check_unlike "says nothing of its history where all is well" 'history' "$ERR"
check_same "is in it" 'web1 changed,web2 changed' "$(newest "$states")"
check_same "by whom users/ names" "ada@$(hostname) deploy" \
	"$(newest '"\(.user)@\(.host) \(.verb)"')"
check_same "with the instance's commit" "$(git rev-parse HEAD) false" \
	"$(newest '"\(.commit) \(.dirty)"')"
check_same "and the generations" "$(for node in web1 web2; do
	basename "$(readlink "$FLEET/$node/root/var/lib/keep/current")"
done)" "$(newest '.nodes[].id')"
check "it is signed" git verify-commit "$ref"
check_same "the tree is clean" '' "$(git status --porcelain)"
check_same "the remote has it" "$(git rev-parse "$ref")" \
	"$(git ls-remote origin "$ref" | cut -f 1)"
rm secrets.dev.json
echo '{}' > tags/local.json
keep -q node set web1 tags=local
commit && git push -q
check "a clone that has no salts" keep deploy all --yes
check_like "is told of those that others may have" "'salt.web2' was not there; a" \
	"$ERR"
cat > ../origin.git/hooks/update << 'END'
#!/bin/sh
case $1 in refs/keep/*) printf 'no\tpushing   here\n' >&2; exit 1 ;; esac
END
chmod +x ../origin.git/hooks/update
check "a remote that takes no history" keep deploy all --yes
check_like "says so" \
	'history: not pushed: git push: remote: no pushing here remote: error: hook declined ' \
	"$ERR"
check_unlike "without what git draws its lines with" 'x09|  ' "$ERR"
rm ../origin.git/hooks/update
keep -q node set web1 word=broken
keep -q node set web2 word=bye
keep -q compile
check_exit 3 "a deploy that fails is in it, too" keep deploy all --yes --dirty
check_same "as one of a dirty tree" true "$(newest .dirty)"
check_same "as which a node has it, too" "$(git rev-parse HEAD)-dirty" \
	"$(tail -n 1 "$FLEET/web2/root/var/lib/keep/journal" | cut -d ' ' -f 4)"
commit && git push -q
check_exit 3 "dirty or not" keep deploy all --yes
check_same "is" 'web1 rolled_back,web2 unchanged' "$(newest "$states")"
check "so is a rollback" keep rollback web2 --yes
check_same "as such" rollback "$(newest .verb)"
fleet_down web2
check_exit 3 "and who was not reached" keep deploy all --yes
check_same "as such, too" unreachable "$(newest '.nodes[1].state')"
git remote set-url origin /nowhere
SSH_AUTH_SOCK=$SCRATCH/none check_exit 7 "without agent and remote" \
	keep deploy web2 --yes --transport openssh --timeout 1s
check_like "it is told that nobody signed" 'history: not signed: ' "$ERR"
check_like "and that nothing is pushed" 'history: not pushed: git push: ' "$ERR"
check_same "but it is there" 'web2 unreachable' "$(newest "$states")"
git log -p --all > log
set -- "$FLEET"/web1/root/var/lib/keep/gen/*/secret/pw
secret=$(cat "$1")
check_same "no secret is in it" '' "$(grep -cF -e "$secret" log | grep -vx 0)"
[ ${#secret} -gt 10 ] || fail "there is a secret" "$secret"
check_same "nor in what is published" '' "$(grep -rlF -e "$secret" "$XDG_STATE_HOME/keep/spool")"
keep --format=json try spool > events
check_same "each begin and end is published" \
	'deploy/acme/web1/started deploy/acme/web2/started deploy/acme/web1/done deploy/acme/web2/done' \
	"$(jq -r '[.[:4][].topic] | sort_by(split("/") | [.[3] != "started", .[2]]) | join(" ")' events)"
check_same "a failure as that" true \
	"$(jq 'any(.topic == "deploy/acme/web1/failed")' events)"

rm events log
deploy_full() {
	keep deploy web1 --yes > /dev/full
}
check_exit 11 "whose output nobody can take" deploy_full
check_like "is told how to go on" 'hint: keep deploy --resume ' "$ERR"
check_like "what was done is in the history" '^web1 (changed|unchanged|running)$' \
	<(newest "$states")
check_same "of that deploy" "$(sed -n 's/.*hint: keep deploy --resume //p' "$ERR")" \
	"$(newest .deploy)"
cd / || exit 1
check_exit 4 "where there is no instance" keep deploy all --yes
check_like "that is told" '^keep: there is no provider instance here, ' "$ERR"
