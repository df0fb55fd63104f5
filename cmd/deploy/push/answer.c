/* What the end of an exec means for the node. */
#include <keep/text.h>
#include "../past.h"
#include "push.h"

enum {
	NEEDS_MAX = 5,  /* others may deploy to it in between */
	LOSSES_MAX = 5,
	FIRST_WAIT_MS = 1000,
	KILLED = 128, /* the least status of who was */
};

static struct keep_slice print(struct keep_push_node *n, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
static struct keep_slice print(struct keep_push_node *n, const char *fmt, ...)
{
	struct keep_slice s;
	va_list ap;

	va_start(ap, fmt);
	s = keep_mem_vprint(&n->mem, fmt, ap);
	va_end(ap);
	return s.p ? s : KEEP_S("?");
}

static struct keep_slice safe(struct keep_push_node *n, struct keep_slice s)
{
	return keep_text_safe(&n->mem, s, 400);
}

static struct keep_slice copy(struct keep_push_node *n, struct keep_slice s)
{
	struct keep_slice own = keep_mem_copy(n->push->c->mem, s);

	return own.p ? own : (struct keep_slice){0};
}

/* What is not written down is asked for next time. */
static void remember(struct keep_push_node *n, const struct keep_known *k)
{
	struct keep_err why;

	keep_ignore(keep_known_put(n->push->c, n->target->name, k, &why),
		    "it is only known");
}

static void has_ours(struct keep_push_node *n)
{
	const struct keep_push *p = n->push;
	struct keep_known k = {p->commit, p->commit, keep_now_s(p->c), {0}};
	struct keep_err why;

	n->id = keep_slice(n->g->id);
	if (keep_slice_eq(n->base.id, n->id) || keep_push_whole(n, &why))
		return;
	k.id = n->id;
	k.manifest = n->g->manifest;
	remember(n, &k);
}

/* --- another base than ours ---------------------------------------------- */

static int behind(struct keep_push_node *n, struct keep_err *e)
{
	const struct keep_talk *t = &n->talk;
	struct keep_buf ago = {.mem = &n->mem};

	keep_time_relative(&ago, t->at_unix_s, keep_now_s(n->push->c));
	return keep_push_done(n, KEEP_NODE_BEHIND, print(n, "carries %.*s by "
			      "%.*s, %.*s, which your HEAD lacks: git pull",
			      KEEP_F(safe(n, (struct keep_slice){
				      t->commit.p,
				      t->commit.len < 7 ? t->commit.len : 7})),
			      KEEP_F(safe(n, t->who)),
			      KEEP_F(keep_buf_get(&ago))), e);
}

/* What git cannot tell is taken to be behind. */
static bool lacks(struct keep_push *p, struct keep_slice commit)
{
	struct keep_err why;
	bool is = false;

	return keep_past_behind(p->c, commit, &is, &why) || is;
}

/* Most nodes carry the same commit: git is asked once for it. */
bool keep_push_lacks(struct keep_push_node *n, struct keep_slice commit)
{
	struct keep_push *p = n->push;

	if (p->downgrade || p->rollback || !commit.len)
		return false;
	if (commit.len >= sizeof p->asked)
		return lacks(p, commit);
	if (!keep_slice_is(commit, p->asked)) {
		p->lacks = lacks(p, commit);
		memcpy(p->asked, commit.p, commit.len);
		p->asked[commit.len] = 0;
	}
	return p->lacks;
}

static int take_base(struct keep_push_node *n, struct keep_err *e)
{
	const struct keep_talk *t = &n->talk;
	struct keep_mem *m = &n->mem;

	n->base = (struct keep_known){0};
	if (!t->id.p)
		return 0;
	n->base.id = keep_mem_copy(m, t->id);
	n->base.commit = t->commit.len ? keep_mem_copy(m, t->commit) :
					 KEEP_S("none");
	n->base.manifest = keep_mem_copy(m, keep_buf_get(&t->manifest));
	n->base.at_unix_s = keep_now_s(n->push->c);
	if (!n->base.id.p || !n->base.commit.p || !n->base.manifest.p)
		return keep_no_memory(e);
	n->id = copy(n, n->base.id);
	if (keep_manifest_read(m, n->base.manifest, &n->base_lines, e))
		return -e->code;
	remember(n, &n->base);
	return 0;
}

int keep_push_needed(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_err why;

	n->refuses = ++n->needs > NEEDS_MAX || !keep_talk_complete(&n->talk) ||
		     (n->talk.id.p && keep_push_lacks(n, n->talk.commit)) ||
		     take_base(n, &why) || keep_push_send(n, &why);
	n->wait = n->ask = false;
	return keep_exec_resume(&n->task.x, e);
}

static int needed(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_err why = {0};

	if (n->push->rollback || ++n->needs > NEEDS_MAX)
		return keep_push_done(n, KEEP_NODE_FAILED, KEEP_S(
			"others deploy to it at the same time"), e);
	if (take_base(n, &why))
		return keep_push_done(n, KEEP_NODE_FAILED,
				      print(n, "%s", why.message), e);
	if (n->base.id.p && keep_push_lacks(n, n->talk.commit))
		return behind(n, e);
	if (keep_push_whole(n, &why))
		return keep_push_done(n, KEEP_NODE_FAILED,
				      print(n, "%s", why.message), e);
	n->rejoins = n->ask = false;
	return keep_push_exec(n, e);
}

/* --- a lock -------------------------------------------------------------- */

/* A deploy of ours that lost its end: its runner goes on, and is waited for. */
static bool is_ours(struct keep_push_node *n)
{
	struct keep_push *p = n->push;
	struct keep_slice id = n->talk.who;

	if (!p->ours || id.len != KEEP_DEPLOY_ID_LEN || n->needs > NEEDS_MAX)
		return false;
	n->other_want = p->ours(p, id, n->target->name);
	if (!n->other_want.p)
		return false;
	memcpy(n->other, id.p, id.len);
	n->other[id.len] = 0;
	return true;
}

static int say(struct keep_push_node *n, struct keep_slice text,
	       struct keep_err *e)
{
	return n->push->told(n->push, n, KEEP_DEPLOY_OUTPUT, text, e);
}

static struct keep_slice holder(struct keep_push_node *n)
{
	struct keep_buf b = {.mem = &n->mem};

	keep_lock_put(&b, safe(n, n->talk.text), keep_now_s(n->push->c));
	return b.failed ? KEEP_S("?") : keep_buf_get(&b);
}

static int locked(struct keep_push_node *n, struct keep_err *e)
{
	int rc;

	if (n->push->break_lock && !n->breaks) {
		n->breaks = true;
		rc = say(n, print(n, "the lock of %.*s is broken",
				  KEEP_F(holder(n))), e);
	} else if (is_ours(n)) {
		n->needs++;
		rc = say(n, print(n, "deploy %s is still at work", n->other),
			 e);
	} else {
		return keep_push_done(n, KEEP_NODE_LOCKED,
				      print(n, "by %.*s: wait, or "
					    "--break-lock",
					    KEEP_F(holder(n))), e);
	}
	return rc ? rc : keep_push_exec(n, e);
}

/* --- the end ------------------------------------------------------------- */

/* Nothing is awaited of an earlier run any more. */
static int begin_anew(struct keep_push_node *n, struct keep_err *e)
{
	n->heard = n->rejoin = n->rejoins = false;
	n->losses = 0;
	n->lines = 0;
	return keep_push_exec(n, e);
}

static int failed(struct keep_push_node *n, struct keep_err *e)
{
	const struct keep_talk *t = &n->talk;

	/* what is gone on with was killed there before it ended */
	if (n->rejoin && n->rejoins && t->status >= KILLED && !t->back)
		return begin_anew(n, e);
	if (!t->text.len && !t->back && n->g)
		has_ours(n);
	if (t->back)
		n->id = copy(n, n->base.id);
	return keep_push_done(n, t->back ? KEEP_NODE_ROLLED_BACK :
			      KEEP_NODE_FAILED, keep_push_reason(n), e);
}

static int changed(struct keep_push_node *n, enum keep_node_state state,
		   struct keep_err *e)
{
	struct keep_err why;

	if (n->push->rollback) {
		n->id = copy(n, n->talk.id);
		keep_ignore(keep_known_drop(n->push->c, n->target->name, &why),
			    "a wrong base is told");
	} else if (!keep_slice_is(n->talk.id, n->g->id)) {
		/* an earlier run of this deploy put something else there */
		if (!n->rejoins)
			return keep_push_done(n, KEEP_NODE_FAILED, KEEP_S(
				"it tells of another generation"), e);
		n->rejoins = false;
		return keep_push_exec(n, e);
	} else {
		has_ours(n);
	}
	return keep_push_done(n, state, (struct keep_slice){0}, e);
}

/* Now that the other deploy is over, ours begins. */
static int other_ended(struct keep_push_node *n, struct keep_err *e)
{
	static const char *const ends[] = {
		[KEEP_ANSWER_OK] = "did what it should",
		[KEEP_ANSWER_SAME] = "did what it should",
		[KEEP_ANSWER_FAIL] = "failed",
	};
	enum keep_answer answer = n->talk.answer;
	const char *how = answer < KEEP_COUNT(ends) ? ends[answer] : NULL;
	int rc = say(n, print(n, "deploy %s %s", n->other,
			      how ? how : "is over"), e);

	n->other[0] = 0;
	return rc ? rc : begin_anew(n, e);
}

/* Without an answer the exec was cut off on the node's side, or was no shell
 * that we know. */
static int unanswered(struct keep_push_node *n, int status, struct keep_err *e)
{
	struct keep_slice said = safe(n, keep_buf_get(&n->said));

	if (n->direct && !n->heard && status < KILLED) {
		/* as where perl does not start; or it ended behind its work */
		n->indirect = n->rejoins = true;
		return keep_push_exec(n, e);
	}
	if (n->heard && n->losses++ < LOSSES_MAX) {
		keep_push_rejoin(n, FIRST_WAIT_MS);
		return 0;
	}
	while (said.len && said.p[said.len - 1] == ' ')
		said.len--;
	return keep_push_done(n, KEEP_NODE_FAILED, print(n, "it gave no answer "
			      "(exit status %d)%s%.*s", status,
			      said.len ? ": " : "", KEEP_F(said)), e);
}

int keep_push_answered(struct keep_push_node *n, int status,
		       struct keep_err *e)
{
	enum keep_answer answer = n->talk.answer;

	if (!keep_talk_complete(&n->talk))
		return unanswered(n, status, e);
	if (n->other[0])
		return other_ended(n, e);
	switch (answer) {
	case KEEP_ANSWER_SAME:
		return changed(n, KEEP_NODE_UNCHANGED, e);
	case KEEP_ANSWER_OK:
		return changed(n, KEEP_NODE_CHANGED, e);
	case KEEP_ANSWER_NEED:
		return needed(n, e);
	case KEEP_ANSWER_LOCKED:
		return locked(n, e);
	case KEEP_ANSWER_SPACE:
		return keep_push_done(n, KEEP_NODE_FAILED,
				      KEEP_S("its disk is full"), e);
	case KEEP_ANSWER_VETO:
		return keep_push_done(n, KEEP_NODE_SKIPPED, print(n, "vetoed: "
				      "%.*s", KEEP_F(safe(n, n->talk.text))),
				      e);
	default:
		return failed(n, e);
	}
}

/* --- without a connection ------------------------------------------------ */

static bool may_have_begun(const struct keep_push_node *n,
			   const struct keep_exec_end *end)
{
	return n->heard || n->losses || end->phase >= KEEP_PHASE_OPEN;
}

/* Whether it is not reached again. */
static bool is_over(const struct keep_push_node *n,
		    const struct keep_exec_end *end)
{
	return n->losses >= LOSSES_MAX || n->push->reach->over ||
	       end->err.code == KEEP_E_CANCELLED ||
	       end->err.code == KEEP_E_UNTRUSTED ||
	       (end->err.code == KEEP_E_DEADLINE &&
		end->phase == KEEP_PHASE_RUN);
}

int keep_push_lost(struct keep_push_node *n, const struct keep_exec_end *end,
		   struct keep_err *e)
{
	struct keep_slice why = print(n, "%s", end->err.message);

	if (end->err.code == KEEP_E_CANCELLED && !may_have_begun(n, end))
		return keep_push_done(n, KEEP_NODE_SKIPPED, why, e);
	if (!may_have_begun(n, end))
		return keep_push_done(n, keep_reach_missed(end) ?
				      KEEP_NODE_UNREACHABLE : KEEP_NODE_FAILED,
				      why, e);
	if (n->other[0] && !keep_slice_is(n->push->deploy, n->other) &&
	    is_over(n, end))
		return keep_push_done(n, KEEP_NODE_LOCKED, print(
				      n, "deploy %s may still be at work: "
				      "%.*s", n->other, KEEP_F(why)), e);
	if (end->err.code == KEEP_E_CANCELLED)
		return keep_push_done(n, KEEP_NODE_RUNNING, KEEP_S("it goes on "
				      "by itself: nobody waited for its end"),
				      e);
	if (is_over(n, end))
		return keep_push_done(n, KEEP_NODE_RUNNING,
				      print(n, "it may be at work: %.*s",
					    KEEP_F(why)), e);
	keep_push_rejoin(n, (uint64_t)FIRST_WAIT_MS << n->losses++);
	return 0;
}
