#!/bin/sh
# The main job of keep, in a scratch directory: what is typed, what it answers.
# KEEP: the program. Removes the directory afterwards.
set -eu
KEEP=${KEEP:-build/bin/keep}
KEEP=$(realpath "$KEEP")
export KEEP
top=$(realpath "$(dirname "$0")/..")

# Root's demo has namespaces of its own: all that it starts ends with it, and
# its addresses are nobody else's. The image of the tests, below which servers
# here have this machine's root, brings an sshd and nginx.
if [ "$(id -u)" = 0 ] && [ "${1-}" != inside ]; then
	layer=$("$top/t/image")
	IMAGE=$layer exec unshare -m -p -n -f --kill-child \
		--propagation unchanged "$0" inside
elif [ "${1-}" = inside ]; then
	mount --make-rprivate / 2> /dev/null || :
	mount -t proc proc /proc
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/.config"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$scratch"

say() {
	printf '\n# %s\n' "$*"
}
keep() {
	printf '$ keep'
	for word; do
		case $word in
		*[!A-Za-z0-9_./=:,+-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	"$KEEP" "$@"
}

say 'A provider instance: a directory in git that says all.'
keep init example --name Example --domain example.org
cd example

say 'Six nodes in two environments.'
keep node add web1 ip_address=192.0.2.11 services=web tags=production
keep node add web2 ip_address=192.0.2.12 services=web tags=production
keep node add mx1 ip_address=192.0.2.25 services=mail tags=production
keep node add ns1 ip_address=192.0.2.53 services=dns tags=production
keep node add web3 ip_address=198.51.100.11 services=web tags=staging
keep node add ns2 ip_address=198.51.100.53 services=dns tags=staging

say 'Who is there, and what are they?'
keep node list
keep node list production +web --print domain.full,web.port

say 'Each node gets its whole configuration, compiled.'
keep compile
keep inspect web1 web

say 'What nodes and their environment get is there to be read.'
(cd compiled && find web1 production -type f | LC_ALL=C sort)
cat compiled/production/zones/example.org

say 'Where does a value come from?'
keep inspect web1 web --why

say 'A compile that changes nothing writes nothing.'
keep compile

[ "$(id -u)" = 0 ] || {
	say 'As root, the demo would go on with a deploy to servers here.'
	exit
}

# An image must be on a file system of its own.
begin() {
	ip link set lo up
	mkdir "$scratch/image"
	mount -t tmpfs tmpfs "$scratch/image"
	cp -a "$IMAGE/." "$scratch/image"
	ssh-keygen -q -t ed25519 -N '' -C ada -f "$scratch/key"
	eval "$(ssh-agent)" > "$scratch/agent"
	ssh-add -q "$scratch/key"
	mkdir -p users/ada
	cp "$scratch/key.pub" users/ada/ssh.pub
	echo '{"admin": true}' > users/ada/user.json
}
end() {
	cd "$scratch/example" && rm -f nodes/*.json && "$KEEP" -q local down
	kill "$SSH_AGENT_PID"
	umount "$scratch/image"
	rm -rf "$scratch"
}
trap 'end > "$scratch/end" 2>&1 || rm -rf "$scratch"' EXIT
begin
# commit MESSAGE: what is deployed is a commit.
commit() {
	keep compile
	printf '$ git commit -am %s\n' "'$1'"
	git add -A && git commit -qm "$1"
}
# differs COMMAND...: it tells by its status that something would change.
differs() {
	"$@" || [ $? = 1 ]
}

say 'Five servers on this machine: real ones, with a root and an sshd each.'
for i in 1 2 3 4 5; do
	keep node add try$i ip_address=10.77.0.1$i tags=local
done
keep node set try1 services=web
keep local up --image "$scratch/image"
keep node init local

commit 'five servers to try on'

say 'All at once, by SSH; each takes its generation whole, or stays as it was.'
keep deploy local --yes
keep run try1 -- 'hostname; cat /etc/motd'

if command -v curl > /dev/null; then
	say 'The first one serves pages.'
	printf '$ curl -sI http://10.77.0.11/\n'
	curl -sI http://10.77.0.11/ | head -n 1
fi

say 'A change: the plan shows it as a diff, and once for all whom it is alike.'
keep node set try2 'motd=Hands off, this is try2.'
commit 'try2 has a greeting of its own'
differs keep plan local
keep deploy local --yes
keep run try2 -- cat /etc/motd

say 'It was a bad idea.'
keep rollback try2 --yes
keep run try2 -- cat /etc/motd
keep history try2

say 'Does every server still have what was deployed?'
keep node verify local
keep local down
