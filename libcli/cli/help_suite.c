/* `keep help`: all commands, and where they come from. */
#include "shell.h"

bool keep_command_is_plumbing(const struct keep_command *c)
{
	return keep_slice_starts(keep_slice(c->name), "x-");
}

/* "lib/keep/libkeep-provider.so ..." of a row. */
static void put_origin(const struct keep_suite *s,
		       const struct keep_command *c, struct keep_buf *out)
{
	const char *p = c->libraries;

	if (s->own && keep_slice_is(keep_slice(p), s->own->name)) {
		keep_buf_text(out, "keep itself");
		return;
	}
	while (*p) {
		size_t len = 0;

		while (p[len] && p[len] != ' ')
			len++;
		keep_buf_print(out, "%s%.*s/libkeep-%.*s.so",
			       p == c->libraries ? "" : ", ",
			       KEEP_F(s->run_dir), (int)len, p);
		p += len + (p[len] == ' ');
	}
}

static void put_external(void *to, struct keep_slice name,
			 struct keep_slice path, bool shadowed)
{
	keep_buf_print(to, "  %-10.*s %.*s%s\n", KEEP_F(name), KEEP_F(path),
		       shadowed ? " (shadowed: it never runs)" : "");
}

static void put_externals(const struct keep_suite *s, struct keep_buf *out)
{
	size_t start = out->len;

	keep_external_each(s, put_external, out);
	if (out->len != start)
		keep_buf_insert(out, start, "\nexternal commands:\n", 20);
}

void keep_help_suite(const struct keep_suite *s, bool all,
		     struct keep_buf *out)
{
	size_t i;

	keep_buf_text(out, "usage: keep [OPTION...] COMMAND [VERB] "
		      "[ARGUMENT...]\n\n");
	for (i = 0; i < s->n; i++) {
		const struct keep_command *c = &s->commands[i];

		if (keep_command_is_plumbing(c))
			continue;
		keep_buf_print(out, "  %-10s %s\n", c->name, c->summary);
		if (!all)
			continue;
		keep_buf_print(out, "  %-10s   from ", "");
		put_origin(s, c, out);
		keep_buf_byte(out, '\n');
	}
	if (all)
		put_externals(s, out);
	keep_buf_byte(out, '\n');
	keep_help_globals(out);
	keep_buf_text(out, "\nkeep help COMMAND explains one, keep help -a "
		      "tells where each comes from.\nkeep help expressions, "
		      "filter and users are about what many share.\n");
}

struct search {
	struct keep_slice name;
	struct keep_buf *out;
};

static void put_if_named(void *to, struct keep_slice name,
			 struct keep_slice path, bool shadowed)
{
	struct search *s = to;

	if (!shadowed && keep_slice_eq(name, s->name))
		keep_buf_print(s->out, "keep %.*s is an external command: "
			       "%.*s\nkeep %.*s --help asks it for help.\n",
			       KEEP_F(name), KEEP_F(path), KEEP_F(name));
}

bool keep_help_external(const struct keep_suite *s, struct keep_slice name,
			struct keep_buf *out)
{
	struct search of = {name, out};
	size_t start = out->len;

	keep_external_each(s, put_if_named, &of);
	return out->len != start;
}
