/* JSON read by a schema: all that may be wrong with it. */
#include <keep/cli.h>
#include "schema_all.h"
#include "tap.h"

static struct keep_json read_json(struct keep_mem *m, struct keep_slice text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v;

	need(!keep_json_read(m, text, NULL, KEEP_JSON_STRICT, &ps, &v));
	return v;
}

static const struct {
	const char *json, *told;
} misformed[] = {
	{"{\"text\":\"a\"}", "fine"},
	{"{}", "1: text: is missing"},
	{"[]", "1: : wants object, got list"},
	{"{\"text\":\"a\",\"txt\":1}", "1: txt: is not known (did you mean "
				       "text?)"},
	{"{\"text\":\"a\",\"wholly-other\":1}", "1: wholly-other: is not known"},
	{"{\"yes\":1,\"small\":\"2\"}", "3: yes: wants bool, got integer"},
	{"{\"text\":null}", "1: text: wants text, got null"},
	{"{\"text\":\"a\",\"ratio\":\"1\"}",
	 "1: ratio: wants integer or number, got text"},
	{"{\"text\":\"a\",\"room\":1}",
	 "1: room: '1' is too small; at least 4K"},
	{"{\"text\":\"a\",\"mode\":\"of\"}",
	 "1: mode: 'of' is none of its values (did you mean off?)"},
	{"{\"text\":\"a\",\"secret\":\"%%\"}", "1: secret: is not base64"},
	{"{\"text\":\"a\",\"secret\":\"YQ==\"}",
	 "1: secret: 1 bytes are too few"},
	{"{\"text\":\"a\",\"blob\":\"0\"}",
	 "1: blob: '0' is not hex, two digits a byte"},
	{"{\"text\":\"a\",\"texts\":{}}", "1: texts: wants list, got object"},
	{"{\"text\":\"a\",\"texts\":[\"a\",\"123456\"]}",
	 "1: texts[1]: '123456' has 6 bytes; at most 5"},
	{"{\"text\":\"a\",\"texts\":[\"\",\"\",\"\",\"\"]}",
	 "1: texts: 4 elements; at most 3"},
	{"{\"text\":\"a\",\"inner\":{\"n\":1}}", "1: inner.name: is missing"},
	{"{\"text\":\"a\",\"inners\":[{\"name\":\"a\"},{\"nme\":\"b\"}]}",
	 "2: inners[1].nme: is not known (did you mean name?)"},
	{"{\"text\":\"a\",\"sizes\":{\"k\":\"x\"}}",
	 "1: sizes.k: 'x' is not a size such as 4096, 64K, 10M, 2G"},
	{"{\"text\":\"a\",\"choice\":{}}",
	 "1: choice: wants exactly one member, got 0"},
	{"{\"text\":\"a\",\"choice\":{\"dt\":{}}}",
	 "1: choice.dt: is not known (did you mean dot?)"},
	{"{\"text\":\"a\",\"choice\":{\"dot\":{\"values\":[\"1\"]}}}",
	 "1: choice.dot.values[0]: '1' is not a duration such as 500ms, 30s, "
	 "10m, 8h, 7d"},
};

static void json_faults(struct keep_mem *m)
{
	static const struct keep_json_source file = {{"a.json", 6}};
	struct keep_problems ps = {.mem = m};
	struct keep_err e = {0};
	struct keep_buf out = {.mem = m};
	struct keep_json v;
	size_t i;

	for (i = 0; i < KEEP_COUNT(misformed); i++) {
		v = read_json(m, keep_slice(misformed[i].json));
		e = (struct keep_err){0};
		out.len = 0;
		keep_ignore(keep_form_read(m, &all_schema, &v, &out, &e),
			    "the error is what is looked at");
		is_text(told(m, &e), misformed[i].told, "%s",
			misformed[i].json);
	}
	need(!keep_json_read(m, KEEP_S("{\"text\":\n 7}"), &file,
			     KEEP_JSON_STRICT, &ps, &v));
	ok(keep_form_read(m, &all_schema, &v, &out, &e) && e.problems &&
	   e.problems->first && e.problems->first->line == 2,
	   "a fault in a file has its line");
	is_text(told(m, &e), "1: a.json: text: wants text, got integer",
		"and the field");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	json_faults(&mem);
	return done();
}
