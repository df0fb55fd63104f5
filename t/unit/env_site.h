/* An instance, built; the files of its environments. */
#ifndef ENV_SITE_H
#define ENV_SITE_H

#include "site.h"
#include "../../cmd/provider/output/env.h"

struct env_site {
	struct site s;
	struct keep_build b;
};

/* With FILES over those of site.h, whose nodes are gone. */
static inline bool env_begin(struct env_site *x, const struct file *files,
			     size_t n)
{
	static const char *const gone[] = {
		"nodes/a.json", "nodes/a-b.json", "nodes/b.json",
		"nodes/c.json",
	};
	size_t i;

	*x = (struct env_site){0};
	if (!site_begin(&x->s))
		return false;
	for (i = 0; i < KEEP_COUNT(gone); i++)
		put(&x->s, gone[i], NULL);
	for (i = 0; i < n; i++)
		put(&x->s, files[i].path, files[i].text);
	x->s.code = keep_build(&x->s.c, KEEP_MAKE, &x->b, &x->s.e);
	return true;
}

/* The text of a file, as at second 1000, over OLD. */
static inline struct keep_slice env_over(struct env_site *x, const char *path,
					 struct keep_slice old)
{
	const struct keep_env_file *v = (const void *)x->b.env_files.p;
	struct keep_buf out = {.mem = &x->s.mem};
	size_t i;

	for (i = 0; i < x->b.env_files.len / sizeof *v; i++)
		if (keep_slice_is(v[i].path, path)) {
			keep_env_text(&v[i], old, 1000, &out);
			return keep_buf_get(&out);
		}
	return KEEP_S("(none)");
}

static inline struct keep_slice env_text(struct env_site *x, const char *path)
{
	return env_over(x, path, (struct keep_slice){0});
}

static inline struct keep_slice env_faults(struct env_site *x)
{
	return x->s.e.problems ? print(&x->s.mem, x->s.e.problems) :
		keep_mem_print(&x->s.mem, "%s", x->s.e.message);
}

#endif
