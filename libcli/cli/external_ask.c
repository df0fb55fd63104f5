/* What an external command is: it is asked with --keep-describe. */
#include <sys/wait.h>
#include "external.h"

enum {
	ASK_MS = 2000,
	ITEM_MAX = 256 << 10, /* bytes of a description */
};

const char keep_externals_key[] = "externals";

bool keep_external_is(const struct keep_suite *s, struct keep_slice name)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice file;

	return !keep_suite_command(s, name) &&
	       keep_external_find(s, name, &file, &m);
}

static int took(struct keep_outside *o, int fd, struct keep_slice bytes,
		struct keep_err *e)
{
	struct keep_buf *item = o->user;

	if (fd == 2)
		return 0;
	if (bytes.len > ITEM_MAX - item->len)
		return keep_fail(e, KEEP_E_TOO_LARGE, "the description is "
				 "over %d bytes", ITEM_MAX);
	keep_buf_slice(item, bytes);
	return keep_buf_check(item, e);
}

/* What it wrote, when it ended well and in time; else why not. */
static int ask(struct keep_ctx *c, const char *file, struct keep_buf *item,
	       struct keep_err *e)
{
	const char *const argv[] = {file, "--keep-describe", NULL};
	struct keep_ctx in_time = *c;
	uint64_t due_ms = keep_now_ms(c) + ASK_MS;
	struct keep_outside o = {.c = &in_time, .argv = argv, .took = took,
				 .user = item};
	int rc;

	if (!c->deadline_ms || c->deadline_ms > due_ms)
		in_time.deadline_ms = due_ms;
	rc = keep_outside_run(&o, e);
	if (rc)
		return rc;
	return WIFEXITED(o.status) && WEXITSTATUS(o.status) == 0 ? 0 :
	       keep_fail(e, KEEP_E_NOT_FOUND, "it describes nothing");
}

static bool names_it(const struct keep_described_verb *d,
		     struct keep_slice name)
{
	return d->path.n == 1 && keep_slice_eq(d->path.v[0], name);
}

static int check(struct keep_ctx *c, struct keep_external *x,
		 const struct keep_buf *item, struct keep_err *e)
{
	if (keep_described_get(c->mem, keep_buf_get(item), &x->verb, e))
		return -e->code;
	if (!names_it(&x->verb, x->name))
		return keep_fail(e, KEEP_E_BAD_FRAME, "it describes another "
				 "verb");
	if (keep_described_row(c->mem, &x->verb, &x->row, e))
		return -e->code;
	x->verb.flags |= KEEP_V_EXTERNAL;
	x->row.flags |= KEEP_V_EXTERNAL | KEEP_V_RUNS;
	x->speaks = true;
	return 0;
}

/* As what it is taken that does not describe itself. */
static int set_plain(struct keep_ctx *c, struct keep_external *x,
		     struct keep_err *e)
{
	x->row = keep_words_verb;
	x->row.path = keep_mem_copy(c->mem, x->name).p;
	if (!x->row.path)
		return keep_no_memory(e);
	return keep_describe_verb(c->mem, &x->row, &x->verb, e);
}

int keep_external_open(struct keep_ctx *c, const struct keep_suite *s,
		       struct keep_slice name, struct keep_external *out,
		       struct keep_err *e)
{
	struct keep_buf item = {.mem = c->mem};
	struct keep_slice file;
	struct keep_err why = {0};
	int rc;

	if (!keep_external_find(s, name, &file, c->mem))
		return keep_external_unknown(s, name, e);
	*out = (struct keep_external){.name = keep_mem_copy(c->mem, name),
				      .file = file.p};
	if (!out->name.p || !file.p)
		return keep_no_memory(e);
	rc = ask(c, out->file, &item, &why);
	if (!rc)
		rc = check(c, out, &item, &why);
	if (keep_cancelled(c, e))
		return -e->code;
	if (rc && rc != -KEEP_E_NOT_FOUND)
		keep_log(c->log, KEEP_LOG_WARNING, "keep-%.*s is taken as a "
			 "plain program: %s", KEEP_F(name), why.message);
	return rc ? set_plain(c, out, e) : 0;
}

int keep_describe_externals(struct keep_ctx *c, struct keep_slice name,
			    struct keep_buf *verbs, struct keep_err *e)
{
	const struct keep_suite *s = keep_session_get(c->session,
						      keep_suite_key);
	const struct keep_externals *all =
		keep_session_get(c->session, keep_externals_key);
	struct keep_external x;
	size_t i;

	for (i = 0; all && i < all->n; i++)
		if (!name.len || keep_slice_eq(all->v[i].name, name))
			keep_buf_put(verbs, &all->v[i].verb,
				     sizeof all->v[i].verb);
	if (!verbs->len && c->caller.transport != KEEP_SOCKET &&
	    keep_external_is(s, name)) {
		if (keep_external_open(c, s, name, &x, e))
			return -e->code;
		keep_buf_put(verbs, &x.verb, sizeof x.verb);
	}
	return keep_buf_check(verbs, e);
}

int keep_external_call(struct keep_ctx *c, const struct keep_external *x,
		       const struct keep_verb_call *call, uint32_t max,
		       struct keep_buf *out, struct keep_err *e)
{
	return (x->speaks ? keep_external_frames : keep_external_words)(
		c, x, call, max ? max : KEEP_FRAME_MAX, out, e);
}
