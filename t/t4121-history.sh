#!/bin/bash
# The commit that tells of a deploy, beside real git, and `keep history`.
. "${0%/*}/lib.sh"
sign_in() {
	export SSH_AUTH_SOCK=$SCRATCH/agent.$1
	ssh-agent -D -a "$SSH_AUTH_SOCK" > /dev/null 2>&1 &
	wait_for_socket "$SSH_AUTH_SOCK" || fail "ssh-agent starts"
}
record() {
	"$O/t/unit/past" "$@"
}
# lines OF [FILTER...]: of `keep history`, without the times.
lines() {
	keep history "$@" | sed 's/^[^ ]* *//; s/  */ /g; s/@[^ ]*//'
}
user=$(id -un | tr -c 'A-Za-z0-9_\n' -)
ref=refs/keep/history/$user
keep init one > init.out && cd one || exit 1

check "before the first deploy there is no history" keep history
check_same "which is an empty table" '' "$(cat "$OUT")"
git show-ref > ../refs && git rev-parse HEAD >> ../refs
check "a deploy is recorded" record first web1=changed db1=failed web2=changed
check_like "without an agent it is not signed, and that is said" \
	'^unsigned: .*agent'
check_unlike "without a remote nothing is said of it" unpushed
check_same "no file of the tree is touched" '' "$(git status --porcelain)"
check_same "nor HEAD, nor a branch" "$(cat ../refs)" \
	"$(git show-ref | grep -v refs/keep/ && git rev-parse HEAD)"
check_same "it is one commit on a reference of the user's" 1 \
	"$(git rev-list --count "$ref")"
check_same "with one file" deploy.json "$(git ls-tree --name-only "$ref")"
git show "$ref:deploy.json" > ../deploy.json
check_same "that names each node, and what became of it" \
	'db1 failed 200,web1 changed 100,web2 changed 300' \
	"$(jq -r '[.nodes[] | "\(.name) \(.state) \(.ms)"] | join(",")' ../deploy.json)"
check_same "and who, and which commit" "$user first 0123456" \
	"$(jq -r '"\(.user) \(.deploy) \(.commit[0:7])"' ../deploy.json)"
check_same "keep history shows it" \
	"$user deploy 0123456 - 1 failed, 2 changed -" "$(lines)"
check "as JSON, too" keep --format=json history
check_same "with its commit" "$(git rev-parse "$ref")" "$(jq -r '.[0].id' "$OUT")"
check "git finds no fault in it" git fsck --strict

# Signed: by any kind of key, as git verifies it.
git config gpg.ssh.allowedSignersFile "$SCRATCH/allowed"
for type in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $type -N '' -C "$type key" -f "$HOME/$type"
	sign_in $type
	ssh-add -q "$HOME/$type"
	check "a deploy with $type in the agent is recorded" record $type web1=unchanged
	check_unlike "signed" unsigned
	echo "ada@example.org $(cat "$HOME/$type.pub")" > "$SCRATCH/allowed"
	check "git verifies it" git verify-commit "$ref"
	check "git log shows it" git log -1 --show-signature "$ref"
	check_like "as good" 'Good "git" signature for ada@example.org'
	echo "eve@example.org $(cat "$HOME/ed25519.pub")" > "$SCRATCH/allowed"
done
check_exit 1 "not as somebody else's" git verify-commit "$ref"
check_same "keep history says which are" 'signed signed signed -' \
	"$(keep history | awk '{print $NF}' | tr '\n' ' ' | sed 's/ $//')"
mkdir -p users/ada && cp "$HOME/rsa.pub" users/ada/ssh.pub
check "who stands in users/ deploys by that name" record named web1=changed
check_same "on a reference of that name" 1 \
	"$(git rev-list --count refs/keep/history/ada)"
ssh-add -q "$HOME/ed25519"
echo "ada@example.org $(cat "$HOME/ed25519.pub")" > "$SCRATCH/allowed"
mv "$HOME/ed25519.pub" "$HOME/other.pub"
# shellcheck disable=SC2088 # git's own
for said in "key::$(cat "$HOME/other.pub")" "~/other.pub" "~/other"; do
	git config user.signingkey "$said"
	check "user.signingkey says which key signs (${said:0:7})" \
		record chosen web1=changed
	check "and it did" git verify-commit "$ref"
done
git config user.signingkey /nowhere
check "one that is not there does not hinder" record chosen web1=changed
check_unlike "and another signs" unsigned
git config --unset user.signingkey
mv "$HOME/other.pub" "$HOME/ed25519.pub"
ssh-add -q -x < <(printf 'pw\npw\n') 2> /dev/null || ssh-add -qD
check "an agent without keys does not hinder it" record locked web1=changed
check_like "and is told" '^unsigned: '
rm -r users
unset SSH_AUTH_SOCK

# Two at once.
before=$(git rev-list --count "$ref")
for i in 1 2 3 4 5 6 7 8; do
	record "at-once-$i" web1=changed > "../at-once.$i" &
	at_once[i]=$!
done
for i in 1 2 3 4 5 6 7 8; do
	wait "${at_once[i]}" || fail "process $i records" "$(cat "../at-once.$i")"
done
check_same "of eight at once of one user none is lost" $((before + 8)) \
	"$(git rev-list --count "$ref")"
check_same "and they stand in a line" $((before + 8)) \
	"$(git rev-list --count --first-parent "$ref")"
before=$(git rev-parse "$ref")
touch ".git/$ref.lock"
check_exit 8 "a lock that git left is not waited for without end" record late web1=changed
check_like "and named" "$ref" "$OUT"
rm ".git/$ref.lock"
check_same "nothing is recorded then" "$before" "$(git rev-parse "$ref")"

# A remote, and a colleague's clone.
git init -q --bare ../origin.git
git remote add origin ../origin.git && git push -qu origin main
check "with a remote, a deploy is recorded" record pushed web3=changed
check_unlike "and pushed" unpushed
check_same "the remote has it" "$(git rev-parse "$ref")" \
	"$(git ls-remote origin "$ref" | cut -f 1)"
check_same "git fetch will bring those of others" \
	"+refs/keep/history/*:refs/keep/remotes/origin/*" \
	"$(git config --get-all remote.origin.fetch | tail -n 1)"
record again web3=changed > /dev/null
check_same "which is set once" 2 "$(git config --get-all remote.origin.fetch | wc -l)"
check_same "a plain push is what it was" '' "$(git config --get-all remote.origin.push)"
git clone -q ../origin.git ../two && cd ../two || exit 1
check_same "a clone knows no deploys at first" '' "$(keep history)"
check "keep history fetches them" keep history --fetch -n 2
check_same "so many as were asked for" 2 "$(wc -l < "$OUT")"
ssh-keygen -q -t ed25519 -N '' -f "$HOME/bob" && mkdir -p users/bob &&
	cp "$HOME/bob.pub" users/bob/ssh.pub
sign_in bob
ssh-add -q "$HOME/bob"
check "a colleague deploys from there" record bobs web2=rolled_back
check_unlike "and does not conflict" unpushed
ssh-add -qD
check "the same user deploys from there, too" record elsewhere web4=changed
check_unlike "behind what was fetched" unpushed
cd ../one || exit 1
check "and from here, not knowing of it" record here web5=changed
check_like "which is not pushed" '^unpushed: .*next deploy joins'
check "the next deploy" record joined web6=changed
check_unlike "is pushed" unpushed
check_same "and joins both" 'elsewhere here joined' \
	"$(keep --format=json history -n 6 | jq -r '.[].deploy' |
		grep -E '^(elsewhere|here|joined)$' | sort | paste -sd ' ')"
check_same "the colleague's came along" bobs \
	"$(keep --format=json history web2 -n 1 | jq -r '.[].deploy')"
git remote set-url origin "$SCRATCH/nowhere"
check "when the remote is gone the deploy is recorded" record lonely web1=changed
check_like "and is said not to be pushed" '^unpushed: git push: '
check_exit 7 "what cannot be fetched is said" keep history --fetch
git config core.sshCommand 'echo a secret question > /dev/tty; false'
git remote set-url origin ssh://nobody@127.0.0.1/x
check "git has no terminal to ask at" record asked web1=changed
check_like "and fails" '^unpushed: '

# A filter.
check_same "with a filter there is a line a node" \
	"$user deploy 0123456 web2 changed 6d7f3eae0c5c 300ms" \
	"$(lines web2 | tail -n 1)"
check_same "nodes that are gone are found by name" 1 "$(keep history db1 | wc -l)"
check_same "or pattern" 'db1' "$(keep history 'd*' | awk '{print $5}')"
check_exit 2 "who never was has no past" keep history web99
check_like "which is told" 'web99' "$ERR"
keep node add web2 ip_address=192.0.2.1 services=web tags=production > "$OUT"
keep node add web9 ip_address=192.0.2.2 services=web tags=production > "$OUT"
check "nodes are selected as elsewhere" keep history web
check_same "by what they are now" web2 "$(awk '{print $5}' "$OUT" | sort -u)"
check_exit 2 "a wrong filter is told" keep history No_Such
check_exit 2 "-n 0 is refused" keep history -n 0

# What others wrote.
good=$(keep history -n 1000 | wc -l)
evil() {
	local blob tree commit
	blob=$(git hash-object -w --stdin)
	tree=$(printf '100644 blob %s\t%s\n' "$blob" "${1-deploy.json}" | git mktree)
	commit=$(git commit-tree -m evil "$tree" < /dev/null)
	git update-ref "refs/keep/remotes/origin/evil-$RANDOM$RANDOM" "$commit"
}
echo '{"at": "yes"}' | evil
head -c 5000000 /dev/zero | tr '\0' ' ' | evil
echo '[1]' | evil
echo '{}' | evil other.json
jq '.nodes[0].name = "\u001b[31mred" | .new = 1 | .nodes[0].more = [] | .user = "a\u001b]b"' \
	../deploy.json | evil
jq '.nodes = [range(30000) | {name: "n", state: "s", ms: 1}]' ../deploy.json | evil
check "commits that tell of no deploy do no harm" keep history -n 1000
check_same "what is well-formed is shown, though a later keep wrote it" \
	$((good + 1)) "$(wc -l < "$OUT")"
check_same "the rest is told" 5 "$(grep -c 'tells of no deploy' "$ERR")"
check_unlike "no foreign byte moves a terminal" $'\e'
mkdir ../bare && cd ../bare || exit 1
check_exit 4 "there is no history outside of an instance" keep history
keep init --no-commit three > "$OUT" && cd three || exit 1
check_exit 4 "nor without git" keep history
check_exit 4 "where nothing can be recorded" record x web1=changed
