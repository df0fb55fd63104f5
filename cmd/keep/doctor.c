/* keep doctor: the checks of all libraries. */
#include <keep/suite.h>

#define F struct keep_finding
static const struct keep_field fields[] = {
	{KEEP_TEXT(F, check), .required = true, .help = "what was looked at"},
	{KEEP_TEXT(F, fault), .required = true, .help = "what is wrong"},
	{KEEP_TEXT(F, mend), .required = true, .help = "the command that mends it, for sh"},
};
#undef F
const struct keep_schema keep_finding_schema =
	KEEP_SCHEMA(struct keep_finding, fields);

enum { LIBRARIES_MAX = 64 };

struct looking {
	struct keep_ctx *c;
	struct keep_err *e;
	const struct keep_library *seen[LIBRARIES_MAX];
	size_t n_seen;
	const struct keep_check *check; /* that runs */
	size_t found;
};

void keep_doctor_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_finding *f = v->items.v;
	size_t i;

	for (i = 0; i < v->items.n; i++)
		keep_buf_print(out, "%.*s: %.*s\n  %.*s\n", KEEP_F(f[i].check),
			       KEEP_F(f[i].fault), KEEP_F(f[i].mend));
	if (v->items.n == 0)
		keep_buf_text(out, "no fault was found\n");
}

static int found(void *to, struct keep_slice fault, struct keep_slice mend)
{
	struct looking *l = to;
	struct keep_finding f = {keep_slice(l->check->name), fault, mend};

	l->found++;
	return keep_emit(l->c, &f, l->e);
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
		rc = l->check->run(l->c, found, l, l->e);
		if (rc)
			keep_err_at(l->e, "check %s", l->check->name);
	}
	return rc;
}

/* The libraries of a command: words. One that is not installed has no check
 * to run. */
static int look_all(struct looking *l, const struct keep_suite *s,
		    const char *names)
{
	const struct keep_library *library;
	struct keep_slice name;
	int rc = 0;

	while (!rc && *names) {
		name = (struct keep_slice){names, strcspn(names, " ")};
		names += name.len + strspn(names + name.len, " ");
		library = keep_suite_library(s, name, NULL);
		if (library)
			rc = look(l, library);
	}
	return rc;
}

int keep_doctor(struct keep_ctx *c, const void *none, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct looking l = {.c = c, .e = e};
	size_t i;
	int rc = 0;

	(void)none;
	if (!s)
		return -e->code;
	for (i = 0; !rc && i < s->n; i++)
		rc = look_all(&l, s, s->commands[i].libraries);
	return rc || l.found == 0 ? rc : KEEP_E_DIFFERS;
}
