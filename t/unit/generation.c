/* Generations: from an instance to what a node is sent, and to a node's
 * shell. */
/* uses: deploy provider zlib */
#include <sys/wait.h>
#include <keep/generation.h>
#include <keep/secret.h>
#include "site.h"

/* A site that is compiled, and what its nodes are made of. */
struct room {
	struct site s;
	struct keep_mem locked;
	struct keep_materials all;
	struct keep_generation g;
};

static void begin(struct room *r)
{
	*r = (struct room){.locked = {.secret = true}};
	need(site_begin(&r->s));
	put(&r->s, "recipes/web/recipe.json",
	    "{\"packages\": [\"nginx\"], \"units\": [\"nginx.service\"]}");
	put(&r->s, "recipes/web/apply", "echo applied $KEEP_NODE\n");
}

static void end(struct room *r)
{
	keep_mem_end(&r->locked);
	site_end(&r->s);
}

static int gather(struct room *r, const char *word, bool make)
{
	struct keep_slice w = keep_slice(word);

	r->s.e = (struct keep_err){0};
	r->all = (struct keep_materials){0};
	return keep_material(&r->s.c, (struct keep_slices){&w, 1},
			     make ? KEEP_MATERIAL_MAKE : 0,
			     &r->locked, &r->all, &r->s.e);
}

static int generate(struct room *r, const char *word)
{
	struct keep_slice w = keep_slice(word);
	struct keep_generations all = {0};
	int code;

	r->s.e = (struct keep_err){0};
	code = keep_generations(&r->s.c, (struct keep_slices){&w, 1},
				KEEP_MATERIAL_MAKE, &r->locked, &all, &r->s.e);
	if (!code)
		r->g = all.v[0];
	return code;
}

static const struct keep_part *part(const struct room *r, const char *path)
{
	size_t i;

	for (i = 0; i < r->g.n; i++)
		if (keep_slice_is(r->g.parts[i].path, path))
			return &r->g.parts[i];
	return NULL;
}

static struct keep_slice content(const struct room *r, const char *path)
{
	const struct keep_part *p = part(r, path);

	return p ? p->content : KEEP_S("(none)");
}

static bool holds(struct keep_slice s, const char *what)
{
	return s.p && memmem(s.p, s.len, what, strlen(what));
}

static void test_material(void)
{
	struct room r;

	begin(&r);
	is_int(gather(&r, "b", true), -KEEP_E_BAD_ARGS,
	       "a secret that compile has not made is not made here");
	ok(r.s.e.problems &&
	   holds(r.s.e.problems->first->message, "'db'"), "it is named");
	need(!compile(&r.s));
	is_int(gather(&r, "b", false), -KEEP_E_NOT_FOUND,
	       "a node without a salt has no generation");
	ok(holds(keep_slice(r.s.e.hint), "keep node init b"),
	   "the verb that makes one is named");
	need(!gather(&r, "b", true));
	is_int(r.all.n, 1, "a filter chooses nodes");
	ok(!r.all.v[0].stale, "what is compiled is not stale");
	is_int(r.all.v[0].n_secrets, 1, "a property with a secret is told");
	is_text(r.all.v[0].secrets[0].path, "pw", "with its path");
	is_text(r.all.v[0].secrets[0].value, "x:fffffffffffffffffffffffffff"
		"fffffffffffffffffffff", "and its value, filled in");
	ok(!holds(r.all.v[0].config, "fffff"), "the configuration has none");
	ok(!gather(&r, "b", false), "a salt is made once");
	put(&r.s, "nodes/b.json", "{\"ip_address\": \"10.0.0.3\"}");
	need(!gather(&r, "b", false));
	ok(r.all.v[0].stale, "what is not compiled is stale");
	end(&r);
}

static void test_fill(void)
{
	struct room r;

	begin(&r);
	put(&r.s, "secrets.dev.json", "{\"default\": {\"db\": \"se<cret\"}}");
	put(&r.s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", \"a\": "
	    "{\"b64\": \"= b64(secret('db'))\", \"hex\": \"= 'x' + "
	    "hex(secret('db')) + 'y'\", \"sha\": \"= sha256(secret('db'))\", "
	    "\"two\": [\"= secret('db') + '<' + secret('db')\"]}}");
	need(!compile(&r.s) && !generate(&r, "c"));
	is_text(content(&r, "secret/a.b64"), "c2U8Y3JldA==",
		"base64 of a secret is done here");
	is_text(content(&r, "secret/a.hex"), "x73653c63726574y",
		"and hex, within text");
	is_int(content(&r, "secret/a.sha").len, 64, "and its hash");
	is_text(content(&r, "secret/a.two.0"), "se<cret<se<cret",
		"one text may hold several");
	end(&r);
}

static void check_shown(const struct room *r)
{
	const struct keep_part *file = part(r, "files/etc/pw");

	ok(file->secret, "a file with a secret is one");
	ok(!holds(file->shown, "fffffff") && holds(file->shown, "db") &&
	   !part(r, "secret/web.pw")->shown.p,
	   "what may be shown of it has the secret's name for its value");
}

static void test_layout(void)
{
	static const char *const want[] = {
		"config.json", "config.sh", "files.list", "files/etc/motd",
		"files/etc/pw", "recipes/list", "recipes/web/apply",
		"recipes/web/packages", "recipes/web/recipe.json",
		"recipes/web/units", "run", "run.files", "run.rest",
		"run.room", "run.services", "run.take", "salt",
		"secret/web.pw",
	};
	struct room r;
	struct keep_manifest m;
	char id[KEEP_ID_LEN + 1];
	size_t i;

	begin(&r);
	put(&r.s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"services\": \"web\", \"web\": {\"owner\": \"me\", \"pw\": "
	    "\"= secret('db')\"}, \"files\": {\"/etc/motd\": {\"text\": "
	    "\"hi\", \"on_change\": \"true\"}, \"/etc/pw\": {\"text\": "
	    "\"= 'p=' + secret('db')\"}}}");
	need(!compile(&r.s) && !generate(&r, "c"));
	is_int(r.g.n, KEEP_COUNT(want), "a generation has its parts");
	for (i = 0; i < r.g.n && i < KEEP_COUNT(want); i++)
		is_text(r.g.parts[i].path, want[i], "one is %s", want[i]);
	is_text(content(&r, "files.list"), "644\troot\troot\t/etc/motd\ttrue"
		"\n600\troot\troot\t/etc/pw\t\n", "files have their rows");
	is_text(content(&r, "recipes/web/packages"), "nginx\n",
		"packages are listed for the runner");
	check_shown(&r);
	ok(!holds(r.g.manifest, "fffffff"), "the manifest holds no secret");
	is_int(content(&r, "salt").len, 32, "the salt has 32 bytes");
	memcpy(id, r.g.id, sizeof id);
	need(!generate(&r, "c"));
	is_text(keep_slice(r.g.id), id, "the same again has the same id");
	is_int(keep_manifest_read(&r.s.mem, r.g.manifest, &m, &r.s.e), 0,
	       "its manifest can be read");
	is_int(m.n, r.g.n, "whole");
	for (i = 1; i < r.g.manifest.len; i++) {
		struct keep_slice cut = {r.g.manifest.p, i};

		if (r.g.manifest.p[i - 1] == '\n')
			continue;
		if (keep_manifest_read(&r.s.mem, cut, &m, &r.s.e) !=
		    -KEEP_E_BAD_ARGS)
			break;
	}
	is_int(i, r.g.manifest.len, "a manifest that is cut is refused");
	end(&r);
}

static void test_engines(void)
{
	struct room r;

	begin(&r);
	put(&r.s, "recipes/web/recipe.json", "{\"engine\": \"sh\"}");
	need(!compile(&r.s) && !generate(&r, "a"));
	ok(!part(&r, "recipes/web/engine"), "scripts are for sh");
	put(&r.s, "recipes/web/recipe.json", "{\"engine\": \"puppet\"}");
	need(!generate(&r, "a"));
	is_text(content(&r, "recipes/web/engine"), "puppet\n",
		"the runner knows of another engine");
	end(&r);
}

/* With LINE 0 anywhere. */
static bool is_told_at(const struct keep_err *e, uint32_t line,
		       uint32_t column, const char *why)
{
	const struct keep_problem *p = e->problems ? e->problems->first : NULL;

	while (p && (!holds(p->message, why) ||
		     (line && (p->line != line || p->column != column))))
		p = p->next;
	return p;
}

static bool is_told(const struct keep_err *e, const char *why)
{
	return is_told_at(e, 0, 0, why);
}

static void test_faults(void)
{
	static const struct {
		const char *node, *why;
	} rows[] = {
		{"\"a-b\": 1, \"a_b\": 2", "KEEP_a_b"},
		{"\"a\": {\"b\": 1}, \"a_b\": 2", "KEEP_a_b"},
		{"\"NODE\": 1", "KEEP_NODE"},
		{"\"a/b\": \"= secret('db')\", \"a b\": \"= secret('db')\"",
		 "secret/a_b"},
	};
	struct room r;
	struct keep_buf b = {0};
	size_t i;

	begin(&r);
	for (i = 0; i < KEEP_COUNT(rows); i++) {
		b.len = 0;
		keep_buf_print(&b, "{\"ip_address\": \"10.0.0.4\", %s}",
			       rows[i].node);
		keep_buf_byte(&b, 0);
		put(&r.s, "nodes/c.json", b.p);
		need(!compile(&r.s));
		is_int(generate(&r, "c"), -KEEP_E_BAD_ARGS, "refused: %s",
		       rows[i].node);
		ok(is_told(&r.s.e, rows[i].why), "because of %s",
		   rows[i].why);
	}
	keep_buf_end(&b);
	put(&r.s, "recipes/web/recipe.json", "{\"packages\": [\"$(id)\"]}");
	is_int(generate(&r, "a"), -KEEP_E_BAD_ARGS,
	       "a package has the name of one");
	put(&r.s, "recipes/web/recipe.json", "{\"package\": [\"tor\"]}");
	is_int(generate(&r, "a"), -KEEP_E_BAD_ARGS,
	       "a word that recipes do not have is refused");
	ok(is_told(&r.s.e, "a recipe has no 'package'"), "by its name");
	put(&r.s, "recipes/web/recipe.json", "{\"engine\": \"perl\"}");
	is_int(generate(&r, "a"), -KEEP_E_BAD_ARGS,
	       "an engine is one of those that there are");
	ok(is_told(&r.s.e, "sh or puppet"), "which are told");
	put(&r.s, "recipes/web/recipe.json", "{\"engine\": [\"puppet\"],\n"
	    " \"units\": \"x\", \"packages\": [\"a\", 5]}");
	is_int(generate(&r, "a"), -KEEP_E_BAD_ARGS, "and one only");
	ok(is_told_at(&r.s.e, 1, 12, "an engine is"), "where it is");
	ok(is_told_at(&r.s.e, 2, 11, "'units' is a list"), "units are a list");
	ok(is_told_at(&r.s.e, 2, 34, "such a name"), "and each fault is told");
	end(&r);
}

/* Runs COMMAND by sh with a root in the site, stdin and stdout its files. */
static int run_sh(struct room *r, struct keep_slice command)
{
	struct keep_slice root = keep_mem_print(&r->s.mem, "%s/root",
						r->s.path);
	int status;
	pid_t pid;

	fflush(stdout); /* or the child writes it, too */
	pid = fork();
	if (pid == 0) {
		if (chdir(r->s.path) || !freopen("in", "r", stdin) ||
		    !freopen("out", "w", stdout))
			_exit(99);
		setenv("KEEP_ROOT", root.p, 1);
		execl("/bin/sh", "sh", "-c", command.p, (char *)NULL);
		_exit(98);
	}
	need(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

static int deploy(struct room *r, const char *base,
		  const struct keep_manifest *have)
{
	const struct keep_node_exec x = {
		.want = keep_slice(r->g.id), .base = keep_slice(base),
		.deploy = KEEP_S("d1"), .who = KEEP_S("ada@desk"),
		.commit = KEEP_S("c0ffee"), .flags = KEEP_S("timeout=20"),
	};
	KEEP_AUTO(keep_packer) packer = {0};
	struct keep_buf tar = {.mem = &r->s.mem};
	struct keep_slice command;

	need(!keep_generation_pack(&packer, &r->g, have, &tar, &r->s.e));
	need(!keep_node_command(&r->s.mem, &x, &command, &r->s.e));
	need(!keep_file_replace(keep_fd_get(&r->s.c.instance), "in",
				keep_buf_get(&tar), 0600, &r->s.e));
	return run_sh(r, keep_mem_copy(&r->s.mem, command));
}

/* 120 letters: a path that has no room in a header of tar. */
#define TEN "abcdefghij"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void test_node(void)
{
	static const char hostile[] =
		"{\"ip_address\": \"10.0.0.4\", \"services\": \"web\", "
		"\"web\": {\"owner\": \"me\"}, \"evil\": \"'; touch ran; $(id)"
		"\\n`id`\", \"PATH\": \"/none\", \"pw\": \"= secret('db')\", "
		"\"" LONG "\": \"= secret('db')\"}";
	struct room r;
	struct keep_manifest base;
	char first[KEEP_ID_LEN + 1];

	begin(&r);
	put(&r.s, "recipes/web/apply", ". $KEEP_DIR/config.sh\n"
	    "printf '%s' \"$KEEP_evil\" > $KEEP_ROOT/evil\n"
	    "cp $KEEP_DIR/secret/pw $KEEP_ROOT/pw\n");
	put(&r.s, "recipes/web/recipe.json", "{}");
	put(&r.s, "nodes/c.json", hostile);
	need(!compile(&r.s) && !generate(&r, "c"));
	is_int(deploy(&r, "none", NULL), 0, "a node takes a generation");
	ok(holds(text(&r.s, "out"), r.g.id), "and says which");
	is_text(text(&r.s, "root/evil"), "'; touch ran; $(id)\n`id`",
		"a hostile value is a value to scripts");
	is_text(text(&r.s, "root/pw"), "ffffffffffffffffffffffffffffffffffff"
		"ffffffffffff", "scripts have the secret");
	need(!keep_manifest_read(&r.s.mem, r.g.manifest, &base, &r.s.e));
	memcpy(first, r.g.id, sizeof first);
	put(&r.s, "secrets.dev.json", "{\"default\": {\"db\": \"new\", "
	    "\"salt.c\": \"ffffffffffffffffffffffffffffffffffffffffffffffff"
	    "\"}}");
	need(!generate(&r, "c"));
	ok(!keep_slice_is(keep_slice(r.g.id), first),
	   "another secret is another generation");
	is_int(deploy(&r, first, &base), 0, "a difference is enough");
	is_text(text(&r.s, "root/pw"), "new", "and brings what is new");
	ok(text(&r.s, "in").len < 1024, "it is small");
	end(&r);
}

static void test_command(void)
{
	struct keep_mem m = {0};
	struct keep_node_exec x = {
		.want = KEEP_S("0"), .deploy = KEEP_S("d'1"),
		.who = KEEP_S(""), .commit = KEEP_S(""), .flags = KEEP_S(""),
	};
	struct keep_slice out;
	struct keep_err e = {0};

	is_int(keep_node_command(&m, &x, &out, &e), -KEEP_E_BAD_ARGS,
	       "a word with a quote is sent to no node");
	x.deploy = KEEP_S("d1");
	need(!keep_node_command(&m, &x, &out, &e));
	ok(out.len < 4096, "the exec string has less than 4096 bytes");
	is_int(strlen(out.p), out.len, "and a NUL behind them");
	keep_mem_end(&m);
}

int main(void)
{
	test_material();
	test_fill();
	test_layout();
	test_engines();
	test_faults();
	test_node();
	test_command();
	return done();
}
