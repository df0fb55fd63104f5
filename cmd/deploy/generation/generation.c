/* A node's files, and the manifest that names them. */
#include <stdlib.h>
#include <keep/text.h>
#include "parts.h"
#include "scripts.h"

enum { SECRET_NAME_MAX = 255 - 7 };

/* What sha256sum, tar's lists and `read` take as it is. */
static bool is_plain(struct keep_slice path)
{
	size_t i;

	for (i = 0; i < path.len; i++)
		if ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7f ||
		    path.p[i] == '\\')
			return false;
	return path.len && path.p[0] != ' ' && path.p[path.len - 1] != ' ';
}

static void add(struct keep_parts *p, const struct keep_part *new)
{
	if (is_plain(new->path))
		keep_buf_put(&p->v, new, sizeof *new);
	else
		keep_problem(p->ps, p->m->node, 0, 0, "%.*s: a path holds no "
			     "backslash, and no blank at its end",
			     KEEP_F(keep_text_safe(p->c->mem, new->path, 100)));
}

void keep_parts_add(struct keep_parts *p, struct keep_slice path,
		    struct keep_slice content, bool secret)
{
	struct keep_part new = {
		.path = path, .content = content, .secret = secret,
	};

	if (!secret)
		new.shown = content;
	add(p, &new);
}

/* In the arena, once it grows no more: what it grew out of is not kept. */
static struct keep_slice settle(struct keep_parts *p, const struct keep_buf *b)
{
	struct keep_slice s = keep_mem_copy(p->c->mem, keep_buf_get(b));

	p->v.failed = p->v.failed || b->failed || !s.p;
	return s;
}

void keep_parts_add_buf(struct keep_parts *p, const char *path,
			const struct keep_buf *b)
{
	keep_parts_add(p, keep_slice(path), settle(p, b), false);
}

struct keep_slice keep_parts_name(struct keep_parts *p,
				  struct keep_slice path, const char *also)
{
	struct keep_slice name = keep_mem_copy(p->c->mem, path);
	char *to = keep_mem_alloc(p->c->mem, path.len + 1);
	size_t i;

	if (!name.p || !to)
		return (struct keep_slice){0};
	for (i = 0; i < path.len; i++)
		to[i] = (path.p[i] >= 'a' && path.p[i] <= 'z') ||
			(path.p[i] >= 'A' && path.p[i] <= 'Z') ||
			(path.p[i] >= '0' && path.p[i] <= '9') ||
			(path.p[i] && strchr(also, path.p[i])) ? path.p[i]
							       : '_';
	if (path.len && to[0] == '.')
		to[0] = '_';
	return (struct keep_slice){to, path.len};
}

static void add_secrets(struct keep_parts *p)
{
	const struct keep_material_secret *s = p->m->secrets;
	struct keep_slice name, path = {0};
	size_t i;

	for (i = 0; i < p->m->n_secrets; i++) {
		name = keep_parts_name(p, s[i].path, "_.-");
		if (name.p)
			path = keep_mem_print(p->c->mem, "secret/%.*s",
					      KEEP_F(name));
		p->v.failed = p->v.failed || !name.p || !path.p;
		if (p->v.failed)
			return;
		if (name.len > SECRET_NAME_MAX)
			keep_problem(p->ps, p->m->node, 0, 0, "%.*s: a secret "
				     "has a shorter path", KEEP_F(name));
		keep_parts_add(p, path, s[i].value, true);
	}
}

/* What lines of manifests say of a content, before its path. */
static bool describe(struct keep_mem *m, struct keep_content *of,
		     const char *mode, size_t len,
		     const uint8_t hash[KEEP_SHA256_LEN])
{
	struct keep_buf b = {.mem = m};

	keep_buf_print(&b, "%s %zu ", mode, len);
	keep_hex_put(&b, hash, KEEP_SHA256_LEN);
	keep_buf_byte(&b, ' ');
	of->rest = keep_buf_get(&b);
	return !b.failed;
}

/* Hashed once for what many nodes have: where it lies is what tells it. The
 * hash of a new one is for the caller to make. */
static struct keep_content *content_at(struct keep_parts *p, const void *where,
				       size_t len, bool *new)
{
	struct keep_mem *m = p->shared->mem;
	void **known = keep_ptrmap_at(&p->shared->contents, m, where, len);
	struct keep_content *of;

	*new = known && !*known;
	if (*new)
		*known = KEEP_NEW(m, struct keep_content);
	of = known ? *known : NULL;
	p->v.failed = p->v.failed || !of;
	if (of)
		of->files++;
	return of;
}

static const struct keep_content *shared_of(struct keep_parts *p,
					    struct keep_slice text)
{
	bool new;
	struct keep_content *of = content_at(p, text.len ? text.p : "",
					     text.len, &new);
	uint8_t hash[KEEP_SHA256_LEN];

	if (of && new) {
		p->shared->sha256(text, hash);
		p->v.failed |= !describe(p->shared->mem, of, "0644", text.len,
					 hash);
	}
	return of;
}

static const struct keep_content *of_file(struct keep_parts *p,
					  const struct keep_material_file *f)
{
	struct keep_content *of;
	bool new;

	if (f->secret)
		return NULL;
	if (!f->source)
		return shared_of(p, f->content);
	of = content_at(p, f->source, 0, &new);
	if (of && new)
		p->v.failed |= !describe(p->shared->mem, of, "0644",
					 f->source->len, f->source->sha256);
	return of;
}

void keep_parts_share(struct keep_parts *p, struct keep_slice path,
		      struct keep_slice content)
{
	add(p, &(struct keep_part){.path = path, .content = content,
				   .shown = content,
				   .of = shared_of(p, content)});
}

/* Nodes share the paths that theirs are made of. */
static struct keep_slice in_files(struct keep_parts *p, struct keep_slice path)
{
	static const char dir[] = "files";
	struct keep_mem *m = p->shared->mem;
	void **known = keep_ptrmap_at(&p->shared->paths, m, path.p, path.len);
	size_t len = sizeof dir - 1;
	char *text;

	if (known && !*known) {
		*known = text = keep_mem_alloc(m, len + path.len);
		if (text) {
			memcpy(text, dir, len);
			memcpy(text + len, path.p, path.len);
		}
	}
	return known && *known ?
	       (struct keep_slice){*known, len + path.len} :
	       (struct keep_slice){0};
}

static void put_octal(struct keep_buf *b, uint32_t v)
{
	char text[sizeof v * 8], *p = text + sizeof text;

	do
		*--p = (char)('0' + v % 8);
	while (v /= 8);
	keep_buf_put(b, p, (size_t)(text + sizeof text - p));
}

static void put_row(struct keep_buf *list, const struct keep_material_file *f)
{
	const struct keep_slice words[] = {
		f->owner, f->group, f->path, f->on_change};
	size_t i;

	put_octal(list, f->mode);
	for (i = 0; i < KEEP_COUNT(words); i++) {
		keep_buf_byte(list, '\t');
		keep_buf_slice(list, words[i]);
	}
	keep_buf_byte(list, '\n');
}

static void add_files(struct keep_parts *p)
{
	const struct keep_material_file *f = p->m->files;
	KEEP_AUTO(keep_buf) list = {0};
	struct keep_slice path;
	size_t i;

	for (i = 0; i < p->m->n_files; i++) {
		path = in_files(p, f[i].path);
		p->v.failed = p->v.failed || !path.p;
		if (p->v.failed)
			return;
		add(p, &(struct keep_part){
			.path = path, .content = f[i].content,
			.shown = f[i].shown, .secret = f[i].secret,
			.closed = !(f[i].mode & 4), .source = f[i].source,
			.of = of_file(p, &f[i]),
		});
		put_row(&list, &f[i]);
	}
	keep_parts_add_buf(p, "files.list", &list);
}

static int by_path(const void *a, const void *b)
{
	const struct keep_part *x = a, *y = b;

	return keep_slice_cmp(x->path, y->path);
}

/* The hash of a secret covers the salt, in memory that is locked. */
static bool salted(const struct keep_parts *p, const struct keep_part *part,
		   uint8_t hash[KEEP_SHA256_LEN])
{
	KEEP_AUTO(keep_mem) mem = {.secret = true, .softly = true};
	struct keep_buf b = {.mem = &mem};

	keep_buf_slice(&b, p->m->salt);
	keep_buf_slice(&b, part->content);
	if (!b.failed)
		keep_sha256(keep_buf_get(&b), hash);
	return !b.failed;
}

static bool hash(struct keep_parts *p, struct keep_part *part)
{
	struct keep_content *of;
	uint8_t hash[KEEP_SHA256_LEN];

	if (part->of)
		return true;
	of = KEEP_NEW(p->c->mem, struct keep_content);
	if (!of || (part->secret && !salted(p, part, hash)))
		return false;
	if (!part->secret)
		p->shared->sha256(part->content, hash);
	of->files = 1;
	part->of = of;
	return describe(p->c->mem, of, part->secret ? "0600" : "0644",
			part->content.len, hash);
}

static void put_line(struct keep_buf *b, const struct keep_part *part)
{
	keep_buf_slice(b, part->of->rest);
	keep_buf_slice(b, part->path);
	keep_buf_byte(b, '\n');
}

static int put_manifest(struct keep_parts *p, struct keep_generation *g,
			struct keep_err *e)
{
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_buf id = {.p = g->id, .cap = KEEP_ID_LEN};
	struct keep_part *v = keep_mem_alloc(p->c->mem, p->v.len);
	uint8_t all[KEEP_SHA256_LEN];
	size_t i;

	if (!v)
		return keep_no_memory(e);
	memcpy(v, p->v.p, p->v.len);
	g->parts = v;
	g->n = p->v.len / sizeof *v;
	qsort(v, g->n, sizeof *v, by_path);
	for (i = 0; i < g->n; i++) {
		if (i && keep_slice_eq(v[i - 1].path, v[i].path))
			keep_problem(p->ps, p->m->node, 0, 0, "two properties "
				     "would be %.*s", KEEP_F(v[i].path));
		if (!hash(p, &v[i]))
			return keep_no_memory(e);
		put_line(&b, &v[i]);
	}
	g->manifest = settle(p, &b);
	p->shared->sha256(g->manifest, all);
	keep_hex_put(&id, all, sizeof all);
	if (p->v.failed)
		return keep_no_memory(e);
	return keep_problems_fail(p->ps, e, KEEP_E_BAD_ARGS, "node %.*s",
				  KEEP_F(p->m->node));
}

static void keep_parts_end(struct keep_parts *p)
{
	keep_buf_end(&p->v);
}

static int one(struct keep_ctx *c, const struct keep_material *m,
	       struct keep_parts_shared *shared, struct keep_generation *out,
	       struct keep_err *e)
{
	KEEP_AUTO(keep_parts) p = {.c = c, .m = m, .shared = shared};

	p.ps = KEEP_NEW(c->mem, struct keep_problems);
	if (!p.ps)
		return keep_no_memory(e);
	p.ps->mem = c->mem;
	*out = (struct keep_generation){.node = m->node, .stale = m->stale};
	keep_parts_add(&p, KEEP_S("config.json"), m->config, false);
	keep_runner(&p);
	keep_parts_add(&p, KEEP_S("salt"), m->salt, true);
	keep_config_sh(&p);
	add_secrets(&p);
	add_files(&p);
	keep_recipes(&p);
	return p.v.failed ? keep_no_memory(e) : put_manifest(&p, out, e);
}

static struct keep_parts_shared share(struct keep_ctx *c)
{
	return (struct keep_parts_shared){
		.mem = c->mem, .sha256 = keep_digest_of(c)};
}

int keep_generation(struct keep_ctx *c, const struct keep_material *m,
		    struct keep_generation *out, struct keep_err *e)
{
	struct keep_parts_shared shared = share(c);

	return one(c, m, &shared, out, e);
}

/* Generations that are being made. */
struct making {
	struct keep_ctx *c;
	struct keep_generations *out;
	struct keep_parts_shared shared;
	struct keep_buf v; /* of keep_generation */
};

static int take(void *to, const struct keep_material *m, struct keep_err *e)
{
	struct making *u = to;
	struct keep_generation g;
	int code = one(u->c, m, &u->shared, &g, e);
	bool has = !code && u->out->has && u->out->has(u->out->to, &g);

	if (has) {
		g.parts = NULL;
		g.n = 0;
		g.manifest = (struct keep_slice){0};
	}
	keep_buf_put(&u->v, &g, sizeof g);
	if (!code)
		code = keep_buf_check(&u->v, e);
	return code ? code : !has;
}

int keep_generations(struct keep_ctx *c, struct keep_slices filter,
		     unsigned how, struct keep_mem *locked,
		     struct keep_generations *out, struct keep_err *e)
{
	struct making u = {.c = c, .out = out, .shared = share(c),
			   .v = {.mem = c->mem}};
	struct keep_materials all = {.take = take, .to = &u};
	int code = keep_material(c, filter, how, locked, &all, e);

	out->v = (const void *)u.v.p;
	out->n = u.v.len / sizeof *out->v;
	out->contacts = all.contacts;
	return code;
}
