#!/bin/bash
# keep deploy and nodes that are not what it left them, or lie.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up web1 web2
fleet_up -c "ForceCommand printf '\nK1 ok %064d\n' 0" liar
fleet_acme web1 web2 liar
keep -q node set web1 \
	'files={"/etc/open": {"text": "0"}, "/etc/closed": {"text": "0", "mode": "0640"}}'
root=$FLEET/web1/root
# deploys NODE: what the instance says now.
deploys() {
	keep -q compile && git add -A && git commit -qm change --allow-empty
	keep --format=json deploy "$1" --yes
}
# sets FILE TEXT
sets() {
	keep -q node set web1 "files.\"/etc/$1\".text=\"$2\""
}
told() {
	check_same "$1" "$2" \
		"$(jq -rs '.[-1].result.nodes[] | .state + " " + .text' "$OUT")"
}

check "a node takes its first generation" deploys web1
printf '%s\n' '#!/bin/sh' 'case $* in *H4sI*) touch /srv/in-arguments ;; esac' \
	'exec /usr/bin/perl "$@"' > "$root/usr/local/bin/perl"
chmod +x "$root/usr/local/bin/perl"
sets closed 1
check "what not all on a node may read changes" deploys web1
check_exit 1 "and stands in no arguments there" test -e "$root/srv/in-arguments"
check_same "yet it is there" 1 "$(cat "$root/etc/closed")"
sets open 1
check "what all may read changes" deploys web1
check "and may stand there" test -e "$root/srv/in-arguments"

for file in "$root"/var/lib/keep/gen/*/config.json; do
	echo 'by hand' >> "$file"
done
sets open 2
check "a generation that was changed on the node is no base" deploys web1
told "all of the new one comes" 'changed '
check_same "and is there" 2 "$(cat "$root/etc/open")"
rm -r "$root/var/lib/keep/gen/"*
sets open 3
check "nor is one that is gone" deploys web1
check_same "the new one is there" 3 "$(cat "$root/etc/open")"

check_exit 3 "who tells of another generation is asked no more" \
	timeout 60 bash -c "$(declare -f deploys); deploys liar"
told "and has failed" 'failed it tells of another generation'
# shellcheck disable=SC2016 # for their shells
check_exit 3 "a node that talks without end keeps no others waiting" \
	timeout 30 keep run web1 web2 --transport=libssh2 --timeout=3s -- \
	'[ "$(hostname)" = web2 ] || exec yes; sleep 1; echo fine'
check_like "nor its own deadline" '^web2: fine$'

# --- who may lock little memory, as all but root ---------------------------------
rm -r .keep/nodes "$root/var/lib/keep"
mkdir -p files/large
head -c 600000 /dev/urandom | base64 > files/large/one
keep -q node set web1 'files."/etc/large"={"source": "large/one"}'
keep -q compile && git add -A && git commit -qm large
may_lock() {
	setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock bash -c \
		'ulimit -l "$1" && keep deploy web1 --yes' bash "$1"
}
check "a little is enough for a large generation" may_lock 1024
check_same_files "which is there" files/large/one "$root/etc/large"

# --- a disk of ours that is full -----------------------------------------------------
fleet_down web2
check_exit 7 "a node that is down is left over" \
	keep --format=json deploy web1 web2 --yes
id=$(jq -rs '.[-1].result.deploy' "$OUT")
fleet_up web2
mv .keep/deploys ../deploys
mkdir .keep/deploys
mount -t tmpfs -o size=4k tmpfs .keep/deploys || exit 125
{
	cat "../deploys/$id"
	yes ''
} | head -c 4090 > ".keep/deploys/$id"
check_exit 11 "where no more can be written down, a deploy goes on" \
	keep --format=json deploy --resume "$id" --yes
told "with its nodes" 'changed '
check_same "says so once" 1 "$(grep -c 'not written down for --resume' "$ERR")"
check_like "and why" 'No space left on device' "$ERR"
umount .keep/deploys
