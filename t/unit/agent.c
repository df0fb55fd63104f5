/* The client of an agent, against one that is late, lost, or no agent. The
 * real one is in t4010. */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <keep/agent.h>
#include "ssh_keys.h"
#include "tap.h"

/* A socket at which the test itself is the agent. */
struct stage {
	struct keep_mem m;
	char dir[100];
	struct sockaddr_un at;
	int listener, peer;
	struct keep_agent a;
	struct keep_ssh_key key; /* the first of ssh_keys */
	struct keep_err e;
};

static void stage_begin(struct stage *s)
{
	struct keep_slice line;

	*s = (struct stage){.at = {.sun_family = AF_UNIX}, .peer = -1};
	need(tap_dir(s->dir, sizeof s->dir));
	snprintf(s->at.sun_path, sizeof s->at.sun_path, "%s/s", s->dir);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	need(s->listener >= 0 &&
	     bind(s->listener, (struct sockaddr *)&s->at, sizeof s->at) == 0 &&
	     listen(s->listener, 8) == 0);
	s->a.path = keep_slice(s->at.sun_path);
	s->a.timeout_ms = 10000;
	line = keep_mem_print(&s->m, "%s %s", ssh_keys[0].type,
			      ssh_keys[0].base64);
	if (keep_ssh_line_get(&s->m, line, &s->key, NULL) != 0)
		unlink(s->at.sun_path);
	need(s->key.blob.p);
}

static void stage_end(struct stage *s)
{
	keep_agent_end(&s->a);
	close(s->peer);
	close(s->listener);
	unlink(s->at.sun_path);
	rmdir(s->dir);
	keep_mem_end(&s->m);
}

static void accept_one(struct stage *s)
{
	close(s->peer);
	s->peer = accept(s->listener, NULL, NULL);
	need(s->peer >= 0);
}

/* How many bytes the client has sent. */
static ssize_t heard(struct stage *s)
{
	char bytes[1000];

	return recv(s->peer, bytes, sizeof bytes, MSG_DONTWAIT);
}

static void say(struct stage *s, const char *bytes, size_t len)
{
	need(send(s->peer, bytes, len, MSG_NOSIGNAL) == (ssize_t)len);
}

static int begin(struct stage *s)
{
	return keep_agent_begin(&s->a, &s->key, KEEP_S("hello"), &s->e);
}

/* Asks for a signature; the agent has heard it then. */
static void ask(struct stage *s)
{
	struct keep_slice out;

	need(begin(s) == 0);
	accept_one(s);
	need(keep_agent_step(&s->a, &s->m, &out, &s->e) == 0 && !out.p);
	is_int(heard(s), 73, "the agent hears a request");
}

/* Answers it: the code of the step that follows. */
static int answer(struct stage *s, const char *bytes, size_t len)
{
	struct keep_slice out;

	say(s, bytes, len);
	return keep_agent_step(&s->a, &s->m, &out, &s->e);
}

/* --- nobody, or late --------------------------------------------------- */

static void nobody(void)
{
	struct stage s;
	struct keep_ssh_keys keys;
	char long_path[109];

	stage_begin(&s);
	s.a.path = (struct keep_slice){0};
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_NO_AGENT,
	       "without a path there is no agent");
	is_text(keep_slice(s.e.hint), "SSH_AUTH_SOCK names it; start one: "
		"eval \"$(ssh-agent)\" && ssh-add", "and the hint starts one");
	memset(long_path, 'x', 108);
	s.a.path = (struct keep_slice){long_path, 108};
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_NO_AGENT,
	       "a path that no socket has is told");
	s.a.path = KEEP_S("a\0b");
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_NO_AGENT,
	       "so is one with a NUL");
	s.a.path = KEEP_S("/nowhere/s");
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_NO_AGENT,
	       "an agent that is not there is told");
	is_text(keep_slice(s.e.message), "the ssh-agent at /nowhere/s: "
		"No such file or directory", "with its path");
	s.a.path = keep_slice(s.at.sun_path);
	close(s.listener);
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_NO_AGENT,
	       "so is one that has gone");
	stage_end(&s);
}

static void late(void)
{
	struct stage s;
	struct keep_ssh_keys keys;
	struct keep_slice out;

	stage_begin(&s);
	s.a.timeout_ms = 20;
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_DEADLINE,
	       "an agent that is silent is waited for until the deadline");
	accept_one(&s);
	say(&s, "\0\0\0\5\x0c\0\0\0\0", 9);
	is_int(keep_agent_sign(&s.a, &s.m, &s.key, KEEP_S("x"), &out, &s.e),
	       -KEEP_E_DEADLINE, "for a signature, too");
	accept_one(&s);
	is_int(heard(&s), 69, "by a connection of its own: a late answer is "
	       "not taken for one to it");
	stage_end(&s);
}

static void full_queue(void)
{
	struct stage s;
	struct keep_ssh_keys keys;
	int fds[3], refused = 0;

	stage_begin(&s);
	need(listen(s.listener, 1) == 0);
	for (size_t i = 0; i < KEEP_COUNT(fds); i++) {
		fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		refused += connect(fds[i], (struct sockaddr *)&s.at,
				   sizeof s.at) != 0;
	}
	is_int(refused, 1, "the queue of an agent is full");
	s.a.timeout_ms = 20;
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_DEADLINE,
	       "an agent with a full queue is waited for until the deadline");
	s.a.timeout_ms = 10000;
	is_int(keep_agent_begin(&s.a, &s.key, KEEP_S("data"), &s.e),
	       -KEEP_E_NO_AGENT, "a loop does not stand still for so long");
	for (size_t i = 0; i < KEEP_COUNT(fds); i++)
		close(fds[i]);
	stage_end(&s);
}

/* Takes a byte: the second ends the verb. */
static int heed(void *of, struct keep_err *e)
{
	char sign;

	if (read(*(int *)of, &sign, 1) == 1 && sign == 'p')
		return 0;
	return keep_fail(e, KEEP_E_BUSY, "it is enough");
}

static void cancelling(void)
{
	struct stage s;
	struct keep_ssh_keys keys;
	int ends[2];

	stage_begin(&s);
	need(pipe(ends) == 0);
	s.a.cancel_fd_plus_one = ends[0] + 1;
	s.a.heed = heed;
	s.a.of = ends;
	need(write(ends[1], "px", 2) == 2);
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_BUSY,
	       "what a client says meanwhile is heeded, one after another");
	s.a.heed = NULL;
	close(ends[1]);
	is_int(keep_agent_keys(&s.a, &s.m, &keys, &s.e), -KEEP_E_CANCELLED,
	       "who cancels does not wait for the agent");
	close(ends[0]);
	stage_end(&s);
}

/* --- answers ----------------------------------------------------------- */

/* A signature of the form that an Ed25519 key makes; its bytes are none. */
static void put_signature(char bytes[92])
{
	static const char head[] = "\0\0\0\x58\x0e\0\0\0\x53\0\0\0\x0b"
				   "ssh-ed25519\0\0\0\x40";

	memset(bytes, 'S', 92);
	memcpy(bytes, head, sizeof head - 1);
}

static void byte_by_byte(void)
{
	struct stage s;
	struct keep_slice out = {0};
	char bytes[92];
	size_t i, early = 0;

	stage_begin(&s);
	ask(&s);
	put_signature(bytes);
	for (i = 0; i < sizeof bytes; i++) {
		early += out.p != NULL;
		say(&s, bytes + i, 1);
		need(keep_agent_step(&s.a, &s.m, &out, &s.e) == 0);
	}
	is_int(early, 0, "an answer is waited for to its last byte");
	is_int(out.len, 83, "then the signature is there");
	need(begin(&s) == 0);
	need(keep_agent_step(&s.a, &s.m, &out, &s.e) == 0);
	is_int(heard(&s), 73, "the next request comes on the same connection");
	stage_end(&s);
}

/* The agent refuses, and answers with KEYS of KEYS_LEN bytes when it is asked
 * for them. */
static int refusal(struct stage *s, const char *keys, size_t keys_len)
{
	struct keep_slice out;
	int rc;

	ask(s);
	rc = answer(s, "\0\0\0\1\5", 5);
	is_int(rc, 0, "a refusal is not the end");
	need(keep_agent_step(&s->a, &s->m, &out, &s->e) == 0);
	is_int(heard(s), 5, "the keys are asked for");
	return answer(s, keys, keys_len);
}

static void no_keys(void)
{
	struct stage s;

	stage_begin(&s);
	is_int(refusal(&s, "\0\0\0\5\x0c\0\0\0\0", 9),
	       -KEEP_E_KEY_NOT_IN_AGENT, "an agent without keys is told");
	is_text(keep_slice(s.e.hint), "ssh-add FILE adds one; if it is locked, "
		"ssh-add -X unlocks it", "it may be locked");
	stage_end(&s);
}

static void other_keys(void)
{
	struct stage s;

	stage_begin(&s);
	is_int(refusal(&s, "\0\0\0\x12\x0c\0\0\0\1\0\0\0\5\0\0\0\1x\0\0\0\0",
		       22),
	       -KEEP_E_KEY_NOT_IN_AGENT, "an agent without the key is told");
	ok(strstr(s.e.message, ssh_keys[0].fingerprint),
	   "with the fingerprint of the key: %s", s.e.message);
	stage_end(&s);
}

static void the_key(void)
{
	struct stage s;
	struct keep_buf b = {0};

	stage_begin(&s);
	b.mem = &s.m;
	keep_buf_put(&b, "\0\0\0\x40\x0c\0\0\0\1\0\0\0\x33", 13);
	keep_buf_slice(&b, s.key.blob);
	keep_buf_put(&b, "\0\0\0\0", 4);
	need(!b.failed);
	is_int(refusal(&s, b.p, b.len), -KEEP_E_AGENT_REFUSED,
	       "an agent that has the key and does not sign is told");
	stage_end(&s);
}

static const struct {
	const char *title, *bytes;
	size_t len;
} foreign[] = {
	{"a web server's page", "HTTP/1.1 400", 12},
	{"an answer of no bytes", "\0\0\0\0", 4},
	{"an answer of 4 GiB", "\xff\xff\xff\xff", 4},
	{"the answer to another request", "\0\0\0\5\x0c\0\0\0\0", 9},
	{"two answers", "\0\0\0\1\5\0\0\0\1\5", 10},
	{"a signature cut short", "\0\0\0\5\x0e\0\0\0\1", 9},
};

static void no_agent(void)
{
	struct stage s;

	for (size_t i = 0; i < KEEP_COUNT(foreign); i++) {
		stage_begin(&s);
		ask(&s);
		is_int(answer(&s, foreign[i].bytes, foreign[i].len),
		       -KEEP_E_NO_AGENT, "%s is no agent's",
		       foreign[i].title);
		ok(strstr(s.e.message, s.dir), "%s: its socket is named: %s",
		   foreign[i].title, s.e.message);
		ask(&s); /* accepts: it has connected again */
		stage_end(&s);
	}
}

/* --- connections ------------------------------------------------------- */

static void lost(void)
{
	struct stage s;
	struct keep_slice out;

	stage_begin(&s);
	ask(&s);
	say(&s, "\0\0\0\x58\x0e", 5);
	close(s.peer);
	s.peer = -1;
	is_int(keep_agent_step(&s.a, &s.m, &out, &s.e), 0,
	       "a part of an answer is no end");
	is_int(keep_agent_step(&s.a, &s.m, &out, &s.e), -KEEP_E_NO_AGENT,
	       "an agent that ends in its answer is told");
	ask(&s);
	is_int(answer(&s, "\0\0\0\5\x0e\0\0\0\1", 9), -KEEP_E_NO_AGENT,
	       "the next request has a connection of its own");
	stage_end(&s);
}

static void again(void)
{
	struct stage s;
	struct keep_slice huge;
	char bytes[92];

	stage_begin(&s);
	ask(&s);
	put_signature(bytes);
	is_int(answer(&s, bytes, sizeof bytes), 0, "an agent signs");
	close(s.peer);
	s.peer = -1;
	ask(&s);
	huge = (struct keep_slice){keep_mem_alloc(&s.m, 1 << 20), 1 << 20};
	need(huge.p);
	is_int(keep_agent_begin(&s.a, &s.key, huge, &s.e), -KEEP_E_TOO_LARGE,
	       "more than an agent takes is not sent");
	stage_end(&s);
}

static void sshsig(void)
{
	struct stage s;
	KEEP_AUTO(keep_buf) out = {0};

	stage_begin(&s);
	is_int(keep_agent_sshsig(&s.a, &s.key, KEEP_S(""), KEEP_S("x"), &out,
				 &s.e), -KEEP_E_BAD_ARGS,
	       "a signature of a file needs a namespace");
	is_int(out.len, 0, "nothing is written then");
	is_int(s.a.fd.plus_one, 0, "and nobody is asked");
	stage_end(&s);
}

int main(void)
{
	nobody();
	late();
	full_queue();
	cancelling();
	byte_by_byte();
	no_keys();
	other_keys();
	the_key();
	no_agent();
	lost();
	again();
	sshsig();
	return done();
}
