/* Words, one a line, completed against a suite of all types. What is offered
 * is UTF-8 in one line, and begins with what was typed. */
#include <stdlib.h>
#include <string.h>
#include "../unit/suite_small.h"
#include "words.h"

enum { WORDS = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void judge(const struct keep_completions *out, struct keep_slice last)
{
	const struct keep_completion *found = (const void *)out->found.p;
	size_t i;

	for (i = 0; i < out->found.len / sizeof *found; i++) {
		struct keep_slice word = found[i].word;

		must(!memchr(word.p, '\n', word.len));
		must(word.len >= last.len);
		must(keep_bytes_equal(word.p, last.p, last.len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {.limit = 64 << 20};
	struct keep_ctx c = {.mem = &mem, .item_mem = &mem};
	struct keep_completions out = {.mem = &mem};
	struct keep_slice words[WORDS], text;
	struct keep_err e = {0};
	size_t n;

	text = keep_mem_copy(&mem, (struct keep_slice){(const char *)data,
						       size});
	n = split_words(text, words, WORDS);
	if (!keep_complete(&c, &small_suite, (struct keep_slices){words, n},
			   &out, &e))
		judge(&out, words[n - 1]);
	else
		must(e.code && e.message[0]);
	return 0;
}
