#include <string.h>
#include <keep/text.h>
#include "base.h"

/* Takes `[a-z]` or `[!a-z]` off the pattern: 1 when CODE is in it, 0 when not,
 * -1 when no `]` closes it, and the bracket stands for itself. */
static int set(struct keep_slice *pattern, uint32_t code)
{
	struct keep_slice rest = *pattern;
	bool found = false, not = keep_slice_starts(rest, "!"), first = true;
	uint32_t low, high;

	if (not)
		keep_utf8_next(&rest);
	while (rest.len && (first || rest.p[0] != ']')) {
		low = high = keep_utf8_next(&rest);
		if (rest.len > 1 && rest.p[0] == '-' && rest.p[1] != ']') {
			keep_utf8_next(&rest);
			high = keep_utf8_next(&rest);
		}
		found = found || (code >= low && code <= high);
		first = false;
	}
	if (!rest.len)
		return -1;
	keep_utf8_next(&rest);
	*pattern = rest;
	return found != not;
}

/* Takes one character off both; false when it does not fit. CLOSE: the last
 * `]` of the whole pattern; no set that begins behind it is looked for. */
static bool one(struct keep_slice *pattern, struct keep_slice *s,
		const char *close)
{
	uint32_t code, want;
	int in;

	if (!pattern->len || !s->len)
		return false;
	code = keep_utf8_next(s);
	want = keep_utf8_next(pattern);
	if (want == '?')
		return true;
	in = want == '[' && close && pattern->p < close ? set(pattern, code)
							: -1;
	return in < 0 ? want == code : in;
}

/* Whether they differ before all that is special, where most names do. */
static bool differs(struct keep_slice pattern, struct keep_slice s)
{
	size_t i;

	for (i = 0; i < pattern.len && !strchr("*?[", pattern.p[i]); i++)
		if (i == s.len || pattern.p[i] != s.p[i])
			return true;
	return false;
}

bool keep_text_glob(struct keep_slice pattern, struct keep_slice s)
{
	struct keep_slice star = {0}, from = {0};
	const char *close = pattern.len ? memrchr(pattern.p, ']', pattern.len)
					: NULL;

	if (differs(pattern, s))
		return false;
	/* What fits after a star need never be given up for an earlier star:
	 * only the last one is gone back to. */
	while (s.len || pattern.len) {
		if (keep_slice_starts(pattern, "*")) {
			pattern.p++;
			pattern.len--;
			star = pattern;
			from = s;
		} else if (!one(&pattern, &s, close)) {
			if (!from.len)
				return false;
			keep_utf8_next(&from);
			pattern = star;
			s = from;
		}
	}
	return true;
}
