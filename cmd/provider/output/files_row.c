/* The schema of `files`. */
#include <keep/text.h>
#include "files_row.h"

enum { NAME_MAX_LEN = 32, COMMAND_MAX = 1024, PART_MAX = 255 };

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool is_line(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (is_control(s.p[i]))
			return false;
	return s.len > 0 && s.len <= COMMAND_MAX;
}

static bool is_any(struct keep_slice s)
{
	(void)s;
	return true;
}

/* What useradd takes, too. */
static bool is_account(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_' ||
		      (i && ((s.p[i] >= '0' && s.p[i] <= '9') ||
			     s.p[i] == '-'))))
			return false;
	return s.len > 0 && s.len <= NAME_MAX_LEN;
}

static bool is_mode(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '7')
			return false;
	return s.len == 3 || s.len == 4;
}

uint32_t keep_file_mode(struct keep_slice text)
{
	uint32_t mode = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		mode = mode * 8 + (uint32_t)(text.p[i] - '0');
	return mode;
}

/* In the order of keep_file_field. */
static const struct {
	const char *name;
	bool (*ok)(struct keep_slice s);
	const char *wanted;
} fields[KEEP_FILE_FIELDS] = {
	{"text", is_any, "a text"},
	{"template", is_line, "a path below files/templates/"},
	{"source", is_line, "a path below files/"},
	{"compiled", is_line, "a path below compiled/ENV/"},
	{"owner", is_account, "the name of a user"},
	{"group", is_account, "the name of a group"},
	{"mode", is_mode, "octal digits in quotes, as \"0644\""},
	{"on_change", is_line, "a command of one line"},
};

void keep_file_fault(const struct keep_file_rows *r, const struct keep_json *v,
		     const char *fmt, ...)
{
	struct keep_slice where = v->source ? v->source->name : KEEP_S("-");
	struct keep_buf path = {.mem = r->ps->mem};
	struct keep_slice what;
	va_list ap;

	va_start(ap, fmt);
	what = keep_mem_vprint(r->ps->mem, fmt, ap);
	va_end(ap);
	keep_buf_text(&path, "files");
	keep_json_put_step(&path, r->path);
	keep_problem(r->ps, where, v->line, v->column, "%.*s: %.*s: %.*s",
		     KEEP_F(r->node->name),
		     KEEP_F(keep_text_safe(path.mem, keep_buf_get(&path), 110)),
		     KEEP_F(what));
}

/* Why a path cannot be that of a file; NULL: it can. */
static const char *path_fault(struct keep_slice path)
{
	struct keep_slice part = {path.p + 1, 0};
	const char *end = path.p + path.len;
	size_t n = 0;

	if (path.len < 2 || path.p[0] != '/')
		return "a path begins with / and names a file";
	if (path.len > KEEP_FILE_PATH)
		return "a path has at most 1024 bytes";
	if (!is_line(path))
		return "a path holds no control characters";
	if (keep_slice_starts(path, "/var/lib/keep/"))
		return "what is in /var/lib/keep is keep's own";
	if (memchr(path.p, '\\', path.len) || path.p[path.len - 1] == ' ')
		return "a path holds no backslash, and no blank at its end";
	for (; part.p <= end; part.p += part.len + 1, n++) {
		part.len = 0;
		while (part.p + part.len < end && part.p[part.len] != '/')
			part.len++;
		if (!part.len)
			return "a path has single / between names, and none "
			       "at its end";
		if (keep_slice_is(part, ".") || keep_slice_is(part, ".."))
			return "a path holds no . and ..";
		if (part.len == 4 && strncasecmp(part.p, ".git", 4) == 0)
			return "a path holds no .git, which git does not track";
		if (part.len > PART_MAX)
			return "a name in a path has at most 255 bytes";
	}
	return n > KEEP_FILE_PARTS ? "a path has at most 64 names" : NULL;
}

static void unknown(const struct keep_file_rows *r, const struct keep_json *at,
		    struct keep_slice key)
{
	struct keep_guess g = {.wanted = key};
	size_t i;

	for (i = 0; i < KEEP_FILE_FIELDS; i++)
		keep_guess_offer(&g, keep_slice(fields[i].name));
	key = keep_text_safe(r->ps->mem, key, 100);
	keep_file_fault(r, at, "unknown member '%.*s'", KEEP_F(key));
	if (g.best.p)
		keep_problem_hint(r->ps, "did you mean '%.*s'?",
				  KEEP_F(g.best));
	else
		keep_problem_hint(r->ps, "it may have text, template, source "
				  "or compiled, and owner, group, mode, "
				  "on_change");
}

/* What stands for the key; that which an expression made has no place. */
static struct keep_json key_of(const struct keep_json_member *m)
{
	struct keep_json at = m->value;

	if (m->line) {
		at.line = m->line;
		at.column = m->column;
	}
	return at;
}

static bool read_field(const struct keep_file_rows *r,
		       const struct keep_json_member *m,
		       struct keep_file_row *out)
{
	const struct keep_json key = key_of(m), *v = &m->value;
	size_t i;

	for (i = 0; i < KEEP_FILE_FIELDS; i++)
		if (keep_slice_is(m->key, fields[i].name))
			break;
	if (i == KEEP_FILE_FIELDS)
		unknown(r, &key, m->key);
	else if (v->type == KEEP_JSON_NULL)
		return v->mark != KEEP_MARK_BROKEN;
	else if (v->mark == KEEP_MARK_SECRET && i != KEEP_FILE_TEXT)
		keep_file_fault(r, v, "a secret cannot be its %s",
				fields[i].name);
	else if (v->type != KEEP_JSON_TEXT)
		keep_file_fault(r, v, "%s is %s, not %s", fields[i].name,
				fields[i].wanted,
				keep_json_type_name(v->type));
	else if (!fields[i].ok(keep_json_text(v)))
		keep_file_fault(r, v, "%s is %s", fields[i].name,
				fields[i].wanted);
	else
		out->v[i] = v;
	return i < KEEP_FILE_FIELDS && out->v[i];
}

static bool check_content(const struct keep_file_rows *r,
			  const struct keep_json *key,
			  const struct keep_file_row *row)
{
	size_t i, n = 0;

	for (i = KEEP_FILE_TEXT; i <= KEEP_FILE_COMPILED; i++)
		n += row->v[i] != NULL;
	if (!n)
		keep_file_fault(r, key, "it needs text, template, source or "
				"compiled");
	if (n > 1) {
		keep_file_fault(r, key, "it has more than one of text, "
				"template, source and compiled");
		keep_problem_hint(r->ps, "\"!%.*s\" replaces the file that is "
				  "inherited", KEEP_F(r->path));
	}
	return n == 1;
}

bool keep_file_row_read(struct keep_file_rows *r,
			const struct keep_json_member *m,
			struct keep_file_row *out)
{
	const char *why = path_fault(m->key);
	const struct keep_json key = key_of(m);
	bool ok = true;
	size_t i;

	*out = (struct keep_file_row){{0}};
	r->path = m->key;
	if (m->value.type == KEEP_JSON_NULL)
		return false;
	if (why)
		keep_file_fault(r, &key, "%s", why);
	if (m->value.type != KEEP_JSON_OBJECT) {
		keep_file_fault(r, &m->value, "a file is an object, not %s",
				keep_json_type_name(m->value.type));
		return false;
	}
	for (i = 0; i < m->value.n; i++)
		ok = read_field(r, &m->value.members[i], out) && ok;
	return ok && check_content(r, &key, out) && !why;
}
