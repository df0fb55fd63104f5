# cmd/deploy: generations of nodes, and what a node does with them.
$(eval $(call library,deploy,cmd/deploy,,provider zlib))
# The scripts are in an object.
$O/obj/cmd/deploy/scripts.o $O/obj/fuzz/cmd/deploy/scripts.o: \
	cmd/deploy/node.sh cmd/deploy/run.sh
