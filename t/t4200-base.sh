#!/bin/bash
# What the default platform gives to every node, and how it starts units.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
unit=$TOP/contrib/platform/files/base/keep-unit

# --- whom users/ lets in ------------------------------------------------------
declare -A key
for user in ada bob eve; do
	ssh-keygen -q -t ed25519 -N '' -C "of $user" -f "$user" || exit
	key[$user]=$(cut -d ' ' -f 2 "$user.pub")
done
check "an instance is made" keep init acme --domain example.org
cd acme || exit
keep node add web1 services=web tags=production ip_address=10.99.0.1 > "$OUT"
keep node add db1 tags=staging ip_address=10.99.0.2 > "$OUT"
keys=etc/keep/authorized_keys
# user NAME USER.JSON: with its key.
user() {
	mkdir -p "users/$1"
	printf '%s\n' "$2" > "users/$1/user.json"
	cp "../$1.pub" "users/$1/ssh.pub"
}
check "it compiles without users" keep compile
check_like "it is said that nobody is let in" '^# Nobody of users/ reaches' \
	"compiled/web1/$keys"
user ada '{"admin": true}'
user bob '{"scope": ["staging"], "expires": "2031-01-31"}'
user eve '{"scope": []}'
check "it compiles with users" keep compile
check_same "a user reaches the nodes of its scope, until it expires" \
	"ssh-ed25519 ${key[ada]} ada
expiry-time=\"20310131\" ssh-ed25519 ${key[bob]} bob" \
	"$(grep -v '^#' "compiled/db1/$keys")"
user bob '{"scope": "not:web"}'
check "it compiles with another scope" keep compile
check_same "and no others" "ssh-ed25519 ${key[ada]} ada" \
	"$(grep -v '^#' "compiled/web1/$keys")"
refused() {
	user eve "$2"
	check_exit 2 "$1 is refused" keep compile
	check_like "$1: it is said why" "$3" "$ERR"
}
refused "a misspelt scope" '{"scpoe": []}' "eve/user.json: a user has no 'scpoe'"
refused "a scope of an unknown word" '{"scope": ["weeb"]}' \
	"eve/user.json: scope: .*weeb"
refused "a day that is none" '{"expires": "soon"}' \
	"eve/user.json: expires is a day like 2027-01-31, not 'soon'"
refused "a user that is no JSON" '{' 'users/eve/user.json:2:1: '
user eve '{}'
echo nonsense > users/eve/ssh.pub
check_exit 2 "a key that is none is refused" keep compile
check_like "a key that is none: it is said where" 'users/eve/ssh.pub' "$ERR"
rm -r users/eve
cd .. || exit

# --- whom a node lets in --------------------------------------------------------
fleet_up -n web1
recipe=$FLEET/web1/root/opt/base
mkdir -p "$recipe" "$FLEET/web1/root/etc/keep" \
	"$FLEET/web1/root/var/lib/keep"
cp "$TOP/contrib/platform/recipes/base/apply" "$recipe/"
echo "KEEP_name='web1'" > "$recipe/config.sh"
# lets_in KEY...: what a deploy makes of that list.
lets_in() {
	printf '%s\n' '# a comment' "$@" \
		> "$FLEET/web1/root/etc/keep/authorized_keys"
	on_node web1 env KEEP_DIR=/opt/base KEEP_ROOT=/var/lib/keep \
		sh /opt/base/apply
}
has=$(cat "$FLEET/web1/home/.ssh/authorized_keys")
expired="expiry-time=\"20200131\" ssh-ed25519 ${key[bob]} bob"
check "a list without keys is no list" lets_in
check "nor is one whose keys have all expired" lets_in "$expired" ''
check_like "which is said" '^nobody of users/ reaches this node'
check_same "who had a way in has it" "$has" \
	"$(cat "$FLEET/web1/home/.ssh/authorized_keys")"
check "one with a good key is" lets_in "$expired" "$has"
check_same "with all of it" "$expired
$has" "$(cat "$FLEET/web1/home/.ssh/authorized_keys")"

# --- units without systemd ----------------------------------------------------
install -m 755 "$unit" "$FLEET/web1/root/usr/local/sbin/"
unit() {
	on_node web1 /usr/local/sbin/keep-unit "$@"
}
check_exit 1 "a unit does not run before it is started" unit running nginx
check "one with a script of its own starts" unit start nginx
check "then it runs" unit running nginx.service
check "to start it again is no work" unit start nginx
check "it is told to read its files" unit reload nginx
check "it begins anew" unit restart nginx
check "and still runs" unit running nginx
check "it stops" unit stop nginx
check_exit 1 "and is gone" unit running nginx
check "what does not run is not restarted" unit restart nginx
check_exit 1 "nor by that started" unit running nginx

mkdir -p "$FLEET/web1/root/etc/systemd/system"
cat > "$FLEET/web1/root/etc/systemd/system/sleep@.service" << 'DONE'
[Service]
WorkingDirectory=/usr/share
RuntimeDirectory=sleeper
ExecStart=-/bin/sh -c 'pwd > %t/sleeper/%i; \
	exec sleep "%i"'
DONE
check "a unit without a script starts as its file says" \
	unit start sleep@1000
check_same "where it says" /usr/share \
	"$(cat "$FLEET/web1/root/run/sleeper/1000")"
check "several are asked at once" unit running ssh sleep@1000
check "a unit of a file stops" unit stop sleep@1000.service
check_exit 1 "one that stopped does not run" unit running sleep@1000
check_exit 1 "one that ends at once did not start" unit start sleep@word
check_like "what it said is told" 'invalid time interval'
check_exit 1 "a unit that is not there does not start" unit start nothing
check_like "and is named" 'there is no unit nothing'
printf '[Timer]\nOnActiveSec=0.1s\nOnUnitActiveSec=0.1s\n' \
	> "$FLEET/web1/root/etc/systemd/system/tick.timer"
printf '[Service]\nType=oneshot\nExecStart=/bin/sh -c "date +%%%%s > /run/tick"\n' \
	> "$FLEET/web1/root/etc/systemd/system/tick.service"
mkfifo "$FLEET/web1/root/run/tick"
ticks() {
	for _ in 1 2 3; do
		timeout 10 cat "$FLEET/web1/root/run/tick" || return
	done
}
check "a timer starts" unit start tick.timer
check "its service runs again and again" ticks
check "it is told to read its file" unit reload tick.timer
check "and goes on" ticks
check "its loop is there" on_node web1 pgrep -f 'keep-unit start tick'
check "it stops" unit stop tick.timer
check_exit 1 "and none of it runs" on_node web1 \
	pgrep -f 'keep-unit start tick'
printf '[Timer]\nOnCalendar=daily\n' \
	> "$FLEET/web1/root/etc/systemd/system/daily.timer"
check "a timer by the calendar is systemd's" unit start daily.timer
check_like "which is told" 'daily.timer is left to systemd'
check_exit 2 "an unknown verb is refused" unit begin nginx

# --- units with systemd ---------------------------------------------------------
mkdir -p "$FLEET/web1/root/run/systemd/system"
cat > "$FLEET/web1/root/usr/local/sbin/systemctl" << 'DONE'
#!/bin/sh
echo "$*"
[ "$1" != is-active ] || exit 3
DONE
chmod 755 "$FLEET/web1/root/usr/local/sbin/systemctl"
# asks VERB: what systemd is asked.
asks() {
	on_node web1 env PATH=/usr/local/sbin:/usr/bin:/bin keep-unit "$1" nginx
}
check "where systemd is PID 1 it starts units" asks start
check_same "now and at each boot" $'daemon-reload\nenable --now nginx' \
	"$(cat "$OUT")"
check "and reloads them" asks reload
check_same "if they run" 'try-reload-or-restart nginx' "$(cat "$OUT")"
check "and restarts them" asks restart
check_same "by their new files" $'daemon-reload\ntry-restart nginx' \
	"$(cat "$OUT")"
check "and stops them" asks stop
check_same "for good" 'disable --now nginx' "$(cat "$OUT")"
check_exit 3 "and knows which run" asks running
