/* Verbs that give many items, and verbs that give none. */
#include "tryout.h"

#define N struct keep_try_number
static const struct keep_field number[] = {
	{KEEP_UINT(N, number), .source = KEEP_WORD, .required = true, .help = "a number"},
};
static const struct keep_field told[] = {
	{KEEP_UINT(N, number), .required = true, .help = "its number"},
};
#undef N
const struct keep_schema keep_try_number_schema =
	KEEP_SCHEMA(struct keep_try_number, number);
const struct keep_schema keep_try_told_schema =
	KEEP_SCHEMA(struct keep_try_number, told);
#define C struct keep_try_count
static const struct keep_field count[] = {
	{KEEP_UINT(C, number), .source = KEEP_WORD, .dflt = "0", .help = "how many"},
	{KEEP_BOOL(C, fail), .help = "fail after them"},
};
#undef C
const struct keep_schema keep_try_count_schema =
	KEEP_SCHEMA(struct keep_try_count, count);

int keep_try_fail(struct keep_ctx *c, const struct keep_try_number *a,
		  void *none, struct keep_err *e)
{
	(void)c, (void)none;
	keep_fail(e, (int)a->number, "it fails with code %u", a->number);
	return keep_hint(e, "try another");
}

int keep_try_verdict(struct keep_ctx *c, const struct keep_try_number *a,
		     struct keep_try_number *r, struct keep_err *e)
{
	(void)c, (void)e;
	r->number = a->number;
	return (int)a->number;
}

static int emit(struct keep_ctx *c, uint32_t n, struct keep_err *e)
{
	struct keep_try_number item = {1};
	int rc = 0;

	for (; !rc && (n == 0 || item.number <= n); item.number++) {
		rc = keep_cancelled(c, e);
		if (!rc)
			rc = keep_emit(c, &item, e);
	}
	return rc;
}

static int end(const struct keep_try_count *a, struct keep_err *e)
{
	if (a->fail)
		return keep_fail(e, KEEP_E_CONFLICT, "it fails after %u items",
				 a->number);
	return 0;
}

int keep_try_list(struct keep_ctx *c, const struct keep_try_count *a,
		  struct keep_err *e)
{
	int rc = a->number ? emit(c, a->number, e) : 0;

	return rc ? rc : end(a, e);
}

int keep_try_stream(struct keep_ctx *c, const struct keep_try_count *a,
		    struct keep_try_number *r, struct keep_err *e)
{
	int rc = emit(c, a->number, e);

	r->number = a->number;
	return rc ? rc : end(a, e);
}
