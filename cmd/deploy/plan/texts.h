/* Texts that were seen, by the hash that a manifest has for them: for diffs.
 * .keep/parts/HASH is its own SHA-256, a newline, the text; of a file with
 * secrets that which may be shown. It may be lost at any time. */
#ifndef DEPLOY_PLAN_TEXTS_H
#define DEPLOY_PLAN_TEXTS_H

#include <keep/generation.h>

/* What is kept at most; what was seen first goes first. */
enum { KEEP_TEXTS_N = 20000, KEEP_TEXTS_BYTES = 64 << 20 };

struct keep_texts {
	struct keep_fd dir;
	bool changed;
};

/* Opens it, and makes it when it is not there. */
KEEP_MUST int keep_texts_begin(struct keep_ctx *c, struct keep_texts *t,
			       struct keep_err *e);
/* Removes what is too much; {0} is fine. */
void keep_texts_end(struct keep_texts *t);
/* The text of a manifest's line, in M; absent when it is not kept whole. */
struct keep_slice keep_texts_get(struct keep_texts *t, struct keep_mem *m,
				 const struct keep_manifest_line *line);
/* Whether one of its name is kept, whole or not. */
bool keep_texts_has(const struct keep_texts *t,
		    const struct keep_manifest_line *line);
/* Keeps one of at most KEEP_PLAN_TEXT bytes. A text of another hash than its
 * line's, where that is no secret's, is none. What cannot be written is not
 * kept. */
void keep_texts_put(struct keep_texts *t,
		    const struct keep_manifest_line *line,
		    struct keep_slice text);
/* The same for what a generation has. */
void keep_texts_put_part(struct keep_texts *t, const struct keep_part *part);
/* Bytes of the file that a line is of. */
uint64_t keep_texts_size(const struct keep_manifest_line *line);

#endif
