/* keep node revoke: a node that is in other hands now. */
#include <stdlib.h>
#include <keep/cli.h>
#include <keep/material.h>
#include <keep/provider.h>
#include <keep/text.h>
#include "node.h"

enum { FILE_MAX = 64 << 20, PAST_MAX = 256 << 20 };

#define A struct keep_node_revoke_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, node), .source = KEEP_WORD, .required = true, .max = 63,
	 .complete = keep_complete_filter, .help = "the node"},
};
#undef A
const struct keep_schema keep_node_revoke_args_schema =
	KEEP_SCHEMA(struct keep_node_revoke_args, args);

#define R struct keep_node_revoke_result
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, file), .required = true, .help = "its file"},
	{KEEP_BOOL(R, changed), .help = "whether it was enabled"},
	{KEEP_TEXTS(R, secrets), .required = true, .help = "secrets that it held"},
	{KEEP_TEXTS(R, next), .required = true, .help = "commands to go on with, for sh"},
};
#undef R
const struct keep_schema keep_node_revoke_result_schema =
	KEEP_SCHEMA(struct keep_node_revoke_result, fields);

/* --- names of secrets, in the forms that stand for them (PROVIDER 3) ------ */

struct finding {
	struct keep_ctx *c;
	struct keep_slice env;  /* "default" for none */
	struct keep_buf names;  /* struct keep_slice */
};

static bool is_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       byte == '.' || byte == '_' || byte == '-';
}

static void add(struct finding *f, struct keep_slice name)
{
	struct keep_slice said, *v = (void *)f->names.p;
	bool bare = !f->env.len || keep_slice_is(f->env, "default");
	KEEP_AUTO(keep_buf) b = {0};
	size_t i;

	if (!bare)
		keep_buf_print(&b, "%.*s/", KEEP_F(f->env));
	keep_buf_slice(&b, name);
	for (i = 0; i < f->names.len / sizeof *v; i++)
		if (keep_slice_eq(v[i], keep_buf_get(&b)))
			return;
	said = keep_mem_copy(f->c->mem, keep_buf_get(&b));
	f->names.failed |= b.failed || !said.p;
	keep_buf_put(&f->names, &said, sizeof said);
}

/* S begins behind a '<'; "b64 secret db>" names db. */
static void take(struct finding *f, struct keep_slice s)
{
	static const char *const around[] = {"b64 ", "hex ", "sha256 "};
	struct keep_slice kind, name;
	size_t i;

	for (i = 0; i < KEEP_COUNT(around); i++)
		if (keep_slice_starts(s, around[i])) {
			keep_next_word(&s);
			i = (size_t)-1; /* one may stand around another */
		}
	kind = keep_next_word(&s);
	if (!keep_slice_is(kind, "secret") && !keep_slice_is(kind, "keypair"))
		return;
	name = (struct keep_slice){s.p, 0};
	while (name.len < s.len && is_name(s.p[name.len]))
		name.len++;
	if (name.len && name.len < s.len && strchr(" ,>", s.p[name.len]))
		add(f, name);
}

static void search(struct finding *f, struct keep_slice text)
{
	const char *at;

	while (text.len && (at = memchr(text.p, '<', text.len))) {
		text.len -= (size_t)(at + 1 - text.p);
		text.p = at + 1;
		take(f, text);
	}
}

static void search_tree(struct finding *f, const struct keep_json *v)
{
	uint32_t i;

	if (v->type == KEEP_JSON_TEXT)
		search(f, keep_json_text(v));
	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++)
		search_tree(f, &v->list[i]);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++)
		search_tree(f, &v->members[i].value);
}

/* What it would get now; a node that is disabled would get nothing. */
static int search_now(struct finding *f, struct keep_slice node,
		      struct keep_err *e)
{
	struct keep_slice word = keep_mem_print(f->c->mem, "node:%.*s",
						KEEP_F(node));
	struct keep_contacts contacts = {0};
	struct keep_err why = {0};
	int rc = word.p ? keep_contacts(f->c, (struct keep_slices){&word, 1},
					&contacts, &why) : keep_no_memory(&why);

	if (rc == -KEEP_E_NOT_FOUND)
		return 0;
	if (rc) {
		*e = why;
		return rc;
	}
	if (contacts.n == 1) {
		f->env = contacts.v[0].env;
		search_tree(f, contacts.v[0].tree);
	}
	return 0;
}

/* What a compile wrote for it; what is none holds no names. */
static void search_compiled(struct finding *f, struct keep_slice text)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_slice env = f->env;
	const struct keep_json *said;
	struct keep_json tree;

	if (keep_json_read(&mem, text, NULL, KEEP_JSON_STRICT, &ps, &tree))
		return;
	said = keep_json_get(&tree, KEEP_S("environment"));
	if (said)
		f->env = keep_json_text(said);
	search_tree(f, &tree);
	f->env = env;
}

/* What it got by the last compile. */
static int search_then(struct finding *f, const char *path,
		       struct keep_err *e)
{
	struct keep_slice text;

	if (!keep_file_read(f->c->mem, keep_fd_get(&f->c->instance), path,
			    FILE_MAX, &text, NULL))
		search_compiled(f, text);
	return keep_buf_check(&f->names, e);
}

/* --- what it got before: all that git has of it --------------------------- */

static int run_git(struct keep_ctx *c, const char *const *argv,
		   struct keep_slice input, struct keep_slice *output,
		   struct keep_err *e)
{
	const struct keep_program git = {.argv = argv, .input = input,
					 .max = PAST_MAX};

	return keep_program_run(c, &git, output, e);
}

/* As `git cat-file --batch` writes them: a line "ID blob SIZE", the bytes, and
 * a newline. */
static void search_batch(struct finding *f, struct keep_slice all)
{
	struct keep_slice head, size;
	uint64_t len;
	char *end;

	while (all.len && (end = memchr(all.p, '\n', all.len))) {
		head = (struct keep_slice){all.p, (size_t)(end - all.p)};
		all.p += head.len + 1;
		all.len -= head.len + 1;
		keep_next_word(&head);
		keep_next_word(&head);
		size = keep_next_word(&head);
		if (!keep_num_uint(size, &len) || len >= all.len)
			continue;
		search_compiled(f, (struct keep_slice){all.p, len});
		all.p += len + 1;
		all.len -= len + 1;
	}
}

/* Of every branch: a node in other hands may have had any. */
static int search_past(struct finding *f, const char *path,
		       struct keep_err *e)
{
	const char *dir = f->c->instance_path.p;
	struct keep_slice format = keep_mem_print(f->c->mem,
						  "--format=%%H:./%s", path);
	const char *const log[] = {"git", "-C", dir, "log", "--all",
				   "--full-history", format.p, "--", path,
				   NULL};
	const char *const cat[] = {"git", "-C", dir, "cat-file", "--batch",
				   NULL};
	struct keep_slice names, all;
	struct keep_err why = {0};
	int rc = format.p ? run_git(f->c, log, KEEP_S(""), &names, &why) :
			    keep_no_memory(&why);

	if (!rc)
		rc = run_git(f->c, cat, names, &all, &why);
	if (!rc)
		search_batch(f, all);
	else if (rc != -KEEP_E_IO && rc != -KEEP_E_NOT_FOUND)
		*e = why;
	else
		keep_log(f->c->log, KEEP_LOG_WARNING, "what the node held "
			 "before is not known: %s", why.message);
	return rc == -KEEP_E_IO || rc == -KEEP_E_NOT_FOUND ? 0 : rc;
}

static int by_bytes(const void *a, const void *b)
{
	const struct keep_slice *x = a, *y = b;

	return keep_slice_cmp(*x, *y);
}

/* --- the verb ------------------------------------------------------------- */

static int tell_next(struct keep_ctx *c, struct keep_slice node,
		     struct keep_node_revoke_result *r, struct keep_err *e)
{
	struct keep_slice *v = KEEP_NEWS(c->mem, 5, struct keep_slice);
	size_t n = 0;

	if (!v)
		return keep_no_memory(e);
	if (r->secrets.n)
		v[n++] = KEEP_S("${EDITOR:-vi} secrets.dev.json");
	v[n++] = KEEP_S("keep compile");
	v[n++] = KEEP_S("git add -A");
	v[n] = keep_mem_print(c->mem, "git commit -m 'node: %.*s is revoked'",
			      KEEP_F(node));
	if (!v[n++].p)
		return keep_no_memory(e);
	v[n++] = KEEP_S("keep deploy all");
	r->next = (struct keep_slices){v, n};
	return 0;
}

int keep_node_revoke(struct keep_ctx *c,
		     const struct keep_node_revoke_args *a,
		     struct keep_node_revoke_result *r, struct keep_err *e)
{
	struct finding f = {.c = c, .names = {.mem = c->mem}};
	const struct keep_node_args node = {a->node};
	struct keep_node_changed changed = {0};
	const char *path = keep_mem_print(c->mem, "compiled/%.*s.json",
					  KEEP_F(a->node)).p;
	int rc = path ? search_now(&f, a->node, e) : keep_no_memory(e);

	if (!rc)
		rc = search_then(&f, path, e);
	if (!rc)
		rc = search_past(&f, path, e);
	if (!rc)
		rc = keep_buf_check(&f.names, e);
	if (!rc)
		rc = keep_node_disable(c, &node, &changed, e);
	if (rc)
		return rc;
	r->file = changed.file;
	r->changed = changed.changed;
	r->secrets = keep_node_slices(&f.names);
	if (r->secrets.n)
		qsort(f.names.p, r->secrets.n, sizeof(struct keep_slice),
		      by_bytes);
	return tell_next(c, a->node, r, e);
}

void keep_node_revoke_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_revoke_result *r = v->result;
	size_t i;

	keep_buf_print(out, "%.*s: the node is disabled\n", KEEP_F(r->file));
	if (r->secrets.n)
		keep_buf_text(out, "It held these secrets. Take them out of "
			      "secrets.dev.json; compile makes new ones:\n");
	for (i = 0; i < r->secrets.n; i++)
		keep_buf_print(out, "  %.*s\n", KEEP_F(r->secrets.v[i]));
	keep_buf_text(out, "Go on with\n");
	for (i = 0; i < r->next.n; i++)
		keep_buf_print(out, "  %.*s\n", KEEP_F(r->next.v[i]));
}
