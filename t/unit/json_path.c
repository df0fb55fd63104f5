/* Paths of properties: what they lead to, and how they are written. */
#include <keep/json.h>
#include "tap.h"

static const struct {
	const char *title, *path, *keys; /* with | between; or "!fault" */
	const char *written;             /* NULL: as the path */
} paths[] = {
	{"names have dots between them", "ssh.port", "ssh|port", NULL},
	{"a name in quotes may hold dots",
	 "web.hosts.\"www.example.org\".root", "web|hosts|www.example.org|root",
	 NULL},
	{"and slashes", "files.\"/etc/motd\"", "files|/etc/motd", NULL},
	{"slashes need no quotes to be read", "files./etc/motd",
	 "files|/etc/motd", "files.\"/etc/motd\""},
	{"escapes are those of JSON", "\"a\\\"b\\u00e9\\\\\".c",
	 "a\"b\xc3\xa9\\|c", "\"a\\\"b\xc3\xa9\\\\\".c"},
	{"a prefix stands before its name", "a.+b", "a|+b", NULL},
	{"or before its quote", "a.!\"b.c\"", "a|!b.c", "a.\"!b.c\""},
	{"a quote inside of a name is one of its characters", "a\"b.c\"d",
	 "a\"b|c\"d", "\"a\\\"b\".\"c\\\"d\""},
	{"an empty name has quotes", "a.\"\"", "a|", NULL},
	{"an empty name without them is refused", "a..b",
	 "!'a..b' is no path: a name is missing in it", NULL},
	{"an empty path is refused", "", "!'' is no path: a name is missing "
	 "in it", NULL},
	{"an open quote is told by its place", "\xc3\xa9.\"b.c",
	 "!'\xc3\xa9.\"b.c' is no path: character 3: this quote is not closed",
	 NULL},
	{"so is what stands behind a quote", "a.\"b\"c",
	 "!'a.\"b\"c' is no path: character 6: behind a quote stands a dot or "
	 "nothing", NULL},
	{"so is a bad escape", "a.\"\\x\"",
	 "!'a.\"\\x\"' is no path: character 3: '\\x' is no escape", NULL},
};

static void reading(void)
{
	size_t i, k;

	for (i = 0; i < KEEP_COUNT(paths); i++) {
		KEEP_AUTO(keep_mem) m = {0};
		struct keep_buf keys = {.mem = &m}, written = {.mem = &m};
		struct keep_json_path way;
		struct keep_err e = {0};

		if (keep_json_path_read(&m, keep_slice(paths[i].path), &way,
					&e)) {
			is_text(keep_mem_print(&m, "!%s", e.message),
				paths[i].keys, "%s", paths[i].title);
			continue;
		}
		for (k = 0; k < way.n; k++) {
			keep_buf_print(&keys, "%s%.*s", k ? "|" : "",
				       KEEP_F(way.keys[k]));
			keep_json_put_step(&written, way.keys[k]);
		}
		is_text(keep_buf_get(&keys), paths[i].keys, "%s",
			paths[i].title);
		is_text(keep_buf_get(&written), paths[i].written
			? paths[i].written : paths[i].path, "and is written");
	}
}

/* Whether all that begins S is read or refused, inside of its bytes. */
static bool safe(struct keep_slice s)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json_path way;
	struct keep_err e = {0};
	int code = keep_json_path_read(&m, s, &way, &e);

	return code ? code == -KEEP_E_BAD_ARGS && e.message[0] : way.n > 0;
}

static void truncations(void)
{
	struct keep_slice all = KEEP_S("a.+\"b.\\u00e9\\\\\\\"c\".\"d\"");
	size_t len, bad = 0;

	for (len = 0; len <= all.len; len++) {
		KEEP_AUTO(keep_mem) m = {0};

		bad += !safe(keep_mem_copy(&m, (struct keep_slice){all.p,
								   len}));
	}
	is_int(bad, 0, "each beginning of a path is read or refused");
}

static void ends(void)
{
	is_int(keep_json_path_end(KEEP_S("a.\"b=c\".d=e=f"), '='), 9,
	       "a path ends at the first sign that is not in quotes");
	is_int(keep_json_path_end(KEEP_S("a.\"b=c"), '='), 4,
	       "an open quote holds no sign");
	is_int(keep_json_path_end(KEEP_S("a.b"), '='), 3,
	       "without the sign all is path");
}

static void looking(void)
{
	static const char text[] = "{\"a\": {\"b.c\": [4, 5], \"b\": 1}}";
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct keep_json v;
	const struct keep_json *at;

	is_int(keep_json_read(&m, keep_slice(text), NULL, KEEP_JSON_STRICT, &ps,
			      &v), 0, "a document is read");
	at = keep_json_at(&v, KEEP_S("a.\"b.c\".1"));
	is_int(at ? at->number : 0, 5, "a key with dots is found");
	ok(!keep_json_at(&v, KEEP_S("a.b.c")), "not without its quotes");
	ok(!keep_json_at(&v, KEEP_S("a.\"b.c")), "nor with an open one");
}

int main(void)
{
	reading();
	truncations();
	ends();
	looking();
	return done();
}
