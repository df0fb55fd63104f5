/* What a connection keeps of its instance from one call to the next. */
/* uses: provider */
#include <malloc.h>
#include "../../cmd/provider/kept.h"
#include "site.h"

/* A connection whose clock is an hour ahead, so that its instance is old. */
struct room {
	struct site site;
	struct keep_session session;
	struct keep_mem calls[2]; /* of this call and of the one before */
	int turn, code;
	struct keep_world w;
	struct keep_problems ps, warnings;
	struct keep_err e;
};

static uint64_t now(struct keep_ctx *c)
{
	(void)c;
	return ((uint64_t)time(NULL) + 3600) * 1000;
}

static void begin(struct room *r)
{
	*r = (struct room){0};
	need(site_begin(&r->site));
	r->site.c.session = &r->session;
	r->site.c.now_ms = now;
	r->site.c.caller.transport = KEEP_SOCKET;
}

static void end(struct room *r)
{
	keep_mem_end(&r->calls[0]);
	keep_mem_end(&r->calls[1]);
	keep_session_end(&r->session);
	site_end(&r->site);
}

/* A call: the nodes that it sees. */
static const struct keep_node *call(struct room *r)
{
	struct keep_mem *mem = &r->calls[r->turn ^= 1];

	keep_mem_end(mem);
	r->site.c.mem = mem;
	r->w = (struct keep_world){0};
	r->ps = r->warnings = (struct keep_problems){.mem = mem};
	r->e = (struct keep_err){0};
	r->code = keep_provider_kept(&r->site.c, &r->w, &r->ps, &r->warnings,
				 &r->e);
	return r->w.nodes;
}

/* "NAME/ENVIRONMENT ..., platform VERSION" as the next call sees it. */
static struct keep_slice seen(struct room *r)
{
	struct keep_buf b = {.mem = &r->site.mem};
	struct keep_slice version;
	size_t i;

	call(r);
	for (i = 0; i < r->w.n_nodes; i++)
		keep_buf_print(&b, "%.*s/%.*s ", KEEP_F(r->w.nodes[i].name),
			       KEEP_F(r->w.nodes[i].env->name));
	version = keep_json_text(keep_json_at(&r->w.platform,
					      KEEP_S("version")));
	keep_buf_print(&b, "on %.*s", KEEP_F(version));
	return keep_buf_get(&b);
}

static void test_kept(void)
{
	static const struct timespec old[2] = {{1000, 0}, {1000, 0}};
	struct room r;
	const struct keep_node *first;

	begin(&r);
	first = call(&r);
	is_int(r.code, 0, "an instance is read");
	ok(first != NULL && call(&r) == first && call(&r) == first,
	   "the calls that follow take what the first one read");
	ok(r.w.mem == r.site.c.mem && r.w.seen == NULL,
	   "what they add is theirs");
	ok(utimensat(keep_fd_get(&r.site.c.instance), "nodes/a.json", old,
		     0) == 0 && call(&r) != first,
	   "a file that was only touched is read anew");
	first = call(&r);
	put(&r.site, "files/motd", "bye");
	ok(call(&r) == first, "files that are no part of it may change");
	end(&r);
}

static void test_not_kept(void)
{
	struct room r;
	const struct keep_node *first;

	begin(&r);
	r.site.c.caller.transport = KEEP_SHELL;
	first = call(&r);
	ok(first != call(&r) && !r.session.slots, "a shell keeps nothing");
	r.site.c.caller.transport = KEEP_SOCKET;
	r.site.c.now_ms = NULL;
	first = call(&r);
	ok(first != call(&r),
	   "what was written a moment ago may change without a trace");
	r.site.c.session = NULL;
	call(&r);
	is_int(r.code, 0, "without a session it is read as ever");
	end(&r);
}

static void test_changes(void)
{
	static const struct {
		const char *path, *text, *seen, *title;
	} t[] = {
		{"nodes/a.json", "{\"tags\": \"staging\"}",
		 "a/staging b/production on 0.3", "an edit"},
		{"nodes/c.json", "{}", "a/staging b/production c/default on 0.3",
		 "a new node"},
		{"nodes/b.json", NULL, "a/staging c/default on 0.3",
		 "a node that is gone"},
		{"tags/staging.json", "{\"environment\": \"stage\"}",
		 "a/stage c/default on 0.3", "another environment of a tag"},
		{"platform/platform.json", "{\"version\": \"0.4\"}",
		 "a/stage c/default on 0.4", "another file of the platform"},
		{"platform/platform.json", NULL, "a/stage c/default on ",
		 "a file less of it"},
		{"platform/platform.json", "{\"version\": \"0.5\"}",
		 "a/stage c/default on 0.5", "and one more"},
		{"other/platform.json", "{\"version\": \"7\"}",
		 "a/stage c/default on 0.5", "nothing of what is not read"},
		{"Keepfile", "{\"platform\": {\"path\": \"other\"}}",
		 "a/stage c/default on 7", "another platform in the Keepfile"},
		{"tags/production.json", ">staging.json",
		 "a/stage c/default on 7", "a link in the place of a file"},
		{"nodes/d.json", ">../elsewhere/d.json", "", "a link astray"},
		{"elsewhere/d.json", "{\"tags\": \"production\"}",
		 "a/stage c/default d/stage on 7", "what it led to at last"},
	};
	struct room r;
	size_t i;

	begin(&r);
	put(&r.site, "nodes/a-b.json", NULL);
	put(&r.site, "nodes/c.json", NULL);
	put(&r.site, "nodes/a.json", "{}");
	put(&r.site, "platform/provider_base/common.json", "{}");
	is_text(seen(&r), "a/default b/production on 0.3", "the nodes");
	for (i = 0; i < KEEP_COUNT(t); i++) {
		put(&r.site, t[i].path, t[i].text);
		if (t[i].seen[0])
			is_text(seen(&r), t[i].seen, "the next call sees %s",
				t[i].title);
		else
			ok(call(&r) && r.code == -KEEP_E_BAD_ARGS,
			   "the next call fails for %s", t[i].title);
	}
	end(&r);
}

static void test_faults(void)
{
	struct room r;
	const struct keep_node *first;

	begin(&r);
	put(&r.site, "nodes/b.json", "{\"ip_address\": ");
	first = call(&r);
	ok(r.code == -KEEP_E_BAD_ARGS && r.ps.total == 1, "a fault is told");
	ok(call(&r) != first && r.code == -KEEP_E_BAD_ARGS && r.ps.total == 1,
	   "it is told again, since nothing is kept");
	put(&r.site, "nodes/b.json", "{\"ip_address\": \"10.0.0.3\", "
	    "\"nonsens\": 1}");
	first = call(&r);
	is_int(r.code, 0, "what was mended is good");
	ok(call(&r) == first, "it is kept");
	is_int((int)r.warnings.total, 1, "a warning is told each time");
	end(&r);
}

static void test_memory(void)
{
	struct room r;
	struct mallinfo2 before = {0}, after;
	char node[64];
	int i;

	begin(&r);
	for (i = 0; i < 600; i++) {
		if (i == 20)
			before = mallinfo2();
		snprintf(node, sizeof node, "{\"ip_address\": \"10.0.%d.%d\"}",
			 i / 200, 10 + i % 200);
		if (i % 3 == 0)
			put(&r.site, "nodes/b.json", node);
		call(&r);
	}
	after = mallinfo2();
	ok(r.code == 0 && after.uordblks < before.uordblks + 4096,
	   "two hundred changes leave nothing behind");
	end(&r);
}

static void test_no_memory(void)
{
	struct room r;
	size_t limit;

	begin(&r);
	call(&r);
	r.code = -KEEP_E_NO_MEMORY;
	for (limit = 64; r.code == -KEEP_E_NO_MEMORY; limit += 512) {
		put(&r.site, "nodes/b.json", "{\"ip_address\": \"10.0.0.3\"}");
		r.calls[0].limit = r.calls[1].limit = limit;
		call(&r);
	}
	is_int(r.code, 0, "without memory that is said, until there is some");
	ok(limit > 4096, "which took more than nothing");
	end(&r);
}

int main(void)
{
	test_kept();
	test_not_kept();
	test_changes();
	test_faults();
	test_memory();
	test_no_memory();
	return done();
}
