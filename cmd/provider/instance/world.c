/* Reading an instance, from the Keepfile to the merged nodes. */
#include "reading.h"

static int (*const steps[])(struct keep_reading *r, struct keep_err *e) = {
	keep_read_keepfile, keep_read_schemas, keep_read_parts,
	keep_read_nodes, keep_read_stacks, keep_read_heads,
	keep_read_envs, keep_read_inherit,
	keep_read_facts,
};
enum { STEPS_WITHOUT_PLATFORM = 4 };

int keep_world_read(struct keep_world *w, int dir_fd,
		    struct keep_problems *ps, struct keep_problems *warn,
		    struct keep_err *e)
{
	struct keep_reading r = {
		.w = w, .m = w->mem, .dir_fd = dir_fd, .ps = ps, .warn = warn,
	};
	size_t i, before = ps->total;
	int code = 0;

	for (i = 0; i < KEEP_COUNT(steps) && !code; i++)
		if (r.platform.p || i < STEPS_WITHOUT_PLATFORM)
			code = steps[i](&r, e);
	if (code || ps->total == before)
		return code;
	return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS, "the instance");
}
