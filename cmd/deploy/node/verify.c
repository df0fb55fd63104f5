/* keep node verify */
#include "node.h"

static const char *const whats[] = {"changed", "missing", "added", "mode"};
static const struct keep_names_of what_names = {whats, KEEP_COUNT(whats)};

#define D struct keep_node_drift
static const struct keep_field drift_fields[] = {
	{KEEP_TEXT(D, path), .required = true,
	 .help = "of the node, with a slash before it; else of its generation"},
	{KEEP_ENUM(D, what, &what_names), .required = true, .help = "what is so"},
};
#undef D
static const struct keep_schema drift_schema =
	KEEP_SCHEMA(struct keep_node_drift, drift_fields);

#define R struct keep_node_verify_row
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, name), .required = true, .help = "the node"},
	{KEEP_ENUM(R, state, &keep_node_stands), .required = true, .help = "how it stands"},
	{KEEP_TEXT(R, current), .help = "its generation; absent: it has none"},
	{KEEP_STRUCTS(R, drift, struct keep_node_drift, drift_schema), .required = true,
	 .help = "what is not as that says"},
	{KEEP_TEXT(R, text), .help = "what went wrong"},
	{KEEP_TEXT(R, result), .help = "how the last deploy ended, as keep node status says"},
};
#undef R
const struct keep_schema keep_node_verify_row_schema =
	KEEP_SCHEMA(struct keep_node_verify_row, fields);

/* False for a word that is no drift. */
static bool what_of(struct keep_slice word, uint32_t *what)
{
	for (*what = 0; *what < KEEP_COUNT(whats); ++*what)
		if (keep_slice_is(word, whats[*what]))
			return true;
	return false;
}

int keep_node_read_verify(struct keep_ctx *c,
			  const struct keep_node_answer *a,
			  struct keep_node_verify_row *row,
			  struct keep_err *e)
{
	struct keep_slice lines = a->lines, what, words;
	struct keep_buf drift = {.mem = c->mem};
	struct keep_node_drift d;

	*row = (struct keep_node_verify_row){
		.name = a->name, .state = a->state, .text = a->text};
	while (a->state == KEEP_STANDS_OK &&
	       keep_node_line(&lines, &what, &words)) {
		if (keep_slice_is(what, "current"))
			row->current = keep_node_text(c, words);
		if (keep_slice_is(what, "journal"))
			row->result = keep_node_result(c, words);
		if (!what_of(what, &d.what))
			continue;
		d.path = keep_node_text(c, words);
		keep_buf_put(&drift, &d, sizeof d);
	}
	row->drift = (struct keep_list){keep_buf_get(&drift).p,
					drift.len / sizeof d};
	if (row->state == KEEP_STANDS_OK && !row->current.p)
		row->state = KEEP_STANDS_BARE;
	else if (row->state == KEEP_STANDS_OK && row->drift.n)
		row->state = KEEP_STANDS_DRIFTED;
	return keep_buf_check(&drift, e);
}

/* What is worse than drift is told. */
static int tell(struct keep_ctx *c, const struct keep_node_answers *answers,
		struct keep_err *e)
{
	struct keep_node_verify_row row;
	int rc = 0, verdict = 0;
	bool drifted = false;
	size_t i;

	for (i = 0; i < answers->n && !rc; i++) {
		rc = keep_node_read_verify(c, &answers->v[i], &row, e);
		if (rc)
			return rc;
		if (row.state == KEEP_STANDS_DRIFTED)
			drifted = true;
		else
			verdict = keep_node_verdict(verdict, row.state);
		rc = keep_emit(c, &row, e);
	}
	if (rc || verdict)
		return rc ? rc : verdict;
	return drifted ? KEEP_E_DIFFERS : 0;
}

int keep_node_verify(struct keep_ctx *c, const struct keep_node_ask_args *a,
		     struct keep_err *e)
{
	const struct keep_node_question q = {"verify", false,
					     KEEP_REACH_OPTIONS(a)};
	struct keep_node_answers answers;
	int rc = keep_node_ask_all(c, a->filter, &q, &answers, e);

	return rc ? rc : tell(c, &answers, e);
}

/* That what is there is whole says nothing of who came last. */
static void put_whole(const struct keep_node_verify_row *row,
		      struct keep_buf *out)
{
	keep_buf_print(out, "%.*s: as it was deployed", KEEP_F(row->name));
	if (keep_slice_is(row->result, "start"))
		keep_buf_text(out, ", but the last deploy has not ended");
	else if (keep_node_is_failure(row->result))
		keep_buf_print(out, ", but the last deploy failed (%.*s)",
			       KEEP_F(row->result));
	keep_buf_byte(out, '\n');
}

void keep_node_verify_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_verify_row *row = v->items.v;
	const struct keep_node_drift *d;
	size_t i, j;

	for (i = 0; i < v->items.n; i++, row++) {
		d = row->drift.v;
		if (row->drift.n && keep_slice_is(row->result, "start"))
			keep_buf_print(out, "%.*s: its last deploy has not "
				       "ended: keep node status %.*s\n",
				       KEEP_F(row->name), KEEP_F(row->name));
		if (row->state == KEEP_STANDS_OK)
			put_whole(row, out);
		else if (row->state == KEEP_STANDS_BARE)
			keep_buf_print(out, "%.*s: nothing was deployed\n",
				       KEEP_F(row->name));
		else if (row->state != KEEP_STANDS_DRIFTED)
			keep_node_put_trouble(v, row->name, row->state,
					      row->text, out);
		for (j = 0; j < row->drift.n; j++)
			keep_buf_print(out, "%.*s: %s %.*s\n",
				       KEEP_F(row->name), whats[d[j].what],
				       KEEP_F(d[j].path));
	}
}
