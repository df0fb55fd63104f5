/* The state of one reading, and the parts of the reader that json_read.c
 * calls: faults with their places, and texts. */
#ifndef CODEC_JSON_READER_H
#define CODEC_JSON_READER_H

#include "json_lex.h"

struct keep_json_place {
	uint32_t line, column;
};

struct keep_json_reader {
	struct keep_mem *m;
	struct keep_problems *ps;
	const struct keep_json_source *source;
	enum keep_json_dialect dialect;
	struct keep_slice text;
	size_t at;                 /* the next byte to be read */
	size_t counted;            /* the byte whose place is `place` */
	struct keep_json_place place;
	uint32_t depth;
	uint32_t open[KEEP_JSON_DEPTH_MAX]; /* lines of what is not closed */
	/* Elements of what is not closed yet, on the heap: they are moved
	 * to the arena when their number is known. */
	struct keep_buf values, members, order;
	bool no_memory;
};

/* The place of a byte. Cheap when asked for in the order of the text. */
struct keep_json_place keep_json_place(struct keep_json_reader *r, size_t at);
/* Adds a fault at a place. */
void keep_json_fault(struct keep_json_reader *r, struct keep_json_place place,
		     const char *fmt, ...) KEEP_PRINTF(3, 4);
/* The fault that WANTED ("a value") is not what r->at shows; false. */
bool keep_json_unexpected(struct keep_json_reader *r, const char *wanted);
/* Takes the text that begins at r->at into the arena. False: no sense can be
 * made of what follows, or no memory. */
bool keep_json_take_text(struct keep_json_reader *r, struct keep_slice *out);
/* Tells each key that stands in an object for the second time. */
void keep_json_find_duplicates(struct keep_json_reader *r,
			       const struct keep_json *v);

#endif
