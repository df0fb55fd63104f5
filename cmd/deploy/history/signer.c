/* Who deploys, and the key of his that signs. */
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>
#include <keep/cli.h>
#include "history.h"

enum { PUB_MAX = 64 << 10, USERS_MAX = 10000, CANCELLED_MS = 10000 };

static const struct keep_ssh_key *find_key(const struct keep_signer *s,
					   struct keep_slice line)
{
	struct keep_ssh_key key;
	size_t i;

	if (keep_ssh_line_get(s->c->mem, line, &key, NULL))
		return NULL;
	for (i = 0; i < s->keys.n; i++)
		if (keep_slice_eq(s->keys.v[i].blob, key.blob))
			return &s->keys.v[i];
	return NULL;
}

/* A key of the agent that stands in the file users/NAME/ssh.pub. */
static const struct keep_ssh_key *find_in(const struct keep_signer *s,
					  struct keep_slice name)
{
	struct keep_slice text, line, path = keep_mem_print(
		s->c->mem, "users/%.*s/ssh.pub", KEEP_F(name));
	const struct keep_ssh_key *key = NULL;
	const char *end;

	if (!path.p || keep_file_read(s->c->mem, keep_fd_get(&s->c->instance),
				      path.p, PUB_MAX, &text, NULL))
		return NULL;
	while (!key && text.len) {
		end = memchr(text.p, '\n', text.len);
		line = (struct keep_slice){text.p, end ?
			(size_t)(end - text.p) : text.len};
		key = find_key(s, line);
		text.p += line.len + (end ? 1 : 0);
		text.len -= line.len + (end ? 1 : 0);
	}
	return key;
}

/* git takes no signature by a certificate. */
static bool signs(const struct keep_ssh_key *k)
{
	static const char cert[] = "-cert-v01@openssh.com";
	size_t len = sizeof cert - 1;

	return k->type.len < len ||
	       !keep_bytes_equal(k->type.p + k->type.len - len, cert, len);
}

/* git's user.signingkey: a key, or a file that holds one. */
static struct keep_slice signing_line(const struct keep_signer *s)
{
	const struct keep_git2_api *git = keep_past_git(s->c, NULL);
	struct keep_mem *m = s->c->mem;
	struct keep_slice said = {0}, line = {0}, pub;

	if (!git || git->setting(m, keep_fd_get(&s->c->instance),
				 "user.signingkey", &said, NULL) || !said.len)
		return line;
	if (keep_slice_starts(said, "key::"))
		return (struct keep_slice){said.p + 5, said.len - 5};
	if (said.p[0] != '/')
		return said;
	pub = keep_mem_print(m, "%.*s.pub", KEEP_F(said));
	if (pub.p && !keep_file_read(m, AT_FDCWD, pub.p, PUB_MAX, &line, NULL))
		return line;
	keep_ignore(keep_file_read(m, AT_FDCWD, said.p, PUB_MAX, &line, NULL),
		    "then another key signs");
	return line;
}

static void choose(struct keep_signer *s)
{
	const struct keep_ssh_key *set = find_key(s, signing_line(s));
	struct keep_names users = {0};
	size_t i;

	if (set)
		s->keys = (struct keep_ssh_keys){set, 1};
	if (keep_dir_list(s->c->mem, keep_fd_get(&s->c->instance), "users",
			  &users, NULL))
		users.n = 0;
	for (i = 0; !s->key && i < users.n && i < USERS_MAX; i++) {
		s->key = find_in(s, users.v[i].name);
		s->user = s->key ? users.v[i].name : s->user;
	}
	for (i = 0; !s->key && i < s->keys.n; i++)
		s->key = signs(&s->keys.v[i]) ? &s->keys.v[i] : NULL;
}

/* A name for a reference: what git may not like becomes '-'. */
static struct keep_slice plain(struct keep_mem *m, struct keep_slice name)
{
	struct keep_buf b = {.mem = m};
	size_t i;

	for (i = 0; i < name.len && i < 64; i++) {
		char ch = name.p[i];
		bool good = (ch >= 'a' && ch <= 'z') ||
			    (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9') || ch == '_';

		keep_buf_byte(&b, good ? (uint8_t)ch : '-');
	}
	if (!b.len)
		keep_buf_text(&b, "unknown");
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

static struct keep_slice login_name(struct keep_ctx *c)
{
	struct passwd entry, *found = NULL;
	char *text = keep_mem_alloc(c->mem, 4096);

	if (c->caller.name.p)
		return c->caller.name;
	if (text && getpwuid_r(geteuid(), &entry, text, 4096, &found) == 0 &&
	    found)
		return keep_slice(found->pw_name);
	return keep_mem_print(c->mem, "%u", geteuid());
}

int keep_signer_begin(struct keep_ctx *c, struct keep_signer *s,
		      struct keep_err *e)
{
	struct keep_err why = {0};

	*s = (struct keep_signer){.c = c, .agent = keep_agent_of(c)};
	if (keep_cancelled(c, NULL)) { /* what was done is signed yet */
		s->agent.cancel_fd_plus_one = 0;
		s->agent.timeout_ms = CANCELLED_MS;
	}
	if (keep_agent_keys(&s->agent, c->mem, &s->keys, &why))
		s->why = keep_mem_copy(c->mem, keep_slice(why.message));
	else
		choose(s);
	if (!s->key && !s->why.p)
		s->why = KEEP_S("the agent holds no key");
	if (!s->user.p)
		s->user = login_name(c);
	s->user = plain(c->mem, s->user);
	return s->user.p ? 0 : keep_no_memory(e);
}

int keep_signer_sign(void *to, struct keep_slice commit,
		     struct keep_buf *signature, struct keep_err *e)
{
	struct keep_signer *s = to;
	struct keep_err why = {0};

	(void)e;
	if (!s->key)
		return 0;
	if (!keep_agent_sshsig(&s->agent, s->key, KEEP_S("git"), commit,
			       signature, &why))
		return 0;
	s->why = keep_mem_copy(s->c->mem, keep_slice(why.message));
	s->key = NULL; /* it is not asked again */
	return 0;
}

void keep_signer_end(struct keep_signer *s)
{
	keep_agent_end(&s->agent);
}
