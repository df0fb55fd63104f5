/* Reading what `ssh -v -G` prints. */
#include "says.h"

static struct keep_slice next_line(struct keep_slice *text)
{
	const char *end = memchr(text->p, '\n', text->len);
	struct keep_slice line = *text;

	if (end)
		line.len = (size_t)(end - text->p);
	text->p += line.len + !!end;
	text->len -= line.len + !!end;
	return line;
}

bool keep_says_skip(struct keep_slice *s, const char *words)
{
	size_t len = keep_slice(words).len;

	if (!keep_slice_starts(*s, words))
		return false;
	s->p += len;
	s->len -= len;
	return true;
}

/* --- the answer ----------------------------------------------------------- */

enum { JUMP, PROXY, CERTIFICATE, AGENT, TEXTS };
static const char *const texts[TEXTS] = {
	[JUMP] = "proxyjump ", [PROXY] = "proxycommand ",
	[CERTIFICATE] = "certificatefile ", [AGENT] = "identityagent ",
};
static const char identity[] = "identityfile ";
static const char only[] = "identitiesonly ";

static bool is_heeded(struct keep_slice line)
{
	size_t i;

	for (i = 0; i < TEXTS; i++)
		if (keep_slice_starts(line, texts[i]))
			return true;
	return keep_slice_starts(line, identity) ||
	       keep_slice_starts(line, only);
}

void keep_says_put(struct keep_slice text, struct keep_buf *out)
{
	struct keep_slice line;

	while (text.len) {
		line = next_line(&text);
		if (!is_heeded(line))
			continue;
		keep_buf_slice(out, line);
		keep_buf_byte(out, '\n');
	}
}

static void take(struct keep_says *out, struct keep_slice line,
		 struct keep_buf *identities)
{
	struct keep_slice *const to[TEXTS] = {
		[JUMP] = &out->jump, [PROXY] = &out->proxy,
		[CERTIFICATE] = &out->certificate, [AGENT] = &out->agent,
	};
	size_t i;

	for (i = 0; i < TEXTS; i++)
		if (keep_says_skip(&line, texts[i]))
			*to[i] = line;
	if (keep_says_skip(&line, identity))
		keep_buf_put(identities, &line, sizeof line);
	else if (keep_says_skip(&line, only))
		out->identities_only = keep_slice_is(line, "yes");
}

int keep_says_read(struct keep_mem *m, struct keep_slice text,
		   struct keep_says *out, struct keep_err *e)
{
	struct keep_buf v = {
		.mem = m, .limit = KEEP_SAYS_KEYS * sizeof(struct keep_slice),
	};

	*out = (struct keep_says){0};
	if (text.len > KEEP_SAYS_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "ssh answers with %zu "
				 "bytes", text.len);
	if (!text.len || text.p[text.len - 1] != '\n')
		return keep_fail(e, KEEP_E_BAD_ARGS, "ssh's answer has no "
				 "end");
	while (text.len)
		take(out, next_line(&text), &v);
	out->identities.v = (const void *)keep_buf_get(&v).p;
	out->identities.n = v.len / sizeof *out->identities.v;
	return keep_buf_check(&v, e);
}

/* --- where it was read from ----------------------------------------------- */

/* What stands before the last '/'; "/" has itself. */
static struct keep_slice folder(struct keep_slice path)
{
	while (path.len > 1 && path.p[path.len - 1] != '/')
		path.len--;
	if (path.len > 1)
		path.len--;
	return path;
}

static void add(struct keep_buf *paths, struct keep_slice path)
{
	const struct keep_slice *old = (const void *)paths->p;
	size_t i;

	for (i = 0; i < paths->len / sizeof path; i++)
		if (keep_slice_eq(old[i], path))
			return;
	keep_buf_put(paths, &path, sizeof path);
}

/* "FILE line N: include PATTERN matched no files": a file of that folder may
 * come. */
static bool take_pattern(struct keep_slice line, struct keep_buf *paths,
			 bool *anew)
{
	struct keep_slice after = KEEP_S(" matched no files");
	const char *at = memmem(line.p, line.len, ": include ", 10);
	struct keep_slice pattern;

	if (!at || line.len < after.len || !keep_bytes_equal(
		    line.p + line.len - after.len, after.p, after.len))
		return false;
	pattern.p = at + 10;
	if (line.p + line.len - after.len < pattern.p)
		return false;
	pattern.len = (size_t)(line.p + line.len - after.len - pattern.p);
	pattern = folder(pattern);
	*anew |= !pattern.len || pattern.p[0] != '/' ||
		 memchr(pattern.p, '*', pattern.len) ||
		 memchr(pattern.p, '?', pattern.len) ||
		 memchr(pattern.p, '[', pattern.len);
	add(paths, pattern);
	return true;
}

/* Files that ssh reads by themselves; all others were included, and others may
 * come beside them. */
static bool is_included(struct keep_slice path)
{
	struct keep_slice own = KEEP_S("/.ssh/config");

	if (keep_slice_is(path, "/etc/ssh/ssh_config"))
		return false;
	return path.len < own.len || !keep_bytes_equal(
		path.p + path.len - own.len, own.p, own.len);
}

static void take_told(struct keep_slice line, struct keep_buf *paths,
		      bool *anew)
{
	if (!keep_says_skip(&line, "debug1: "))
		return;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (keep_slice_starts(line, "Executing command: ")) {
		*anew = true;
	} else if (keep_says_skip(&line, "Reading configuration data ")) {
		*anew |= !line.len || line.p[0] != '/';
		add(paths, line);
		if (is_included(line))
			add(paths, folder(line));
	} else {
		take_pattern(line, paths, anew);
	}
}

int keep_says_from(struct keep_mem *m, struct keep_slice told,
		   struct keep_says_from *out, struct keep_err *e)
{
	struct keep_buf v = {
		.mem = m, .limit = KEEP_SAYS_FILES * sizeof(struct keep_slice),
	};

	*out = (struct keep_says_from){0};
	if (told.len > KEEP_SAYS_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "ssh tells %zu bytes",
				 told.len);
	while (told.len)
		take_told(next_line(&told), &v, &out->anew);
	out->paths.v = (const void *)keep_buf_get(&v).p;
	out->paths.n = v.len / sizeof *out->paths.v;
	return keep_buf_check(&v, e);
}
