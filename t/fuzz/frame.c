/* Frames: in one piece or in pieces that the input chooses, the same come. */
#include <stdlib.h>
#include <keep/frame.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came of an input. */
struct came {
	size_t n, bytes;
	int rc;
	struct keep_buf all;
};

static void take(struct keep_frames *f, struct came *c)
{
	struct keep_slice frame;
	struct keep_err e = {0};

	while (!(c->rc = keep_frames_next(f, &frame, &e)) && frame.p) {
		size_t at = keep_frame_begin(&c->all);

		c->n++;
		keep_buf_slice(&c->all, frame);
		if (keep_frame_finish(&c->all, at, f->max, &e))
			abort();
	}
}

static void feed(struct keep_slice in, size_t step, struct came *c)
{
	KEEP_AUTO(keep_frames) f = {.max = 1000};
	struct keep_err e = {0};
	size_t i, some;

	for (i = 0; i < in.len && !c->rc; i += some) {
		some = in.len - i < step ? in.len - i : step;
		if (keep_frames_put(&f, (struct keep_slice){in.p + i, some},
				    &e))
			abort();
		take(&f, c);
	}
	c->bytes = c->rc ? c->all.len : in.len - (f.in.len - f.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct came whole = {0}, parts = {0};
	struct keep_slice in = {(const char *)data + 1, size - 1};

	if (!size)
		return 0;
	feed(in, in.len + 1, &whole);
	feed(in, 1u + data[0] % 16, &parts);
	if (whole.n != parts.n || whole.rc != parts.rc ||
	    whole.bytes != parts.bytes || whole.bytes != whole.all.len ||
	    !keep_slice_eq(keep_buf_get(&whole.all), keep_buf_get(&parts.all)))
		abort();
	if (whole.all.len && !keep_bytes_equal(whole.all.p, in.p,
					       whole.all.len))
		abort();
	keep_buf_end(&whole.all);
	keep_buf_end(&parts.all);
	return 0;
}
