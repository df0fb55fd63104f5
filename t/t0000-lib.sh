#!/bin/bash
. "${0%/*}/lib.sh"

# try LINE...: runs a script of its own over lib.sh.
try() {
	printf '%s\n' ". '$TOP/t/lib.sh'" "$@" > "$SCRATCH/try.sh"
	bash "$SCRATCH/try.sh"
}

# fails TITLE LINE: the check in LINE fails, and so does its script.
fails() {
	check_exit 1 "$1" try "$2" 'check "the next" true'
	check_like "$1, and is told" '^not ok 1 - '
	check_like "$1, and the rest is still run" '^ok 2 - the next'
}

check "checks that hold pass" try 'check a echo word' 'check_like b "^w.rd$"' \
	'check_unlike c sword' 'check_same d x x' 'echo > e' \
	'check_same_files e e e' 'check_exit 1 f false'
check_like "the plan counts the checks" '^1\.\.6$'
fails "a command that fails" 'check a false'
fails "another exit status" 'check_exit 2 a false'
fails "another text" 'check_same a x y'
fails "another file" 'check_same_files a /dev/null /etc/passwd'
fails "a line that is missing" 'check_like a word /dev/null'
fails "a line that is there" 'check_unlike a root /etc/passwd'
fails "a file that cannot be read" 'check_unlike a word nowhere'

check_exit 1 "a script that ends early fails" try 'check a true' 'exit 4'
check_exit 1 "a script with an unset variable fails" \
	try 'check a true' 'echo $nowhere' 'check b true'
check_exit 1 "a script without a check fails" try :
check "a script that cannot run here is skipped" try 'CI=' 'skip_all "no moon"'
check_like "and says why" '^1\.\.0 # SKIP no moon$'
check_exit 1 "in CI it fails instead" try 'CI=true' 'skip_all "no moon"'
check_exit 1 "a script is not skipped half-way" \
	try 'CI=' 'check a true' 'skip_all "no moon"'

check "a script has a home of its own" try 'check a test -z "$(ls "$HOME")"' \
	'check b test -w "$XDG_RUNTIME_DIR"' 'echo "# $SCRATCH"'
check_exit 2 "which is gone afterwards" ls "$(sed -n 's/^# //p' "$OUT")"

check "as_user runs a command" as_user sh -c 'id -u; touch mine'
check_unlike "as an ordinary user" '^0$'
check_exit 7 "and passes its status on" as_user sh -c 'exit 7'
check_exit 1 "who may not read what is root's" \
	as_user test -r /etc/shadow

perl -MIO::Socket::UNIX -e '
	my $s = IO::Socket::UNIX->new(Local => "there", Listen => 1) or die;
	$s->accept; sleep 60' &
check "a socket is waited for" wait_for_socket "$PWD/there"
check_exit 1 "but not for ever" wait_for_socket "$PWD/elsewhere" 0
