#!/bin/bash
. "${0%/*}/lib.sh"

page() {
	mandoc -Tutf8 "$O/man/$1.1" 2> "$ERR" | sed 's/.\x08//g' > "$OUT"
}

while read -r command; do
	check "keep $command has a page" test -s "$O/man/keep-$command.1"
	check "that mandoc has nothing to say about" \
		mandoc -Tlint "$O/man/keep-$command.1"
	page "keep-$command"
	check_like "and exit statuses" '^ +2 BAD_ARGS$'
done < <(keep x-complete -- '' | cut -f1)
while read -r path; do
	page "keep-${path%% *}"
	check_like "keep $path stands in its synopsis" "^ +keep $path( |\$)"
done < <(keep --format=json describe | jq -r '.commands[].path | join(" ")')
check "keep has a page, too" mandoc -Tlint "$O/man/keep.1"
page keep
check_like "with the commands" '^ +keep-node\(1\)$'
check_like "and the options of all" '^ +-C, --directory DIR$'

page keep-node
check_like "a page has prose" '^ +A node is one server'
check_like "a heading for each verb" '^ +keep node list$'
check_like "and its options" '^ +-p, --print PATH,\.\.\.$'

check "--help opens the page" keep node rm --help
check_like "of the command" '^KEEP-NODE\(1\)'
check "-h does not" keep node rm -h
check_like "but is short" '^usage: keep node rm NODE$'
mkdir -p lone/bin && cp "$O/bin/keep" lone/bin/ && cp -a "$O/lib" lone/
check "where no page is, --help is short, too" lone/bin/keep node rm --help
check_like "and explains the same" '^usage: keep node rm NODE$'
mkdir -p lone/share/man/man1 && cp "$O/man/keep-node.1" lone/share/man/man1/
check "an installed page is found" lone/bin/keep node --help
check_like "beside the binary" '^KEEP-NODE\(1\)'

printf '# node\n\nProse of a test.\n\n# env\n\nOther prose.\n' > about
check "a page is written from prose and tables" keep x-man node --about about
check_like "with the prose of the command" '^Prose of a test\.$'
check_unlike "and of no other" 'Other prose'
check_exit 4 "a page of no command is refused" keep x-man nonsense
