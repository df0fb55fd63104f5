#!/bin/bash
# Nodes as people harden them are that, and ssh gets in.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
. "$TOP/t/lib-hardened.sh"
need_fleet
hardened_up
for node in $HARDENED; do
	check_same "ssh gets into $node" "$node" "$(ssh "$node" hostname)"
done

# What does not get in, and why: an option of ssh, what the node says.
while IFS='|' read -r node option why; do
	# shellcheck disable=SC2086 # words
	check_exit 255 "$node: not with $option" ssh -o $option "$node" true
	check_like "$node: since it says so" "$why" "$ERR"
done << 'END'
aead|Ciphers=aes128-ctr,aes256-ctr|no matching cipher found
etm|MACs=hmac-sha2-256,hmac-sha2-512|no matching MAC found
pq|KexAlgorithms=curve25519-sha256,diffie-hellman-group14-sha256|no matching key
rsa-host|HostKeyAlgorithms=ssh-rsa|no matching host key type found
rsa-host|HostKeyAlgorithms=ssh-ed25519|no matching host key type found
rsa-user|PubkeyAcceptedAlgorithms=ssh-ed25519|Permission denied
rsa-user|PubkeyAcceptedAlgorithms=ssh-rsa|Permission denied
END
check_exit 255 "certificate: not with the key alone" \
	ssh "$(cut -d ' ' -f 1 "$FLEET/certificate/at")" true
check_like "certificate: since it says so" 'Permission denied' "$ERR"

ssh-keygen -q -H -f "$HOME/.ssh/known_hosts" > hashed 2>&1
check_like "known hosts can be hashed" '^\|1\|' "$HOME/.ssh/known_hosts"
check "and are known" ssh stock true
