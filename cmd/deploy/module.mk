# cmd/deploy: generations of nodes, and what a node does with them.
$(eval $(call library,deploy,cmd/deploy,,provider zlib,git2))
# The scripts are in an object.
$(foreach o,obj obj/fuzz,$O/$o/cmd/deploy/generation/scripts.o): \
	cmd/deploy/generation/node.sh cmd/deploy/generation/run.sh
