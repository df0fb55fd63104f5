/* Records of plans, and the texts that diffs are made of. */
/* uses: deploy provider zlib ssh2 */
#include <fcntl.h>
#include <unistd.h>
#include <keep/hash.h>
#include <keep/plan.h>
#include "../../cmd/deploy/plan.h"
#include "../../cmd/deploy/plan/texts.h"
#include "tap.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER \
	"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

struct room {
	struct keep_mem mem;
	struct keep_ctx c;
	char path[256];
	struct keep_err e;
};

static void begin(struct room *r)
{
	*r = (struct room){0};
	r->c.mem = &r->mem;
	need(tap_dir(r->path, sizeof r->path));
	need(!keep_open(AT_FDCWD, r->path, O_RDONLY | O_DIRECTORY, 0,
			KEEP_BENEATH, &r->c.instance, &r->e));
}

static void end(struct room *r)
{
	keep_fd_end(&r->c.instance);
	if (keep_dir_remove(AT_FDCWD, r->path, &r->e))
		printf("# %s\n", r->e.message);
	keep_mem_end(&r->mem);
}

static const struct keep_planned nodes[] = {
	{{"db1", 3}, {ID, 64}}, {{"web1", 4}, {OTHER, 64}},
};
static const struct keep_plan plan = {{"c0ffee", 6}, nodes, 2};

static struct keep_slice record(struct room *r, const char *id)
{
	struct keep_slice path = keep_mem_print(&r->mem, ".keep/plans/%s", id);
	struct keep_slice s = {0};

	need(path.p && !keep_file_read(&r->mem, keep_fd_get(&r->c.instance),
				       path.p, 1000, &s, &r->e));
	return s;
}

static void test_record(void)
{
	struct room r;
	struct keep_plan p = {0};
	char id[KEEP_PLAN_ID_LEN + 1], again[KEEP_PLAN_ID_LEN + 1];

	begin(&r);
	need(!keep_plan_save(&r.c, &plan, id, &r.e));
	need(!keep_plan_save(&r.c, &plan, again, &r.e));
	is_text(keep_slice(id), again, "the same plan has the same id");
	is_int(keep_plan_load(&r.c, keep_slice(id), &p, &r.e), 0,
	       "a plan is found by its id");
	is_text(p.commit, "c0ffee", "with its commit");
	is_int(p.n, 2, "its nodes");
	need(p.n == 2);
	is_text(p.v[1].node, "web1", "by name");
	is_text(p.v[0].id, ID, "and their generations");
	is_int(keep_plan_load(&r.c, KEEP_S("0123456789ab"), &p, &r.e),
	       -KEEP_E_NOT_FOUND, "one that is not there is not found");
	is_int(keep_plan_load(&r.c, KEEP_S("../../etc/xx"), &p, &r.e),
	       -KEEP_E_BAD_ARGS, "what is no id is refused");
	end(&r);
}

/* The id is the hash: whatever was changed is seen. */
static void test_damage(void)
{
	struct room r;
	struct keep_plan p;
	struct keep_slice s, path;
	char id[KEEP_PLAN_ID_LEN + 1];
	size_t i, taken = 0;

	begin(&r);
	need(!keep_plan_save(&r.c, &plan, id, &r.e));
	s = record(&r, id);
	path = keep_mem_print(&r.mem, ".keep/plans/%s", id);
	need(path.p);
	for (i = 0; i < s.len; i++) {
		struct keep_slice cut = {s.p, i};

		need(!keep_file_replace(keep_fd_get(&r.c.instance), path.p,
					cut, 0600, &r.e));
		taken += keep_plan_load(&r.c, keep_slice(id), &p, &r.e) !=
			 -KEEP_E_CONFLICT;
	}
	is_int(taken, 0, "a record that is cut is refused");
	end(&r);
}

static void test_holds(void)
{
	struct keep_generation g[2] = {
		{.node = KEEP_S("db1"), .id = ID}, {.node = KEEP_S("web1")},
	};
	struct keep_generations all = {g, 2};
	struct keep_err e = {0};

	memcpy(g[1].id, OTHER, KEEP_ID_LEN);
	is_int(keep_plan_holds(&plan, KEEP_S("c0ffee"), &all, &e), 0,
	       "a plan holds while commit and generations are its own");
	is_int(keep_plan_holds(&plan, KEEP_S("c0ffe"), &all, &e),
	       -KEEP_E_CONFLICT, "not when HEAD is another commit");
	ok(strstr(e.message, "c0ffee") != NULL, "which is told");
	g[1].id[5] = 'x';
	is_int(keep_plan_holds(&plan, KEEP_S("c0ffee"), &all, &e),
	       -KEEP_E_CONFLICT, "nor when a generation is another");
	ok(strstr(e.message, "web1") != NULL, "of a node that is told");
	all.n = 1;
	is_int(keep_plan_holds(&plan, KEEP_S("c0ffee"), &all, &e),
	       -KEEP_E_CONFLICT, "nor for fewer nodes");
	g[0].node = KEEP_S("db2");
	is_int(keep_plan_holds(&plan, KEEP_S("c0ffee"), &all, &e),
	       -KEEP_E_CONFLICT, "nor for others");
}

/* --- texts ---------------------------------------------------------------- */

static struct keep_manifest_line line_of(struct room *r, const char *text,
					 bool secret)
{
	struct keep_buf b = {.mem = &r->mem};
	struct keep_manifest m;
	uint8_t hash[KEEP_SHA256_LEN];

	keep_sha256(keep_slice(text), hash);
	keep_buf_print(&b, "%s %zu ", secret ? "0600" : "0644", strlen(text));
	keep_hex_put(&b, hash, sizeof hash);
	keep_buf_text(&b, " files/x\n");
	need(!keep_manifest_read(&r->mem, keep_buf_get(&b), &m, &r->e));
	need(m.n == 1);
	return m.v[0];
}

static void test_texts(void)
{
	KEEP_AUTO(keep_texts) t = {{0}, false};
	struct room r;
	struct keep_manifest_line line, secret;
	struct stat st;

	begin(&r);
	line = line_of(&r, "hello\n", false);
	secret = line_of(&r, "salt and value", true);
	need(!keep_texts_begin(&r.c, &t, &r.e));
	is_int(keep_texts_size(&line), 6, "a manifest tells a text's length");
	ok(!keep_texts_get(&t, &r.mem, &line).p, "what was not seen is not "
	   "known");
	keep_texts_put(&t, &line, KEEP_S("other\n"));
	ok(!keep_texts_has(&t, &line), "a text of another hash is not kept");
	keep_texts_put(&t, &line, KEEP_S("hello\n"));
	is_text(keep_texts_get(&t, &r.mem, &line), "hello\n",
		"one that was seen is kept");
	keep_texts_put(&t, &secret, KEEP_S("pw=<name>\n"));
	is_text(keep_texts_get(&t, &r.mem, &secret), "pw=<name>\n",
		"of a secret that which may be shown is");
	need(!fstatat(keep_fd_get(&r.c.instance), ".keep/parts", &st, 0));
	is_int(st.st_mode & 0777, 0700, "nobody else looks into it");
	end(&r);
}

static void test_torn(void)
{
	KEEP_AUTO(keep_texts) t = {{0}, false};
	struct room r;
	struct keep_manifest_line line;
	struct keep_names names = {0};

	begin(&r);
	line = line_of(&r, "hello\n", false);
	need(!keep_texts_begin(&r.c, &t, &r.e));
	keep_texts_put(&t, &line, KEEP_S("hello\n"));
	need(!keep_dir_list(&r.mem, keep_fd_get(&t.dir), ".", &names, &r.e));
	need(names.n == 1 && !truncate(keep_mem_print(
		&r.mem, "%s/.keep/parts/%s", r.path, names.v[0].name.p).p,
		68));
	ok(!keep_texts_get(&t, &r.mem, &line).p, "a torn text is not known");
	ok(!keep_texts_has(&t, &line), "and goes");
	end(&r);
}

static void test_trim(void)
{
	struct room r;
	struct keep_names names = {0};
	char name[8];
	int dir, i;

	begin(&r);
	dir = keep_fd_get(&r.c.instance);
	for (i = 0; i < 12; i++) {
		const struct timespec at[2] = {{i + 1, 0}, {i + 1, 0}};

		snprintf(name, sizeof name, "f%02d", i);
		need(!keep_file_replace(dir, name, KEEP_S("1234567890"), 0600,
					&r.e));
		need(!utimensat(dir, name, at, 0));
	}
	keep_dir_trim(dir, ".", 12, 1000);
	need(!keep_dir_list(&r.mem, dir, ".", &names, &r.e));
	is_int(names.n, 12, "what is not too much stays");
	keep_dir_trim(dir, ".", 8, 1000);
	need(!keep_dir_list(&r.mem, dir, ".", &names, &r.e));
	is_int(names.n, 6, "else the oldest go, until a quarter is free");
	is_text(names.v[0].name, "f06", "those that were seen first");
	keep_dir_trim(dir, ".", 8, 40);
	need(!keep_dir_list(&r.mem, dir, ".", &names, &r.e));
	is_int(names.n, 3, "bytes count, too");
	end(&r);
}

int main(void)
{
	test_record();
	test_damage();
	test_holds();
	test_texts();
	test_torn();
	test_trim();
	return done();
}
