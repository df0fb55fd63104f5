/* keep plan: what a deploy would change. */
#include <keep/cli.h>
#include <keep/git2.h>
#include "known.h"
#include "past.h"
#include "plan.h"
#include "plan/ask.h"
#include "plan/sides.h"

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
	{KEEP_TEXT(X, commit), .help = "of which that was made"},
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

struct run {
	struct keep_ctx *c;
	const struct keep_plan_args *a;
	struct keep_plan_result *r;
	struct keep_past_head head;
	struct keep_generations all;
	struct keep_plan_node *rows;
	struct keep_asking asking;
	struct keep_texts texts;
	struct keep_side_from from;
	struct keep_plan_build b;
};

static int begin(struct run *u, struct keep_mem *locked, struct keep_err *e)
{
	const struct keep_past_allow any = {true, true};
	struct keep_mem *m = u->c->mem;
	size_t i;
	int rc = keep_generations(u->c, u->a->filter, false, locked, &u->all,
				  e);

	if (!rc && keep_past_guard(u->c, any, &u->head, NULL))
		u->head = (struct keep_past_head){0}; /* it is in no git */
	if (!rc)
		rc = keep_texts_begin(u->c, &u->texts, e);
	if (rc)
		return rc;
	u->rows = KEEP_NEWS(m, u->all.n, struct keep_plan_node);
	u->asking.v = KEEP_NEWS(m, u->all.n, struct keep_asked);
	if (!u->rows || !u->asking.v)
		return keep_no_memory(e);
	for (i = 0; i < u->all.n; i++) {
		u->rows[i].name = u->all.v[i].node;
		u->rows[i].id = keep_slice(u->all.v[i].id);
		u->asking.v[i].g = &u->all.v[i];
		u->asking.v[i].row = &u->rows[i];
	}
	u->asking.c = u->c;
	u->asking.n = u->all.n;
	u->asking.texts = &u->texts;
	u->from = (struct keep_side_from){m, &u->texts};
	u->b = (struct keep_plan_build){
		.mem = m, .pairs = {.mem = m}, .edits = {.mem = m},
		.access = {.mem = m},
	};
	return 0;
}

/* --- what nodes have ------------------------------------------------------ */

static int remember(struct run *u, size_t i, struct keep_err *e)
{
	struct keep_plan_node *row = &u->rows[i];
	struct keep_known k;
	int rc = keep_known_get(u->c, u->c->mem, row->name, &k, e);

	if (rc)
		return rc;
	row->has = k.id;
	row->commit = k.commit;
	u->asking.v[i].manifest = k.manifest;
	if (!k.id.p) {
		row->state = KEEP_PLAN_FIRST;
		row->text = KEEP_S("nothing is known of it here");
	} else {
		row->state = keep_slice_eq(k.id, row->id) ? KEEP_PLAN_SAME :
							    KEEP_PLAN_CHANGES;
	}
	return 0;
}

static int compare(struct run *u, struct keep_err *e)
{
	struct keep_plan_side *sides = KEEP_NEWS(u->c->mem, 2 * u->all.n,
						 struct keep_plan_side);
	size_t i;
	int rc = sides ? 0 : keep_no_memory(e);

	for (i = 0; i < u->all.n && !rc; i++, sides += 2) {
		if (u->rows[i].state != KEEP_PLAN_CHANGES &&
		    u->rows[i].state != KEEP_PLAN_FIRST)
			continue;
		rc = keep_side_old(&u->from, u->asking.v[i].manifest, sides,
				   e);
		if (!rc)
			rc = keep_side_new(u->c->mem, &u->all.v[i], sides + 1,
					   e);
		if (!rc)
			rc = keep_plan_add(&u->b, u->rows[i].name, sides,
					   sides + 1, e);
	}
	return rc;
}

static int offline(struct run *u, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < u->all.n && !rc; i++)
		rc = remember(u, i, e);
	return rc ? rc : compare(u, e);
}

static int online(struct run *u, const struct keep_contacts *contacts,
		  struct keep_err *e)
{
	const struct keep_reach_options options = KEEP_REACH_OPTIONS(u->a);
	struct keep_reach reach = {0};
	int rc = keep_reach_begin(u->c, contacts, &options, &reach, e);

	u->asking.reach = &reach;
	if (!rc && reach.n != u->all.n)
		rc = keep_fail(e, KEEP_E_INTERNAL, "%zu of %zu nodes", reach.n,
			       u->all.n);
	if (!rc)
		rc = keep_ask_all(&u->asking, e);
	if (!rc)
		rc = compare(u, e);
	if (!rc)
		rc = keep_ask_texts(&u->asking, &u->b, e);
	if (!rc && u->a->live)
		rc = keep_ask_live(&u->asking, u->r, e);
	keep_reach_end(&reach);
	return rc ? rc : keep_cancelled(u->c, e);
}

/* A node may have what a colleague deployed, and has not shared. */
static int look_behind(struct run *u, struct keep_err *e)
{
	struct keep_slice last = {0};
	bool behind = false;
	size_t i;
	int rc = 0;

	for (i = 0; i < u->all.n && !rc && *u->head.id; i++) {
		struct keep_plan_node *row = &u->rows[i];

		if (row->state != KEEP_PLAN_CHANGES || !row->commit.p)
			continue;
		if (!keep_slice_eq(row->commit, last))
			rc = keep_past_behind(u->c, row->commit, &behind, e);
		last = row->commit;
		if (rc || !behind)
			continue;
		row->text = keep_mem_print(u->c->mem, "it carries %.*s, which "
			"your HEAD lacks: git pull", KEEP_F(keep_text_safe(
				u->c->mem, last, sizeof u->head.id)));
		rc = row->text.p ? 0 : keep_no_memory(e);
	}
	return rc;
}

/* --- what comes of it ----------------------------------------------------- */

static int fold(struct run *u, struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		u->c->run_dir, KEEP_S("git2"), "keep_git2_api", e);
	int rc;

	if (!git)
		return -e->code;
	u->b.diff = git->diff;
	rc = git->begin(e);
	if (rc)
		return rc;
	rc = keep_plan_fold(&u->b, u->r, e);
	git->end();
	return rc;
}

static int save(struct run *u, struct keep_err *e)
{
	struct keep_planned *v = KEEP_NEWS(u->c->mem, u->all.n,
					   struct keep_planned);
	const struct keep_plan plan = {
		keep_slice(*u->head.id ? u->head.id : "none"), v, u->all.n,
	};
	char id[KEEP_PLAN_ID_LEN + 1];
	size_t i;
	int rc;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < u->all.n; i++)
		v[i] = (struct keep_planned){u->rows[i].name, u->rows[i].id};
	rc = keep_plan_save(u->c, &plan, id, e);
	if (rc)
		return rc;
	u->r->id = keep_mem_copy(u->c->mem, keep_slice(id));
	if (*u->head.id)
		u->r->commit = keep_mem_copy(u->c->mem,
					     keep_slice(u->head.id));
	u->r->nodes = (struct keep_list){u->rows, u->all.n};
	return u->r->id.p && (u->r->commit.p || !*u->head.id) ? 0 :
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

static int verdict(const struct run *u)
{
	static const int codes[] = {
		[KEEP_PLAN_CHANGES] = KEEP_E_DIFFERS,
		[KEEP_PLAN_FIRST] = KEEP_E_DIFFERS,
		[KEEP_PLAN_AGAIN] = KEEP_E_DIFFERS,
		[KEEP_PLAN_SKIPPED] = KEEP_E_PARTIAL,
		[KEEP_PLAN_FAILED] = KEEP_E_PARTIAL,
		[KEEP_PLAN_UNREACHABLE] = KEEP_E_UNREACHABLE,
	};
	int code = live_verdict(u->r);
	size_t i;

	if (code == KEEP_E_PARTIAL)
		return code;
	for (i = 0; i < u->all.n; i++) {
		int one = codes[u->rows[i].state];

		if (one == KEEP_E_PARTIAL)
			return one;
		if (one && code != KEEP_E_UNREACHABLE)
			code = one;
	}
	return code;
}

int keep_plan(struct keep_ctx *c, const struct keep_plan_args *a,
	      struct keep_plan_result *r, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct run u = {.c = c, .a = a, .r = r};
	struct keep_contacts contacts = {0};
	int rc = 0;

	if (!a->offline || !a->filter.n)
		rc = keep_contacts(c, a->filter, &contacts, e);

	if (!rc)
		rc = begin(&u, &locked, e);
	if (!rc)
		rc = a->offline ? offline(&u, e) : online(&u, &contacts, e);
	if (!rc)
		rc = look_behind(&u, e);
	if (!rc)
		rc = fold(&u, e);
	if (!rc)
		rc = save(&u, e);
	keep_texts_end(&u.texts);
	return rc ? rc : verdict(&u);
}
