/* Aliases: words of the configuration that stand for words. */
#include "shell.h"

static struct keep_slice words_of(const struct keep_core *core,
				  struct keep_slice name)
{
	size_t i;

	for (i = 0; i < core->aliases.n; i++)
		if (keep_slice_eq(core->aliases.v[i].key, name))
			return core->aliases.v[i].value;
	return (struct keep_slice){0};
}

static size_t count(struct keep_slice text)
{
	size_t n = 0;

	while (text.len)
		n += keep_next_word(&text).len > 0;
	return n;
}

/* TEXT in place of the first word. */
static int put(struct keep_shell_run *sh, struct keep_slice text,
	       struct keep_err *e)
{
	size_t i, n = 0, all = count(text) + sh->n - 1;
	struct keep_slice *words = KEEP_NEWS(sh->c->mem, all,
					     struct keep_slice), word;

	if (!words)
		return keep_no_memory(e);
	while (text.len) {
		word = keep_next_word(&text);
		if (word.len)
			words[n++] = word;
	}
	for (i = 1; i < sh->n; i++)
		words[n++] = sh->words[i];
	sh->words = words;
	sh->n = n;
	return 0;
}

static int step(struct keep_shell_run *sh, struct keep_slice text,
		struct keep_err *e)
{
	struct keep_slice name = sh->words[0];

	if (put(sh, text, e))
		return -e->code;
	if (sh->n && sh->words[0].p[0] != '-')
		return 0;
	return keep_fail(e, KEEP_E_BAD_CONFIG, "the alias '%.*s' does not "
			 "begin with a command", KEEP_F(name));
}

int keep_alias_expand(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_slice first = sh->words[0], text;
	size_t left = sh->core.aliases.n;

	while (!keep_suite_command(sh->suite, sh->words[0])) {
		text = words_of(&sh->core, sh->words[0]);
		if (!text.p)
			return 0;
		if (left-- == 0)
			return keep_fail(e, KEEP_E_BAD_CONFIG,
					 "the alias '%.*s' leads back to "
					 "itself", KEEP_F(first));
		if (step(sh, text, e))
			return -e->code;
	}
	return 0;
}
