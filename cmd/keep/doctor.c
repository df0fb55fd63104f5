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
	{KEEP_TEXT(R, hint), .help = "what else is known of the fault"},
};
#undef R
const struct keep_schema keep_doctor_item_schema =
	KEEP_SCHEMA(struct keep_doctor_item, item);

struct looking {
	struct keep_ctx *c;
	const struct keep_suite *suite;
	bool list;
	struct keep_err *e;
	const struct keep_check *check; /* that runs */
	size_t found;
	bool is_lost; /* a finding could not be told */
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

static void put_finding(const struct keep_doctor_item *f, struct keep_buf *out)
{
	keep_buf_print(out, "%.*s: %.*s\n", KEEP_F(f->check),
		       KEEP_F(f->fault));
	if (f->hint.p)
		keep_buf_print(out, "  hint: %.*s\n", KEEP_F(f->hint));
	if (f->mend.p)
		keep_buf_print(out, "  %.*s\n", KEEP_F(f->mend));
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
			put_finding(&f[i], out);
}

static int found(void *to, const struct keep_finding *f)
{
	struct looking *l = to;
	struct keep_doctor_item told = {
		.check = keep_slice(l->check->name), .fault = f->fault,
		.hint = f->hint, .mend = f->mend,
	};
	int rc = keep_emit(l->c, &told, l->e);

	l->found++;
	l->is_lost |= rc != 0;
	return rc;
}

/* A check that cannot look says why, and the others look. */
static int run(struct looking *l)
{
	struct keep_finding blind = {0};
	struct keep_err why = {0};
	int rc = l->check->run(l->c, found, l, &why);

	if (!rc || l->is_lost)
		return l->is_lost ? -l->e->code : 0;
	if (rc == -KEEP_E_NO_MEMORY || rc == -KEEP_E_CANCELLED) {
		*l->e = why;
		return keep_err_at(l->e, "check %s", l->check->name);
	}
	blind.fault = keep_mem_print(l->c->mem, "this cannot be looked at: %s",
				     why.message);
	if (why.hint[0])
		blind.hint = keep_slice(why.hint);
	return blind.fault.p ? found(l, &blind) : keep_no_memory(l->e);
}

static int tell_summary(struct looking *l)
{
	struct keep_doctor_item told = {
		.check = keep_slice(l->check->name),
		.summary = keep_slice(l->check->summary)};

	return keep_emit(l->c, &told, l->e);
}

static int look(struct looking *l, const struct keep_library *library)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < library->n_checks; i++) {
		l->check = &library->checks[i];
		rc = l->list ? tell_summary(l) : run(l);
	}
	return rc;
}

/* One that is not installed has no check to run: that is told by a check of
 * the suite. */
static int look_named(void *to, struct keep_slice name)
{
	struct looking *l = to;
	struct keep_err missing;
	const struct keep_library *library =
		keep_suite_library(l->suite, name, &missing);

	return library && library != l->suite->own ? look(l, library) : 0;
}

int keep_doctor(struct keep_ctx *c, const struct keep_doctor_args *a,
		struct keep_err *e)
{
	struct looking l = {.c = c, .list = a->list, .e = e};
	int rc = 0;

	l.suite = keep_suite_of(c, e);
	if (!l.suite)
		return -e->code;
	if (l.suite->own)
		rc = look(&l, l.suite->own);
	if (!rc)
		rc = keep_suite_libraries(l.suite, look_named, &l);
	return rc || l.found == 0 ? rc : KEEP_E_DIFFERS;
}
