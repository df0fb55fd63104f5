#!/bin/bash
# keep doctor and keep itself: each fault is made, told, and mended by the
# command that is printed for it.
. "${0%/*}/lib.sh"

FILE=$XDG_CONFIG_HOME/keep/config.json
mkdir -p "${FILE%/*}" bin more
BEGIN=$PATH

# field NAME: of the findings, one a line.
field() {
	jq -r ".[].$1" < found
}

# mends CHECK TITLE: the fault that was made just now is told by CHECK only,
# and gone when what is printed was run.
mends() {
	local mend
	check_exit 1 "$2 is a fault" keep --format=json doctor
	cp "$OUT" found
	check_same "of its check: $2" "$1" "$(field check | sort -u)"
	mend=$(field mend | head -n 1)
	eval "$mend" || fail "what is printed can be run: $2" "$mend"
	check "and is mended: $2" keep doctor
	PATH=$BEGIN
	rm -f "$FILE"* bin/* more/*
}

check "where nothing is wrong doctor says so" keep doctor
check_same "in words" "no fault was found" "$(cat "$OUT")"
check "what it looks at can be listed" keep doctor --list
check_like "with a line of each" '^runtime-dir +XDG_RUNTIME_DIR is '
check_like "of all libraries" '^keepfile +'

echo '{"core": {,}}' > "$FILE"
mends config-valid "a file that is no JSON"
echo '{"core": {"colr": "never", "format": 3}}' > "$FILE"
check_exit 1 "an unknown key is told" keep doctor
check_like "with its place, and how many more" \
	"^config-valid: $FILE:1:[0-9]+: colr.*and 1 more"
check_like "and with a hint" "^  hint: did you mean color"
mends config-valid "an unknown key"
echo '{"cores": {}}' > "$FILE"
mends config-valid "an unknown section"
mkdir "$FILE"
check_exit 1 "a directory is no configuration" keep doctor
rmdir "$FILE"
check_exit 1 "an unknown key that was typed is told" keep -c core.x=1 doctor
check_like "by its name" '^config-valid: -c core.x: '

echo '{}' > "$FILE" && chmod o+w "$FILE"
mends config-safe "a file that everybody may write"
if [ "$(id -u)" = 0 ]; then
	echo '{}' > "$FILE" && chown $ORDINARY "$FILE"
	mends config-safe "a file of another user"
fi

chmod 755 "$XDG_RUNTIME_DIR"
mends runtime-dir "a directory for sockets that others may enter"
rmdir "$XDG_RUNTIME_DIR"
mends runtime-dir "one that is missing"
if [ "$(id -u)" = 0 ]; then
	chown $ORDINARY "$XDG_RUNTIME_DIR"
	mends runtime-dir "one of another user"
fi
RUN=$XDG_RUNTIME_DIR
for it in run "$HOME/.gitconfig"; do
	XDG_RUNTIME_DIR=$it
	mends runtime-dir "XDG_RUNTIME_DIR that is '${it##*/}'"
done
XDG_RUNTIME_DIR=
check "no XDG_RUNTIME_DIR is no fault: services have none" keep doctor
XDG_RUNTIME_DIR=$RUN

PATH=$PATH::/bin
mends path "an empty entry of PATH"
PATH=$PATH:bin
mends path "a relative entry of PATH"
chmod o+w more
PATH=$PATH:$PWD/more
mends path "an entry of PATH that everybody may write"
chmod o-w more

BEGIN=$PATH:$PWD/bin:$PWD/more
# external PATH: makes an external command.
external() {
	printf '#!/bin/sh\n' > "$1" && chmod +x "$1"
}
PATH=$BEGIN
external bin/keep-node
mends externals "an external with the name of a command"
external bin/keep-it && external more/keep-it
check_exit 1 "of two externals with one name the second is told" keep doctor
check_like "by its path" "more/keep-it never runs"
mends externals "an external behind another"

mkdir -p it/bin it/lib
cp "$KEEP" it/bin/ && cp -a "$O/lib/keep" it/lib/
check "a copy of all that is installed is whole" it/bin/keep doctor
rm it/lib/keep/libkeep-provider.so
check_exit 1 "a library that is missing is a fault" it/bin/keep doctor
check_like "which is named" '^libraries: .*provider'
check_like "with the command that brings it" "^  make install PREFIX=$PWD/it\$"
check "the verbs of keep itself run without it" it/bin/keep version
printf '%s\n' '#include <stdint.h>' \
	'const struct { uint32_t abi; char rest[256]; } keep_provider_verbs = {999};' |
	gcc -shared -fPIC -x c -o it/lib/keep/libkeep-provider.so -
check_exit 1 "a library of another version is a fault" it/bin/keep doctor
check_like "which is named too" '^libraries: .*provider is of another version'
cp "$O/lib/keep/libkeep-provider.so" it/lib/keep/
check "with the right one all is well" it/bin/keep doctor
