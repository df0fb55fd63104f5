#include "form.h"

static struct keep_slice from(struct keep_slice s, size_t at)
{
	return (struct keep_slice){s.p + at, s.len - at};
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static size_t name_len(struct keep_slice s)
{
	size_t n = 0;

	while (n < s.len && (is_name_byte(s.p[n]) ||
			     (n && (s.p[n] == '.' || s.p[n] == '_' ||
				    s.p[n] == '-'))))
		n++;
	return n;
}

bool keep_form_name(struct keep_slice s)
{
	return s.len && s.len <= 255 && name_len(s) == s.len;
}

/* Length of the word that begins s, with its blank; 0: another one. */
static size_t word_len(struct keep_slice s)
{
	static const char *const words[] = {
		"secret ", "b64 secret ", "hex secret ", "sha256 secret ",
		"keypair ", "b64 keypair ", "hex keypair ", "sha256 keypair ",
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(words); i++)
		if (keep_slice_starts(s, words[i]))
			return keep_slice(words[i]).len;
	return 0;
}

/* Length of the form that begins s; 0: none. */
static size_t form_len(struct keep_slice s)
{
	size_t len, name;

	if (s.len == 0 || s.p[0] != '<')
		return 0;
	len = word_len(from(s, 1)) + 1;
	if (len == 1)
		return 0;
	name = name_len(from(s, len));
	if (name == 0)
		return 0;
	for (len += name; len < s.len; len++) {
		if (s.p[len] == '>')
			return len + 1;
		if (s.p[len] == '<' || s.p[len] == '\n')
			break;
	}
	return 0;
}

/* The next form from *at on; its length, or 0. */
static size_t find(struct keep_slice s, size_t *at)
{
	const char *p;
	size_t len;

	for (; *at < s.len; ++*at) {
		p = memchr(s.p + *at, '<', s.len - *at);
		if (!p)
			break;
		*at = (size_t)(p - s.p);
		len = form_len(from(s, *at));
		if (len)
			return len;
	}
	return 0;
}

static struct keep_slice cut(struct keep_slice *s, size_t len)
{
	struct keep_slice head = {s->p, len};

	*s = from(*s, len);
	return head;
}

bool keep_form_next(struct keep_slice s, size_t *at,
		    struct keep_form_parts *out)
{
	struct keep_slice rest;
	const char *blank;
	size_t words;

	out->len = find(s, at);
	if (!out->len)
		return false;
	rest = (struct keep_slice){s.p + *at + 1, out->len - 2};
	words = word_len(rest);
	blank = memchr(rest.p, ' ', words - 1);
	out->how = cut(&rest, blank ? (size_t)(blank + 1 - rest.p) : 0);
	out->kind = cut(&rest, words - out->how.len);
	out->name = cut(&rest, name_len(rest));
	out->more = rest;
	return true;
}

bool keep_form_find(struct keep_slice s, size_t *at)
{
	*at = 0;
	return find(s, at) != 0;
}

size_t keep_form_count(struct keep_slice s)
{
	size_t n = 0, len, at = 0;

	for (; (len = find(s, &at)); at += len)
		n++;
	return n;
}

bool keep_form_is_plain(struct keep_slice s)
{
	return (keep_slice_starts(s, "<secret ") ||
		keep_slice_starts(s, "<keypair ")) && form_len(s) == s.len;
}
