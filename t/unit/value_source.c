/* Another source of values than secrets.dev.json, which the session holds. */
/* uses: provider */
#include "../../cmd/provider/value_source.h"
#include "site.h"

/* A shelf that others fill: what it has, and what was asked of it. */
struct shelf {
	struct keep_secret_id has[4];
	size_t n;
	struct keep_buf log;
	int list_fails, make_fails;
};

static int list(struct keep_ctx *c, struct keep_secret_ids *known,
		struct keep_err *e)
{
	struct shelf *s = c->user;
	size_t i;
	int rc = s->list_fails ? keep_fail(e, s->list_fails, "the shelf is "
					   "locked") : 0;

	keep_buf_text(&s->log, "list;");
	for (i = 0; i < s->n && !rc; i++)
		rc = keep_secret_ids_add(known, s->has[i], e);
	return rc;
}

static int make(struct keep_ctx *c, const struct keep_secret_ids *new,
		struct keep_err *e)
{
	struct shelf *s = c->user;
	size_t i;

	keep_buf_text(&s->log, "make");
	for (i = 0; i < new->n; i++)
		keep_buf_print(&s->log, " %.*s/%.*s", KEEP_F(new->v[i].env),
			       KEEP_F(new->v[i].name));
	keep_buf_text(&s->log, ";");
	if (s->make_fails)
		return keep_fail(e, s->make_fails, "the shelf is full");
	return 0;
}

static int open_none(struct keep_ctx *c, struct keep_mem *locked,
		     const struct keep_secret_ids *ids,
		     struct keep_slice *values, struct keep_err *e)
{
	(void)c, (void)locked, (void)ids, (void)values;
	return keep_fail(e, KEEP_E_DENIED, "nobody opens the shelf");
}

static const struct keep_value_source source = {
	.name = "the shelf", .list = list, .make = make, .open = open_none,
};

/* An instance, one of whose nodes wants the secret "db" of production. */
struct room {
	struct site site;
	struct keep_session session;
	struct shelf shelf;
};

static void begin(struct room *r)
{
	struct keep_err e;

	*r = (struct room){0};
	need(site_begin(&r->site));
	r->shelf.log.mem = &r->site.mem;
	r->site.c.user = &r->shelf;
	r->site.c.session = &r->session;
	need(!keep_session_put(&r->session, keep_value_source_key,
			       (void *)(uintptr_t)&source, NULL, &e));
}

static void end(struct room *r)
{
	keep_session_end(&r->session);
	site_end(&r->site);
}

static struct keep_slice asked(struct room *r)
{
	struct keep_slice log = keep_mem_copy(&r->site.mem,
					      keep_buf_get(&r->shelf.log));

	r->shelf.log.len = 0;
	return log;
}

static bool is_made(struct room *r, const char *path)
{
	return !is_empty(look(&r->site, path));
}

static void test_make(void)
{
	struct room r;

	begin(&r);
	is_int(compile(&r.site), 0, "a compile takes the session's source");
	is_text(joined(&r.site, r.site.r.secrets), "production/db",
		"what it makes is told as ever");
	is_text(asked(&r), "list;make production/db;",
		"it is asked what there is, then for all that is new at once");
	ok(!is_made(&r, "secrets.dev.json"), "no file of values is made");
	ok(strstr(text(&r.site, "compiled/b.json").p, "<secret db>") != NULL,
	   "the output names the secret");
	end(&r);
}

static void test_has(void)
{
	struct room r;

	begin(&r);
	put(&r.site, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"pw\": \"= [secret('all'), secret('own')]\"}");
	r.shelf.has[0] = (struct keep_secret_id){KEEP_S("production"),
						 KEEP_S("db")};
	r.shelf.has[1] = (struct keep_secret_id){KEEP_S("default"),
						 KEEP_S("all")};
	r.shelf.n = 2;
	is_int(compile(&r.site), 0, "it may have some");
	is_text(asked(&r), "list;make default/own;",
		"then only the others are made");
	r.shelf.has[2] = (struct keep_secret_id){KEEP_S("default"),
						 KEEP_S("own")};
	r.shelf.n = 3;
	is_int(compile(&r.site), 0, "it may have all");
	is_text(asked(&r), "list;", "then none is made");
	is_int(r.site.r.secrets.n, 0, "and none is told");
	end(&r);
}

static void test_faults(void)
{
	struct room r;

	begin(&r);
	r.shelf.list_fails = KEEP_E_NO_AGENT;
	is_int(compile(&r.site), -KEEP_E_NO_AGENT,
	       "where it cannot tell what it has, nothing is compiled");
	is_text(keep_slice(r.site.e.message), "the shelf is locked",
		"its reason is told");
	is_text(asked(&r), "list;", "it is asked once");
	r.shelf.list_fails = 0;
	r.shelf.make_fails = KEEP_E_IO;
	is_int(compile(&r.site), -KEEP_E_IO, "the same where it makes none");
	is_text(keep_slice(r.site.e.message), "the shelf is full",
		"whose reason is told, too");
	ok(!is_made(&r, "compiled"), "no output is left of these");
	ok(!is_made(&r, "secrets.dev.json"),
	   "and the file does not step in for it");
	end(&r);
}

static void test_frozen(void)
{
	struct room r;

	begin(&r);
	is_int(compile_with(&r.site, (struct keep_compile_args){
				    .frozen = true}), -KEEP_E_BAD_ARGS,
	       "a frozen compile refuses what it does not have");
	is_text(asked(&r), "list;", "and asks for none");
	end(&r);
}

int main(void)
{
	test_make();
	test_has();
	test_faults();
	test_frozen();
	return done();
}
