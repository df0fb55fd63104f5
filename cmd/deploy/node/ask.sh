#!/bin/sh
# What the verbs of nodes ask a node: sh -c SCRIPT keep VERB. Of the answer only
# lines count that begin with K1 and a blank; shells print greetings. Each is
# K1 WHAT [WORDS], and the last is K1 end.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
root=${KEEP_ROOT:-/var/lib/keep}

say() {
	printf '\nK1 %s\n' "$*"
}

# each WHAT: a line of stdin each.
each() {
	while IFS= read -r line; do
		say "$1" "$line"
	done
}

# file WHAT PATH: its first line, if it has one.
file() {
	[ ! -s "$2" ] || say "$1" "$(head -c 400 "$2" | head -n 1)"
}

# start_of PID: when it began, as run.pl of a generation has it.
start_of() {
	# shellcheck disable=SC2046 # one word a field
	set -- $(sed 's/.*) //' "/proc/$1/stat" 2> /dev/null)
	case ${1-} in
	'' | [ZX]) ;;
	*) printf '%s\n' "${20}" ;;
	esac
}

status() {
	cd "$root" 2> /dev/null && [ -f current/run ] || return 0
	say current "$(readlink current | sed 's,^gen/,,')"
	file applied applied
	[ ! -s journal ] || say journal "$(tail -n 1 journal)"
	file veto /etc/keep/no-deploy
	[ -s lock ] && read -r _ _ _ boot pid start _ < lock || return 0
	[ "$boot" != "$(cat /proc/sys/kernel/random/boot_id)" ] ||
		[ -z "$start" ] || [ "$(start_of "$pid")" != "$start" ] ||
		file lock lock
}

# Where A is empty, not all greps find that it matches nothing.
without() {
	if [ -s "$1" ]; then grep -vxF -f "$1" "$2"; else cat "$2"; fi
}

# parts ID: those of the generation that are not as they were sent. What is
# secret is 0600, and its hash is that of the salt before it.
parts() {
	[ "$(sha256sum < MANIFEST | cut -d' ' -f1)" = "$1" ] ||
		echo MANIFEST
	sed -n 's/^0[67][45][45] [0-9]* \([0-9a-f]*\) /\1  /p' MANIFEST |
		sha256sum -c 2> /dev/null | sed -n 's/: FAILED.*//p'
	grep '^0600 ' MANIFEST | while read -r _ _ hash path; do
		[ "$(cat salt "$path" 2> /dev/null | sha256sum)" = \
			"$hash  -" ] || printf '%s\n' "$path"
	done
}

# all COMMAND...: for the paths of files.list, below the directory we are in, that
# are files: of what else may stand there one can be read for ever.
all() {
	cut -f4 "$gen/files.list" | sed 's/^.//' | while IFS= read -r path; do
		[ ! -f "$path" ] || printf '%s\0' "$path"
	done | xargs -0 -r "$@" 2> /dev/null
}

modes() {
	tab=$(printf '\t')
	while IFS=$tab read -r mode owner group path _; do
		printf '%s %s %s %s\n' "$mode" "$owner" "$group" "${path#/}"
	done < "$gen/files.list"
}

verify() {
	cd "$root/current" 2> /dev/null || return 0
	gen=$(pwd -P)
	say current "${gen##*/}"
	[ ! -s "$root/journal" ] || say journal "$(tail -n 1 "$root/journal")"
	work=$(mktemp -d) || exit
	trap 'rm -rf "$work"' EXIT
	parts "${gen##*/}" | while IFS= read -r path; do
		what=changed
		[ -e "$path" ] || what=missing
		say $what "$path"
	done
	{ echo MANIFEST; cut -d' ' -f4- MANIFEST; } > "$work/parts"
	find . ! -type d | sed 's,^\./,,' > "$work/found"
	without "$work/parts" "$work/found" | each added
	[ -s files.list ] || return 0
	(cd files && all sha256sum --) > "$work/want"
	(cd / && all sha256sum --) > "$work/have"
	without "$work/have" "$work/want" | cut -c67- | while IFS= read -r path; do
		what=changed
		[ -e "/$path" ] || what=missing
		say $what "/$path"
	done
	modes > "$work/want"
	(cd / && all stat -c '%a %U %G %n' --) > "$work/have"
	without "$work/have" "$work/want" | cut -d' ' -f4- |
		while IFS= read -r path; do
			[ ! -e "/$path" ] || say mode "/$path"
		done
}

facts() {
	# shellcheck disable=SC1091,SC2153,SC2154 # the node's own
	(. /etc/os-release && say os "$ID" && say os_version "$VERSION_ID")
	say kernel "$(uname -r)"
	say arch "$(uname -m)"
	say hostname "$(uname -n)"
	say cpus "$(getconf _NPROCESSORS_ONLN 2> /dev/null ||
		grep -c '^processor' /proc/cpuinfo)"
	say memory "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)"
	say disk "$(df -Pk / | sed -n '2s/^[^ ]*  *\([0-9]*\).*/\1/p')"
	for tool in apt-get dnf yum zypper apk pacman; do
		command -v $tool > /dev/null && say packages "$tool" && break
	done
	[ ! -d /run/systemd/system ] || say systemd yes
	{ ip -o addr show scope global 2> /dev/null |
		sed 's/.* inet6* \([^ /]*\).*/\1/' || hostname -I |
		tr ' ' '\n'; } | sort -u | grep . | each address
}

# Whose keys are let in, and what a deploy will need.
init() {
	for tool in perl tar gzip base64 sha256sum setsid timeout; do
		command -v $tool > /dev/null || say missing $tool
	done
	say user "$(id -un)"
	as=
	if [ "$(id -u)" = 0 ]; then
		say root_by login
	elif [ -n "${KEEP_ROOT-}" ]; then
		say root_by KEEP_ROOT
	elif sudo -n true 2> /dev/null; then
		say root_by sudo
		as="sudo -n"
	elif doas -n true 2> /dev/null; then
		say root_by doas
		as="doas -n"
	fi
	home=$(awk -F: '$1 == "root" { print $6 }' /etc/passwd)
	for dir in "$HOME" "$home"; do
		for name in authorized_keys authorized_keys2; do
			$as cat "$dir/.ssh/$name" 2> /dev/null | grep . |
				while IFS= read -r line; do
					say key "$dir/.ssh/$name $line"
				done
		done
		[ "$HOME" != "$home" ] || break
	done
}

case $1 in
status | verify | facts | init) $1 ;;
esac
say end
