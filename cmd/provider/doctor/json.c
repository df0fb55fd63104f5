/* What the files of an instance say. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>
#include <keep/json.h>
#include <keep/text.h>
#include "../instance/instance.h"
#include "doctor.h"

/* What is wrong with a file; text is absent when nothing is. */
struct broken {
	const char *path;
	struct keep_slice text, hint;
	uint32_t line; /* 0: not known */
	bool is_unread;
};

static struct keep_slice word_fault(struct keep_mem *m, const char *path,
				    const struct keep_problem *p, bool secret)
{
	if (!p)
		return keep_mem_print(m, "%s: it holds no object", path);
	if (p->line == 0)
		return keep_mem_print(m, "%s: %.*s", path, KEEP_F(p->message));
	return keep_mem_print(m, "%s:%u:%u: %.*s", path, p->line, p->column,
			      KEEP_F(secret ? KEEP_S("this is no JSON")
					    : p->message));
}

/* A file that is not there is fine. Of one with secrets only the place is
 * told. */
static int read_one(const struct keep_doctor *d, bool secret,
		    struct broken *out, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {.secret = secret};
	struct keep_problems ps = {.mem = &mem};
	struct keep_json v;
	int rc = keep_instance_json(&mem, d->dir, out->path, &ps, &v, NULL);

	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (rc || (!ps.total && v.type == KEEP_JSON_OBJECT))
		return 0;
	out->text = word_fault(d->m, out->path, ps.first, secret);
	if (!out->text.p)
		return keep_no_memory(e);
	if (!ps.first)
		return 0;
	out->line = ps.first->line;
	out->is_unread = out->line == 0;
	if (!secret)
		out->hint = keep_mem_copy(d->m, ps.first->hint);
	return 0;
}

/* Of a file that cannot be read: only its owner's chmod opens it. */
static int tell_unread(const struct keep_doctor *d, const struct broken *b,
		       struct keep_err *e)
{
	struct keep_slice word = keep_doctor_word(d, b->path);
	struct keep_doctor hinted = *d;
	struct stat st;

	if (!word.p)
		return keep_no_memory(e);
	if (fstatat(d->dir, b->path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return keep_doctor_warn(d, b->text, e);
	if (S_ISREG(st.st_mode) && !(st.st_mode & S_IRUSR) &&
	    st.st_uid == geteuid())
		return keep_doctor_tell(d, b->text, e, "chmod u+rw %.*s",
					KEEP_F(word));
	hinted.hint = b->hint;
	if (!S_ISREG(st.st_mode))
		hinted.hint = KEEP_S("only a file can be here, no directory "
				     "and no link that leads out");
	else if (st.st_uid != geteuid())
		hinted.hint = keep_mem_print(d->m, "it is a file of the user "
					     "with the number %u",
					     (unsigned)st.st_uid);
	return keep_doctor_warn(&hinted, b->text, e);
}

/* A broken file is for its author: another may hold what nothing else has, an
 * edit, a side of a merge, or secrets. */
static int tell_broken(const struct keep_doctor *d, const struct broken *b,
		       struct keep_err *e)
{
	struct keep_doctor hinted = *d;

	if (b->is_unread)
		return tell_unread(d, b, e);
	hinted.hint = b->hint;
	return keep_doctor_edit(&hinted, b->path, b->line, b->text, e);
}

static bool is_merge(const struct keep_doctor *d, const char *path)
{
	static const char mark[] = "\n<<<<<<< ";
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text;

	return !keep_file_read(&mem, d->dir, path, KEEP_INSTANCE_FILE, &text,
			       NULL) &&
	       (keep_slice_starts(text, mark + 1) ||
		memmem(text.p, text.len, mark, sizeof mark - 1));
}

static int check_one(const struct keep_doctor *d, const char *path,
		     struct keep_err *e)
{
	struct broken b = {.path = path};
	int rc = read_one(d, false, &b, e);

	if (rc || !b.text.p)
		return rc;
	if (is_merge(d, path))
		b.hint = KEEP_S("a merge left both sides: keep one, and "
				"remove the marks");
	return tell_broken(d, &b, e);
}

static int keepfile(const struct keep_doctor *d, struct keep_err *e)
{
	return check_one(d, "Keepfile", e);
}

static int secrets_json(const struct keep_doctor *d, struct keep_err *e)
{
	struct broken b = {.path = "secrets.dev.json"};
	int rc = read_one(d, true, &b, e);

	if (rc || !b.text.p)
		return rc;
	if (!b.is_unread)
		b.hint = KEEP_S("git does not have this file: without it the "
				"next compile draws every secret anew");
	return tell_broken(d, &b, e);
}

/* --- the others -------------------------------------------------------- */

static bool is_ours(const char *dir, const struct keep_name *n)
{
	static const char *const top[] = {"provider.", "common."};
	size_t i, len = n->name.len;

	/* of links another check tells */
	if (len <= 5 || n->name.p[0] == '.' || n->type != DT_REG ||
	    !keep_slice_is((struct keep_slice){n->name.p + len - 5, 5},
			   ".json"))
		return false;
	if (strcmp(dir, "") != 0)
		return true;
	for (i = 0; i < KEEP_COUNT(top); i++)
		if (keep_slice_starts(n->name, top[i]))
			return true;
	return false;
}

static int check_dir(const struct keep_doctor *d, const char *dir,
		     struct keep_err *e)
{
	struct keep_names names;
	struct keep_slice path;
	size_t i;
	int rc = keep_dir_list(d->m, d->dir, *dir ? dir : ".", &names, NULL);

	if (rc)
		return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
	for (i = 0; !rc && i < names.n; i++) {
		if (!is_ours(dir, &names.v[i]))
			continue;
		path = keep_mem_print(d->m, "%s%.*s", dir,
				      KEEP_F(names.v[i].name));
		rc = path.p ? check_one(d, path.p, e) : keep_no_memory(e);
	}
	return rc;
}

static int json(const struct keep_doctor *d, struct keep_err *e)
{
	static const char *const dirs[] = {"", "services/", "tags/", "nodes/"};
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++)
		rc = check_dir(d, dirs[i], e);
	return rc;
}

/* --- addresses --------------------------------------------------------- */

struct owner {
	struct keep_ip ip;
	const struct keep_node *node;
};

static int by_ip(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	struct keep_slice p = {(const char *)x->ip.bytes, x->ip.len};
	struct keep_slice q = {(const char *)y->ip.bytes, y->ip.len};
	int order = keep_slice_cmp(p, q);

	return order ? order : keep_slice_cmp(x->node->name, y->node->name);
}

static bool same_ip(const struct owner *a, const struct owner *b)
{
	return a->ip.len == b->ip.len &&
	       keep_bytes_equal(a->ip.bytes, b->ip.bytes, a->ip.len);
}

static size_t owners_of(const struct keep_world *w, struct owner *v)
{
	const struct keep_json *address;
	size_t i, n = 0;

	for (i = 0; i < w->n_nodes; i++) {
		address = keep_json_get(&w->nodes[i].tree,
					KEEP_S("ip_address"));
		v[n].node = &w->nodes[i];
		if (address &&
		    keep_ip_get(keep_json_text(address), &v[n].ip))
			n++;
	}
	return n;
}

/* A compile counts nodes that are disabled, too. */
static int tell_pair(const struct keep_doctor *d, const struct owner *a,
		     const struct owner *b, struct keep_err *e)
{
	const struct keep_json *v = keep_json_get(&b->node->tree,
						  KEEP_S("ip_address"));
	struct keep_slice path, fault;
	struct keep_buf ip = {.mem = d->m};

	keep_ip_put(&ip, &a->ip);
	path = v->source ? keep_mem_print(d->m, "%.*s",
					  KEEP_F(v->source->name))
			 : keep_mem_print(d->m, "nodes/%.*s.json",
					  KEEP_F(b->node->name));
	fault = keep_mem_print(d->m, "nodes %.*s and %.*s both have %.*s",
			       KEEP_F(a->node->name), KEEP_F(b->node->name),
			       KEEP_F(keep_buf_get(&ip)));
	return path.p ? keep_doctor_edit(d, path.p, v->line, fault, e)
		      : keep_no_memory(e);
}

static int addresses(const struct keep_doctor *d, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_world w = {.mem = &mem};
	struct owner *v;
	size_t i, n;
	int rc = keep_world_read(&w, d->dir, &ps, NULL, e);

	if (rc) /* what cannot be read is the matter of other checks */
		return rc == -KEEP_E_NO_MEMORY ? rc : 0;
	v = KEEP_NEWS(&mem, w.n_nodes, struct owner);
	if (!v)
		return keep_no_memory(e);
	n = owners_of(&w, v);
	qsort(v, n, sizeof *v, by_ip);
	for (i = 1; !rc && i < n; i++)
		if (same_ip(&v[i - 1], &v[i]))
			rc = tell_pair(d, &v[i - 1], &v[i], e);
	return rc;
}

KEEP_CHECK(keepfile)
KEEP_CHECK(json)
KEEP_CHECK(secrets_json)
KEEP_CHECK(addresses)
