/* keep init: a provider instance that works. */
#include <keep/cli.h>
#include <keep/git2.h>
#include "../instance/instance.h"
#include "place.h"

static const struct keep_field args[] = {
	{KEEP_PATH(struct keep_init_args, dir), .source = KEEP_WORD, .meta = "DIR",
	 .required = true, .help = "where; it is made, or holds nothing of these names"},
	{KEEP_TEXT(struct keep_init_args, name), .min = 1, .max = 200,
	 .help = "the provider's name; else DIR's last part"},
	{KEEP_TEXT(struct keep_init_args, domain), .dflt = "example.org", .max = 253,
	 .help = "the provider's domain"},
	{KEEP_PATH(struct keep_init_args, platform),
	 .help = "a platform to copy; else the one that came with keep"},
	{KEEP_BOOL(struct keep_init_args, no_commit),
	 .help = "leave git alone"},
};
const struct keep_schema keep_init_args_schema =
	KEEP_SCHEMA(struct keep_init_args, args);

static const struct keep_field result[] = {
	{KEEP_TEXT(struct keep_init_result, path), .required = true,
	 .help = "the instance"},
	{KEEP_TEXT(struct keep_init_result, commit), .help = "the first commit"},
	{KEEP_TEXTS(struct keep_init_result, next), .required = true,
	 .help = "three commands to go on with, for sh"},
};
const struct keep_schema keep_init_result_schema =
	KEEP_SCHEMA(struct keep_init_result, result);

void keep_init_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_init_result *r = v->result;
	size_t i;

	keep_buf_print(out, "%.*s is a provider instance now. Go on with\n",
		       KEEP_F(r->path));
	for (i = 0; i < r->next.n; i++)
		keep_buf_print(out, "  %.*s\n", KEEP_F(r->next.v[i]));
}

/* The last part of a path without slashes at its end. */
static struct keep_slice last_part(struct keep_slice path)
{
	size_t at = path.len;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return (struct keep_slice){path.p + at, path.len - at};
}

static int make_files(struct keep_ctx *c, const struct keep_init_args *a,
		      const struct keep_place *p, struct keep_making *k,
		      struct keep_err *e)
{
	struct keep_slice from = keep_mem_copy(c->mem, a->platform);
	struct keep_slice name = a->name.p ? a->name : last_part(p->path);
	int rc;

	if (!a->platform.p)
		from = keep_mem_print(c->mem, "%.*s/platform",
				      KEEP_F(c->run_dir));
	if (!from.p)
		return keep_no_memory(e);
	rc = keep_making_platform(k, from.p, e);
	if (!rc)
		rc = keep_making_instance(k, name, a->domain, e);
	return rc;
}

static int commit(struct keep_ctx *c, const struct keep_making *k, int dir_fd,
		  struct keep_slice *id, struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		c->run_dir, KEEP_S("git2"), "keep_git2_api", e);
	struct keep_git2_commit what = {
		.paths = {k->v, k->n},
		.message = "keep init: the provider begins\n",
		.at_unix_s = keep_now_s(c),
	};
	char hex[65];
	int rc;

	if (!git)
		return e ? -e->code : -KEEP_E_NOT_FOUND;
	rc = git->commit(dir_fd, &what, hex, e);
	if (rc)
		return rc;
	keep_ignore(git->follow(dir_fd, NULL), "the first deploy does it, too");
	*id = keep_mem_copy(c->mem, keep_slice(hex));
	return id->p ? 0 : keep_no_memory(e);
}

/* A repository that is made moves with the files; in one that is there already
 * the commit comes last, and when it fails the files go again. */
static int finish(struct keep_ctx *c, const struct keep_init_args *a,
		  struct keep_place *p, const struct keep_making *k,
		  struct keep_slice *id, struct keep_err *e)
{
	int rc = 0;

	if (!a->no_commit && !p->had_git)
		rc = commit(c, k, keep_fd_get(&k->root), id, e);
	if (!rc)
		rc = keep_place_settle(c->mem, p, e);
	if (rc || a->no_commit || !p->had_git)
		return rc;
	rc = commit(c, k, keep_fd_get(&p->base), id, e);
	if (rc)
		keep_place_unsettle(p, e);
	return rc;
}

static int tell(struct keep_ctx *c, const struct keep_place *p,
		struct keep_init_result *r, struct keep_err *e)
{
	struct keep_slice *next = KEEP_NEWS(c->mem, 3, struct keep_slice);
	struct keep_slice dir = keep_shell_word(c->mem, p->path);

	if (!next || !dir.p)
		return keep_no_memory(e);
	next[0] = keep_mem_print(c->mem, "cd %.*s", KEEP_F(dir));
	if (!next[0].p)
		return keep_no_memory(e);
	next[1] = KEEP_S("keep node add web1 ip_address=192.0.2.10 "
			 "services=web tags=production");
	next[2] = KEEP_S("keep compile");
	r->path = p->path;
	r->next = (struct keep_slices){next, 3};
	return 0;
}

int keep_init(struct keep_ctx *c, const struct keep_init_args *a,
	      struct keep_init_result *r, struct keep_err *e)
{
	KEEP_AUTO(keep_place) p = {0};
	struct keep_making k = {.m = c->mem};
	int rc;

	if (!keep_domain_ok(a->domain))
		return keep_fail(e, KEEP_E_BAD_ARGS, "domain: '%.*s' is no "
				 "domain name", KEEP_F(a->domain));
	rc = keep_place_open(c->mem, a->dir, &p, &k.root, e);
	if (!rc)
		rc = make_files(c, a, &p, &k, e);
	if (!rc)
		rc = finish(c, a, &p, &k, &r->commit, e);
	keep_fd_end(&k.root);
	return rc ? rc : tell(c, &p, r, e);
}
