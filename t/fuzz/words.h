/* Input of a fuzzer as words, one a line. */
#ifndef FUZZ_WORDS_H
#define FUZZ_WORDS_H

#include <keep/base.h>

/* The first MAX lines of TEXT; how many they are, at least one. */
static inline size_t split_words(struct keep_slice text,
				 struct keep_slice *words, size_t max)
{
	size_t n = 0, start = 0, i;

	for (i = 0; i <= text.len && n < max; i++) {
		if (i < text.len && text.p[i] != '\n')
			continue;
		words[n++] = (struct keep_slice){text.p + start, i - start};
		start = i + 1;
	}
	return n;
}

#endif
