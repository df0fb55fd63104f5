/* Manifests that nodes send, and the lines of our own. */
#include <stdlib.h>
#include <keep/generation.h>
#include <keep/text.h>

enum { MODE_LEN = 4, HASH_HEX = 2 * KEEP_SHA256_LEN };

static bool take(struct keep_slice *s, size_t len, struct keep_slice *out)
{
	if (s->len <= len || s->p[len] != ' ')
		return false;
	*out = (struct keep_slice){s->p, len};
	s->p += len + 1;
	s->len -= len + 1;
	return true;
}

static bool read_line(struct keep_slice s, struct keep_manifest_line *out)
{
	struct keep_slice mode, size, hash, all = s;
	const char *blank;
	uint64_t n;

	if (!take(&s, MODE_LEN, &mode))
		return false;
	blank = memchr(s.p, ' ', s.len);
	if (!blank || !take(&s, (size_t)(blank - s.p), &size) ||
	    !take(&s, HASH_HEX, &hash))
		return false;
	out->secret = keep_slice_is(mode, "0600");
	out->path = s;
	out->rest = (struct keep_slice){all.p, all.len - s.len};
	return (out->secret || keep_slice_is(mode, "0644")) &&
	       keep_num_uint(size, &n) &&
	       strspn(hash.p, "0123456789abcdef") == hash.len &&
	       keep_utf8_ok(s);
}

static size_t count_lines(struct keep_slice text)
{
	const char *p = text.p, *end = text.p + text.len;
	size_t n = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		n++;
	}
	return n;
}

/* The lines stand in order, so that two manifests are compared in one go. */
static bool read_lines(struct keep_slice text, struct keep_manifest_line *v,
		       size_t *n)
{
	const char *p = text.p, *end = text.p + text.len, *line;

	for (*n = 0; p < end; p = line + 1, ++*n) {
		line = memchr(p, '\n', (size_t)(end - p));
		if (!line || !read_line((struct keep_slice){
					p, (size_t)(line - p)}, &v[*n]))
			return false;
		if (*n && keep_slice_cmp(v[*n - 1].path, v[*n].path) >= 0)
			return false;
	}
	return true;
}

int keep_manifest_read(struct keep_mem *m, struct keep_slice text,
		       struct keep_manifest *out, struct keep_err *e)
{
	struct keep_manifest_line *v;
	size_t n = count_lines(text);

	if (text.len > KEEP_MANIFEST_MAX || n > KEEP_GENERATION_FILES)
		return keep_fail(e, KEEP_E_TOO_LARGE, "a manifest of %zu "
				 "lines", n);
	v = KEEP_NEWS(m, n + 1, struct keep_manifest_line);
	if (!v)
		return keep_no_memory(e);
	if (!read_lines(text, v, &n))
		return keep_fail(e, KEEP_E_BAD_ARGS, "line %zu of the "
				 "manifest is none", n + 1);
	*out = (struct keep_manifest){v, n};
	return 0;
}

struct keep_manifest_line keep_generation_line(const struct keep_generation *g,
					       size_t i, size_t *at)
{
	const char *p = g->manifest.p + *at;
	const char *end = memchr(p, '\n', g->manifest.len - *at);
	size_t len = (size_t)(end - p), path = g->parts[i].path.len;

	*at += len + 1;
	return (struct keep_manifest_line){
		.path = {p + len - path, path}, .rest = {p, len - path},
		.secret = g->parts[i].secret};
}

static int by_path(const void *path, const void *line)
{
	const struct keep_manifest_line *l = line;

	return keep_slice_cmp(*(const struct keep_slice *)path, l->path);
}

bool keep_has_runner(const struct keep_manifest *of,
		     const struct keep_generation *g)
{
	const struct keep_manifest_line *found;
	struct keep_manifest_line line;
	size_t i, at = 0;

	for (i = 0; i < g->n; i++) {
		line = keep_generation_line(g, i, &at);
		if (!keep_is_runner(line.path))
			continue;
		found = !of->n ? NULL : bsearch(&line.path, of->v, of->n,
						sizeof line, by_path);
		if (!found || !keep_slice_eq(found->rest, line.rest))
			return false;
	}
	return true;
}

/* --- changes ------------------------------------------------------------- */

/* Where two manifests are compared: the lines before these are told. */
struct at {
	size_t old, new, byte;
};

/* The next line that both have, or their ends. */
static struct at next_same(const struct keep_manifest *old,
			   const struct keep_generation *g, struct at at)
{
	struct keep_manifest_line line = {0};
	struct at next = at;
	int order;

	while (at.new < g->n || at.old < old->n) {
		next.byte = at.byte;
		if (at.new < g->n)
			line = keep_generation_line(g, at.new, &next.byte);
		order = at.new == g->n ? -1 : at.old == old->n ? 1 :
			keep_slice_cmp(old->v[at.old].path, line.path);
		if (order == 0 &&
		    keep_slice_eq(old->v[at.old].rest, line.rest))
			break;
		at.old += order <= 0;
		at.new += order >= 0;
		at.byte = order >= 0 ? next.byte : at.byte;
	}
	return at;
}

int keep_manifest_changes(const struct keep_manifest *old,
			  const struct keep_generation *g,
			  struct keep_buf *out, struct keep_err *e)
{
	struct at at = {0}, next;

	while (at.new < g->n || at.old < old->n) {
		next = next_same(old, g, at);
		if (next.old > at.old)
			keep_buf_print(out, "d%zu %zu\n", at.old + 1,
				       next.old - at.old);
		if (next.new > at.new)
			keep_buf_print(out, "a%zu %zu\n", next.old,
				       next.new - at.new);
		keep_buf_put(out, g->manifest.p + at.byte,
			     next.byte - at.byte);
		at = next;
		if (at.new < g->n) {
			keep_generation_line(g, at.new++, &at.byte);
			at.old++;
		}
	}
	return keep_buf_check(out, e);
}
