#!/bin/bash
# What keep asks of git before it deploys, beside git's own answers.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

# git_says TITLE FILTER WANT [COMMIT]: what jq makes of the answer.
git_says() {
	if ! keep --format=json try git ${4+"$4"} > "$OUT" 2> "$ERR"; then
		fail "$1" "$(cat "$ERR")"
		return
	fi
	check_same "$1" "$3" "$(jq -r "$2" "$OUT")"
}
commit() {
	git commit -q --allow-empty -m "$1"
}

check_exit 4 "outside of a repository there is no HEAD" keep try git
mkdir work && cd work || exit 1
git init -q
git_says "before the first commit HEAD is nothing" '[.id, .brief, .pushed] | tojson' \
	'["","",false]'
echo one > tracked && echo '*.log' > .gitignore && mkdir sub && echo two > sub/file
git_says "what was never committed is dirty" '.dirty | join(" ")' \
	'.gitignore sub/file tracked'
git add . && commit one
git_says "HEAD is the last commit" .id "$(git rev-parse HEAD)"
git_says "and shortened as git does" .brief "$(git rev-parse --short HEAD)"
git_says "a committed tree is clean" '.dirty | length' 0
git_says "a repository of its own has no remote" '.has_remote, .pushed' \
	$'false\nfalse'

echo more >> tracked && rm sub/file && touch new.log new 'with blank' &&
	mkdir deep && touch deep/file
git_says "what changed, went or came is dirty, what is ignored is not" \
	'.dirty | join(",")' 'deep/file,new,sub/file,tracked,with blank'
git add tracked
git_says "staged or not" '.dirty | length' 5
mkdir -p sub/below && cd sub && touch below/file
git_says "beneath a directory only that counts, as seen from there" \
	'.dirty | join(" ")' 'below/file file'
cd .. && git reset -q --hard && git clean -qfd

echo other > tracked && git add tracked && git show HEAD:tracked > tracked
before=$(find .git/objects -type f | wc -l)
git_says "what is staged alone is dirty, too" '.dirty | join(" ")' tracked
check_same "and to look writes nothing" "$before" \
	"$(find .git/objects -type f | wc -l)"
git reset -q --hard

first=$(git rev-parse HEAD)
commit two
git_says "an earlier commit is an ancestor" .kin ancestor "$first"
git_says "so is HEAD itself" .kin ancestor "$(git rev-parse HEAD)"
git_says "a short id serves" .kin ancestor "${first:0:9}"
git checkout -qb side "$first" && commit side && side=$(git rev-parse HEAD)
git checkout -q main
git_says "a commit of another branch is none" .kin other "$side"
git_says "a commit that is not here is not known" .kin unknown \
	0123456789012345678901234567890123456789
git_says "nor is the id of a file" .kin unknown "$(git rev-parse HEAD:tracked)"
for bad in abc HEAD "$first"00 '' ../../etc; do
	check_exit 2 "'$bad' is no id of a commit" keep try git "$bad"
done

git init -q --bare ../origin.git && git remote add origin ../origin.git
git_says "a remote that has nothing has not HEAD" '.has_remote, .pushed' \
	$'true\nfalse'
git push -q origin main
git_says "what was pushed is there" .pushed true
commit three
git_says "what came later is not" .pushed false
git push -q origin main:refs/heads/a/b/c
git_says "any branch of it will do" .pushed true
git checkout -q --detach HEAD~1
git_says "and an ancestor of one, HEAD being detached" .pushed true
git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/gone
git_says "a reference that leads nowhere does no harm" .pushed true
git checkout -q main

git pack-refs --all && git gc -q
git_says "packed is the same" .pushed true
git worktree add -q ../other side
cd ../other || exit 1
git_says "in a second work tree HEAD is its own" .id "$side"
cd .. && git clone -q --depth 1 "file://$PWD/work" shallow && cd shallow || exit 1
git_says "a shallow clone knows its HEAD" .kin ancestor "$(git rev-parse HEAD)"
git_says "and nothing of what is behind it" .kin unknown "$first"

# --- how libgit2 begins ----------------------------------------------------------------
LD_BIND_NOW=1 LD_DEBUG=bindings keep try git > bound 2>&1
check_like "it reads no certificates, which https alone needs" \
	'libgit2.* to .*libkeep-git2.*mbedtls_x509_crt_parse_file' bound
