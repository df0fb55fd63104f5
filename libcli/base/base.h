/* What the files of libcli/base share. */
#ifndef BASE_H
#define BASE_H

#include <keep/file.h>
#include <keep/text.h>

/* Behind the last code point of Unicode. */
enum { KEEP_NO_CHARACTER = 0x110000 };

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
