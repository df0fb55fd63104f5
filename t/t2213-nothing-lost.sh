#!/bin/bash
# What others put beside keep's files is neither removed, opened nor told.
. "${0%/*}/lib.sh"

check "an instance is made" keep init i --name I --domain example.org
cd i || exit 1
check "a node is added" keep node add web1 ip_address=192.0.2.1 services=web,monitor

mkdir -p compiled/old.json && echo precious > compiled/old.json/file
check_exit 4 "a directory named as a node's file is no output to remove" \
	keep compile
check_same "what is in it stays" precious "$(cat compiled/old.json/file)"
rm -r compiled

chmod 600 nodes/web1.json
check "a node's file is changed" keep node set web1 web.port=8443
check_same "it stays closed to others" 600 "$(stat -c %a nodes/web1.json)"

(umask 077 && echo '{"default": {"x": hunter2}}' > secrets.dev.json)
check_exit 2 "a broken file of secrets is refused" keep compile
check_like "at its place" '^secrets.dev.json:1:' "$ERR"
check_unlike "and its content is not told" hunter "$ERR"
rm secrets.dev.json

check "what is compiled names its secrets" keep compile
rm secrets.dev.json
check "values that are gone are drawn anew" keep compile
check_like "with a warning: somebody may have others" \
	"^keep: warning: secrets.dev.json: secret 'monitor_password' of default was not there" "$ERR"
mkdir -p files/web && echo certificate > files/web/default.crt
check_exit 2 "a certificate's key is never drawn" keep compile
check_like "it is said where it goes" \
	'hint: it cannot be drawn: put it into secrets.dev.json as' "$ERR"
check "inspect shows that it is not there" keep inspect web1 web.key
check_like "by its form" '<secret web_tls_key, not made>'
rm files/web/default.crt

cd .. && mkdir mine && cd mine && git init -q . && echo private > private.txt &&
	git add private.txt || exit 1
check_exit 4 "init commits nothing that somebody staged" \
	keep init . --name I --domain example.org
check_same "which is staged still" "A  private.txt" \
	"$(git status --porcelain --untracked-files=no)"
