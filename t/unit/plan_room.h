/* A plan that is made of generations, which are made of texts. */
#ifndef PLAN_ROOM_H
#define PLAN_ROOM_H

#include <keep/git2.h>
#include <keep/hash.h>
#include "../../cmd/deploy/plan/build.h"
#include "tap.h"

/* A file of a generation. */
struct file {
	const char *path, *text;
	bool secret;
};
enum { FILES = 8 };

/* A plan that is made. */
struct room {
	struct keep_mem mem;
	struct keep_plan_build b;
	struct keep_plan_result r;
	struct keep_err e;
};

/* libgit2 crashes where its own beginning finds no memory: there is no diff
 * where faults are injected. */
static inline int no_diff(struct keep_slice old, struct keep_slice new,
			  const char *path, struct keep_buf *out,
			  struct keep_err *e)
{
	(void)old;
	(void)new;
	(void)path;
	(void)out;
	(void)e;
	return 0;
}

static inline void is_diff(const struct keep_plan_change *x, const char *want,
			   const char *title)
{
	if (tap_times(1, 0))
		is_text(x->diff, want, "%s", title);
}

static inline void begin(struct room *r)
{
	*r = (struct room){0};
	r->b = (struct keep_plan_build){
		.mem = &r->mem,
		.diff = tap_times(1, 0) ? keep_git2_api.diff : no_diff,
		.pairs = {.mem = &r->mem}, .edits = {.mem = &r->mem},
		.access = {.mem = &r->mem},
	};
}

static inline void end(struct room *r)
{
	keep_mem_end(&r->mem);
}

static inline struct keep_slice text_of(void *from,
				 const struct keep_manifest_line *line)
{
	const struct file *f = from;

	for (; f->path; f++)
		if (keep_slice_is(line->path, f->path) && f->text)
			return keep_slice(f->text);
	return (struct keep_slice){0};
}

/* Texts that begin with ? are not known, those of secrets never. */
static inline struct keep_plan_side side(struct room *r, const struct file *f)
{
	struct keep_buf b = {.mem = &r->mem};
	struct keep_plan_side out = {.text = text_of};
	struct file *known = KEEP_NEWS(&r->mem, FILES + 1, struct file);
	uint8_t hash[KEEP_SHA256_LEN];
	size_t i;

	need(known);
	out.from = known;
	for (i = 0; f[i].path; i++) {
		known[i] = f[i];
		if (*f[i].text == '?')
			known[i].text = NULL;
		keep_sha256(keep_slice(f[i].text), hash);
		keep_buf_print(&b, "%s %zu ", f[i].secret ? "0600" : "0644",
			       strlen(f[i].text));
		keep_hex_put(&b, hash, sizeof hash);
		keep_buf_print(&b, " %s\n", f[i].path);
	}
	need(!b.failed);
	need(!keep_manifest_read(&r->mem, keep_buf_get(&b), &out.manifest,
				 &r->e));
	return out;
}

static inline void add(struct room *r, const char *node, const struct file *old,
		const struct file *new)
{
	struct keep_plan_side *v = KEEP_NEWS(&r->mem, 2,
					     struct keep_plan_side);

	need(v);
	v[0] = side(r, old);
	v[1] = side(r, new);
	need(!keep_plan_add(&r->b, keep_slice(node), &v[0], &v[1], &r->e));
}

static inline void fold(struct room *r)
{
	need(!keep_plan_fold(&r->b, &r->r, &r->e));
}

static inline const struct keep_plan_change *change(const struct room *r,
					     const char *path)
{
	const struct keep_plan_change *v = r->r.changes.v;
	size_t i;

	for (i = 0; i < r->r.changes.n; i++)
		if (keep_slice_is(v[i].path, path))
			return &v[i];
	return NULL;
}

/* The access changes, a line each: "+ 0 root: ... !warning (2)". */
static inline struct keep_slice told(struct room *r)
{
	const struct keep_plan_access *v = r->r.access.v;
	struct keep_buf b = {.mem = &r->mem};
	size_t i;

	for (i = 0; i < r->r.access.n; i++)
		keep_buf_print(&b, "%c%u %.*s: %.*s%s (%zu)\n",
			       "+-~"[v[i].what], v[i].kind,
			       KEEP_F(v[i].subject), KEEP_F(v[i].detail),
			       v[i].warning.p ? "!" : "", v[i].nodes.n);
	return keep_buf_get(&b);
}

#endif
