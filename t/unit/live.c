/* What is at work, as a terminal shows it. */
#include "../../libcli/cli/live.h"
#include "tap.h"

static void tell(struct keep_live *l, enum keep_step step, const char *of,
		 const char *text)
{
	const struct keep_work w = {
		.of = keep_slice(of), .text = keep_slice(text), .step = step};
	struct keep_buf none = {.mem = l->mem};

	keep_live_tell(l, &w, 1000, &none);
}

static struct keep_slice drawn(struct keep_live *l, size_t rows, size_t columns)
{
	struct keep_buf out = {.mem = l->mem};

	keep_live_draw(l, rows, columns, 3000, &out);
	return keep_buf_get(&out);
}

static void lines(struct keep_mem *m)
{
	struct keep_live l = {.mem = m};
	struct keep_buf out = {.mem = m};

	tell(&l, KEEP_STEP_DOES, "a", "one");
	is_text(drawn(&l, 24, 80), "\ra   2s  one\x1b[K\n\x1b[J",
		"a line is drawn");
	tell(&l, KEEP_STEP_DOES, "a", "two");
	is_text(drawn(&l, 24, 80), "\r\x1b[1A" "a   2s  two\x1b[K\n\x1b[J",
		"the next time over itself");
	keep_live_clear(&l, &out);
	is_text(keep_buf_get(&out), "\r\x1b[1A\x1b[J", "it can be taken away");
	is_text(drawn(&l, 24, 80), "\ra   2s  two\x1b[K\n\x1b[J",
		"and stands where the cursor is then");
	is_text(drawn(&l, 24, 1), "\r\x1b[1A\x1b[K\n\x1b[J",
		"a terminal of one column shows nothing");
	is_text(drawn(&l, 2, 80), "\r\x1b[1A" "1 at work, 1 of them not shown"
		"\x1b[K\n\x1b[J", "one of two lines has a count");
	is_text(drawn(&l, 1, 80), "\r\x1b[1A\x1b[J", "one of one has nothing");
	tell(&l, KEEP_STEP_DONE, "a", "");
	is_text(drawn(&l, 24, 80), "\r\x1b[J", "what has ended is gone");
	tell(&l, KEEP_STEP_DONE, "b", "");
	ok(l.n == 0, "what never began may end");
}

static void times(struct keep_mem *m)
{
	struct keep_live l = {.mem = m};

	ok(!keep_live_is_due(&l, 1000), "nothing is not drawn");
	tell(&l, KEEP_STEP_DOES, "a", "one");
	ok(keep_live_is_due(&l, 1000), "something new is, at once");
	need(drawn(&l, 24, 80).len > 0);
	ok(!keep_live_is_due(&l, 3900), "without news it is not");
	ok(keep_live_is_due(&l, 4000), "but once a second");
	tell(&l, KEEP_STEP_SAYS, "a", "two");
	ok(!keep_live_is_due(&l, 3049), "news wait");
	ok(keep_live_is_due(&l, 3050), "for a twentieth of it");
}

/* Each character takes as much as it may, and more than there is room. */
static void limits(struct keep_mem *m)
{
	struct keep_live l = {.mem = m};
	struct keep_buf text = {.mem = m};
	size_t i;

	for (i = 0; i < 300; i++)
		keep_buf_text(&text, "\xf0\x9f\x9a\x80");
	keep_buf_byte(&text, '\0');
	need(!text.failed);
	for (i = 0; i < 4; i++)
		tell(&l, KEEP_STEP_SAYS, text.p + 4 * i, text.p + i);
	ok(l.n == 1, "names that differ where they are cut are one");
	is_int((int)drawn(&l, 24, 20).len, 1 + 12 + 7 + 9 + 4 + 3,
	       "a line of wide characters is cut between them");
	tell(&l, KEEP_STEP_FAILED, text.p, "");
	ok(l.n == 0, "and ends");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	lines(&mem);
	times(&mem);
	limits(&mem);
	return done();
}
