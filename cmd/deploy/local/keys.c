/* Whom local nodes let in. */
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>
#include <keep/cli.h>
#include <keep/log.h>
#include "local.h"

enum { FILE_MAX = 16 << 10, PASSWD_MAX = 16 << 10 };

/* A line for the key; one that is there is enough. */
static void put_key(const struct keep_ssh_key *key, struct keep_buf *lines)
{
	size_t begin = lines->len, n;
	const char *at;

	keep_ssh_line_put(lines, key);
	keep_buf_byte(lines, '\n');
	n = lines->len - begin;
	at = begin ? memmem(lines->p, begin, lines->p + begin, n) : NULL;
	if (at && (at == lines->p || at[-1] == '\n'))
		lines->len = begin;
}

static void put(struct keep_ctx *c, int dir, struct keep_slice path,
		struct keep_buf *lines)
{
	struct keep_slice text;
	struct keep_ssh_key key;

	if (path.p &&
	    !keep_file_read(c->mem, dir, path.p, FILE_MAX, &text, NULL) &&
	    !keep_ssh_line_get(c->mem, text, &key, NULL))
		put_key(&key, lines);
}

static bool is_public(struct keep_slice name)
{
	return keep_slice_starts(name, "id_") && name.len > 4 &&
	       keep_bytes_equal(name.p + name.len - 4, ".pub", 4);
}

/* Keys of whoever the instance belongs to: root acts for him. */
static int put_home(struct keep_ctx *c, struct keep_buf *lines,
		    struct keep_err *e)
{
	char *room = keep_mem_alloc(c->mem, PASSWD_MAX);
	struct keep_names files = {0};
	struct passwd pw, *who = NULL;
	struct keep_slice dir;
	struct stat st;
	size_t i;

	if (!room)
		return keep_no_memory(e);
	if (fstat(keep_fd_get(&c->instance), &st) != 0 ||
	    getpwuid_r(st.st_uid, &pw, room, PASSWD_MAX, &who) || !who)
		return 0;
	dir = keep_mem_print(c->mem, "%s/.ssh", pw.pw_dir);
	if (!dir.p)
		return keep_no_memory(e);
	if (keep_dir_list(c->mem, AT_FDCWD, dir.p, &files, NULL))
		return 0;
	for (i = 0; i < files.n; i++)
		if (is_public(files.v[i].name))
			put(c, AT_FDCWD, keep_mem_print(c->mem, "%s/%s", dir.p,
							files.v[i].name.p),
			    lines);
	return 0;
}

static void put_users(struct keep_ctx *c, struct keep_buf *lines)
{
	struct keep_names users = {0};
	size_t i;

	if (keep_dir_list(c->mem, keep_fd_get(&c->instance), "users", &users,
			  NULL))
		return;
	for (i = 0; i < users.n; i++)
		put(c, keep_fd_get(&c->instance),
		    keep_mem_print(c->mem, "users/%s/ssh.pub",
				   users.v[i].name.p), lines);
}

static void put_agent(struct keep_ctx *c, struct keep_buf *lines)
{
	KEEP_AUTO(keep_agent) agent = keep_agent_of(c);
	struct keep_ssh_keys keys = {0};
	struct keep_err why = {0};
	size_t i;

	if (!c->agent_path.len)
		return;
	if (keep_agent_keys(&agent, c->mem, &keys, &why)) {
		keep_log(c->log, KEEP_LOG_WARNING, "%s", why.message);
		return;
	}
	for (i = 0; i < keys.n; i++)
		put_key(&keys.v[i], lines);
}

int keep_local_keys(struct keep_ctx *c, struct keep_slice *lines,
		    struct keep_err *e)
{
	struct keep_buf b = {.mem = c->mem};
	int code;

	put_agent(c, &b);
	put_users(c, &b);
	code = put_home(c, &b, e);
	if (!code)
		code = keep_buf_check(&b, e);
	*lines = keep_buf_get(&b);
	if (code || b.len)
		return code;
	keep_fail(e, KEEP_E_NOT_FOUND, "there is no key that local nodes "
		  "could let in");
	return keep_hint(e, "ssh-add one, make one by ssh-keygen, or write "
			 "users/YOU/ssh.pub");
}
