/* What the files of libcli/base share. */
#ifndef BASE_H
#define BASE_H

#include <keep/file.h>
#include <keep/text.h>

/* Behind the last code point of Unicode. */
enum { KEEP_NO_CHARACTER = 0x110000 };

/* As keep_mem_alloc, but the bytes hold whatever they do. */
void *keep_mem_room(struct keep_mem *m, size_t len);
/* Whether the LEN bytes at P, when they were the last that M gave out, have
 * become NEW_LEN where they are. */
bool keep_mem_stretch(struct keep_mem *m, const void *p, size_t len,
		      size_t new_len);

/* Takes the first character off S, which is not empty; a byte that is not
 * UTF-8 counts as the character KEEP_NO_CHARACTER + byte. */
uint32_t keep_utf8_next(struct keep_slice *s);

/* Whether a read or write that failed is to be made again: it was interrupted,
 * or somebody made the descriptor non-blocking, and now it is ready for EVENTS
 * of poll. */
bool keep_io_again(int fd, short events);

/* Opens the directory that PATH's last name lies in, to work below it: it may
 * be closed to readers. *name points into PATH. BAD_ARGS when that name is
 * empty, `.` or `..`. */
KEEP_MUST int keep_open_parent(int dir_fd, const char *path,
			       struct keep_fd *parent, const char **name,
			       struct keep_err *e);

#endif
