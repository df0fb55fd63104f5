#!/bin/bash
# Other users who may call (--peer), the machine's sockets, and clients that
# trust no others. In a /run of its own.
if [ "$(id -u)" = 0 ] && [ -z "${OWN_RUN-}" ]; then
	# shellcheck disable=SC2016 # for the inner shell
	OWN_RUN=1 exec unshare -m sh -c 'mount -t tmpfs -o mode=755 run /run &&
		exec "$@"' sh "$0" "$@"
fi
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
[ "$(id -u)" = 0 ] || skip_all "only root can be other users"
as_user true || skip_all "root cannot be other users"
daemon=1 games=5 adm=4 # as in every Debian

# be UID GID,GROUP...: what a command begins with that such a user runs, who
# has no runtime directory, in $be.
be() {
	be=(env -u XDG_RUNTIME_DIR HOME=/nonexistent
		"PATH=$SCRATCH/user/keep/bin:$PATH" setpriv "--reuid=$1"
		"--regid=${2%%,*}" "--groups=$2" --no-new-privs)
}
# as UID GID,GROUP... COMMAND...
as() {
	be "$1" "$2"
	"${be[@]}" "${@:3}"
}
check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1
listed=$(keep -C acme node list)
id=$(basename "$(socket_of acme)" .sock | cut -d- -f2)
at=/run/keep-serve-$id/serve.sock

check_exit 2 "all faults of --peer are told at once" keep -C acme serve \
	--peer nosuch=node.list --peer @nosuch=graph --peer games --peer \
	daemon=node.lst,node.add --peer root=version --peer 65534=version
check_same "each with its place" "nosuch: there is no such user
@nosuch: there is no such group
graph: this server does not expose graph
games: names no verb
node.lst: 'node.lst' is no verb
node.add: this server does not expose node add
root: may call all that is exposed
65534: 65534 is nobody's" "$(grep -v -e '^  hint' -e '^keep:' "$ERR")"

# begin SOCKET OPTION...: a server that binds its socket itself.
begin() {
	local socket=$1
	shift
	keep -C acme serve "$@" 2>> served &
	server=$!
	wait_for_socket "$socket"
}
check "a server with peers is the machine's" begin "$at" --allow node.add \
	--peer daemon=node.list,version,describe --peer @adm=env.list \
	--peer 4242=inspect
check_same "root's and for all, in a directory that all may pass" \
	'711 0 666 0' "$(stat -c '%a %u' "${at%/*}" "$at" | paste -sd ' ')"
check "a user who is named calls what is named" \
	as $daemon $daemon keep -C acme call node list
check_same "and hears the same" "$listed" "$(cat "$OUT")"
check "by its path, too" as $daemon $daemon keep call --socket "$at" version
check_exit 9 "but nothing else" \
	as $daemon $daemon keep call --socket "$at" env list
check_like "which is said" "does not expose env list to uid $daemon" "$ERR"
check_exit 9 "though it is allowed for others" as $daemon $daemon \
	keep call --socket "$at" node add web2 ip_address=192.0.2.2
check "with a group that is named, all of both" \
	as $daemon $daemon,$adm keep call --socket "$at" env list
check "also what is the user's" \
	as $daemon $daemon,$adm keep call --socket "$at" node list
check "a member of a group calls what is named for that" \
	as $games $games,$adm keep call --socket "$at" env list
check "as one whose own group it is" \
	as $games $adm keep call --socket "$at" env list
check_exit 9 "and nothing else" \
	as $games $games,$adm keep call --socket "$at" node list
check_exit 9 "who is not named is not let in" \
	as $games $games keep call --socket "$at" node list
check_like "which is said" "uid $games may not use this service" "$ERR"
check "a number may be a user" \
	as 4242 4242 keep call --socket "$at" inspect web1
check_exit 9 "nobody is never let in, whatever his groups" \
	as 65534 65534,$adm keep call --socket "$at" env list
check_like "which is said" "uid 65534 is nobody's" "$ERR"
check "root calls all that is exposed" \
	keep -C acme call node add web2 ip_address=192.0.2.2
check_like "the log tells who called" \
	"verb=node\\.list code=OK .* uid=$daemon " served

# python UID GROUPS: what stands on stdin, in the instance.
python() {
	as "$1" "$2" env PYTHONPATH="$SCRATCH/user" PYTHONDONTWRITEBYTECODE=1 \
		python3 -c 'import os, sys
os.chdir("acme")
import keep
exec(sys.stdin.read())'
}
cp "$TOP/contrib/python/keep.py" "$SCRATCH/user/"
check "Python finds the machine's server" python $daemon $daemon << END
print(keep.connect().call("node", "list")[0]["name"])
assert keep.connect(path="$at").ping()
END
check_same "and is answered" web1 "$(cat "$OUT")"

# refused WHY: neither client connects.
refused() {
	check_exit 9 "$1: it is refused" \
		as $daemon $daemon keep -C acme call node list
	check_exit 9 "and by its path" \
		as $daemon $daemon keep call --socket "$at" node list
	check "and by Python" python $daemon $daemon << END
for path in (None, "$at"):
    try:
        keep.connect(path=path)
        sys.exit(1)
    except PermissionError:
        pass
END
}
chmod 777 "$at"
refused "a machine's socket of another mode"
chmod 755 "$at"
refused "or one that systemd did not make so"
chmod 666 "$at"
chmod 755 "${at%/*}"
refused "a directory that others may list"
chmod 711 "${at%/*}"
chown $games "${at%/*}"
chown $daemon "$at"
refused "a socket of another than its directory"
chown 0 "${at%/*}" "$at"
chmod 1777 /run
refused "a /run where all may make directories"
chmod 755 /run
chown $games "${at%/*}" "$at"
check "a directory that root gave away is good" \
	as $daemon $daemon keep -C acme call node list
chown 0 "${at%/*}"
check "and a socket that root put there for another" \
	as $daemon $daemon keep -C acme call node list
check "the server ends well" stop
check_exit 7 "without a server nobody listens" \
	as $daemon $daemon keep call --socket "$at" node list
check_exit 2 "nor for who has no runtime directory either" \
	as $daemon $daemon keep -C acme call node list
check_like "which is told first" XDG_RUNTIME_DIR "$ERR"

chown -R $games "${at%/*}" acme
# begin_as OPTION...: the same by a user of its own.
begin_as() {
	be $games $games
	"${be[@]}" keep -C acme serve "$@" 2>> served &
	server=$!
	wait_for_socket "$at"
}
check "a service has a user of its own" \
	begin_as --peer daemon=version --socket "$at"
check_same "whose socket it is" "$games 666" "$(stat -c '%u %a' "$at")"
check "others call it" as $daemon $daemon keep call --socket "$at" version
check "so does root" keep call --socket "$at" node list
check_exit 9 "who may call more than they" \
	as $daemon $daemon keep call --socket "$at" node list
stop
check "without peers it is its own" begin_as --socket "$at"
check_same "alone" "$games 700" "$(stat -c '%u %a' "$at")"
check "and is called" as $games $games keep call --socket "$at" node list
check "by root, too" keep call --socket "$at" node list
check_exit 1 "nobody but root looks into it, nor dumps it" \
	as $games $games cat "/proc/$server/maps"
check "as he does" cat "/proc/$server/maps"
stop

chown -R 0 acme
mkdir there
check "a server with peers may listen anywhere" begin "$PWD/there/x.sock" \
	--socket there/x.sock --peer daemon=version
check_same "for all" 666 "$(stat -c %a there/x.sock)"
check "and others call it" \
	as $daemon $daemon keep call --socket there/x.sock version
check "with Python as well" python $daemon $daemon << 'END'
assert keep.connect(path="../there/x.sock").ping()
END
chmod 777 there
check_exit 9 "but not where all may put a socket" \
	as $daemon $daemon keep call --socket there/x.sock version
stop
