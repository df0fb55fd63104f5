#!/bin/sh
# call.sh WORD...: a verb without arguments, over the socket of the instance
# here, with nothing but socat and xxd. CBOR of the result goes to stdout.
#	call.sh node list | xxd
# What is sent and heard is in WIRE 1 and 3: a length in 4 bytes, then CBOR.
set -eu

# head_of TYPE N, text WORD: an item's first bytes, and a text, in hex.
head_of() {
	if [ "$2" -lt 24 ]; then
		printf '%02x' $(($1 << 5 | $2))
	elif [ "$2" -lt 256 ]; then
		printf '%02x%02x' $(($1 << 5 | 24)) "$2"
	else
		printf '%02x%04x' $(($1 << 5 | 25)) "$2"
	fi
}
text() {
	head_of 3 ${#1}
	printf %s "$1" | xxd -p | tr -d '\n'
}

# {0: ["node", "list"]} in {0: "call.sh", 1: h'00000001', 3: ...}
call=a100$(head_of 4 $#)$(for word; do text "$word"; done)
body=a300$(text call.sh)01440000000103$(head_of 2 $((${#call} / 2)))$call
frame=$(printf '%08x' $((${#body} / 2)))$body

at=$(pwd -P)
until [ -f "$at/Keepfile" ]; do
	[ "$at" != / ] || { echo "call.sh: no instance here" >&2; exit 4; }
	at=$(dirname "$at")
done
id=$(printf %s "$at" | sha256sum | cut -c 1-16)

# socat ends when the server has answered and been told that no more comes
answer=$(printf %s "$frame" | xxd -r -p |
	socat -t 60 - "UNIX-CONNECT:$XDG_RUNTIME_DIR/keep/serve-$id.sock" |
	xxd -p | tr -d '\n')

# length, {0: h'00000001', 1: ...}: bytes are a result, a number is an error
rest=${answer#????????a?00440000000101}
case $rest in
"$answer") echo "call.sh: no answer: '$answer'" >&2; exit 7 ;;
58*) n=$((0x$(printf %s "$rest" | cut -c 3-4))) from=5 ;;
59*) n=$((0x$(printf %s "$rest" | cut -c 3-6))) from=7 ;;
5a*) n=$((0x$(printf %s "$rest" | cut -c 3-10))) from=11 ;;
[45]*) n=$((0x$(printf %s "$rest" | cut -c 1-2) & 31)) from=3 ;;
*)
	{
		printf 'call.sh: an error: '
		printf %s "$rest" | xxd -r -p | tr -cd '[:print:]'
		echo
	} >&2
	exit 1
	;;
esac
printf %s "$rest" | cut -c "$from-$((from + 2 * n - 1))" | xxd -r -p
