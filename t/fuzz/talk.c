/* What a node says: in one piece or byte by byte, the same is heard, and no
 * more is kept of it than its header says. */
/* uses: deploy provider zlib */
#include <stdlib.h>
#include "../../cmd/deploy/push/talk.h"

struct heard {
	unsigned n, last;
};

static int hear(struct keep_talk *t, enum keep_answer what, struct keep_err *e)
{
	struct heard *h = t->user;

	(void)e;
	if (t->answer > KEEP_ANSWER_NEED && what <= KEEP_ANSWER_OUTPUT)
		abort();
	h->n++;
	h->last = what;
	return 0;
}

static bool hear_all(struct keep_talk *t, const uint8_t *data, size_t len,
		     size_t step)
{
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < len; i += step) {
		struct keep_slice s = {(const char *)data + i,
				       len - i < step ? len - i : step};

		if (keep_talk_read(t, s, &e))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct heard a = {0}, b = {0};
	struct keep_talk whole = {.said = hear, .user = &a};
	struct keep_talk bytes = {.said = hear, .user = &b};

	if (!len)
		return 0;
	if (!hear_all(&whole, data, len, len) ||
	    !hear_all(&bytes, data, len, 1))
		abort();
	if (a.n != b.n || a.last != b.last || whole.answer != bytes.answer ||
	    !keep_slice_eq(keep_buf_get(&whole.manifest),
			   keep_buf_get(&bytes.manifest)) ||
	    keep_talk_complete(&whole) != keep_talk_complete(&bytes) ||
	    whole.line.len > KEEP_TALK_LINE)
		abort();
	keep_talk_end(&whole);
	keep_talk_end(&bytes);
	return 0;
}
