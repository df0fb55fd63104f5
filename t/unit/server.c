/* What a server exposes: by flags, and by names. */
#include <unistd.h>
#include <keep/server.h>
#include "tap.h"

static int nothing(struct keep_ctx *c, const void *args, void *result,
		   struct keep_err *e)
{
	(void)c;
	(void)args;
	(void)result;
	(void)e;
	return 0;
}

static const struct keep_verb rows[] = {
	{"lamp show", "read", KEEP_V_REPEATABLE, nothing},
	{"lamp light", "change", KEEP_V_CHANGES, nothing},
	{"lamp sign", "sign", KEEP_V_AGENT, nothing},
	{"lamp run", "run", KEEP_V_RUNS, nothing},
	{"lamp pin", "hide", KEEP_V_SECRET, nothing},
	{"lamp ask", "ask", KEEP_V_INTERACTIVE | KEEP_V_CHANGES, nothing},
	{"lamp far", "elsewhere", KEEP_V_CLIENT, nothing},
	{"serve", "serve", 0, nothing},
	{"call", "call", 0, nothing},
	{"x-lamp", "plumbing", 0, nothing},
};
static const struct keep_library library = {
	.abi = KEEP_LIBRARY_ABI, .name = "lamp", .verbs = rows,
	.n = KEEP_COUNT(rows),
};
static const struct keep_command commands[] = {
	{"lamp", "lamps", "lamp", NULL}, {"serve", "serve", "lamp", NULL},
	{"call", "call", "lamp", NULL}, {"x-lamp", "lamps", "lamp", NULL},
};
static const struct keep_suite suite = {
	.commands = commands, .n = KEEP_COUNT(commands), .own = &library,
};
static struct keep_mem mem;
static const struct keep_ctx base = {.mem = &mem};

/* The code for each row, as letters: ok, Not exposed, Proxied, Interactive. */
static const char *verdicts(const struct keep_server *s, char *out)
{
	struct keep_err e;
	size_t i;
	int rc;

	for (i = 0; i < KEEP_COUNT(rows); i++) {
		rc = -keep_server_exposes(s, &rows[i], &e);
		out[i] = rc == 0 ? 'o' : rc == KEEP_E_NOT_EXPOSED ? 'N' :
			 rc == KEEP_E_NOT_PROXIED ? 'P' :
			 rc == KEEP_E_INTERACTIVE ? 'I' : '?';
	}
	out[i] = '\0';
	return out;
}

static void policy(void)
{
	struct keep_slice all[] = {KEEP_S("lamp.light"), KEEP_S("lamp.sign"),
				   KEEP_S("lamp.run")};
	struct keep_slice show = KEEP_S("lamp.show");
	struct keep_slice ask = KEEP_S("lamp.ask");
	struct keep_server s = {.suite = &suite, .base = &base};
	char got[KEEP_COUNT(rows) + 1];
	struct keep_err e = {0};

	is_int(keep_server_begin(&s, &e), 0, "a server needs no names");
	is_text(keep_slice(verdicts(&s, got)), "oNNNNIPNNN",
		"(40) what only reads is exposed; (43) a client of another "
		"socket is not proxied");
	s.allow = (struct keep_slices){all, 3};
	is_int(keep_server_begin(&s, &e), 0, "verbs are allowed by name");
	is_text(keep_slice(verdicts(&s, got)), "ooooNIPNNN",
		"and these are exposed, too");
	s.allow = (struct keep_slices){all, 1};
	s.only = (struct keep_slices){&show, 1};
	is_text(keep_slice(verdicts(&s, got)), "ooNNNNNNNN",
		"(40) nothing is left but what is named");
	s.only = (struct keep_slices){all + 1, 1};
	is_text(keep_slice(verdicts(&s, got)), "NoNNNNNNNN",
		"what is named but not allowed is not exposed");
	s.only = (struct keep_slices){0};
	s.allow = (struct keep_slices){&ask, 1};
	is_text(keep_slice(verdicts(&s, got)), "oNNNNoPNNN",
		"who may ask a person is allowed by name, and finds nobody");
}

static void names(void)
{
	static const char *const bad[] = {
		"", ".", "lamp", "lamp.", "lamp.nothing", "lamp show",
		"lamp.show.it", "lamp.*", "LAMP.SHOW", "serve", "call",
		"x-lamp", "lamp.pin", "a.b.c.d.e.f.g.h.i.j",
	};
	struct keep_server s = {.suite = &suite, .base = &base};
	struct keep_slice name;
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++) {
		name = keep_slice(bad[i]);
		s.allow = (struct keep_slices){&name, 1};
		is_int(keep_server_begin(&s, &e), -KEEP_E_BAD_ARGS,
		       "'%s' cannot be allowed", bad[i]);
	}
}

static struct keep_slice peer = {"4242=lamp.show,lamp.light", 25};
static struct keep_slice light = {"lamp.light", 10};

static void peers(void)
{
	struct keep_server s = {
		.suite = &suite, .base = &base, .allow = {&light, 1},
		.peers = {&peer, 1},
	};
	struct keep_daemon d = {.user = &s};
	struct keep_peer p = {.uid = 4242, .gid = 7};
	struct keep_err e = {0};

	is_int(keep_server_begin(&s, &e), 0, "a number is a user");
	is_int(keep_server_admit(&d, &p, &e), 0, "who may come in");
	p.uid = 4243;
	is_int(keep_server_admit(&d, &p, &e), -KEEP_E_DENIED,
	       "when others may not");
	p.uid = geteuid();
	is_int(keep_server_admit(&d, &p, &e), 0, "but its own user may");
	peer = KEEP_S("@7=lamp.show");
	p.uid = 4243;
	is_int(keep_server_begin(&s, &e), 0, "or a group");
	is_int(keep_server_admit(&d, &p, &e), 0, "who is in it may come in");
	p.gid = 8;
	is_int(keep_server_admit(&d, &p, &e), -KEEP_E_DENIED,
	       "when others may not");
}

static void bad_peers(void)
{
	static const struct {
		struct keep_slice text;
		size_t n;
	} bad[] = {
		{{"4242", 4}, 1}, {{"", 0}, 1}, {{"4242=", 5}, 1},
		{{"4242=lamp.run", 13}, 1}, {{"0=lamp.show", 11}, 1},
		{{"65534=lamp.show", 15}, 1}, {{"@65534=lamp.show", 16}, 1},
		{{"4294967295=lamp.show", 20}, 1}, {{"=lamp.show", 10}, 1},
		{{"@=lamp.show", 11}, 1}, {{"4242=lamp.show,", 15}, 0},
		{{"no such=lamp.run,lamp.none,serve", 32}, 4},
	};
	struct keep_server s = {.suite = &suite, .base = &base,
				.peers = {&peer, 1}};
	struct keep_err e;
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++) {
		e = (struct keep_err){0};
		peer = bad[i].text;
		is_int(keep_server_begin(&s, &e),
		       bad[i].n ? -KEEP_E_BAD_ARGS : 0,
		       "'%.*s' is judged", KEEP_F(peer));
		is_int(e.problems ? (long)e.problems->total : 0,
		       (long)bad[i].n, "and %zu faults are told", bad[i].n);
	}
}

int main(void)
{
	policy();
	names();
	peers();
	bad_peers();
	keep_mem_end(&mem);
	return done();
}
