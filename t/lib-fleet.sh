# shellcheck shell=bash
# Nodes to deploy to: real sshds on the tests' image (t/image). Sourced behind
# lib.sh; need_fleet before the first check.
#
#	need_fleet
#	fleet_up web1 db1
#	check "a node answers by its name" ssh web1 true
#
# From need_fleet on the script stands in namespaces of its own (PID, mount,
# network, where lo alone is up), with which all that it started ends. Its user
# has $HOME in the eyes of ssh, too: ~/.ssh holds a key that every node lets in,
# their host keys, and their names.
#
# Of a node the script sees:
#	$FLEET/NAME/root          its root, as itself sees it, while it is up
#	$FLEET/NAME/keep          its /var/lib/keep (KEEP_ROOT)
#	$FLEET/NAME/at            ADDRESS PORT
#	$FLEET/NAME/host_key.pub
# What it wrote stays over fleet_down; /run and /tmp are empty at each start,
# which has a boot id of its own. The folder ends with the script.
. "$TOP/t/lib-image.sh"
declare -A FLEET_JOBS=() FLEET_PROXIES=() FLEET_TRIPS=()
FLEET_MADE=0
FLEET_WEAK=

# need_fleet [one]: a place for nodes. Root gets it, or the script fails.
# KEEP_TEST_FLEET=weak is for who cannot be root: a single node, which is an
# sshd of this user on this machine, with its own KEEP_ROOT. Scripts that say
# `one` run there; others, and other users, skip.
need_fleet() {
	if [ "${KEEP_TEST_FLEET-}" = weak ]; then
		[ "${1-}" = one ] || CI='' skip_all "a weak fleet has one node"
		echo "# weak fleet: one unprivileged sshd with KEEP_ROOT" >&2
		FLEET_WEAK=yes FLEET=$SCRATCH/fleet
		mkdir -p "$FLEET" || exit
	elif [ $$ != 1 ] || [ -z "${FLEET-}" ]; then
		[ "$(id -u)" = 0 ] ||
			skip_all "a fleet needs root, or KEEP_TEST_FLEET=weak"
		need_image
		fleet_enter
	else
		fleet_place || { fail "a fleet finds its place"; exit; }
	fi
	mkdir -m 700 "$HOME/.ssh" && ssh-keygen -q -t ed25519 -N '' \
		-C fleet -f "$HOME/.ssh/id_ed25519" && cat > "$HOME/.ssh/config" << END
Host *
	IdentityFile $HOME/.ssh/id_ed25519
	IdentitiesOnly yes
	UserKnownHostsFile $HOME/.ssh/known_hosts
	StrictHostKeyChecking yes
	UpdateHostKeys no
	BatchMode yes
	ConnectTimeout 10
	KexAlgorithms ^curve25519-sha256
END
}

# The script begins anew as PID 1 of its namespaces; this process cleans up
# behind it, since nobody can remove a folder that is a mount point to him.
fleet_enter() {
	mkdir "$SCRATCH/fleet" && chmod 711 "$SCRATCH" && cd "$OLDPWD" || exit
	FLEET=$SCRATCH/fleet IMAGE=$IMAGE unshare -m -p -n -f \
		--kill-child --propagation unchanged bash "$0" &
	trap '{ kill -KILL $!; wait; } 2> /dev/null; rm -rf "$SCRATCH"' EXIT
	wait $!
	exit
}

# A chroot has no mount at /, which nothing can be propagated from then.
fleet_place() {
	mount --make-rprivate / 2> /dev/null
	mount -t proc proc /proc &&
		mount -t tmpfs -o mode=755,size=90% tmpfs "$FLEET" &&
		cp -a "$IMAGE" "$FLEET/.image" &&
		sed "s,^\(root:.*:\)[^:]*:\([^:]*\)\$,\1$HOME:\2," /etc/passwd \
			> "$FLEET/.passwd" &&
		mount --bind "$FLEET/.passwd" /etc/passwd &&
		ip link set lo up
}

# fleet_up [-n] [-c LINES] [-k TYPE] [-s SIZE] [-u USER] NAME...: starts nodes,
# which are made when the name is new:
#	-n        with a network of its own, eth0 in 10.99/16, for daemons of
#	          its own; else it has an address of lo. sshd is at port 22.
#	-c LINES  go to the end of its sshd_config
#	-k TYPE   type of its host key (ed25519)
#	-s SIZE   size of its disk (256m)
#	-u USER   who is let in, and may sudo; root is not let in then
# On return they accept connections.
fleet_up() {
	local OPTIND=1 option net='' lines='' type=ed25519 size=256m user=root
	local name
	while getopts nc:k:s:u: option; do
		case $option in
		n) net=1 ;;
		c) lines=$OPTARG ;;
		k) type=$OPTARG ;;
		s) size=$OPTARG ;;
		u) user=$OPTARG ;;
		*) return 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	for name; do
		[ -d "$FLEET/$name" ] ||
			{ fleet_make "$name" "$net" "$lines" "$type" "$size" &&
				fleet_user "$name" "$user"; } ||
			fleet_failed "$name"
		fleet_start "$name" 2> "$FLEET/$name/start.log"
	done
	for name; do
		fleet_wait "$name" || fleet_failed "$name"
	done
}

# fleet_down [NAME...]: as by loss of power; without a name, all.
fleet_down() {
	local name
	[ $# != 0 ] || set -- "${!FLEET_JOBS[@]}"
	for name; do
		kill -KILL "$(cat "$FLEET/$name/pid")"
		wait "${FLEET_JOBS[$name]}" # what the shell says of it is dropped
		unset "FLEET_JOBS[$name]"
		rm -f "$FLEET/$name/pid" "$FLEET/$name/root"
	done 2> /dev/null
}

# fleet_wait NAME: until its sshd, if started anew, accepts connections.
fleet_wait() {
	local at
	read -r -a at < "$FLEET/$1/at"
	# most do already, and a hundred times perl takes seconds
	{ true <> "/dev/tcp/${at[0]}/${at[1]}"; } 2> /dev/null ||
		wait_for_socket "${at[0]}:${at[1]}"
}

# on_node NAME COMMAND...: runs in the node, beside sshd.
on_node() {
	local name=$1 pid
	shift
	if [ -n "$FLEET_WEAK" ]; then
		KEEP_ROOT=$FLEET/$name/keep "$@"
	else
		read -r pid < "$FLEET/$name/pid" || return
		nsenter -a -r -w -t "$pid" env -i HOME=/root LC_ALL=C.UTF-8 \
			PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	fi
}

# fleet_add NAME...: nodes of the instance that we stand in become those of the
# fleet: their address, port, user and host key.
fleet_add() {
	local name at user
	for name; do
		read -r -a at < "$FLEET/$name/at"
		user=$(cat "$FLEET/$name/user")
		[ -z "$FLEET_WEAK" ] || user=$(id -un)
		mkdir -p "files/nodes/$name" &&
			cut -d ' ' -f 1,2 "$FLEET/$name/host_key.pub" \
				> "files/nodes/$name/ssh_host_key.pub" &&
			keep -q node add "$name" "ip_address=${at[0]}" \
				"ssh.port=${at[1]}" "ssh.user=$user" || return
	done
}

# fleet_cut NAME..., fleet_join NAME...: nodes of -n lose their link, silently:
# who connects waits until his own deadline; and have it again.
fleet_cut() {
	fleet_link down "$@"
}
fleet_join() {
	fleet_link up "$@"
}

# fleet_proxy NAME DELAY_MS [CUT]: from now on NAME.far is the node behind a
# wire with that delay each way, which breaks when CUT bytes came back.
fleet_proxy() {
	local name=$1 at far log
	read -r -a at < "$FLEET/$name/at"
	far=127.200.${at[0]#*.*.}
	if [ -z "${FLEET_TRIPS[$name]-}" ]; then
		mkfifo "$FLEET/$name/trips"
		# to read and write: no end of it waits for the other
		exec {log}<> "$FLEET/$name/trips"
		FLEET_TRIPS[$name]=$log
		fleet_host "$name.far" "$far" 2222
	else
		log=${FLEET_TRIPS[$name]}
		kill "${FLEET_PROXIES[$name]}"
		wait "${FLEET_PROXIES[$name]}"
		while read -r -t 0 -u "$log"; do # what nobody asked for
			read -r -u "$log" _
		done
	fi 2> /dev/null
	"$TOP/t/fleet/proxy" "$far" 2222 "${at[@]}" "${@:2}" \
		> "$FLEET/$name/trips" 2> "$FLEET/$name/proxy.log" &
	FLEET_PROXIES[$name]=$!
	fleet_trips "$name" > /dev/null || fleet_failed "$name.far"
}

# fleet_trips NAME: TRIPS SENT GOT of a connection to NAME.far that has ended,
# each told once: round trips, bytes of the client, bytes of the node.
fleet_trips() {
	local line
	read -r -t 10 -u "${FLEET_TRIPS[$1]}" line && echo "$line"
}

# --- how ----------------------------------------------------------------------

fleet_failed() {
	fail "the node $1 starts" "$(cd "$FLEET/${1%%.*}" &&
		tail -n 20 ./*.log up/var/log/sshd.log 2>&1)"
	exit
}

# fleet_host NAME ADDRESS PORT: known to ssh by that name, with the host key of
# the node before the first dot.
fleet_host() {
	local key host=$2
	read -r -a key < "$FLEET/${1%%.*}/host_key.pub"
	[ "$3" = 22 ] || host="[$2]:$3"
	printf 'Host %s\n\tHostName %s\n\tPort %s\n' "$@" >> "$HOME/.ssh/config"
	echo "$host ${key[0]} ${key[1]}" >> "$HOME/.ssh/known_hosts"
}

# fleet_make NAME NET LINES TYPE SIZE: all of a node that outlives it.
fleet_make() {
	local dir=$FLEET/$1 n=$((++FLEET_MADE)) address port=22
	address=$((n / 250)).$((n % 250 + 1))
	mkdir "$dir" || return
	if [ -n "$FLEET_WEAK" ]; then # no two scripts have one PID
		address=127.$((64 + $$ / 65536)).$(($$ / 256 % 256)).$(($$ % 256))
		port=2222
		mkdir "$dir/keep"
	elif [ -n "$2" ]; then
		address=10.99.$address
		fleet_disk "$dir" "$5" && fleet_wire "$dir" "node$n" "$address"
	else
		address=127.1.$address
		fleet_disk "$dir" "$5"
	fi || return
	echo "$address $port" > "$dir/at"
	ssh-keygen -q -t "$4" -N '' -C '' -f "$dir/host_key" &&
		fleet_config "$dir" "$address" "$port" > "$dir/sshd_config" &&
		printf '%s\n' "$3" >> "$dir/sshd_config" &&
		fleet_host "$1" "$address" "$port"
}

# fleet_user NAME USER
fleet_user() {
	echo "$2" > "$FLEET/$1/user"
	[ "$2" = root ] ||
		printf 'Host %s\n\tUser %s\n' "$1 $1.far" "$2" >> "$HOME/.ssh/config"
}

fleet_disk() {
	mount -t tmpfs -o "mode=755,size=$2" tmpfs "$1" &&
		mkdir "$1/up" "$1/work" "$1/over" &&
		mkdir -m 700 "$1/home" "$1/home/.ssh" &&
		cp "$HOME/.ssh/id_ed25519.pub" "$1/home/.ssh/authorized_keys" &&
		ln -s root/var/lib/keep "$1/keep"
}

# fleet_wire DIR LINK ADDRESS: a network, and its link to the script's. The
# neighbour is fixed: a node that is cut off is not answered for by anyone.
fleet_wire() {
	local net=$1/net mac
	ip link show fleet0 > /dev/null 2>&1 ||
		{ ip link add fleet0 type bridge &&
			ip addr add 10.99.255.254/16 dev fleet0 &&
			ip link set fleet0 up; } || return
	echo "$2" > "$1/link"
	: > "$net"
	unshare "--net=$net" ip link set lo up &&
		ip link add "$2" type veth peer name eth0 netns "$net" &&
		ip link set "$2" master fleet0 up &&
		nsenter "--net=$net" ip addr add "$3/16" dev eth0 &&
		nsenter "--net=$net" ip link set eth0 up &&
		mac=$(nsenter "--net=$net" ip -br link show eth0 |
			awk '{ print $3 }') &&
		ip neigh replace "$3" lladdr "$mac" dev fleet0 nud permanent
}

fleet_link() {
	local state=$1 name
	shift
	for name; do
		ip link set "$(cat "$FLEET/$name/link")" "$state" || return
	done
}

# fleet_config DIR ADDRESS PORT: as Debian has it, but without PAM, whose
# modules would need a session of a whole system.
fleet_config() {
	local etc=/etc/ssh run=/run
	[ -z "$FLEET_WEAK" ] || etc=$1 run=$1
	cat << END
ListenAddress $2:$3
HostKey $etc/host_key
PidFile $run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
Subsystem sftp internal-sftp
END
	[ -z "$FLEET_WEAK" ] || cat << END
AuthorizedKeysFile $HOME/.ssh/id_ed25519.pub
StrictModes no
SetEnv KEEP_ROOT=$1/keep
END
}

fleet_start() {
	local dir=$FLEET/$1 net=()
	if [ -n "$FLEET_WEAK" ]; then
		"$(PATH=$PATH:/usr/sbin command -v sshd)" -D \
			-f "$dir/sshd_config" -E "$dir/sshd.log" &
		echo $! > "$dir/pid"
	else
		[ ! -e "$dir/net" ] || net=(nsenter "--net=$dir/net")
		"${net[@]}" unshare -m -u -p -f --kill-child \
			--propagation unchanged "$TOP/contrib/local/node" \
			"$dir" "$FLEET/.image" > /dev/null &
	fi
	FLEET_JOBS[$1]=$!
}

# --- deploys to them ------------------------------------------------------------

# fleet_agent: an ssh-agent with the user's key.
fleet_agent() {
	eval "$(ssh-agent -s)" > /dev/null
	ssh-add -q "$HOME/.ssh/id_ed25519"
}

# fleet_acme NODE...: that, an instance acme with these nodes of the fleet, and
# into it.
fleet_acme() {
	fleet_agent
	keep init acme > "$OUT" && cd acme && fleet_add "$@" || exit
}

# commit: what the instance says is what can be deployed.
commit() {
	keep -q compile && git add -A && git commit -qm change
}

# deploy ARGUMENT...: events and result as JSON.
deploy() {
	keep --format=json deploy "$@"
}

# told TITLE FILTER WANT: what jq makes of the nodes of the result in $OUT.
told() {
	check_same "$1" "$3" "$(jq -rs ".[-1].result.nodes | $2" "$OUT")"
}

# words NODE: the last line that its recipe left.
words() {
	tail -n 1 "$FLEET/$1/root/srv/words"
}

# recipe_at_gate: recipes/site/apply, which begins with that and goes on as stdin
# says.
recipe_at_gate() {
	mkdir -p services recipes/site
	cat /dev/fd/3 - > recipes/site/apply 3<< 'END'
. "$KEEP_DIR/config.sh"
if [ -p /srv/gate ]; then
	exec 3<> /srv/gate
	echo > /srv/begun
	read -r _ <&3
fi
END
}

# gate NODE: from now on its recipe, which knows /srv/gate, waits in the middle.
gate() {
	mkfifo "$FLEET/$1/root/srv/gate" "$FLEET/$1/root/srv/begun"
}

# at_gate NODE, open_gate NODE: it is there; it goes on, and is not stopped again.
at_gate() {
	read -r -t 60 <> "$FLEET/$1/root/srv/begun"
}
open_gate() {
	timeout 60 sh -c "echo > '$FLEET/$1/root/srv/gate'"
	rm "$FLEET/$1"/root/srv/{gate,begun}
}
