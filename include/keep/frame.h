/* Frames: u32 big endian length, then so many bytes, one envelope. A push
 * parser: bytes go in as they come, in any pieces, whole frames come out. It
 * knows no descriptor. A length is checked before a byte of it is kept, and
 * memory grows with the bytes that really came. Source: WIRE 1.
 *
 *	room = keep_frames_room(&in, &len);
 *	n = recv(fd, room, len, 0);
 *	keep_frames_came(&in, n);
 *	while (!(rc = keep_frames_next(&in, &frame, e)) && frame.p)
 *		...
 */
#ifndef KEEP_FRAME_H
#define KEEP_FRAME_H

#include <keep/mem.h>

/* Limits of WIRE 1. */
enum {
	KEEP_FRAME_HEAD = 4,             /* bytes of the length */
	KEEP_FRAME_MAX = 1 << 20,        /* bytes behind it, by default */
	KEEP_FRAME_HARD_MAX = 16 << 20,
};

/* What came and is not taken yet; {0} is empty. */
struct keep_frames {
	uint32_t max;      /* longest frame; 0: KEEP_FRAME_MAX. It may change at
			    * any time, and counts for what is not taken */
	struct keep_buf in; /* its own */
	size_t at;          /* what is before it was taken */
};

KEEP_BEGIN
/* Where the next bytes may be put: *len of them, never 0; NULL without
 * memory. What keep_frames_next gave is dead afterwards. */
char *keep_frames_room(struct keep_frames *f, size_t *len);
/* So many of them were put there. */
void keep_frames_came(struct keep_frames *f, size_t len);
/* The same for bytes that lie elsewhere: NO_MEMORY. */
KEEP_MUST int keep_frames_put(struct keep_frames *f, struct keep_slice bytes,
			      struct keep_err *e);
/* Takes the next whole frame, without its length; absent when more bytes are
 * needed. It borrows until keep_frames_room or _put. TOO_LARGE, BAD_FRAME for
 * a length of 0: no frame can follow, and each further call says so. */
KEEP_MUST int keep_frames_next(struct keep_frames *f, struct keep_slice *frame,
			       struct keep_err *e);
/* Whether a whole frame, or a length that is wrong, can be taken. */
bool keep_frames_ready(const struct keep_frames *f);
/* Whether bytes are there that are not taken. */
bool keep_frames_begun(const struct keep_frames *f);
/* Nothing more comes: BAD_FRAME inside a frame. */
KEEP_MUST int keep_frames_over(const struct keep_frames *f,
			       struct keep_err *e);
void keep_frames_end(struct keep_frames *f);

/* Begins a frame in OUT: puts room for its length; where that is. */
size_t keep_frame_begin(struct keep_buf *out);
/* What was put since then is the frame: sets its length. TOO_LARGE over MAX
 * (0: KEEP_FRAME_MAX), NO_MEMORY: it is taken back. */
KEEP_MUST int keep_frame_finish(struct keep_buf *out, size_t at, uint32_t max,
				struct keep_err *e);
KEEP_END

#endif
