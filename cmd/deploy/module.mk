# cmd/deploy: generations of nodes, what a node does with them, and the way to
# it.
$(eval $(call library,deploy,cmd/deploy,,provider zlib,git2 openssl ssh2))
# The scripts are in an object.
$(foreach o,obj obj/fuzz,$O/$o/cmd/deploy/generation/scripts.o): \
	$(addprefix cmd/deploy/generation/,node.sh run.pl take.pl files.pl \
		rest.pl room.pl services.sh)
$(foreach o,obj obj/fuzz,$O/$o/cmd/deploy/node/script.o): cmd/deploy/node/ask.sh
