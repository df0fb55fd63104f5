#!/bin/bash
# Configuration: where it is read, what wins, what is refused.
. "${0%/*}/lib.sh"

FILE=$XDG_CONFIG_HOME/keep/config.json
mkdir -p "${FILE%/*}"
# config TEXT: the user's file.
config() {
	printf '%s\n' "$1" > "$FILE"
}

check "without a file all values are defaults" keep config --show-origin
check_like "and each says so" '^core.format +text +default$'
check_unlike "and no other" 'json|-c$'

config '{ // mine
  "core": {"color": "never", "lock_timeout": "5s",
    "aliases": {"v": "version", "j": "v --format json"}}
}'
check "a file sets values" keep config --show-origin
check_like "with their place" "^core.color +never +$FILE:2:21\$"
check_like "an alias is a key of its own" '^core.aliases.v +version '
check "-c wins over the file" keep -c core.color=always config --show-origin
check_like "and says so" '^core.color +always +-c$'
check_like "what it does not name stays" '^core.lock_timeout +5s '
check "one key can be asked for" keep config core.lock_timeout
check_same "and is all there is" "core.lock_timeout  5s" "$(cat "$OUT")"
check "its value is JSON in JSON" keep --format=json config core.pager
check_same "null when it is not set" '[{"key":"core.pager","value":null}]' \
	"$(cat "$OUT")"
check_exit 4 "a key that nobody knows is not found" keep config core.colour
check_like "and the nearest is named" 'did you mean core.color' "$ERR"
check "a map that is empty is known" env -u XDG_CONFIG_HOME HOME=/nowhere \
	keep config core.aliases
check_same "and shows nothing" "" "$(cat "$OUT")"

check "an alias stands for its words" keep v
check_like "and runs them" '^keep 0'
check "an alias may stand on another" keep j
check_like "with its options" '^\{"version"'
mkdir bin
printf '#!/bin/sh\nexit 7\n' > bin/keep-seven
cp bin/keep-seven bin/keep-version
chmod +x bin/*
PATH=$PATH:$PWD/bin
check_exit 7 "an alias passes on the status of an external" \
	keep -c core.aliases.x=seven x
check "an alias never stands for a command" keep -c core.aliases.help=seven help
check_exit 2 "aliases in a circle are refused" \
	keep -c core.aliases.a=b -c core.aliases.b=a a
check_like "and the first is named" "'a' leads back to itself" "$ERR"
check_exit 2 "an alias of options only is refused" \
	keep -c core.aliases.a=--quiet a

config '{"core": {"format": "json"}}'
check "core.format is how results are printed" keep config core.format
check_like "without an option" '^\[\{"key"'
check "an option wins over it" keep --format text config core.format
check_same "as text" "core.format  json" "$(cat "$OUT")"

config '{
  "core": {"colour": "never", "format": "jsn", "aliases": 3},
  "cores": {}
}'
check_exit 2 "a file with faults is refused" keep config
check_like "an unknown key has its place" "^$FILE:2:[0-9]+: colour" "$ERR"
check_like "and the one that was meant" 'did you mean color\?' "$ERR"
check_like "a wrong value has its place" "^$FILE:2:[0-9]+: format: 'jsn'" "$ERR"
check_like "an unknown section has its place" "^$FILE:3:3: .*'cores'" "$ERR"
check_like "a wrong type too" "^$FILE:2:[0-9]+: aliases: wants object" "$ERR"
check_exit 2 "other commands refuse it too" keep help
check "the version is told all the same" keep version
check_exit 2 "in JSON it is not" keep --format=json version

config '{"core": {"color": "never",}}'
check_exit 2 "a file that is no JSON is refused" keep help
check_like "at its place" "^$FILE:1:[0-9]+: " "$ERR"
config '[]'
check_exit 2 "a list is no configuration" keep help
check_exit 2 "-c without a section is refused" keep -c color=never help
check_exit 2 "-c with an unknown key is refused" keep -c core.colr=never help
check_like "by its name" '^-c core.colr: ' "$ERR"

config '{}'
chmod o+w "$FILE"
check_exit 2 "a file that everybody may write is refused" keep help
check_like "with what mends it" "hint: chmod o-w $FILE" "$ERR"
chmod o-w,g+w "$FILE"
check "a group of one's own may write it" keep help
if [ "$(id -u)" = 0 ]; then
	chown :$ORDINARY "$FILE" && chmod g+w "$FILE"
	check_exit 2 "another group may not" keep help
	check_like "which is told" "may be written by group $ORDINARY" "$ERR"
	check_like "with what mends it" "hint: chmod g-w $FILE" "$ERR"
fi
rm "$FILE"
mkfifo "$FILE"
check_exit 2 "a pipe is no configuration, and is not waited for" keep help
rm "$FILE"

ln -s config.json "$FILE"
check_exit 2 "a link to itself is no configuration" keep help
check_like "its path is told once" \
	"^$FILE: Too many levels of symbolic links\$" "$ERR"
rm "$FILE"

# What may not be read is passed over, as git does; a folder, too.
KEEP_AS='mkdir -p .config/keep && echo "{}" > .config/keep/config.json'
as_user sh -c "$KEEP_AS" > "$OUT" 2>&1
for closed in .config/keep/config.json .config/keep .config; do
	as_user chmod 0 $closed
	check "without its settings keep runs: $closed" as_user keep help
	check_same "$closed: which is told once" \
		"keep: warning: $SCRATCH/user/.config/keep/config.json may not be read" \
		"$(cat "$ERR")"
	check "-q does not tell it" as_user keep -q help
	check_same "$closed: nor anything" "" "$(cat "$ERR")"
	check "the version does not look" as_user keep version
	check_same "$closed: so nothing is told" "" "$(cat "$ERR")"
	as_user keep --format=json doctor > "$OUT" 2> "$ERR"
	check_same "doctor finds it" "chmod u+rX $SCRATCH/user/$closed" \
		"$(jq -r '.[] | select(.check == "config-safe").mend' "$OUT")"
	as_user sh -c "$(jq -r '.[] | select(.check == "config-safe").mend' "$OUT")"
	check "and mends it" as_user keep help
	check_same "$closed: all is well" "" "$(cat "$ERR")"
done
(umask 077 && mkdir -p "$SCRATCH/closed/.config")
check "in the closed home of another keep runs, too" \
	as_user env -u XDG_CONFIG_HOME "HOME=$SCRATCH/closed" keep help

echo '{"core": {"format": "json"}}' > config.json
mkdir keep && cp config.json keep/ && cp config.json Keepfile
check "no configuration is read from where one stands" keep help
check_unlike "nor from an instance" '^\{'

printf '{"core": {"aliases": {"a\\u001b[31m": "help"}}}' > "$FILE"
check "a key holds what a terminal would obey" keep config core.aliases
check_same "and it is shown, not sent" 'core.aliases.a\x1b[31m  help' \
	"$(cat "$OUT")"

# Who began under systemd has the variable also where stderr is another's.
as_user chmod 0 .config
check "a warning is for people where stderr is not journald's" \
	as_user env JOURNAL_STREAM=1:2 keep help
check_like "also when a parent's was" '^keep: warning: ' "$ERR"
as_user sh -c 'JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/2) exec keep help' \
	> "$OUT" 2> "$ERR"
check_like "journald gets its priority" '^<4>.* may not be read' "$ERR"
