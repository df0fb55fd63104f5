#!/bin/bash
# The monitor of the default platform: tests by a timer, results on a page.
# tags: slow nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent

# change NODE PATH=VALUE...: and deployed.
change() {
	{ [ $# = 1 ] || keep node set "$@"; } && keep -q compile &&
		git add -A && git commit --allow-empty -qm change && keep deploy "$1" --yes
}

# seen NODE: what the other node gets as its page.
seen() {
	local at from=mon1
	read -r at _ < "$FLEET/$1/at"
	[ "$1" != mon1 ] || from=app1
	on_node $from curl -sSf -u "monitor:$password" "http://$at:8080/"
}

# ran NODE: a run that began after this call has ended; the next one waits.
ran() {
	local _
	for _ in 1 2; do
		timeout 20 cat "$FLEET/$1/root/run/tested" || return
	done
}

fleet_up -n mon1 app1
keep init acme --domain example.org > "$OUT" && cd acme || exit
mkdir -p services recipes/app
echo '{}' > services/app.json
cat > recipes/app/test << 'END'
[ ! -p /run/tested ] || timeout 20 sh -c 'echo > /run/tested'
echo "first words"
[ -e /run/broken ] || { echo "<b>$KEEP_NODE & app</b>"; exit 0; }
cat /run/broken
exit 1
END
fleet_add mon1 app1
for node in mon1 app1; do
	keep -q node set "$node" services=app,monitor tags=production \
		monitor.interval=1s || exit
done

# --- the page ----------------------------------------------------------------
check "a node gets a monitor" change mon1
check "so does another" change app1
password=$(jq -r .production.monitor_password secrets.dev.json)
if command -v systemd-analyze > "$OUT"; then
	check "systemd would take its units" on_node mon1 systemd-analyze \
		verify /etc/systemd/system/keep-monitor.{service,timer}
	check_same "without a word" '' "$(cat "$ERR")"
fi
for node in mon1 app1; do
	mkfifo "$FLEET/$node/root/run/tested"
done
check "the tests run by a timer" ran app1
check "on each node" ran mon1
check "the page is served to who knows the password" seen mon1
check_like "a service that is well is on it" \
	'<tr class="ok"><td>mon1<td>app<td>ok<td>[-0-9]+ [:0-9]+<td>'
check_like "with what its test said last, which is no HTML" \
	'<td>&lt;b>mon1 &amp; app&lt;/b>'
check_like "so is that of another node" '<td>app1<td>app<td>ok'
check_like "they are counted" '4 of 4 are well'
password=guessed
check_exit 22 "nobody else is shown it" seen mon1
check_like "since he is asked for the password" 401 "$ERR"
password=$(jq -r .production.monitor_password secrets.dev.json)

echo 'no disk' > "$FLEET/mon1/root/run/broken"
check "a service of another node can fail" ran mon1
check "and the monitor" ran app1
check "still shows its page" seen app1
check_like "where it is told" \
	'class="failed"><td>mon1<td>app<td>failed<td>.*<td>no disk'
check_like "and counted" '3 of 4 are well'
check_same "before those that are well" 'mon1 app1 app1 mon1' \
	"$(sed -n 's/^<tr[^>]*><td>\([a-z0-9]*\).*/\1/p' "$OUT" | xargs)"
rm "$FLEET/mon1/root/run/broken"
check "a node can fail as a whole" on_node app1 /usr/local/sbin/keep-unit stop nginx
check "the monitor" ran mon1
check "shows it, too" seen mon1
check_like "as unreachable" \
	'class="unreachable"><td>app1<td><td>unreachable<td>.*connect'
check_like "but knows of itself" '2 of 3 are well'

# --- beside a deploy, and the end --------------------------------------------
rm "$FLEET"/*/root/run/tested
on_node mon1 /usr/local/sbin/keep-unit stop keep-monitor.timer
rm "$FLEET/mon1/root/var/lib/keep-monitor/results"
# shellcheck disable=SC2016 # for the node's shell
check "while a deploy goes on" on_node mon1 sh -c '
	read -r boot < /proc/sys/kernel/random/boot_id
	echo "d1 ada@desk 1 $boot $$ 1" > /var/lib/keep/lock
	/usr/local/sbin/keep-monitor'
check_exit 1 "nothing is tried" \
	test -e "$FLEET/mon1/root/var/lib/keep-monitor/results"
check "a lock of who is gone hinders nobody" on_node mon1 \
	/usr/local/sbin/keep-monitor
check_like "each service is tried then" '^app	ok	' \
	"$FLEET/mon1/root/var/lib/keep-monitor/results"

check "a monitor leaves a node" change mon1 services=app
check_exit 7 "nothing is served" seen mon1
check_exit 1 "and nothing runs" on_node mon1 pgrep -f keep-monitor
check_exit 1 "nothing of it is left" find "$FLEET/mon1/root/etc" \
	"$FLEET/mon1/root/usr/local" "$FLEET/mon1/root/var/lib/keep-monitor" \
	-name '*monitor*'
