/* Names that are in the instance, by its files: nothing is read or evaluated,
 * so an instance with faults is completed as well as one without. */
#include <keep/cli.h>
#include "node.h"

/* The name that a file is for: "web1.json", "web1.json.off". Absent: none. */
static struct keep_slice stem(struct keep_slice file)
{
	size_t len = 0;

	while (len < file.len && file.p[len] != '.')
		len++;
	file.p += len;
	file.len -= len;
	if (!keep_slice_is(file, ".json") && !keep_slice_is(file, ".json.off"))
		return (struct keep_slice){0};
	return (struct keep_slice){file.p - len, len};
}

static int offer_files(struct keep_ctx *c, const char *dir, const char *what,
		       struct keep_completions *out)
{
	struct keep_names names = {0};
	struct keep_err e;
	int rc = 0;
	size_t i;

	keep_ignore(keep_dir_list(c->mem, keep_fd_get(&c->instance), dir,
				  &names, &e), "no directory, no names");
	for (i = 0; i < names.n && !rc; i++) {
		struct keep_slice name = stem(names.v[i].name);

		if (name.len)
			rc = keep_complete_offer(out, name, keep_slice(what));
		if (!rc && i % 256 == 255)
			rc = keep_cancelled(c, &e);
	}
	return rc;
}

int keep_complete_node(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out)
{
	(void)prefix;
	return offer_files(c, "nodes", "node", out);
}

int keep_complete_filter(struct keep_ctx *c, struct keep_slice prefix,
			 struct keep_completions *out)
{
	static const char *const dirs[][2] = {
		{"nodes", "node"},
		{"tags", "tag"},
		{"services", "service"},
		{"platform/provider_base/services", "service"},
	};
	int rc = 0;
	size_t i;

	(void)prefix;
	for (i = 0; i < KEEP_COUNT(dirs) && !rc; i++)
		rc = offer_files(c, dirs[i][0], dirs[i][1], out);
	return rc;
}
