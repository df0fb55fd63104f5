/* keep node status */
#include <string.h>
#include <keep/cli.h>
#include <keep/generation.h>
#include "node.h"

#define A struct keep_node_ask_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_node_ask_args_schema =
	KEEP_SCHEMA(struct keep_node_ask_args, args);

#define R struct keep_node_status_row
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, name), .required = true, .help = "the node"},
	{KEEP_ENUM(R, state, &keep_node_stands), .required = true, .help = "how it stands"},
	{KEEP_TEXT(R, current), .help = "its generation; absent: it has none"},
	{KEEP_TEXT(R, applied), .help = "the generation that was applied last"},
	{KEEP_INT(R, status), KEEP_HAS(R, has_status),
	 .help = "exit status of that, or of what was taken back; -1: it did not end"},
	{KEEP_TEXT(R, commit),
	 .help = "commit of the instance, of its journal's last line; -dirty: with changes"},
	{KEEP_TEXT(R, who), .help = "who deployed it"},
	{KEEP_TIME(R, at), KEEP_HAS(R, has_at), .help = "when"},
	{KEEP_TEXT(R, result), .help = "how that ended: ok, start, fail:N, back:N, broken:N"},
	{KEEP_TEXT(R, holder), .help = "who holds its lock now"},
	{KEEP_TEXT(R, veto), .help = "what /etc/keep/no-deploy says"},
	{KEEP_TEXT(R, text), .help = "what went wrong"},
};
#undef R
const struct keep_schema keep_node_status_row_schema =
	KEEP_SCHEMA(struct keep_node_status_row, fields);

/* --- what a node says ----------------------------------------------------- */

static void read_applied(struct keep_ctx *c, struct keep_slice words,
			 struct keep_node_status_row *row)
{
	struct keep_slice status;
	uint64_t n;

	row->applied = keep_node_text(c, keep_next_word(&words));
	status = keep_next_word(&words);
	row->has_status = true;
	row->status = keep_num_uint(status, &n) && n < 256 ? (int32_t)n : -1;
}

/* It is the last: time, id, the id before it, commit, deploy, who, result. */
struct keep_slice keep_node_result(struct keep_ctx *c, struct keep_slice words)
{
	int i;

	for (i = 0; i < 6; i++)
		keep_next_word(&words);
	return keep_node_text(c, keep_next_word(&words));
}

bool keep_node_is_failure(struct keep_slice result)
{
	return keep_slice_starts(result, "fail:") ||
	       keep_slice_starts(result, "back:") ||
	       keep_slice_starts(result, "broken:");
}

static void read_journal(struct keep_ctx *c, struct keep_slice words,
			 struct keep_node_status_row *row)
{
	struct keep_slice at;

	row->result = keep_node_result(c, words);
	at = keep_next_word(&words);
	row->has_at = keep_num_uint(at, &row->at) && row->at <= KEEP_TIME_MAX;
	keep_next_word(&words);
	keep_next_word(&words);
	row->commit = keep_node_text(c, keep_next_word(&words));
	keep_next_word(&words);
	row->who = keep_node_text(c, keep_next_word(&words));
}

static void judge(struct keep_node_status_row *row)
{
	if (row->holder.p)
		row->state = KEEP_STANDS_RUNNING;
	else if (!row->current.p)
		row->state = KEEP_STANDS_BARE;
	else if (!row->has_status || row->status != 0 ||
		 !keep_slice_eq(row->current, row->applied))
		row->state = KEEP_STANDS_FAILED;
	if (row->state != KEEP_STANDS_FAILED)
		return;
	if (keep_slice_starts(row->result, "back:"))
		row->text = KEEP_S("the last deploy failed, and was taken "
				   "back");
	else if (keep_slice_starts(row->result, "broken:"))
		row->text = KEEP_S("the last deploy failed, and so did what "
				   "was there before");
	else if (keep_slice_is(row->result, "start"))
		row->text = KEEP_S("the last deploy was cut off");
}

void keep_node_read_status(struct keep_ctx *c,
			   const struct keep_node_answer *a,
			   struct keep_node_status_row *row)
{
	struct keep_slice lines = a->lines, what, words;

	*row = (struct keep_node_status_row){
		.name = a->name, .state = a->state, .text = a->text};
	if (a->state != KEEP_STANDS_OK)
		return;
	while (keep_node_line(&lines, &what, &words)) {
		if (keep_slice_is(what, "current"))
			row->current = keep_node_text(c, words);
		else if (keep_slice_is(what, "applied"))
			read_applied(c, words, row);
		else if (keep_slice_is(what, "journal"))
			read_journal(c, words, row);
		else if (keep_slice_is(what, "lock"))
			row->holder = keep_node_text(c, words);
		else if (keep_slice_is(what, "veto"))
			row->veto = keep_node_text(c, words);
	}
	judge(row);
}

static int tell(struct keep_ctx *c, const struct keep_node_answers *answers,
		struct keep_err *e)
{
	struct keep_node_status_row row;
	int rc = 0, verdict = 0;
	size_t i;

	for (i = 0; i < answers->n && !rc; i++) {
		keep_node_read_status(c, &answers->v[i], &row);
		verdict = keep_node_verdict(verdict, row.state);
		rc = keep_emit(c, &row, e);
	}
	return rc ? rc : verdict;
}

int keep_node_status(struct keep_ctx *c, const struct keep_node_ask_args *a,
		     struct keep_err *e)
{
	const struct keep_node_question q = {"status", false,
					     KEEP_REACH_OPTIONS(a)};
	struct keep_node_answers answers;
	int rc = keep_node_ask_all(c, a->filter, &q, &answers, e);

	return rc ? rc : tell(c, &answers, e);
}

/* --- text ----------------------------------------------------------------- */

static void put_row(const struct keep_view *v, struct keep_tab *t,
		    const struct keep_node_status_row *row)
{
	struct keep_buf when = {.mem = v->mem}, note = {.mem = v->mem};
	struct keep_slice id = row->current;

	if (id.len > 12)
		id.len = 12;
	if (row->has_at && v->terminal)
		keep_time_relative(&when, row->at, v->now_s);
	else if (row->has_at)
		keep_time_put(&when, row->at);
	if (row->holder.p) {
		keep_buf_text(&note, "locked by ");
		keep_lock_put(&note, row->holder, v->now_s);
	} else if (row->text.p) {
		keep_buf_slice(&note, row->text);
	} else if (row->veto.p) {
		keep_buf_print(&note, "no deploy: %.*s", KEEP_F(row->veto));
	}
	t->failed |= when.failed || note.failed;
	keep_tab_cell(t, row->name);
	keep_tab_cell(t, keep_slice(keep_node_stands.v[row->state]));
	keep_tab_cell(t, id.p ? id : KEEP_S("-"));
	keep_tab_cell(t, row->result.p ? row->result : KEEP_S("-"));
	keep_tab_cell(t, row->commit.p ? row->commit : KEEP_S("-"));
	keep_tab_cell(t, row->who.p ? row->who : KEEP_S("-"));
	keep_tab_cell(t, when.len ? keep_buf_get(&when) : KEEP_S("-"));
	keep_tab_cell(t, keep_buf_get(&note));
}

void keep_node_status_text(const struct keep_view *v, struct keep_buf *out)
{
	static const char *const heads[] = {
		"NAME", "STATE", "GENERATION", "RESULT", "COMMIT", "WHO",
		"WHEN", "",
	};
	const struct keep_node_status_row *rows = v->items.v;
	struct keep_tab t = {.mem = v->mem, .n_columns = KEEP_COUNT(heads),
			     .heading = v->terminal && v->color};
	size_t i;

	for (i = 0; v->terminal && i < KEEP_COUNT(heads); i++)
		keep_tab_cell(&t, keep_slice(heads[i]));
	for (i = 0; i < v->items.n; i++)
		put_row(v, &t, &rows[i]);
	keep_tab_put(&t, out);
	out->failed |= t.failed;
}
