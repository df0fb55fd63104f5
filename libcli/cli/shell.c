/* `keep ...`: global options, the verb, its arguments, its result. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "shell.h"

/* From here on a signal is for who looks at it. */
static void watch(struct keep_shell_run *sh)
{
	if (sh->suite->cancel_fd)
		sh->c->cancel_fd_plus_one = sh->suite->cancel_fd() + 1;
}

static int ask(struct keep_ctx *c, enum keep_ask kind, const char *prompt,
	       struct keep_slice *answer, struct keep_err *e)
{
	watch(c->user);
	keep_talk_clear(c->user);
	return keep_ask_tty(c, kind, prompt, answer, e);
}

/* What is wrong with other options is told as --format says all the same. */
static uint32_t said_format(const struct keep_shell_run *sh)
{
	const struct keep_slot *s = keep_argv_find(sh->tree, KEEP_S("format"));
	uint32_t i = (uint32_t)keep_format_names.n;

	while (s->n && i-- > 0)
		if (keep_slice_is(s->given[0], keep_format_names.v[i]))
			return i;
	return KEEP_FORMAT_TEXT;
}

/* What came so far into sh->tree, decoded. */
static int read_globals(struct keep_shell_run *sh, struct keep_words *a,
			struct keep_err *e)
{
	struct keep_buf item = {.mem = sh->c->mem};
	int rc;

	keep_argv_encode(a, sh->tree, &item);
	rc = a->no_memory ? keep_no_memory(e) :
	     keep_problems_fail(a->faults, e, KEEP_E_BAD_ARGS, "keep");
	if (!rc)
		rc = keep_schema_decode(sh->c->mem, &keep_globals_schema,
					keep_buf_get(&item), true,
					&sh->globals, e);
	if (rc)
		sh->globals.format = said_format(sh);
	sh->printer.format = sh->globals.format;
	sh->printer.show = sh->globals.show;
	sh->log.level = sh->globals.quiet ? KEEP_LOG_ERROR : KEEP_LOG_WARNING;
	sh->log.json = sh->globals.format != KEEP_FORMAT_TEXT;
	sh->c->lock_timeout_ms = sh->globals.lock_timeout;
	sh->c->brief = sh->printer.format == KEEP_FORMAT_TEXT;
	return rc;
}

static int before_command(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(sh->c->mem,
						struct keep_problems);
	struct keep_words a = {.c = sh->c, .faults = faults};
	size_t used;

	sh->tree = keep_argv_tree_new(sh->c->mem, &keep_globals_schema);
	if (!faults || !sh->tree)
		return keep_no_memory(e);
	faults->mem = sh->c->mem;
	a.globals = sh->tree;
	used = keep_argv_scan(&a, sh->words, sh->n, true);
	sh->words += used;
	sh->n -= used;
	return read_globals(sh, &a, e);
}

/* Options behind the verb may have changed the globals. */
static int after_command(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(sh->c->mem,
						struct keep_problems);
	struct keep_words a = {.c = sh->c, .faults = faults};

	if (!faults)
		return keep_no_memory(e);
	faults->mem = sh->c->mem;
	return read_globals(sh, &a, e);
}

static int enter(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_slice dir = keep_mem_print(sh->c->mem, "%.*s",
					       KEEP_F(sh->globals.directory));
	struct keep_fd at;

	if (!dir.p)
		return keep_no_memory(e);
	/* who stands in a directory may have no right to list it */
	at = keep_fd_of(open(dir.len ? dir.p : ".",
			     O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (keep_fd_get(&at) < 0)
		return keep_fail_errno(e, "%s", dir.len ? dir.p : ".");
	sh->c->caller_dir = at;
	return keep_instance_find(sh->c->mem, keep_fd_get(&at),
				  &sh->c->instance, &sh->c->instance_path, e);
}

/* The arguments: --args FILE, or what was typed. */
static int arguments(struct keep_shell_run *sh, const struct keep_verb *v,
		     struct keep_buf *args, struct keep_err *e)
{
	struct keep_problems faults = {.mem = sh->c->mem};
	struct keep_json json = {0};
	struct keep_slice text;
	int rc = keep_argv_file(sh->c, sh->globals.args, 16 << 20, &text, e);

	if (!rc)
		rc = keep_json_read(sh->c->mem, text, NULL, KEEP_JSON_STRICT,
				    &faults, &json);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (faults.first)
		rc = keep_fail(e, KEEP_E_BAD_ARGS, "--args %.*s:%u:%u: %.*s",
			       KEEP_F(sh->globals.args), faults.first->line,
			       faults.first->column,
			       KEEP_F(faults.first->message));
	if (!rc && !v->args)
		rc = keep_fail(e, KEEP_E_BAD_ARGS, "keep %s takes no "
			       "arguments", v->path);
	args->len = 0;
	return rc ? rc : keep_form_read(sh->c->mem, v->args, &json, args, e);
}

/* --help is the manual where there is one; -h, typed too, is not. False when
 * short help is wanted, else *status is set. */
static bool open_manual(struct keep_shell_run *sh, int *status)
{
	KEEP_AUTO(keep_buf) page = {0};
	const struct keep_command *c =
		sh->n ? keep_suite_command(sh->suite, sh->words[0]) : NULL;
	bool wanted = sh->globals.help;
	size_t i;

	for (i = 1; i < sh->n; i++)
		wanted |= keep_slice_is(sh->words[i], "--help");
	if (!wanted || sh->globals.usage ||
	    !keep_manual_open(sh, c ? c->name : NULL, &page))
		return false;
	*status = keep_talk_print(sh, &page);
	return true;
}

static int help(struct keep_shell_run *sh, const struct keep_verb *v)
{
	KEEP_AUTO(keep_buf) text = {0};
	int status;

	if (open_manual(sh, &status))
		return status;
	keep_help_verb(v, &text);
	return keep_talk_print(sh, &text);
}

/* -q: what was done is not told, what was asked for is. A verdict but "it
 * differs" says what failed. */
static bool is_hushed(const struct keep_shell_run *sh,
		      const struct keep_verb *v, int verdict)
{
	return sh->globals.quiet && sh->printer.format == KEEP_FORMAT_TEXT &&
	       (v->flags & (KEEP_V_CHANGES | KEEP_V_SECRET)) ==
		       KEEP_V_CHANGES &&
	       (verdict == 0 || verdict == KEEP_E_DIFFERS);
}

/* The suite's own verbs are short, and change nothing. */
static bool is_own(const struct keep_suite *s, const struct keep_verb *v)
{
	return s->own && v >= s->own->verbs && v < s->own->verbs + s->own->n;
}

static int run(struct keep_shell_run *sh, const struct keep_verb *v,
	       struct keep_slice args)
{
	struct keep_buf result = {.mem = sh->c->mem};
	struct keep_buf text = {.mem = sh->c->mem};
	struct keep_err e = {0};
	int rc, failed = 0;

	if (!is_own(sh->suite, v))
		watch(sh);
	rc = keep_run(sh->c, v, args, &result, &e);
	keep_talk_clear(sh);
	sh->printer.args = sh->c->as.verb ? sh->c->as.args : args;
	v = keep_shown_as(sh->c, v);
	if (rc >= 0)
		failed = keep_print_result(&sh->printer, v,
					   keep_buf_get(&result), &text, &e);
	if (rc < 0 || failed)
		return keep_talk_error(sh, &e);
	if (!is_hushed(sh, v, rc))
		failed = keep_talk_print(sh, &text);
	return failed ? failed : keep_exit_status(rc);
}

/* From here on the arenas are locked and wiped, and the request's small. */
static void hold_secrets(struct keep_ctx *c)
{
	c->mem->secret = c->item_mem->secret = true;
	c->mem->limit = c->mem->used + (4 << 20);
}

static int no_command(struct keep_shell_run *sh)
{
	struct keep_slice help_word = KEEP_S("help");
	struct keep_slice version_word = KEEP_S("version");
	struct keep_err e = {0};
	const struct keep_verb *v;
	size_t used = 0;
	int status;

	if (open_manual(sh, &status))
		return status;
	sh->words = sh->globals.version ? &version_word : &help_word;
	sh->n = 1;
	v = keep_suite_verb(sh->suite, sh->words, 1, &used, &e);
	sh->globals.usage = sh->globals.help = false;
	return v ? run(sh, v, (struct keep_slice){0}) : keep_talk_error(sh, &e);
}

static int run_verb(struct keep_shell_run *sh, const struct keep_verb *v,
		    size_t used)
{
	struct keep_buf args = {.mem = sh->c->mem};
	struct keep_err e = {0};
	int rc;

	if (v->flags & KEEP_V_SECRET)
		hold_secrets(sh->c);
	rc = keep_argv(sh->c, v, sh->tree,
		       (struct keep_slices){sh->words + used, sh->n - used},
		       &args, &e);
	if (after_command(sh, rc ? &(struct keep_err){0} : &e))
		return keep_talk_error(sh, &e);
	if (sh->globals.usage || sh->globals.help)
		return help(sh, v);
	if (sh->globals.version)
		return no_command(sh);
	if (keep_settings_for(sh, v, rc ? &(struct keep_err){0} : &e))
		return keep_talk_error(sh, &e);
	if (!rc && sh->globals.args.p)
		rc = arguments(sh, v, &args, &e);
	if (!rc)
		rc = enter(sh, &e);
	if (rc)
		return keep_talk_error(sh, &e);
	return run(sh, v, keep_buf_get(&args));
}

/* `keep node -h`: the command is there, the verb is not. */
static int command_help(struct keep_shell_run *sh, const struct keep_command *c)
{
	KEEP_AUTO(keep_buf) text = {0};
	int status;

	if (open_manual(sh, &status))
		return status;
	keep_help_command(sh->suite, c, &text);
	return keep_talk_print(sh, &text);
}

static bool wants_help(const struct keep_shell_run *sh)
{
	size_t i;

	for (i = 1; i < sh->n; i++)
		if (keep_slice_is(sh->words[i], "-h") ||
		    keep_slice_is(sh->words[i], "--help"))
			return true;
	return sh->globals.usage || sh->globals.help;
}

static int dispatch(struct keep_shell_run *sh)
{
	const struct keep_command *c;
	const struct keep_verb *v;
	struct keep_err e = {0};
	size_t used = 0;

	if (before_command(sh, &e))
		return keep_talk_error(sh, &e);
	if (sh->n == 0 || sh->globals.version)
		return no_command(sh);
	c = keep_suite_command(sh->suite, sh->words[0]);
	if (!c && (keep_settings_read(sh, &e) || keep_alias_expand(sh, &e)))
		return keep_talk_error(sh, &e);
	if (!c)
		c = keep_suite_command(sh->suite, sh->words[0]);
	if (!c) {
		keep_ignore(keep_external_run(sh, &e), "told below");
		return keep_talk_error(sh, &e);
	}
	v = keep_suite_verb(sh->suite, sh->words, sh->n, &used, &e);
	if (v)
		return run_verb(sh, v, used);
	return wants_help(sh) ? command_help(sh, c) : keep_talk_error(sh, &e);
}

/* Whether stderr is journald's: the variable names its device and inode (man
 * systemd.exec), and reaches programs whose stderr is another. */
static bool is_journal(void)
{
	const char *said = getenv("JOURNAL_STREAM");
	char ours[48];
	struct stat st;

	if (!said || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(ours, sizeof ours, "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino);
	return strcmp(said, ours) == 0;
}

/* The XDG base directory specification: a relative one does not count. */
static struct keep_slice state_dir(struct keep_mem *m)
{
	const char *home = getenv("XDG_STATE_HOME");
	const char *rest = "/keep";
	struct keep_buf b = {.mem = m};

	if (!home || *home != '/') {
		home = getenv("HOME");
		rest = "/.local/state/keep";
	}
	if (!home || *home != '/')
		return (struct keep_slice){0};
	keep_buf_text(&b, home);
	keep_buf_text(&b, rest);
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

static void before_line(void *sh)
{
	keep_talk_clear(sh);
}

static void begin(struct keep_shell_run *sh, struct keep_mem *mem)
{
	bool terminal = isatty(STDOUT_FILENO);

	sh->log = (struct keep_log){
		.fd_plus_one = STDERR_FILENO + 1, .level = KEEP_LOG_WARNING,
		.journal = is_journal(), .name = "keep",
		.before = before_line, .user = sh};
	sh->live.mem = mem;
	sh->printer = (struct keep_printer){.terminal = terminal, .mem = mem,
					    .now_s = keep_now_s(sh->c)};
	sh->core.lock_timeout = 10000;
	sh->suite->config = NULL;
	sh->suite->path = keep_slice(getenv("PATH"));
	sh->suite->runtime_dir = keep_slice(getenv("XDG_RUNTIME_DIR"));
	sh->c->state_dir = state_dir(mem);
	sh->c->log = &sh->log;
	sh->c->user = sh;
	sh->c->out = keep_talk_event;
	sh->c->progress = keep_talk_progress;
	sh->c->work = keep_talk_work;
	sh->c->run_dir = sh->suite->run_dir;
	sh->c->caller = (struct keep_caller){KEEP_SHELL, getuid(), getgid(),
					     (uint32_t)getpid(), {0}};
	sh->c->agent_path = keep_slice(getenv("SSH_AUTH_SOCK"));
	sh->c->ask = ask;
	sh->c->hand_over = keep_program_become;
}

int keep_shell(struct keep_suite *s, int argc, char **argv)
{
	KEEP_AUTO(keep_mem) mem = {0}, item_mem = {0};
	struct keep_session session = {0};
	struct keep_ctx c = {.mem = &mem, .item_mem = &item_mem,
			     .session = &session};
	struct keep_shell_run sh = {.suite = s, .c = &c};
	struct keep_err e = {0};
	int i, status;

	begin(&sh, &mem);
	sh.n = argc > 0 ? (size_t)argc - 1 : 0;
	sh.words = KEEP_NEWS(&mem, sh.n, struct keep_slice);
	if (!sh.words ||
	    keep_session_put(&session, keep_suite_key, s, NULL, &e)) {
		keep_no_memory(&e);
		return keep_talk_error(&sh, &e);
	}
	for (i = 1; i < argc; i++)
		sh.words[i - 1] = keep_slice(argv[i]);
	status = dispatch(&sh);
	keep_session_end(&session);
	keep_fd_end(&c.instance);
	keep_fd_end(&c.caller_dir);
	return status;
}
