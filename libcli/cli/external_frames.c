/* An external that speaks frames: one request, its items and its answer. What
 * it says is as foreign as what comes from a socket. */
#include <sys/wait.h>
#include "external.h"

enum {
	GRACE_MS = 2000,
	SAYS_MAX = 4096, /* bytes of its stderr that are kept */
	WORDS = 200,     /* of them that are shown */
	EXITED = 256, KILLED = 512, /* codes, WIRE 4 */
};

#define OWN_ID KEEP_S("\0\0\0\1")

/* What it said so far. */
struct speaking {
	const struct keep_external *external;
	struct keep_frames in;
	struct keep_mem mem;  /* of one reply; the last one's stays */
	struct keep_buf says;
	struct keep_buf *result;
	struct keep_err error;
	bool answered;
	int verdict;
};

/* --- what it is asked ---------------------------------------------------- */

static int request(struct keep_ctx *c, const struct keep_verb_call *call,
		   struct keep_slice *out, struct keep_err *e)
{
	struct keep_buf frame = {.mem = c->mem};
	struct keep_request r = {.client = KEEP_S("keep/" KEEP_VERSION),
				 .id = OWN_ID};
	struct keep_verb_call its = *call;
	uint64_t now = keep_now_ms(c);
	size_t at = keep_frame_begin(&frame);

	its.has_deadline_ms = c->deadline_ms != 0;
	its.deadline_ms = c->deadline_ms > now ? c->deadline_ms - now : 0;
	if (keep_request_put(&frame, &r, &its, e) ||
	    keep_frame_finish(&frame, at, KEEP_FRAME_HARD_MAX, e))
		return -e->code;
	*out = keep_buf_get(&frame);
	return 0;
}

/* --- what it says -------------------------------------------------------- */

static int take_item(struct keep_ctx *c, struct speaking *s,
		     struct keep_slice payload, struct keep_err *e)
{
	struct keep_item item;

	if (keep_item_get(&s->mem, payload, &item, e))
		return -e->code;
	if (!item.is_progress)
		return c->out ? c->out(c, item.value, e) : 0;
	keep_progress(c, item.progress.text, item.progress.done,
		      item.progress.total);
	return 0;
}

static int take_frame(struct keep_ctx *c, struct speaking *s,
		      struct keep_slice frame, struct keep_err *e)
{
	struct keep_reply r;
	int rc = 0;

	if (keep_reply_get(&s->mem, frame, &r, e))
		return -e->code;
	if (!keep_slice_eq(r.ok.id, OWN_ID))
		return keep_fail(e, KEEP_E_BAD_FRAME, "it answers what was "
				 "not asked");
	if (!r.error.code && r.ok.more) {
		rc = take_item(c, s, r.ok.payload, e);
		keep_mem_reset(&s->mem);
		return rc;
	}
	s->answered = true;
	s->error = r.error;
	s->verdict = (int)r.ok.verdict;
	if (r.ok.payload.p)
		keep_buf_slice(s->result, r.ok.payload);
	return keep_buf_check(s->result, e);
}

static int take_frames(struct keep_outside *o, struct speaking *s,
		       struct keep_err *e)
{
	struct keep_slice frame;
	int rc;

	do {
		rc = keep_frames_next(&s->in, &frame, e);
		if (!rc && frame.p)
			rc = take_frame(o->c, s, frame, e);
	} while (!rc && frame.p && !s->answered);
	if (!rc && s->answered) {
		keep_outside_stop(o, NULL);
		keep_outside_deaf(o, 1);
	}
	return rc;
}

static int took(struct keep_outside *o, int fd, struct keep_slice bytes,
		struct keep_err *e)
{
	struct speaking *s = o->user;
	size_t room = SAYS_MAX - s->says.len;
	int rc;

	if (fd == 2) {
		keep_buf_put(&s->says, bytes.p,
			     bytes.len < room ? bytes.len : room);
		return 0;
	}
	rc = keep_frames_put(&s->in, bytes, e);
	if (!rc)
		rc = take_frames(o, s, e);
	/* that nobody listens any more is no fault of it */
	if (rc == -KEEP_E_BAD_FRAME || rc == -KEEP_E_TOO_LARGE)
		keep_err_at(e, "keep-%.*s", KEEP_F(s->external->name));
	return rc;
}

/* --- the call ------------------------------------------------------------ */

/* It ended, and never answered. */
static int unanswered(struct keep_ctx *c, const struct speaking *s, int status,
		      struct keep_err *e)
{
	struct keep_slice name = s->external->name, says;
	struct keep_slice text = keep_buf_get(&s->says);

	while (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	if (WIFSIGNALED(status))
		keep_fail(e, KILLED + WTERMSIG(status), "keep-%.*s was killed "
			  "by signal %d", KEEP_F(name), WTERMSIG(status));
	else if (WEXITSTATUS(status))
		keep_fail(e, EXITED + WEXITSTATUS(status), "keep-%.*s ended "
			  "with status %d", KEEP_F(name), WEXITSTATUS(status));
	else
		keep_fail(e, KEEP_E_IO, "keep-%.*s ended without an answer",
			  KEEP_F(name));
	says = keep_text_safe(c->mem, text, WORDS);
	return says.len ? keep_hint(e, "it says: %.*s", KEEP_F(says)) :
	       -e->code;
}

/* What it answered in its last moments counts, too. */
static int end(struct keep_ctx *c, struct speaking *s, int rc, int status,
	       struct keep_err *e)
{
	if (s->answered) {
		keep_mem_join(c->mem, &s->mem);
		if (s->error.code)
			*e = s->error;
		rc = s->error.code ? -s->error.code : s->verdict;
	} else if (!rc) {
		rc = unanswered(c, s, status, e);
	}
	keep_frames_end(&s->in);
	keep_buf_end(&s->says);
	keep_mem_end(&s->mem);
	return rc;
}

int keep_external_frames(struct keep_ctx *c, const struct keep_external *x,
			 const struct keep_verb_call *call, uint32_t max,
			 struct keep_buf *out, struct keep_err *e)
{
	const char *const argv[] = {x->file, NULL};
	struct speaking s = {.external = x, .in.max = max, .result = out};
	struct keep_outside o = {.c = c, .argv = argv, .speaks = true,
				 .grace_ms = GRACE_MS, .took = took,
				 .user = &s};

	int rc = request(c, call, &o.input, e);

	if (rc)
		return rc;
	rc = keep_outside_run(&o, e);
	return end(c, &s, rc, o.status, e);
}
