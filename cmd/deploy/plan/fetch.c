/* Texts that nodes have: their bytes, one after another, as manifests tell
 * their lengths; hashes tell whether they are right. */
#include <stdlib.h>
#include <keep/text.h>
#include "ask.h"

/* A text that is missed, and who has it. */
struct miss {
	const struct keep_plan_edit *edit;
	struct keep_asked *node;
};
/* What a node sends at most, and may print before. */
enum { SENT_MAX = 16 << 20, NOISE_MAX = 64 << 10 };
static const char marker[] = "\nK1 texts\n";

static int by_hash(const void *a, const void *b)
{
	const struct miss *x = a, *y = b;

	return keep_slice_cmp(x->edit->old->rest, y->edit->old->rest);
}

/* --- what a node sent ----------------------------------------------------- */

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct keep_asked *a = x->user;
	size_t room = a->size + NOISE_MAX - a->got.len;

	if (from != KEEP_STDOUT)
		return 0;
	if (bytes.len > room)
		bytes.len = room;
	keep_buf_slice(&a->got, bytes);
	return keep_buf_check(&a->got, e);
}

static void sort_out(struct keep_asked *a)
{
	const struct keep_plan_edit *const *v = (const void *)a->wanted.p;
	const char *at = memmem(a->got.p, a->got.len, marker,
				sizeof marker - 1);
	struct keep_slice rest, text;
	size_t i;

	if (!at)
		return;
	at += sizeof marker - 1;
	rest = (struct keep_slice){at, a->got.len - (size_t)(at - a->got.p)};
	for (i = 0; i < a->wanted.len / sizeof *v; i++) {
		text = (struct keep_slice){rest.p, (size_t)keep_texts_size(
						v[i]->old)};
		if (text.len > rest.len)
			return;
		keep_texts_put(a->all->texts, v[i]->old, text);
		rest.p += text.len;
		rest.len -= text.len;
	}
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_asked *a = t->x.user;

	(void)e;
	if (!end->err.code && a->got.len)
		sort_out(a);
	keep_buf_end(&a->got);
	return 0;
}

/* --- asking --------------------------------------------------------------- */

static struct keep_slice input(struct keep_exec *x)
{
	struct keep_asked *a = x->user;

	return keep_take(&a->input);
}

static int ask(struct keep_asked *a, const struct keep_target *target,
	       struct keep_err *e)
{
	const struct keep_plan_edit *const *v = (const void *)a->wanted.p;
	struct keep_mem *m = a->all->c->mem;
	struct keep_buf paths = {.mem = m};
	struct keep_slice command = keep_mem_print(m,
		"cd \"${KEEP_ROOT:-/var/lib/keep}/gen/%.*s\" && "
		"printf '\\nK1 texts\\n' && xargs -0 cat --",
		KEEP_F(a->row->has));
	size_t i;

	for (i = 0; i < a->wanted.len / sizeof *v; i++) {
		keep_buf_slice(&paths, v[i]->old->path);
		keep_buf_byte(&paths, '\0');
	}
	if (!command.p || paths.failed)
		return keep_no_memory(e);
	a->input = keep_buf_get(&paths);
	a->got = (struct keep_buf){0};
	a->task = (struct keep_task){
		.x = {.output = on_output, .input = input, .user = a},
		.target = target, .command = command.p, .ended = on_end,
	};
	return keep_task_put(a->all->reach, &a->task, e);
}

static struct keep_asked *node_of(struct keep_asking *a, struct keep_slice name)
{
	size_t low = 0, high = a->n, mid;
	int cmp;

	while (low < high) {
		mid = low + (high - low) / 2;
		cmp = keep_slice_cmp(a->v[mid].row->name, name);
		if (!cmp)
			return &a->v[mid];
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void want(struct miss *x)
{
	struct keep_asked *a = x->node;
	uint64_t size = keep_texts_size(x->edit->old);

	if (size > KEEP_PLAN_TEXT || size > SENT_MAX - a->size)
		return;
	a->size += size;
	keep_buf_put(&a->wanted, &x->edit, sizeof x->edit);
}

/* The edits whose texts are worth having, by hash. */
static struct miss *misses(struct keep_asking *a,
			   const struct keep_plan_build *b, size_t *n)
{
	const struct keep_plan_edit *v = (const void *)b->edits.p;
	size_t i, all = b->edits.len / sizeof *v;
	struct miss *out = KEEP_NEWS(a->c->mem, all + 1, struct miss);

	for (i = *n = 0; out && i < all; i++)
		if (keep_plan_wants(&v[i]))
			out[(*n)++] = (struct miss){
				&v[i], node_of(a, v[i].node)};
	if (out)
		qsort(out, *n, sizeof *out, by_hash);
	return out;
}

int keep_ask_texts(struct keep_asking *a, const struct keep_plan_build *b,
		   struct keep_err *e)
{
	size_t i, n;
	struct miss *v = misses(a, b, &n);
	int rc = 0;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < a->n; i++)
		a->v[i].wanted = (struct keep_buf){.mem = a->c->mem};
	for (i = 0; i < n; i++)
		if (v[i].node && (!i || by_hash(&v[i - 1], &v[i])) &&
		    !keep_texts_has(a->texts, v[i].edit->old))
			want(&v[i]);
	for (i = 0; i < a->n && !rc; i++) {
		if (a->v[i].wanted.failed)
			rc = keep_no_memory(e);
		else if (a->v[i].wanted.len)
			rc = ask(&a->v[i], &a->reach->v[i], e);
	}
	if (!rc)
		rc = keep_reach_run(a->reach, e);
	for (i = 0; i < a->n; i++)
		keep_buf_end(&a->v[i].got);
	return rc;
}
