/* A verb that is at work on what its stdin says. */
#include <poll.h>
#include <unistd.h>
#include "tryout.h"

enum { LINE = 1000, TICK_MS = 20 };

#define L struct keep_try_line
static const struct keep_field line[] = {
	{KEEP_TEXT(L, line), .required = true, .help = "a line"},
};
#undef L
const struct keep_schema keep_try_line_schema =
	KEEP_SCHEMA(struct keep_try_line, line);

void keep_try_line_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_try_line *l = v->result;

	keep_buf_print(out, "%.*s\n", KEEP_F(l->line));
}

static struct keep_slice take_word(struct keep_slice *s)
{
	const char *blank = s->len ? memchr(s->p, ' ', s->len) : NULL;
	struct keep_slice word = *s;

	if (blank)
		word.len = (size_t)(blank - s->p);
	s->p += word.len + !!blank;
	s->len -= word.len + !!blank;
	return word;
}

static struct keep_work of_all(struct keep_slice rest)
{
	struct keep_slice done = take_word(&rest), total = take_word(&rest);
	struct keep_work w = {.of = KEEP_S(""), .text = rest};

	keep_ignore(!keep_num_uint(done, &w.done) ||
		    !keep_num_uint(total, &w.total), "then it is 0");
	return w;
}

static int obey(struct keep_ctx *c, struct keep_slice rest, struct keep_err *e)
{
	static const char *const steps[] = {"does", "says", "done", "failed"};
	struct keep_slice word = take_word(&rest);
	struct keep_work w = of_all(rest);
	struct keep_try_line told = {rest};
	unsigned i;

	if (keep_slice_is(word, "line"))
		return keep_emit(c, &told, e);
	if (keep_slice_is(word, "warn"))
		keep_log(c->log, KEEP_LOG_WARNING, "%.*s", KEEP_F(rest));
	if (keep_slice_is(word, "verb"))
		keep_progress(c, rest, 0, 0);
	if (keep_slice_is(word, "all"))
		keep_work_tell(c, &w);
	for (i = 0; i < KEEP_COUNT(steps); i++)
		if (keep_slice_is(word, steps[i])) {
			w = (struct keep_work){take_word(&rest), i, {0}};
			w.text = rest;
			keep_work_tell(c, &w);
		}
	return keep_slice_is(word, "fail") ?
	       keep_fail(e, KEEP_E_CONFLICT, "it fails") : 0;
}

/* A line of stdin, without its newline; at its end, none. */
static int read_line(struct keep_ctx *c, struct keep_slice *s,
		     struct keep_err *e)
{
	struct pollfd p = {.events = POLLIN};
	char *to = keep_mem_alloc(c->mem, LINE);
	int rc = to ? 0 : keep_no_memory(e);

	*s = (struct keep_slice){to, 0};
	while (!rc && s->len < LINE) {
		rc = keep_cancelled(c, e);
		if (rc || poll(&p, 1, TICK_MS) <= 0)
			keep_work_tell(c, &(struct keep_work){
						    .of = KEEP_S("")});
		else if (read(STDIN_FILENO, to + s->len, 1) <= 0)
			return 0;
		else if (to[s->len] == '\n')
			break;
		else
			s->len++;
	}
	return rc;
}

int keep_try_work(struct keep_ctx *c, const void *none, void *nothing,
		  struct keep_err *e)
{
	struct keep_slice said = {0};
	int rc;

	(void)none, (void)nothing;
	do {
		rc = read_line(c, &said, e);
		if (!rc)
			rc = obey(c, said, e);
	} while (!rc && said.len);
	return rc;
}
