/* keep history: what was deployed, newest first. */
#include <stdlib.h>
#include <keep/cli.h>
#include <keep/provider.h>
#include "history/history.h"
#include "reach.h"

enum { FETCH_MS = 60000 };

#define A struct keep_history_args
static const struct keep_field args[] = {
	{KEEP_TEXTS(A, filter), .source = KEEP_REST, .meta = "FILTER",
	 .max_n = KEEP_FILTER_WORDS, .complete = keep_complete_filter,
	 .help = "only deploys to these nodes"},
	{KEEP_UINT(A, count), .letter = 'n', .dflt = "20", .min = 1, .max = KEEP_HISTORY_COMMITS,
	 .help = "how many deploys are shown"},
	{KEEP_BOOL(A, fetch), .help = "let git fetch those of others first"},
	{KEEP_BOOL(A, live), .help = "ask the nodes for their own journals"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_history_args_schema =
	KEEP_SCHEMA(struct keep_history_args, args);

#define N struct keep_history_node
static const struct keep_field nodes[] = {
	{KEEP_TEXT(N, name), .required = true, .max = 63, .help = "the node"},
	{KEEP_TEXT(N, state), .required = true, .max = 32, .help = "what became of it"},
	{KEEP_TEXT(N, id), .max = 64, .help = "its generation"},
	{KEEP_UINT(N, ms), .required = true, .help = "how many milliseconds it took; 0: not known"},
};
#undef N
static const struct keep_schema nodes_schema =
	KEEP_SCHEMA(struct keep_history_node, nodes);

#define R struct keep_history_row
static const struct keep_field row[] = {
	{KEEP_TIME(R, at), .required = true, .help = "when it ended"},
	{KEEP_TEXT(R, user), .required = true, .max = 64, .help = "who deployed"},
	{KEEP_TEXT(R, host), .required = true, .max = 253, .help = "from which machine"},
	{KEEP_TEXT(R, verb), .required = true, .max = 32, .help = "deploy or rollback"},
	{KEEP_TEXT(R, deploy), .required = true, .max = 64, .help = "its id"},
	{KEEP_TEXT(R, commit), .max = 64, .help = "the instance's commit"},
	{KEEP_BOOL(R, dirty), .required = true, .help = "other than that was deployed"},
	{KEEP_TEXT(R, plan), .max = 64, .help = "the plan's id"},
	{KEEP_STRUCTS(R, nodes, struct keep_history_node, nodes_schema), .required = true,
	 .max_n = KEEP_HISTORY_NODES, .help = "its nodes"},
	{KEEP_TEXT(R, id), .max = 64, .help = "the commit of history that tells this"},
	{KEEP_BOOL(R, is_signed), .required = true, .help = "an agent signed it"},
};
#undef R
const struct keep_schema keep_history_row_schema =
	KEEP_SCHEMA(struct keep_history_row, row);

/* --- which nodes ------------------------------------------------------- */

/* What is looked for, and how far it is. */
struct reading {
	struct keep_ctx *c;
	const struct keep_history_args *a;
	struct keep_buf names;  /* struct keep_slice: nodes of the filter */
	bool by_name;           /* the filter's words are names themselves */
	struct keep_err unknown; /* why: what the instance says of them */
	uint32_t told, seen;
};

static int take_name(struct keep_ctx *c, const void *item, struct keep_err *e)
{
	const struct keep_node_row *node = item;
	struct reading *r = c->user;
	struct keep_slice name = keep_mem_copy(r->c->mem, node->name);

	keep_buf_put(&r->names, &name, sizeof name);
	return name.p ? keep_buf_check(&r->names, e) : keep_no_memory(e);
}

static bool are_names(struct keep_slices words)
{
	size_t i, j;

	for (i = 0; i < words.n; i++)
		for (j = 0; j < words.v[i].len; j++)
			if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-*?",
				    words.v[i].p[j]))
				return false;
	return true;
}

/* An instance that has faults, or the nodes no more, still has a past. */
static int select_nodes(struct reading *r, struct keep_err *e)
{
	struct keep_node_list_args list = {.filter = r->a->filter};
	struct keep_ctx inner = *r->c;
	int rc;

	if (!list.filter.n)
		return 0;
	inner.emit = take_name;
	inner.user = r;
	inner.progress = NULL;
	inner.ask = NULL;
	rc = keep_node_list(&inner, &list, &r->unknown);
	r->by_name = rc == -KEEP_E_BAD_ARGS && are_names(list.filter);
	if (rc && !r->by_name)
		*e = r->unknown;
	return r->by_name ? 0 : rc;
}

static bool is_chosen(const struct reading *r, struct keep_slice name)
{
	const struct keep_slice *v = r->by_name ? r->a->filter.v :
		(const void *)r->names.p;
	size_t i, n = r->by_name ? r->a->filter.n :
		r->names.len / sizeof *v;

	for (i = 0; i < n; i++)
		if (r->by_name ? keep_text_glob(v[i], name) :
				 keep_slice_eq(v[i], name))
			return true;
	return !r->a->filter.n;
}

static void leave_chosen(const struct reading *r, struct keep_list *list)
{
	struct keep_history_node *v = (void *)(uintptr_t)list->v;
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (is_chosen(r, v[i].name))
			v[n++] = v[i];
	list->n = n;
}

/* --- reading ----------------------------------------------------------- */

static int emit(struct reading *r, const struct keep_git2_entry *entry,
		struct keep_history_row *found, struct keep_err *e)
{
	int rc;

	leave_chosen(r, &found->nodes);
	if (r->a->filter.n && !found->nodes.n)
		return 0;
	found->id = keep_slice(entry->id);
	found->is_signed = entry->is_signed;
	rc = keep_emit(r->c, found, e);
	return rc ? rc : ++r->told >= r->a->count;
}

static int on_entry(void *to, const struct keep_git2_entry *entry,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {.limit = 16 * (size_t)KEEP_HISTORY_MAX};
	struct reading *r = to;
	struct keep_history_row found;
	struct keep_err why = {0};
	int rc = keep_cancelled(r->c, e);

	if (rc)
		return rc;
	if (r->seen++ == KEEP_HISTORY_COMMITS)
		return 1;
	if (!keep_past_read(&m, entry->content, &found, &why))
		return emit(r, entry, &found, e);
	keep_log(r->c->log, KEEP_LOG_WARNING, "commit %s tells of no deploy: "
		 "%s", entry->id, why.message);
	return 0;
}

static int fetch(struct keep_ctx *c, const struct keep_git2_api *git,
		 struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance);
	const char *argv[] = {"fetch", "--quiet", NULL, NULL};
	struct keep_git2_head head = {0};
	int rc = git->head(dir, &head, e);

	argv[2] = head.remote;
	if (!rc && !head.remote[0])
		return keep_fail(e, KEEP_E_NOT_FOUND, "there is no remote to "
				 "fetch from");
	if (!rc)
		rc = git->follow(dir, e);
	return rc ? rc : keep_past_run_git(c, argv, FETCH_MS, e);
}

int keep_history(struct keep_ctx *c, const struct keep_history_args *a,
		 struct keep_err *e)
{
	struct reading r = {.c = c, .a = a, .names = {.mem = c->mem}};
	struct keep_git2_past ask = {KEEP_PAST_FILE, KEEP_HISTORY_MAX,
				     on_entry, &r};
	const struct keep_git2_api *git;
	int rc;

	if (!c->instance.plus_one)
		return keep_fail(e, KEEP_E_NOT_FOUND, "there is no Keepfile "
				 "here or above: this is no provider instance");
	if (a->live && a->fetch)
		return keep_fail(e, KEEP_E_BAD_ARGS, "--live reads no git: "
				 "--fetch has no use there");
	if (a->live)
		return keep_past_live(c, a, e);
	git = keep_past_git(c, e);
	rc = git ? select_nodes(&r, e) : -e->code;
	if (!rc && a->fetch)
		rc = fetch(c, git, e);
	if (!rc)
		rc = git->past(keep_fd_get(&c->instance), &ask, e);
	if (rc || !r.by_name || r.told)
		return rc;
	*e = r.unknown; /* no past either */
	return -e->code;
}

/* --- as text ----------------------------------------------------------- */

static void cell(struct keep_tab *t, struct keep_slice s, size_t max)
{
	keep_tab_cell(t, s.len ? keep_text_safe(t->mem, s, max)
			       : KEEP_S("-"));
}

static void put_when(const struct keep_view *v, struct keep_tab *t,
		     uint64_t at)
{
	struct keep_buf b = {.mem = v->mem};

	if (v->terminal)
		keep_time_relative(&b, at, v->now_s);
	else
		keep_time_put(&b, at);
	t->failed |= b.failed;
	keep_tab_cell(t, keep_buf_get(&b));
}

static void put_head(const struct keep_view *v, struct keep_tab *t,
		     const struct keep_history_row *r)
{
	put_when(v, t, r->at);
	cell(t, keep_mem_print(v->mem, "%.*s@%.*s", KEEP_F(r->user),
			       KEEP_F(r->host)), 40);
	cell(t, r->verb, 20);
	cell(t, keep_mem_print(v->mem, "%.*s%s", r->commit.len < 7 ?
			       (int)r->commit.len : 7, r->commit.p ?
			       r->commit.p : "", r->dirty ? "+" : ""), 20);
}

/* "5 changed, 1 failed": in the order in which they are met. */
static struct keep_slice counts(struct keep_mem *m, const struct keep_list *l)
{
	const struct keep_history_node *v = l->v;
	struct keep_buf b = {.mem = m};
	size_t i, j, n;

	for (i = 0; i < l->n; i++) {
		for (j = 0; j < i && !keep_slice_eq(v[j].state, v[i].state);)
			j++;
		if (j < i)
			continue;
		for (n = 0; j < l->n; j++)
			n += keep_slice_eq(v[j].state, v[i].state);
		keep_buf_print(&b, "%s%zu %.*s", b.len ? ", " : "", n,
			       KEEP_F(v[i].state));
	}
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

static void put_deploy(const struct keep_view *v, struct keep_tab *t,
		       const struct keep_history_row *r)
{
	put_head(v, t, r);
	cell(t, r->plan, 12);
	cell(t, counts(v->mem, &r->nodes), 200);
	keep_tab_cell(t, r->is_signed ? KEEP_S("signed") : KEEP_S("-"));
}

static void put_node(const struct keep_view *v, struct keep_tab *t,
		     const struct keep_history_row *r,
		     const struct keep_history_node *n)
{
	struct keep_buf ms = {.mem = v->mem};

	put_head(v, t, r);
	cell(t, n->name, 63);
	cell(t, n->state, 32);
	cell(t, (struct keep_slice){n->id.p, n->id.len < 12 ? n->id.len : 12},
	     12);
	if (n->ms)
		keep_duration_put(&ms, n->ms);
	else
		keep_buf_byte(&ms, '-');
	keep_tab_cell(t, keep_buf_get(&ms));
	t->failed |= ms.failed;
}

static void put_titles(struct keep_tab *t, bool by_node)
{
	static const char *const deploys[] = {
		"WHEN", "WHO", "WHAT", "COMMIT", "PLAN", "NODES", "SIGNED"};
	static const char *const by_nodes[] = {
		"WHEN", "WHO", "WHAT", "COMMIT", "NODE", "STATE",
		"GENERATION", "TOOK"};
	size_t i;

	for (i = 0; i < t->n_columns; i++)
		keep_tab_cell(t, keep_slice(by_node ? by_nodes[i]
						    : deploys[i]));
}

/* A line a deploy; with a filter, a line a node. */
void keep_history_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_history_args *a = v->args;
	const struct keep_history_row *rows = v->items.v;
	bool by_node = a && a->filter.n;
	struct keep_tab t = {.mem = v->mem, .n_columns = by_node ? 8 : 7,
			     .heading = v->terminal};
	size_t i, j;

	if (v->terminal && v->items.n)
		put_titles(&t, by_node);
	for (i = 0; i < v->items.n; i++) {
		const struct keep_history_node *n = rows[i].nodes.v;

		if (!by_node)
			put_deploy(v, &t, &rows[i]);
		for (j = 0; by_node && j < rows[i].nodes.n; j++)
			put_node(v, &t, &rows[i], &n[j]);
	}
	keep_tab_put(&t, out);
	out->failed |= t.failed;
}
