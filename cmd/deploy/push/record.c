/* The lines of a record. */
#include <fcntl.h>
#include <stdio.h>
#include <keep/file.h>
#include <keep/generation.h>
#include <keep/text.h>
#include "record.h"

enum { RECORD_MAX = 64 << 20, LINE_MAX_ = 400, RECORDS = 200 /* kept */ };
static const char head[] = "keep-deploy 1\n";
static const char records[] = ".keep/deploys";

/* Lower-case letters and digits alone: it is part of a path. */
static bool is_id(struct keep_slice id)
{
	size_t i;

	for (i = 0; i < id.len; i++)
		if (!(id.p[i] >= 'a' && id.p[i] <= 'z') &&
		    !(id.p[i] >= '0' && id.p[i] <= '9'))
			return false;
	return id.len == KEEP_DEPLOY_ID_LEN;
}

static struct keep_slice path_of(struct keep_ctx *c, struct keep_slice id)
{
	return keep_mem_print(c->mem, "%s/%.*s", records, KEEP_F(id));
}

int keep_record_begin(struct keep_ctx *c, struct keep_slice id,
		      struct keep_record *out, struct keep_err *e)
{
	struct keep_slice path = path_of(c, id);
	int dir = keep_fd_get(&c->instance), rc;
	struct stat st;

	*out = (struct keep_record){.id = id};
	if (!path.p)
		return keep_no_memory(e);
	rc = keep_dir_make(dir, records, 0700, e);
	if (!rc)
		rc = keep_open(dir, path.p, O_WRONLY | O_CREAT | O_APPEND |
			       O_CLOEXEC, 0600, KEEP_NO_LINKS, &out->fd, e);
	if (rc)
		return rc;
	if (fstat(keep_fd_get(&out->fd), &st))
		return keep_fail_errno(e, "%s", path.p);
	/* the newline ends a line that was torn */
	if (keep_fd_write(keep_fd_get(&out->fd),
			  st.st_size ? KEEP_S("\n") : keep_slice(head), e))
		return keep_err_at(e, "%s", path.p);
	keep_dir_trim(dir, records, RECORDS, RECORD_MAX);
	return 0;
}

int keep_record_add(struct keep_record *r, const char *word,
		    struct keep_slice node, struct keep_slice want,
		    struct keep_err *e)
{
	char line[LINE_MAX_];
	int len = snprintf(line, sizeof line, "%s %.*s %.*s\n", word,
			   KEEP_F(node), KEEP_F(want));

	return keep_fd_write(keep_fd_get(&r->fd),
			     (struct keep_slice){line, (size_t)len}, e);
}

void keep_record_end(struct keep_record *r)
{
	keep_fd_end(&r->fd);
}

static struct keep_slice word(struct keep_slice *s)
{
	const char *p = s->len ? memchr(s->p, ' ', s->len) : NULL;
	struct keep_slice w = {s->p, p ? (size_t)(p - s->p) : s->len};

	s->p += w.len + (p != NULL);
	s->len -= w.len + (p != NULL);
	return w;
}

static void read_line(struct keep_record_nodes *all, struct keep_slice s)
{
	struct keep_slice what = word(&s), name = word(&s);
	struct keep_record_node *n;
	size_t i;

	if (!name.len || (s.len != KEEP_ID_LEN && !keep_slice_is(s, "none")))
		return;
	for (i = 0; i < all->n; i++)
		if (keep_slice_eq(all->v[i].node, name))
			break;
	n = &all->v[i];
	all->n += i == all->n;
	n->node = name;
	n->want = s;
	n->begun = keep_slice_is(what, "begin") ||
		   keep_slice_is(what, "running");
	n->good = keep_slice_is(what, "unchanged") ||
		  keep_slice_is(what, "changed");
}

static size_t count_lines(struct keep_slice s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

static int read_all(struct keep_mem *m, struct keep_slice s,
		    struct keep_record_nodes *out, struct keep_err *e)
{
	const char *newline, *end = s.p + s.len;

	out->n = 0;
	out->v = KEEP_NEWS(m, count_lines(s) + 1, struct keep_record_node);
	if (!out->v)
		return keep_no_memory(e);
	while (s.p < end) {
		newline = memchr(s.p, '\n', (size_t)(end - s.p));
		if (!newline)
			break;
		read_line(out, (struct keep_slice){
				       s.p, (size_t)(newline - s.p)});
		s.p = newline + 1;
	}
	return 0;
}

int keep_record_read(struct keep_ctx *c, struct keep_slice id,
		     struct keep_record_nodes *out, struct keep_err *e)
{
	struct keep_slice path = path_of(c, id), text;
	int rc;

	if (!is_id(id))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no deploy: an "
				 "id has 12 letters and digits",
				 KEEP_F(keep_text_safe(c->mem, id, 40)));
	if (!path.p)
		return keep_no_memory(e);
	rc = keep_file_read(c->mem, keep_fd_get(&c->instance), path.p,
			    RECORD_MAX, &text, e);
	if (rc == -KEEP_E_NOT_FOUND)
		return keep_fail(e, KEEP_E_NOT_FOUND, "deploy %.*s is not "
				 "known here", KEEP_F(id));
	return rc ? rc : read_all(c->mem, text, out, e);
}

const struct keep_record_node *
keep_record_find(const struct keep_record_nodes *all, struct keep_slice node)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (keep_slice_eq(all->v[i].node, node))
			return &all->v[i];
	return NULL;
}
