#!/bin/bash
# An instance that a stranger wrote gives nothing away that lies beside it.
. "${0%/*}/lib.sh"

check "an instance is made" keep init i --name I --domain example.org
cd i || exit 1
check "a node is added" keep node add web1 ip_address=192.0.2.1 tags=production
(umask 077 && echo '{"default": {"db": "hunter2"}}' > secrets.dev.json)
check "it is compiled" keep compile
cp -a compiled before

cat > nodes/leak.json <<'END'
{
  "ip_address": "192.0.2.2",
  "leak": "= file('secrets.dev.json')",
  "files": {"/leak": {"source": ".git/config"}}
}
END
ln -s . files
check_exit 2 "files/ that is a link to the top is not read" keep compile
check_like "that is told" '^nodes/leak.json:3:.*files is, or passes, a sym' "$ERR"
check_unlike "and no secret is" hunter "$ERR"
rm files
mv platform/files kept
ln -s .. platform/files
check_exit 2 "nor is that of a platform" keep compile
check_like "which is told" '^nodes/leak.json:3:.*files is, or passes, a sym' "$ERR"
rm platform/files nodes/leak.json
mv kept platform/files

for link in nodes/leak.json tags/leak.json common.production.json; do
	to=secrets.dev.json
	[ "$link" = "${link##*/}" ] || to=../$to
	ln -s "$to" "$link"
	check_exit 2 "no values of secrets are read through $link" keep compile
	check_like "at its place" "^$link: it leads to the values" "$ERR"
	rm "$link"
done
mkdir files && echo hello > files/there && ln -s there files/here
check "a link from file to file is followed" keep node set web1 \
	"greeting== file('here')"
check "what it leads to is compiled" keep compile
check_like "as that file is" '"greeting": "hello' compiled/web1.json
keep node unset web1 greeting > "$OUT"
rm -r files
check "without it the instance is compiled" keep compile
check_same_files "as it was" before compiled

check "a file on the node lies in a repository" keep node set web1 \
	'files={"/srv/.GIT/config": {"text": "x"}}'
check_exit 2 "it is refused: git would not track it" keep compile
check_like "at its place" 'holds no .git, which git does not track' "$ERR"
keep node unset web1 files > "$OUT"

big() { # JSON of an object of 30,000 members, in the order of COMMAND
	printf '{"k": 0%s}' "$("$@" | sed 's/.*/,"k&":&/' | tr -d '\n')"
}
printf '{"ip_address": "192.0.2.3", "a": %s, "b": %s, "c": "= a == b"}\n' \
	"$(big seq 30000)" "$(big seq 30000 -1 1)" > nodes/big.json
check_exit 2 "what is searched in large objects counts as steps" keep compile
check_like "which are limited" 'more than 100000 steps' "$ERR"
printf '{"ip_address": "192.0.2.3", "firewall": {"x": {"from": [%s], "port": [%s]}}}' \
	"$(seq -s, -f '"2001:db8::%g"' 1001)" "$(seq -s, 1001)" > nodes/big.json
check_exit 2 "a small file does not become a firewall of a million rules" \
	keep compile
check_like "which is told at its place" \
	'^nodes/big.json:1:.*more than 1000000 combinations' "$ERR"
rm nodes/big.json

name=$'plat\e[31mform'
mv platform "$name"
sed -i 's/"path": "platform"/"path": "plat\\u001b[31mform"/' Keepfile
check "a platform has a hostile name" keep inspect web1 domain --why
check_like "which is shown" 'plat.*form/provider_base/common.json'
check_unlike "but moves no terminal" $'\e'
