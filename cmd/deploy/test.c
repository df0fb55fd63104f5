/* keep test: the tests of the services, run on the nodes. */
#include "on_all.h"

#define A struct keep_test_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_test_args_schema =
	KEEP_SCHEMA(struct keep_test_args, args);

/* As the node script does it: services.sh says what its words are. */
static const char command[] =
	"PATH=$PATH:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C; "
	"export PATH LC_ALL; "
	"id=$(readlink \"${KEEP_ROOT:-/var/lib/keep}/current\") || "
	"{ echo \"nothing was deployed here\" >&2; exit 1; }; "
	"cd \"${KEEP_ROOT:-/var/lib/keep}\" && "
	"exec sh \"$id/run.services\" test \"${id#gen/}\" %ju";

int keep_test_nodes(struct keep_ctx *c, const struct keep_test_args *a,
		    struct keep_run_result *r, struct keep_err *e)
{
	struct keep_on_all how = {.options = KEEP_REACH_OPTIONS(a)};
	struct keep_contacts nodes;
	int rc = keep_contacts(c, a->filter, &nodes, e);

	how.command = keep_mem_print(c->mem, command,
				     (uintmax_t)(a->timeout + 999) / 1000).p;
	if (!rc && !how.command)
		return keep_no_memory(e);
	return rc ? rc : keep_on_all(c, &nodes, &how, r, e);
}
