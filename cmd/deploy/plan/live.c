/* The checks of the recipes that nodes have: what they print, folded. */
#include <keep/text.h>
#include "ask.h"

static const char command[] =
	"cd \"${KEEP_ROOT:-/var/lib/keep}\" && cur=$(readlink current) && "
	"printf '\\nK1 checks\\n' && exec sh \"$cur/run.services\" check "
	"\"${cur#gen/}\" 600 2>&1";
static const char marker[] = "\nK1 checks\n";
enum { ROOM = KEEP_PLAN_LIVE + (64 << 10) }; /* noise stands before it */

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct keep_asked *a = x->user;
	size_t room = ROOM - a->got.len;

	if (from == KEEP_STDOUT)
		keep_buf_slice(&a->got, (struct keep_slice){
			bytes.p, bytes.len < room ? bytes.len : room});
	return keep_buf_check(&a->got, e);
}

/* Line by line, since a line's end is no control character to be shown. */
static struct keep_slice shown(struct keep_mem *m, struct keep_slice s)
{
	struct keep_buf b = {.mem = m};
	const char *end;

	while (s.len) {
		end = memchr(s.p, '\n', s.len);
		keep_buf_slice(&b, keep_lines_text(m, (struct keep_slice){
			s.p, end ? (size_t)(end - s.p) : s.len}));
		keep_buf_byte(&b, '\n');
		s.len = end ? s.len - (size_t)(end + 1 - s.p) : 0;
		s.p = end ? end + 1 : s.p;
	}
	return b.failed ? KEEP_S("?") : keep_buf_get(&b);
}

static void put(struct keep_asked *a, int status)
{
	struct keep_mem *m = a->all->c->mem;
	const char *at = a->got.len ? memmem(a->got.p, a->got.len, marker,
					     sizeof marker - 1) : NULL;
	struct keep_plan_live x = {
		.status = (uint32_t)status, .output = KEEP_S(""),
		.nodes = {&a->row->name, 1},
	};
	struct keep_slice s;

	if (at) {
		at += sizeof marker - 1;
		s = (struct keep_slice){at, a->got.len - (size_t)(
						at - a->got.p)};
		x.cut = s.len > KEEP_PLAN_LIVE;
		if (x.cut)
			s.len = KEEP_PLAN_LIVE;
		x.output = shown(m, s);
	}
	keep_buf_put(&a->all->live, &x, sizeof x);
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_asked *a = t->x.user;

	if (end->err.code) {
		a->row->state = keep_reach_missed(end) ?
			KEEP_PLAN_UNREACHABLE : KEEP_PLAN_FAILED;
		a->row->text = keep_text_safe(a->all->c->mem, keep_slice(
				end->err.message), sizeof end->err.message);
	} else {
		put(a, end->status);
	}
	keep_buf_end(&a->got);
	return keep_buf_check(&a->all->live, e);
}

static int by_output(const void *a, const void *b)
{
	const struct keep_plan_live *x = a, *y = b;
	int order = (x->status > y->status) - (x->status < y->status);

	if (!order)
		order = (x->cut > y->cut) - (x->cut < y->cut);
	return order ? order : keep_slice_cmp(x->output, y->output);
}

static int run(struct keep_asking *a, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < a->n && !rc; i++) {
		struct keep_asked *one = &a->v[i];

		if (!one->row->has.p)
			continue;
		one->got = (struct keep_buf){0};
		one->task = (struct keep_task){
			.x = {.output = on_output, .user = one},
			.target = &a->reach->v[i], .command = command,
			.ended = on_end,
		};
		rc = keep_task_put(a->reach, &one->task, e);
	}
	if (!rc)
		rc = keep_reach_run(a->reach, e);
	for (i = 0; i < a->n; i++)
		keep_buf_end(&a->v[i].got);
	return rc;
}

int keep_ask_live(struct keep_asking *a, struct keep_plan_result *r,
		  struct keep_err *e)
{
	const struct keep_folding live = {
		a->c->mem, sizeof(struct keep_plan_live),
		offsetof(struct keep_plan_live, nodes), by_output,
	};
	int rc;

	a->live = (struct keep_buf){.mem = a->c->mem};
	rc = run(a, e);
	if (rc)
		return rc;
	if (!keep_fold(&live, &a->live))
		return keep_no_memory(e);
	r->live = (struct keep_list){a->live.p ? a->live.p : "",
				     a->live.len / live.size};
	return 0;
}
