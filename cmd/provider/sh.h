/* Words for a shell: what is printed to be run by one. */
#ifndef PROVIDER_SH_H
#define PROVIDER_SH_H

#include <keep/mem.h>

/* Appends S as one word of sh, always in quotes. */
void keep_sh_quote(struct keep_buf *b, struct keep_slice s);
/* The same, but as it is where that is safe. */
void keep_sh_word(struct keep_buf *b, struct keep_slice s);

#endif
