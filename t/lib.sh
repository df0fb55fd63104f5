# shellcheck shell=bash
# TAP for test scripts: sourced first, `. "${0%/*}/lib.sh"`. The script then
# stands in an empty directory of its own, with `keep` of the build on PATH.
# How to write one: t/README.md.
set -u
TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
O=${O:-build}
case $O in /*) ;; *) O=$TOP/$O ;; esac
KEEP=$O/bin/keep
PATH=$O/bin:$PATH
SHARED=${KEEP_SHARED:-$TOP/../shared}
ORDINARY=65533 # uid and gid of as_user

SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/keep-test.XXXXXX") || exit 1
OUT=$SCRATCH/out # stdout and stderr of the last check's command
ERR=$SCRATCH/err
export HOME=$SCRATCH/home XDG_CONFIG_HOME=$SCRATCH/home/.config
export XDG_DATA_HOME=$SCRATCH/home/.local/share
export XDG_STATE_HOME=$SCRATCH/home/.local/state
export XDG_CACHE_HOME=$SCRATCH/home/.cache XDG_RUNTIME_DIR=$SCRATCH/run
export TMPDIR=$SCRATCH/tmp
export LC_ALL=C.UTF-8 TZ=UTC TERM=dumb KEEP PATH O
export GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=$SCRATCH
export GIT_AUTHOR_NAME='Ada Test' GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME='Ada Test' GIT_COMMITTER_EMAIL=ada@example.org
unset MAKEFLAGS MFLAGS MAKELEVEL CDPATH GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
unset SSH_AUTH_SOCK NO_COLOR PAGER KEEP_PAGER GIT_PAGER LISTEN_FDS LISTEN_PID
unset XDG_CONFIG_DIRS XDG_DATA_DIRS

tap_run=0 tap_failed=0
tap_shell=$BASHPID

tap_end() {
	local status=$? jobs
	[ "$BASHPID" = "$tap_shell" ] || return
	jobs=$(jobs -p)
	disown -a
	# shellcheck disable=SC2086 # one word a process
	[ -z "$jobs" ] || kill $jobs 2>/dev/null
	[ "$status" = 0 ] ||
		fail "the script runs to its end" "it left with status $status"
	[ "$tap_run" != 0 ] || fail "the script holds a check"
	printf '1..%d\n' "$tap_run"
	cd /
	chmod -R u+rwX "$SCRATCH" 2>/dev/null
	rm -rf "$SCRATCH"
	[ "$tap_failed" = 0 ] || exit 1
	exit 0
}
trap tap_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$SCRATCH/work" "$TMPDIR" "$HOME" "$XDG_RUNTIME_DIR" || exit 1
cd "$SCRATCH/work" || exit 1
chmod 700 "$XDG_RUNTIME_DIR"
exec < /dev/null
printf '[init]\n\tdefaultBranch = main\n' > "$HOME/.gitconfig"

# pass TITLE; fail TITLE [WHY]: one TAP line; WHY goes to stderr.
pass() {
	tap_run=$((tap_run + 1))
	printf 'ok %d - %s\n' "$tap_run" "$1"
}
fail() {
	tap_run=$((tap_run + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_run" "$1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | head -n 60 |
		LC_ALL=C tr -c '\11\12\40-\176\200-\377' '?' | sed 's/^/#   /' >&2
}

# tap_file FILE: the beginning of FILE, for WHY.
tap_file() {
	printf '%s:\n' "${1##*/}"
	head -c 4000 -- "$1" | tr -d '\0'
}

# check_exit STATUS TITLE COMMAND...: the command exits with STATUS. What it
# writes is in the files $OUT and $ERR afterwards.
check_exit() {
	local want=$1 title=$2 got=0
	shift 2
	# what the shell says of a killed command is dropped
	{ "$@" > "$OUT" 2> "$ERR" || got=$?; } 2> /dev/null
	if [ "$got" = "$want" ]; then
		pass "$title"
	else
		fail "$title" "$* exits with $got, not $want
$(tap_file "$OUT")
$(tap_file "$ERR")"
	fi
}

# check TITLE COMMAND...: the command succeeds.
check() {
	check_exit 0 "$@"
}

# check_same TITLE WANT GOT: two texts are equal.
check_same() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "$(diff -u --label wanted --label got \
			<(printf '%s\n' "$2") <(printf '%s\n' "$3"))"
	fi
}

# check_same_files TITLE WANT GOT: two files, or two trees, are equal.
check_same_files() {
	local why
	if why=$(diff -ru --no-dereference -- "$2" "$3" 2>&1); then
		pass "$1"
	else
		fail "$1" "$why"
	fi
}

# check_like TITLE REGEX [FILE]: a line of FILE ($OUT) matches (grep -E).
check_like() {
	if grep -Eq -e "$2" -- "${3-$OUT}"; then
		pass "$1"
	else
		fail "$1" "no line is like: $2
$(tap_file "${3-$OUT}")"
	fi
}

# check_unlike TITLE REGEX [FILE]: no line of FILE ($OUT) matches.
check_unlike() {
	local status=0 lines
	lines=$(grep -En -e "$2" -- "${3-$OUT}") || status=$?
	if [ "$status" = 1 ]; then
		pass "$1"
	else
		fail "$1" "like $2: $lines"
	fi
}

# skip_all REASON: ends a script that cannot run here. In CI it is a failure.
skip_all() {
	if [ "$tap_run" != 0 ] || [ "${CI-}" = true ]; then
		fail "it can run here" "$1"
		exit
	fi
	trap - EXIT
	cd / && rm -rf "$SCRATCH"
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# need_shared PATH: skips the script where $SHARED has no PATH.
need_shared() {
	[ -e "$SHARED/$1" ] || skip_all "\$KEEP_SHARED has no $1"
}

# as_user COMMAND...: as an ordinary user, who has $SCRATCH/user as his home
# and a copy of the build there, since root's clone may be closed to him.
# Started by an ordinary user it changes no uid. Status 125: it cannot.
as_user() {
	local home=$SCRATCH/user id=() part
	if [ ! -d "$home" ]; then
		mkdir -p "$home/keep" "$home/run" && chmod 711 "$SCRATCH" &&
			chmod 700 "$home/run" || return 125
		for part in bin lib libexec; do
			[ ! -d "$O/$part" ] ||
				cp -a "$O/$part" "$home/keep/" || return 125
		done
		[ "$(id -u)" != 0 ] ||
			chown -R $ORDINARY:$ORDINARY "$home" || return 125
	fi
	[ "$(id -u)" != 0 ] || id=(setpriv "--reuid=$ORDINARY"
		"--regid=$ORDINARY" --clear-groups --no-new-privs)
	(
		cd "$home" || exit 125
		export HOME=$home XDG_RUNTIME_DIR=$home/run TMPDIR=$home/run
		export XDG_CONFIG_HOME=$home/.config KEEP=$home/keep/bin/keep
		export XDG_STATE_HOME=$home/.local/state
		export XDG_CACHE_HOME=$home/.cache
		export PATH=$home/keep/bin:$PATH GCOV_PREFIX=$home/gcov
		[ ${#id[@]} = 0 ] || "${id[@]}" true || exit 125
		exec "${id[@]}" "$@"
	)
}

# wait_for_socket PATH|HOST:PORT [SECONDS]: until a foreign daemon, which
# cannot be handed its socket, accepts; false after 10 s.
wait_for_socket() {
	perl -MIO::Socket::UNIX -MIO::Socket::INET -e '
		my ($at, $end) = ($ARGV[0], time + $ARGV[1]);
		while (time <= $end) {
			exit 0 if $at =~ m{/}
				? IO::Socket::UNIX->new(Peer => $at)
				: IO::Socket::INET->new(PeerAddr => $at);
			select undef, undef, undef, 0.02;
		}
		exit 1' -- "$1" "${2-10}"
}
