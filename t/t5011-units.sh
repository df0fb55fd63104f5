#!/bin/bash
# Units of contrib/systemd: how narrow they are, and a server in such a place.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
units=$TOP/contrib/systemd

# narrow UNIT BOUND: ten times what systemd-analyze may give it.
narrow() {
	check "$1 is exposed by $2 tenths at most" systemd-analyze security \
		--offline=true --no-pager "--threshold=$2" "$units/$1"
}
narrow keep@.service 8
narrow keep-instance@.service 6
narrow keep-admin@.service 17

# filled FROM TO: units of an instance, with the keep that is tested.
mkdir user system
filled() {
	sed "s,^ExecStart=keep,ExecStart=$KEEP,; s/^User=keep/User=root/
		s/^SocketUser=keep/SocketUser=root/" "$units/$1" > "$2"
}
id=0123456789abcdef
for kind in .service .socket; do
	filled "keep@$kind" "user/keep@$id$kind"
	filled "keep-instance@$kind" "system/keep-instance@$id$kind"
done
filled keep-admin@.service "user/keep-admin@$id.service"
check "systemd knows all that the user's units say" \
	systemd-analyze --user --man=no verify ./user/*
check_same "and has nothing against it" '' "$(cat "$OUT" "$ERR")"
check "the machine's, too" systemd-analyze --man=no verify ./system/*
check_same "and has nothing against them" '' "$(cat "$OUT" "$ERR")"
for unit in "$units"/*.service; do
	check_unlike "${unit##*/}: who ended well is not started again" \
		'^Restart=' "$unit"
	check_like "${unit##*/}: what it has started is its own to end" \
		'^KillMode=mixed$' "$unit"
	check_unlike "${unit##*/}: its clients are not another user" \
		'^DynamicUser=' "$unit"
done
check_like "a user's socket is where keep call looks" \
	'^ListenStream=%t/keep/serve-%i\.sock$' "$units/keep@.socket"
check_like "and the machine's where it belongs" \
	'^ListenStream=/run/keep-serve-%i/serve\.sock$' \
	"$units/keep-instance@.socket"

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1
listed=$(keep -C acme node list)
mkdir -p "$XDG_RUNTIME_DIR/keep" && chmod 700 "$XDG_RUNTIME_DIR/keep"

# start_line UNIT: its ExecStart, as words in $start.
start_line() {
	read -ra start < <(sed -n 's/^ExecStart=//p' "$units/$1")
}
for unit in keep@.service keep-instance@.service; do
	start_line "$unit"
	(cd acme && exec systemd-socket-activate -l "$(socket_of .)" \
		"${start[@]}" --idle-timeout 1s) 2> served &
	server=$!
	check "$unit: systemd listens" wait_for_socket "$(socket_of acme)"
	check "the first call starts the server" keep -C acme call node list
	check_same "which answers" "$listed" "$(cat "$OUT")"
	check "and ends with status 0 when nobody calls" wait "$server"
	rm -f "$(socket_of acme)"
done

# says UNIT LINE
says() {
	grep -qx -e "$2" "$units/$1"
}

# view UNIT COMMAND...: with the files and the network that the unit gives, as
# far as another program than systemd can; what tests are made of is there.
# shellcheck disable=SC2054 # no commas
view() {
	local unit=$1 v=(bwrap --unshare-user --unshare-pid --die-with-parent)
	shift
	says "$unit" ProtectSystem=strict && v+=(--ro-bind / / --proc /proc)
	says "$unit" PrivateDevices=yes && v+=(--dev /dev)
	says "$unit" PrivateTmp=yes && v+=(--tmpfs /tmp --tmpfs /var/tmp)
	v+=(--ro-bind "$O" "$O" --ro-bind "$TOP" "$TOP" --ro-bind "$SCRATCH" "$SCRATCH")
	says "$unit" ProtectHome=read-only || v+=(--bind "$HOME" "$HOME")
	says "$unit" PrivateNetwork=yes && v+=(--unshare-net)
	says "$unit" PrivateIPC=yes && v+=(--unshare-ipc)
	says "$unit" CapabilityBoundingSet= && v+=(--cap-drop ALL)
	"${v[@]}" "${writable[@]}" "$@"
}
writable=() # as ReadWritePaths= of a drop-in

# serve_in UNIT OPTION...: a server with that view.
serve_in() {
	serve_as "$(socket_of acme)" "$SCRATCH/work/viewed" "$@"
}
{
	echo '#!/bin/bash'
	declare -p units O TOP SCRATCH
	declare -f says view
	# shellcheck disable=SC2016 # for the script that is written
	echo 'read -ra writable < writable
		unit=$1; shift
		view "$unit" sh -c '\''LISTEN_PID=$$ exec "$@"'\'' sh \
			keep -C acme serve "$@" & trap "kill $!" TERM; wait; wait'
} > viewed
chmod +x viewed

for unit in keep@.service keep-instance@.service; do
	echo > writable
	serve_in "$unit" --allow node.add
	check "$unit: a server answers there" keep -C acme call node list
	check_same "as keep does" "$listed" "$(cat "$OUT")"
	check_exit 9 "a write is refused, though its verb is allowed" \
		keep -C acme call node add web2 ip_address=192.0.2.2
	check_like "by the disk" 'Read-only file system' "$ERR"
	check_same "and nothing is written" web1.json "$(ls acme/nodes)"
	stop
	check_exit 1 "nor is anything at home" view "$unit" touch "$HOME/x"
	check_same "no network is there" lo \
		"$(view "$unit" sed -n 's/^ *\([^ ]*\):.*/\1/p' /proc/net/dev)"
done

writable=(--bind "$PWD/acme" "$PWD/acme")
echo "${writable[@]}" > writable
serve_in keep-admin@.service --allow node.add
check "an admin's server writes the instance" \
	keep -C acme call node add web2 ip_address=192.0.2.2
check_same "which has the node then" "web1.json web2.json" \
	"$(find acme/nodes -name '*.json' -printf '%f\n' | sort | paste -sd ' ')"
stop
check_exit 1 "and nothing else" view keep-admin@.service touch "$HOME/x"
check_same "it has the network of all" \
	"$(sed -n 's/^ *\([^ ]*\):.*/\1/p' /proc/net/dev)" \
	"$(view keep-admin@.service sed -n 's/^ *\([^ ]*\):.*/\1/p' /proc/net/dev)"

start_line keep-admin@.service
export KEEP_AGENT=$PWD/agent
(cd acme && exec systemd-socket-activate -l "$(socket_of .)" \
	"${start[@]/\$\{KEEP_AGENT\}/$KEEP_AGENT}" --idle-timeout 1s) 2> served &
server=$!
check "systemd listens for it" wait_for_socket "$(socket_of acme)"
check_exit 4 "it exposes a plan" keep -C acme call plan web1
check_like "which wants what a plan wants" 'web1 has no salt yet' "$ERR"
check_exit 4 "and a deploy" keep -C acme call deploy web1 --yes
check_like "which wants what a deploy wants" 'should be in git' "$ERR"
check_exit 9 "but no more" keep -C acme call node add web3
check "and ends as the others do" wait "$server"
