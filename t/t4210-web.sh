#!/bin/bash
# The service web on a real node: nginx, asked from outside.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-recipe.sh"
need_fleet
recipe_begin
recipe_node web1 services=web
read -r at _ < "$FLEET/web1/at"

# ask NAME [CURL...]: what the node says to who looks for that host.
ask() {
	curl -s -m 20 --resolve "$1:80:$at" --resolve "$1:443:$at" "${@:2}"
}

check "a web server is deployed" deploy web1
ask web1.example.org http://web1.example.org/ > page
check_like "it serves what nginx comes with" 'Welcome to nginx' page
rm page

# --- virtual hosts --------------------------------------------------------------
mkdir -p files/site
echo 'This is www.' > files/site/www.html
keep -q node set web1 'web.hosts={"www.example.org": {"aliases": ["example.org"]},
	"old.example.org": {"redirect": "https://www.example.org$request_uri"}}'
keep -q node set web1 'files={"/srv/www/www.example.org/index.html":
	{"source": "site/www.html"}}'
check "virtual hosts are deployed" deploy web1
for name in www.example.org example.org; do
	check_same "$name shows its page" 'This is www.' \
		"$(ask $name http://$name/)"
done
check_same "another leads on" \
	"301 https://www.example.org/a?b" "$(ask old.example.org -o answer \
		-w '%{http_code} %{redirect_url}' 'http://old.example.org/a?b')"
check_same "a host that is none of its own is not served" 404 \
	"$(ask other.org -o answer -w '%{http_code}' http://other.org/)"
check "the same again changes nothing" deploy web1
check_like "and says so" 'unchanged'
keep -q node set web1 \
	'web.hosts."new.example.org"={"proxy": "http://127.0.0.1:9"}'
check "a proxy without anything behind it is deployed" deploy web1
# nginx goes by what it is told a moment later
asked=0
until grep -qs 'new.example.org: ' "$OUT" "$ERR" || [ $((++asked)) = 9 ]; do
	keep test web1 > "$OUT" 2>&1
done
check_like "but told" 'new.example.org: what is behind it does not answer'

# --- TLS --------------------------------------------------------------------------
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-subj /CN=www.example.org -addext subjectAltName=DNS:www.example.org \
	-keyout "$SCRATCH/key" -out "$SCRATCH/crt" 2> "$ERR" || exit
mkdir -p files/web
cp "$SCRATCH/crt" files/web/production.crt
(
	umask 077
	jq --rawfile key "$SCRATCH/key" '.production.web_tls_key = $key' \
		secrets.dev.json > "$SCRATCH/secrets" &&
		cp "$SCRATCH/secrets" secrets.dev.json
)
check "a certificate is deployed" deploy web1
check_same "the page is behind TLS" 'This is www.' "$(ask www.example.org \
	--cacert "$SCRATCH/crt" https://www.example.org/)"
check_same "without it one is led to it" "https://www.example.org/" \
	"$(ask www.example.org -o answer -w '%{redirect_url}' \
		http://www.example.org/)"
check_same "the key is closed to others" 'root 600' "$(stat -c '%U %a' \
	"$FLEET/web1/root/etc/nginx/keep/tls.key")"

# --- what goes wrong --------------------------------------------------------------
cp -a files/web/production.crt good
openssl req -x509 -newkey ed25519 -nodes -subj /CN=x -keyout /dev/null \
	-out files/web/production.crt 2> "$ERR" || exit
check_exit 3 "a certificate of another key is not deployed" deploy web1
check_like "the node goes back" 'rolled_back|rolled back'
check_same "to what it was, which works" 'This is www.' "$(ask \
	www.example.org --cacert "$SCRATCH/crt" https://www.example.org/)"
cp good files/web/production.crt
check "it is mended" deploy web1

# --- a service that leaves ----------------------------------------------------------
keep -q node set web1 'services=[]' files=null
check "the service leaves" deploy web1
check_exit 7 "then nobody answers" \
	curl -s -m 5 -o answer "http://$at/"
check_like "what nginx came with is back" 'sites-enabled' \
	"$FLEET/web1/root/etc/nginx/nginx.conf"
check_exit 1 "its key is gone" test -e "$FLEET/web1/root/etc/nginx/keep/tls.key"
keep -q node set web1 services=web 'web.hosts={}'
check "it comes again" deploy web1
check "and serves" curl -sk -m 20 -o answer "https://$at/"
