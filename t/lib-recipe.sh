# shellcheck shell=bash
# An instance on the default platform, and its deploys to nodes of their own
# network. Sourced behind lib-fleet.sh; need_fleet first.
#
#	recipe_begin             ssh-agent, an instance acme, and into it
#	recipe_node NAME WORD... a node in production, with `node add` words
#	deploy FILTER            compiled, committed and deployed

recipe_begin() {
	fleet_agent &&
		keep init acme --domain example.org > "$OUT" && cd acme || exit
}

recipe_node() {
	fleet_up -n "$1" && fleet_add "$1" &&
		keep -q node set "$1" tags=production "${@:2}" || exit
}

deploy() {
	keep -q compile && git add -A && git commit -qm "$*" --allow-empty &&
		keep deploy "$@" --yes
}
