#!/bin/bash
# keep plan: what a deploy would change on nodes, which are real sshds.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2
fleet_up -n far1
fleet_up -u ada db1
fleet_acme web1 web2 far1 db1
mkdir -p services recipes/site recipes/old
cat > services/site.json << 'END'
{"pw": "= secret('site')", "word": "hello", "keys": "keys",
 "files": {
  "/srv/page": {"text": "= 'the word is ' + self.word"},
  "/srv/conf": {"text": "= 'pw=' + self.pw + '\nword=' + self.word"},
  "/etc/ssh/authorized_keys/eve": {"source": "= self.keys"}}}
END
echo '{}' > services/old.json
for key in eve bob; do
	ssh-keygen -q -t ed25519 -N '' -C $key -f ../$key
done
cp ../eve.pub files/keys
cat ../eve.pub ../bob.pub > files/both
echo 'rm -f /srv/old' > recipes/site/apply
echo 'cat /srv/drift; [ ! -e /srv/drift ] || exit 2' > recipes/site/check
echo true > recipes/old/apply
for node in web1 web2 far1 db1; do
	keep -q node set $node services=site
done

# told TITLE FILTER WANT: what jq makes of the result.
told() {
	check_same "$1" "$3" "$(jq -rs ".[-1] | $2" "$OUT")"
}
# values: all secrets, a line each, as grep -f takes them.
values() {
	jq -r '.[] | .[]' secrets.dev.json
}
# hidden TITLE FILE...: no secret is in the files, or below them.
hidden() {
	local title=$1
	shift
	values > ../values
	cat "$OUT" "$ERR" > ../shown
	check_exit 1 "$title" grep -rFf ../values ../shown "$@"
}

# --- before the first deploy ---------------------------------------------------
commit
check_exit 4 "a node without a salt has no plan yet" keep plan web1
check_like "and the verb that makes one is named" 'keep node init web1. ' "$ERR"
check_exit 4 "nor have others" keep plan web1 web2
check_like "which are all told" 'nodes web1, web2 have no salt yet' "$ERR"
check "nodes get a first generation" keep deploy all --yes
check_exit 2 "no filter is refused" keep plan
check "nothing is to be changed then" keep plan all
check_like "which is told" '^the same: 4 nodes: db1 far1 web1 web2$'
check "of one, too" keep --format=json plan web1
told "by an empty list" '.changes + .access | length' 0
told "and its id is the plan's" '.nodes[0].id == .nodes[0].has' true
check "what was last met is the same" keep plan all --offline

# --- a change --------------------------------------------------------------------
rm -rf .keep/parts .keep/nodes
keep -q node set web1 word=bye
keep -q compile
check_exit 1 "a change is a plan" keep plan all
check_like "with an id" '^plan [0-9a-f]{12}, commit [0-9a-f]{40}$'
check_like "it names the file" '^files/srv/page changes, on 1 node: web1$'
check_like "shows what was" '^-the word is hello$'
check_like "and what shall be" '^\+the word is bye$'
check_like "the configuration, too" '^\+  "word": "bye"$'
check_like "what stays is counted" '^the same: 3 nodes: db1 far1 web2$'
check_exit 1 "a terminal is shown it in colours" script -qec \
	"TERM=xterm keep plan web1 --offline" /dev/null
check_like "added lines green" $'^\e\\[32m\\+the word is bye\e\\[m'
check_like "lost ones red" $'^\e\\[1;31m-the word is hello\e\\[m'

check_exit 1 "in colours nowhere else" keep plan web1 --offline
check_unlike "as it is in a file" $'\e'
check_like "a file with a secret is told" '^files/srv/conf changes '
hidden "no plan shows a secret, or keeps it" .keep
keep -q node set db1 word=bye
rm -rf .keep/parts
check_exit 1 "who is not root can be asked" keep plan db1
check_like "for what it has" '^-the word is hello$'
git checkout -q . && git clean -qfd

# --- access ------------------------------------------------------------------------
sed -i 's/"keys": "keys"/"keys": "both"/' services/site.json
echo true > recipes/site/test
keep -q node set web2 services=site,old
keep -q compile
check_exit 1 "a key that gets in is a change" keep plan all
check_like "whose login it is, and on how many nodes" "^\\+ login eve: \
ssh-ed25519 $(ssh-keygen -lf ../bob.pub | cut -d ' ' -f 2 |
	sed 's/[+]/[+]/g') bob  on 4 nodes: "
check_same "it is told before all files" yes "$(awk '/login eve/ { l = NR }
	/^files/ && !f { f = NR } END { if (l && l < f) print "yes" }' "$OUT")"
check_like "a service that comes is told" '^\+ service old  on 1 node: web2$'
check_like "another recipe is" '^~ recipe site: test  on 4 nodes: '
check_like "what is the same is shown once" \
	'^recipes/site/test new, the same on 4 nodes: '
check_same "really" 1 "$(grep -c '^+.*bob$' "$OUT")"
commit
no() {
	echo n | script -qec "keep deploy all" /dev/null
}
check_exit 130 "a deploy asks at a terminal, where no is no" no
check_like "and tells who gets in before" '\+ login eve: .* bob  on 4 nodes: '
check_like "and what it is" 'deploy [0-9a-f]+ to 4 nodes\? \[y/N\]'
check "it is deployed" keep deploy all --yes
sed -i 's/"keys": "both"/"keys": "keys"/' services/site.json
rm recipes/site/test
keep -q node set web2 services=site
keep -q compile
check_exit 1 "the way back is one, too" keep plan all
check_like "a key that loses login is told" '^- login eve: .* bob  on 4 nodes: '
check_like "a service that leaves is" '^- service old  on 1 node: web2$'
check_like "with a warning, since nothing undoes it" \
	'^  warning: it has no remove script'
commit
check "and deployed" keep deploy all --yes

# --- users -------------------------------------------------------------------------
mkdir -p users/eve
cp ../eve.pub users/eve/ssh.pub
echo '{"scope": ["web1", "web2"]}' > users/eve/user.json
keep -q compile
check_exit 1 "a user who comes is told" keep plan all
check_like "first, by the key, and with the number of nodes" \
	'^\+ login ssh.user: ssh-ed25519 SHA256:.* eve  on 2 nodes: web1 web2$'
check_like "and whose place that takes" '^  warning: keys that are not named here lose login'
rm -r users/eve
keep -q compile

# --- plans that are kept -----------------------------------------------------------
keep -q node set web1 word=other
commit
check_exit 1 "a plan is made" keep --format=json plan web1 far1
told "of the commit" .commit "$(git rev-parse HEAD)"
id=$(jq -rs '.[-1].id' "$OUT")
check_like "its record holds what is deployed" \
	"^web1 $(jq -rs '.[-1].nodes[1].id' "$OUT")\$" ".keep/plans/$id"
check_same "nobody else reads it" 600 "$(stat -c %a ".keep/plans/$id")"

# --- what recipes find -------------------------------------------------------------
check_exit 1 "checks run when they are asked for" keep plan all --live
check_like "and may find nothing" '^checks: in sync, on 4 nodes: '
printf 'drift \033[2J\n' > "$FLEET/web2/root/srv/drift"
check_exit 1 "or that something is other" keep plan web2 --live
check_like "on which nodes" '^checks: would change it, on 1 node: web2$'
check_like "and what, with what moves no terminal" '^drift \\x1b\[2J$'

# --- what goes wrong -----------------------------------------------------------------
fleet_cut far1
check_exit 7 "a node that is not there is unreachable" \
	keep plan web2 far1
check_like "which is told" '^unreachable: far1: '
check_like "of it alone" '^the same: 1 node: web2$'
check_exit 0 "offline that does not matter" keep plan far1 --offline
fleet_join far1
mkdir -p "$FLEET/far1/root/etc/keep"
echo 'ask ada first' > "$FLEET/far1/root/etc/keep/no-deploy"
check_exit 3 "a node may refuse deploys" keep plan far1 web2
check_like "and says why" '^skipped: far1: ask ada first'
rm "$FLEET/far1/root/etc/keep/no-deploy"
rm -r .keep/nodes
check_exit 1 "nothing known of a node is told offline" keep plan far1 --offline
check_like "as such" '^first generation: far1: nothing is known of it here$'

# read_only COMMAND...: where nothing of the instance can be written.
read_only() {
	unshare -m sh -euc 'mount --bind "$PWD" "$PWD"
		mount -o remount,bind,ro "$PWD"
		cd "$PWD"
		exec "$@"' sh "$@"
}
status=0
keep plan web2 > plan || status=$?
rm -rf .keep/nodes .keep/plans
check_exit $status "an instance that cannot be written is planned" \
	read_only keep plan web2
check_same_files "as any other" plan "$OUT"
check_like "though not for later" \
	'Read-only file system: `keep deploy --plan` will not find this plan' "$ERR"
rm plan

# --- where libgit2 is not installed --------------------------------------------------
mkdir ../bare
cp -r "$O/bin" "$O/lib" ../bare
rm ../bare/lib/keep/libkeep-git2.so
check_exit 4 "a plan ends" ../bare/bin/keep plan web2 --offline
check_like "and says what is missing" 'libkeep-git2' "$ERR"
