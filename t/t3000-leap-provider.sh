#!/bin/bash
# The test provider of leap, as it is: a Keepfile and a small platform beside
# it, its two ruby expressions rewritten, the tag that leap implies for
# 10.5.5.0/24 written out.
. "${0%/*}/lib.sh"
need_shared examples/leap/test-provider
LEAP=$SHARED/examples/leap/test-provider

cp -r "$LEAP/input" example && chmod -R u+w example && cd example || exit 1
python3 - << 'END'
import json
import os
import re


def write(path, value):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2)


def change(path, old, new):
    text = open(path, encoding="utf-8").read()
    assert old in text, (path, old)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


base = "platform/provider_base/"
write("Keepfile", {"platform": {"path": "platform"}, "signed": False})
write("platform/platform.json", {"version": "0.10"})
write(base + "provider.json", {"domain": "REQUIRED", "contacts": {}})
write(base + "common.json", {
    "service_type": "internal_service",
    "domain": {"full": "= name + '.' + provider.domain",
               "name": "= domain.full"},
    "dns": {"public": "= service_type != 'internal_service'", "aliases": []},
    "ssh": {"authorized_keys": "exclusive"},
    "contacts": "= provider.contacts.default"})
write(base + "services/webapp.json",
      {"service_type": "public_service",
       "webapp": {"databases": "= peers[services: 'couchdb'].names()"}})
write(base + "services/couchdb.json",
      {"couch": {"port": 5984, "password": "= secret('couch_password')"}})
for name in ("mx", "openvpn"):
    write(base + f"services/{name}.json", {"service_type": "user_service"})
write(base + "services/openvpn.json",
      {"service_type": "user_service",
       "openvpn": {"gateway_address": "REQUIRED", "filter_dns": False}})
write(base + "tags/local.json", {"environment": "local"})
dns = "services/dns.json"
change(dns, "'dns.public' => true", "dns.public: true")
change(dns, "'dns.public' => false", "dns.public: false")
for node in ("couch1", "vpn1"):
    change(f"nodes/{node}.json", '"services"', '"tags": "local",\n  "services"')
END

check "leap's test provider compiles" keep compile
check "each enabled node has its configuration, the disabled one has none" \
	sh -c 'cd compiled && ls *.json | tr "\n" " " > ../names'
check_same "nine nodes are compiled" \
	"couch1.json couch2.json mx1.json ns1.json ns2.json pcouch1.json pweb1.json vpn1.json web1.json " \
	"$(cat names)"
check_same "a scalar where a list is meant is a list of one" '["webapp"]' \
	"$(jq -c .services compiled/web1.json)"
check_same "UTF-8 goes through" 'São Paulo' \
	"$(jq -r .location.name compiled/ns2.json)"
check_same "a secret is a placeholder" '<secret couch_password>' \
	"$(jq -r .couch.password compiled/couch1.json)"

# Twenty values: node, path, the file and line that say so.
while read -r node path place; do
	keep inspect "$node" "$path" --why --format=json > why.json 2> why.err
	check_same "$node $path comes from $place" "$place" \
		"$(jq -r '.[0] | "\(.file):\(.line)"' why.json)"
done << 'END'
web1 ip_address nodes/web1.json:3
web1 ssh.port common.json:6
web1 ssh.authorized_keys platform/provider_base/common.json:12
web1 contacts platform/provider_base/common.json:14
web1 service_type platform/provider_base/services/webapp.json:2
web1 webapp.databases platform/provider_base/services/webapp.json:4
couch1 couch.port platform/provider_base/services/couchdb.json:3
couch1 couch.password platform/provider_base/services/couchdb.json:4
couch1 environment platform/provider_base/tags/local.json:2
couch1 local tags/local.json:2
couch1 ip_address nodes/couch1.json:4
vpn1 openvpn.gateway_address nodes/vpn1.json:6
vpn1 openvpn.filter_dns nodes/vpn1.json:7
mx1 x509.use nodes/mx1.json:6
mx1 location.name tags/seattle.json:3
ns1 hosts.public services/dns.json:3
ns1 service_type services/dns.json:6
ns2 location.country_code tags/saopaulo.json:4
pcouch1 environment tags/production.json:2
pcouch1 location.hemisphere tags/seattle.json:6
END

# The filters that leap was asked, and its answers. Ours differ in three:
# PROVIDER 4 makes an unknown word an error (`nosuch`, twice), and takes
# environments out first, so `web1 +production` is web1 within production.
differ=0
while IFS=$'\t' read -r filter nodes; do
	# shellcheck disable=SC2086 # one word each
	got=$(keep node list $filter --format=json 2> /dev/null |
		jq -r '[.[].name] | join(" ")')
	case $filter in
	nosuch | 'couchdb +nosuch' | 'web1 +production')
		differ=$((differ + 1))
		check_same "filter '$filter' selects nothing, unlike leap's" \
			"" "$got"
		;;
	*) check_same "filter '$filter' selects what leap selects" \
		"$nodes" "$got" ;;
	esac
done < <(jq -r '.[] | [(.filter | join(" ")), (.nodes | join(" "))] | @tsv' \
	"$LEAP/output/filters.json")
check_same "three filters differ" 3 "$differ"
check_exit 2 "an unknown word is an error" keep node list nosuch
