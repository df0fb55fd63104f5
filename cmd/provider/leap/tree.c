/* What of a leap instance goes where. */
#include <dirent.h>
#include "import.h"

/* Node seeds of `leap node add`. */
static int seeds(struct keep_leap *l, const char *path, struct keep_err *e)
{
	return keep_leap_left_file(l, keep_slice(path), "seeds for `leap node "
				   "add`; keep writes what it is given", e);
}

static int nothing(struct keep_leap *l, const char *path, struct keep_err *e)
{
	(void)l, (void)path, (void)e;
	return 0;
}

static int clouds(struct keep_leap *l, const char *path, struct keep_err *e)
{
	return keep_leap_left_file(l, keep_slice(path), "credentials of a "
				   "cloud; keep makes no machines", e);
}

/* What stands in the root beside the files that layers.c takes. */
static const struct {
	const char *name;
	int (*import)(struct keep_leap *l, const char *path,
		      struct keep_err *e);
	bool is_dir;
} places[] = {
	{"services", nothing, true},
	{"tags", nothing, true},
	{"nodes", nothing, true},
	{"hiera", nothing, true}, /* output */
	{"test", nothing, true},  /* output */
	{"users", keep_leap_users, true},
	{"files", keep_leap_files, true},
	{"templates", seeds, true},
	{"facts.json", keep_leap_facts, false},
	{"secrets.json", keep_leap_secrets, false},
	{"Leapfile", keep_leap_leapfile, false},
	{"cloud.json", clouds, false},
};

static bool is_layer(struct keep_slice name)
{
	return keep_leap_ends(name, ".json") &&
	       (keep_slice_starts(name, "provider.") ||
		keep_slice_starts(name, "common."));
}

static int other(struct keep_leap *l, struct keep_slice name,
		 struct keep_err *e)
{
	if (keep_slice_starts(name, ".") || keep_slice_starts(name, "README"))
		return 0;
	return keep_leap_left_other(l, name, e);
}

static int entry(struct keep_leap *l, const struct keep_name *n,
		 struct keep_err *e)
{
	size_t i;

	if (is_layer(n->name))
		return 0;
	for (i = 0; i < KEEP_COUNT(places); i++)
		if (keep_slice_is(n->name, places[i].name) &&
		    places[i].is_dir == (n->type == DT_DIR))
			return places[i].import(l, places[i].name, e);
	return other(l, n->name, e);
}

int keep_leap_tree(struct keep_leap *l, struct keep_err *e)
{
	struct keep_names names;
	size_t i;
	int rc = keep_leap_layers(l, e);

	if (!rc)
		rc = keep_leap_list(l, ".", &names, e);
	for (i = 0; !rc && i < names.n; i++)
		rc = entry(l, &names.v[i], e);
	return rc;
}
