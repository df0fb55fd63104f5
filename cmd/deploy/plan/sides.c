/* Where the texts of either side are. */
#include <stdlib.h>
#include <keep/ptrmap.h>
#include "../plan.h"
#include "sides.h"

static int by_path(const void *path, const void *part)
{
	const struct keep_part *p = part;

	return keep_slice_cmp(*(const struct keep_slice *)path, p->path);
}

static struct keep_slice made(void *from,
			      const struct keep_manifest_line *line)
{
	const struct keep_generation *g = from;
	const struct keep_part *p = bsearch(&line->path, g->parts, g->n,
					    sizeof *p, by_path);

	return p ? p->shown : (struct keep_slice){0};
}

int keep_side_new(struct keep_mem *m, const struct keep_generation *g,
		  struct keep_plan_side *out, struct keep_err *e)
{
	*out = (struct keep_plan_side){
		.text = made, .from = (void *)(uintptr_t)g,
	};
	return keep_manifest_read(m, g->manifest, &out->manifest, e);
}

static struct keep_slice seen(void *from,
			      const struct keep_manifest_line *line)
{
	struct keep_side_from *f = from;

	return keep_texts_get(f->texts, f->mem, line);
}

int keep_side_old(struct keep_side_from *from, struct keep_slice manifest,
		  struct keep_plan_side *out, struct keep_err *e)
{
	*out = (struct keep_plan_side){.text = seen, .from = from};
	return manifest.len ? keep_manifest_read(from->mem, manifest,
						 &out->manifest, e) : 0;
}

/* What nodes have alike is one content. */
static void keep_parts(struct keep_texts *t, struct keep_ptrmap *known,
		       struct keep_mem *m, const struct keep_generation *g)
{
	const struct keep_part *p;
	void **seen;
	size_t i;

	for (i = 0; i < g->n; i++) {
		p = &g->parts[i];
		if (!p->shown.p && !p->source)
			continue;
		seen = keep_ptrmap_at(known, m, p->of, 0);
		if (!seen || *seen)
			continue;
		*seen = t;
		keep_texts_put_part(t, p);
	}
}

void keep_plan_keep(struct keep_ctx *c, const struct keep_generation *const *v,
		    size_t n)
{
	KEEP_AUTO(keep_mem) mem = {0};
	KEEP_AUTO(keep_texts) texts = {{0}, false};
	struct keep_ptrmap known = {0};
	size_t i;

	if (n && !keep_texts_begin(c, &texts, NULL))
		for (i = 0; i < n; i++)
			keep_parts(&texts, &known, &mem, v[i]);
}
