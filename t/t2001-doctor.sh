#!/bin/bash
# keep doctor in an instance: each fault is told, and what doctor prints mends
# it.
. "${0%/*}/lib.sh"

# field NAME: one line a finding.
field() {
	python3 -c 'import json, sys
for finding in json.load(sys.stdin):
    if sys.argv[1] in finding: print(finding[sys.argv[1]])' "$1" < found
}

# heals CHECK TITLE: of the fault that was made just now.
heals() {
	keep -C acme --format=json doctor > found
	check_same "$2 is told" "$1" "$(field check)"
	field mend > mend
	(cd / && sh) < mend > mended 2>&1 || cat mended >&2
	check_same "and mended" 0 "$(keep -C acme doctor > again 2>&1; echo $?)"
	check_same "and told no more" '[]' "$(keep -C acme --format=json doctor)"
	git -C acme reset -q --hard begin
	git -C acme clean -qffdx
}

keep init acme > /dev/null && git -C acme tag begin
check "a new instance has no fault" keep -C acme doctor
check_same "JSON says so, too" '[]' "$(keep -C acme --format=json doctor)"
check "outside of instances there is nothing to look at" keep doctor

# An editor of a person who knows what each file shall say.
cat > editor <<'END'
#!/bin/sh
echo "$*" > "$HOME/edited"
for file; do :; done
case $file in
*/Keepfile) echo '{ "platform": { "path": "platform" } }' > "$file" ;;
*/tags/*) echo '{ "environment": "production" }' > "$file" ;;
*/b.json) echo '{ "ip_address": "192.0.2.2" }' > "$file" ;;
*/secrets.dev.json) echo '{}' > "$file" ;;
*/motd) echo hello > "$file" ;;
*) echo '{ "ip_address": "192.0.2.1" }' > "$file" ;;
esac
END
chmod 755 editor
export EDITOR=$PWD/editor
# edited: what the editor was told, within the instance.
edited() { sed "s,$PWD/acme/,," "$HOME/edited"; }

echo '}' >> acme/Keepfile
heals keepfile "a Keepfile that cannot be read"

git -C acme rm -q --cached Keepfile && git -C acme commit -qm Keepfile
echo '}' >> acme/Keepfile
heals keepfile "one that git does not have"

rm -r acme/platform
heals platform "a platform that is missing"
sed -i 's/"path": "platform"/"path": "..\/elsewhere"/' acme/Keepfile
keep -C acme --format=json doctor > found
field mend > mend
check_exit 1 "no command puts a platform outside of the instance" \
	grep elsewhere mend
heals compiles "but its author is led to the line"
git -C acme reset -q --hard begin

mkdir acme/nodes && printf '{\n  "ip_address" = "192.0.2.1"\n}\n' \
	> acme/nodes/web1.json
heals json "a node's file that is broken, and that git does not have"
check_same "with a hint" "':' stands behind a key" "$(field hint)"
check_same "in an editor, where the line stands" \
	"+2 $PWD/acme/nodes/web1.json" "$(cat "$HOME/edited")"
mkdir acme/nodes && echo '[]' > acme/nodes/web1.json
heals json "a node's file that is no object"
check_same "in an editor, too" "$PWD/acme/nodes/web1.json" \
	"$(cat "$HOME/edited")"

echo '[]' > acme/tags/production.json
heals json "a tag that is no object"
check_same "in an editor, though git has another" tags/production.json \
	"$(edited)"

printf '%s\n' '{' '<<<<<<< ours' '  "a": 1' ======= '  "a": 2' \
	'>>>>>>> theirs' '}' > acme/tags/production.json
heals json "a merge that left both sides of a file that git has"
check_same "at the marks" "+2 tags/production.json" "$(edited)"
check_same "with what to do about them" 1 \
	"$(field hint | grep -c 'keep one, and remove the marks')"

mkdir -p acme/nodes && printf '{\n  "ip_address": "192.0.2.1",\n%s\n}\n' \
	'  "a": "= node.("' > acme/nodes/web1.json
heals compiles "an expression that a compile refuses"
check_same "in an editor at its line" "+3 nodes/web1.json" "$(edited)"
check_like "with how many there are" 'it has 1 fault; the first: nodes' found
mkdir -p acme/files/templates acme/nodes &&
	printf 'hello\n${node.(}\n' > acme/files/templates/motd &&
	printf '%s\n' '{ "ip_address": "192.0.2.1",' \
	'  "files": { "/etc/motd": { "template": "motd" } } }' \
	> acme/nodes/web1.json
heals compiles "a template that a compile refuses"
check_same "in an editor at its line" "+2 files/templates/motd" "$(edited)"

mkdir acme/nodes && ln -s /etc/passwd acme/nodes/web1.json
heals links "a link that leads out of the instance"

mkdir acme/nodes && echo '{ "ip_address": "192.0.2.1" }' > acme/nodes/Web_1.json
heals node-names "a name that no node may have"

mkdir acme/nodes && echo '{ "ip_address": "192.0.2.1" }' \
	> 'acme/nodes/$(touch OOPS);x.json'
heals node-names "a name that is a trap for a shell"
check_exit 1 "and the trap is not run" test -e /OOPS -o -e OOPS

mkdir acme/nodes
for name in a b; do
	echo '{ "ip_address": "192.0.2.1" }' > acme/nodes/$name.json
done
heals addresses "an address that two nodes have"

mkdir -p acme/files/web && ln -s ../../../key.pem acme/files/web/key.pem
heals links "a link below files/ that leads out of the instance"

mkdir acme/services && echo '{ "web": {} }' > acme/services/web.stagign.json
heals environments "a file of an environment that nobody is in"
mkdir acme/services && echo '{}' > acme/services/web.stagign.json
echo '{}' > acme/services/web.staging.json
heals environments "one that cannot have the name that is meant"
echo '{}' > acme/common.outer-space.json
heals environments "one of which nothing is near"

mkdir acme/facts && echo '{}' > acme/facts/old1.json
heals gone-facts "facts of a node that is gone"

mkdir -p acme/files/nodes/old1 &&
	echo 'ssh-ed25519 AAAA' > acme/files/nodes/old1/ssh_host_ed25519_key.pub
heals gone-files "host keys of a node that is gone"

mkdir acme/picks && echo old1 > acme/picks/monitor && echo 7 > acme/picks/port
heals gone-picks "a pick of a node that is gone"

# private: puts a private key into files/.
private() {
	(umask 077 && mkdir -p acme/files/web && printf '%s\n' \
		'-----BEGIN EC PRIVATE KEY-----' AAAA \
		'-----END EC PRIVATE KEY-----' > "acme/files/web/k's.pem")
}
private && chmod 640 "acme/files/web/k's.pem"
heals keys-mode "a private key that others read"
private && git -C acme add files
heals keys-tracked "a private key that git has"
check_same "with what else is to be done" 1 \
	"$(field hint | grep -c 'make a new one')"
mkdir -p acme/files/templates && chmod 755 acme/files &&
	printf '%s\n' '-----BEGIN PRIVATE KEY-----' "\${secret('k')}" \
	> acme/files/templates/k.pem && git -C acme add files
check "a template of one is no fault" keep -C acme doctor
git -C acme reset -q --hard begin

chmod o+w acme/tags
heals writable "a directory that anybody may write to"

if [ "$(id -u)" = 0 ]; then
	chown "$ORDINARY" acme/tags/staging.json acme/.git/index
	heals owners "files that another user made"
fi

touch -d 2099-01-01 acme/common.json acme/tags/staging.json
heals dates "files of a time to come"

touch acme/.keep-0123456789abcdef.tmp
heals leftovers "a file that was left by a kill"

mkdir -p acme/.keep/compiled.new/x
heals leftovers "a directory that was left by a kill"

(umask 077 && echo '{ "a": tell-nobody }' > acme/secrets.dev.json)
keep -C acme --format=json doctor > found
check_unlike "what secrets hold is not told" 'tell-nobody' found
heals secrets-json "a file of secrets that is broken"
check_same "in an editor, where the line stands" "+1 secrets.dev.json" \
	"$(edited)"
check_same "for nobody has another" 1 \
	"$(field hint | grep -c 'git does not have this file')"

mkdir acme/secrets.dev.json
keep -C acme --format=json doctor > found
check_same "a directory for secrets is told" secrets-json "$(field check)"
check_same "with no command, for none is right" '' "$(field mend)"
rmdir acme/secrets.dev.json
ln -s ../outside acme/secrets.dev.json
keep -C acme --format=json doctor > found
check_unlike "no mode is set of what a link leads to" 'chmod' found
rm acme/secrets.dev.json

echo '{}' > acme/secrets.dev.json && chmod 644 acme/secrets.dev.json
heals secrets-mode "a file of secrets that others read"

(umask 077 && echo '{}' > acme/secrets.dev.json)
git -C acme add -f secrets.dev.json
heals secrets-tracked "a file of secrets that git has"

mkdir acme/.keep && touch acme/.keep/x && git -C acme add -f .keep
heals cache-tracked "a cache that git has"

printf '%s\n' /.keep/ '.keep-*.tmp' > acme/.gitignore
heals secrets-ignored "a file of secrets that git would take"

printf '.keep-*.tmp\n/secrets.dev.json' > acme/.gitignore
heals cache-ignored "a cache that git would take"

printf '%s\n' /.keep/ /secrets.dev.json > acme/.gitignore
heals leftovers-ignored "what a kill leaves, and git would take"

keep -C acme node add web1 ip_address=192.0.2.1 services=web > out
keep -C acme compile > out
keep -C acme node set web1 web.port=8080 > out
heals compiled "a compile that is older than the instance"

# compiled: an instance with a node, compiled.
compiled() {
	keep -C acme node add web1 ip_address=192.0.2.1 services=web > out &&
		keep -C acme compile > out
}
compiled && rm acme/nodes/web1.json
heals compiled "what was compiled of a node that is gone"

compiled && printf '%s\n' '<<<<<<< ours' '=======' '>>>>>>> theirs' \
	>> acme/compiled/web1.json
heals compiled "marks of a merge in what was compiled"

compiled && rm acme/compiled/.made
heals compiled "a list of what was compiled that is gone"
check_same "as what it is" 'compiled/.made is missing' "$(field fault)"

compiled && mkdir -p acme/compiled/web1/etc &&
	echo mine > acme/compiled/web1/etc/motd.rej
keep -C acme --format=json doctor > found
check_like "what lies between what was compiled is told" \
	'compiled/web1/etc/motd.rej was not made by compile' found
heals strays "a file between what was compiled"

compiled && echo /compiled/ >> acme/.gitignore
heals kept "what was compiled, and git ignores"

git init -q acme/platform && git -C acme/platform add . &&
	git -C acme/platform commit -qm own
heals nested "a platform that is a repository of its own"
git -C acme rm -rq --cached platform && git init -q acme/platform &&
	git -C acme/platform add . && git -C acme/platform commit -qm own &&
	git -C acme add platform 2> out
heals nested "one of which git has the commit only"

if [ "$(id -u)" = 0 ]; then
	chown -R "$ORDINARY:$ORDINARY" acme
	heals repository "a repository that git does not trust"
	chown -R 0:0 acme
fi

if [ "$(id -u)" = 0 ]; then
	check "an ordinary user has an instance" as_user keep init his
	his=$SCRATCH/user/his
	touch "$his/.keep-0123456789abcdef.tmp"
	rm "$his/.gitignore"
	mkdir closed && chmod 700 closed
	check_exit 1 "who cannot read HOME is told so" \
		as_user env HOME="$PWD/closed" keep -C "$his" doctor
	check_like "by the check of the repository" \
		'^repository: this cannot be looked at: .*closed/.gitconfig'
	check_like "with a hint" '^  hint: .*HOME'
	check_like "and the other checks go on" '^leftovers: '
	check_unlike "but do not say the same again" '^[a-z]+-ignored: '
fi

mv acme/.git git
keep -C acme --format=json doctor > found
check_same "an instance without git is told" repository "$(field check)"
field mend | sh && check "and mended" keep -C acme doctor
