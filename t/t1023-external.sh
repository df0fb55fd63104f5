#!/bin/bash
# External commands: keep-NAME in libexec/keep, then on PATH. (n): the line of
# RFC 0682's conformance that it stands for.
. "${0%/*}/lib.sh"

# A copy of the build, so that libexec may be filled.
cp -a "$O/bin" "$O/lib" . && mkdir -p libexec/keep path more
keep=$PWD/bin/keep
clean=$PATH

# external PLACE NAME LINE...: a script keep-NAME in PLACE.
external() {
	local file=$1/keep-$2
	shift 2
	printf '%s\n' '#!/bin/sh' "$@" > "$file"
	chmod +x "$file"
}
# shellcheck disable=SC2016 # for the script that is written
external path hello 'printf "<%s>" "$@"; cat; echo; echo talk >&2; exit 7'
PATH=$PWD/path:$clean

printf in > stdin
check_exit 7 "(36) keep-hello on PATH is keep hello; its status passes through" \
	"$keep" hello -x --format=json 'two words' '' < stdin
check_same "(36) arguments and stdin, too" '<-x><--format=json><two words><>in' \
	"$(cat "$OUT")"
check_same "and stderr" talk "$(cat "$ERR")"
# shellcheck disable=SC2016
external path die 'kill -TERM $$'
check_exit 143 "a signal that kills it, too" "$keep" die
external path pipes 'trap' 'sleep 0 | :' 'kill -PIPE $$'
check_exit 141 "a broken pipe kills it as it kills others" "$keep" pipes

external libexec/keep hello 'echo libexec'
check_same "libexec comes before PATH" libexec "$("$keep" hello)"
external libexec/keep version 'echo shadow'
check_same "(37) a built-in comes before all" "keep 0.1.0" "$("$keep" version)"
external path node 'echo shadow'
check_exit 4 "(37) also when its verb is not there" "$keep" node nosuch
check_unlike "then nothing else runs" shadow
check "help -a lists externals" "$keep" help -a
check_like "with their places" "hello +.*libexec/keep/keep-hello"
check_like "and marks those that are shadowed" 'node .*shadow|shadow.* node'
check "help of a built-in that is shadowed is its own" "$keep" help version
check_unlike "never the external's" shadow

external path zebra 'touch ran'
check_exit 4 "a typo is not run" "$keep" zebrra
check_like "the most similar command is named" 'zebra' "$ERR"
check_exit 1 "and did not run" test -e ran
check_exit 4 "a typo of a built-in" "$keep" verson
check_like "names the built-in" 'version' "$ERR"
check_exit 4 "a command that is like none" "$keep" qqqqqqqq
check_like "gets the way to the list" '^hint: keep help lists' "$ERR"
chmod -x path/keep-zebra
check_exit 4 "what may not be executed is no command" "$keep" zebra
check_exit 4 "nor is a path" "$keep" ../path/keep-hello
check_exit 4 "nor a name with an upper-case letter" "$keep" Hello

external more only 'echo more'
PATH=$clean:$PWD/more
check_same "any directory of PATH is searched" more "$("$keep" only)"
(cd more && PATH=$clean: && ! "$keep" only) > "$OUT" 2> "$ERR"
check_same "an empty entry is not" 0 $?
(cd more && PATH=$clean:. && ! "$keep" only) > "$OUT" 2> "$ERR"
check_same "nor is a relative one" 0 $?
if [ "$(id -u)" = 0 ]; then
	chmod o+w more
	check_exit 4 "nor, as root, one that everybody may write" "$keep" only
	chmod o-w more
	check "and is when it is closed again" "$keep" only
else
	chmod o+w more
	check "who is not root trusts his PATH" "$keep" only
fi
PATH=$clean:$PWD/nowhere
check_exit 4 "a directory that is not there is no fault" "$keep" only

PATH=$PWD/path:$clean
check_exit 2 "-C does not lead an external elsewhere" "$keep" -C / hello
check_same "and it does not run here" "" "$(cat "$OUT")"
check_like "the way is told" '^hint: cd / && keep hello' "$ERR"
for option in --color=never --quiet --format=json --show -h; do
	check_exit 2 "nor is an option before it lost: $option" \
		"$keep" "$option" hello
	check_like "which is told: $option" 'is not for external commands' \
		"$ERR"
done
check_like "and where options stand" '^hint: options of hello stand behind it' "$ERR"
