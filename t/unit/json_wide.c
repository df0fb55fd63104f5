/* Large flat JSON, quick to read and to compare; and very many small ones. */
#include <keep/json.h>
#include "tap.h"

/* Keys of an object. */
#define N tap_times(200000, 200)

/* An object of N members k0.., a line each, the last one called LAST. */
static struct keep_slice many(struct keep_mem *m, const char *last)
{
	struct keep_buf b = {.mem = m};

	keep_buf_byte(&b, '{');
	for (uint32_t i = 0; i < N - 1; i++)
		keep_buf_print(&b, "\"k%u\":%u,\n", i, i);
	keep_buf_print(&b, "\"%s\":%u}", last, N - 1);
	return keep_buf_get(&b);
}

static void duplicate(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct keep_json v;

	is_int(keep_json_read(&m, many(&m, "k7"), NULL, KEEP_JSON_STRICT, &ps,
			      &v),
	       -KEEP_E_BAD_ARGS, "a duplicate among many keys is refused");
	if (!ps.first)
		return;
	is_int(ps.first->line, N, "a duplicate among many keys has its place");
	is_text(ps.first->hint, "its first place is 8:1",
		"a duplicate among many keys names the first place");
}

static void equality(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct keep_json_member *members;
	struct keep_json a, b;

	is_int(keep_json_read(&m, many(&m, "last"), NULL, KEEP_JSON_STRICT,
			      &ps, &a), 0, "many different keys are read");
	members = KEEP_NEWS(&m, N, struct keep_json_member);
	if (a.n != N || !members)
		return;
	for (uint32_t i = 0; i < N; i++)
		members[i] = a.members[N - 1 - i];
	b = a;
	b.members = members;
	ok(keep_json_equal(&a, &b), "many keys in another order are equal");
	members[5].value.number++;
	ok(!keep_json_equal(&a, &b), "one changed value of many is seen");
}

/* Whether TEXT is read, or refused with a place. */
static bool is_judged(struct keep_slice text, enum keep_json_dialect dialect)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct keep_json v;

	if (keep_json_read(&m, text, NULL, dialect, &ps, &v) == 0)
		return ps.total == 0;
	return ps.first && ps.first->line && v.type == KEEP_JSON_NULL;
}

static void changed_bytes(void)
{
	char text[] = "{\"a\": [1, -0.5e1, \"\\ud83d\\ude00\\n\xc3\xa4\"],"
		      " // x\n \"b\": {\"c\": null} /* y */ }";
	size_t unjudged = 0, step = tap_times(1, 20);

	for (size_t i = 0; i < sizeof text - 1; i += step)
		for (int bits = 1; bits < 256; bits++) {
			struct keep_slice s = {text, sizeof text - 1};

			text[i] ^= (char)bits;
			unjudged += !is_judged(s, KEEP_JSON_INSTANCE);
			unjudged += !is_judged(s, KEEP_JSON_STRICT);
			text[i] ^= (char)bits;
		}
	is_int(unjudged, 0, "any changed byte is read or has its place told");
}

int main(void)
{
	changed_bytes();
	duplicate();
	equality();
	return done();
}
