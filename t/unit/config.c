/* Configuration of several files and sections. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <keep/config.h>
#include "tap.h"

struct keep_lamp {
	uint32_t lumens;
	bool has_warm, warm;
	struct keep_slices rooms;
	struct keep_entries names;
};
#define L struct keep_lamp
static const struct keep_field fields[] = {
	{KEEP_UINT(L, lumens), .dflt = "800", .max = 5000, .help = "light"},
	{KEEP_BOOL(L, warm), KEEP_HAS(L, has_warm), .help = "of what colour"},
	{KEEP_TEXTS(L, rooms), .help = "where"},
	{KEEP_MAP_TEXT(L, names), .help = "how they are called"},
};
#undef L
static const struct keep_schema schema = KEEP_SCHEMA(struct keep_lamp, fields);
static const struct keep_library own = {.abi = KEEP_LIBRARY_ABI, .name = "own",
					.config = &schema};
static const struct keep_command commands[] = {
	{"lamp", "lamps", "own", "lamp"},
	{"light", "the same", "own", "lamp"},
	{"dark", "no library", "gone", "night"},
};
static const struct keep_suite suite = {.commands = commands, .n = 3,
					.own = &own};

/* Reads texts as files; a text may be NULL. */
static void read_texts(struct keep_config *c, const char *etc,
		       const char *user, const struct keep_entries *set)
{
	const char *paths[] = {"etc.json", "user.json"};
	const char *texts[] = {etc, user};
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < 2; i++) {
		unlink(paths[i]);
		if (texts[i])
			need(!keep_file_replace(AT_FDCWD, paths[i],
						keep_slice(texts[i]), 0644,
						&e));
	}
	need(!keep_config_read(c, keep_slice(paths[0]), keep_slice(paths[1]),
			       set, &e));
}

static struct keep_lamp decode(const struct keep_config *c,
			       struct keep_problems *faults)
{
	struct keep_lamp out = {0};
	struct keep_err e = {0};

	need(!keep_config_section(c, KEEP_S("lamp"), &schema, &out, faults,
				  &e));
	return out;
}

static void test_ranks(struct keep_config *c)
{
	struct keep_entry set[] = {
		{KEEP_S("lamp.names.a"), KEEP_S("typed")},
		{KEEP_S("lamp.rooms"), KEEP_S("[\"attic\"]")},
	};
	struct keep_problems faults = {.mem = c->mem};
	struct keep_lamp l;

	read_texts(c, NULL, NULL, &(struct keep_entries){0});
	l = decode(c, &faults);
	is_int(l.lumens, 800, "without a file there are defaults");
	read_texts(c, "{\"lamp\": {\"lumens\": 1, \"warm\": true, "
		   "\"rooms\": [\"x\"], \"names\": {\"a\": \"1\", "
		   "\"b\": \"2\"}}}",
		   "{\"lamp\": {\"lumens\": 2, \"names\": {\"b\": \"3\", "
		   "\"c\": \"4\"}}}", &(struct keep_entries){set, 2});
	l = decode(c, &faults);
	is_int(faults.total, 0, "three places make no fault");
	is_int(l.lumens, 2, "the user's file wins over the system's");
	ok(l.has_warm && l.warm, "what only the system sets holds");
	is_int(l.rooms.n, 1, "a list is not merged");
	need(l.rooms.n == 1 && l.names.n == 3);
	is_text(l.rooms.v[0], "attic", "-c wins over both, and may be JSON");
	is_text(l.names.v[0].value, "typed", "a map is merged: of -c,");
	is_text(l.names.v[1].value, "3", "of the user,");
	is_text(l.names.v[2].value, "4", "and what only one has");
}

static void test_faults(struct keep_config *c)
{
	struct keep_entry set[] = {{KEEP_S("lamp.lumens"), KEEP_S("many")}};
	struct keep_problems faults = {.mem = c->mem};
	struct keep_err e = {0};
	struct keep_lamp l;

	read_texts(c, "{\"lamp\":\n {\"lumens\": 9000}}",
		   "{\"lam\": 1, \"core\": {}, \"night\": {\"x\": 1}}",
		   &(struct keep_entries){set, 1});
	l = decode(c, &faults);
	is_int(l.lumens, 800, "a section with faults gives defaults");
	need(faults.first && faults.total == 2);
	is_text(faults.first->where, "-c lamp.lumens",
		"what was typed is named");
	is_text(faults.last->where, "etc.json", "the system's file is named");
	is_int(faults.last->line, 2, "with its line");
	keep_config_files(c, &faults);
	is_int(faults.total, 3, "an unknown section is a fault");
	is_text(faults.last->hint, "did you mean lamp?",
		"and the one that was meant is named");
	faults = (struct keep_problems){.mem = c->mem};
	need(!keep_config_check(c, &faults, &e));
	is_int(faults.total, 3, "a section of two commands is checked once, "
	       "one without its library is left alone");
	is_int(keep_config_fail(&faults, &e), -KEEP_E_BAD_CONFIG,
	       "faults make the run fail");
	ok(!keep_config_schema(c, KEEP_S("night")),
	   "without its library a section has no schema");
}

static void test_trust(struct keep_config *c)
{
	struct keep_entries none = {0};
	struct keep_problems faults = {.mem = c->mem};

	read_texts(c, "{\"lamp\": {\"lumens\": 1}}", NULL, &none);
	need(chmod("etc.json", 0646) == 0);
	need(!keep_config_read(c, KEEP_S("etc.json"), (struct keep_slice){0},
			       &none, &(struct keep_err){0}));
	is_int(decode(c, &faults).lumens, 800,
	       "a file that everybody may write is not read");
	need(c->n == 1);
	is_text(c->layers[0].mend, "chmod o-w etc.json",
		"and there is a command that mends it");
	if (geteuid() != 0)
		return;
	need(chmod("etc.json", 0644) == 0 && chown("etc.json", 65533, 0) == 0);
	need(!keep_config_read(c, KEEP_S("etc.json"), (struct keep_slice){0},
			       &none, &(struct keep_err){0}));
	is_text(c->layers[0].mend, "chown 0 etc.json",
		"nor one of another user");
}

static void test_words(struct keep_mem *m)
{
	is_text(keep_shell_word(m, KEEP_S("/a/b-c_1.json")), "/a/b-c_1.json",
		"a plain path is a word of a shell");
	is_text(keep_shell_word(m, KEEP_S("it's $HOME")), "'it'\\''s $HOME'",
		"any other stands in quotes");
	is_text(keep_shell_word(m, KEEP_S("")), "''", "also an empty one");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_config c = {.mem = &mem, .suite = &suite};
	char dir[256];

	need(tap_dir(dir, sizeof dir) && chdir(dir) == 0);
	test_ranks(&c);
	test_faults(&c);
	test_trust(&c);
	test_words(&mem);
	unlink("etc.json");
	unlink("user.json");
	need(chdir("/") == 0 && rmdir(dir) == 0);
	return done();
}
