#!/bin/bash
# The service mail on a real node: postfix, spoken to from outside.
# tags: slow
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-recipe.sh"
need_fleet
recipe_begin
recipe_node mx1 services=mail
read -r at _ < "$FLEET/mx1/at"
box=$FLEET/mx1/root/var/mail

# say LINE...: an SMTP dialogue; what the server says is in the file said.
say() {
	python3 - "$at" "$@" > "$SCRATCH/said" << 'DONE'
import socket
import sys

stream = socket.create_connection((sys.argv[1], 25), 20).makefile("rw",
                                                                 newline="\r\n")
for line in [""] + sys.argv[2:]:
    if line:
        stream.write(line + "\r\n")
        stream.flush()
    while True:
        said = stream.readline().rstrip()
        print(said)
        if said[3:4] != "-":
            break
DONE
}

# arrives USER TEXT: in the mailbox, within 20 seconds.
arrives() {
	on_node mx1 timeout 20 sh -c 'until grep -qsF -e "$1" "/var/mail/$0"; do
		sleep 1
	done' "$@"
}

on_node mx1 useradd -M ada
keep -q node set mx1 'mail.aliases={"postmaster": "root", "info": "ada"}'
check "a mail server is deployed" deploy mx1
say 'EHLO there.example.net'
check_like "it says who it is" '^220 mx1\.example\.org ESMTP$' "$SCRATCH/said"
check_unlike "without a certificate it offers no TLS" STARTTLS "$SCRATCH/said"
say 'EHLO there.example.net' 'MAIL FROM:<bob@example.net>' \
	'RCPT TO:<info@example.org>' DATA $'Subject: hello\r\n\r\nfor info\r\n.' QUIT
check_like "it takes mail to an alias" '^250 2\.0\.0 Ok: queued' "$SCRATCH/said"
check "which arrives" arrives ada 'for info'
say 'EHLO there.example.net' 'MAIL FROM:<bob@example.net>' \
	'RCPT TO:<ada@example.net>'
check_like "it takes none for others" '^554 .*Relay access denied' \
	"$SCRATCH/said"
say 'EHLO there.example.net' 'MAIL FROM:<bob@example.net>' \
	'RCPT TO:<nobody-is-that@example.org>'
check_like "nor for who is not there" '^550 .*User unknown' "$SCRATCH/said"
say 'VRFY ada'
check_unlike "and tells nobody who is" '^25' <(sed 1d "$SCRATCH/said")
check "the same again changes nothing" deploy mx1
check_like "and says so" unchanged

# --- a change -----------------------------------------------------------------------
keep -q node set mx1 'mail.aliases={"postmaster": "root", "sales": "ada"}' \
	mail.size_mib=1
check "another alias is deployed" deploy mx1
say 'EHLO there.example.net' 'MAIL FROM:<bob@example.net>' \
	'RCPT TO:<sales@example.org>' 'RCPT TO:<info@example.org>'
check_like "it is taken" '^250 2\.1\.5' "$SCRATCH/said"
check_like "the old one is not" '^550 .*User unknown' "$SCRATCH/said"
check_like "the size is told" '^250-SIZE 1048576' "$SCRATCH/said"

# --- TLS ------------------------------------------------------------------------------
mkdir -p files/mail
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-subj /CN=mx1.example.org -addext subjectAltName=DNS:mx1.example.org \
	-keyout "$SCRATCH/key" -out files/mail/production.crt 2> "$ERR" || exit
(
	umask 077
	jq --rawfile key "$SCRATCH/key" '.production.mail_tls_key = $key' \
		secrets.dev.json > "$SCRATCH/secrets" &&
		cp "$SCRATCH/secrets" secrets.dev.json
)
check "a certificate is deployed" deploy mx1
check "its name is proven behind STARTTLS" openssl s_client -starttls smtp \
	-connect "$at:25" -CAfile files/mail/production.crt -verify_return_error \
	-verify_hostname mx1.example.org -brief

# --- a service that leaves ------------------------------------------------------------
keep -q node set mx1 'services=[]' mail=null
check "the service leaves" deploy mx1
check_exit 1 "then nobody listens" say QUIT
check "mail that came is kept" test -s "$box/ada"
