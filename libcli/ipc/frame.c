/* Frames as they come, and as they go. */
#include <string.h>
#include <keep/frame.h>

/* Bytes that are asked for at once; of a buffer that is kept when empty. */
enum { CHUNK = 64 << 10, KEPT = 1 << 20 };

static size_t longest(uint32_t max)
{
	if (!max)
		return KEEP_FRAME_MAX;
	return max < KEEP_FRAME_HARD_MAX ? max : KEEP_FRAME_HARD_MAX;
}

/* What was taken makes room, once that is worth its copy. */
static void compact(struct keep_frames *f)
{
	size_t left = f->in.len - f->at;

	if (!left && f->in.cap > KEPT)
		keep_buf_end(&f->in);
	else if (left && f->at < f->in.cap / 2)
		return;
	else if (left)
		memmove(f->in.p, f->in.p + f->at, left);
	f->in.len = left;
	f->at = 0;
}

char *keep_frames_room(struct keep_frames *f, size_t *len)
{
	size_t had;
	char *room;

	compact(f);
	had = f->in.len;
	*len = f->in.cap - had;
	if (*len < CHUNK / 4)
		*len = CHUNK;
	room = keep_buf_grow(&f->in, *len);
	f->in.len = had;
	f->in.failed = false;
	return room;
}

void keep_frames_came(struct keep_frames *f, size_t len)
{
	f->in.len += len;
}

int keep_frames_put(struct keep_frames *f, struct keep_slice bytes,
		    struct keep_err *e)
{
	size_t room, some;

	while (bytes.len) {
		char *to = keep_frames_room(f, &room);

		if (!to)
			return keep_no_memory(e);
		some = bytes.len < room ? bytes.len : room;
		memcpy(to, bytes.p, some);
		keep_frames_came(f, some);
		bytes.p += some;
		bytes.len -= some;
	}
	return 0;
}

/* The length of the frame that begins; false when that is not there yet. */
static bool head(const struct keep_frames *f, size_t *len)
{
	const uint8_t *p;

	if (f->in.len - f->at < KEEP_FRAME_HEAD)
		return false;
	p = (const uint8_t *)f->in.p + f->at;
	*len = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 |
	       p[3];
	return true;
}

bool keep_frames_ready(const struct keep_frames *f)
{
	size_t len;

	return head(f, &len) && (!len || len > longest(f->max) ||
				 f->in.len - f->at - KEEP_FRAME_HEAD >= len);
}

int keep_frames_next(struct keep_frames *f, struct keep_slice *frame,
		     struct keep_err *e)
{
	size_t len;

	*frame = (struct keep_slice){0};
	if (!keep_frames_ready(f) || !head(f, &len))
		return 0;
	if (!len)
		return keep_fail(e, KEEP_E_BAD_FRAME, "a frame of 0 bytes");
	if (len > longest(f->max))
		return keep_fail(e, KEEP_E_TOO_LARGE, "a frame of %zu bytes; "
				 "at most %zu are taken", len, longest(f->max));
	*frame = (struct keep_slice){f->in.p + f->at + KEEP_FRAME_HEAD, len};
	f->at += KEEP_FRAME_HEAD + len;
	return 0;
}

bool keep_frames_begun(const struct keep_frames *f)
{
	return f->in.len > f->at;
}

int keep_frames_over(const struct keep_frames *f, struct keep_err *e)
{
	if (!keep_frames_begun(f))
		return 0;
	return keep_fail(e, KEEP_E_BAD_FRAME, "the end came inside a frame, "
			 "%zu bytes after its begin", f->in.len - f->at);
}

void keep_frames_end(struct keep_frames *f)
{
	keep_buf_end(&f->in);
	f->at = 0;
}

size_t keep_frame_begin(struct keep_buf *out)
{
	size_t at = out->len;

	keep_buf_put(out, "\0\0\0\0", KEEP_FRAME_HEAD);
	return at;
}

int keep_frame_finish(struct keep_buf *out, size_t at, uint32_t max,
		      struct keep_err *e)
{
	size_t len = out->len - at - KEEP_FRAME_HEAD;
	int i, rc = keep_buf_check(out, e);

	if (!rc && len > longest(max))
		rc = keep_fail(e, KEEP_E_TOO_LARGE, "%zu bytes; a frame has at "
			       "most %zu", len, longest(max));
	if (rc) {
		out->len = at < out->len ? at : out->len;
		return rc;
	}
	for (i = 0; i < KEEP_FRAME_HEAD; i++)
		out->p[at + (size_t)i] = (char)(len >> (24 - 8 * i));
	return 0;
}
