/* What nodes are sent, as real tar unpacks it. */
/* uses: deploy provider zlib */
#include <sys/wait.h>
#include <keep/generation.h>
#include "site.h"

enum { FILES = 20, LEN = 2000, NOISE = 60000 };

/* Both nodes have FILES files, and the first of them at a path of their own
 * that is as long as the other's. */
static void fill(struct site *s)
{
	KEEP_AUTO(keep_buf) rows = {0};
	char name[32], text[LEN + 1] = "";
	int i;

	for (i = 0; i < FILES; i++) {
		memset(text, 'a' + i, LEN);
		snprintf(name, sizeof name, "files/f%d", i);
		put(s, name, text);
		keep_buf_print(&rows, "\"/f%d\": {\"source\": \"f%d\"}, ", i,
			       i);
	}
	put(s, "common.json", keep_mem_print(
		&s->mem, "{\"files\": {%.*s\"/name\": {\"text\": \"= name\"}}}",
		KEEP_F(keep_buf_get(&rows))).p);
	put(s, "nodes/a.json", "{\"files\": {\"/own/a\": {\"source\": "
	    "\"f0\"}}, \"ip_address\": \"10.0.0.1\"}");
	put(s, "nodes/b.json", "{\"files\": {\"/own/b\": {\"source\": "
	    "\"f0\"}}, \"pw\": \"= secret('db')\", "
	    "\"ip_address\": \"10.0.0.3\"}");
}

/* The first file, which the node has twice, is one of COUNT letters in no
 * order. */
static void put_noise(struct site *s, unsigned count)
{
	static char text[NOISE + 1];
	uint32_t state = 1;
	size_t i;

	for (i = 0; i < NOISE; i++) {
		state = state * 1664525 + 1013904223;
		text[i] = (char)('0' + (state >> 16) % count);
	}
	put(s, "files/f0", text);
}

/* What a shell makes of it, in the site's directory. */
static int shell(const struct site *s, const char *command)
{
	int status = -1;
	pid_t pid;

	fflush(stdout); /* or the child writes it, too */
	pid = fork();
	if (pid == 0 && chdir(s->path) == 0)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	if (pid == 0)
		_exit(99);
	return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

/* Packs what G has and BASE lacks, and unpacks it into got/. */
static size_t unpack(struct site *s, struct keep_packer *packer,
		     const struct keep_generation *g,
		     const struct keep_manifest *base)
{
	struct keep_buf tar = {.mem = &s->mem};

	need(!keep_generation_pack(packer, g, base, &tar, &s->e));
	put(s, "got/x", "");
	need(!keep_dir_remove(keep_fd_get(&s->c.instance), "got", &s->e));
	put(s, "got/x", "");
	need(!keep_file_replace(keep_fd_get(&s->c.instance), "in",
				keep_buf_get(&tar), 0600, &s->e));
	need(shell(s, "tar -xzf in -C got") == 0);
	return tar.len;
}

static bool has(struct site *s, const struct keep_part *part)
{
	return keep_slice_eq(part->content, text(s, keep_mem_print(
		&s->mem, "got/%.*s", KEEP_F(part->path)).p));
}

static bool has_all(struct site *s, const struct keep_generation *g)
{
	size_t i;

	for (i = 0; i < g->n && has(s, &g->parts[i]); i++)
		;
	return i == g->n &&
	       keep_slice_eq(text(s, "got/MANIFEST"), g->manifest);
}

static void put_text(struct site *s, const char *path, struct keep_slice text)
{
	need(!keep_file_replace(keep_fd_get(&s->c.instance), path, text, 0600,
				&s->e));
}

/* Lines of TEXT, each one of COUNT; with other words in one of COUNT. */
static struct keep_slice some_lines(struct site *s, struct keep_slice text,
				    uint32_t state, unsigned count)
{
	struct keep_buf b = {.mem = &s->mem};
	const char *p = text.p, *end;

	for (; p < text.p + text.len; p = end + 1) {
		end = strchr(p, '\n');
		state = state * 1664525 + 1013904223;
		if ((state >> 16) % count == 0)
			continue;
		if ((state >> 16) % count == 1)
			keep_buf_print(&b, "0600%.*s\n", (int)(end - p) - 4,
				       p + 4);
		else
			keep_buf_print(&b, "%.*s\n", (int)(end - p), p);
	}
	return keep_buf_get(&b);
}

/* Whether changes from any manifest to G's are those of diff. */
static bool are_changes(struct site *s, const struct keep_generation *g,
			struct keep_slice from)
{
	struct keep_buf changes = {.mem = &s->mem};
	struct keep_manifest old;

	need(!keep_manifest_read(&s->mem, from, &old, &s->e) &&
	     !keep_manifest_changes(&old, g, &changes, &s->e));
	put_text(s, "old", from);
	put_text(s, "new", g->manifest);
	put_text(s, "changes", keep_buf_get(&changes));
	return shell(s, "diff -an --minimal old new | cmp - changes") == 0;
}

static void changes(struct site *s, const struct keep_generations *all)
{
	struct keep_slice empty = KEEP_S("");
	size_t i, right = 0;

	for (i = 0; i < 24; i++)
		right += are_changes(s, &all->v[0], some_lines(
			s, all->v[i % 2].manifest, (uint32_t)i,
			2 + (unsigned)i % 7));
	is_int(right, 24, "changes of a manifest are those that diff tells");
	ok(are_changes(s, &all->v[0], empty) &&
	   are_changes(s, &all->v[0], all->v[0].manifest),
	   "of none, and of the same, too");
}

/* Bytes of the pack for a node that has BASE, when the file is another. */
static size_t pack_noise(struct site *s, unsigned count,
			 const struct keep_manifest *base)
{
	KEEP_AUTO(keep_packer) packer = {0};
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	const struct keep_slice words[] = {KEEP_S("a"), KEEP_S("b")};
	struct keep_generations all = {0};
	size_t len;

	put_noise(s, count);
	need(!compile(s) &&
	     !keep_generations(&s->c, (struct keep_slices){words, 2},
			       KEEP_MATERIAL_MAKE, &locked, &all, &s->e));
	len = unpack(s, &packer, &all.v[0], base);
	need(unpack(s, &packer, &all.v[0], base) == len);
	return text(s, "got/files/f0").len == NOISE ? len : 0;
}

int main(void)
{
	KEEP_AUTO(keep_packer) packer = {0};
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	const struct keep_slice words[] = {KEEP_S("a"), KEEP_S("b")};
	struct keep_generations all = {0};
	struct keep_manifest base, other;
	struct keep_slice old;
	struct site s;
	size_t whole;

	need(site_begin(&s));
	fill(&s);
	need(!compile(&s) &&
	     !keep_generations(&s.c, (struct keep_slices){words, 2},
			       KEEP_MATERIAL_MAKE, &locked, &all, &s.e));
	unpack(&s, &packer, &all.v[0], NULL);
	ok(has_all(&s, &all.v[0]), "a node gets all of its files");
	whole = unpack(&s, &packer, &all.v[1], NULL);
	ok(has_all(&s, &all.v[1]), "so does another that has most of them");
	unpack(&s, &packer, &all.v[0], NULL);
	ok(has_all(&s, &all.v[0]), "and the first one again");
	need(!keep_manifest_read(&s.mem, all.v[0].manifest, &base, &s.e));
	ok(unpack(&s, &packer, &all.v[1], &base) < whole / 2,
	   "what a node has is not packed");
	ok(keep_slice_is(text(&s, "got/f1"), "(none)") &&
	   !keep_slice_is(text(&s, "got/files/own/b"), "(none)"),
	   "but what it lacks");
	need(are_changes(&s, &all.v[1], all.v[0].manifest));
	ok(keep_slice_eq(text(&s, "got/MANIFEST"), text(&s, "changes")),
	   "with what is other in its manifest");
	old = keep_mem_copy(&s.mem, all.v[0].manifest);
	memcpy(strstr(old.p, " run.take") - 4, "0000", 4);
	need(!keep_manifest_read(&s.mem, old, &other, &s.e));
	unpack(&s, &packer, &all.v[1], &other);
	ok(keep_slice_eq(text(&s, "got/MANIFEST"), all.v[1].manifest),
	   "one that another runner takes is whole");
	changes(&s, &all);
	ok(pack_noise(&s, 64, &base) > 2 * NOISE,
	   "what gzip makes hardly shorter is stored");
	whole = pack_noise(&s, 4, &base);
	ok(whole > 0 && whole < NOISE, "what it makes short is packed");
	site_end(&s);
	return done();
}
