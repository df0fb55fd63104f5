/* keep node init: the first meeting with a node. */
#include <keep/cli.h>
#include "../pin.h"
#include "node.h"

enum { LINE_MAX_BYTES = 16 << 10 };

#define A struct keep_node_init_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_TEXT(A, host_key), .meta = "FP", .max = 200,
	 .help = "the fingerprint of its host key, as ssh-keygen -l prints it"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_node_init_args_schema =
	KEEP_SCHEMA(struct keep_node_init_args, args);

#define R struct keep_node_init_row
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, name), .required = true, .help = "the node"},
	{KEEP_ENUM(R, state, &keep_node_stands), .required = true, .help = "how it stands"},
	{KEEP_TEXT(R, host_key), .help = "its pinned host key"},
	{KEEP_BOOL(R, pinned), .help = "whether that was pinned now"},
	{KEEP_TEXT(R, user), .help = "who logs in"},
	{KEEP_TEXT(R, root_by), .help = "how he is root: login, sudo, doas, KEEP_ROOT"},
	{KEEP_TEXT(R, sudoers), .help = "the line of sudoers that lets him, where nothing does"},
	{KEEP_TEXTS(R, missing), .required = true, .help = "tools that a deploy needs"},
	{KEEP_TEXTS(R, foreign), .required = true,
	 .help = "keys that are let in and are no user's of the instance"},
	{KEEP_TEXT(R, text), .help = "what went wrong"},
};
#undef R
const struct keep_schema keep_node_init_row_schema =
	KEEP_SCHEMA(struct keep_node_init_row, fields);

/* --- host keys ------------------------------------------------------------ */

/* Whether what is vouched for is what was pinned already. */
static int check_pinned(struct keep_ctx *c, const struct keep_node_shown *s,
			struct keep_err *e)
{
	struct keep_ssh_key key;
	struct keep_err why = {0};
	int code = s->print.p ? keep_node_choose(c, s, &key, &why) : 0;

	if (code == -KEEP_E_UNTRUSTED) {
		keep_fail(e, KEEP_E_CONFLICT, "node %.*s has the host key "
			  "%.*s pinned", KEEP_F(s->node->node),
			  KEEP_F(keep_node_print(c, &s->keys.v[0])));
		return keep_hint(e, "was it installed anew? keep node rekey "
				 "%.*s", KEEP_F(s->node->node));
	}
	if (code)
		*e = why;
	return code;
}

static int set_pin(struct keep_ctx *c, struct keep_contact *n,
		   const struct keep_ssh_key *key, struct keep_err *e)
{
	struct keep_buf line = {.mem = c->mem};
	struct keep_slice *one = KEEP_NEW(c->mem, struct keep_slice);

	keep_ssh_line_put(&line, key);
	if (line.failed || !one)
		return keep_no_memory(e);
	*one = keep_buf_get(&line);
	n->host_keys = (struct keep_slices){one, 1};
	return 0;
}

/* Pins the key of a node that has none pinned. */
static int meet(struct keep_ctx *c, struct keep_contact *n,
		struct keep_slice fp, struct keep_node_init_row *row,
		struct keep_err *e)
{
	struct keep_node_shown s = {.node = n, .print = fp};
	struct keep_ssh_key key;
	int code = keep_pins_read(c, n->node, &s.keys, e);

	if (!code && s.keys.n) {
		row->host_key = keep_node_print(c, &s.keys.v[0]);
		return row->host_key.p ? check_pinned(c, &s, e) :
					 keep_no_memory(e);
	}
	if (!code)
		code = keep_node_scan(c, n, &s.keys, e);
	if (!code)
		code = keep_node_choose(c, &s, &key, e);
	if (!code)
		code = keep_pin_put(c, n->node, &key, e);
	if (!code)
		code = set_pin(c, n, &key, e);
	if (code)
		return code;
	row->host_key = keep_node_print(c, &key);
	row->pinned = true;
	return row->host_key.p ? 0 : keep_no_memory(e);
}

/* --- keys that are let in ------------------------------------------------- */

/* The key in a line of authorized_keys, behind its options. */
static bool key_in(struct keep_mem *m, struct keep_slice line,
		   struct keep_ssh_key *key)
{
	while (line.len) {
		if ((keep_slice_starts(line, "ssh-") ||
		     keep_slice_starts(line, "ecdsa-") ||
		     keep_slice_starts(line, "sk-")) &&
		    !keep_ssh_line_get(m, line, key, NULL))
			return true;
		keep_next_word(&line);
	}
	return false;
}

/* Whether some users/U/ssh.pub has the key. */
static bool is_users(struct keep_ctx *c, const struct keep_ssh_key *key)
{
	int root = keep_fd_get(&c->instance);
	struct keep_names users = {0};
	struct keep_slice path, text;
	struct keep_ssh_key one;
	size_t i;

	if (keep_dir_list(c->mem, root, "users", &users, NULL))
		return false;
	for (i = 0; i < users.n; i++) {
		path = keep_mem_print(c->mem, "users/%s/ssh.pub",
				      users.v[i].name.p);
		if (path.p && !keep_file_read(c->mem, root, path.p,
					      LINE_MAX_BYTES, &text, NULL) &&
		    key_in(c->mem, text, &one) &&
		    keep_slice_eq(one.blob, key->blob))
			return true;
	}
	return false;
}

/* WORDS: the file, and a line of it. */
static void read_key(struct keep_ctx *c, struct keep_slice words,
		     struct keep_buf *foreign)
{
	struct keep_slice file = keep_next_word(&words), told;
	struct keep_ssh_key key;
	struct keep_slice comment;

	if (keep_slice_starts(words, "#"))
		return;
	if (!key_in(c->mem, words, &key)) {
		told = keep_mem_print(c->mem, "%.*s: %.*s",
				      KEEP_F(keep_node_text(c, file)),
				      KEEP_F(keep_node_text(c, words)));
	} else if (is_users(c, &key)) {
		return;
	} else {
		comment = keep_node_text(c, key.comment);
		told = keep_mem_print(c->mem, "%.*s: %.*s%s%.*s",
				      KEEP_F(keep_node_text(c, file)),
				      KEEP_F(keep_node_print(c, &key)),
				      comment.len ? " " : "", KEEP_F(comment));
	}
	foreign->failed |= !told.p;
	keep_buf_put(foreign, &told, sizeof told);
}

/* --- a node's answer ------------------------------------------------------ */

static int judge(struct keep_ctx *c, struct keep_node_init_row *row,
		 struct keep_err *e)
{
	if (row->state != KEEP_STANDS_OK)
		return 0;
	if (row->missing.n || !row->root_by.p)
		row->state = KEEP_STANDS_UNREADY;
	if (row->root_by.p)
		return 0;
	row->sudoers = keep_mem_print(c->mem, "%.*s ALL=(root) NOPASSWD: ALL",
				      KEEP_F(row->user));
	return row->sudoers.p ? 0 : keep_no_memory(e);
}

int keep_node_read_init(struct keep_ctx *c, const struct keep_node_answer *a,
			struct keep_node_init_row *row, struct keep_err *e)
{
	struct keep_buf missing = {.mem = c->mem}, foreign = {.mem = c->mem};
	struct keep_slice lines = a->lines, what, words;

	row->state = a->state;
	row->text = a->text;
	while (a->state == KEEP_STANDS_OK &&
	       keep_node_line(&lines, &what, &words)) {
		struct keep_slice text = keep_node_text(c, words);

		if (keep_slice_is(what, "user"))
			row->user = text;
		else if (keep_slice_is(what, "root_by"))
			row->root_by = text;
		else if (keep_slice_is(what, "missing"))
			keep_buf_put(&missing, &text, sizeof text);
		else if (keep_slice_is(what, "key"))
			read_key(c, words, &foreign);
	}
	if (keep_buf_check(&missing, e) || keep_buf_check(&foreign, e))
		return -e->code;
	row->missing = keep_node_slices(&missing);
	row->foreign = keep_node_slices(&foreign);
	return judge(c, row, e);
}

/* --- all of them ---------------------------------------------------------- */

static int meet_all(struct keep_ctx *c, const struct keep_node_init_args *a,
		    struct keep_contact *v, size_t n,
		    struct keep_node_init_row *rows, struct keep_err *e)
{
	size_t i;
	int code = 0;

	if (a->host_key.p && n != 1)
		return keep_fail(e, KEEP_E_BAD_ARGS, "host_key: one "
				 "fingerprint is of one node, and these are "
				 "%zu", n);
	for (i = 0; i < n && !code; i++) {
		rows[i].name = v[i].node;
		code = meet(c, &v[i], a->host_key, &rows[i], e);
	}
	return code;
}

static int tell(struct keep_ctx *c, const struct keep_node_answers *answers,
		struct keep_node_init_row *rows, struct keep_err *e)
{
	int rc = 0, verdict = 0;
	size_t i;

	for (i = 0; i < answers->n && !rc; i++) {
		rc = keep_node_read_init(c, &answers->v[i], &rows[i], e);
		verdict = keep_node_verdict(verdict, rows[i].state);
		if (!rc)
			rc = keep_emit(c, &rows[i], e);
	}
	return rc ? rc : verdict;
}

int keep_node_init(struct keep_ctx *c, const struct keep_node_init_args *a,
		   struct keep_err *e)
{
	const struct keep_node_question q = {"init", true,
					     KEEP_REACH_OPTIONS(a)};
	struct keep_node_answers answers;
	struct keep_contacts contacts;
	struct keep_contact *v;
	struct keep_node_init_row *rows;
	int rc = keep_contacts(c, a->filter, &contacts, e);

	if (rc)
		return rc;
	v = KEEP_NEWS(c->mem, contacts.n, struct keep_contact);
	rows = KEEP_NEWS(c->mem, contacts.n, struct keep_node_init_row);
	if (!v || !rows)
		return keep_no_memory(e);
	memcpy(v, contacts.v, contacts.n * sizeof *v);
	contacts.v = v;
	rc = meet_all(c, a, v, contacts.n, rows, e);
	if (!rc)
		rc = keep_salts(c, a->filter, e);
	if (!rc)
		rc = keep_node_ask(c, &contacts, &q, &answers, e);
	return rc ? rc : tell(c, &answers, rows, e);
}

/* --- text ----------------------------------------------------------------- */

static void put_row(const struct keep_view *v,
		    const struct keep_node_init_row *row, struct keep_buf *out)
{
	int n = (int)row->name.len;
	const char *name = row->name.p;
	size_t i;

	keep_buf_print(out, "%.*s: host key %.*s %s in files/nodes/%.*s\n", n,
		       name, KEEP_F(row->host_key), row->pinned ?
		       "is pinned now" : "is the one pinned", n, name);
	for (i = 0; i < row->foreign.n; i++)
		keep_buf_print(out, "%.*s: lets in, besides users: %.*s\n", n,
			       name, KEEP_F(row->foreign.v[i]));
	for (i = 0; i < row->missing.n; i++)
		keep_buf_print(out, "%.*s: lacks %.*s\n", n, name,
			       KEEP_F(row->missing.v[i]));
	if (row->sudoers.p)
		keep_buf_print(out, "%.*s: %.*s cannot become root; a line for "
			       "/etc/sudoers.d/keep there:\n%.*s\n", n, name,
			       KEEP_F(row->user), KEEP_F(row->sudoers));
	if (row->state == KEEP_STANDS_OK)
		keep_buf_print(out, "%.*s: ready; %.*s is root by %.*s\n", n,
			       name, KEEP_F(row->user), KEEP_F(row->root_by));
	else if (row->state != KEEP_STANDS_UNREADY)
		keep_node_put_trouble(v, row->name, row->state, row->text,
				      out);
}

void keep_node_init_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_init_row *rows = v->items.v;
	size_t i;

	for (i = 0; i < v->items.n; i++)
		put_row(v, &rows[i], out);
}
