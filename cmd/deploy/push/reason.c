/* What of a node failed: the lines "failed: STEP" of run.pl, the line before
 * one, and where all are. A recipe may print such lines, too: the last counts,
 * which is the runner's. */
#include <keep/text.h>
#include "push.h"

enum { NOT_CONFIRMED = 75, TIMED_OUT = 124, KILLED = 137 };
enum { HEARD_MAX = 400, STEP_SHOWN = 100, WORDS_SHOWN = 200, ID_SHOWN = 12 };

static int set(struct keep_buf *b, struct keep_slice line, struct keep_err *e)
{
	b->len = 0;
	keep_buf_put(b, line.p, line.len < HEARD_MAX ? line.len : HEARD_MAX);
	return keep_buf_check(b, e);
}

int keep_push_hear(struct keep_push_node *n, struct keep_slice line,
		   struct keep_err *e)
{
	static const char failed[] = "failed: ";
	size_t len = sizeof failed - 1;

	if (n->back || !line.len)
		return 0;
	n->back = keep_slice_starts(line, "going back to ");
	if (n->back)
		return 0;
	if (!keep_slice_starts(line, failed))
		return set(&n->last, line, e);
	if (set(&n->words, keep_buf_get(&n->last), e))
		return -e->code;
	return set(&n->step, (struct keep_slice){line.p + len, line.len - len},
		   e);
}

void keep_push_forget(struct keep_push_node *n)
{
	keep_buf_end(&n->last);
	keep_buf_end(&n->step);
	keep_buf_end(&n->words);
	n->back = false;
}

static const char *how(struct keep_push_node *n, char room[40])
{
	uint64_t status = n->talk.status;

	if (status == NOT_CONFIRMED)
		return "nobody came back over a fresh connection";
	if (status == TIMED_OUT || status == KILLED)
		return "it took too long, or was killed";
	snprintf(room, 40, "exit status %ju", (uintmax_t)status);
	return room;
}

/* The file is KEEP_ROOT's, which only tests have elsewhere. */
static void tell_more(struct keep_push_node *n)
{
	if (n->g)
		n->more = keep_mem_print(n->push->c->mem, "keep run %.*s -- "
					 "'cat /var/lib/keep/gen/%.*s*.log'",
					 KEEP_F(n->target->name), ID_SHOWN,
					 n->g->id);
}

struct keep_slice keep_push_reason(struct keep_push_node *n)
{
	struct keep_buf b = {.mem = &n->mem};
	struct keep_slice step = keep_buf_get(&n->step);
	struct keep_slice words = keep_buf_get(&n->words);
	char room[40];

	if (step.len) {
		tell_more(n);
		keep_buf_slice(&b, keep_text_safe(b.mem, step, STEP_SHOWN));
		keep_buf_text(&b, ": ");
	}
	if (step.len || !n->talk.text.len)
		keep_buf_text(&b, how(n, room));
	if (words.len && !keep_slice_eq(words, step)) {
		keep_buf_text(&b, ": ");
		keep_buf_slice(&b, keep_text_safe(b.mem, words, WORDS_SHOWN));
	}
	if (n->talk.text.len) {
		keep_buf_text(&b, step.len ? "; " : "");
		keep_buf_slice(&b, keep_text_safe(b.mem, n->talk.text,
						  HEARD_MAX));
	}
	return b.failed ? KEEP_S("?") : keep_buf_get(&b);
}
