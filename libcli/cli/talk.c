/* What goes out while `keep` runs and at its end. */
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <keep/loop.h>
#include "shell.h"

static int put(int fd, const struct keep_buf *b, struct keep_err *e)
{
	if (keep_buf_check(b, e))
		return -e->code;
	return keep_fd_write(fd, keep_buf_get(b), e);
}

/* --- what is at work ---------------------------------------------------- */

/* Somebody looks at a terminal that can go up. */
static bool is_live(struct keep_shell_run *sh)
{
	const char *term = getenv("TERM");

	if (!sh->looked)
		sh->is_live = sh->printer.format == KEEP_FORMAT_TEXT &&
			      !sh->globals.quiet && term && *term &&
			      strcmp(term, "dumb") != 0 &&
			      isatty(STDERR_FILENO);
	sh->looked = true;
	return sh->is_live;
}

static void show(const struct keep_buf *text)
{
	struct keep_err e;

	keep_ignore(put(STDERR_FILENO, text, &e), "only talk");
}

static void draw(struct keep_shell_run *sh)
{
	KEEP_AUTO(keep_buf) text = {0};
	struct winsize window = {0};
	uint64_t now_ms = keep_loop_now_ms();

	if (!keep_live_is_due(&sh->live, now_ms))
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) || !window.ws_row ||
	    !window.ws_col)
		window = (struct winsize){.ws_row = 24, .ws_col = 80};
	keep_live_draw(&sh->live, window.ws_row, window.ws_col, now_ms, &text);
	show(&text);
}

void keep_talk_clear(struct keep_shell_run *sh)
{
	KEEP_AUTO(keep_buf) text = {0};

	keep_live_clear(&sh->live, &text);
	if (text.len)
		show(&text);
}

void keep_talk_work(struct keep_ctx *c, const struct keep_work *w)
{
	struct keep_shell_run *sh = c->user;
	KEEP_AUTO(keep_buf) lines = {0};

	if (!is_live(sh))
		return;
	keep_live_tell(&sh->live, w, keep_loop_now_ms(), &lines);
	if (lines.len) {
		keep_talk_clear(sh);
		show(&lines);
	}
	draw(sh);
}

/* --- what is told -------------------------------------------------------- */

int keep_talk_error(struct keep_shell_run *sh, const struct keep_err *e)
{
	KEEP_AUTO(keep_buf) text = {0};
	struct keep_printer p = sh->printer;
	struct keep_err shown = *e, ignored;

	keep_talk_clear(sh);
	if (e->code == KEEP_E_NO_MEMORY &&
	    (sh->c->mem->lock_refused || sh->c->item_mem->lock_refused)) {
		keep_fail(&shown, e->code, "memory cannot be locked");
		keep_hint(&shown, "raise the limit: ulimit -l");
	}
	p.color = keep_settings_color(sh, isatty(STDERR_FILENO));
	keep_print_error(&p, &shown, &text);
	keep_ignore(put(STDERR_FILENO, &text, &ignored), "nobody is left");
	return keep_exit_status(e->code);
}

int keep_talk_print(struct keep_shell_run *sh, const struct keep_buf *text)
{
	struct keep_err e = {0};

	if (sh->printer.format == KEEP_FORMAT_TEXT && sh->c->as.says.len)
		keep_ignore(keep_fd_write(STDERR_FILENO, sh->c->as.says, &e),
			    "only talk");
	e = (struct keep_err){0};
	if ((!text->failed && keep_pager_show(sh, keep_buf_get(text))) ||
	    !put(STDOUT_FILENO, text, &e))
		return 0;
	keep_err_at(&e, "standard output");
	return keep_talk_error(sh, &e);
}

int keep_talk_event(struct keep_ctx *c, struct keep_slice item,
		    struct keep_err *e)
{
	struct keep_shell_run *sh = c->user;
	const struct keep_verb *v = keep_shown_as(c, c->verb);
	struct keep_printer p = sh->printer;
	struct keep_buf text = {.mem = c->item_mem};

	if (sh->globals.quiet && p.format == KEEP_FORMAT_TEXT &&
	    (v->flags & KEEP_V_CHANGES))
		return 0;
	p.mem = c->item_mem;
	p.live = p.terminal && is_live(sh);
	if (keep_print_event(&p, v, item, &text, e) ||
	    keep_wait(c, STDOUT_FILENO, POLLOUT, e))
		return -e->code;
	if (p.live && text.len)
		keep_talk_clear(sh);
	if (put(STDOUT_FILENO, &text, e))
		return keep_err_at(e, "standard output");
	if (p.live)
		draw(sh);
	return 0;
}

void keep_talk_progress(struct keep_ctx *c, const struct keep_progress *p)
{
	struct keep_shell_run *sh = c->user;
	KEEP_AUTO(keep_buf) line = {0};
	struct keep_err e;

	keep_talk_work(c, &(struct keep_work){.text = p->text, .done = p->done,
					      .total = p->total});
	if (is_live(sh) || sh->globals.quiet ||
	    (sh->printer.format == KEEP_FORMAT_TEXT && !isatty(STDERR_FILENO)))
		return;
	if (sh->printer.format == KEEP_FORMAT_TEXT) {
		keep_buf_print(&line, "%.*s\n", KEEP_F(p->text));
	} else {
		keep_buf_text(&line, "{\"progress\":");
		keep_json_put_text(&line, p->text);
		keep_buf_text(&line, "}\n");
	}
	keep_ignore(put(STDERR_FILENO, &line, &e), "only talk");
}
