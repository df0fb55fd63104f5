/* keep local up */
#include <keep/cli.h>
#include "local.h"

#define A struct keep_local_up_args
static const struct keep_field args[] = {
	{KEEP_TEXTS(A, filter), .source = KEEP_REST, .meta = "FILTER", .max_n = 256,
	 .help = "of the nodes with the tag local; none: all of them"},
	{KEEP_PATH(A, image), .meta = "DIR",
	 .help = "a folder, on another file system than /, that lies over this machine's root"},
};
#undef A
const struct keep_schema keep_local_up_args_schema =
	KEEP_SCHEMA(struct keep_local_up_args, args);

/* It is a word of mount's: what parts words there cannot be in it. */
static int check_image(struct keep_slice image, struct keep_err *e)
{
	size_t i;

	for (i = 0; i < image.len; i++)
		if (strchr(",:\\", image.p[i]))
			return keep_fail(e, KEEP_E_BAD_ARGS, "image: '%.*s' "
					 "has a comma, colon or backslash",
					 KEEP_F(image));
	return 0;
}

static int start(struct keep_ctx *c, const struct keep_local *l,
		 const struct keep_local_node *n, struct keep_slice image,
		 struct keep_err *e)
{
	struct keep_slice dir, program, said;
	bool shares = keep_slice_starts(n->address, "127.");

	program = keep_mem_print(c->mem, "%.*s/local/start",
				 KEEP_F(c->run_dir));
	dir = keep_mem_print(c->mem, "%s/%s", l->path.p, n->name.p);
	image = image.p ? keep_mem_copy(c->mem, image) : KEEP_S("");
	if (!program.p || !dir.p || !image.p)
		return keep_no_memory(e);
	{
		const char *const argv[] = {
			"sh", program.p, dir.p, image.p,
			shares ? "" : n->address.p, NULL,
		};
		const struct keep_program p = {argv, KEEP_S(""), 4096};

		return keep_program_run(c, &p, &said, e);
	}
}

int keep_local_up(struct keep_ctx *c, const struct keep_local_up_args *a,
		  struct keep_err *e)
{
	KEEP_AUTO(keep_local) l = {0};
	struct keep_slice keys;
	size_t i;
	int code = keep_local_open(c, a->filter, "local up", &l, e);

	if (!code)
		code = check_image(a->image, e);
	if (!code)
		code = keep_local_keys(c, &keys, e);
	for (i = 0; i < l.n && !code; i++) {
		struct keep_local_node *n = &l.v[i];

		if (n->pid || !n->address.p)
			continue;
		keep_progress(c, n->name, i, l.n);
		code = keep_local_prepare(c, &l, n, keys, e);
		if (!code)
			code = start(c, &l, n, a->image, e);
		if (code)
			return keep_err_at(e, "node %.*s", KEEP_F(n->name));
		n->pid = keep_local_pid(c, &l, n->name);
	}
	return code ? code : keep_local_emit(c, &l, e);
}
