/* What a verb is at work on, on a terminal: a line for each thing, redrawn in
 * place beneath all that has been told. It knows no descriptor: who has one
 * writes what is drawn. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <keep/verb.h>

enum {
	KEEP_LIVE_NAME = 128, /* bytes of a name, of a text */
	KEEP_LIVE_TEXT = 256,
	KEEP_LIVE_TAIL = 12,  /* lines shown of what failed */
};

struct keep_live_row;

/* {0} but for mem is one that shows nothing. */
struct keep_live {
	struct keep_mem *mem;
	struct keep_live_row *first, *spare; /* longest at work first */
	size_t n;
	char note[2 * KEEP_LIVE_TEXT]; /* the line beneath; "": none */
	size_t drawn;     /* lines of it that stand on the terminal */
	uint64_t at_ms;   /* when they were drawn */
	bool changed;     /* since */
};

/* Takes what is told; without OF it is what the verb does. OUT gets lines that
 * stay, what a thing that failed said last. A lack of memory leaves things
 * out. */
void keep_live_tell(struct keep_live *l, const struct keep_work *w,
		    uint64_t now_ms, struct keep_buf *out);
/* Whether it is to be drawn: not so often that a terminal has no time for
 * anything else, and once a second for the times. */
bool keep_live_is_due(const struct keep_live *l, uint64_t now_ms);
/* Draws it over what is there of it, in less than so many rows, each shorter
 * than so many columns. */
void keep_live_draw(struct keep_live *l, size_t rows, size_t columns,
		    uint64_t now_ms, struct keep_buf *out);
/* Takes it off the terminal, until it is drawn again. */
void keep_live_clear(struct keep_live *l, struct keep_buf *out);

#endif
