/* Whether what keep runs and loads is what was meant. */
#include <limits.h>
#include "checks.h"

/* PREFIX of PREFIX/lib/keep. */
static struct keep_slice prefix(const struct keep_suite *s)
{
	struct keep_slice dir = s->run_dir;
	const char *tail = "/lib/keep";

	if (dir.len > strlen(tail) &&
	    keep_slice_is((struct keep_slice){dir.p + dir.len - strlen(tail),
					      strlen(tail)}, tail))
		dir.len -= strlen(tail);
	return dir;
}

static int look_library(void *to, struct keep_slice name)
{
	struct keep_look *l = to;
	struct keep_mem *m = l->c->mem;
	struct keep_err why = {0};

	if (keep_suite_library(l->suite, name, &why))
		return 0;
	return keep_look_tell(l, keep_mem_print(m, "%s", why.message),
			      keep_mem_print(m, "make install PREFIX=%.*s",
				KEEP_F(keep_shell_word(m, prefix(l->suite)))));
}

int keep_look_libraries(struct keep_look *l)
{
	return keep_suite_libraries(l->suite, look_library, l);
}

/* The externals on their way, and what telling of them gave. */
struct shadows {
	struct keep_look *l;
	int rc;
};

static void look_external(void *to, struct keep_slice name,
			  struct keep_slice path, bool shadowed)
{
	struct shadows *s = to;
	struct keep_mem *m = s->l->c->mem;
	struct keep_slice word;
	bool own = keep_suite_command(s->l->suite, name) != NULL;

	if (!shadowed || s->rc)
		return;
	word = keep_shell_word(m, path);
	s->rc = keep_look_tell(s->l,
		keep_mem_print(m, "%.*s never runs: %s has its name",
			       KEEP_F(path), own ? "a command of keep" :
			       "one that stands before it on PATH"),
		keep_mem_print(m, "%schmod a-x %.*s", keep_look_sudo(path.p),
			       KEEP_F(word)));
}

int keep_look_externals(struct keep_look *l)
{
	struct shadows s = {.l = l};

	keep_external_each(l->suite, look_external, &s);
	return s.rc;
}

/* --- PATH --------------------------------------------------------------- */

static struct keep_slice next_entry(struct keep_slice *path)
{
	struct keep_slice entry = *path;

	entry.len = 0;
	while (entry.len < path->len && path->p[entry.len] != ':')
		entry.len++;
	if (entry.len == path->len)
		*path = (struct keep_slice){0};
	else
		*path = (struct keep_slice){path->p + entry.len + 1,
					    path->len - entry.len - 1};
	return entry;
}

/* What is wrong with an entry, or NULL. */
static const char *fault_of(struct keep_slice entry)
{
	char path[PATH_MAX];
	struct stat st;

	if (entry.len == 0)
		return "is empty: programs are run from wherever you stand";
	if (entry.p[0] != '/')
		return "is relative: it depends on where you stand";
	if (entry.len >= sizeof path)
		return "is too long";
	snprintf(path, sizeof path, "%.*s", KEEP_F(entry));
	if (stat(path, &st) == 0 && st.st_mode & S_IWOTH)
		return "may be written by everybody";
	return NULL;
}

/* PATH without what is wrong. */
static struct keep_slice cleaned(struct keep_look *l)
{
	struct keep_slice path = l->suite->path, entry;
	struct keep_buf b = {.mem = l->c->mem};

	while (path.p) {
		entry = next_entry(&path);
		if (fault_of(entry))
			continue;
		keep_buf_text(&b, b.len ? ":" : "");
		keep_buf_slice(&b, entry);
	}
	if (b.len == 0)
		keep_buf_text(&b, "/usr/local/bin:/usr/bin:/bin");
	if (b.failed)
		return (struct keep_slice){0};
	return keep_shell_word(l->c->mem, keep_buf_get(&b));
}

int keep_look_path(struct keep_look *l)
{
	struct keep_slice path = l->suite->path, entry, clean;
	struct keep_mem *m = l->c->mem;
	const char *fault;
	int rc = 0;

	while (path.p && !rc) {
		entry = next_entry(&path);
		fault = fault_of(entry);
		if (!fault)
			continue;
		clean = cleaned(l);
		rc = keep_look_tell(l, keep_mem_print(m, "the entry '%.*s' of "
						      "PATH %s", KEEP_F(entry),
						      fault),
				    keep_mem_print(m, "export PATH=%.*s",
						   KEEP_F(clean)));
	}
	return rc;
}
