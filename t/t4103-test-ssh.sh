#!/bin/bash
# keep test and keep ssh.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent
fleet_up web1 web2
fleet_up -u ada db1
keep init acme --no-commit > "$OUT"
cd acme || exit
fleet_add web1 web2 db1

# --- keep test ------------------------------------------------------------------
# A service whose test looks for a file.
mkdir -p services recipes/probe
echo '{}' > services/probe.json
cat > recipes/probe/test << 'END'
[ ! -e /probe-fails ] || { echo "it is broken"; exit 5; }
echo "$KEEP_NODE works"
END
chmod +x recipes/probe/test
for node in web1 web2 db1; do
	keep -q node set "$node" services=probe
done
keep -q compile
check_exit 3 "a node on which nothing was deployed fails its tests" \
	keep test web1
check_like "and says so" '^web1: nothing was deployed here$'
git init -q && git add -A && git commit -qm all
check "nodes are deployed" keep deploy all --yes
check "the tests of the services are run" keep test all
check_like "on each node" '^web1: web1 works$'
check_like "with the service that it is of" '^web1: probe: test$'
check_like "as root" '^db1: db1 works$'
check_like "and told in a table" '^db1 +ok +0 '
touch "$FLEET/web2/root/probe-fails"
check_exit 3 "a test that fails" keep test all
check_like "shows what it says" '^web2: it is broken$'
check_like "and its status" '^web2 +failed +5 '
check_like "the others do not" '^web1 +ok '
check_exit 2 "no filter is refused" keep test

# --- keep ssh -------------------------------------------------------------------
check "a command runs on one node" keep ssh web1 hostname
check_same "there" web1 "$(cat "$OUT")"
check "as the user who logs in" keep ssh db1 'id -un'
check_same "no other" ada "$(cat "$OUT")"
check "its stdin is ours" keep ssh web1 cat < /etc/hostname
check_same_files "whole" /etc/hostname "$OUT"
check_exit 7 "its exit status is ours" keep ssh web1 'exit 7'
check "words that begin with - are the command's" keep ssh web1 -- ls -d /
check_same "as for ssh" / "$(cat "$OUT")"
check "without a command there is a shell" keep ssh web1 \
	<<< 'echo "here is $(hostname)"'
check_like "on the node" '^here is web1$'
rm "$HOME/.ssh/known_hosts"
check "the pinned key is enough" keep ssh web1 true
cp files/nodes/web2/ssh_host_key.pub files/nodes/web1/
check_exit 255 "another host key is not trusted" \
	keep ssh web1 'touch /was-here'
check_exit 1 "nothing runs there" test -e "$FLEET/web1/root/was-here"
rm files/nodes/web1/*
check_exit 6 "nor is a node without a known key" keep ssh web1 true
check_exit 2 "a node that is not there is refused" keep ssh web9
check_exit 2 "a service is none" keep ssh probe
check_exit 4 "nor is a pattern" keep ssh 'web*'
check "a command may have a terminal" \
	script -qec 'keep ssh web2 -t tty' /dev/null
check_like "of its own" '/dev/pts/[0-9]+'
