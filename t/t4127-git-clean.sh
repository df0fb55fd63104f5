#!/bin/bash
# A tree that keep takes to be clean is one for git, too: a quick look at each
# file is to find whatever git would.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

# agree TITLE: keep names the files that git names.
agree() {
	local git
	git=$(git status --porcelain -z -uall . | tr '\0' '\n' | cut -c 4- |
		LC_ALL=C sort -u)
	if ! keep --format=json try git > "$OUT" 2> "$ERR"; then
		fail "$1" "$(cat "$ERR")"
		return
	fi
	check_same "$1" "$git" "$(jq -r '.dirty[]' "$OUT")"
}
# anew COMMAND TITLE: a clean tree, the command, and whether they agree.
anew() {
	git reset -q --hard base && git clean -qfdx && settle
	eval "$1"
	agree "$2"
}
# settle: what lies there is older than the index that tells of it.
settle() {
	find . -name .git -prune -o -exec touch -h -d '1 hour ago' {} + &&
		git update-index -q --refresh
}

mkdir work && cd work || exit 1
git init -q
mkdir -p a/b/c a-b deep/er
for name in a/x a/b/y a/b/c/z a-b/x a.c a0 deep/er/file empty 'with blank' Ä; do
	echo "$name" > "$name"
done
: > empty
ln -s a.c link
printf '*.log\n/ignored/\n' > .gitignore
chmod +x a/x
git add . && git commit -qm one && git tag base
agree "what was just written and committed is clean"
settle
agree "so it is later"

anew 'echo a/Y > a/b/y' "a file of the same length"
anew 'touch -r a/b/y t; echo a/Y > a/b/y; touch -r t a/b/y; rm t' \
	"and of the same time"
anew 'chmod -x a/x' "another mode"
anew 'rm a/b/c/z' "a file that is gone"
anew 'rm -r a/b' "a directory that is gone"
anew 'rm link; echo -n a.c > link' "a file where a link was"
anew 'rm a.c; ln -s a0 a.c' "a link where a file was"
anew 'ln -sfn a0 link' "a link that leads elsewhere"
anew 'mv a/b a/real; ln -s real a/b' "a directory that became a link"
anew 'rm a0; mkdir a0; echo > a0/x' "a directory where a file was"
anew ': > a.c' "a file that is empty now"
anew 'echo > empty' "a file that is not, now"
anew 'echo > a/b/new' "a new file"
anew 'mkdir -p new/er; echo > new/er/x' "a new directory"
anew 'mkdir -p new/er' "one that is empty"
anew 'echo > a/b/x.log; mkdir -p ignored/er; echo > ignored/er/x' \
	"what is ignored"
anew 'echo > a/b/x.log; git add -f a/b/x.log' "what is tracked though ignored"
anew 'echo other > a.c; git add a.c' "what is staged"
anew 'echo other > a.c; git add a.c; echo a.c > a.c' "and taken back"
anew 'git rm -q --cached a.c' "what git is to forget"
anew 'echo > new; git add -N new' "what is to be added"
anew 'git update-index --index-version 4; echo > a.c' "an index of version 4"
anew 'git update-index --assume-unchanged a0; echo other > a0' \
	"what git was told to take as it is"
git update-index --no-assume-unchanged a0
for _ in 1 2 3 4 5; do
	git reset -q --hard base
	echo a/Y > a/b/y && git commit -qam quick && echo a/Z > a/b/y
	agree "what is changed at the moment of a commit"
done
git reset -q --hard base && settle && cd a || exit 1
echo > ../new
check_same "beside a directory it does not count" 0 \
	"$(keep --format=json try git | jq '.dirty | length')"
echo > b/new && rm ../new
check_same "beneath it does" b/new "$(keep --format=json try git | jq -r '.dirty[]')"
