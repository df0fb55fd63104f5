#!/bin/bash
# Sysadmins who work side by side: their branches merge, and compile the same.
. "${0%/*}/lib.sh"

git() {
	command git -C acme -c commit.gpgSign=false "$@" > "$OUT" 2> "$ERR"
}
# change NAME NODE ADDRESS SERVICES: what somebody does on a branch of his own.
change() {
	git checkout -q -b "$1" main && keep -C acme node add "$2" \
		"ip_address=$3" "services=$4" tags=production > "$OUT" &&
		keep -C acme compile > "$OUT" && git add -A &&
		git commit -qm "add $2"
}
# merge BRANCH...: into main as it was; compiled/ is compiled again.
merge() {
	local branch
	git checkout -q -B merged main || return
	for branch; do
		git merge -q --no-edit "$branch" || {
			command git -C acme diff --name-only --diff-filter=U |
				grep -v '^compiled/' >> conflicts
		}
		keep -C acme compile > "$OUT" && git add -A &&
			git commit -q --allow-empty -m merged || return
	done
}
# compiled DIR: what there is, but for serials, which are the time.
compiled() {
	cp -a acme/compiled "$1"
	find "$1" -type f -exec sed -i -E \
		's/"serial": [0-9]+/"serial": 0/; s/[0-9]+ ; serial$/0 ; serial/' {} +
}

check "an instance is made" keep init acme --domain example.org
keep -C acme node add web1 ip_address=192.0.2.1 services=web tags=production \
	> "$OUT"
check "it is compiled" keep -C acme compile
git add -A && git commit -qm begin && git branch -M main || exit
check "one adds a name server" change ada ns1 192.0.2.53 dns
check "another adds a mail server" change bob mx1 192.0.2.25 mail
: > conflicts
check "both are merged" merge ada bob
compiled one
check "and in the other order" merge bob ada
compiled other
check_same "nothing but compiled/ needs a hand" '' "$(cat conflicts)"
check "both nodes are there" test -e one/ns1.json -a -e one/mx1.json
check_same_files "the order makes no difference" one other
check "what a merge leaves is whole" keep -C acme compile --check
check "git is clean" git diff --exit-code
