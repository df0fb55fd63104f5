/* The commit that tells of a deploy. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/text.h>
#include "history.h"

enum { TRIES = 50, PAUSE_MS = 20, PUSH_MS = 20000, CANCELLED_MS = 5000 };

/* A record while it is made. */
struct record {
	struct keep_ctx *c;
	const struct keep_git2_api *git;
	struct keep_signer signer;
	struct keep_git2_note note;
	struct keep_past_told *told;
	bool stopped;
};

static int by_name(const void *a, const void *b)
{
	const struct keep_history_node *x = a, *y = b;

	return keep_slice_cmp(x->name, y->name);
}

static int sort(struct keep_mem *m, struct keep_history_row *row,
		struct keep_err *e)
{
	const struct keep_history_node *in = row->nodes.v;
	struct keep_history_node *v = KEEP_NEWS(m, row->nodes.n,
						struct keep_history_node);
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < row->nodes.n; i++)
		v[i] = in[i];
	if (row->nodes.n)
		qsort(v, row->nodes.n, sizeof *v, by_name);
	row->nodes.v = v;
	return 0;
}

static int fill(struct record *r, struct keep_history_row *row,
		struct keep_err *e)
{
	struct keep_mem *m = r->c->mem;
	char host[80] = "localhost";

	if (gethostname(host, sizeof host - 1) != 0)
		snprintf(host, sizeof host, "localhost");
	row->at = keep_now_s(r->c);
	row->user = r->signer.user;
	row->host = keep_text_safe(m, keep_mem_copy(m, keep_slice(host)), 80);
	row->id = (struct keep_slice){0};
	row->is_signed = false;
	return sort(m, row, e);
}

static int describe(struct record *r, const struct keep_history_row *row,
		    struct keep_err *e)
{
	struct keep_mem *m = r->c->mem;
	struct keep_slice ref = keep_mem_print(m, KEEP_GIT2_NOTES "%.*s",
					       KEEP_F(row->user));
	struct keep_slice says = keep_mem_print(
		m, "%.*s: %zu node%s by %.*s@%.*s\n", KEEP_F(row->verb),
		row->nodes.n, row->nodes.n == 1 ? "" : "s", KEEP_F(row->user),
		KEEP_F(row->host));

	r->note = (struct keep_git2_note){
		.ref = ref.p, .file = KEEP_PAST_FILE, .message = says.p,
		.at_unix_s = row->at, .sign = keep_signer_sign,
		.to = &r->signer};
	if (!ref.p || !says.p)
		return keep_no_memory(e);
	return keep_past_write(m, row, &r->note.content, e);
}

/* Two of one user take turns; nobody is waited for longer than a git that
 * writes. */
static int commit(struct record *r, struct keep_err *e)
{
	int dir = keep_fd_get(&r->c->instance), rc, i;
	uint8_t more = 0;

	for (i = 0; i < TRIES; i++) {
		rc = r->git->note(dir, &r->note, r->told->id, e);
		if (rc != -KEEP_E_CONFLICT && rc != -KEEP_E_BUSY)
			return rc;
		keep_ctx_random(r->c, &more, 1);
		keep_ignore(poll(NULL, 0, PAUSE_MS + more % PAUSE_MS),
			    "it is only a pause");
	}
	return keep_hint(e, "when no git runs, remove %s.lock in the git "
			 "directory", r->note.ref);
}

/* What was refused, since the remote has more, is joined by the next deploy:
 * what is there is fetched for it. */
static int push_to(struct record *r, struct keep_ctx *c, const char *remote,
		   struct keep_err *e)
{
	const char *const push[] = {"push", "--porcelain", "--no-verify",
				    remote, r->note.ref, NULL};
	const char *const fetch[] = {"fetch", "--quiet", remote, NULL};
	uint64_t within_ms = c == r->c ? PUSH_MS : CANCELLED_MS;
	int rc = keep_past_run_git(c, push, within_ms, e);

	if (rc != -KEEP_E_CONFLICT)
		return rc;
	keep_ignore(keep_past_run_git(c, fetch, within_ms, NULL),
		    "why it was not pushed is told");
	return keep_fail(e, KEEP_E_CONFLICT, "%s has deploys of %s from "
			 "elsewhere; the next deploy joins them", remote,
			 r->note.ref + strlen(KEEP_GIT2_NOTES));
}

/* Who cancelled the deploy has others know of it yet: what he said is not heard
 * again. */
static int push_anyway(struct record *r, const char *remote,
		       struct keep_err *e)
{
	struct keep_ctx c = *r->c;

	if (!keep_cancelled(&c, NULL))
		return push_to(r, r->c, remote, e);
	c.cancelled = false;
	c.heed = NULL;
	c.deadline_ms = 0;
	if (keep_cancelled(&c, NULL))
		c.cancel_fd_plus_one = 0;
	return push_to(r, &c, remote, e);
}

static int push(struct record *r, struct keep_err *e)
{
	int dir = keep_fd_get(&r->c->instance);
	struct keep_git2_head head = {0};
	struct keep_err why = {0};
	int rc = r->git->head(dir, &head, e);

	if (rc || !head.remote[0])
		return rc;
	rc = r->stopped ? keep_fail(&why, KEEP_E_CANCELLED, "stopped") :
			  r->git->follow(dir, &why);
	if (!rc)
		rc = push_anyway(r, head.remote, &why);
	if (!rc)
		return 0;
	r->told->unpushed = keep_mem_copy(r->c->mem, keep_slice(why.message));
	return r->told->unpushed.p ? 0 : keep_no_memory(e);
}

int keep_past_record(struct keep_ctx *c, struct keep_history_row *what,
		     bool stopped, struct keep_past_told *told,
		     struct keep_err *e)
{
	struct record r = {.c = c, .git = keep_past_git(c, e), .told = told,
			   .stopped = stopped};
	int rc;

	*told = (struct keep_past_told){0};
	if (!r.git)
		return -e->code;
	rc = keep_signer_begin(c, &r.signer, e);
	if (!rc)
		rc = fill(&r, what, e);
	if (!rc)
		rc = describe(&r, what, e);
	if (!rc)
		rc = commit(&r, e);
	if (!rc && !r.signer.key)
		told->unsigned_ = r.signer.why;
	keep_signer_end(&r.signer);
	return rc ? keep_err_at(e, "history") : push(&r, e);
}
