/* Answers of ssh that are kept: lines
 *
 *	keep-ssh 1
 *	ask WORDS
 *	at SIZE MTIME PATH	or: gone PATH
 *	ANSWER
 *	end
 */
#include <errno.h>
#include "says.h"

static const char first[] = "keep-ssh 1\n";
static const char last[] = "end\n";

/* --- reading -------------------------------------------------------------- */

static struct keep_slice take_line(struct keep_slice *text)
{
	const char *end = memchr(text->p, '\n', text->len);
	struct keep_slice line = {text->p, end ? (size_t)(end - text->p) : 0};

	text->p += line.len + 1;
	text->len -= line.len + 1;
	return line;
}

static bool take_number(struct keep_slice *line, uint64_t *out)
{
	const char *end = memchr(line->p, ' ', line->len);
	struct keep_slice word = {line->p, end ? (size_t)(end - line->p) : 0};

	if (!end || !keep_num_uint(word, out))
		return false;
	line->p += word.len + 1;
	line->len -= word.len + 1;
	return true;
}

static bool take_seal(struct keep_slice line, struct keep_seal *s)
{
	*s = (struct keep_seal){.gone = keep_says_skip(&line, "gone ")};
	if (!s->gone && !(keep_says_skip(&line, "at ") &&
			  take_number(&line, &s->size) &&
			  take_number(&line, &s->mtime_ns)))
		return false;
	s->path = line;
	return line.len && line.p[0] == '/' &&
	       !memchr(line.p, '\0', line.len);
}

/* Without its first and last line. */
static bool take_all(struct keep_slice text, struct keep_buf *seals,
		     struct keep_kept *out)
{
	struct keep_seal s;

	out->ask = text.len ? take_line(&text) : KEEP_S("");
	if (!keep_says_skip(&out->ask, "ask "))
		return false;
	while (text.len && (keep_slice_starts(text, "at ") ||
			    keep_slice_starts(text, "gone "))) {
		if (!take_seal(take_line(&text), &s))
			return false;
		keep_buf_put(seals, &s, sizeof s);
	}
	out->answer = text;
	return true;
}

int keep_kept_read(struct keep_mem *m, struct keep_slice text,
		   struct keep_kept *out, struct keep_err *e)
{
	struct keep_slice end = KEEP_S("\nend\n");
	struct keep_buf seals = {
		.mem = m, .limit = KEEP_SAYS_FILES * sizeof(struct keep_seal),
	};

	*out = (struct keep_kept){0};
	if (text.len > KEEP_SAYS_MAX || !keep_says_skip(&text, first) ||
	    text.len < end.len || !keep_bytes_equal(
		    text.p + text.len - end.len, end.p, end.len))
		return keep_fail(e, KEEP_E_BAD_ARGS, "no answer of ssh");
	text.len -= end.len - 1;
	if (!take_all(text, &seals, out))
		return keep_fail(e, KEEP_E_BAD_ARGS, "no answer of ssh");
	out->seals = (const void *)keep_buf_get(&seals).p;
	out->n = seals.len / sizeof *out->seals;
	return keep_buf_check(&seals, e);
}

/* --- writing -------------------------------------------------------------- */

void keep_kept_put(const struct keep_kept *k, struct keep_buf *out)
{
	const struct keep_seal *s;
	size_t i;

	keep_buf_print(out, "%sask ", first);
	keep_buf_slice(out, k->ask);
	keep_buf_byte(out, '\n');
	for (i = 0; i < k->n; i++) {
		s = &k->seals[i];
		if (s->gone)
			keep_buf_text(out, "gone ");
		else
			keep_buf_print(out, "at %ju %ju ", (uintmax_t)s->size,
				       (uintmax_t)s->mtime_ns);
		keep_buf_slice(out, s->path);
		keep_buf_byte(out, '\n');
	}
	keep_buf_slice(out, k->answer);
	keep_buf_text(out, last);
}

/* --- the files ------------------------------------------------------------ */

int keep_seal_of(struct keep_mem *m, struct keep_slice path,
		 struct keep_seal *out, struct keep_err *e)
{
	struct keep_slice name = keep_mem_copy(m, path);
	struct stat st;

	*out = (struct keep_seal){.path = name};
	if (!name.p)
		return keep_no_memory(e);
	if (!path.len || path.p[0] != '/' || memchr(path.p, '\n', path.len))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' cannot be kept",
				 KEEP_F(path));
	if (stat(name.p, &st) == 0) {
		out->size = (uint64_t)st.st_size;
		out->mtime_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000 +
				(uint64_t)st.st_mtim.tv_nsec;
		return 0;
	}
	out->gone = errno == ENOENT || errno == ENOTDIR;
	return out->gone ? 0 : keep_fail_errno(e, "%s", name.p);
}

bool keep_kept_holds(struct keep_mem *m, const struct keep_kept *k)
{
	const struct keep_seal *was;
	struct keep_seal is;
	size_t i;

	for (i = 0; i < k->n; i++) {
		was = &k->seals[i];
		if (keep_seal_of(m, was->path, &is, NULL) ||
		    is.gone != was->gone || is.size != was->size ||
		    is.mtime_ns != was->mtime_ns)
			return false;
	}
	return true;
}
