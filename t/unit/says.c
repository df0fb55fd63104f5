/* What ssh prints of its configuration, and what is kept of it. */
/* uses: deploy provider zlib */
#include "../../cmd/deploy/reach/says.h"
#include <fcntl.h>
#include "ssh_keys.h"
#include "tap.h"

static const char answer[] =
	"user root\nhostname 192.0.2.1\nidentitiesonly yes\n"
	"addressfamily any\nidentityfile ~/.ssh/id_a\n"
	"identityfile /keys/two words\nidentityagent /run/agent\n"
	"certificatefile ~/.ssh/a-cert.pub\nproxycommand nc %h %p\n"
	"proxyjump gate\n";

static void says(struct keep_mem *m)
{
	struct keep_buf kept = {.mem = m};
	struct keep_err e = {0};
	struct keep_says s;

	need(!keep_says_read(m, keep_slice(answer), &s, &e));
	is_text(s.jump, "gate", "a jump host is seen");
	is_text(s.proxy, "nc %h %p", "a proxy command is seen");
	is_text(s.certificate, "~/.ssh/a-cert.pub", "a certificate is seen");
	is_text(s.agent, "/run/agent", "another agent is seen");
	ok(s.identities_only, "other keys may not be tried");
	need(s.identities.n == 2);
	is_text(s.identities.v[1], "/keys/two words", "keys are seen");
	keep_says_put(keep_slice(answer), &kept);
	ok(!memmem(kept.p, kept.len, "user", 4) &&
	   memmem(kept.p, kept.len, "proxyjump gate\n", 15),
	   "what is of no use is not kept");
	is_int(keep_says_read(m, KEEP_S("proxyjump ga"), &s, &e),
	       -KEEP_E_BAD_ARGS, "an answer that is cut off is refused");
}

static void limits(struct keep_mem *m)
{
	struct keep_buf text = {.mem = m};
	struct keep_says_from from;
	struct keep_err e = {0};
	struct keep_says s;
	size_t i;

	for (i = 0; i <= KEEP_SAYS_FILES; i++)
		keep_buf_print(&text, "debug1: Reading configuration data "
			       "/a/%zu\n", i);
	is_int(keep_says_from(m, keep_buf_get(&text), &from, &e),
	       -KEEP_E_TOO_LARGE, "a configuration of too many files is not "
	       "kept");
	text.len = 0;
	for (i = 0; i <= KEEP_SAYS_KEYS; i++)
		keep_buf_text(&text, "identityfile a\n");
	is_int(keep_says_read(m, keep_buf_get(&text), &s, &e),
	       -KEEP_E_TOO_LARGE, "nor is one of too many keys heeded");
	while (text.len <= KEEP_SAYS_MAX && !text.failed)
		keep_buf_text(&text, "user root\n");
	is_int(keep_says_read(m, keep_buf_get(&text), &s, &e),
	       -KEEP_E_TOO_LARGE, "nor one that is too long");
	is_int(keep_says_from(m, keep_buf_get(&text), &from, &e),
	       -KEEP_E_TOO_LARGE, "nor what is told beside it");
}

static const struct {
	const char *title, *told, *paths;
	bool anew;
} tellings[] = {
	{"the user's own file", "debug1: Reading configuration data "
	 "/h/.ssh/config\r\n", "/h/.ssh/config ", false},
	{"a file that is included, and its folder",
	 "debug1: Reading configuration data /h/.ssh/d/a\n",
	 "/h/.ssh/d/a /h/.ssh/d ", false},
	{"a file at the root", "debug1: Reading configuration data /a\n",
	 "/a / ", false},
	{"a folder that has no file yet", "debug1: /etc/ssh/ssh_config line "
	 "19: include /etc/ssh/d/*.conf matched no files\r\n", "/etc/ssh/d ",
	 false},
	{"a pattern of folders is asked anew", "debug1: c line 1: include "
	 "/etc/*/a matched no files\n", "/etc/* ", true},
	{"a command is asked anew", "debug1: Executing command: 'true'\n", "",
	 true},
	{"a file that is named from where we stand is asked anew",
	 "debug1: Reading configuration data c\n", "c ", true},
	{"other words are none of it", "OpenSSH_9.2\ndebug1: auto-mux\ndebug1: "
	 ": include  matched no file\n", "", false},
};

static void from(struct keep_mem *m)
{
	struct keep_says_from f;
	struct keep_buf paths;
	struct keep_err e = {0};
	size_t i, j;

	for (i = 0; i < KEEP_COUNT(tellings); i++) {
		paths = (struct keep_buf){.mem = m};
		need(!keep_says_from(m, keep_slice(tellings[i].told), &f, &e));
		for (j = 0; j < f.paths.n; j++)
			keep_buf_print(&paths, "%.*s ",
				       KEEP_F(f.paths.v[j]));
		is_text(keep_buf_get(&paths), tellings[i].paths, "%s",
			tellings[i].title);
		ok(f.anew == tellings[i].anew, "%s: %s", tellings[i].title,
		   f.anew ? "each time" : "once");
	}
}

static void kept(struct keep_mem *m)
{
	static const struct keep_seal seals[] = {
		{.path = {"/nowhere/config", 15}, .gone = true},
		{.path = {"/etc", 4}, .size = 4096, .mtime_ns = 7},
	};
	struct keep_kept k = {
		.ask = KEEP_S("-p22 -- web1"), .seals = seals, .n = 2,
		.answer = KEEP_S("proxyjump gate\n"),
	}, got;
	struct keep_buf text = {.mem = m};
	struct keep_slice all, part;
	struct keep_err e = {0};
	size_t taken = 0;

	keep_kept_put(&k, &text);
	all = keep_buf_get(&text);
	need(!keep_kept_read(m, all, &got, &e));
	is_slice(got.ask, k.ask, "what was asked is kept");
	is_slice(got.answer, k.answer, "and the answer");
	ok(got.n == 2 && got.seals[0].gone && got.seals[1].size == 4096 &&
	   got.seals[1].mtime_ns == 7, "and where it is from");
	for (part = all; part.len--; )
		taken += !keep_kept_read(m, part, &got, &e);
	is_int(taken, 0, "all that is cut off is refused");
	ok(!keep_kept_holds(m, &k), "it holds no more when a file changed");
	k.n = 1;
	ok(keep_kept_holds(m, &k), "it holds while a file is missing");
}

/* --- which keys of the agent ---------------------------------------------- */

enum { ED, ECDSA, HARDWARE = 5 }; /* of ssh_keys */

static struct keep_ssh_key key(struct keep_mem *m, size_t i)
{
	struct keep_slice line = keep_mem_print(m, "%s %s", ssh_keys[i].type,
						ssh_keys[i].base64);
	struct keep_ssh_key k;
	struct keep_err e = {0};

	need(line.p && !keep_ssh_line_get(m, line, &k, &e));
	return k;
}

/* A file of that key; the path of its private half, which is not there. */
static struct keep_slice file(struct keep_mem *m, const char *dir, size_t i)
{
	struct keep_slice path = keep_mem_print(m, "%s/%zu", dir, i);
	struct keep_slice name = keep_mem_print(m, "%s/%zu.pub", dir, i);
	struct keep_slice line = keep_mem_print(m, "%s %s\n",
						ssh_keys[i].type,
						ssh_keys[i].base64);
	struct keep_err e = {0};

	need(path.p && name.p && line.p &&
	     !keep_file_replace(AT_FDCWD, name.p, line, 0600, &e));
	return path;
}

static void keys(struct keep_mem *m, const char *dir)
{
	const struct keep_ssh_key held[] = {key(m, ECDSA), key(m, ED)};
	struct keep_slice named[] = {KEEP_S("/nowhere/key"), file(m, dir, ED)};
	struct keep_slice in_hardware = file(m, dir, HARDWARE);
	struct keep_user u = {.agent = {held, 2}, .known.mem = m};
	struct keep_says s = {.identities = {named, 2}};
	struct keep_ssh_keys got;
	struct keep_err e = {0};
	bool hardware;

	need(!keep_user_keys(&u, &s, &got, &hardware, &e));
	ok(got.n == 2 && keep_slice_is(got.v[0].type, "ssh-ed25519"),
	   "the key that ssh_config names is tried first");
	ok(!hardware, "none of them is in hardware");
	s.identities_only = true;
	need(!keep_user_keys(&u, &s, &got, &hardware, &e));
	ok(got.n == 1 && keep_slice_is(got.v[0].type, "ssh-ed25519"),
	   "and alone where it says so");
	s.identities = (struct keep_slices){&in_hardware, 1};
	need(!keep_user_keys(&u, &s, &got, &hardware, &e));
	ok(got.n == 0 && hardware, "a key in hardware is known as that");
	named[0] = in_hardware;
	s.identities = (struct keep_slices){named, 2};
	need(!keep_user_keys(&u, &s, &got, &hardware, &e));
	ok(got.n == 1 && !hardware, "but another that is there will do");
	is_int(u.known.len / sizeof(struct keep_identity), 3,
	       "each file is read once");
}

int main(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_err e;
	char dir[200];

	need(tap_dir(dir, sizeof dir));
	keys(&m, dir);
	keep_ignore(keep_dir_remove(AT_FDCWD, dir, &e), "it is scratch");
	says(&m);
	limits(&m);
	from(&m);
	kept(&m);
	return done();
}
