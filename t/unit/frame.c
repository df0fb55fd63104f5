/* Frames in any pieces, limits, and what is no frame. */
#include <keep/frame.h>
#include "tap.h"

/* Two frames and their bytes. */
#define TWO KEEP_S("\0\0\0\3abc\0\0\0\1z")

/* The frames of BYTES, cut at AT and STEP bytes at a time, as "abc,z,". */
static struct keep_slice parse(struct keep_mem *m, struct keep_slice bytes,
			       size_t step)
{
	KEEP_AUTO(keep_frames) f = {0};
	struct keep_buf out = {.mem = m};
	struct keep_slice frame;
	struct keep_err e = {0};
	size_t i, some;

	for (i = 0; i < bytes.len; i += some) {
		some = bytes.len - i < step ? bytes.len - i : step;
		if (keep_frames_put(&f, (struct keep_slice){bytes.p + i, some},
				    &e))
			return KEEP_S("no memory");
		while (!keep_frames_next(&f, &frame, &e) && frame.p)
			keep_buf_print(&out, "%.*s,", KEEP_F(frame));
	}
	keep_buf_text(&out, keep_frames_over(&f, &e) ? "cut" : "over");
	return keep_buf_get(&out);
}

static void pieces(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	size_t step;

	for (step = 1; step <= TWO.len; step++)
		is_text(parse(&m, TWO, step), "abc,z,over",
			"two frames come %zu bytes at a time", step);
	for (step = 1; step < TWO.len; step++)
		is_text(parse(&m, (struct keep_slice){TWO.p, step}, 64),
			step < 7 ? "cut" : step == 7 ? "abc,over" : "abc,cut",
			"an end after %zu bytes is told", step);
}

static int first(struct keep_frames *f, struct keep_slice bytes,
		 struct keep_slice *frame, struct keep_err *e)
{
	need(!keep_frames_put(f, bytes, e));
	return keep_frames_next(f, frame, e);
}

static void limits(void)
{
	KEEP_AUTO(keep_frames) zero = {0}, large = {0}, huge = {0};
	KEEP_AUTO(keep_frames) small = {.max = 3};
	struct keep_slice frame;
	struct keep_err e = {0};

	is_int(first(&zero, KEEP_S("\0\0\0\0"), &frame, &e),
	       -KEEP_E_BAD_FRAME, "a frame has a byte");
	is_int(keep_frames_next(&zero, &frame, &e), -KEEP_E_BAD_FRAME,
	       "nothing follows what is no frame");
	is_int(first(&large, KEEP_S("\0\x10\0\1"), &frame, &e),
	       -KEEP_E_TOO_LARGE, "a frame has at most a MiB");
	ok(large.in.cap <= 128 << 10, "its length takes no memory");
	is_int(first(&huge, KEEP_S("\xff\xff\xff\xff"), &frame, &e),
	       -KEEP_E_TOO_LARGE, "the largest length is too large");
	huge.max = UINT32_MAX;
	is_int(keep_frames_next(&huge, &frame, &e), -KEEP_E_TOO_LARGE,
	       "the hard limit cannot be set away");
	is_int(first(&small, KEEP_S("\0\0\0\4abcd"), &frame, &e),
	       -KEEP_E_TOO_LARGE, "a connection may have a lower limit");
	small.max = 4;
	is_int(keep_frames_next(&small, &frame, &e), 0,
	       "which may change while it lives");
	is_text(frame, "abcd", "and then counts");
}

/* Memory follows what came, and is given back. */
static void memory(void)
{
	static const char zeros[4096];
	KEEP_AUTO(keep_frames) f = {.max = KEEP_FRAME_HARD_MAX};
	struct keep_slice frame, part = {zeros, sizeof zeros};
	struct keep_err e = {0};
	size_t room;
	int i;

	is_int(first(&f, KEEP_S("\1\0\0\0"), &frame, &e), 0,
	       "16 MiB may come");
	ok(!frame.p && f.in.cap <= 128 << 10, "and take no memory before");
	for (i = 0; i < 4096; i++)
		need(!frame.p && !keep_frames_put(&f, part, &e) &&
		     !keep_frames_next(&f, &frame, &e));
	is_int(frame.len, 16 << 20, "they are one frame");
	ok(!keep_frames_begun(&f), "of which nothing is left");
	ok(keep_frames_room(&f, &room) && f.in.cap <= 128 << 10,
	   "their memory is given back");
}

static void written(void)
{
	KEEP_AUTO(keep_buf) out = {0};
	struct keep_err e = {0};
	size_t at = keep_frame_begin(&out);

	keep_buf_text(&out, "abc");
	is_int(keep_frame_finish(&out, at, 0, &e), 0, "a frame is written");
	at = keep_frame_begin(&out);
	keep_buf_byte(&out, 'z');
	need(!keep_frame_finish(&out, at, 0, &e));
	is_slice(keep_buf_get(&out), TWO, "and another behind it");
	at = keep_frame_begin(&out);
	keep_buf_text(&out, "abcd");
	is_int(keep_frame_finish(&out, at, 3, &e), -KEEP_E_TOO_LARGE,
	       "a frame over the limit is not written");
	is_slice(keep_buf_get(&out), TWO, "and leaves nothing");
}

int main(void)
{
	pieces();
	limits();
	memory();
	written();
	return done();
}
