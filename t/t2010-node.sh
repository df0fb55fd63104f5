#!/bin/bash
# keep node, env, inspect, expr: nodes of an instance at the shell.
. "${0%/*}/lib.sh"
keep init acme --no-commit --domain example.org > /dev/null && cd acme || exit

check "a node is added" keep node add web1 ip_address=10.0.0.1 \
	services=web tags=production
check_like "it tells the file" '^file: nodes/web1.json$'
check_same_files "which is laid out" - nodes/web1.json <<'EOF'
{
  "ip_address": "10.0.0.1",
  "services": [
    "web"
  ],
  "tags": [
    "production"
  ]
}
EOF
check "an int stays one, a list takes commas, JSON is JSON" \
	keep node add web2 ip_address=10.0.0.2 services=web,dns ssh.port=2222 \
	'networks={"lan": "10.9.0.2"}'
check_same "as the schema says" '{"lan":"10.9.0.2"} 2222 web,dns' \
	"$(python3 -c 'import json
v = json.load(open("nodes/web2.json"))
print(json.dumps(v["networks"]).replace(" ", ""), v["ssh"]["port"],
      ",".join(v["services"]))')"
check_exit 4 "a node is not added twice" keep node add web2
check_like "it says what changes it" 'keep node set web2' "$ERR"

cp -r nodes before
check_exit 2 "a node needs an address" keep node add web3
check_like "the file that is to say it is told" 'nodes/web3.json' "$ERR"
check_exit 2 "and one of its own" keep node add web3 ip_address=10.0.0.1
check_like "whose it is, is told" "of node 'web1'" "$ERR"
check_exit 2 "an environment is no node" keep node add staging ip_address=10.0.0.3
check_exit 2 "a name has no capitals" keep node add Web3 ip_address=10.0.0.3
check_exit 2 "a service has to be there" \
	keep node add web3 ip_address=10.0.0.3 services=wib
check_like "the nearest is told" "did you mean 'web'" "$ERR"
check_exit 2 "a port is a number" keep node set web1 ssh.port=twenty
check_like "with its place" '^nodes/web1.json:[0-9]*:[0-9]*: ' "$ERR"
check_exit 4 "a node that is not there is not changed" \
	keep node set wbe1 ssh.port=22
check_like "the nearest name is told" "did you mean 'web1'" "$ERR"
check_exit 4 "what is not set is not taken out" keep node unset web1 ssh.port
check_exit 4 "nor is a name taken twice" keep node mv web1 web2
check_exit 2 "a value needs its path" keep node set web1 22
check_exit 4 "a text has no members to set" keep node set web1 ip_address.x=1
for verb in add set; do
	check "that status is in the help of node $verb" keep node $verb -h
	check_like "with its name" '^  4 +CONFLICT '
done
check_exit 4 "a filter that selects nobody compiles nothing" \
	keep compile web1 not:web1
check_exit 2 "a word that nobody knows is no filter" keep compile wbe1
check_exit 2 "a node is enabled or not" keep node set web1 enabled=no
check_like "what it can be is told" "'enabled' must be true or false" "$ERR"
check_same_files "whatever was refused changed nothing" before nodes
rm -r before

printf '// first\n{ "ip_address": "10.0.0.4" } // last\n' > nodes/db.json
check "a value is set" keep node set db ssh.user=22
check_same "comments and layout stay" \
	'// first
{ "ip_address": "10.0.0.4", "ssh": {"user": "22"} } // last' \
	"$(cat nodes/db.json)"
check "and is taken out" keep node unset db ssh.user
check "what nobody knows is set as well" keep node set db ip_adress=10.0.0.5
check_like "with a warning that tells the nearest name" \
	"^keep: .*nodes/db.json:2:.*unknown property 'ip_adress'.*'ip_address'" \
	"$ERR"
check "and taken out" keep node unset db ip_adress
check_same "which needs no warning" "" "$(cat "$ERR")"
check "a node is disabled" keep node disable db
check "a node gets another name" keep node mv db db1
check_same "all nodes are listed" \
	'db1   10.0.0.4  default     -         -           false
web1  10.0.0.1  production  web       production  true
web2  10.0.0.2  default     web, dns  -           true' "$(keep node list)"
check_same "a filter leaves the disabled one out, a path adds a column" \
	'web2  10.0.0.2  default  web, dns  -  true  2222' \
	"$(keep node list default --print ssh.port)"
check_same "columns come in the order asked for" \
	'web1  10.0.0.1  production  web  production  true  80  -' \
	"$(keep node list web1 --print web.port --print nix)"
check_same "JSON has values by their paths" \
	'[{"name":"web1","ip_address":"10.0.0.1","environment":"production","services":["web"],"tags":["production"],"enabled":true,"values":{"nix":null,"web.port":80}}]' \
	"$(keep --format=json node list web1 --print nix --print web.port,nix)"
mapfile -t many < <(yes all | head -n 1001)
check "a filter has up to 1000 words" keep node list "${many[@]:1}"
check_exit 2 "and no more" keep node list "${many[@]}"
check_like "which is told" '^FILTER: 1001 values; at most 1000$' "$ERR"
check_exit 2 "an unknown word is no filter" keep node list wbe
check_same "environments are counted" 'default     2
local       0
production  1
staging     0' "$(keep env list)"
check "a node is enabled" keep node enable db1
check "a node is removed" keep node rm db1
check_exit 1 "its file is gone" test -e nodes/db1.json

check "a value tells why" keep inspect web1 domain --why
check_like "by its file, line and expression" \
	'^domain.internal = "web1.production.i"   # platform/provider_base/common.json:[0-9]+  = .*env.name'
check_exit 4 "a path that is not there" keep inspect web1 domain.nmae
check_like "has a nearest name" "did you mean 'domain.name'" "$ERR"
check_exit 4 "a path of which the first name is not there" \
	keep inspect web1 domian.name
check_like "has a nearest path" "did you mean 'domain.name'" "$ERR"
check "a key with dots is set in quotes" keep node set web1 \
	'web.hosts."www.example.org".root=/srv/x' 'files."/etc/motd".text=a=b'
check_same "a value is shown by a path" \
	'web.hosts."www.example.org".root = "/srv/x"' \
	"$(keep inspect web1 web.hosts)"
check_same "that can be asked for" \
	'web.hosts."www.example.org".root = "/srv/x"' \
	"$(keep inspect web1 'web.hosts."www.example.org".root')"
check_same "by a filter as well" web1 "$(keep node list \
	'web.hosts."www.example.org".root=/srv/x' | cut -d' ' -f1)"
check_like "and printed in a list" "^web1 .*/srv/x" <(keep node list \
	--print 'web.hosts."www.example.org".root')
check_same "and by an expression" '"/srv/x"' "$(keep --format=json expr web1 \
	"self.field('web.hosts.\"www.example.org\".root')")"
check_exit 4 "dots without quotes lead elsewhere" \
	keep inspect web1 web.hosts.www.example.org
check_exit 4 "a key is misspelled" \
	keep inspect web1 'web.hosts."ww.example.org".root'
check_like "the nearest path has quotes" \
	"did you mean 'web.hosts.\"www.example.org\".root'" "$ERR"
cp nodes/web1.json before.json
while read -r -a args; do
	check_exit 2 "a quote stays open: ${args[0]}" keep "${args[@]}"
	check_like "its place is told" 'character 3' "$ERR"
done <<'EOT'
node set web1 a."b=1
node unset web1 a."b
inspect web1 a."b
node list a."b=1
node list --print a."b
expr web1 nodes.field('a."b')
EOT
check_same_files "which changes nothing" before.json nodes/web1.json
check "what was set is taken out" keep node unset web1 \
	'web.hosts."www.example.org".root' 'files."/etc/motd".text'
check_exit 1 "with all that it left empty" grep -q example.org nodes/web1.json
check_same "an expression is evaluated" '["web1","web2"]' \
	"$(keep --format=json expr web1 'nodes.names()')"
check_exit 2 "a fault in it has a place" keep expr web1 'nodes.nmaes()'
check_like "in what was typed" '^EXPR:1:6: ' "$ERR"
check "help explains expressions" keep help expressions
check_like "each function of them" '^secret\('
check "help explains filters" keep help filter
check_like "each kind of word" '^  not:WORD  '
check "help explains users" keep help users
check_like "and their scope" '^  scope  '

# completes TITLE WANT WORD...: what the last word could become, sorted.
completes() {
	local title=$1 want=$2
	shift 2
	keep x-complete -- "$@" > "$OUT" 2> "$ERR"
	check_same "$title" "$want" "$(cut -f1 "$OUT" | sort | tr '\n' ' ')"
}
completes "a node is completed" "web1 web2 " node set w
completes "so is what a filter takes" "web web1 web2 " node list w
completes "compile takes the same" "web web1 web2 " compile w
completes "behind a +, too" "+staging " node list web +s
completes "a path" "ssh.authorized_keys= ssh.port= ssh.user= " \
	node set web1 ssh.
completes "its value" "ssh.authorized_keys=exclusive " \
	node add web3 ssh.authorized_keys=e
completes "one of more" "services=web,dns " node add web3 services=web,d
completes "and what is printed" "name,ssh.port " node list --print name,ssh.p
printf 'broken' > nodes/web3.json
completes "a broken instance completes as well" "web1 web2 web3 " inspect w
rm nodes/web3.json

cd .. || exit
completes "outside of an instance nothing does" "" inspect w
check_exit 4 "without an instance there are no nodes" keep node list
check_like "it says what makes one" 'keep init' "$ERR"
for verb in 'node list' 'env list' compile 'inspect a' 'expr a 1' 'node rm a'; do
	# shellcheck disable=SC2086 # words
	check_exit 4 "$verb needs an instance" keep $verb
	# shellcheck disable=SC2086
	check "and its help" keep $verb -h
	check_like "has that status" '^  4 +NOT_FOUND '
done

# The manual's examples, in their order, as if typed; but those that want a
# node to be there.
mkdir -p manual ~/leap_platform/provider_base ~/oldprovider && cd manual || exit
printf '{}\n' | tee ~/leap_platform/provider_base/{provider,common}.json \
	~/oldprovider/{provider,common}.json > copies
awk '/^```/ { inside = !inside; next } inside' "$TOP/cmd/provider/about.md" |
	sed -n 's/^\$ //; /^keep node \(init\|verify\|facts\) /d
		/^\(keep\|cd\) /p' > typed
check "the examples of the manual work" bash -e typed
check_like "and show what it shows" \
	"^$(sed -n '/^domain.full = /{s/[$.?*|{}+]/\\&/g;p}' \
		"$TOP/cmd/provider/about.md")\$"
