/* The names of the files in a directory, with the drafts in their place. */
#include <dirent.h>
#include "reading.h"

const struct keep_draft *keep_draft_of(const struct keep_reading *r,
				       const char *path)
{
	const struct keep_drafts *d = &r->w->drafts;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (keep_slice_is(d->v[i].path, path))
			return &d->v[i];
	return NULL;
}

/* What stands behind "DIR/" in a path; absent: it is not there. */
static struct keep_slice name_in(const char *dir, struct keep_slice path)
{
	size_t n = strlen(dir);

	if (!keep_slice_starts(path, dir) || path.len <= n || path.p[n] != '/')
		return (struct keep_slice){0};
	return (struct keep_slice){path.p + n + 1, path.len - n - 1};
}

static bool is_drafted(const struct keep_reading *r, const char *dir,
		       struct keep_slice name)
{
	const struct keep_drafts *d = &r->w->drafts;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (keep_slice_eq(name_in(dir, d->v[i].path), name))
			return true;
	return false;
}

/* The stem of "NAME.json"; absent for what is no such file. */
static struct keep_slice stem_of(const struct keep_name *n)
{
	const size_t suffix = sizeof ".json" - 1;
	struct keep_slice none = {0}, s = n->name;

	if (n->type == DT_DIR || s.len <= suffix || s.p[0] == '.' ||
	    !keep_slice_is((struct keep_slice){s.p + s.len - suffix, suffix},
			   ".json"))
		return none;
	return (struct keep_slice){s.p, s.len - suffix};
}

static void add_draft(const char *dir, const struct keep_draft *d,
		      struct keep_slice *stems, size_t *n)
{
	struct keep_name name = {name_in(dir, d->path), DT_REG};

	if (!name.name.p || !d->text.p)
		return;
	stems[*n] = stem_of(&name);
	*n += stems[*n].p != NULL;
}

int keep_json_names(struct keep_reading *r, const char *dir,
		    struct keep_slices *stems, struct keep_err *e)
{
	struct keep_names names = {0};
	struct keep_slice *v;
	struct keep_err why = {0};
	size_t i;
	int code;

	keep_see(r->w->seen, r->dir_fd, dir);
	code = keep_dir_list(r->m, r->dir_fd, dir, &names, &why);
	*stems = (struct keep_slices){0};
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code && code != -KEEP_E_NOT_FOUND) {
		keep_problem_why(r->ps, dir, &why);
		return 0;
	}
	v = KEEP_NEWS(r->m, names.n + r->w->drafts.n, struct keep_slice);
	if (!v)
		return keep_no_memory(e);
	stems->v = v;
	for (i = 0; i < names.n; i++) {
		v[stems->n] = stem_of(&names.v[i]);
		stems->n += v[stems->n].p &&
			    !is_drafted(r, dir, names.v[i].name);
	}
	for (i = 0; i < r->w->drafts.n; i++)
		add_draft(dir, &r->w->drafts.v[i], v, &stems->n);
	return 0;
}
