/* users/U/ssh.pub and user.json: whose keys reach which nodes. */
#include <dirent.h>
#include <keep/file.h>
#include <keep/ssh.h>
#include <keep/text.h>
#include "host.h"
#include "instance/instance.h"

enum { KEYS_MAX = 64 << 10, DATE_LEN = 10 };

/* What is told of a user is at its file. */
struct reading {
	struct keep_world *w;
	struct keep_sources *s;
	struct keep_user *u;
	const char *file;
	struct keep_slice expiry; /* "20270131", or absent */
};

static int fault(const struct reading *r, struct keep_err *e, const char *what,
		 struct keep_slice value)
{
	return keep_fail(e, KEEP_E_BAD_ARGS, "%s: %s '%.*s'", r->file, what,
			 KEEP_F(keep_text_safe(r->s->mem, value, 100)));
}

static bool is_date(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' :
				       s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len == DATE_LEN;
}

static int set_expires(struct reading *r, const struct keep_json *v,
		       struct keep_err *e)
{
	struct keep_slice s = keep_json_text(v);

	if (!s.p || !is_date(s))
		return fault(r, e, "expires is a day like 2027-01-31, not", s);
	r->expiry = keep_mem_print(r->s->mem, "%.4s%.2s%.2s", s.p, s.p + 5,
				   s.p + 8);
	return r->expiry.p ? 0 : keep_no_memory(e);
}

/* No words: no node. A filter without words would select all. */
static int set_scope(struct reading *r, const struct keep_json *v,
		     struct keep_err *e)
{
	const struct keep_json *list = v->type == KEEP_JSON_LIST ? v->list : v;
	const size_t n = v->type == KEEP_JSON_LIST ? v->n : 1;
	struct keep_slice *words = KEEP_NEWS(r->s->mem, n, struct keep_slice);
	size_t i;
	int code;

	r->u->chosen = KEEP_NEWS(r->s->mem, r->w->n_nodes + 1, bool);
	if (!words || !r->u->chosen)
		return keep_no_memory(e);
	for (i = 0; i < n; i++) {
		words[i] = keep_json_text(&list[i]);
		if (!words[i].p)
			return keep_fail(e, KEEP_E_BAD_ARGS, "%s: scope is a "
					 "list of words, as a filter of nodes",
					 r->file);
	}
	if (!n)
		return 0;
	code = keep_filter(r->w, (struct keep_slices){words, n}, NULL, NULL,
			   &r->u->chosen, e);
	return code ? keep_err_at(e, "%s: scope", r->file) : 0;
}

static int set_admin(struct reading *r, const struct keep_json *v,
		     struct keep_err *e)
{
	return v->type == KEEP_JSON_BOOL ? 0 :
		keep_fail(e, KEEP_E_BAD_ARGS, "%s: admin is true or false",
			  r->file);
}

static const struct {
	const char *name;
	int (*set)(struct reading *r, const struct keep_json *v,
		   struct keep_err *e);
} members[] = {
	{"scope", set_scope},
	{"admin", set_admin},
	{"expires", set_expires},
};

/* A scope that is misspelt would let in everywhere. */
static int set_member(struct reading *r, const struct keep_json_member *m,
		      struct keep_err *e)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(members); i++)
		if (keep_slice_is(m->key, members[i].name))
			return members[i].set(r, &m->value, e);
	fault(r, e, "a user has no", m->key);
	return keep_hint(e, "scope, admin, expires");
}

static int read_json(struct reading *r, struct keep_err *e)
{
	struct keep_problems ps = {.mem = r->s->mem};
	struct keep_json v;
	uint32_t i;
	int code = keep_instance_json(r->s->mem,
				      keep_fd_get(&r->s->c->instance), r->file,
				      &ps, &v, e);

	if (code)
		return code == -KEEP_E_NOT_FOUND ? 0 : code;
	if (ps.first)
		return keep_fail(e, KEEP_E_BAD_ARGS, "%.*s:%u:%u: %.*s",
				 KEEP_F(ps.first->where), ps.first->line,
				 ps.first->column, KEEP_F(ps.first->message));
	if (v.type != KEEP_JSON_OBJECT)
		return keep_fail(e, KEEP_E_BAD_ARGS, "%s: a user is an object",
				 r->file);
	for (i = 0; i < v.n && !code; i++)
		code = set_member(r, &v.members[i], e);
	return code;
}

/* Cuts a line off the text, without what ends it. */
static struct keep_slice cut_line(struct keep_slice *text)
{
	const char *end = memchr(text->p, '\n', text->len);
	struct keep_slice line = {text->p, end ? (size_t)(end - text->p)
					      : text->len};
	const size_t gone = line.len + (end != NULL);

	text->p += gone;
	text->len -= gone;
	while (line.len && strchr(" \t\r", line.p[line.len - 1]))
		line.len--;
	return line;
}

static int put_key(struct reading *r, struct keep_slice line,
		   struct keep_buf *lines, struct keep_err *e)
{
	struct keep_buf b = {.mem = r->s->mem};
	struct keep_ssh_key key;
	struct keep_slice put;
	int code = keep_ssh_line_get(r->s->mem, line, &key, e);

	if (code)
		return keep_err_at(e, "%s", r->file);
	if (r->expiry.p)
		keep_buf_print(&b, "expiry-time=\"%.*s\" ", KEEP_F(r->expiry));
	keep_ssh_line_put(&b, &key);
	keep_buf_print(&b, " %.*s", KEEP_F(r->u->name));
	put = keep_buf_get(&b);
	keep_buf_put(lines, &put, sizeof put);
	return keep_buf_check(&b, e);
}

static int read_keys(struct reading *r, struct keep_err *e)
{
	struct keep_buf lines = {.mem = r->s->mem};
	struct keep_slice text, line;
	int code = keep_file_read(r->s->mem, keep_fd_get(&r->s->c->instance),
				  r->file, KEYS_MAX, &text, e);

	if (code)
		return code == -KEEP_E_NOT_FOUND ? 0 : code;
	while (text.len && !code) {
		line = cut_line(&text);
		if (line.len && line.p[0] != '#')
			code = put_key(r, line, &lines, e);
	}
	r->u->lines.v = (const void *)lines.p;
	r->u->lines.n = lines.len / sizeof line;
	return code ? code : keep_buf_check(&lines, e);
}

static int read_user(struct keep_world *w, struct keep_user *u,
		     struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_slice json = keep_mem_print(s->mem, "users/%.*s/user.json",
						KEEP_F(u->name));
	struct keep_slice keys = keep_mem_print(s->mem, "users/%.*s/ssh.pub",
						KEEP_F(u->name));
	struct reading r = {.w = w, .s = s, .u = u, .file = json.p};
	int code;

	if (!json.p || !keys.p)
		return keep_no_memory(e);
	if (!keep_object_name_ok(u->name))
		return keep_fail(e, KEEP_E_BAD_ARGS, "users/%.*s is no name "
				 "of a user", KEEP_F(u->name));
	code = read_json(&r, e);
	r.file = keys.p;
	return code ? code : read_keys(&r, e);
}

static int read_all(struct keep_world *w, struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_names names = {0};
	size_t i;
	int code = keep_dir_list(s->mem, keep_fd_get(&s->c->instance), "users",
				 &names, e);

	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	s->users = code ? NULL : KEEP_NEWS(s->mem, names.n, struct keep_user);
	if (!code && !s->users)
		code = keep_no_memory(e);
	for (i = 0; i < names.n && !code; i++) {
		if (names.v[i].name.p[0] == '.' || names.v[i].type == DT_REG)
			continue;
		s->users[s->n_users].name = names.v[i].name;
		code = read_user(w, &s->users[s->n_users++], e);
	}
	return code;
}

int keep_host_keys(struct keep_world *w, const struct keep_node *node,
		   struct keep_slices *out, struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_buf all = {.mem = s->mem};
	const struct keep_user *u;
	size_t i;

	if (!s->users_read && read_all(w, &s->users_failed) == 0)
		s->users_failed = (struct keep_err){0};
	s->users_read = true;
	if (s->users_failed.code) {
		*e = s->users_failed;
		return -e->code;
	}
	for (i = 0; s->users && i < s->n_users; i++) {
		u = &s->users[i];
		if (u->lines.n && (!u->chosen || u->chosen[node->index]))
			keep_buf_put(&all, u->lines.v,
				     u->lines.n * sizeof *u->lines.v);
	}
	out->v = (const void *)all.p;
	out->n = all.len / sizeof *out->v;
	return keep_buf_check(&all, e);
}
