#!/bin/sh
# The main job of keep, in a scratch directory: what is typed, what it answers.
# KEEP: the program. Removes the directory afterwards.
set -eu
KEEP=${KEEP:-build/bin/keep}
KEEP=$(realpath "$KEEP")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/.config"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
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
