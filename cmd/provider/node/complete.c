/* What a word of a node's verb could become. Names come from directories, so
 * that a large or broken instance answers as fast. */
#include "node.h"

enum { PATIENCE = 256 }; /* names between two looks at the clock */

struct offering {
	struct keep_ctx *c;
	struct keep_completions *out;
	struct keep_slice before; /* what each offered word begins with */
	const char *after;        /* and ends with */
};

static int offer(const struct offering *o, struct keep_slice word,
		 const char *help)
{
	struct keep_slice all = keep_mem_print(o->c->mem, "%.*s%.*s%s",
					       KEEP_F(o->before), KEEP_F(word),
					       o->after ? o->after : "");

	return all.p ? keep_complete_offer(o->out, all, keep_slice(help)) :
		       -KEEP_E_NO_MEMORY;
}

/* "web.json" and "web.production.json" are both of "web". */
static int offer_dir(const struct offering *o, const char *dir,
		     const char *help)
{
	struct keep_names names = {0};
	struct keep_slice last = {0}, stem;
	const char *dot;
	size_t i;
	int code;

	code = keep_dir_list(o->c->mem, keep_fd_get(&o->c->instance), dir,
			     &names, NULL);
	for (i = 0; i < names.n && !code; i++) {
		stem = names.v[i].name;
		dot = memchr(stem.p, '.', stem.len);
		stem.len = dot ? (size_t)(dot - stem.p) : 0;
		if (stem.len && !(last.p && keep_slice_eq(stem, last)))
			code = offer(o, stem, help);
		if (!code && i % PATIENCE == PATIENCE - 1)
			code = keep_cancelled(o->c, NULL);
		last = stem;
	}
	return code == -KEEP_E_NOT_FOUND ? 0 : code;
}

/* Of the platform, when it lies in the instance, and of the instance. */
static int offer_objects(const struct offering *o, const char *dir,
			 const char *help)
{
	struct keep_problems ps = {.mem = o->c->mem};
	const struct keep_json *path;
	struct keep_slice base;
	struct keep_json file = {0};
	int code = keep_instance_json(o->c->mem,
				      keep_fd_get(&o->c->instance), "Keepfile",
				      &ps, &file, NULL);

	path = code ? NULL : keep_json_at(&file, KEEP_S("platform.path"));
	if (path && path->type == KEEP_JSON_TEXT) {
		base = keep_mem_print(o->c->mem, "%.*s/provider_base/%s",
				      KEEP_F(keep_json_text(path)), dir);
		code = base.p ? offer_dir(o, base.p, help) :
				-KEEP_E_NO_MEMORY;
	}
	return code ? code : offer_dir(o, dir, help);
}

int keep_complete_node(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out)
{
	const struct offering o = {.c = c, .out = out};

	(void)prefix;
	return offer_dir(&o, "nodes", "node");
}

int keep_complete_filter(struct keep_ctx *c, struct keep_slice prefix,
			 struct keep_completions *out)
{
	struct offering o = {.c = c, .out = out};
	int code;

	if (prefix.len && prefix.p[0] == '+')
		o.before = KEEP_S("+");
	else if (keep_slice_starts(prefix, "not:"))
		o.before = KEEP_S("not:");
	code = offer(&o, KEEP_S("all"), "every node");
	if (!code)
		code = offer_dir(&o, "nodes", "node");
	if (!code)
		code = offer_objects(&o, "services", "service");
	return code ? code : offer_objects(&o, "tags", "tag");
}

static int offer_paths(const struct offering *o)
{
	size_t i;
	int code = 0;

	for (i = 0; i < keep_n_properties && !code; i++)
		code = offer(o, keep_slice(keep_properties[i].path),
			     keep_properties[i].help);
	return code;
}

/* PREFIX up to its last comma, which stays. */
static struct keep_slice before_last(struct keep_slice prefix)
{
	while (prefix.len && prefix.p[prefix.len - 1] != ',')
		prefix.len--;
	return prefix;
}

int keep_complete_path(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out)
{
	const struct offering o = {c, out, before_last(prefix), NULL};

	return offer_paths(&o);
}

static int offer_values(const struct offering *o,
			const struct keep_property *row)
{
	const char *p = keep_slice_is(keep_slice(row->type), "bool") ?
			"true|false" : row->values;
	int code = 0;

	if (!strcmp(row->path, "services") || !strcmp(row->path, "tags"))
		return offer_objects(o, row->path, NULL);
	while (p && *p && !code) {
		struct keep_slice one = {p, strcspn(p, "|")};

		code = offer(o, one, NULL);
		p += one.len + (p[one.len] == '|');
	}
	return code;
}

int keep_complete_value(struct keep_ctx *c, struct keep_slice prefix,
			struct keep_completions *out)
{
	struct offering o = {.c = c, .out = out};
	const struct keep_property *row;
	size_t len = keep_json_path_end(prefix, '=');

	if (len == prefix.len) {
		o.after = "=";
		return offer_paths(&o);
	}
	row = keep_property_find((struct keep_slice){prefix.p, len});
	o.before = before_last(prefix);
	if (!o.before.len)
		o.before = (struct keep_slice){prefix.p, len + 1};
	return row ? offer_values(&o, row) : 0;
}
