/* Manifests that nodes send, and the lines of our own. */
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
