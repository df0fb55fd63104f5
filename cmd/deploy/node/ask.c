/* One question to many nodes. */
#include "node.h"

enum { ERRORS_MAX = 4096, WORDS_MAX = 400 };

static const char *const stands[] = {
	"ok", "unreachable", "failed", "running", "bare", "drifted",
	"unready",
};
const struct keep_names_of keep_node_stands = {stands, KEEP_COUNT(stands)};

/* --- lines ---------------------------------------------------------------- */

static bool cut_line(struct keep_slice *rest, struct keep_slice *line)
{
	const char *end = rest->len ? memchr(rest->p, '\n', rest->len) : NULL;

	if (!end)
		return false;
	*line = (struct keep_slice){rest->p, (size_t)(end - rest->p)};
	rest->p += line->len + 1;
	rest->len -= line->len + 1;
	return true;
}

bool keep_node_line(struct keep_slice *lines, struct keep_slice *what,
		    struct keep_slice *words)
{
	const char *blank;

	do {
		if (!cut_line(lines, what))
			return false;
	} while (!keep_slice_starts(*what, "K1 "));
	what->p += 3;
	what->len -= 3;
	*words = KEEP_S("");
	blank = what->len ? memchr(what->p, ' ', what->len) : NULL;
	if (!blank)
		return true;
	*words = (struct keep_slice){blank + 1,
				     what->len - 1 - (size_t)(blank - what->p)};
	what->len = (size_t)(blank - what->p);
	return true;
}

struct keep_slices keep_node_slices(const struct keep_buf *b)
{
	const void *v = keep_buf_get(b).p;

	return (struct keep_slices){v, b->len / sizeof(struct keep_slice)};
}

struct keep_slice keep_node_text(struct keep_ctx *c, struct keep_slice s)
{
	return keep_text_safe(c->mem, s, WORDS_MAX);
}

int keep_node_verdict(int so_far, uint32_t state)
{
	if (state == KEEP_STANDS_OK || so_far == KEEP_E_PARTIAL)
		return so_far;
	if (state != KEEP_STANDS_UNREACHABLE)
		return KEEP_E_PARTIAL;
	return so_far ? so_far : KEEP_E_UNREACHABLE;
}

void keep_node_put_trouble(const struct keep_view *v, struct keep_slice name,
			   uint32_t state, struct keep_slice text,
			   struct keep_buf *out)
{
	(void)v;
	if (state != KEEP_STANDS_OK)
		keep_buf_print(out, "%.*s: %s%s%.*s\n", KEEP_F(name),
			       stands[state], text.p ? ": " : "",
			       KEEP_F(text));
}

/* --- one node ------------------------------------------------------------- */

struct one {
	struct keep_task task;
	struct keep_ctx *c;
	struct keep_buf out, err;
	struct keep_node_answer *answer;
	bool too_much;
};

/* What is over the limit is dropped, as it comes. */
static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct one *o = x->user;
	struct keep_buf *b = from == KEEP_STDOUT ? &o->out : &o->err;
	size_t max = from == KEEP_STDOUT ? KEEP_NODE_ANSWER : ERRORS_MAX;
	size_t room = max - b->len;

	(void)e;
	o->too_much |= from == KEEP_STDOUT && bytes.len > room;
	keep_buf_put(b, bytes.p, bytes.len < room ? bytes.len : room);
	return 0;
}

/* Whether the script came to its end. */
static bool whole(struct keep_slice lines)
{
	struct keep_slice what, words;

	while (keep_node_line(&lines, &what, &words))
		if (keep_slice_is(what, "end"))
			return true;
	return false;
}

static struct keep_slice last_line(struct keep_slice s)
{
	size_t at;

	while (s.len && s.p[s.len - 1] == '\n')
		s.len--;
	for (at = s.len; at && s.p[at - 1] != '\n';)
		at--;
	return (struct keep_slice){s.p + at, s.len - at};
}

static int judge(struct one *o, const struct keep_exec_end *end,
		 struct keep_err *e)
{
	struct keep_node_answer *a = o->answer;
	struct keep_slice said = last_line(keep_buf_get(&o->err));

	a->lines = keep_mem_copy(o->c->mem, keep_buf_get(&o->out));
	if (o->out.failed || o->err.failed || !a->lines.p)
		return keep_no_memory(e);
	a->state = KEEP_STANDS_FAILED;
	if (end->err.code && keep_reach_missed(end) &&
	    end->phase < KEEP_PHASE_OPEN)
		a->state = KEEP_STANDS_UNREACHABLE;
	if (end->err.code)
		a->text = keep_mem_print(o->c->mem, "%s", end->err.message);
	else if (o->too_much)
		a->text = KEEP_S("it says more than 1 MiB");
	else if (whole(a->lines))
		a->state = KEEP_STANDS_OK;
	else
		a->text = keep_mem_print(o->c->mem, "it left with status %d%s"
					 "%.*s", end->status,
					 said.len ? ": " : "",
					 KEEP_F(keep_node_text(o->c, said)));
	return a->state == KEEP_STANDS_OK || a->text.p ? 0 : keep_no_memory(e);
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct one *o = t->x.user;
	int rc = judge(o, end, e);

	keep_buf_end(&o->out);
	keep_buf_end(&o->err);
	return rc;
}

/* --- all of them ---------------------------------------------------------- */

static int command(struct keep_ctx *c, const char *verb, const char **out,
		   struct keep_err *e)
{
	struct keep_buf b = {.mem = c->mem};

	keep_buf_text(&b, "sh -c ");
	keep_shell_quote(&b, keep_node_ask_script());
	keep_buf_print(&b, " keep %s", verb);
	keep_buf_byte(&b, '\0');
	*out = b.p;
	return keep_buf_check(&b, e);
}

static int run(struct keep_reach *r, const struct keep_node_question *q,
	       struct one *v, struct keep_err *e)
{
	const char *line;
	size_t i;
	int rc = command(r->c, q->verb, &line, e);

	for (i = 0; i < r->n && !rc; i++) {
		r->v[i].becomes &= !q->as_user;
		v[i].c = r->c;
		v[i].answer->name = r->v[i].name;
		v[i].task = (struct keep_task){
			.x = {.output = on_output, .user = &v[i]},
			.target = &r->v[i], .command = line, .ended = on_end,
		};
		rc = keep_task_put(r, &v[i].task, e);
	}
	return rc ? rc : keep_reach_run(r, e);
}

int keep_node_ask(struct keep_ctx *c, const struct keep_contacts *contacts,
		  const struct keep_node_question *q,
		  struct keep_node_answers *out, struct keep_err *e)
{
	struct keep_reach r = {0};
	struct keep_node_answer *answers = KEEP_NEWS(
		c->mem, contacts->n, struct keep_node_answer);
	struct one *v = KEEP_NEWS(c->mem, contacts->n, struct one);
	size_t i;
	int rc;

	if (!answers || !v)
		return keep_no_memory(e);
	for (i = 0; i < contacts->n; i++)
		v[i].answer = &answers[i];
	rc = keep_reach_begin(c, contacts, &q->how, &r, e);
	if (!rc)
		rc = run(&r, q, v, e);
	keep_reach_end(&r);
	for (i = 0; i < contacts->n; i++) {
		keep_buf_end(&v[i].out);
		keep_buf_end(&v[i].err);
	}
	*out = (struct keep_node_answers){answers, contacts->n};
	return rc;
}

int keep_node_ask_all(struct keep_ctx *c, struct keep_slices filter,
		      const struct keep_node_question *q,
		      struct keep_node_answers *out, struct keep_err *e)
{
	struct keep_contacts contacts;
	int rc = keep_contacts(c, filter, &contacts, e);

	return rc ? rc : keep_node_ask(c, &contacts, q, out, e);
}
