/* A plan as text. */
#include <keep/text.h>
#include "make.h"

enum { NAMES_SHOWN = 5 };

/* A text under way. */
struct printing {
	const struct keep_view *v;
	struct keep_buf *out;
};

static void color(const struct printing *p, const char *code)
{
	if (p->v->color)
		keep_buf_text(p->out, code);
}

/* "3 nodes: a b c", "41 nodes: a b c d e ..." */
static void put_nodes(const struct printing *p, struct keep_slices nodes)
{
	size_t i;

	keep_buf_print(p->out, "%zu node%s:", nodes.n,
		       nodes.n == 1 ? "" : "s");
	for (i = 0; i < nodes.n && i < NAMES_SHOWN; i++)
		keep_buf_print(p->out, " %.*s", KEEP_F(nodes.v[i]));
	if (i < nodes.n)
		keep_buf_text(p->out, " ...");
	keep_buf_byte(p->out, '\n');
}

static void put_safe(const struct printing *p, const char *before,
		     struct keep_slice s)
{
	if (s.len)
		keep_buf_print(p->out, "%s%.*s", before,
			       KEEP_F(keep_lines_text(p->v->mem, s)));
}

/* --- access --------------------------------------------------------------- */

static const char *const kinds[] = {
	[KEEP_PLAN_LOGIN] = "login", [KEEP_PLAN_HOST_KEY] = "host key",
	[KEEP_PLAN_FIREWALL] = "firewall", [KEEP_PLAN_FILE] = "file",
	[KEEP_PLAN_SECRET] = "secret", [KEEP_PLAN_SERVICE] = "service",
	[KEEP_PLAN_RECIPE] = "recipe",
};
/* By what it is: gained, lost, changed. */
static const char signs[] = "+-~";
static const char *const colors[] = {KEEP_GREEN, KEEP_RED, KEEP_YELLOW};

static void put_access(const struct printing *p,
		       const struct keep_plan_access *a)
{
	color(p, colors[a->what]);
	keep_buf_print(p->out, "%c %s", signs[a->what], kinds[a->kind]);
	put_safe(p, " ", a->subject);
	put_safe(p, ": ", a->detail);
	color(p, KEEP_PLAIN);
	keep_buf_text(p->out, "  on ");
	put_nodes(p, a->nodes);
	if (!a->warning.p)
		return;
	color(p, KEEP_YELLOW);
	put_safe(p, "  warning: ", a->warning);
	color(p, KEEP_PLAIN);
	keep_buf_byte(p->out, '\n');
}

/* --- files ---------------------------------------------------------------- */

static void put_line(const struct printing *p, struct keep_slice line)
{
	const char *code = !line.len ? NULL :
			   *line.p == '+' ? KEEP_GREEN :
			   *line.p == '-' ? KEEP_RED :
			   *line.p == '@' ? KEEP_BOLD : NULL;

	if (code)
		color(p, code);
	put_safe(p, "", line);
	if (code)
		color(p, KEEP_PLAIN);
	keep_buf_byte(p->out, '\n');
}

static void put_diff(const struct printing *p, struct keep_slice diff)
{
	const char *end;

	while ((end = memchr(diff.p, '\n', diff.len)) != NULL) {
		struct keep_slice line = {diff.p, (size_t)(end - diff.p)};

		put_line(p, line);
		diff.len -= line.len + 1;
		diff.p = end + 1;
	}
	if (diff.len)
		put_line(p, diff);
}

static void put_change(const struct printing *p,
		       const struct keep_plan_change *x)
{
	static const char *const what[] = {"new", "goes", "changes"};

	keep_buf_byte(p->out, '\n');
	color(p, KEEP_BOLD);
	put_safe(p, "", x->path);
	keep_buf_print(p->out, " %s", what[x->what]);
	color(p, KEEP_PLAIN);
	if (x->note.p)
		keep_buf_print(p->out, " (%.*s)", KEEP_F(x->note));
	keep_buf_print(p->out, ", %son ", x->nodes.n > 1 ? "the same " : "");
	put_nodes(p, x->nodes);
	if (x->diff.p)
		put_diff(p, x->diff);
}

/* --- nodes ---------------------------------------------------------------- */

static const char *const states[] = {
	[KEEP_PLAN_SAME] = "the same", [KEEP_PLAN_CHANGES] = "changes",
	[KEEP_PLAN_FIRST] = "first generation",
	[KEEP_PLAN_AGAIN] = "the same again",
	[KEEP_PLAN_SKIPPED] = "skipped", [KEEP_PLAN_FAILED] = "failed",
	[KEEP_PLAN_UNREACHABLE] = "unreachable",
};

static void put_state(const struct printing *p, struct keep_list nodes,
		      uint32_t state)
{
	const struct keep_plan_node *v = nodes.v;
	struct keep_buf names = {.mem = p->v->mem};
	size_t i;

	for (i = 0; i < nodes.n; i++) {
		if (v[i].state != state)
			continue;
		if (!v[i].text.p) {
			keep_buf_put(&names, &v[i].name, sizeof v[i].name);
			continue;
		}
		keep_buf_print(p->out, "%s: %.*s", states[state],
			       KEEP_F(v[i].name));
		put_safe(p, ": ", v[i].text);
		keep_buf_byte(p->out, '\n');
	}
	p->out->failed |= names.failed;
	if (!names.len)
		return;
	keep_buf_print(p->out, "%s: ", states[state]);
	put_nodes(p, (struct keep_slices){(const void *)names.p,
				names.len / sizeof(struct keep_slice)});
}

static void put_live(const struct printing *p, const struct keep_plan_live *x)
{
	keep_buf_byte(p->out, '\n');
	color(p, KEEP_BOLD);
	if (!x->status)
		keep_buf_text(p->out, "checks: in sync");
	else if (x->status == 2)
		keep_buf_text(p->out, "checks: would change it");
	else
		keep_buf_print(p->out, "checks: status %u", x->status);
	color(p, KEEP_PLAIN);
	keep_buf_print(p->out, "%s, on ", x->cut ? " (cut)" : "");
	put_nodes(p, x->nodes);
	if (x->status)
		put_diff(p, x->output);
}

/* --- all ------------------------------------------------------------------ */

static void put_head(const struct printing *p,
		     const struct keep_plan_result *r)
{
	color(p, KEEP_BOLD);
	keep_buf_print(p->out, "plan %.*s", KEEP_F(r->id));
	color(p, KEEP_PLAIN);
	if (r->commit.p)
		keep_buf_print(p->out, ", commit %.*s", KEEP_F(r->commit));
	keep_buf_byte(p->out, '\n');
}

void keep_plan_put_summary(const struct keep_plan_result *r,
			   struct keep_mem *m, struct keep_buf *out)
{
	const struct keep_view v = {.mem = m};
	const struct printing p = {&v, out};
	const struct keep_plan_access *access = r->access.v;
	uint32_t state;
	size_t i;

	for (i = 0; i < r->access.n; i++)
		put_access(&p, &access[i]);
	keep_buf_print(out, "%zu file%s differ%s\n", r->changes.n,
		       r->changes.n == 1 ? "" : "s",
		       r->changes.n == 1 ? "s" : "");
	for (state = 0; state < KEEP_COUNT(states); state++)
		put_state(&p, r->nodes, state);
}

void keep_plan_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_plan_result *r = v->result;
	const struct printing p = {v, out};
	const struct keep_plan_access *access = r->access.v;
	const struct keep_plan_change *changes = r->changes.v;
	uint32_t state;
	const struct keep_plan_live *live = r->live.v;
	size_t i;

	put_head(&p, r);
	for (i = 0; i < r->access.n; i++)
		put_access(&p, &access[i]);
	for (i = 0; i < r->changes.n; i++)
		put_change(&p, &changes[i]);
	for (i = 0; i < r->live.n; i++)
		put_live(&p, &live[i]);
	if (r->changes.n || r->live.n)
		keep_buf_byte(out, '\n');
	for (state = 0; state < KEEP_COUNT(states); state++)
		put_state(&p, r->nodes, state);
}
