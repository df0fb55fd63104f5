#include <dirent.h>
#include <stdlib.h>
#include <keep/file.h>
#include "made.h"

enum { LIST_MAX = 64 << 20 };

static const char list[] = ".made";

static int by_bytes(const void *a, const void *b)
{
	const struct keep_slice *x = a, *y = b;

	return keep_slice_cmp(*x, *y);
}

static int by_name(const void *a, const void *b)
{
	const struct keep_name *x = a, *y = b;

	return keep_slice_cmp(x->name, y->name);
}

/* What stands before the first slash, and *rest behind it. */
static struct keep_slice first(struct keep_slice path, struct keep_slice *rest)
{
	const char *slash = memchr(path.p, '/', path.len);
	size_t len = slash ? (size_t)(slash - path.p) : path.len;

	*rest = (struct keep_slice){0};
	if (slash)
		*rest = (struct keep_slice){slash + 1, path.len - len - 1};
	return (struct keep_slice){path.p, len};
}

/* A line may come from anywhere: it must not lead out of compiled/. */
static bool is_ours(struct keep_slice line)
{
	struct keep_slice rest, part = first(line, &rest);

	if (!rest.p || !keep_node_name_ok(part) ||
	    memchr(line.p, '\0', line.len))
		return false;
	while (rest.p) {
		part = first(rest, &rest);
		if (!part.len || keep_slice_is(part, ".") ||
		    keep_slice_is(part, ".."))
			return false;
	}
	return true;
}

static int put_name(struct keep_output *o, struct keep_buf *b,
		    struct keep_slice line, struct keep_err *e)
{
	struct keep_name n = {keep_mem_copy(o->c->mem, line), DT_REG};

	keep_buf_put(b, &n, sizeof n);
	return n.name.p && !b->failed ? 0 : keep_no_memory(e);
}

static int put_lines(struct keep_output *o, struct keep_slice text,
		     struct keep_buf *b, struct keep_err *e)
{
	struct keep_slice line;
	const char *end;
	int code = 0;

	for (; text.len && !code; text.p += line.len + 1,
	     text.len -= line.len + 1) {
		end = memchr(text.p, '\n', text.len);
		if (!end)
			break;
		line = (struct keep_slice){text.p, (size_t)(end - text.p)};
		if (is_ours(line))
			code = put_name(o, b, line, e);
	}
	return code;
}

/* Sorted, and each once. */
static struct keep_names sorted(struct keep_buf *b)
{
	struct keep_name *v = (void *)b->p;
	size_t i, n = b->len / sizeof *v, to = 0;

	if (n)
		qsort(v, n, sizeof *v, by_name);
	for (i = 0; i < n; i++)
		if (!to || !keep_slice_eq(v[to - 1].name, v[i].name))
			v[to++] = v[i];
	return (struct keep_names){v, to};
}

int keep_made_read(struct keep_output *o, struct keep_err *e)
{
	struct keep_buf b = {.mem = o->c->mem};
	struct keep_slice text = {0};
	struct keep_err why = {0};
	struct keep_names top;
	int old = keep_fd_get(&o->old), code;
	size_t i;

	code = keep_dir_list(o->c->mem, old, ".", &top, e);
	if (code)
		return code;
	for (i = 0; i < top.n; i++)
		if (top.v[i].type != DT_DIR)
			keep_buf_put(&b, &top.v[i], sizeof *top.v);
	code = keep_file_read(o->c->mem, old, list, LIST_MAX, &text, &why);
	if (code && code != -KEEP_E_NOT_FOUND) {
		*e = why;
		return keep_err_at(e, "compiled");
	}
	code = put_lines(o, text, &b, e);
	if (code || b.failed)
		return code ? code : keep_no_memory(e);
	o->names = sorted(&b);
	return 0;
}

/* The paths that are kept join those that were written. */
static int gather(struct keep_output *o, struct keep_err *e)
{
	const struct keep_name *n = o->names.v;
	size_t i;

	for (i = 0; i < o->names.n; i++)
		if (o->kept[i] && memchr(n[i].name.p, '/', n[i].name.len))
			keep_buf_put(&o->put, &n[i].name, sizeof n[i].name);
	if (o->put.failed)
		return keep_no_memory(e);
	if (o->put.len)
		qsort(o->put.p, o->put.len / sizeof(struct keep_slice),
		      sizeof(struct keep_slice), by_bytes);
	return 0;
}

static void print(const struct keep_output *o, struct keep_buf *out)
{
	const struct keep_slice *v = (const void *)o->put.p;
	size_t i;

	keep_buf_text(out, "Made by `keep compile`, which removes what it "
		      "makes no more.\n");
	for (i = 0; i < o->put.len / sizeof *v; i++) {
		keep_buf_slice(out, v[i]);
		keep_buf_byte(out, '\n');
	}
}

/* Where no such file is, no list is. */
static void drop(struct keep_output *o)
{
	size_t i;

	for (i = 0; i < o->names.n; i++)
		if (keep_slice_is(o->names.v[i].name, list))
			o->kept[i] = false;
}

int keep_made_put(struct keep_output *o, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) text = {0};
	enum keep_state state;
	int code = gather(o, e);

	if (!code && !o->put.len)
		drop(o);
	if (code || !o->put.len)
		return code;
	print(o, &text);
	code = keep_buf_check(&text, e);
	return code ? code : keep_output_put(o, keep_slice(list),
					     keep_buf_get(&text), false, &state,
					     e);
}

static bool has(const void *v, size_t n, size_t size, struct keep_slice path)
{
	return n && bsearch(&path, v, n, size, by_bytes);
}

bool keep_made_has(const struct keep_output *o, struct keep_slice path)
{
	size_t n = o->put.len / sizeof(struct keep_slice);

	/* a name begins with its bytes */
	return has(o->names.v, o->names.n, sizeof *o->names.v, path) ||
	       has(o->put.p, n, sizeof(struct keep_slice), path);
}
