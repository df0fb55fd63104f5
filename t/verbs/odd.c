/* Verbs that end badly, never, or by asking; secrets and free items. */
#include <signal.h>
#include <unistd.h>
#include "tryout.h"

int keep_try_crash(struct keep_ctx *c, const void *none, void *nothing,
		   struct keep_err *e)
{
	(void)c, (void)none, (void)nothing;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return keep_fail(e, KEEP_E_INTERNAL, "the crash did not come");
}

#define H struct keep_try_hang_args
static const struct keep_field hang[] = {
	{KEEP_BOOL(H, deaf), .help = "nobody can cancel it"},
	{KEEP_BOOL(H, takes), .help = "it wants to hear more of that"},
};
#undef H
const struct keep_schema keep_try_hang_schema =
	KEEP_SCHEMA(struct keep_try_hang_args, hang);

int keep_try_hang(struct keep_ctx *c, const struct keep_try_hang_args *a,
		  void *nothing, struct keep_err *e)
{
	char sign;
	int rc;

	(void)nothing;
	keep_progress(c, KEEP_S("hanging"), 0, 0);
	rc = keep_wait(c, -1, 0, e);
	while (a->takes && read(c->cancel_fd_plus_one - 1, &sign, 1) == 1) {
		keep_progress(c, KEEP_S("taken"), 0, 0);
		rc = keep_wait(c, -1, 0, e);
	}
	if (a->deaf)
		keep_progress(c, KEEP_S("deaf"), 0, 0);
	while (a->deaf)
		pause();
	return rc;
}

int keep_try_net(struct keep_ctx *c, const void *none,
		 struct keep_try_number *r, struct keep_err *e)
{
	(void)none, (void)e;
	r->number = c->verb->flags;
	return 0;
}

#define I struct keep_try_item
static const struct keep_field item[] = {
	{KEEP_ITEM(I, item), .source = KEEP_WORD, .required = true, .help = "anything, as JSON"},
};
#undef I
const struct keep_schema keep_try_item_schema =
	KEEP_SCHEMA(struct keep_try_item, item);

int keep_try_item(struct keep_ctx *c, const struct keep_try_item *a,
		  struct keep_slice *r, struct keep_err *e)
{
	(void)c, (void)e;
	*r = a->item;
	return 0;
}

#define A struct keep_try_answer
static const struct keep_field answer[] = {
	{KEEP_TEXT(A, name), .required = true, .help = "what was answered"},
	{KEEP_BOOL(A, yes), .required = true, .help = "whether yes was"},
};
#undef A
const struct keep_schema keep_try_answer_schema =
	KEEP_SCHEMA(struct keep_try_answer, answer);

int keep_try_ask(struct keep_ctx *c, const void *none,
		 struct keep_try_answer *r, struct keep_err *e)
{
	struct keep_slice yes;

	(void)none;
	if (!c->ask)
		return keep_fail(e, KEEP_E_INTERACTIVE, "nobody can be asked");
	if (c->ask(c, KEEP_ASK_TEXT, "name", &r->name, e) ||
	    c->ask(c, KEEP_ASK_YES, "really", &yes, e))
		return -e->code;
	r->yes = keep_slice_is(yes, "y");
	return 0;
}

#define S struct keep_try_secret
static const struct keep_field pin[] = {
	{KEEP_SECRET(S, pin), .required = true, .max = 64, .help = "a secret"},
};
static const struct keep_field pin_result[] = {
	{KEEP_SECRET(S, pin), .required = true, .help = "the same"},
};
#undef S
const struct keep_schema keep_try_secret_schema =
	KEEP_SCHEMA(struct keep_try_secret, pin);
const struct keep_schema keep_try_secret_result_schema =
	KEEP_SCHEMA(struct keep_try_secret, pin_result);

int keep_try_secret(struct keep_ctx *c, const struct keep_try_secret *a,
		    struct keep_try_secret *r, struct keep_err *e)
{
	(void)c, (void)e;
	r->pin = a->pin;
	return 0;
}
