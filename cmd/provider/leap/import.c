/* keep import leap: a provider of leap, or its platform, as one of keep. */
#include <fcntl.h>
#include "../init/place.h"
#include "import.h"

static const char *const kinds[] = {"provider", "platform"};
enum { PROVIDER, PLATFORM };
static const struct keep_names_of kind_names = {kinds, KEEP_COUNT(kinds)};

static const struct keep_field args[] = {
	{KEEP_PATH(struct keep_import_leap_args, src), .source = KEEP_WORD, .meta = "SRC",
	 .required = true, .help = "the provider, or the provider_base of a platform"},
	{KEEP_PATH(struct keep_import_leap_args, dst), .source = KEEP_WORD, .meta = "DST",
	 .required = true, .help = "where; it is made, or is an empty directory"},
	{KEEP_ENUM(struct keep_import_leap_args, as, &kind_names), .dflt = "provider",
	 .help = "what SRC is"},
	{KEEP_PATH(struct keep_import_leap_args, platform),
	 .help = "an imported platform to copy; else the one that came with keep"},
	{KEEP_BOOL(struct keep_import_leap_args, leap_rules),
	 .help = "a scalar over a list is appended, as leap does"},
};
const struct keep_schema keep_import_leap_args_schema =
	KEEP_SCHEMA(struct keep_import_leap_args, args);

static const struct keep_field left[] = {
	{KEEP_TEXT(struct keep_import_left, file), .required = true,
	 .help = "the file of SRC"},
	{KEEP_UINT(struct keep_import_left, line), .required = true,
	 .help = "its line; 0: the whole file"},
	{KEEP_TEXT(struct keep_import_left, original), .help = "what stands there"},
	{KEEP_TEXT(struct keep_import_left, why), .required = true,
	 .help = "why it has no equal"},
};
static const struct keep_schema left_schema =
	KEEP_SCHEMA(struct keep_import_left, left);

static const struct keep_field results[] = {
	{KEEP_TEXT(struct keep_import_leap_result, path), .required = true,
	 .help = "DST"},
	{KEEP_UINT(struct keep_import_leap_result, files), .required = true,
	 .help = "files that were made of those of SRC"},
	{KEEP_UINT(struct keep_import_leap_result, expressions), .required = true,
	 .help = "ruby expressions in SRC"},
	{KEEP_UINT(struct keep_import_leap_result, rewritten), .required = true,
	 .help = "of them, those that are rewritten"},
	{KEEP_STRUCTS(struct keep_import_leap_result, left, struct keep_import_left,
		      left_schema), .required = true, .max_n = KEEP_LEAP_LEFT,
	 .help = "what is left to be mended by hand"},
};
const struct keep_schema keep_import_leap_result_schema =
	KEEP_SCHEMA(struct keep_import_leap_result, results);
const uint16_t keep_import_leap_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_EXISTS, KEEP_E_TOO_LARGE, 0,
};

void keep_import_leap_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_import_leap_result *r = v->result;
	const struct keep_import_left *p = r->left.v;
	size_t i;

	keep_buf_print(out, "%.*s: %u files, %u of %u expressions rewritten\n",
		       KEEP_F(r->path), r->files, r->rewritten,
		       r->expressions);
	if (r->left.n)
		keep_buf_text(out, "Left to be mended by hand:\n");
	for (i = 0; i < r->left.n; i++) {
		keep_buf_print(out, "  %.*s",
			       KEEP_F(keep_text_safe(v->mem, p[i].file, 512)));
		if (p[i].line)
			keep_buf_print(out, ":%u", p[i].line);
		keep_buf_print(out, ": %.*s\n", KEEP_F(p[i].why));
		if (p[i].original.p)
			keep_buf_print(out, "    %.*s\n", KEEP_F(
				       keep_text_safe(v->mem, p[i].original,
						      200)));
	}
}

/* --- SRC ----------------------------------------------------------------- */

static bool is_there(const struct keep_fd *dir, const char *name)
{
	struct stat st;

	return fstatat(keep_fd_get(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int open_source(struct keep_leap *l, struct keep_slice src,
		       struct keep_err *e)
{
	const char *path = keep_mem_copy(l->m, src).p;
	int rc = path ? keep_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0,
				  KEEP_BENEATH, &l->from, e)
		      : keep_no_memory(e);

	if (rc || (is_there(&l->from, "provider.json") &&
		   is_there(&l->from, "common.json")))
		return rc;
	keep_fail(e, KEEP_E_BAD_ARGS, "%s holds no provider.json and "
		  "common.json of leap", path);
	if (is_there(&l->from, "provider_base"))
		keep_hint(e, "import its platform with `--as platform "
			  "%s/provider_base`", path);
	else if (is_there(&l->from, "Keepfile"))
		keep_hint(e, "it is an instance of keep already");
	return -KEEP_E_BAD_ARGS;
}

/* --- DST ----------------------------------------------------------------- */

static int platform(struct keep_ctx *c, struct keep_leap *l,
		    struct keep_slice from, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) dir = {0};
	struct keep_slice path = keep_mem_copy(l->m, from);
	int rc;

	if (!from.p)
		path = keep_mem_print(l->m, "%.*s/platform",
				      KEEP_F(c->run_dir));
	if (!path.p)
		return keep_no_memory(e);
	rc = keep_making_platform(&l->to, path.p, e);
	if (rc || !l->rules)
		return rc;
	rc = keep_open(AT_FDCWD, path.p, O_RDONLY | O_DIRECTORY, 0,
		       KEEP_BENEATH, &dir, e);
	return rc ? rc : keep_leap_platform_lists(l, keep_fd_get(&dir), e);
}

static int import(struct keep_ctx *c, const struct keep_import_leap_args *a,
		  struct keep_leap *l, uint32_t *files, struct keep_err *e)
{
	int rc;

	if (a->as == PLATFORM)
		rc = keep_making_put(&l->to, "platform.json", KEEP_S(
				     "{ \"version\": \"leap\" }\n"), 0666, e);
	else
		rc = platform(c, l, a->platform, e);
	if (!rc && a->as == PROVIDER)
		rc = keep_making_keepfile(&l->to, e);
	l->n_before = l->to.n;
	if (!rc)
		rc = keep_leap_tree(l, e);
	*files = (uint32_t)(l->to.n - l->n_before);
	return rc ? rc : keep_problems_fail(l->ps, e, KEEP_E_BAD_ARGS,
					    "%.*s cannot be imported",
					    KEEP_F(a->src));
}

int keep_import_leap(struct keep_ctx *c, const struct keep_import_leap_args *a,
		     struct keep_import_leap_result *r, struct keep_err *e)
{
	KEEP_AUTO(keep_place) p = {0};
	struct keep_leap l = {
		.m = c->mem, .base = a->as == PLATFORM ? "provider_base/" : "",
		.rules = a->leap_rules, .to = {.m = c->mem},
		.ps = KEEP_NEW(c->mem, struct keep_problems),
		.left = {.mem = c->mem},
	};
	int rc;

	if (!l.ps)
		return keep_no_memory(e);
	l.ps->mem = c->mem;
	if (a->as == PLATFORM && a->platform.p)
		return keep_fail(e, KEEP_E_BAD_ARGS, "platform: a platform "
				 "has none itself");
	rc = open_source(&l, a->src, e);
	if (!rc)
		rc = keep_place_open_empty(c->mem, a->dst, &p, &l.to.root, e);
	if (!rc)
		rc = import(c, a, &l, &r->files, e);
	if (!rc)
		rc = keep_place_settle(c->mem, &p, e);
	keep_fd_end(&l.from);
	keep_fd_end(&l.to.root);
	if (rc)
		return rc;
	r->path = p.path;
	r->expressions = l.expressions;
	r->rewritten = l.rewritten;
	r->left = (struct keep_list){keep_buf_get(&l.left).p,
				     l.left.len /
				     sizeof(struct keep_import_left)};
	return 0;
}
