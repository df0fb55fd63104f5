#include "tap.h"

static void cutting(void)
{
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_err e = {0};
	int i;

	while (!b.failed && b.len < sizeof e.message)
		keep_buf_text(&b, "\xe2\x82\xac");
	for (i = 1; i <= 3; i++) {
		keep_fail(&e, KEEP_E_IO, "%.*s", KEEP_F(keep_buf_get(&b)));
		keep_err_at(&e, "%.*s", i, "web");
		ok(keep_utf8_ok(keep_slice(e.message)),
		   "a message is cut between characters, behind %d bytes", i);
	}
}

static void joining(void)
{
	struct keep_mem all = {0}, one, empty = {0};
	struct keep_slice said[20];
	bool good = true;
	int i;

	for (i = 0; i < 20; i++) {
		one = (struct keep_mem){0};
		need(keep_mem_alloc(&one, (size_t)i * 1000));
		said[i] = keep_mem_print(&one, "%d", i);
		keep_mem_join(&all, &one);
		good = good && !one.block && !one.used;
		keep_mem_end(&one);
		need(keep_mem_alloc(&all, 100));
	}
	keep_mem_join(&all, &empty);
	for (i = 0; i < 20; i++)
		good = good && said[i].len == (i < 10 ? 1 : 2) &&
		       said[i].p[0] == (i < 10 ? '0' + i : '1');
	ok(good, "what joins another arena lives as long as that");
	keep_mem_end(&all);
}

/* Two buffers of an arena, of which the last grows where it is. */
static void stretching(bool own_blocks)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_buf a = {.mem = &mem}, b = {.mem = &mem};
	const struct keep_block *open;
	bool good = true;
	int i;

	for (i = 0; i < 3000; i++) {
		keep_buf_byte(&a, 'a');
		keep_buf_byte(&a, 'A');
	}
	ok(mem.used < 12300 || own_blocks, "a buffer at an arena's end "
	   "grows where it is, while its block has room");
	for (i = 0; i < 3000; i++) {
		keep_buf_byte(&b, 'b');
		keep_buf_byte(&a, 'a');
		keep_buf_byte(&a, 'A');
	}
	for (i = 0; i < 6000; i++)
		good = good && a.p[2 * i] == 'a' && a.p[2 * i + 1] == 'A' &&
		       b.p[i / 2] == 'b';
	ok(good && a.len == 12000 && b.len == 3000,
	   "buffers that grow in turn leave each other alone");
	a = (struct keep_buf){.mem = &mem};
	keep_buf_text(&a, "public");
	open = mem.block;
	mem.secret = true;
	for (i = 0; i < 100; i++)
		keep_buf_byte(&a, 's');
	ok(mem.block != open, "a buffer that turns secret grows elsewhere");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_mem small = {.limit = 64}, late = {0};
	const struct keep_block *open;
	struct keep_buf b = {.mem = &mem};
	struct keep_problems ps = {.mem = &mem};
	struct keep_err e = {0};
	bool own_blocks; /* under ASan each allocation has one */
	int i;

	for (i = 0; i < 1000; i++)
		keep_buf_print(&b, "%d,", i);
	is_int(b.len, 3890, "an arena buffer grows and keeps what was put");
	ok(!keep_mem_alloc(&small, 65), "an arena keeps to its limit");
	ok(keep_mem_alloc(&small, 60), "an arena gives up to its limit");
	keep_mem_end(&small);
	keep_mem_alloc(&late, 16);
	open = late.block;
	own_blocks = keep_mem_alloc(&late, 16) && late.block != open;
	open = late.block;
	late.secret = true;
	ok(keep_mem_alloc(&late, 16) && late.block != open,
	   "an arena that turns secret fills no block that is not locked");
	open = late.block;
	ok(keep_mem_alloc(&late, 4000) && (late.block == open || own_blocks),
	   "a locked block is used to the end of its pages");
	keep_mem_end(&late);
	for (i = 0; i < 1002; i++)
		keep_problem(&ps, KEEP_S("a\x1b" "b"), 1, 2, "no %d", i);
	is_int(keep_problems_fail(&ps, &e, KEEP_E_BAD_ARGS, "x"), -7,
	       "problems become one error");
	is_text(keep_slice(e.message), "x: 1002 problems",
		"all problems are counted");
	is_text(keep_slice(e.hint), "the first 1000 are told",
		"and it is said that some are missing");
	is_int(ps.kept, KEEP_PROBLEMS_MAX, "a thousand problems are kept");
	is_text(ps.first->where, "a\\x1bb",
		"control characters of a place are shown, not sent");
	keep_fail(&e, KEEP_E_IO, "disk");
	keep_err_at(&e, "node %s", "web1");
	is_text(keep_slice(e.message), "node web1: disk",
		"a caller puts the place before the message");
	cutting();
	joining();
	stretching(own_blocks);
	return done();
}
