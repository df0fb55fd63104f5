/* Lines of files that let somebody in, and rules of a firewall: what each is,
 * whatever stands around it. */
#include <keep/json.h>
#include <keep/ssh.h>
#include <keep/text.h>
#include "build.h"

enum { SHOWN = 120 };

static void add(struct keep_plan_lines *to, const struct keep_plan_line *x)
{
	if (!x->same.p || !x->detail.p)
		to->v.failed = true;
	keep_buf_put(&to->v, x, sizeof *x);
}

static struct keep_slice trim(struct keep_slice s)
{
	while (s.len && strchr(" \t\r", s.p[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t", *s.p)) {
		s.p++;
		s.len--;
	}
	return s;
}

/* The next line that is neither empty nor a comment. */
static bool next(struct keep_slice *text, struct keep_slice *line)
{
	const char *end;

	while (text->len) {
		end = memchr(text->p, '\n', text->len);
		*line = (struct keep_slice){text->p, end ? (size_t)(
					end - text->p) : text->len};
		text->p += line->len + (end != NULL);
		text->len -= line->len + (end != NULL);
		*line = trim(*line);
		if (line->len && *line->p != '#')
			return true;
	}
	return false;
}

/* Bytes of the first word; blanks in quotes are of it. */
static size_t word(struct keep_slice s)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.len && (quoted || !strchr(" \t", s.p[i])); i++) {
		if (s.p[i] == '\\' && i + 1 < s.len)
			i++;
		else if (s.p[i] == '"')
			quoted = !quoted;
	}
	return i < s.len ? i : s.len;
}

static struct keep_slice behind(struct keep_slice s, size_t len)
{
	return trim((struct keep_slice){s.p + len, s.len - len});
}

/* What a key is called. HEAD: what stands before it; absent: nothing. */
static void put_key(struct keep_plan_lines *to, struct keep_slice subject,
		    struct keep_slice head, const struct keep_ssh_key *key)
{
	struct keep_buf same = {.mem = to->mem}, detail = {.mem = to->mem};

	keep_buf_print(&same, "%.*s %.*s ", KEEP_F(subject), KEEP_F(head));
	keep_ssh_line_put(&same, key);
	keep_buf_print(&detail, "%.*s ", KEEP_F(keep_text_safe(
				to->mem, key->type, SHOWN)));
	keep_ssh_fingerprint_put(&detail, key);
	if (key->comment.len)
		keep_buf_print(&detail, " %.*s", KEEP_F(keep_text_safe(
				to->mem, key->comment, SHOWN)));
	if (head.len)
		keep_buf_print(&detail, " (%.*s)", KEEP_F(keep_text_safe(
				to->mem, head, SHOWN)));
	to->v.failed |= same.failed || detail.failed;
	add(to, &(struct keep_plan_line){keep_buf_get(&same), subject,
					 keep_buf_get(&detail)});
}

static void put_odd(struct keep_plan_lines *to, struct keep_slice subject,
		    struct keep_slice line)
{
	add(to, &(struct keep_plan_line){
		line, subject, keep_text_safe(to->mem, line, SHOWN)});
}

void keep_plan_authorized(struct keep_plan_lines *to, struct keep_slice text)
{
	struct keep_slice line, head, none = {0};
	struct keep_ssh_key key;

	while (next(&text, &line)) {
		head = (struct keep_slice){line.p, word(line)};
		if (!keep_ssh_line_get(to->mem, line, &key, NULL))
			put_key(to, none, none, &key);
		else if (!keep_ssh_line_get(to->mem, behind(line, head.len),
					    &key, NULL))
			put_key(to, none, head, &key);
		else
			put_odd(to, none, line);
	}
}

void keep_plan_hosts(struct keep_plan_lines *to, struct keep_slice text)
{
	struct keep_slice line, mark, host, rest;
	struct keep_ssh_key key;

	while (next(&text, &line)) {
		mark = (struct keep_slice){line.p, 0};
		if (*line.p == '@')
			mark.len = word(line);
		rest = behind(line, mark.len);
		host = (struct keep_slice){rest.p, word(rest)};
		rest = behind(rest, host.len);
		if (keep_ssh_line_get(to->mem, rest, &key, NULL)) {
			put_odd(to, KEEP_S("?"), line);
			continue;
		}
		key.comment = (struct keep_slice){0};
		put_key(to, keep_text_safe(to->mem, host, SHOWN), mark, &key);
	}
}

/* "from * to 10.0.0.1 port 443". */
static void put_rule(struct keep_plan_lines *to, struct keep_slice name,
		     const struct keep_json *rule)
{
	static const char *const keys[] = {"from", "to", "port"};
	struct keep_buf b = {.mem = to->mem};
	const struct keep_json *v;
	size_t i;

	for (i = 0; i < KEEP_COUNT(keys); i++) {
		v = keep_json_get(rule, keep_slice(keys[i]));
		if (!v || v->type == KEEP_JSON_NULL)
			continue;
		keep_buf_print(&b, "%s%s ", b.len ? " " : "", keys[i]);
		if (v->type == KEEP_JSON_TEXT)
			keep_buf_slice(&b, keep_text_safe(
				to->mem, keep_json_text(v), SHOWN));
		else
			keep_json_put(&b, v, KEEP_JSON_COMPACT);
	}
	to->v.failed |= b.failed;
	add(to, &(struct keep_plan_line){keep_buf_get(&b),
		keep_text_safe(to->mem, name, SHOWN), keep_buf_get(&b)});
}

void keep_plan_firewall(struct keep_plan_lines *to, struct keep_slice text)
{
	struct keep_problems ps = {.mem = to->mem};
	const struct keep_json *all, *rule;
	struct keep_json v;
	uint32_t i, j;

	if (keep_json_read(to->mem, text, NULL, KEEP_JSON_STRICT, &ps, &v))
		return;
	all = keep_json_get(&v, KEEP_S("firewall"));
	for (i = 0; all && all->type == KEEP_JSON_OBJECT && i < all->n; i++) {
		rule = &all->members[i].value;
		if (rule->type == KEEP_JSON_OBJECT)
			put_rule(to, all->members[i].key, rule);
		for (j = 0; rule->type == KEEP_JSON_LIST && j < rule->n; j++)
			put_rule(to, all->members[i].key, &rule->list[j]);
	}
}
