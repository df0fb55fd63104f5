/* keep doctor: the checks of all libraries. */
#include <keep/suite.h>

#define A struct keep_doctor_args
static const struct keep_field args[] = {
	{KEEP_BOOL(A, list), .help = "list what is looked at"},
};
#undef A
const struct keep_schema keep_doctor_args_schema =
	KEEP_SCHEMA(struct keep_doctor_args, args);
#define R struct keep_doctor_item
static const struct keep_field item[] = {
	{KEEP_TEXT(R, check), .required = true, .help = "what was looked at"},
	{KEEP_TEXT(R, fault), .help = "what is wrong"},
	{KEEP_TEXT(R, mend), .help = "the command that mends it, for sh"},
	{KEEP_TEXT(R, summary), .help = "what it looks at, with --list"},
};
#undef R
const struct keep_schema keep_doctor_item_schema =
	KEEP_SCHEMA(struct keep_doctor_item, item);

enum { LIBRARIES_MAX = 64 };

struct looking {
	struct keep_ctx *c;
	bool list;
	struct keep_err *e;
	const struct keep_library *seen[LIBRARIES_MAX];
	size_t n_seen;
	const struct keep_check *check; /* that runs */
	size_t found;
};

static void put_list(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_doctor_item *items = v->items.v;
	struct keep_tab tab = {.mem = v->mem, .n_columns = 2};
	size_t i;

	for (i = 0; i < v->items.n; i++) {
		keep_tab_cell(&tab, items[i].check);
		keep_tab_cell(&tab, items[i].summary);
	}
	keep_tab_put(&tab, out);
}

void keep_doctor_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_doctor_item *f = v->items.v;
	size_t i;

	if (v->items.n == 0)
		keep_buf_text(out, "no fault was found\n");
	else if (f->summary.p)
		put_list(v, out);
	else
		for (i = 0; i < v->items.n; i++)
			keep_buf_print(out, "%.*s: %.*s\n  %.*s\n",
				       KEEP_F(f[i].check), KEEP_F(f[i].fault),
				       KEEP_F(f[i].mend));
}

static int found(void *to, struct keep_slice fault, struct keep_slice mend)
{
	struct looking *l = to;
	struct keep_doctor_item f = {.check = keep_slice(l->check->name),
				     .fault = fault, .mend = mend};

	l->found++;
	return keep_emit(l->c, &f, l->e);
}

static int run(struct looking *l)
{
	struct keep_doctor_item f = {
		.check = keep_slice(l->check->name),
		.summary = keep_slice(l->check->summary)};
	int rc = l->list ? keep_emit(l->c, &f, l->e) :
		 l->check->run(l->c, found, l, l->e);

	return rc ? keep_err_at(l->e, "check %s", l->check->name) : 0;
}

static int look(struct looking *l, const struct keep_library *library)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < l->n_seen; i++)
		if (l->seen[i] == library)
			return 0;
	if (l->n_seen == LIBRARIES_MAX)
		return keep_fail(l->e, KEEP_E_INTERNAL, "more than %d "
				 "libraries", LIBRARIES_MAX);
	l->seen[l->n_seen++] = library;
	for (i = 0; !rc && i < library->n_checks; i++) {
		l->check = &library->checks[i];
		rc = run(l);
	}
	return rc;
}

/* The libraries of a command. One that is not installed has no check to run:
 * that is told by a check of the suite. */
static int look_all(struct looking *l, const struct keep_suite *s,
		    struct keep_slice names)
{
	const struct keep_library *library;
	struct keep_err missing;
	int rc = 0;

	while (!rc && names.len) {
		library = keep_suite_library(s, keep_next_word(&names),
					     &missing);
		if (library)
			rc = look(l, library);
	}
	return rc;
}

int keep_doctor(struct keep_ctx *c, const struct keep_doctor_args *a,
		struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct looking l = {.c = c, .list = a->list, .e = e};
	size_t i;
	int rc = 0;

	if (!s)
		return -e->code;
	rc = s->own ? look(&l, s->own) : 0;
	for (i = 0; !rc && i < s->n; i++)
		rc = look_all(&l, s, keep_slice(s->commands[i].libraries));
	return rc || l.found == 0 ? rc : KEEP_E_DIFFERS;
}
