# cmd/serve: verbs over a socket: their server, and their caller.
$(eval $(call library,serve,cmd/serve,,))
