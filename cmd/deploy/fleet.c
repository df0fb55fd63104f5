/* A run of deploy or rollback: its id, its record, its events, its verdict. */
#include <pwd.h>
#include <unistd.h>
#include <keep/text.h>
#include "fleet.h"

static const char *const states[KEEP_NODE_STATES] = {
	"unchanged", "changed", "failed", "rolled_back", "running", "behind",
	"unreachable", "locked", "skipped",
};
const struct keep_names_of keep_node_state_names = {states, KEEP_COUNT(states)};

/* --- who, and which ------------------------------------------------------ */

static struct keep_slice draw_id(struct keep_ctx *c)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint8_t bytes[KEEP_DEPLOY_ID_LEN];
	struct keep_buf b = {.mem = c->mem};
	size_t i;

	keep_ctx_random(c, bytes, sizeof bytes);
	for (i = 0; i < sizeof bytes; i++)
		keep_buf_byte(&b, (uint8_t)letters[bytes[i] %
						   (sizeof letters - 1)]);
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

/* Names may hold what a node's journal does not take. */
static void put_name(struct keep_buf *b, const char *name)
{
	for (; *name; name++)
		keep_buf_byte(b, (*name >= 'a' && *name <= 'z') ||
				 (*name >= 'A' && *name <= 'Z') ||
				 (*name >= '0' && *name <= '9') ||
				 strchr("._-", *name) ? (uint8_t)*name : '_');
}

/* USER@HOST */
static int set_who(struct keep_push *p, struct keep_err *e)
{
	const struct passwd *user = getpwuid(geteuid());
	struct keep_buf b = {.mem = p->c->mem};
	char host[64] = "";

	if (gethostname(host, sizeof host - 1) || !host[0])
		memcpy(host, "localhost", sizeof "localhost");
	put_name(&b, user ? user->pw_name : "keep");
	keep_buf_byte(&b, '@');
	put_name(&b, host);
	p->who = keep_buf_get(&b);
	return keep_buf_check(&b, e);
}

/* --- what happens -------------------------------------------------------- */

/* Nodes that are at work are worth more than the record of it. */
static void note(struct keep_fleet *f, const struct keep_push_node *n,
		 enum keep_deploy_what what)
{
	const char *word = what == KEEP_DEPLOY_STARTED ? "begin" :
			   states[n->state];
	struct keep_slice want = f->push.to;
	struct keep_err why = {0};

	if (n->g)
		want = (struct keep_slice){n->g->id, KEEP_ID_LEN};
	if (f->unrecorded ||
	    !keep_record_add(&f->record, word, n->target->name,
			     want.p ? want : KEEP_S("none"), &why))
		return;
	f->unrecorded = true;
	keep_log(f->push.c->log, KEEP_LOG_ERROR, "%s: what nodes come to is "
		 "not written down for --resume", why.message);
}

static int told(struct keep_push *p, struct keep_push_node *n,
		enum keep_deploy_what what, struct keep_slice text,
		struct keep_err *e)
{
	struct keep_fleet *f = p->user;
	struct keep_deploy_event event = {
		.node = n ? n->target->name : KEEP_S(""), .what = what,
		.has_state = what == KEEP_DEPLOY_STATE,
	};

	if (n && what != KEEP_DEPLOY_OUTPUT)
		note(f, n, what);
	if (!n && !p->rollback)
		text = f->resume;
	if (n)
		event.state = n->state;
	if (text.p)
		event.text = keep_lines_text(p->c->item_mem, text);
	keep_fleet_publish(f, &event);
	keep_fleet_show(f, &event);
	return keep_emit(p->c, &event, e);
}

/* --- the run ------------------------------------------------------------- */

int keep_fleet_begin(struct keep_fleet *f, const char *verb,
		     struct keep_slice id, struct keep_err *e)
{
	struct keep_push *p = &f->push;
	size_t i;
	int rc;

	p->deploy = id.p ? id : draw_id(p->c);
	p->told = told;
	p->user = f;
	f->verb = verb;
	f->resume = keep_mem_print(p->c->mem, "keep %s --resume %.*s", verb,
				   KEEP_F(p->deploy));
	rc = p->deploy.p && f->resume.p ? set_who(p, e) : keep_no_memory(e);
	if (!rc)
		rc = keep_record_begin(p->c, p->deploy, &f->record, e);
	for (i = 0; i < p->n && !rc && !id.p; i++)
		rc = keep_record_add(&f->record, "plan", p->v[i].target->name,
				     p->v[i].g ? keep_slice(p->v[i].g->id) :
						 KEEP_S("none"), e);
	return rc;
}

uint64_t keep_fleet_more_ms(uint64_t script_ms)
{
	return 4 * script_ms + 60000;
}

int keep_fleet_ask(struct keep_ctx *c, bool yes, const char *before,
		   const char *what, struct keep_err *e)
{
	struct keep_slice prompt = keep_mem_print(c->mem, "%s%s", before, what);
	struct keep_slice answer = {0};
	struct keep_err why = {0};

	if (yes)
		return 0;
	if (!prompt.p)
		return keep_no_memory(e);
	if (!c->ask || c->ask(c, KEEP_ASK_YES, prompt.p, &answer, &why)) {
		if (why.code && why.code != KEEP_E_INTERACTIVE) {
			*e = why;
			return -why.code;
		}
		keep_fail(e, KEEP_E_INTERACTIVE, "%s? Nobody can be asked",
			  what);
		return keep_hint(e, "--yes does it");
	}
	if (keep_slice_is(answer, "y") || keep_slice_is(answer, "yes"))
		return 0;
	return keep_fail(e, KEEP_E_CANCELLED, "nothing was done");
}

static int verdict(const struct keep_push *p)
{
	int code = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].state <= KEEP_NODE_CHANGED)
			continue;
		if (p->v[i].state != KEEP_NODE_UNREACHABLE)
			return KEEP_E_PARTIAL;
		code = KEEP_E_UNREACHABLE;
	}
	return code;
}

static int tell(struct keep_fleet *f, struct keep_deploy_result *r,
		struct keep_err *e)
{
	const struct keep_push *p = &f->push;
	struct keep_deploy_node *rows = KEEP_NEWS(p->c->mem, p->n,
						  struct keep_deploy_node);
	size_t i;
	int code = verdict(p);

	if (!code && f->unrecorded)
		code = KEEP_E_IO;
	if (!rows)
		return keep_no_memory(e);
	for (i = 0; i < p->n; i++)
		rows[i] = (struct keep_deploy_node){
			.node = p->v[i].target->name, .state = p->v[i].state,
			.took = p->v[i].took_ms, .id = p->v[i].id,
			.text = p->v[i].text, .more = p->v[i].more};
	r->deploy = p->deploy;
	r->nodes = (struct keep_list){rows, p->n};
	if (code && !p->rollback)
		r->resume = f->resume;
	return code;
}

/* Where nobody could be told any more what was done is remembered. */
static void give_up(struct keep_fleet *f, struct keep_deploy_result *r,
		    struct keep_err *e)
{
	struct keep_push *p = &f->push;
	struct keep_err why;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].begun && !p->v[i].done)
			p->v[i].state = KEEP_NODE_RUNNING;
	if (tell(f, r, &why) >= 0)
		keep_fleet_remember(f, r);
	if (!e->hint[0] && !p->rollback)
		keep_hint(e, "%s", f->resume.p);
}

int keep_fleet_run(struct keep_fleet *f, struct keep_deploy_result *r,
		   struct keep_err *e)
{
	int rc = keep_push_run(&f->push, e);

	if (rc < 0) {
		give_up(f, r, e);
		return rc;
	}
	rc = tell(f, r, e);
	if (rc >= 0)
		keep_fleet_remember(f, r);
	return rc;
}

void keep_fleet_end(struct keep_fleet *f)
{
	keep_record_end(&f->record);
}
