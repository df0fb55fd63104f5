#!/bin/bash
. "${0%/*}/lib.sh"

check "a verb is described" keep describe help
check_like "by what it does" '^; keep help: explain a command$'
check_like "the CDDL of its arguments" '^help_args = \{$'
check_like "each field with its meaning" '^  \? 0: bool, ; all: '
check_like "the CDDL of its result" '^help_result = \{$'

check "programs get it as JSON" keep --format=json describe help
check_same "with path, flags and fields" '["help"] 32 ["all","topic"] [null,10]' \
	"$(jq -c '.commands[] | .path, .flags, [.args_fields[].name],
		[.args_fields[].flags]' "$OUT" | tr '\n' ' ' | sed 's/ $//')"
check_same "the protocol and its limits" '1 1048576 40' \
	"$(jq -r '"\(.protocol) \(.limits.max_frame) \(.limits.max_depth)"' \
		"$OUT")"
check "without a name all verbs are described" keep --format=json describe
cp "$OUT" all.json
check_same "those of libraries too" true \
	"$(jq 'any(.commands[]; .path == ["init"])' all.json)"
check_same "but no plumbing" false \
	"$(jq 'any(.commands[]; .path[0] | startswith("x-"))' all.json)"
check_same "each with CDDL of its arguments" true \
	"$(jq 'all(.commands[]; .args | endswith("}\n"))' all.json)"
# The verbs and what is said of them cannot fall apart.
while read -r path; do
	# shellcheck disable=SC2086 # its words
	check "keep $path explains itself" keep $path -h
	check_like "with its usage" "^usage: keep $path( |\$)"
done < <(jq -r '.commands[].path | join(" ")' all.json)

check "CBOR is one item of the same" keep --format=cbor describe help
check_same "that begins as the wire says" a4000101 \
	"$(head -c 4 "$OUT" | od -An -tx1 | tr -d ' ')"
check_exit 4 "an unknown verb is refused" keep describe nonsense verb
check_like "by its words" "there is no verb 'nonsense verb'" "$ERR"
check_exit 4 "a word is not a part of a word" keep describe hel
