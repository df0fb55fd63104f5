# libcli/openssl: hashes, by what the processor has for them.
$(eval $(call library,openssl,libcli/openssl,-lcrypto,))
