# libcli/ssh2: commands on nodes by libssh2. Opened by verbs that need it.
$(eval $(call library,ssh2,libcli/ssh2,-lssh2,))
