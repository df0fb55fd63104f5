#!/bin/bash
# tags: slow
# An sshd that hangs up on most who come at once.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent
lines='MaxStartups 2:100:2
LogLevel VERBOSE'
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
	lines="$lines
ListenAddress 127.2.0.$n:22"
done
fleet_up -c "$lines" busy
keep init acme --no-commit > "$OUT"
cd acme || exit
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
	keep -q node add "node$n" "ip_address=127.2.0.$n"
	mkdir -p "files/nodes/node$n"
	cut -d ' ' -f 1,2 "$FLEET/busy/host_key.pub" \
		> "files/nodes/node$n/ssh_host_ed25519_key.pub"
done

# drops: how many connections sshd dropped so far.
drops() {
	grep -c 'drop connection' "$FLEET/busy/up/var/log/sshd.log"
}
before=0
for by in libssh2 openssh; do
	check "a busy node is asked again ($by)" \
		keep --format=json run all --transport $by -- 'echo x'
	check_same "the command runs once for each ($by)" 12 \
		"$(jq -r '.item | select(.) | .line' "$OUT" | grep -c x)"
	check "though sshd dropped some ($by)" test "$(drops)" -gt "$before"
	before=$(drops)
done

# Who is full for good.
for n in 1 2; do
	exec {held}<> /dev/tcp/127.2.0.1/22
	read -r -u "$held" _
done
check_exit 7 "who stays busy is unreachable in the end" \
	keep --format=json run node1 node2 -- true
check_same "both are told so" 'unreachable unreachable' \
	"$(jq -rs '.[-1].result.nodes | map(.state) | join(" ")' "$OUT")"
fleet_up web1
fleet_add web1
check "Ctrl-C ends the wait" timeout 15 "$TOP/t/signalled" out INT \
	keep --format=json run node1 web1 -- 'echo x; sleep 1'
check_like "which is told" '"node1","state":"(skipped|unreachable)"'
check_like "and lets others end" '"web1","state":"ok"'
