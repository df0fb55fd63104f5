/* Whether the configuration is safe, and right. */
#include "checks.h"
#include <keep/config.h>

int keep_look_config_safe(struct keep_look *l)
{
	const struct keep_config *config = l->suite->config;
	size_t i;
	int rc = 0;

	for (i = 0; config && i < config->n && !rc; i++) {
		const struct keep_config_layer *at = &config->layers[i];

		if (at->unsafe.p)
			rc = keep_look_tell(l, keep_mem_print(l->c->mem,
				"%.*s %.*s", KEEP_F(at->source.name),
				KEEP_F(at->unsafe)), at->mend);
	}
	return rc;
}

/* The faults of one place; the first of them is told. */
struct faults {
	const struct keep_problem *first;
	size_t n;
};

static struct faults faults_at(const struct keep_problems *all,
			       struct keep_slice where)
{
	const struct keep_problem *p;
	struct faults found = {0};

	for (p = all->first; p; p = p->next) {
		if (!keep_slice_eq(p->where, where))
			continue;
		found.first = found.first ? found.first : p;
		found.n++;
	}
	return found;
}

/* A file is put out of the way; what was typed is to be left out. */
static struct keep_slice mend(struct keep_look *l,
			      const struct keep_config_layer *at)
{
	struct keep_mem *m = l->c->mem;
	struct keep_slice path;

	if (at->typed)
		return KEEP_S("keep doctor");
	path = keep_shell_word(m, at->source.name);
	return keep_mem_print(m, "%smv %.*s %.*s.broken",
			      keep_look_sudo(at->source.name.p), KEEP_F(path),
			      KEEP_F(path));
}

static int tell(struct keep_look *l, const struct keep_config_layer *at,
		const struct faults *found)
{
	struct keep_buf b = {.mem = l->c->mem};
	const struct keep_problem *p = found->first;

	keep_buf_slice(&b, p->where);
	if (p->line)
		keep_buf_print(&b, ":%u:%u", p->line, p->column);
	keep_buf_print(&b, ": %.*s", KEEP_F(p->message));
	if (found->n > 1)
		keep_buf_print(&b, " (and %zu more)", found->n - 1);
	if (keep_buf_check(&b, l->e))
		return -l->e->code;
	l->hint = p->hint;
	return keep_look_tell(l, keep_buf_get(&b), mend(l, at));
}

int keep_look_config_valid(struct keep_look *l)
{
	const struct keep_config *config = l->suite->config;
	struct keep_problems *all = KEEP_NEW(l->c->mem, struct keep_problems);
	size_t i;
	int rc = 0;

	if (!all)
		return keep_no_memory(l->e);
	all->mem = l->c->mem;
	if (config)
		rc = keep_config_check(config, all, l->e);
	for (i = 0; config && i < config->n && !rc; i++) {
		const struct keep_config_layer *at = &config->layers[i];
		struct faults found = faults_at(all, at->source.name);

		if (found.n && !at->unsafe.p)
			rc = tell(l, at, &found);
	}
	return rc;
}
