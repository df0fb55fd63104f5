# libcli/git2: what keep asks of git. Opened by verbs that need it.
$(eval $(call library,git2,libcli/git2,-lgit2,))
