#include "table.h"

const struct keep_command keep_table[] = {
	{"init", "make a provider instance", "provider", NULL},
	{"node", "nodes of the provider", "provider deploy", NULL},
	{"env", "environments of the provider", "provider", NULL},
	{"compile", "compile the configuration of the nodes", "provider", NULL},
	{"inspect", "show what a node's properties are, and why", "provider", NULL},
	{"import", "make an instance of another tool's", "provider", NULL},
	{"expr", "evaluate an expression in a node", "provider", NULL},
	{"graph", "draw nodes and the links between them", "provider", NULL},
	{"platform", "the platform that the provider inherits from", "provider", NULL},
	{"plan", "show what a deploy would change", "deploy", NULL},
	{"deploy", "make nodes what the instance says", "deploy", NULL},
	{"rollback", "make nodes what they were before", "deploy", NULL},
	{"run", "run a command on nodes", "deploy", NULL},
	{"test", "run the tests of the services on nodes", "deploy", NULL},
	{"ssh", "log in to a node", "deploy", NULL},
	{"history", "show what was deployed, and how it ended", "deploy", NULL},
	{"local", "nodes on this machine", "deploy", NULL},
	{"call", "have a server run a command", "serve", NULL},
	{"config", "show the configuration of keep", "suite", NULL},
	{"describe", "describe verbs for programs", "suite", NULL},
	{"doctor", "look for faults, and say what mends them", "suite", NULL},
	{"help", "explain a command", "suite", NULL},
	{"serve", "answer calls over a socket", "serve", NULL},
	{"version", "show the version of keep", "suite", NULL},
	{"x-encode", "encode the arguments of a verb", "suite", NULL},
	{"x-wire-lock", "write what programs rely on", "suite", NULL},
	{"x-man", "write a manual page", "suite", NULL},
	{"x-complete", "complete words of a shell", "suite", NULL},
#ifdef KEEP_TEST_TABLE
	{"try", "what no real verb does", "tryout", NULL},
#endif
};
const size_t keep_table_n = KEEP_COUNT(keep_table);
