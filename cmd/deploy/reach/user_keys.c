/* The user's keys: those of the agent that ssh_config names. */
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>
#include "says.h"

enum { KEY_FILE = 16 << 10, PASSWD = 16 << 10 };

struct keep_slice keep_user_home(struct keep_mem *m)
{
	char buffer[PASSWD];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found) ||
	    !found)
		return (struct keep_slice){0};
	return keep_mem_copy(m, keep_slice(found->pw_dir));
}

/* --- the files ------------------------------------------------------------ */

/* PATH of "PATH", whose key lies in PATH.pub, or in itself. */
static struct keep_slice name_of(struct keep_mem *m, struct keep_slice path,
				 const char *ending)
{
	struct keep_slice home = {0};

	if (path.len > 1 && path.p[0] == '~' && path.p[1] == '/') {
		home = keep_user_home(m);
		path.p++;
		path.len--;
	}
	return keep_mem_print(m, "%.*s%.*s%s", KEEP_F(home), KEEP_F(path),
			      ending);
}

static bool read_key(struct keep_mem *m, struct keep_slice path,
		     const char *ending, struct keep_ssh_key *out)
{
	struct keep_slice name = name_of(m, path, ending), text;

	return name.p && name.p[0] == '/' &&
	       !keep_file_read(m, AT_FDCWD, name.p, KEY_FILE, &text, NULL) &&
	       !keep_ssh_line_get(m, text, out, NULL);
}

/* The key of a path; NULL without memory. */
static const struct keep_ssh_key *find(struct keep_user *u,
				       struct keep_slice path)
{
	struct keep_identity *v = (void *)u->known.p, *new;
	size_t i;

	for (i = 0; i < u->known.len / sizeof *v; i++)
		if (keep_slice_eq(v[i].path, path))
			return &v[i].key;
	new = keep_buf_grow(&u->known, sizeof *new);
	if (!new)
		return NULL;
	*new = (struct keep_identity){.path = path};
	if (!read_key(u->known.mem, path, ".pub", &new->key) &&
	    !read_key(u->known.mem, path, "", &new->key))
		new->key = (struct keep_ssh_key){0};
	return &new->key;
}

/* --- the agent's ---------------------------------------------------------- */

struct sorting {
	struct keep_ssh_keys in;
	struct keep_ssh_key *out;
	bool *taken;
	size_t n;
};

static bool take(struct sorting *s, const struct keep_ssh_key *key)
{
	size_t i;

	for (i = 0; i < s->in.n; i++)
		if (!s->taken[i] &&
		    keep_slice_eq(s->in.v[i].blob, key->blob)) {
			s->taken[i] = true;
			s->out[s->n++] = s->in.v[i];
			return true;
		}
	return false;
}

static void take_rest(struct sorting *s)
{
	size_t i;

	for (i = 0; i < s->in.n; i++)
		if (!s->taken[i])
			s->out[s->n++] = s->in.v[i];
}

int keep_user_keys(struct keep_user *u, const struct keep_says *says,
		   struct keep_ssh_keys *out, bool *hardware,
		   struct keep_err *e)
{
	struct keep_mem *m = u->known.mem;
	struct sorting s = {.in = u->agent,
		.out = KEEP_NEWS(m, u->agent.n, struct keep_ssh_key),
		.taken = KEEP_NEWS(m, u->agent.n, bool)};
	bool soft = false, hard = false;
	const struct keep_ssh_key *key;
	size_t i;

	if (!s.out || !s.taken)
		return keep_no_memory(e);
	for (i = 0; i < says->identities.n; i++) {
		key = find(u, says->identities.v[i]);
		if (!key)
			return keep_no_memory(e);
		if (!key->blob.p)
			continue;
		if (keep_slice_starts(key->type, "sk-"))
			hard = true;
		else
			soft |= take(&s, key);
	}
	*hardware = hard && !soft;
	if (!says->identities_only)
		take_rest(&s);
	*out = (struct keep_ssh_keys){s.out, s.n};
	return 0;
}
