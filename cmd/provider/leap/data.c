/* facts.json, Leapfile and users/ of leap. */
#include <dirent.h>
#include <keep/text.h>
#include "../instance/merge.h"
#include "import.h"

enum { LEAPFILE = 64 << 10, PUBLIC_KEY = 64 << 10 };

/* --- facts.json: one file a node ----------------------------------------- */

static int facts_of(struct keep_leap *l, const struct keep_json_member *m,
		    struct keep_err *e)
{
	struct keep_buf b = {.mem = l->m};
	struct keep_slice to;

	if (!keep_node_name_ok(m->key)) {
		const struct keep_json at = keep_key(m);

		keep_problem_at(l->ps, &at, "'%.*s' is no name of a node",
				KEEP_F(m->key));
		return 0;
	}
	to = keep_mem_print(l->m, "facts/%.*s.json", KEEP_F(m->key));
	keep_json_put(&b, &m->value, KEEP_JSON_PRETTY);
	keep_buf_byte(&b, '\n');
	if (!to.p || b.failed)
		return keep_no_memory(e);
	return keep_leap_put(l, to.p, keep_buf_get(&b), 0666, e);
}

int keep_leap_facts(struct keep_leap *l, const char *path, struct keep_err *e)
{
	struct keep_leap_doc d = {.path = path};
	uint32_t i;
	int rc = keep_leap_read_json(l, &d, e);

	for (i = 0; !rc && i < d.tree.n; i++)
		rc = facts_of(l, &d.tree.members[i], e);
	return rc;
}

/* --- Leapfile: settings of the leap program ------------------------------ */

static struct keep_slice next_line(struct keep_slice *text)
{
	const char *end = memchr(text->p, '\n', text->len);
	struct keep_slice line = {text->p, end ? (size_t)(end - text->p)
					       : text->len};

	text->p += line.len + !!end;
	text->len -= line.len + !!end;
	while (line.len && strchr(" \t\r", line.p[0])) {
		line.p++;
		line.len--;
	}
	while (line.len && strchr(" \t\r", line.p[line.len - 1]))
		line.len--;
	return line;
}

/* The platform is what --platform names; of the rest keep has nothing. */
static const char *const of_leap_only[] = {
	"@platform_directory_path", "@log", "@vagrant", "@custom_vagrant",
	"@leap_cli_version", "@allow_production_deploy", "#",
};

static bool is_known(struct keep_slice line)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(of_leap_only); i++)
		if (keep_slice_starts(line, of_leap_only[i]))
			return true;
	return line.len == 0;
}

int keep_leap_leapfile(struct keep_leap *l, const char *path,
		       struct keep_err *e)
{
	struct keep_slice text;
	struct keep_import_left what = {
		.file = keep_slice(path),
		.why = KEEP_S("ruby of the Leapfile; keep runs none"),
	};
	int rc = keep_leap_read(l, l->m, path, LEAPFILE, &text, e);

	if (rc || !text.p)
		return rc;
	if (!keep_utf8_ok(text)) {
		keep_problem_in(l->ps, path, "the file is not UTF-8");
		return 0;
	}
	while (!rc && text.len) {
		what.line++;
		what.original = next_line(&text);
		if (!is_known(what.original))
			rc = keep_leap_left(l, &what, e);
	}
	return rc;
}

/* --- users/: U/U_ssh.pub and others become U/ssh.pub --------------------- */

static int add_key(struct keep_leap *l, const char *path, struct keep_buf *keys,
		   struct keep_err *e)
{
	struct keep_slice text;
	int rc = keep_leap_read(l, l->m, path, PUBLIC_KEY, &text, e);

	if (rc || !text.p)
		return rc;
	if (!keep_utf8_ok(text) || memchr(text.p, '\0', text.len))
		keep_problem_in(l->ps, path, "this is no public key");
	keep_buf_slice(keys, text);
	if (text.len && text.p[text.len - 1] != '\n')
		keep_buf_byte(keys, '\n');
	return 0;
}

static int user(struct keep_leap *l, const char *dir, struct keep_slice name,
		struct keep_err *e)
{
	struct keep_buf keys = {.mem = l->m};
	struct keep_names names;
	const char *path, *to;
	size_t i;
	int rc = keep_leap_list(l, dir, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		path = keep_leap_path(l, dir, names.v[i].name);
		if (!path)
			return keep_no_memory(e);
		if (names.v[i].type == DT_REG &&
		    keep_leap_ends(names.v[i].name, "_ssh.pub"))
			rc = add_key(l, path, &keys, e);
		else
			rc = keep_leap_left_file(l, keep_slice(path), "users/ "
						 "has no place for it", e);
	}
	to = keep_mem_print(l->m, "users/%.*s/ssh.pub", KEEP_F(name)).p;
	if (!rc && (!to || keys.failed))
		return keep_no_memory(e);
	if (rc || !keys.len)
		return rc;
	return keep_leap_put(l, to, keep_buf_get(&keys), 0666, e);
}

int keep_leap_users(struct keep_leap *l, const char *path, struct keep_err *e)
{
	struct keep_names names;
	const char *dir;
	size_t i;
	int rc = keep_leap_list(l, path, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		dir = keep_leap_path(l, path, names.v[i].name);
		if (!dir)
			return keep_no_memory(e);
		if (names.v[i].type == DT_DIR)
			rc = user(l, dir, names.v[i].name, e);
		else
			rc = keep_leap_left_file(l, keep_slice(dir), "users/ "
						 "has no place for it", e);
	}
	return rc;
}
