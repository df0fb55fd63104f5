/* What a node lacks, packed: what others lack, too, is packed once. */
#include <stdlib.h>
#include <keep/generation.h>
#include "tar.h"

enum {
	TAR_BLOCK = 512,
	/* Less than that is packed with what is the node's own. */
	WORTH = 1024,
	LIKELY_MAX = 1 << 20,
	/* gzip is a process more on the node, which costs as much as it takes
	 * for some 30 KB to come. */
	STORE_MIN = 32 << 10, STORE_MAX = 192 << 10,
};

/* A piece that nodes share: a file, or some lines of a manifest. */
struct shared {
	struct keep_slice what; /* the file's path, or the lines */
	struct keep_zlib_piece piece[2]; /* packed, and stored */
};
/* A pack that is made. */
struct pack {
	struct keep_packer *packer;
	struct keep_zlib *zlib;
	const struct keep_generation *g;
	const struct keep_manifest *base;
	struct keep_zlib_member to;
	struct keep_mem *room;
	bool *sent;          /* by part */
	struct keep_buf own; /* of the node alone; not yet packed */
	struct keep_buf changes; /* of the manifest */
	bool patches;        /* they are sent in its place */
	size_t len;          /* so much may that be in all */
	bool stored;         /* nothing of it is packed */
};

static bool is_shared(const struct keep_part *part)
{
	return !part->secret && part->of->files > 1;
}

static struct keep_slice content_of(const struct keep_part *part)
{
	return part->source ? part->source->content : part->content;
}

/* --- what is sent -------------------------------------------------------- */

/* Whether the base has PART as it is; *j goes on to its place. */
static bool has(const struct pack *p, size_t *j,
		const struct keep_manifest_line *line)
{
	const struct keep_manifest *base = p->base;
	int order = -1;

	while (base && *j < base->n &&
	       (order = keep_slice_cmp(base->v[*j].path, line->path)) < 0)
		++*j;
	return base && *j < base->n && order == 0 &&
	       keep_slice_eq(base->v[*j].rest, line->rest);
}

/* All that may be a copy of a secret is in locked memory. */
static int choose(struct pack *p, struct keep_err *e)
{
	const struct keep_part *v = p->g->parts;
	struct keep_manifest_line line;
	size_t i, j = 0, at = 0;

	p->sent = KEEP_NEWS(p->room, p->g->n, bool);
	if (!p->sent)
		return keep_no_memory(e);
	p->patches = p->base && keep_has_runner(p->base, p->g);
	p->len = (size_t)4 * TAR_BLOCK;
	for (i = 0; i < p->g->n; i++) {
		line = keep_generation_line(p->g, i, &at);
		p->sent[i] = !has(p, &j, &line);
		if (!p->sent[i])
			continue;
		if (v[i].source && keep_material_read(v[i].source, e))
			return -e->code;
		p->room->secret = p->room->secret || v[i].secret;
		p->len += (size_t)4 * TAR_BLOCK + v[i].path.len +
			  content_of(&v[i]).len;
	}
	return 0;
}

/* --- pieces -------------------------------------------------------------- */

static int make(struct keep_zlib *z, bool stored, struct keep_slice bytes,
		struct keep_buf *out, struct keep_zlib_piece *piece,
		struct keep_err *e)
{
	return stored ? keep_zlib_store(bytes, out, piece, e) :
			keep_zlib_pack(z, bytes, out, piece, e);
}

static int flush(struct pack *p, struct keep_err *e)
{
	struct keep_buf packed = {.mem = p->room};
	struct keep_zlib_piece piece;
	int code = keep_buf_check(&p->own, e);

	if (code || !p->own.len)
		return code;
	code = make(p->zlib, p->stored, keep_buf_get(&p->own), &packed, &piece,
		    e);
	if (!code)
		keep_zlib_add(&p->to, &piece);
	p->own.len = 0;
	return code;
}

/* Where the piece (of, number) stands; NULL: without memory. */
static struct shared *find(struct keep_packer *packer, const void *of,
			   size_t number)
{
	void **at = keep_ptrmap_at(&packer->pieces, &packer->mem, of, number);

	if (at && !*at)
		*at = KEEP_NEW(&packer->mem, struct shared);
	return at ? *at : NULL;
}

static int make_shared(struct keep_packer *packer, struct shared *s,
		       bool stored, struct keep_slice bytes,
		       struct keep_err *e)
{
	KEEP_AUTO(keep_buf) packed = {0};
	struct keep_zlib_piece *piece = &s->piece[stored];
	int code = make(&packer->zlib, stored, bytes, &packed, piece, e);

	if (!code)
		piece->packed = keep_mem_copy(&packer->mem,
					      keep_buf_get(&packed));
	return code || piece->packed.p ? code : keep_no_memory(e);
}

static int add_shared(struct pack *p, const struct shared *s,
		      struct keep_err *e)
{
	int code = flush(p, e);

	if (!code)
		keep_zlib_add(&p->to, &s->piece[p->stored]);
	return code;
}

/* The piece of PART, made where it was not: *OUT; NULL where another part has
 * its place. */
static int part_piece(struct pack *p, const struct keep_part *part,
		      bool stored, struct shared **out, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) tar = {0};
	struct shared *s = find(p->packer, part->of, part->path.len);

	*out = s;
	if (!s)
		return keep_no_memory(e);
	if (!s->what.p)
		s->what = part->path;
	if (!keep_slice_eq(s->what, part->path))
		*out = NULL;
	if (!*out || s->piece[stored].packed.p)
		return 0;
	keep_tar_put(&tar, part->path, content_of(part));
	return tar.failed ? keep_no_memory(e) :
	       make_shared(p->packer, s, stored, keep_buf_get(&tar), e);
}

static bool is_piece(const struct pack *p, size_t i)
{
	const struct keep_part *part = &p->g->parts[i];

	return p->sent[i] && is_shared(part) &&
	       content_of(part).len >= WORTH;
}

/* What gzip makes shorter by less than a third is not worth it. */
static int weigh(struct pack *p, struct keep_err *e)
{
	struct shared *s;
	size_t i, len = 0, packed = 0;
	int code = 0;

	if (p->len < STORE_MIN || p->len > STORE_MAX)
		return 0;
	for (i = 0; i < p->g->n && !code; i++) {
		if (!is_piece(p, i))
			continue;
		code = part_piece(p, &p->g->parts[i], false, &s, e);
		if (code || !s)
			continue;
		len += s->piece[false].len;
		packed += s->piece[false].packed.len;
	}
	p->stored = len > p->len / 2 && packed > len / 3 * 2;
	return code;
}

/* --- the tar ------------------------------------------------------------- */

static int put_lines(struct pack *p, size_t first, struct keep_slice lines,
		     struct keep_err *e)
{
	struct shared *s = NULL;

	if (is_shared(&p->g->parts[first]) && lines.len >= WORTH) {
		s = find(p->packer, p->g->parts[first].of, ~lines.len);
		if (!s)
			return keep_no_memory(e);
	}
	if (s && !s->what.p)
		s->what = lines;
	if (!s || !keep_slice_eq(s->what, lines)) {
		keep_buf_slice(&p->own, lines);
		return 0;
	}
	if (!s->piece[p->stored].packed.p &&
	    make_shared(p->packer, s, p->stored, lines, e))
		return -e->code;
	return add_shared(p, s, e);
}

/* Most lines are those of other nodes, too. */
static int put_whole_manifest(struct pack *p, struct keep_err *e)
{
	const struct keep_generation *g = p->g;
	size_t i, first, at = 0, from;
	int code = 0;

	keep_tar_begin(&p->own, KEEP_S("MANIFEST"), g->manifest.len);
	for (i = 0; i < g->n && !code;) {
		first = i;
		from = at;
		while (i < g->n && is_shared(&g->parts[i]) ==
				   is_shared(&g->parts[first]))
			keep_generation_line(g, i++, &at);
		code = put_lines(p, first, (struct keep_slice){
					 g->manifest.p + from, at - from}, e);
	}
	keep_tar_pad(&p->own, g->manifest.len);
	return code;
}

static int put_manifest(struct pack *p, struct keep_err *e)
{
	if (!p->patches)
		return put_whole_manifest(p, e);
	keep_tar_put(&p->own, KEEP_S("MANIFEST"), keep_buf_get(&p->changes));
	return 0;
}

static int put_part(struct pack *p, size_t i, struct keep_err *e)
{
	const struct keep_part *part = &p->g->parts[i];
	struct shared *s = NULL;
	int code = is_piece(p, i) ? part_piece(p, part, p->stored, &s, e) : 0;

	if (code || s)
		return code ? code : add_shared(p, s, e);
	keep_tar_put(&p->own, part->path, content_of(part));
	return 0;
}

static void make_room(struct keep_buf *b, size_t len)
{
	if (keep_buf_grow(b, len))
		b->len -= len;
}

/* No copy of a secret stays behind, as it would where a buffer grows. */
static void make_rooms(struct pack *p)
{
	size_t last = p->packer->last;

	if (p->room->secret)
		make_room(&p->own, p->len);
	else if (last < LIKELY_MAX)
		make_room(p->to.out, last + last / 8);
}

static int put_all(struct pack *p, struct keep_err *e)
{
	size_t i;
	int code;

	make_rooms(p);
	code = put_manifest(p, e);
	for (i = 0; i < p->g->n && !code; i++)
		if (p->sent[i])
			code = put_part(p, i, e);
	keep_tar_end(&p->own);
	if (!code)
		code = flush(p, e);
	keep_zlib_finish(&p->to);
	return code ? code : keep_buf_check(p->to.out, e);
}

int keep_generation_pack(struct keep_packer *packer,
			 const struct keep_generation *g,
			 const struct keep_manifest *base,
			 struct keep_buf *out, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) room = {.softly = true};
	KEEP_AUTO(keep_zlib) locked = {.mem = {.secret = true, .softly = true}};
	struct pack p = {.packer = packer, .g = g, .base = base,
			 .to = {.out = out}, .room = &room,
			 .own = {.mem = &room}, .changes = {.mem = &room}};
	size_t at = out->len;
	int code = choose(&p, e);

	if (!code && p.patches)
		code = keep_manifest_changes(base, g, &p.changes, e);
	p.len += p.patches ? p.changes.len : g->manifest.len;
	p.zlib = room.secret ? &locked : &packer->zlib;
	if (!code)
		code = weigh(&p, e);
	if (!code)
		code = put_all(&p, e);
	packer->last = out->len - at;
	return code;
}

void keep_packer_end(struct keep_packer *packer)
{
	keep_zlib_end(&packer->zlib);
	keep_mem_end(&packer->mem);
	packer->pieces = (struct keep_ptrmap){0};
}
