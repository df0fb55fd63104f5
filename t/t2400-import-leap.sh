#!/bin/bash
# keep import leap: a small provider and its platform, as they are; and what is
# hostile, or not as it should be.
. "${0%/*}/lib.sh"

mkdir -p base/services base/tags base/templates old/nodes old/services \
	old/tags old/users/ada old/files/nodes/web1 old/files/ssh old/hiera
cat > base/provider.json << 'END'
{ "domain": "REQUIRED", "contacts": { "default": ["REQUIRED"] },
  "langs": ["en"] }
END
cat > base/common.json << 'END'
{
  "services": [], "tags": [],   // both lists
  "ssh": {
    "port": 22,
    "authorized_keys": "= authorized_keys"
  },
  "mail": { "to": ["root"] },
  "contacts": "= provider.contacts.default", /* of the provider */
  "odd": "= `id -un`",
  "texts": ["= no expression", "a"],
  "literal": "== so",
  "x509": { "use": true, "use_commercial": false }
}
END
printf '{ "environment": "local" }\n' > base/tags/local.json
printf '{ "web": { "port": 80, "ports": ["80"] } }\n' > base/services/web.json
printf '{}\n' > base/templates/web.json
printf 'self.x = 1\n' > base/services/web.rb

cat > old/provider.json << 'END'
// ours
{
  "domain": "example.org", // kept
  "contacts": { "default": "root@example.org" },
	"langs" : "de"
}
END
printf '{}\n' > old/common.json
# shellcheck disable=SC2016 # ruby
printf '@platform_directory_path = "../leap"\nputs `id`\n' > old/Leapfile
cat > old/nodes/web1.json << 'END'
{ "ip_address": "10.5.5.9", "services": "web", "mail": {"to": "ada"},
  "web": {"ports": 8080, "secure": "true"} }
END
printf '{ "ip_address": "10.5.50.9", "tags": ["local"] }\n' \
	> old/nodes/web2.json
printf 'ssh-ed25519 AAAA ada@a\n' > old/users/ada/ada_ssh.pub
printf 'ssh-rsa BBBB ada@b' > old/users/ada/laptop_ssh.pub
printf 'PGP\n' > old/users/ada/ada_pgp.pub
ssh-keygen -q -t ed25519 -N '' -C '' -f key
mv key.pub old/files/nodes/web1/web1_ssh.pub && rm key
printf 'key\n' > old/files/nodes/web1/web1.key
chmod 600 old/files/nodes/web1/web1.key
printf 'made\n' > old/files/ssh/known_hosts
printf '<%%= 1 %%>\n' > old/files/motd.erb
printf 'made\n' > old/hiera/web1.yaml
printf '{"web1": {"cores": 4}}\n' > old/facts.json
cat > old/secrets.json << 'END'
{"default": {"db": "s3cret", "port_web1": 4711, "Bad": "s3cret2"},
 "local": {"port_web1": 1}}
END
cp -a old before

check "a platform is imported" \
	keep import leap --as platform base plat --format=json
cp "$OUT" plat.json
check_same "expressions are counted" '3 2' \
	"$(jq -r '"\(.expressions) \(.rewritten)"' plat.json)"
# shellcheck disable=SC2016 # ruby
check_same "what is left is told with file, line and original" \
	'common.json:9 = `id -un`
services/web.rb:0 null
templates:0 null' \
	"$(jq -r '.left[] | "\(.file):\(.line) \(.original)"' plat.json | sort)"
common=plat/provider_base/common.json
check_like "comments stay" \
	'^  "services": \[\], "tags": \[\],   // both lists$' $common
check_like "an expression is rewritten in its place" \
	'^  "contacts": "= provider\.contacts\.default", /\* of the' $common
check_like "what cannot be is an error that names its line" \
	'"odd": "= error\(.line 9 of leap.*common\.json' $common
check_like "only the keys of users/ are authorized" \
	"\"authorized_keys\": \"= 'exclusive'\"" $common
check_like "a text in a list that looks like an expression stays a text" \
	'"texts": \["== no expression", "a"\]' $common
check_like "and one with two signs" "\"literal\": \"= '== so'\"" $common
check_like "each node gets its certificate" \
	'nodes/\$\{name\}/\$\{name\}\.crt' $common

check "a provider is imported onto it" \
	keep import leap old new --platform plat --leap-rules
check_same_files "what is imported is left as it was" before old
check_like "the report says how much was made" \
	' files, 0 of 0 expressions'
check_like "what runs ruby is told" 'files/motd.erb: '
check_like "also of the Leapfile, with its line" 'Leapfile:2: '
check_unlike "no secret is shown" s3cret
check_same "what lies there" './.gitignore
./Keepfile
./common.json
./facts/web1.json
./files/nodes/web1/ssh_host_ed25519_key.pub
./files/nodes/web1/web1.key
./nodes/web1.json
./nodes/web2.json
./picks/port_web1
./provider.json
./secrets.dev.json
./users/ada/ssh.pub' \
	"$(cd new && find . -path ./platform -prune -o -type f -print | sort)"
check_same "the provider's file keeps its comments and blanks" '// ours
{
  "domain": "example.org", // kept
  "contacts": { "default": ["root@example.org"] },
	"+langs" : ["de"]
}' "$(cat new/provider.json)"
check_same "a scalar over a list is appended, and a local address is tagged" \
	'{"ip_address":"10.5.5.9","services":["web"],"mail":{"+to":["ada"]},"web":{"+ports":[8080],"secure":true},"+tags":["local"]}' \
	"$(jq -c . new/nodes/web1.json)"
check_same_files "a node that has nothing of that stays as it is" \
	old/nodes/web2.json new/nodes/web2.json
check_same "all keys of a user are in one file" 'ssh-ed25519 AAAA ada@a
ssh-rsa BBBB ada@b' "$(cat new/users/ada/ssh.pub)"
check_same "a number that was drawn is kept" 4711 "$(cat new/picks/port_web1)"
check_same "secrets go where keep looks for them" \
	'{"default":{"db":"s3cret"},"local":{}}' \
	"$(jq -c . new/secrets.dev.json)"
check_same "and are nobody else's" '600 600' \
	"$(stat -c %a new/secrets.dev.json new/files/nodes/web1/web1.key | xargs)"
printf '{ "odd": 1 }\n' > new/common.json
check "the instance compiles" keep -C new compile
check_same "with what leap would give" \
	'["root@example.org"] ["root","ada"] ["80",8080]' \
	"$(jq -c .contacts,.mail.to,.web.ports new/compiled/web1.json | xargs -d '\n')"
check_same "secrets of the file are found" '<secret db>' \
	"$(keep -C new expr web2 "secret('db')" --format=json | jq -r .)"
check "without the rules of leap" keep import leap old plain --platform plat
check_like "a scalar stays one" '"mail": \{"to": "ada"\}' plain/nodes/web1.json

# --- DST ---
mkdir empty full && touch full/x
check "an empty directory may be filled" \
	keep import leap --as platform base empty
check_exit 4 "one that holds something may not" \
	keep import leap --as platform base full
check_same "and is left alone" x "$(ls -A full)"
check_exit 2 "nor may the directory one stands in" \
	keep import leap --as platform base .
check_exit 4 "the directory above must be there" \
	keep import leap --as platform base no/such
check_exit 2 "a platform has no platform" \
	keep import leap --as platform base x --platform plat
check_exit 2 "what is no provider of leap is refused" keep import leap full x
mkdir lone && cp -r base lone/provider_base
check_exit 2 "so is a whole platform" keep import leap lone x
check_like "with what to write" \
	'hint: .*--as platform .*/lone/provider_base' "$ERR"
check_exit 4 "a source that is not there" keep import leap nowhere x

# --- hostile ---
# refused TITLE REGEX: `bad` is refused, and DST is not made.
refused() {
	check_exit 2 "$1 is refused" keep import leap bad x --platform plat
	check_like "$1: it says so" "$2" "$ERR"
	check_unlike "$1: no secret is shown" s3cret "$ERR"
	check_same "$1: nothing is made" '' \
		"$(find . -maxdepth 1 -name x -o -maxdepth 1 -name '.keep-*')"
	chmod -R u+w bad && rm -rf bad && cp -a old bad
}
cp -a old bad
ln -s /etc/passwd bad/nodes/evil.json
ln -s / bad/files/all
refused "a symbolic link" '(nodes/evil.json|files/all).*symbolic link'
rm -rf bad/users && ln -s /etc bad/users
refused "a directory that is a link" 'users.*symbolic link'
mkfifo bad/files/pipe
refused "a pipe" 'files/pipe.*neither a file nor a directory'
printf '{"a": "\xff"}\n' > bad/common.json
refused "what is not UTF-8" 'common.json:1:.*UTF-8'
python3 -c 'print("{\"a\":" * 40 + "1" + "}" * 40)' > bad/common.json
refused "JSON that is too deep" 'common.json:1:161: more than 32'
printf '{"a": 1,\n "a": 2}\n' > bad/tags/t.json
refused "a key that stands there twice" 'tags/t.json:2:'
printf '{' > bad/nodes/web1.json
refused "a broken file" 'nodes/web1.json:1:'
printf '[1]' > bad/facts.json
refused "what is no object" 'facts.json:1:'
truncate -s 5M bad/nodes/web1.json
refused "a file that is too large" 'nodes/web1.json'
truncate -s 65M bad/files/big
refused "more than may be" 'files/big|MiB'
python3 -c 'print("{" + ", ".join("\"k%d\": \"= `a`\"" % i
	for i in range(10001)) + "}")' > bad/common.json
refused "more ruby than can be told" '10000 things have no equal'
python3 -c 'print("{" + ", ".join("\"n%d\": {}" % i
	for i in range(10001)) + "}")' > bad/facts.json
refused "more files than may be made" '10000 files'
printf '{}\n' > bad/nodes/Web_1.json
refused "a name that keep has not" "'Web_1' is no name of a node"
printf '{"default": {"db": "s3cret",}}\n' > bad/secrets.json
refused "a broken file of secrets" 'secrets.json:1:'
printf '{}\n' > "$(printf 'bad/services/\377.json')"
refused "a name that is not UTF-8" 'services/.*UTF-8'
dir=bad/files
for _ in $(seq 20); do dir=$dir/d; done
mkdir -p "$dir" && touch "$dir/f"
refused "a tree that is too deep" 'deep'
