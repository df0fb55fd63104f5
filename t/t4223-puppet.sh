#!/bin/bash
# A recipe whose apply is a manifest of puppet, by Debian's puppet on a node.
# tags: slow nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent

fleet_up -n app1
node=$FLEET/app1/root
keep init acme --domain example.org > "$OUT" && cd acme || exit
mkdir -p services recipes/app
cat > services/app.json << 'END'
{
  "app": {
    "port": 8080,
    "hosts": ["a.example.org", "b.example.org"],
    "log": "%{host} 100% %{literal('x')}",
    "password": "= secret('app_password')"
  }
}
END
echo '{"packages": ["puppet-agent"], "engine": "puppet"}' \
	> recipes/app/recipe.json
cat > recipes/app/apply << 'END'
$hosts = lookup('app.hosts')
file { '/etc/app.conf':
  mode    => '0640',
  content => @("END"/L)
    node ${facts['keep_node']} port ${lookup('app.port')}
    hosts ${join($hosts, ' ')}
    log ${lookup('app.log')}
    | END
}
file { '/etc/app.password':
  mode    => '0600',
  content => Sensitive(file("${facts['keep_dir']}/secret/app.password")),
}
END
echo 'grep -q "^node $KEEP_NODE port" /etc/app.conf' > recipes/app/test
echo 'rm /etc/app.conf /etc/app.password' > recipes/app/remove
fleet_add app1
keep -q node set app1 services=app tags=production || exit
# change [PATH=VALUE...]: of the node, and deployed.
change() {
	{ [ $# = 0 ] || keep node set app1 "$@"; } && keep -q compile &&
		git add -A && git commit --allow-empty -qm change && keep deploy app1 --yes
}

# --- apply -------------------------------------------------------------------
check "a node takes a service that puppet sets up" change
check_same "the configuration is its data" "node app1 port 8080
hosts a.example.org b.example.org
log %{host} 100% %{literal('x')}" "$(cat "$node/etc/app.conf")"
check_same "secrets reach it as files" \
	"$(jq -r .production.app_password secrets.dev.json)" \
	"$(cat "$node/etc/app.password")"
check_unlike "no secret is told" \
	"$(jq -r .production.app_password secrets.dev.json)" "$OUT"
check_exit 1 "nor in what puppet keeps" grep -rq \
	"$(jq -r .production.app_password secrets.dev.json)" \
	"$node/var/cache/puppet" "$node/var/lib/puppet"
check_same "what was made for it is gone" '' \
	"$(find "$node/var/lib/keep/gen" -maxdepth 1 -name '.puppet*')"

# --- check -------------------------------------------------------------------
# runner VERB: of the generation that the node has.
runner() {
	# shellcheck disable=SC2016 # for the node's shell
	on_node app1 sh -c 'cd /var/lib/keep && id=$(readlink current) &&
		exec sh "$id/run.services" "$1" "${id#gen/}" 600' sh "$1"
}
check "what puppet made is in sync" runner check
echo 'edited' > "$node/etc/app.conf"
check_exit 2 "what was changed by hand is not" runner check
check_like "it is said what would change" 'File\[/etc/app.conf\].*\(noop\)'
check_exit 1 "so a plan tells, too" keep plan app1 --live
check_like "with what puppet said" 'File\[/etc/app.conf\].*\(noop\)'
check_same "and not changed" edited "$(cat "$node/etc/app.conf")"

# --- a change, a fault, the end ----------------------------------------------
check "a change of the configuration is applied" change app.port=9090
check_like "it is there" '^node app1 port 9090$' "$node/etc/app.conf"

cp recipes/app/apply good
echo "exec { '/bin/false': }" >> recipes/app/apply
check_exit 3 "a manifest that fails is taken back" change app.port=7070
check_like "what puppet said is told" '/bin/false.*returned 1'
check_like "the node has what it had" '^node app1 port 9090$' \
	"$node/etc/app.conf"
echo 'nonsense {' > recipes/app/apply
check_exit 3 "one that is no manifest, too" change
cp good recipes/app/apply
echo '{"engine": "perl"}' > recipes/app/recipe.json
check_exit 2 "another engine is refused" change
check_like "with those that there are" 'engine is sh or puppet' "$ERR"

keep -q node unset app1 app || exit
check "a node that loses the service takes that, too" change services=[]
check_same "its files are gone" '' "$(cd "$node/etc" && compgen -G 'app.*')"
