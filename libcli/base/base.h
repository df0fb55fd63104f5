/* What the files of libcli/base share. */
#ifndef BASE_H
#define BASE_H

#include <keep/text.h>

/* Behind the last code point of Unicode. */
enum { KEEP_NO_CHARACTER = 0x110000 };

/* Takes the first character off S, which is not empty; a byte that is not
 * UTF-8 counts as the character KEEP_NO_CHARACTER + byte. */
uint32_t keep_utf8_next(struct keep_slice *s);

#endif
