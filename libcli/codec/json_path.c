/* Paths: the keys on the way to a value, as a."b.c".d. */
#include <string.h>
#include <keep/text.h>
#include "json_lex.h"

static bool is_prefix(char c)
{
	return c && strchr("+-!", c);
}

static bool is_plain(struct keep_slice key)
{
	size_t i = key.len > 1 && is_prefix(key.p[0]);

	for (; i < key.len; i++)
		if (key.p[i] == '.' || key.p[i] == '+' ||
		    keep_json_word_end(key, i) == i)
			return false;
	return key.len > 0;
}

void keep_json_put_step(struct keep_buf *path, struct keep_slice key)
{
	if (path->len)
		keep_buf_byte(path, '.');
	if (is_plain(key))
		keep_buf_slice(path, key);
	else
		keep_json_put_text(path, key);
}

/* Where the quote of the part that begins at AT stands, if it has one. */
static bool has_quote(struct keep_slice path, size_t at, size_t *quote)
{
	*quote = at + is_prefix(keep_json_byte(path, at));
	return keep_json_byte(path, *quote) == '"';
}

/* The dot or STOP behind the part at AT; the path's length: there is none. */
static size_t part_end(struct keep_slice path, size_t at, char stop)
{
	size_t quote, end;

	if (has_quote(path, at, &quote)) {
		end = keep_json_text_end(path, quote);
		at = end == KEEP_JSON_OPEN ? quote : end;
	}
	while (at < path.len && path.p[at] != '.' && path.p[at] != stop)
		at++;
	return at;
}

size_t keep_json_path_end(struct keep_slice text, char stop)
{
	size_t at = part_end(text, 0, stop);

	while (at < text.len && text.p[at] != stop)
		at = part_end(text, at + 1, stop);
	return at;
}

static int bad_quote(struct keep_slice path, size_t at, struct keep_slice why,
		     struct keep_err *e)
{
	size_t i, n = 1;

	for (i = 0; i < at; i++)
		n += ((unsigned char)path.p[i] & 0xc0) != 0x80;
	keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no path: character %zu: %.*s",
		  KEEP_F(path), n, KEEP_F(why));
	return keep_hint(e, "a name in quotes is a JSON string, as in "
			 "hosts.\"www.example.org\".root");
}

/* S: a part of PATH, from its quote at AT on. */
static int unquote(struct keep_mem *m, struct keep_slice path, size_t at,
		   struct keep_slice s, struct keep_json *name,
		   struct keep_err *e)
{
	struct keep_problems ps = {.mem = m};
	size_t end = keep_json_text_end(s, 0);
	int code;

	if (end == KEEP_JSON_OPEN)
		return bad_quote(path, at, KEEP_S("this quote is not closed"),
				 e);
	if (end < s.len)
		return bad_quote(path, at + end, KEEP_S("behind a quote stands "
				 "a dot or nothing"), e);
	code = keep_json_read(m, s, NULL, KEEP_JSON_STRICT, &ps, name);
	if (code == -KEEP_E_NO_MEMORY || (code && !ps.first))
		return keep_no_memory(e);
	return code ? bad_quote(path, at, ps.first->message, e) : 0;
}

/* The key of the part from AT to END. */
static int read_part(struct keep_mem *m, struct keep_slice path, size_t at,
		     size_t end, struct keep_slice *key, struct keep_err *e)
{
	struct keep_json name;
	size_t quote;
	int code;

	*key = (struct keep_slice){path.p + at, end - at};
	if (at == end)
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no path: a "
				 "name is missing in it", KEEP_F(path));
	if (!has_quote(path, at, &quote))
		return 0;
	code = unquote(m, path, quote, (struct keep_slice){path.p + quote,
		       end - quote}, &name, e);
	if (code)
		return code;
	*key = keep_mem_print(m, "%.*s%.*s", (int)(quote - at), path.p + at,
			      KEEP_F(keep_json_text(&name)));
	return key->p ? 0 : keep_no_memory(e);
}

int keep_json_path_read(struct keep_mem *m, struct keep_slice path,
			struct keep_json_path *out, struct keep_err *e)
{
	size_t at, end;
	int code = 0;

	out->n = 0;
	for (at = 0; at <= path.len && !code; at = end + 1) {
		if (out->n == KEEP_COUNT(out->keys))
			return keep_fail(e, KEEP_E_BAD_ARGS, "a path has at "
					 "most %zu names", out->n);
		end = part_end(path, at, '.');
		code = read_part(m, path, at, end, &out->keys[out->n++], e);
	}
	return code;
}
