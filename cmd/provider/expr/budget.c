/* Budgets, and the texts and sets that are made. */
#include <inttypes.h>
#include "eval.h"
#include "form.h"

int keep_ev_steps(struct keep_eval *ev, size_t n)
{
	struct keep_frame *f = ev->frame;

	if (!f)
		return 0;
	if (n <= KEEP_EXPR_STEPS - f->steps) {
		f->steps += (uint32_t)n;
		return 0;
	}
	if (f->over)
		return -KEEP_E_BAD_ARGS;
	f->over = true;
	return keep_ev_fault(ev, NULL, "the value takes more than %d steps",
			     KEEP_EXPR_STEPS);
}

int keep_ev_bytes(struct keep_eval *ev, size_t n)
{
	if (n <= KEEP_EXPR_NODE_BYTES - ev->bytes) {
		ev->bytes += n;
		return 0;
	}
	if (ev->over)
		return -KEEP_E_BAD_ARGS;
	ev->over = true;
	return keep_ev_fault(ev, NULL, "the values of one node take more than "
			     "%d MiB", KEEP_EXPR_NODE_BYTES >> 20);
}

void *keep_ev_alloc(struct keep_eval *ev, size_t n, size_t len, int *rc)
{
	size_t total;
	void *p;

	if (!keep_mul(n, len, &total))
		total = SIZE_MAX;
	*rc = keep_ev_bytes(ev, total);
	if (*rc)
		return NULL;
	p = keep_mem_alloc(ev->mem, total);
	if (!p)
		*rc = -KEEP_E_NO_MEMORY;
	return p;
}

void keep_ev_node_put(struct keep_buf *b, const struct keep_node *node)
{
	keep_buf_put(b, &node, sizeof(void *));
}

int keep_ev_nodes(struct keep_eval *ev, const struct keep_buf *b,
		  struct keep_value *out)
{
	int rc = b->failed ? -KEEP_E_NO_MEMORY : 0;
	const struct keep_node **nodes = NULL;

	if (!rc)
		nodes = keep_ev_alloc(ev, b->len, 1, &rc);
	if (nodes && b->len)
		memcpy(nodes, b->p, b->len);
	*out = keep_v_set(nodes, b->len / sizeof(void *));
	return rc;
}

void keep_joint_end(struct keep_joint *j)
{
	keep_buf_end(&j->buf);
}

static void put(struct keep_joint *j, struct keep_slice s)
{
	j->over = j->over || s.len > KEEP_EXPR_TEXT - j->buf.len;
	if (!j->over)
		keep_buf_slice(&j->buf, s);
}

void keep_joint_add(struct keep_joint *j, const struct keep_value *v)
{
	char number[24];

	if (v->kind == KEEP_V_BOOL) {
		put(j, v->number ? KEEP_S("true") : KEEP_S("false"));
		return;
	}
	if (v->kind == KEEP_V_INT) {
		snprintf(number, sizeof number, "%" PRId64, v->number);
		put(j, keep_slice(number));
		return;
	}
	put(j, keep_v_slice(v));
	if (v->secret) {
		j->forms += keep_form_count(keep_v_slice(v));
		j->secret = true;
	}
}

int keep_joint_value(struct keep_eval *ev, const struct keep_ast *x,
		     struct keep_joint *j, struct keep_value *out)
{
	struct keep_slice s = keep_buf_get(&j->buf);
	int rc = 0;
	char *p;

	if (j->over)
		return keep_ev_fault(ev, x, "the text has more than %d bytes",
				     KEEP_EXPR_TEXT);
	if (j->buf.failed)
		return -KEEP_E_NO_MEMORY;
	if (keep_form_count(s) != j->forms)
		return keep_ev_fault(ev, x, "the text would hold the form that "
				     "stands for a secret");
	p = keep_ev_alloc(ev, s.len + 1, 1, &rc);
	if (!p)
		return rc;
	memcpy(p, s.p, s.len);
	*out = keep_v_text((struct keep_slice){p, s.len});
	out->secret = j->secret;
	return 0;
}
