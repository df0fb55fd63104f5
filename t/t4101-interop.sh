#!/bin/bash
# Nodes as people harden them, and users as they configure ssh: each is reached
# by what can.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-hardened.sh"
need_fleet
fleet_agent
hardened_up
fleet_up -u ada other-user
fleet_up plain
keep init acme --no-commit > "$OUT"
cd acme || exit
# shellcheck disable=SC2086 # one word a node
fleet_add $HARDENED other-user plain

on() {
	keep --format=json run "$@" -- 'id -un'
}

check "every node is reached, however it is set up" on all
told "each as root" 'map(.state) | unique | join(" ")' ok
check_same "whoever logs in" "$(echo "$HARDENED" other-user plain | wc -w)" \
	"$(jq -r '.item | select(.) | .line' "$OUT" | grep -cx root)"
told "by what can" '.[] | .node + " " + .by' 'aead openssh
certificate openssh
etm openssh
other-user libssh2
plain libssh2
pq openssh
rsa-host openssh
rsa-user openssh
stock libssh2'
told "and why is told of each that is not libssh2" \
	'map(select((.why == null) != (.by == "libssh2"))) | length' 0
told "as far as it is known" \
	'.[] | select(.node == "certificate") | .why' \
	"ssh_config names a certificate"
keep -q compile
check "a deploy tells why, too" keep deploy pq stock --yes --dirty
check_like "once" '^pq: by ssh: pq: '
check_same "of each node" 1 "$(grep -c 'by ssh' "$OUT")"
check "it is shown, too" keep run pq -- true
check_like "in the table" '^pq +ok .*by openssh: pq: '
check "ssh alone can do it all" on all --transport openssh
check_exit 7 "libssh2 alone cannot" on stock pq --transport libssh2
cp files/nodes/stock/ssh_host_key.pub files/nodes/plain/
check_exit 3 "a wrong host key is no reason for another try" on plain
told "by ssh" '.[].by' libssh2
cp "$FLEET/plain/host_key.pub" files/nodes/plain/ssh_host_key.pub
sed -i 's/ [^ ]*$//' files/nodes/plain/ssh_host_key.pub

# --- what the user's ssh says is kept -------------------------------------------
# ssh, which says in $ASKED that it was asked.
ASKED=$SCRATCH/asked
mkdir "$SCRATCH/bin"
cat > "$SCRATCH/bin/ssh" << END
#!/bin/sh
case " \$* " in
*" -G "*) echo asked >> "$ASKED" ;;
esac
exec $(command -v ssh) "\$@"
END
chmod +x "$SCRATCH/bin/ssh"
PATH=$SCRATCH/bin:$PATH
# asked TITLE N: so often was ssh asked about `plain` by a run of it.
asked() {
	: > "$ASKED"
	on plain > "$OUT"
	check_same "$1" "$2" "$(wc -l < "$ASKED")"
}
config=$HOME/.ssh/config
asked "what ssh says is kept" 0
touch "$HOME/.ssh/another"
asked "also when another file comes" 0
printf '\nHost nowhere\n' >> "$config"
asked "until its configuration changes" 1
asked "and then again" 0
rm -r .keep/ssh
asked "what is kept may be deleted" 1
truncate -s -2 .keep/ssh/plain
asked "or be broken" 1
keep -q node set plain ssh.user=ada
asked "another user is another question" 1
keep -q node set plain ssh.user=root
mkdir "$HOME/.ssh/conf.d"
sed -i "1i Include $HOME/.ssh/conf.d/*.conf" "$config"
asked "an Include counts" 1
asked "when it has no file" 0
printf 'Host plain\n\tProxyCommand ssh -W %%h:%%p stock\n' > "$HOME/.ssh/conf.d/a.conf"
asked "and when it gets one" 1
told "which is heeded" '.[].why' "ssh_config names a proxy command"
told "by ssh" '.[] | .by + " " + .state' 'openssh ok'
asked "and is kept" 0
told "with its answer" '.[].why' "ssh_config names a proxy command"
sed -i 's/ssh -W/no-such-ssh -W/' "$HOME/.ssh/conf.d/a.conf"
check_exit 7 "one that is broken is not tried for long" \
	timeout 15 keep --format=json run plain -- true
check_like "and told with what it says" '"text":".*no-such-ssh'
sed -i 's/no-such-ssh -W/ssh -W/' "$HOME/.ssh/conf.d/a.conf"
printf 'Host plain\n\tProxyJump stock\n' > "$HOME/.ssh/conf.d/b.conf"
rm "$HOME/.ssh/conf.d/a.conf"
asked "a file more, and one less" 1
told "both count" '.[].why, .[].state' $'ssh_config names a jump host\nok'
printf 'Match exec "true"\n\tCompression no\n' > "$HOME/.ssh/conf.d/b.conf"
asked "what a command decides" 1
asked "is asked anew each time" 1
rm "$HOME/.ssh/conf.d/b.conf"
mv "$config" "$config.not"
asked "a configuration that goes counts" 1
asked "and stays gone" 0
mv "$config.not" "$config"
asked "until it comes" 1
cat >> "$config" << 'END'
Host broken
	NoSuchOption
END
asked "a configuration that ssh refuses is passed over" 1
check_like "which is said" 'plain: the user.s ssh_config does not count' \
	<(on plain 2>&1 > /dev/null)
sed -i '/^Host broken/,$d' "$config"

# --- which keys -------------------------------------------------------------------
for n in 1 2 3 4 5 6; do
	ssh-keygen -q -t ed25519 -N '' -f "key$n"
done
ssh-add -q -D
ssh-add -q key1 key2 key3 key4 key5 key6 "$HOME/.ssh/id_ed25519"
check "of many keys the one that ssh_config names is tried" on plain
told "by libssh2" '.[].by' libssh2
ssh-add -q -d "$HOME/.ssh/id_ed25519"
check "where the agent lacks it, ssh reads the file" on plain
told "and that is told" '.[].why' \
	"the agent has none of the keys that ssh_config names"

mkdir nothing
ssh-add -q -D
ssh-add -q "$HOME/.ssh/id_ed25519"
check "without ssh libssh2 does what it can" \
	env PATH="$PWD/nothing" "$KEEP" run stock -- true
