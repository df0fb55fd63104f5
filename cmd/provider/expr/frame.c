/* The values that are being evaluated, each asked for by the one below. */
#include "eval.h"

static int too_deep(struct keep_eval *ev)
{
	return keep_ev_fault(ev, NULL, "more than %d values need each other in "
			     "a row", KEEP_EXPR_DEPTH);
}

int keep_ev_enter(struct keep_eval *ev, struct keep_frame *f)
{
	f->below = ev->frame;
	f->depth = f->below ? f->below->depth + 1 : 1;
	if (f->depth > KEEP_EXPR_DEPTH)
		return too_deep(ev);
	ev->frame = f;
	return 0;
}

void keep_ev_early(struct keep_eval *ev)
{
	*(ev->frame ? &ev->frame->early : &ev->relations.early) = true;
}

uint8_t keep_ev_state(const struct keep_eval *ev, uint8_t state)
{
	return ev->relations.whole && state >= KEEP_EARLY ? KEEP_WHITE : state;
}

uint8_t keep_frame_state(const struct keep_frame *f, int rc)
{
	if (rc)
		return rc == KEEP_LATER ? KEEP_PENDING : KEEP_WHITE;
	return f->early ? KEEP_EARLY : KEEP_BLACK;
}

int keep_ev_asked(struct keep_eval *ev, const struct keep_memo *m)
{
	struct keep_frame *f = ev->frame;

	if (m->value_state == KEEP_EARLY || m->json_state == KEEP_EARLY)
		keep_ev_early(ev);
	if (!f)
		return 0;
	if (f->height <= m->height)
		f->height = m->height + 1u;
	return f->depth + f->height > KEEP_EXPR_DEPTH ? too_deep(ev) : 0;
}

void keep_ev_leave(struct keep_eval *ev, struct keep_frame *f)
{
	ev->frame = f->below;
	if (f->early)
		keep_ev_early(ev);
	if (f->below && f->below->height <= f->height)
		f->below->height = f->height + 1;
}

struct keep_frame keep_frame_of(const struct keep_node *node,
				const struct keep_json *v)
{
	return (struct keep_frame){.node = node, .at = v,
				   .text = {v->text + 2, v->n - 2u}};
}
