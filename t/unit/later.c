/* Sources that are hashed, and read when somebody needs them. */
/* uses: deploy provider zlib */
#include <keep/cli.h>
#include <keep/generation.h>
#include "../../cmd/provider/stamps.h"
#include "site.h"

enum { HOW = KEEP_MATERIAL_MAKE | KEEP_MATERIAL_CLEAN | KEEP_MATERIAL_LATER };
/* What sha256sum and git hash-object say of "hello". */
static const char sha256[] =
	"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
static const char git_id[] = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
static const char git_tree[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

static void begin(struct site *s)
{
	need(site_begin(s));
	s->c.run_dir = site_run_dir(s);
	put(s, "common.json", "{\"files\": {\"/etc/motd\": {\"source\": "
	    "\"motd\"}, \"/etc/empty\": {\"source\": \"empty\"}}}");
	put(s, "files/empty", "");
	need(!compile(s));
	site_sh(s, "git init -q");
	site_commit(s);
}

static int gather(struct site *s, struct keep_mem *locked, unsigned how,
		  struct keep_materials *all)
{
	const struct keep_slice w = KEEP_S("all");

	s->e = (struct keep_err){0};
	*all = (struct keep_materials){0};
	return keep_material(&s->c, (struct keep_slices){&w, 1}, how, locked,
			     all, &s->e);
}

static struct keep_material_source *source(const struct keep_material *m,
					   const char *path)
{
	size_t i;

	for (i = 0; i < m->n_files; i++)
		if (keep_slice_is(m->files[i].path, path))
			return m->files[i].source;
	return NULL;
}

static bool is_hex(const uint8_t *hash, size_t len, const char *want)
{
	KEEP_AUTO(keep_buf) b = {0};

	keep_hex_put(&b, hash, len);
	return keep_slice_is(keep_buf_get(&b), want);
}

static void test_source(void)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_material_source *motd, *empty;
	struct keep_materials all;
	struct site s;

	begin(&s);
	need(!gather(&s, &locked, KEEP_MATERIAL_MAKE, &all));
	ok(!source(&all.v[0], "/etc/motd"), "a source is held, mostly");
	need(!gather(&s, &locked, HOW, &all) && all.n >= 2);
	motd = source(&all.v[0], "/etc/motd");
	empty = source(&all.v[0], "/etc/empty");
	need(motd && empty);
	ok(!motd->content.p && motd->len == 5 &&
	   is_hex(motd->sha256, sizeof motd->sha256, sha256) &&
	   is_hex(motd->git_id, sizeof motd->git_id, git_id),
	   "one that is not is known by what it was, as others name it");
	ok(motd == source(&all.v[1], "/etc/motd"), "nodes share it");
	put(&s, "files/motd", "other");
	ok(keep_material_read(motd, &s.e) == -KEEP_E_CONFLICT &&
	   !motd->content.p, "what was changed meanwhile is not taken");
	put(&s, "files/motd", "hello");
	ok(!keep_material_read(motd, &s.e) &&
	   keep_slice_is(motd->content, "hello"), "it is read when asked");
	put(&s, "files/motd", "other");
	ok(!keep_material_read(motd, &s.e) &&
	   keep_slice_is(motd->content, "hello"), "and once");
	need(!unlinkat(keep_fd_get(&s.c.instance), "files/empty", 0));
	ok(keep_material_read(empty, &s.e) == -KEEP_E_CONFLICT,
	   "what is gone is not taken for an empty one");
	site_end(&s);
}

static void test_form(void)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_materials all;
	struct site s;

	begin(&s);
	put(&s, "files/motd", "a\nb <secret db>");
	ok(gather(&s, &locked, HOW, &all) == -KEEP_E_BAD_ARGS,
	   "a source that holds the form of a secret is refused at once");
	site_end(&s);
}

/* What either way makes, as tar's bytes. */
static struct keep_slice pack(struct site *s, unsigned how, char id[65])
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	const struct keep_slice w = KEEP_S("a");
	struct keep_generations all = {0};
	struct keep_packer packer = {0};
	struct keep_buf tar = {.mem = &s->mem};

	need(!keep_generations(&s->c, (struct keep_slices){&w, 1}, how,
			       &locked, &all, &s->e));
	need(!keep_generation_pack(&packer, &all.v[0], NULL, &tar, &s->e));
	memcpy(id, all.v[0].id, 65);
	keep_packer_end(&packer);
	return keep_buf_get(&tar);
}

static void test_generation(void)
{
	struct keep_slice now, later;
	char id[65], same[65];
	struct site s;

	begin(&s);
	now = pack(&s, KEEP_MATERIAL_MAKE, id);
	later = pack(&s, HOW, same);
	ok(keep_slice_is(keep_slice(id), same),
	   "a generation is the same, whenever its sources are read");
	ok(keep_slice_eq(now, later), "and what is sent of it");
	site_end(&s);
}

static void test_openssl(void)
{
	struct site s = {{0}};
	const struct keep_openssl_api *ssl = keep_library_symbol(
		site_run_dir(&s), KEEP_S("openssl"), "keep_openssl_api", &s.e);
	uint8_t mine[KEEP_SHA256_LEN], theirs[KEEP_SHA256_LEN];
	uint8_t id[KEEP_GIT_ID];

	need(ssl);
	ssl->sha256(KEEP_S("hello"), theirs);
	keep_sha256(KEEP_S("hello"), mine);
	ok(keep_bytes_equal(mine, theirs, sizeof mine),
	   "OpenSSL and libsodium hash alike");
	ok(!ssl->git_id(KEEP_S(""), true, id, &s.e) &&
	   is_hex(id, sizeof id, git_tree), "a directory has git's id");
	keep_mem_end(&s.mem);
}

static uint64_t in_an_hour(struct keep_ctx *c)
{
	(void)c;
	return ((uint64_t)time(NULL) + 3600) * 1000;
}

static void gather_alone(struct site *s)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_materials all;

	need(!gather(s, &locked, HOW, &all));
}

/* What the table says of a file; NULL: nothing. */
static const struct keep_stamp *stamp(struct site *s, struct keep_stamps *all,
				      const char *path)
{
	struct keep_look l;

	*all = (struct keep_stamps){.mem = &s->mem, .seen.mem = &s->mem};
	need(!keep_stamps_read(&s->c, all, &s->e));
	need(keep_look(keep_fd_get(&s->c.instance), path, &l));
	return keep_stamps_find(all, &l);
}

static bool is_known(struct site *s)
{
	struct keep_stamps all;
	const struct keep_stamp *v = stamp(s, &all, "files/motd");

	return v && is_hex(v->sha256, sizeof v->sha256, sha256) &&
	       is_hex(v->git_id, sizeof v->git_id, git_id);
}

static void test_torn(struct site *s)
{
	struct keep_slice text;
	struct keep_err e;
	struct file f = {".keep/sources", NULL};
	size_t i;
	bool good = true;

	need(!keep_file_read(&s->mem, keep_fd_get(&s->c.instance), f.path,
			     1 << 20, &text, &e));
	for (i = 0; i < text.len; i++) {
		((char *)(uintptr_t)text.p)[i] ^= 1;
		need(!keep_file_replace(keep_fd_get(&s->c.instance), f.path,
					text, 0600, &e));
		good = good && !is_known(s);
		((char *)(uintptr_t)text.p)[i] ^= 1;
		need(!keep_file_replace(
			keep_fd_get(&s->c.instance), f.path,
			(struct keep_slice){text.p, i}, 0600, &e));
		good = good && !is_known(s);
	}
	ok(good, "a table that is torn, or of which a bit changed, is none");
	gather_alone(s);
	ok(is_known(s), "and is made anew");
}

static void test_stamps(void)
{
	struct keep_stamps all;
	struct site s;

	begin(&s);
	gather_alone(&s);
	ok(!is_known(&s), "of what had just changed nothing is noted");
	s.c.now_ms = in_an_hour;
	gather_alone(&s);
	ok(is_known(&s), "what a source was is noted");
	gather_alone(&s);
	ok(is_known(&s), "and found by the next run");
	put(&s, "files/motd", "jello");
	ok(!stamp(&s, &all, "files/motd") && stamp(&s, &all, "files/empty"),
	   "one that was changed since is read again");
	put(&s, "files/motd", "hello");
	gather_alone(&s);
	ok(is_known(&s), "and noted again");
	test_torn(&s);
	site_end(&s);
}

int main(void)
{
	test_form();
	/* without memory OpenSSL is not opened, and sources are held */
	if (tap_times(1, 0)) {
		test_source();
		test_generation();
		test_stamps();
		test_openssl();
	}
	return done();
}
