#!/bin/bash
# The default platform: what its services compile to, and what the daemons'
# own checkers say of it.
# tags: slow nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-image.sh"
need_image
i=0

# certificate NAME CN [CA]: NAME.crt and NAME.key, signed by CA or by itself.
certificate() {
	local by=() ends=(-addext 'basicConstraints=critical,CA:FALSE'
		-addext "subjectAltName=DNS:$2")
	[ "${3-self}" = self ] || by=(-CA "$3.crt" -CAkey "$3.key")
	[ "${3-}" != self ] || ends=(-addext 'basicConstraints=critical,CA:TRUE')
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 30 -subj "/CN=$2" "${ends[@]}" "${by[@]}" \
		-keyout "$1.key" -out "$1.crt" 2>> "$SCRATCH/openssl"
}

# node NAME: the node's root as a deploy would make it, with its secrets.
node() {
	local root=$SCRATCH/gen/$1
	mkdir -p "$root"
	cp -a "compiled/$1/." "$root"
	python3 - "$root" << 'END'
import base64, json, pathlib, re, sys
values = json.load(open("secrets.dev.json"))["production"]


def fill(found):
    value = values[found[2].decode()].encode()
    return base64.b64encode(value) if found[1] else value


for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.is_file():
        path.write_bytes(re.sub(rb"<(b64 )?secret ([a-z0-9._-]+)>", fill,
                                path.read_bytes()))
END
}

# on NODE COMMAND: in the image, with the node's files in place.
on() {
	local root=$SCRATCH/gen/$1
	shift
	in_image sh -c 'cp -a "$0/." / && exec "$@"' "$root" "$@"
}

check "an instance is made" keep init acme --domain example.org
cd acme || exit
(
	cd "$SCRATCH" || exit
	certificate web www.example.org
	certificate mail mx1.example.org
	certificate ca 'clients of example.org' self
	certificate vpn vpn1.example.org ca
)
check_exit 2 "a gateway is not added without its key" \
	keep node add vpn1 services=vpn ip_address=127.1.0.9 tags=production
check_like "it is said where it goes" 'put it into secrets.dev.json' "$ERR"
(
	umask 077
	jq -n --rawfile web "$SCRATCH/web.key" --rawfile mail "$SCRATCH/mail.key" \
		--rawfile vpn "$SCRATCH/vpn.key" '{production: {web_tls_key: $web,
		mail_tls_key: $mail, vpn_key_vpn1: $vpn}}' > secrets.dev.json
)
for node in web1=web ns1=dns mx1=mail,monitor vpn1=vpn; do
	keep node add "${node%=*}" tags=production "services=${node#*=}" \
		"ip_address=127.1.0.$((i += 1))" > "$OUT" || exit
done
check_exit 2 "a gateway without its certificates does not compile" keep compile
check_like "it is said which file is wanted, and where it goes" \
	'vpn/ca.crt' "$ERR"
mkdir -p files/web files/mail files/vpn
cp "$SCRATCH/web.crt" files/web/production.crt
cp "$SCRATCH/mail.crt" files/mail/production.crt
cp "$SCRATCH/ca.crt" files/vpn/ca.crt
cp "$SCRATCH/vpn.crt" files/vpn/vpn1.crt
keep node set web1 'web.hosts={"www.example.org": {"aliases": ["example.org"]},
	"app.example.org": {"proxy": "http://127.0.0.1:3000"},
	"old.example.org": {"redirect": "https://www.example.org$request_uri"}}' \
	> "$OUT" || exit
keep node set ns1 'dns_server.transfer={"ns.example.net":
	{"ip_address": "127.9.9.9"}}' > "$OUT" || exit
check "all services compile" keep compile
check "no key is in what is compiled" \
	sh -c '! grep -rq "PRIVATE KEY" compiled'
check_exit 2 "a virtual host has no member that nobody reads" \
	keep node set web1 'web.hosts={"www.example.org": {"rot": "/srv"}}'
check_like "it is said which is meant" "did you mean 'root'" "$ERR"
check_exit 2 "its name ends no line of nginx" \
	keep node set web1 'web.hosts={"a; b": {"root": "/srv"}}'
check_exit 2 "nor do its values" \
	keep node set web1 'web.hosts={"www.example.org": {"root": "/srv; }"}}'
check_exit 2 "who takes the zone has an address" \
	keep node set ns1 'dns_server.transfer={"ns.example.net": {"ip": "::1"}}'
for node in web1 ns1 mx1 vpn1; do
	node "$node"
done

check "nginx takes the web server's files" on web1 nginx -t
check "it serves each virtual host" \
	grep -c 'server_name www.example.org example.org;' \
	compiled/web1/etc/nginx/nginx.conf
check_same "without TLS it serves nothing, but leads to it" \
	'return 301 https://$host$request_uri;
return 301 https://$host$request_uri;
return 301 https://$host$request_uri;' \
	"$(sed -n '/listen 80;/,/}/s/^\t*\(return\|root\|proxy_pass\)/\1/p' \
		compiled/web1/etc/nginx/nginx.conf)"
check "nsd takes the name server's files" \
	on ns1 nsd-checkconf /etc/nsd/nsd.conf
check "and its zone" on ns1 nsd-checkzone example.org /etc/nsd/keep.zone
check "postfix takes the mail server's files" \
	on mx1 sh -c 'newaliases && exec postfix check'
check_unlike "without a warning" 'warning|fatal' "$ERR"
check "nginx takes the monitor's page" on mx1 nginx -t
check "sshd takes what every node gets" on web1 sshd -t
# shellcheck disable=SC2016 # for the inner shell
check "the gateway comes up" on vpn1 sh -c '
	ip address add 127.1.0.4/32 dev lo
	mkdir -p /dev/net
	timeout 20 openvpn --config /etc/openvpn/server/keep.conf |
		grep -m 1 "Initialization Sequence Completed"'
check "the same input compiles to the same bytes" keep compile --check
