/* An external that is nothing but a program: words in, what it wrote out. */
#include <sys/wait.h>
#include "external.h"

enum { GRACE_MS = 2000 };

#define A struct keep_words_args
static const struct keep_field args[] = {
	{KEEP_TEXTS(A, words), .source = KEEP_REST, .meta = "WORD",
	 .help = "behind its name"},
};
#undef A
const struct keep_schema keep_words_args_schema =
	KEEP_SCHEMA(struct keep_words_args, args);
#define R struct keep_words_result
static const struct keep_field result[] = {
	{KEEP_UINT(R, status), .required = true, .help = "128 + s: killed by signal s"},
	{KEEP_BYTES(R, output), .required = true, .help = "what it wrote to stdout"},
	{KEEP_BYTES(R, errors), .required = true, .help = "what it wrote to stderr"},
};
#undef R
const struct keep_schema keep_words_result_schema =
	KEEP_SCHEMA(struct keep_words_result, result);

static void text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_words_result *r = v->result;

	keep_buf_slice(out, r->output);
}

const struct keep_verb keep_words_verb = {
	"", "a program", KEEP_V_EXTERNAL | KEEP_V_RUNS, NULL,
	.args = &keep_words_args_schema, .result = &keep_words_result_schema,
	.text = text,
};

bool keep_described_is_plain(const struct keep_described_verb *d)
{
	const struct keep_described_field *f = d->result_fields.v;
	size_t i;

	for (i = 0; i < KEEP_COUNT(result) && i < d->result_fields.n; i++)
		if (!keep_slice_is(f[i].name, result[i].name) ||
		    !keep_slice_is(f[i].type, keep_type_name(result[i].type)))
			return false;
	return i == KEEP_COUNT(result) && i == d->result_fields.n;
}

/* What it wrote so far. */
struct written {
	const struct keep_external *external;
	struct keep_buf out, err;
	size_t room;
	uint32_t max;
};

static int took(struct keep_outside *o, int fd, struct keep_slice bytes,
		struct keep_err *e)
{
	struct written *w = o->user;
	struct keep_buf *to = fd == 1 ? &w->out : &w->err;

	if (bytes.len > w->room) {
		keep_fail(e, KEEP_E_TOO_LARGE, "keep-%.*s writes more than "
			  "fits into an answer", KEEP_F(w->external->name));
		return keep_hint(e, "that is %u bytes; at a shell it may "
				 "write any", w->max);
	}
	w->room -= bytes.len;
	keep_buf_slice(to, bytes);
	return keep_buf_check(to, e);
}

static const char *const *words_of(struct keep_mem *m,
				   const struct keep_external *x,
				   const struct keep_slices *words)
{
	const char **v = KEEP_NEWS(m, words->n + 2, const char *);
	size_t i;

	if (!v)
		return NULL;
	v[0] = x->file;
	for (i = 0; i < words->n; i++) {
		v[i + 1] = keep_mem_copy(m, words->v[i]).p;
		if (!v[i + 1])
			return NULL;
	}
	return v;
}

static int run(struct keep_ctx *c, const struct keep_words_args *a,
	       struct written *w, int *status, struct keep_err *e)
{
	struct keep_outside o = {
		.c = c, .argv = words_of(c->mem, w->external, &a->words),
		.grace_ms = GRACE_MS, .took = took, .user = w,
	};
	int rc = o.argv ? keep_outside_run(&o, e) : keep_no_memory(e);

	*status = WIFEXITED(o.status) ? WEXITSTATUS(o.status) :
		  128 + WTERMSIG(o.status);
	return rc;
}

int keep_external_words(struct keep_ctx *c, const struct keep_external *x,
			const struct keep_verb_call *call, uint32_t max,
			struct keep_buf *out, struct keep_err *e)
{
	struct written w = {x, {.mem = c->mem}, {.mem = c->mem}, max, max};
	struct keep_words_args a = {0};
	struct keep_words_result r;
	int status = 0, rc;

	rc = keep_schema_decode(c->mem, &keep_words_args_schema,
				call->args.p ? call->args : KEEP_S("\xa0"),
				true, &a, e);
	if (!rc)
		rc = run(c, &a, &w, &status, e);
	if (rc)
		return rc;
	r = (struct keep_words_result){(uint32_t)status,
				       keep_buf_get(&w.out),
				       keep_buf_get(&w.err)};
	return keep_schema_encode(&keep_words_result_schema, &r, out, e);
}
