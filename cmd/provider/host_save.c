/* What a compile made beside its output: secrets and draws. */
#include <stdlib.h>
#include <keep/file.h>
#include "host.h"

static int save_pick(int dir, const struct keep_pick *p, struct keep_err *e)
{
	char path[255 + sizeof "picks/"];
	struct keep_buf b = {0};
	int code;

	if ((size_t)snprintf(path, sizeof path, "picks/%.*s",
			     KEEP_F(p->name)) >= sizeof path)
		return keep_fail(e, KEEP_E_TOO_LARGE, "the name of a draw has "
				 "%zu bytes", p->name.len);
	keep_buf_slice(&b, p->value);
	keep_buf_byte(&b, '\n');
	code = keep_buf_check(&b, e);
	if (!code)
		code = keep_file_replace(dir, path, keep_buf_get(&b), 0644, e);
	keep_buf_end(&b);
	return code;
}

static const struct keep_pick *picks_of(const struct keep_sources *s,
					size_t *n)
{
	*n = s->picks.len / sizeof(struct keep_pick);
	return (const void *)s->picks.p;
}

int keep_sources_save(struct keep_sources *s, struct keep_err *e)
{
	int dir = keep_fd_get(&s->c->instance), code = 0;
	size_t i, n;
	const struct keep_pick *p = picks_of(s, &n);

	if (s->wanted.n)
		code = s->values->make(s->c, &s->wanted, e);
	for (i = 0; i < n && !code; i++) {
		if (!p[i].drawn)
			continue;
		code = keep_dir_make(dir, "picks", 0755, e);
		if (!code)
			code = save_pick(dir, &p[i], e);
	}
	return code;
}

static int by_bytes(const void *a, const void *b)
{
	const struct keep_slice *x = a, *y = b;

	return keep_slice_cmp(*x, *y);
}

static struct keep_slice label(struct keep_mem *m,
			       const struct keep_secret_id *id)
{
	return keep_slice_is(id->env, "default") ? id->name :
		keep_mem_print(m, "%.*s/%.*s", KEEP_F(id->env),
			       KEEP_F(id->name));
}

int keep_sources_made(const struct keep_sources *s,
		      struct keep_slices *secrets, struct keep_slices *picks,
		      struct keep_err *e)
{
	size_t i, n, drawn = 0;
	const struct keep_pick *p = picks_of(s, &n);
	struct keep_slice *a = KEEP_NEWS(s->mem, s->wanted.n,
					 struct keep_slice);
	struct keep_slice *b = KEEP_NEWS(s->mem, n, struct keep_slice);

	if (!a || !b)
		return keep_no_memory(e);
	for (i = 0; i < s->wanted.n; i++) {
		a[i] = label(s->mem, &s->wanted.v[i]);
		if (!a[i].p)
			return keep_no_memory(e);
	}
	for (i = 0; i < n; i++)
		if (p[i].drawn)
			b[drawn++] = p[i].name;
	qsort(a, s->wanted.n, sizeof *a, by_bytes);
	qsort(b, drawn, sizeof *b, by_bytes);
	*secrets = (struct keep_slices){a, s->wanted.n};
	*picks = (struct keep_slices){b, drawn};
	return 0;
}
