/* Lines on a terminal of what is at work. */
#include <stdio.h>
#include <keep/text.h>
#include "live.h"

enum { DRAW_MS = 50, TIMES_MS = 1000 };

struct keep_live_row {
	struct keep_live_row *next;
	char name[KEEP_LIVE_NAME];
	char text[KEEP_LIVE_TEXT];
	char tail[KEEP_LIVE_TAIL][KEEP_LIVE_TEXT]; /* a ring */
	size_t said;
	uint64_t since_ms;
};

/* --- text ----------------------------------------------------------------- */

/* The length of the character that S begins with; 0: it is none, or may not be
 * shown. */
static size_t shown(struct keep_slice s)
{
	const struct keep_slice head = {s.p, s.len < 4 ? s.len : 4};
	size_t len;

	if (!keep_utf8_check(head))
		return 0;
	return keep_text_shows(keep_utf8_get(s.p, &len)) ? len : 0;
}

static void copy(char *to, size_t size, struct keep_slice s)
{
	size_t len, at = 0;

	for (; s.len; s.p += len ? len : 1, s.len -= len ? len : 1) {
		len = shown(s);
		if (at + len + 2 > size)
			break;
		memcpy(to + at, len ? s.p : *s.p == '\t' ? " " : "?",
		       len ? len : 1);
		at += len ? len : 1;
	}
	to[at] = '\0';
}

/* TEXT in at most COLUMNS; how many are left of them. */
static size_t put_cut(struct keep_buf *out, const char *text, size_t columns)
{
	struct keep_slice c = {.p = text};
	size_t width;

	for (; *c.p; c.p += c.len) {
		keep_utf8_get(c.p, &c.len);
		width = keep_text_width(c);
		if (width > columns)
			break;
		columns -= width;
		keep_buf_slice(out, c);
	}
	return columns;
}

/* --- what is told -------------------------------------------------------- */

static struct keep_live_row **find(struct keep_live *l, const char *name)
{
	struct keep_live_row **at = &l->first;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

static struct keep_live_row *add(struct keep_live *l, const char *name,
				 uint64_t now_ms)
{
	struct keep_live_row **at = find(l, name), *r = *at;

	if (r)
		return r;
	r = l->spare ? l->spare : KEEP_NEW(l->mem, struct keep_live_row);
	if (!r)
		return NULL;
	l->spare = r->next;
	*r = (struct keep_live_row){.since_ms = now_ms};
	memcpy(r->name, name, strlen(name) + 1);
	*at = r;
	l->n++;
	return r;
}

static void put_tail(const struct keep_live_row *r, struct keep_buf *out)
{
	size_t i = r->said > KEEP_LIVE_TAIL ? r->said - KEEP_LIVE_TAIL : 0;

	for (; i < r->said; i++)
		keep_buf_print(out, "%s: %s\n", r->name,
			       r->tail[i % KEEP_LIVE_TAIL]);
}

static void end(struct keep_live *l, const char *name, bool failed,
		struct keep_buf *out)
{
	struct keep_live_row **at = find(l, name), *r = *at;

	if (!r)
		return;
	if (failed)
		put_tail(r, out);
	*at = r->next;
	r->next = l->spare;
	l->spare = r;
	l->n--;
}

static void say(struct keep_live *l, struct keep_live_row *r,
		const struct keep_work *w)
{
	char *tail = r->tail[r->said % KEEP_LIVE_TAIL];

	copy(r->text, sizeof r->text, w->text);
	if (w->step == KEEP_STEP_SAYS) {
		memcpy(tail, r->text, sizeof r->text);
		r->said++;
	}
	l->changed = true;
}

static void note(struct keep_live *l, const struct keep_work *w)
{
	const char *rest = w->of.p ? " done" : "";
	char text[KEEP_LIVE_TEXT];
	int len = 0;

	copy(text, sizeof text, w->text);
	if (!w->of.p)
		len = snprintf(l->note, sizeof l->note, "%s%s", text,
			       w->total ? " " : "");
	if (w->total)
		len += snprintf(l->note + len, sizeof l->note - (size_t)len,
				"%ju of %ju%s", (uintmax_t)w->done,
				(uintmax_t)w->total, rest);
	if (w->of.p)
		snprintf(l->note + len, sizeof l->note - (size_t)len, "%s%s",
			 text[0] && w->total ? ": " : "", text);
	l->changed = true;
}

void keep_live_tell(struct keep_live *l, const struct keep_work *w,
		    uint64_t now_ms, struct keep_buf *out)
{
	char name[KEEP_LIVE_NAME];
	struct keep_live_row *r;

	copy(name, sizeof name, w->of);
	if (w->step >= KEEP_STEP_DONE) {
		end(l, name, w->step == KEEP_STEP_FAILED, out);
		l->changed = true;
	} else if (w->of.len) {
		r = add(l, name, now_ms);
		if (r)
			say(l, r, w);
	} else if (w->text.p || w->total) {
		note(l, w);
	}
}

/* --- how it looks -------------------------------------------------------- */

bool keep_live_is_due(const struct keep_live *l, uint64_t now_ms)
{
	uint64_t age = now_ms - l->at_ms;

	if (!l->n && !l->note[0] && !l->drawn)
		return false;
	return age >= (l->changed || !l->drawn ? DRAW_MS : TIMES_MS);
}

static void end_line(struct keep_live *l, struct keep_buf *out)
{
	keep_buf_text(out, "\x1b[K\n");
	l->drawn++;
}

static void put_row(const struct keep_live_row *r, size_t names,
		    size_t columns, uint64_t seconds, struct keep_buf *out)
{
	char took[32];
	size_t left = put_cut(out, r->name, names);

	for (columns -= names; left; left--)
		keep_buf_byte(out, ' ');
	if (seconds < 100)
		snprintf(took, sizeof took, "%4jus  ", (uintmax_t)seconds);
	else
		snprintf(took, sizeof took, "%4jum  ",
			 (uintmax_t)seconds / 60);
	columns = put_cut(out, took, columns);
	put_cut(out, r->text, columns);
}

static size_t width_of_names(const struct keep_live *l, size_t n, size_t most)
{
	const struct keep_live_row *r = l->first;
	size_t widest = 0, width;

	for (; n; n--, r = r->next) {
		width = keep_text_width(keep_slice(r->name));
		widest = width > widest ? width : widest;
	}
	return widest < most ? widest : most;
}

static void put_note(const struct keep_live *l, size_t hidden, size_t columns,
		     struct keep_buf *out)
{
	char text[sizeof l->note + 80];
	int len = snprintf(text, sizeof text, "%s", l->note);

	if (l->n)
		len += snprintf(text + len, sizeof text - (size_t)len,
				"%s%zu at work", len ? "; " : "", l->n);
	if (hidden)
		snprintf(text + len, sizeof text - (size_t)len,
			 ", %zu of them not shown", hidden);
	put_cut(out, text, columns);
}

/* To the first of its lines. */
static void go_up(struct keep_live *l, struct keep_buf *out)
{
	keep_buf_byte(out, '\r');
	if (l->drawn)
		keep_buf_print(out, "\x1b[%zuA", l->drawn);
	l->drawn = 0;
}

void keep_live_draw(struct keep_live *l, size_t rows, size_t columns,
		    uint64_t now_ms, struct keep_buf *out)
{
	const struct keep_live_row *r = l->first;
	/* the cursor stands beneath, and the note is the last */
	size_t room = rows > 2 ? rows - 2 : 0;
	size_t n = l->n < room ? l->n : room, names, i;

	columns -= columns > 0; /* the last would begin another line */
	names = width_of_names(l, n, columns / 3);
	go_up(l, out);
	for (i = 0; i < n; i++, r = r->next) {
		put_row(r, names, columns, (now_ms - r->since_ms) / 1000, out);
		end_line(l, out);
	}
	if (rows > 1 && (l->note[0] || n < l->n)) {
		put_note(l, l->n - n, columns, out);
		end_line(l, out);
	}
	keep_buf_text(out, "\x1b[J");
	l->at_ms = now_ms;
	l->changed = false;
}

void keep_live_clear(struct keep_live *l, struct keep_buf *out)
{
	if (!l->drawn)
		return;
	go_up(l, out);
	keep_buf_text(out, "\x1b[J");
	l->changed = true;
}
