/* What holds for a run of `keep`: options over configuration over defaults. */
#include <stdlib.h>
#include <unistd.h>
#include "shell.h"

/* A path, or absent: without a home there is no file of the user. */
static struct keep_slice user_file(struct keep_mem *m)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return keep_mem_print(m, "%s/keep/config.json", config);
	if (home && home[0] == '/')
		return keep_mem_print(m, "%s/.config/keep/config.json", home);
	return (struct keep_slice){0};
}

static int read_files(struct keep_shell_run *sh, struct keep_err *e)
{
	if (sh->has_config)
		return 0;
	sh->has_config = true;
	sh->config = (struct keep_config){.mem = sh->c->mem,
					  .suite = sh->suite};
	sh->suite->config = &sh->config;
	return keep_config_read(&sh->config,
				KEEP_S("/etc/keep/config.json"),
				user_file(sh->c->mem), &sh->globals.config, e);
}

static void tell_passed_over(const struct keep_shell_run *sh)
{
	size_t i;

	for (i = 0; i < sh->config.n; i++) {
		const struct keep_config_layer *l = &sh->config.layers[i];

		if (l->passed_over)
			keep_log(&sh->log, KEEP_LOG_WARNING, "%.*s %.*s",
				 KEEP_F(l->source.name), KEEP_F(l->unsafe));
	}
}

static int read_core(struct keep_shell_run *sh, struct keep_problems *faults,
		     struct keep_err *e)
{
	bool again = sh->has_config;

	if (read_files(sh, e))
		return -e->code;
	keep_config_files(&sh->config, faults);
	if (keep_config_section(&sh->config, KEEP_S("core"), &keep_core_schema,
				&sh->core, faults, e))
		return -e->code;
	keep_settings_apply(sh);
	if (!again)
		tell_passed_over(sh);
	return 0;
}

static struct keep_problems *no_faults(struct keep_mem *m, struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(m, struct keep_problems);

	if (faults)
		faults->mem = m;
	else
		keep_no_memory(e);
	return faults;
}

int keep_settings_read(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_problems *faults = no_faults(sh->c->mem, e);

	if (!faults || read_core(sh, faults, e))
		return -e->code;
	return keep_config_fail(faults, e);
}

static int read_section(struct keep_shell_run *sh, const char *name,
			struct keep_problems *faults, struct keep_err *e)
{
	struct keep_slice section = keep_slice(name);
	const struct keep_schema *s = name ?
		keep_config_schema(&sh->config, section) : NULL;
	void *out;

	if (!s)
		return 0;
	out = keep_mem_alloc(sh->c->mem, s->size);
	if (!out)
		return keep_no_memory(e);
	sh->c->config = out;
	return keep_config_section(&sh->config, section, s, out, faults, e);
}

/* `doctor` tells the faults itself; `version` as text needs nothing. */
static bool is(const struct keep_verb *v, const char *path)
{
	return keep_slice_is(keep_slice(v->path), path);
}

int keep_settings_for(struct keep_shell_run *sh, const struct keep_verb *v,
		      struct keep_err *e)
{
	struct keep_problems *faults = no_faults(sh->c->mem, e);
	struct keep_slice path = keep_slice(v->path);
	const struct keep_command *c =
		keep_suite_command(sh->suite, keep_next_word(&path));

	if (!faults)
		return -e->code;
	if (is(v, "version") && sh->globals.format == KEEP_FORMAT_TEXT)
		return 0;
	if (read_core(sh, faults, e))
		return -e->code;
	if (c && read_section(sh, c->section, faults, e))
		return -e->code;
	return is(v, "doctor") ? 0 : keep_config_fail(faults, e);
}

/* no-color.org, and the bixense CLICOLOR_FORCE; what was said wins. */
bool keep_settings_color(const struct keep_shell_run *sh, bool terminal)
{
	uint32_t said = sh->globals.has_color ? sh->globals.color :
			sh->core.color;
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (said)
		return said == 1;
	if (no && *no)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return terminal && term && strcmp(term, "dumb") != 0;
}

void keep_settings_apply(struct keep_shell_run *sh)
{
	const struct keep_globals *g = &sh->globals;

	sh->printer.format = g->has_format ? g->format : sh->core.format;
	sh->printer.show = g->show;
	sh->printer.color = keep_settings_color(sh, sh->printer.terminal);
	sh->log.color = keep_settings_color(sh, isatty(STDERR_FILENO));
	sh->log.json = sh->printer.format != KEEP_FORMAT_TEXT;
	sh->c->lock_timeout_ms = g->has_lock_timeout ? g->lock_timeout :
				 sh->core.lock_timeout;
	sh->c->brief = sh->printer.format == KEEP_FORMAT_TEXT;
}
