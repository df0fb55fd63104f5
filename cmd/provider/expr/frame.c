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

uint32_t *keep_ev_early_at(struct keep_eval *ev)
{
	return ev->frame ? &ev->frame->early : &ev->relations.early;
}

void keep_ev_early(struct keep_eval *ev, uint32_t whose)
{
	uint32_t *early = keep_ev_early_at(ev);

	if (whose && !ev->relations.whole)
		*early = *early && *early != whose ? KEEP_EARLY_MANY : whose;
}

uint8_t keep_ev_state(const struct keep_eval *ev, const struct keep_memo *m,
		      uint8_t state)
{
	const struct keep_relations *r = &ev->relations;

	if (!r->whole || state < KEEP_EARLY)
		return state;
	return state == KEEP_EARLY && m->early != KEEP_EARLY_MANY &&
	       !r->moved[m->early - 1] ? KEEP_BLACK : KEEP_WHITE;
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

	keep_ev_early(ev, m->early);
	if (!f)
		return 0;
	if (f->height <= m->height)
		f->height = m->height + 1u;
	return f->depth + f->height > KEEP_EXPR_DEPTH ? too_deep(ev) : 0;
}

void keep_ev_leave(struct keep_eval *ev, struct keep_frame *f)
{
	ev->frame = f->below;
	keep_ev_early(ev, f->early);
	if (f->below && f->below->height <= f->height)
		f->below->height = f->height + 1;
}

struct keep_frame keep_frame_of(const struct keep_node *node,
				const struct keep_json *v)
{
	return (struct keep_frame){.node = node, .at = v,
				   .text = {v->text + 2, v->n - 2u}};
}
