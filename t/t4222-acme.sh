#!/bin/bash
# Certificates of an authority that speaks ACME: Debian's pebble is one.
# tags: slow nosan
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_agent

# change [PATH=VALUE...]: of web1, and deployed.
change() {
	{ [ $# = 0 ] || keep node set web1 "$@"; } && keep -q compile &&
		git add -A && git commit --allow-empty -qm change && keep deploy web1 --yes
}

# fetch CURL-ARGUMENT...: from another node, to which all names are web1.
fetch() {
	on_node ca1 curl -sS --max-time 10 --connect-to "::$web:" "$@"
}

# A web server that is told to read its configuration anew does so a moment
# later.
fetch_late() {
	local end=$((SECONDS + 10))
	while fetch "$@" && [ $SECONDS -lt $end ]; do :; done > /dev/null 2>&1
	fetch "$@"
}

# authority: pebble on ca1, and names that all lead to web1.
authority() {
	cp "$SCRATCH"/keys/ca1.{crt,key} "$FLEET/ca1/root/etc/ssl/"
	cat > "$FLEET/ca1/root/etc/pebble.json" <<- END
		{"pebble": {"listenAddress": "0.0.0.0:14000",
		"managementListenAddress": "0.0.0.0:15000",
		"certificate": "/etc/ssl/ca1.crt",
		"privateKey": "/etc/ssl/ca1.key",
		"httpPort": 80, "tlsPort": 443}}
	END
	on_node ca1 pebble-challtestsrv -defaultIPv4 "$web" -defaultIPv6 '' \
		-dns01 :8053 -http01 '' -https01 '' -tlsalpn01 '' \
		> "$SCRATCH/names.log" 2>&1 &
	on_node ca1 env PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 \
		pebble -config /etc/pebble.json -dnsserver 127.0.0.1:8053 \
		> "$SCRATCH/pebble.log" 2>&1 &
	wait_for_socket "$ca:14000"
	on_node ca1 curl -sSf --cacert /etc/ssl/ca1.crt \
		"https://$ca:15000/roots/0" > "$FLEET/ca1/root/etc/root.crt"
}

# serial: of the certificate that web1 shows.
serial() {
	on_node ca1 openssl s_client -connect "$web:443" -servername \
		www.example.org < /dev/null 2> /dev/null |
		openssl x509 -noout -serial
}

fleet_up -n web1 ca1
node=$FLEET/web1/root
read -r web _ < "$FLEET/web1/at"
read -r ca _ < "$FLEET/ca1/at"
mkdir "$SCRATCH/keys"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-subj /CN=ca1 -addext "subjectAltName=IP:$ca" \
	-keyout "$SCRATCH/keys/ca1.key" -out "$SCRATCH/keys/ca1.crt" 2> "$ERR"
keep init acme --domain example.org > "$OUT" && cd acme || exit
mkdir -p files/acme
cp "$SCRATCH/keys/ca1.crt" files/acme/ca.crt
fleet_add web1
keep -q node set web1 services=web tags=production \
	'web.hosts={"www.example.org": {"aliases": ["example.org"],
	"root": "/srv/www"}}' || exit
mkdir "$node/srv/www"
echo 'hello' > "$node/srv/www/index.html"

# --- the first certificate ---------------------------------------------------
check "a node has a web server" change
check "without TLS" fetch -f http://www.example.org/
check_exit 3 "when the authority does not answer, there is no certificate" \
	change services=web,acme "acme.directory=https://$ca:14000/dir"
check "and the web server is left as it was" fetch -f http://www.example.org/
authority
check "when it does, there is one" change
if command -v systemd-analyze > "$OUT"; then
	check "systemd would take its units" on_node web1 systemd-analyze \
		verify /etc/systemd/system/keep-acme.{service,timer}
	check_same "without a word" '' "$(cat "$ERR")"
fi
root=(--cacert /etc/root.crt)
check "it is shown to who asks" fetch -f "${root[@]}" https://www.example.org/
check_same "with the page" hello "$(cat "$OUT")"
check "it is for each name of the web server" \
	fetch -f "${root[@]}" https://example.org/
check_exit 60 "and no other" fetch "${root[@]}" https://mail.example.org/
check "whoever comes without TLS is led there" fetch -f -o /dev/null \
	-w '%{redirect_url}' http://example.org/page
check_same "to the same page" https://example.org/page "$(cat "$OUT")"
check_same "its key is closed to others" '600 root' \
	"$(stat -Lc '%a %U' "$node/var/lib/dehydrated/certs/keep/privkey.pem")"

# --- other names, and renewals -----------------------------------------------
before=$(serial)
check "another deploy" change motd=hello
check_same "needs no other certificate" "$before" "$(serial)"
check "a new name does" change 'web.hosts={"www.example.org":
	{"aliases": ["example.org", "new.example.org"], "root": "/srv/www"}}'
check "which covers it" fetch -f "${root[@]}" https://new.example.org/
# shellcheck disable=SC2016
tell='[ ! -p /run/renewed ] || timeout 9 sh -c "date > /run/renewed"'
before=$(serial)
check "the timer looks for what is due" change acme.renew_days=36500 \
	acme.interval=1s acme.on_renew.test="$tell"
mkfifo "$node/run/renewed"
check "and renews it" timeout 100 cat "$node/run/renewed"
check_unlike "the web server shows the new one" "$before" <(serial)

# --- no authority, and the end -----------------------------------------------
rm "$node/run/renewed"
on_node ca1 pkill pebble
check "without the authority a good certificate is enough" \
	change motd=again acme.interval=1d
check_like "it is said that it is not renewed" 'it is not renewed'
check "a node without the service" change services=web
check "has no TLS" fetch -f http://www.example.org/
check_exit 7 "at all" fetch_late -k https://www.example.org/
check_same "nor a key" '' "$(find "$node/var/lib/dehydrated" -type f)"
