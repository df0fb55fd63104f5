#!/bin/bash
# keep node init, facts, rekey, revoke: meeting nodes, and letting them go.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
command -v script > "$OUT" || skip_all "script of bsdutils is not here"
fleet_agent
export SHELL=/bin/sh
fleet_up web1 web2
fleet_up -k rsa old1
fleet_up -n far1
fleet_up -u ada db1
keep init acme --no-commit > "$OUT"
cd acme || exit

# add NAME...: nodes as an admin adds them: no host key is known.
add() {
	local name at
	for name; do
		read -r -a at < "$FLEET/$name/at"
		keep -q node add "$name" "ip_address=${at[0]}" \
			"ssh.port=${at[1]}" "ssh.user=$(cat "$FLEET/$name/user")"
	done
}
# print NAME: its fingerprint, as its console shows it.
print_of() {
	ssh-keygen -lf "$FLEET/$1/host_key.pub" | cut -d' ' -f2
}
# answer WORD COMMAND: at a terminal where that is typed.
answer() {
	printf '%s\n' "$1" | script -qec "$2" /dev/null | tr -d '\r'
	return "${PIPESTATUS[1]}"
}
# check_has TITLE TEXT [FILE]: fingerprints hold what regular expressions do.
check_has() {
	if grep -Fq -e "$2" "${3-$OUT}"; then
		pass "$1"
	else
		fail "$1" "no line has: $2
$(tap_file "${3-$OUT}")"
	fi
}
add web1 web2 old1 far1 db1

# --- meeting them ------------------------------------------------------------
check_exit 9 "nobody is trusted where nobody can be asked" keep node init web1
check_has "the fingerprint is told" \
	"shows the host key 256 $(print_of web1) (ED25519)" "$ERR"
check_like "and how to say it" 'say it by --host-key' "$ERR"
check_exit 1 "and nothing is pinned" test -e files/nodes/web1
check_exit 6 "a wrong fingerprint is refused" \
	keep node init web1 --host-key "$(print_of web2)"
check_has "with what the node shows" "$(print_of web1)" "$ERR"
check_exit 1 "and nothing is pinned, too" test -e files/nodes/web1
check_exit 2 "what is no fingerprint is told" \
	keep node init web1 --host-key 'MD5:aa:bb'
check_exit 2 "one fingerprint is of one node" \
	keep node init web1 web2 --host-key "$(print_of web1)"
check_exit 6 "who says no trusts nobody" answer n "keep node init web1"
check_has "after the fingerprint was shown" "  256 $(print_of web1) (ED25519)"
check_exit 1 "and nothing is pinned then" test -e files/nodes/web1
check "who says yes trusts it" answer y "keep node init web1"
check_has "it is asked as ssh-keygen prints it" \
	"  256 $(print_of web1) (ED25519)"
check_like "then it is pinned" "host key .* is pinned now in files/nodes/web1"
check_same "with the key of the node" \
	"$(cut -d' ' -f1,2 "$FLEET/web1/host_key.pub")" \
	"$(cut -d' ' -f1,2 files/nodes/web1/ssh_host_ed25519_key.pub)"
check_like "the node is ready" '^web1: ready; root is root by login$'
check "the right fingerprint needs nobody to ask" \
	keep node init web2 --host-key "$(print_of web2)"
check "as does a line of ssh-keygen -l" keep node init old1 \
	--host-key "$(ssh-keygen -lf "$FLEET/old1/host_key.pub")"
check_like "of an RSA key" 'host key [0-9]+ SHA256:.* \(RSA\)'
check_has "which is as many bits as ssh-keygen says" \
	"$(ssh-keygen -lf "$FLEET/old1/host_key.pub" | cut -d' ' -f1,2) (RSA)"
check "one that was met is looked at again" keep node init web1
check_like "and nothing is asked" 'host key .* is the one pinned in files/nodes/web1'
check_exit 4 "another fingerprint than the pinned one is a conflict" \
	keep node init web1 --host-key "$(print_of web2)"
check_like "with a way on" 'keep node rekey web1' "$ERR"

# --- behind a jump host --------------------------------------------------------
fleet_up -n -c 'ListenAddress 127.0.0.9:22' jump1
keep -q node add hidden ip_address=127.0.0.9
check_exit 7 "a node that only a jump host reaches shows nothing" \
	keep node init hidden
check_like "how to name that is told" 'in ~/.ssh/config: Host hidden, ProxyJump' \
	"$ERR"
printf 'Host hidden\n\tProxyJump jump1\n' >> "$HOME/.ssh/config"
check_exit 9 "behind it nobody is trusted either" keep node init hidden
check_has "where nobody can be asked" \
	"shows the host key 256 $(print_of jump1) (ED25519)" "$ERR"
check_exit 6 "a wrong fingerprint is refused there" \
	keep node init hidden --host-key "$(print_of web1)"
check_exit 1 "nothing is pinned" test -e files/nodes/hidden
check_exit 1 "nor known to ssh" ssh-keygen -F 127.0.0.9 -f "$HOME/.ssh/known_hosts"
check "who says yes trusts it" answer y "keep node init hidden"
check_like "it is ready" '^hidden: ready; root is root by login$'
check "and is reached" keep run hidden -- true
fleet_down jump1
check_exit 7 "where the jump host is down" keep node rekey hidden
check_like "ssh says so" 'ssh is shown no host key of hidden.*: .*jump|refused' \
	"$ERR"

# --- what a deploy needs -------------------------------------------------------
check_like "keys that are let in are told" \
	'^old1: lets in, besides users: /root/.ssh/authorized_keys: 256 SHA256:.* fleet$' \
	<(keep node init old1)
mkdir -p users/ada
cp "$HOME/.ssh/id_ed25519.pub" users/ada/ssh.pub
check "but not those of users" keep node init old1
check_unlike "of the instance" 'lets in'
ssh-keygen -q -t ecdsa -N '' -C $'bob\033[2J' -f bob
echo "from=\"10.0.0.0/8\",command=\"echo hi\" $(cat bob.pub)" \
	>> "$FLEET/web1/root/root/.ssh/authorized_keys"
before=$(sha256sum "$FLEET/web1/root/root/.ssh/authorized_keys")
check "a foreign key is found behind its options" keep node init web1
check_like "what a terminal may not be sent is shown" \
	'^web1: lets in, besides users: .* 256 SHA256:.* \(ECDSA\) bob\\x1b\[2J$'
check_same "nothing is removed" "$before" \
	"$(sha256sum "$FLEET/web1/root/root/.ssh/authorized_keys")"
check "who is not root becomes it" keep node init db1 \
	--host-key "$(print_of db1)"
check_like "by sudo" '^db1: ready; ada is root by sudo$'
mv "$FLEET/db1/root/etc/sudoers.d/ada" "$FLEET/db1/root/root/"
check_exit 3 "where he may not, the node is not ready" keep node init db1
check_like "and the line that helps is shown" \
	'^ada ALL=\(root\) NOPASSWD: ALL$'
check_exit 3 "what needs root fails there" keep node status db1
check_like "with sudo's words" '^db1 +failed .*sudo'
mv "$FLEET/db1/root/root/ada" "$FLEET/db1/root/etc/sudoers.d/"
for tool in $(sed -n 's/^for tool in \(.*\); do/\1/p' \
	"$TOP/cmd/deploy/generation/node.sh"); do
	grep -q "for tool in.* ${tool}[ ;]" "$TOP/cmd/deploy/node/ask.sh" ||
		fail "all that a deploy needs is looked for" "$tool is not"
done
mv "$FLEET/web2/root/usr/bin/perl" "$FLEET/web2/root/root/"
check_exit 3 "a tool that is missing is told" keep node init web2
check_like "by its name" '^web2: lacks perl$'
mv "$FLEET/web2/root/root/perl" "$FLEET/web2/root/usr/bin/"

fleet_down far1
check_exit 7 "a node that is not there shows nothing" keep node init far1 \
	--host-key "$(print_of far1)"
check_like "which is told" 'no ssh server shows a host key at 10\.99\.' "$ERR"
fleet_up far1
check "it can be met later" keep node init far1 --host-key "$(print_of far1)"

# --- what they are -------------------------------------------------------------
check "facts are told" keep node facts web1
check_like "the system" '^web1: os = debian$'
check_like "processors" "^web1: cpus = $(getconf _NPROCESSORS_ONLN)\$"
check_like "its name" '^web1: hostname = web1$'
check_like "memory in bytes" "^web1: memory = $(awk \
	'/^MemTotal/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)\$"
check_like "what installs packages" '^web1: packages = apt-get$'
check_exit 1 "and not written" test -e facts/web1.json
check_exit 2 "without facts nothing is read" keep expr web1 self.facts.os
check "unless it is asked for" keep node facts web1 web2 --update
check_like "then it is told" '^web1: facts/web1.json is written$'
check_same "as JSON" '"debian"' "$(jq .os facts/web1.json)"
check_same "with sorted keys" "$(jq -S . facts/web1.json)" "$(cat facts/web1.json)"
check_same "expressions read them" '"debian"' "$(keep expr web1 self.facts.os)"
check_same "of each node" '"web2"' "$(keep expr web1 \
	"nodes.where(n: n.name == 'web2').first().facts.hostname")"
check_unlike "they are not compiled along" '"facts"' \
	<(keep inspect web1 --format=json)
cp facts/web1.json was.json
jq ".os = \"= error('run')\" | .list = [\"= 1 + 1\"]" was.json \
	> facts/web1.json
check_same "none is an expression, whatever a node says" \
	"\"= error('run')\" \"= 1 + 1\"" \
	"$(keep expr web1 self.facts.os) $(keep expr web1 'self.facts.list[0]')"
cp was.json facts/web1.json
check "the same facts" keep node facts web1 --update
check_same_files "are the same file" was.json facts/web1.json
check_unlike "which is not written again" 'is written'
printf "ID='x\\033[2J'\n" > "$FLEET/web1/root/etc/os-release"
check "a node may say what it likes" keep node facts web1
check_like "a terminal is not sent it" '^web1: os = x\\x1b\[2J$'
# shellcheck disable=SC2016 # for the node's shell
echo 'ID=$(head -c 3000000 /dev/zero | tr "\0" x)' \
	> "$FLEET/web1/root/etc/os-release"
check_exit 3 "but not as much as it likes" keep node facts web1
check_like "which is told" '^web1: failed: it says more than 1 MiB$'
fleet_cut far1
check_exit 7 "a node that is unreachable" \
	keep node facts web2 far1 --timeout 3s
check_like "is told" '^far1: unreachable: '
check_like "the others answer" '^web2: os = debian$'
fleet_join far1

# --- a node that was installed anew ----------------------------------------------
mkdir -p .keep/nodes && echo junk > .keep/nodes/web2
rm "$FLEET/web2/host_key" "$FLEET/web2/host_key.pub"
ssh-keygen -q -t ed25519 -N '' -f "$FLEET/web2/host_key"
fleet_down web2
rm -rf "$FLEET/web2/up" && mkdir "$FLEET/web2/up"
fleet_up web2
old=$(ssh-keygen -lf files/nodes/web2/ssh_host_ed25519_key.pub | cut -d' ' -f2)
check_exit 3 "a node with another host key is not talked to" \
	keep node facts web2
check_exit 9 "its key is not trusted where nobody can be asked" \
	keep node rekey web2
check_exit 6 "who says no keeps the old one" answer n "keep node rekey web2"
check_has "both are shown: that which was" "  256 $old (ED25519)"
check_has "and that which is" "  256 $(print_of web2) (ED25519)"
check "the old one is pinned still" \
	grep -F "$old" <(ssh-keygen -lf files/nodes/web2/ssh_host_ed25519_key.pub)
echo "ssh-rsa $(cut -d' ' -f2 "$FLEET/old1/host_key.pub")" \
	> files/nodes/web2/ssh_host_rsa_key.pub
check "the right fingerprint replaces them" \
	keep node rekey web2 --host-key "$(print_of web2)"
check_has "it is told what was" "was: 256 $old"
check_has "and what is" \
	"is:  256 $(print_of web2) (ED25519), pinned in files/nodes/web2"
check_same "no other is left" ssh_host_ed25519_key.pub "$(ls files/nodes/web2)"
check_exit 1 "what was known of it is forgotten" test -e .keep/nodes/web2
check "it answers again" keep node facts web2
check "rekey twice is fine" keep node rekey web2 --host-key "$(print_of web2)"
check_exit 2 "a node that nobody knows is not met" keep node rekey web9

# --- a node that is in other hands ------------------------------------------------
git init -q
for secret in eldest older; do
	keep -q node set web1 "app.password== secret('$secret')"
	keep -q compile && git add -A && git commit -qm "$secret"
done
git branch aside
keep -q node set web1 "app.password== secret('app')" \
	"app.url== 'postgres://a:' + secret('db') + '@h'" \
	"app.b64== b64(secret('both'))"
keep compile > "$OUT"
check "a node can be revoked" keep node revoke web1
check_like "it is disabled" '^nodes/web1.json: the node is disabled$'
check_same "the secrets that it held are told" "app both db eldest older" \
	"$(sed -n 's/^  \([a-z0-9]*\)$/\1/p' "$OUT" | xargs)"
check_like "and what follows" '^  keep deploy all$'
check_exit 4 "no deploy reaches it" keep node status web1
check "revoked twice tells the same" keep node revoke web1
check_same "from what was compiled" "app both db eldest older" \
	"$(sed -n 's/^  \([a-z0-9]*\)$/\1/p' "$OUT" | xargs)"
mv .git ../away
check "without git" keep node revoke web1
check_like "it is told that what was before is not known" 'what the node held before is not known: ' "$ERR"
mv ../away .git
check_exit 2 "a node that is not there cannot be" keep node revoke web9
