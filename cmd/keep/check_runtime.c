/* Whether sockets have a place: XDG_RUNTIME_DIR (XDG base directories). */
#include <errno.h>
#include <unistd.h>
#include "checks.h"

/* Without one from the system, a directory below the home serves. */
static int unset(struct keep_look *l, const char *fault)
{
	struct keep_mem *m = l->c->mem;
	struct keep_slice mend;
	struct stat st;
	char usual[64];

	snprintf(usual, sizeof usual, "/run/user/%u", geteuid());
	if (stat(usual, &st) == 0 && st.st_uid == geteuid())
		mend = keep_mem_print(m, "export XDG_RUNTIME_DIR=%s", usual);
	else
		mend = KEEP_S("mkdir -p -m 700 \"$HOME/.cache/run\" && export "
			      "XDG_RUNTIME_DIR=\"$HOME/.cache/run\"");
	return keep_look_tell(l, keep_slice(fault), mend);
}

/* What is wrong with the directory, and the words before it that mend it. */
static const char *fault_of(const struct stat *st, const char **mend)
{
	*mend = "chmod 700";
	if (st->st_uid != geteuid()) {
		*mend = "chown";
		return "belongs to somebody else";
	}
	if (st->st_mode & 077)
		return "is open to others";
	if ((st->st_mode & 0700) != 0700)
		return "is closed to you";
	return NULL;
}

static int look_at(struct keep_look *l, const char *dir, const struct stat *st)
{
	struct keep_mem *m = l->c->mem;
	struct keep_slice word = keep_shell_word(m, keep_slice(dir)), line;
	const char *mend, *fault = fault_of(st, &mend);

	if (!fault)
		return 0;
	if (st->st_uid != geteuid())
		line = keep_mem_print(m, "%s%s %u %.*s", keep_look_sudo(dir),
				      mend, geteuid(), KEEP_F(word));
	else
		line = keep_mem_print(m, "%s %.*s", mend, KEEP_F(word));
	return keep_look_tell(l, keep_mem_print(m, "XDG_RUNTIME_DIR: %s %s",
						dir, fault), line);
}

int keep_look_runtime_dir(struct keep_look *l)
{
	struct keep_mem *m = l->c->mem;
	const char *dir = l->suite->runtime_dir.p;
	struct keep_slice word;
	struct stat st;

	/* no verb needs one yet, and services and root often have none */
	if (!dir || !*dir)
		return 0;
	if (*dir != '/')
		return unset(l, "XDG_RUNTIME_DIR is relative");
	errno = 0;
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return look_at(l, dir, &st);
	if (errno != ENOENT)
		return unset(l, "XDG_RUNTIME_DIR is no directory");
	word = keep_shell_word(m, keep_slice(dir));
	return keep_look_tell(l, keep_mem_print(m, "XDG_RUNTIME_DIR: %s does "
						"not exist", dir),
			      keep_mem_print(m, "mkdir -p -m 700 %.*s",
					     KEEP_F(word)));
}
