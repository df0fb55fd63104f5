# shellcheck shell=bash
# Nodes as people harden them, each by what one kind of client cannot do.
# Sourced behind lib-fleet.sh. The user's ssh gets into each by its name.

# hardened_up: starts the nodes $HARDENED:
#	stock        as Debian 12 has it
#	aead etm pq  take nothing but AEAD ciphers, encrypt-then-MAC (with CTR),
#	             the post-quantum key exchange
#	rsa-host     has a host key of RSA alone, and signs with SHA-2
#	rsa-user     lets in a user's key of RSA alone
#	certificate  lets in who has a certificate of its authority
# shellcheck disable=SC2034 # for who sources this
HARDENED='stock aead etm pq rsa-host rsa-user certificate'
hardened_up() {
	local ssh=$HOME/.ssh
	fleet_up stock rsa-user
	fleet_up -c 'Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com' \
		aead
	fleet_up -c 'Ciphers aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com' etm
	fleet_up -c 'KexAlgorithms sntrup761x25519-sha512@openssh.com' pq
	fleet_up -k rsa rsa-host
	fleet_up -c 'TrustedUserCAKeys /root/.ssh/authority.pub' certificate

	ssh-keygen -q -t rsa -N '' -C fleet -f "$ssh/id_rsa"
	cp "$ssh/id_rsa.pub" "$FLEET/rsa-user/home/.ssh/authorized_keys"
	ssh-keygen -q -t ed25519 -N '' -C authority -f "$ssh/authority"
	cp "$ssh/id_ed25519.pub" "$ssh/certified.pub"
	ssh-keygen -q -s "$ssh/authority" -I fleet -n root "$ssh/certified.pub"
	rm "$FLEET/certificate/home/.ssh/authorized_keys"
	cp "$ssh/authority.pub" "$FLEET/certificate/home/.ssh/"
	cat >> "$ssh/config" << END
Host rsa-user
	IdentityFile $ssh/id_rsa
Host certificate
	CertificateFile $ssh/certified-cert.pub
END
}
