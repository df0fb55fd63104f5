/* keep plan: what a deploy would change. */
#include <keep/cli.h>
#include <keep/git2.h>
#include "plan.h"
#include "plan/make.h"

/* --- schemas -------------------------------------------------------------- */

static const char *const kinds[] = {
	"login", "host-key", "firewall", "file", "secret", "service", "recipe",
};
static const struct keep_names_of kind_names = {kinds, KEEP_COUNT(kinds)};
static const char *const whats[] = {"gained", "lost", "changed"};
static const struct keep_names_of what_names = {whats, KEEP_COUNT(whats)};
static const char *const states[] = {
	"same", "changes", "first", "again", "skipped", "failed", "unreachable",
};
static const struct keep_names_of state_names = {states, KEEP_COUNT(states)};

#define A struct keep_plan_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_BOOL(A, live), .help = "run the checks of the recipes that nodes have"},
	{KEEP_BOOL(A, offline), .help = "ask no node, take what it had when last met"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_plan_args_schema =
	KEEP_SCHEMA(struct keep_plan_args, args);

#define X struct keep_plan_access
static const struct keep_field access_fields[] = {
	{KEEP_ENUM(X, kind, &kind_names), .required = true, .help = "what decides"},
	{KEEP_ENUM(X, what, &what_names), .required = true, .help = "what becomes of it"},
	{KEEP_TEXT(X, subject), .required = true, .help = "login, host, rule, file or service"},
	{KEEP_TEXT(X, detail), .help = "the key, who may reach what, scripts"},
	{KEEP_TEXT(X, warning), .help = "what to think of before"},
	{KEEP_TEXTS(X, nodes), .required = true, .help = "where"},
};
#undef X
static const struct keep_schema access_schema =
	KEEP_SCHEMA(struct keep_plan_access, access_fields);

#define X struct keep_plan_change
static const struct keep_field change_fields[] = {
	{KEEP_TEXT(X, path), .required = true, .help = "of the generation"},
	{KEEP_ENUM(X, what, &what_names), .required = true, .help = "gained: it is new"},
	{KEEP_BOOL(X, secret), .help = "it holds secrets, shown by their names"},
	{KEEP_TEXT(X, diff), .help = "hunks of a unified diff"},
	{KEEP_TEXT(X, note), .help = "why there is none, or not all"},
	{KEEP_TEXTS(X, nodes), .required = true, .help = "where it is the same"},
};
#undef X
static const struct keep_schema change_schema =
	KEEP_SCHEMA(struct keep_plan_change, change_fields);

#define X struct keep_plan_node
static const struct keep_field node_fields[] = {
	{KEEP_TEXT(X, name), .required = true, .help = "the node"},
	{KEEP_ENUM(X, state, &state_names), .required = true, .help = "what it is before"},
	{KEEP_TEXT(X, id), .required = true, .help = "generation that it shall have"},
	{KEEP_TEXT(X, has), .help = "generation that it has"},
	{KEEP_TEXT(X, commit), .help = "of which that was made; -dirty: with changes"},
	{KEEP_TEXT(X, text), .help = "why"},
};
#undef X
static const struct keep_schema node_schema =
	KEEP_SCHEMA(struct keep_plan_node, node_fields);

#define X struct keep_plan_live
static const struct keep_field live_fields[] = {
	{KEEP_UINT(X, status), .required = true, .help = "0: all is so, 2: they would change it"},
	{KEEP_TEXT(X, output), .required = true, .help = "what they print"},
	{KEEP_BOOL(X, cut), .help = "there was more"},
	{KEEP_TEXTS(X, nodes), .required = true, .help = "where it is the same"},
};
#undef X
static const struct keep_schema live_schema =
	KEEP_SCHEMA(struct keep_plan_live, live_fields);

#define X struct keep_plan_result
static const struct keep_field results[] = {
	{KEEP_TEXT(X, id), .required = true, .help = "of the plan, for deploy --plan"},
	{KEEP_TEXT(X, commit), .help = "of the instance"},
	{KEEP_STRUCTS(X, access, struct keep_plan_access, access_schema), .required = true,
	 .help = "what changes in access"},
	{KEEP_STRUCTS(X, changes, struct keep_plan_change, change_schema), .required = true,
	 .help = "what changes in files"},
	{KEEP_STRUCTS(X, nodes, struct keep_plan_node, node_schema), .required = true,
	 .help = "the nodes"},
	{KEEP_STRUCTS(X, live, struct keep_plan_live, live_schema),
	 .help = "what the checks say"},
};
#undef X
const struct keep_schema keep_plan_result_schema =
	KEEP_SCHEMA(struct keep_plan_result, results);
const uint16_t keep_plan_errors[] = {
	KEEP_E_DIFFERS, KEEP_E_NOT_FOUND, KEEP_E_PARTIAL, KEEP_E_UNREACHABLE,
	KEEP_E_NO_AGENT, KEEP_E_KEY_NOT_IN_AGENT, KEEP_E_AGENT_REFUSED,
	KEEP_E_DENIED, KEEP_E_IO, 0,
};

/* --- a plan that is made -------------------------------------------------- */

static int gather(struct keep_planning *u, struct keep_slices filter,
		  struct keep_mem *locked, struct keep_err *e)
{
	const struct keep_past_allow any = {true, true};
	struct keep_err why; /* a plan needs no commit */
	int rc = keep_generations(u->c, filter, 0, locked, &u->all, e);

	if (rc)
		return rc;
	if (keep_past_guard(u->c, any, &u->head, &why))
		u->head = (struct keep_past_head){0};
	return keep_planning_begin(u, e);
}

static int fold(struct keep_planning *u, struct keep_plan_result *r,
		struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		u->c->run_dir, KEEP_S("git2"), "keep_git2_api", e);

	return git ? keep_planning_fold(u, git, r, e) : -e->code;
}

/* Where nothing can be written it is shown all the same. */
static int save(const struct keep_planning *u, struct keep_plan_result *r,
		struct keep_err *e)
{
	struct keep_err why;
	struct keep_plan plan;
	char id[KEEP_PLAN_ID_LEN + 1];
	int rc = keep_plan_of(u->c, keep_slice(*u->head.id ? u->head.id :
							     "none"),
			      &u->all, &plan, e);

	if (rc)
		return rc;
	rc = keep_plan_save(u->c, &plan, id, &why);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (rc)
		keep_log(u->c->log, KEEP_LOG_ERROR, "%s: `keep deploy --plan` "
			 "will not find this plan", why.message);
	r->id = keep_mem_copy(u->c->mem, keep_slice(id));
	if (*u->head.id)
		r->commit = keep_mem_copy(u->c->mem, keep_slice(u->head.id));
	return r->id.p && (r->commit.p || !*u->head.id) ? 0 :
		keep_no_memory(e);
}

static int live_verdict(const struct keep_plan_result *r)
{
	const struct keep_plan_live *v = r->live.v;
	int code = 0;
	size_t i;

	for (i = 0; i < r->live.n && code != KEEP_E_PARTIAL; i++)
		if (v[i].status)
			code = v[i].status == 2 ? KEEP_E_DIFFERS :
						  KEEP_E_PARTIAL;
	return code;
}

static int verdict(const struct keep_plan_result *r)
{
	static const int codes[] = {
		[KEEP_PLAN_CHANGES] = KEEP_E_DIFFERS,
		[KEEP_PLAN_FIRST] = KEEP_E_DIFFERS,
		[KEEP_PLAN_AGAIN] = KEEP_E_DIFFERS,
		[KEEP_PLAN_SKIPPED] = KEEP_E_PARTIAL,
		[KEEP_PLAN_FAILED] = KEEP_E_PARTIAL,
		[KEEP_PLAN_UNREACHABLE] = KEEP_E_UNREACHABLE,
	};
	const struct keep_plan_node *v = r->nodes.v;
	int code = live_verdict(r);
	size_t i;

	if (code == KEEP_E_PARTIAL)
		return code;
	for (i = 0; i < r->nodes.n; i++) {
		int one = codes[v[i].state];

		if (one == KEEP_E_PARTIAL)
			return one;
		if (one && code != KEEP_E_UNREACHABLE)
			code = one;
	}
	return code;
}

static int make(struct keep_planning *u, const struct keep_plan_args *a,
		struct keep_plan_result *r, struct keep_err *e)
{
	const struct keep_reach_options options = KEEP_REACH_OPTIONS(a);
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_contacts none;
	int rc = 0;

	if (!a->filter.n) /* which it refuses */
		rc = keep_contacts(u->c, a->filter, &none, e);
	if (!rc)
		rc = gather(u, a->filter, &locked, e);
	if (!rc)
		rc = a->offline ? keep_planning_offline(u, e) :
				  keep_planning_online(u, &options,
						       a->live ? r : NULL, e);
	if (!rc)
		rc = fold(u, r, e);
	return rc ? rc : save(u, r, e);
}

int keep_plan(struct keep_ctx *c, const struct keep_plan_args *a,
	      struct keep_plan_result *r, struct keep_err *e)
{
	struct keep_planning u = {.c = c};
	int rc = make(&u, a, r, e);

	keep_planning_end(&u);
	return rc ? rc : verdict(r);
}

/* --- for a question ------------------------------------------------------- */

int keep_plan_summary(struct keep_ctx *c, const struct keep_generations *all,
		      struct keep_buf *out, struct keep_err *e)
{
	struct keep_planning u = {.c = c, .all = *all};
	struct keep_plan_result r = {0};
	int rc = keep_planning_begin(&u, e);

	if (!rc)
		rc = keep_planning_offline(&u, e);
	if (!rc)
		rc = keep_planning_fold(&u, NULL, &r, e);
	keep_planning_end(&u);
	if (!rc)
		keep_plan_put_summary(&r, c->mem, out);
	return rc ? rc : keep_buf_check(out, e);
}
