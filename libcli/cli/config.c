/* Where configuration comes from: two files, and what was typed. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "config.h"

/* Whoever may write the file may choose what keep does, the pager among it. A
 * group of one's own is how some systems make files (umask 002). */
static int judge(struct keep_config *c, struct keep_config_layer *l, int fd,
		 struct keep_err *e)
{
	struct keep_slice name = l->source.name, quoted;
	const char *sudo;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return keep_fail_errno(e, "%.*s", KEEP_F(name));
	quoted = keep_shell_word(c->mem, name);
	sudo = geteuid() == 0 || st.st_uid == geteuid() ? "" : "sudo ";
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		l->unsafe = keep_mem_print(c->mem, "belongs to user %u, who is "
					   "neither root nor you", st.st_uid);
		l->mend = keep_mem_print(c->mem, "%schown %u %.*s", sudo,
					 geteuid(), KEEP_F(quoted));
	} else if (st.st_mode & S_IWOTH) {
		l->unsafe = KEEP_S("may be written by everybody");
		l->mend = keep_mem_print(c->mem, "%schmod o-w %.*s", sudo,
					 KEEP_F(quoted));
	} else if (st.st_mode & S_IWGRP && st.st_gid != getegid()) {
		l->unsafe = keep_mem_print(c->mem, "may be written by group "
					   "%u, which is not yours", st.st_gid);
		l->mend = keep_mem_print(c->mem, "%schmod g-w %.*s", sudo,
					 KEEP_F(quoted));
	} else {
		return 0;
	}
	return l->unsafe.p && l->mend.p ? 0 : keep_no_memory(e);
}

/* The first part of PATH that may not be passed or read. */
static struct keep_slice closed_at(struct keep_config *c,
				   struct keep_slice path)
{
	size_t i;

	for (i = 1; i < path.len; i++) {
		struct keep_slice part = keep_mem_copy(
			c->mem, (struct keep_slice){path.p, i});

		if (path.p[i] == '/' && part.p && access(part.p, X_OK) != 0)
			return part;
	}
	return path;
}

/* The home may be another's, as that of root behind su. */
static const char own_home[] = "unset XDG_CONFIG_HOME; export HOME=\"$(getent "
			       "passwd \"$(id -u)\" | cut -d: -f6)\"";

/* Who may not read his own settings goes on without. */
static void pass_over(struct keep_config *c, struct keep_config_layer *l)
{
	struct keep_slice at = closed_at(c, l->source.name);
	struct stat st;

	l->passed_over = true;
	l->unsafe = KEEP_S("may not be read");
	l->mend = keep_slice(own_home);
	if (at.p && stat(at.p, &st) == 0 && st.st_uid == geteuid())
		l->mend = keep_mem_print(c->mem, "chmod u+rX %.*s", KEEP_F(
					 keep_shell_word(c->mem, at)));
}

/* What the place says already is left out. */
static const char *reason(const struct keep_err *why, struct keep_slice path)
{
	bool named = keep_slice_starts(keep_slice(why->message), path.p);

	return why->message + (named ? path.len + strlen(": ") : 0);
}

static int open_file(struct keep_config *c, struct keep_config_layer *l,
		     struct keep_slice *text, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	const char *path = l->source.name.p;
	struct stat st;

	/* Not to wait for a writer of a pipe that lies there. */
	if (keep_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0,
		      KEEP_BENEATH, &fd, e))
		return -e->code;
	if (fstat(keep_fd_get(&fd), &st) == 0 && !S_ISREG(st.st_mode))
		return keep_fail(e, KEEP_E_IO, "not a regular file");
	if (judge(c, l, keep_fd_get(&fd), e))
		return -e->code;
	return l->unsafe.p ? 0 : keep_fd_read(c->mem, keep_fd_get(&fd),
					      KEEP_CONFIG_MAX, text, e);
}

static void parse(struct keep_config *c, struct keep_config_layer *l,
		  struct keep_slice text)
{
	static const struct keep_json null = {0};

	if (keep_json_read(c->mem, text, &l->source, KEEP_JSON_INSTANCE,
			   c->faults, &l->tree))
		l->tree = null;
	if (l->tree.type == KEEP_JSON_OBJECT || !l->tree.line)
		return;
	keep_problem(c->faults, l->source.name, l->tree.line, l->tree.column,
		     "wants an object of sections, got %s",
		     keep_json_type_name(l->tree.type));
	l->tree = null;
}

static int read_file(struct keep_config *c, struct keep_slice path,
		     bool is_users, struct keep_err *e)
{
	struct keep_config_layer *l = &c->layers[c->n];
	struct keep_err why = {0};
	struct keep_slice text = {0};

	if (!path.p || (access(path.p, F_OK) != 0 &&
			(errno == ENOENT || errno == ENOTDIR)))
		return 0;
	c->n++;
	l->source.name = path;
	if (open_file(c, l, &text, &why) && is_users &&
	    access(path.p, R_OK) != 0 && errno == EACCES)
		pass_over(c, l);
	else if (why.code)
		keep_problem(c->faults, path, 0, 0, "%s", reason(&why, path));
	else if (text.p)
		parse(c, l, text);
	return why.code == KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

/* --- what was typed ------------------------------------------------------ */

/* {KEY: VALUE}; KEY is what stands before the first dot of *path. */
static int wrap(struct keep_config *c, const struct keep_config_layer *l,
		struct keep_slice key, struct keep_json *value)
{
	struct keep_json_member *m = KEEP_NEW(c->mem, struct keep_json_member);

	if (!m)
		return -KEEP_E_NO_MEMORY;
	*m = (struct keep_json_member){.key = key, .value = *value};
	*value = (struct keep_json){.type = KEEP_JSON_OBJECT, .n = 1,
				    .source = &l->source, .members = m};
	return 0;
}

static struct keep_slice cut(struct keep_slice *path)
{
	struct keep_slice first = *path;
	size_t at = 0;

	while (at < path->len && path->p[at] != '.')
		at++;
	first.len = at;
	at += at < path->len;
	*path = (struct keep_slice){path->p + at, path->len - at};
	return first;
}

/* Each `-c` is a layer of its own, so the ranks of all are one order. */
static int typed(struct keep_config *c, const struct keep_entry *set,
		 struct keep_err *e)
{
	struct keep_config_layer *l = &c->layers[c->n++];
	struct keep_slice rest = set->key, section = cut(&rest),
			  field = cut(&rest);
	struct keep_json v = keep_json_of(set->value);

	l->typed = true;
	l->source.name = keep_mem_print(c->mem, "-c %.*s", KEEP_F(set->key));
	if (!l->source.name.p)
		return keep_no_memory(e);
	v.source = &l->source;
	if (!section.len || !field.len) {
		keep_problem(c->faults, l->source.name, 0, 0,
			     "is not SECTION.KEY=VALUE");
		keep_problem_hint(c->faults, "as in: -c core.color=never");
		return 0;
	}
	if ((rest.len && wrap(c, l, rest, &v)) || wrap(c, l, field, &v) ||
	    wrap(c, l, section, &v))
		return keep_no_memory(e);
	l->tree = v;
	return 0;
}

int keep_config_read(struct keep_config *c, struct keep_slice etc,
		     struct keep_slice user, const struct keep_entries *set,
		     struct keep_err *e)
{
	size_t i;

	c->layers = KEEP_NEWS(c->mem, set->n + 2, struct keep_config_layer);
	c->faults = KEEP_NEW(c->mem, struct keep_problems);
	c->n = 0;
	if (!c->layers || !c->faults)
		return keep_no_memory(e);
	c->faults->mem = c->mem;
	for (i = 0; i < set->n; i++)
		if (typed(c, &set->v[i], e))
			return -e->code;
	if (read_file(c, user, true, e))
		return -e->code;
	return read_file(c, etc, false, e);
}
