# cmd/provider: the provider instance: reading, expressions, output.
$(eval $(call library,provider,cmd/provider,,,git2 openssl))
