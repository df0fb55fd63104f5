/* Verbs that are known by their description only. */
#include <string.h>
#include <keep/external.h>
#include "schema_all.h"
#include "tap.h"

static const uint16_t errors[] = {KEEP_E_NOT_FOUND, KEEP_E_EXISTS, 0};
static const struct keep_verb rows[] = {
	{"all", "has all", KEEP_V_REPEATABLE, NULL, .args = &all_schema,
	 .result = &all_schema, .errors = errors},
	{"all list", "lists", 0, NULL, .result = &all_inner_schema,
	 .kind = KEEP_R_LIST},
	{"all get", "gets", 0, NULL, .kind = KEEP_R_ITEM},
	{"all watch", "watches", 0, NULL, .result = &all_inner_schema,
	 .event = &all_inner_schema},
	{"all quiet", "says nothing", 0, NULL},
};
static const char *const results[] = {
	"{\"yes\":true,\"small\":800,\"near\":-5,\"far\":-6,"
	"\"ratio\":0.25,\"text\":\"two\\nlines\",\"bytes\":\"00ff\","
	"\"mode\":\"slow\",\"when\":\"2026-11-22T04:00:00Z\","
	"\"wait\":\"90s\",\"room\":\"8K\",\"part\":\"25%\","
	"\"ip\":\"192.0.2.1\",\"path\":\"/a\","
	"\"key\":\"01020304\",\"code\":\"abc\",\"item\":{\"a\":[1]},"
	"\"inner\":{\"name\":\"in\"},"
	"\"choice\":{\"inner\":{\"name\":\"c\",\"n\":1}},"
	"\"texts\":[\"x\",\"y\"],\"numbers\":[-1],"
	"\"inners\":[{\"name\":\"one\"},{\"name\":\"3\",\"n\":2}],"
	"\"pairs\":{\"k\":\"v\",\"l\":\"w\"},\"items\":{\"i\":true},"
	"\"inner_map\":{\"m\":{\"name\":\"n\"}},"
	"\"choices\":[{\"dot\":{}}]}",
	"[{\"name\":\"a\",\"n\":1},{\"name\":\"b\"}]",
	"{\"x\":[1,null,\"y\"]}",
	"{\"name\":\"w\"}",
};

/* The item that an external would write of a row. */
static struct keep_slice describe(struct keep_mem *m, const struct keep_verb *v)
{
	struct keep_described_verb d;
	struct keep_buf out = {.mem = m};

	need(!keep_describe_verb(m, v, &d, NULL));
	need(!keep_schema_encode(&keep_described_verb_schema, &d, &out, NULL));
	return keep_buf_get(&out);
}

static int made(struct keep_mem *m, struct keep_slice item,
		struct keep_verb *out, struct keep_err *e)
{
	struct keep_described_verb d;

	if (keep_described_get(m, item, &d, e))
		return -e->code;
	return keep_described_row(m, &d, out, e);
}

static void read_json(struct keep_mem *m, const char *json,
		      struct keep_json *v)
{
	struct keep_problems ps = {.mem = m};

	need(!keep_json_read(m, keep_slice(json), NULL, KEEP_JSON_STRICT, &ps,
			     v));
}

/* A result of a row, from its JSON. */
static struct keep_slice result_of(struct keep_mem *m,
				   const struct keep_verb *v, const char *json)
{
	struct keep_buf out = {.mem = m};
	struct keep_json value;
	uint32_t i;

	read_json(m, json, &value);
	if (v->kind == KEEP_R_ITEM)
		keep_json_to_cbor(&value, &out);
	else if (v->kind == KEEP_R_STRUCT)
		need(!keep_form_read(m, v->result, &value, &out, NULL));
	else
		keep_cbor_put_list(&out, value.n);
	for (i = 0; v->kind == KEEP_R_LIST && i < value.n; i++)
		need(!keep_form_read(m, v->result, &value.list[i], &out,
				     NULL));
	return keep_buf_get(&out);
}

static struct keep_slice shown(struct keep_mem *m, const struct keep_verb *v,
			       struct keep_slice result, enum keep_format as)
{
	struct keep_printer p = {.mem = m, .format = as};
	struct keep_buf out = {.mem = m};

	need(!keep_print_result(&p, v, result, &out, NULL));
	return keep_buf_get(&out);
}

static void same_results(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_err e = {0};
	struct keep_verb v;
	struct keep_slice r;
	size_t i;

	for (i = 0; i < KEEP_COUNT(results); i++) {
		need(!made(&m, describe(&m, &rows[i]), &v, &e));
		is_text(keep_slice(v.path), rows[i].path,
			"a described verb has its path: %s", rows[i].path);
		r = result_of(&m, &rows[i], results[i]);
		is_slice(shown(&m, &v, r, KEEP_FORMAT_JSON),
			 shown(&m, &rows[i], r, KEEP_FORMAT_JSON),
			 "%s: its results are the same as JSON", v.path);
		is_slice(shown(&m, &v, r, KEEP_FORMAT_TEXT),
			 shown(&m, &rows[i], r, KEEP_FORMAT_TEXT),
			 "%s: and as text", v.path);
	}
	need(!made(&m, describe(&m, &rows[4]), &v, &e));
	ok(!v.result && !v.event && !v.args, "one without a result has none");
}

static void same_arguments(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf here = {.mem = &m}, there = {.mem = &m};
	struct keep_err e = {0};
	struct keep_json value;
	struct keep_verb v;

	need(!made(&m, describe(&m, &rows[0]), &v, &e));
	read_json(&m, results[0], &value);
	need(!keep_form_read(&m, rows[0].args, &value, &here, &e));
	is_int(keep_form_read(&m, v.args, &value, &there, &e), 0,
	       "arguments are read by names");
	is_slice(keep_buf_get(&there), keep_buf_get(&here),
		 "and are the same bytes");
}

static void plain(void)
{
	static const struct keep_verb like = {
		"p", "p", 0, NULL, .args = &keep_words_args_schema,
		.result = &keep_words_result_schema,
	};
	struct keep_words_result r = {7, KEEP_S("out\n"), KEEP_S("err")};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf out = {.mem = &m};
	struct keep_err e = {0};
	struct keep_verb v;

	need(!made(&m, describe(&m, &like), &v, &e));
	ok(v.result == &keep_words_result_schema,
	   "what gives status, output and errors is a program");
	need(!keep_schema_encode(v.result, &r, &out, &e));
	is_text(shown(&m, &v, keep_buf_get(&out), KEEP_FORMAT_TEXT), "out\n",
		"whose output is shown as it is");
	is_int(keep_exit_status(256 + 3), 3, "a status of its own is one here");
	is_int(keep_exit_status(512 + 9), 137, "a signal is as a shell says");
	is_int(keep_exit_status(256), 70, "but no failure is a success");
}

/* A description by its members: fields of the arguments. */
static struct keep_slice with(struct keep_mem *m,
			      const struct keep_described_field *f, size_t n)
{
	static const struct keep_slice path = {"x", 1};
	struct keep_described_verb d = {
		.path = {&path, 1}, .summary = KEEP_S("s"),
		.args = KEEP_S("args = {}\n"), .result = KEEP_S(""),
		.args_fields = {f, n},
	};
	struct keep_buf out = {.mem = m};

	need(!keep_schema_encode(&keep_described_verb_schema, &d, &out, NULL));
	return keep_buf_get(&out);
}

#define T(s) {(s), sizeof(s) - 1}
static void bad_fields(void)
{
	static const struct keep_described_field one = {0, T("a"), T("uint")};
	static const struct keep_described_field bad[][2] = {
		{{1, T("a"), T("uint")}, {1, T("b"), T("uint")}},
		{{0, T("a"), T("uint")}, {1, T("a"), T("uint")}},
		{{0, T("a"), T("uint")}, {1, T("A"), T("uint")}},
		{{0, T("a"), T("uint")}, {1, T("_a"), T("uint")}},
		{{0, T("a"), T("uint")}, {1, T(""), T("uint")}},
		{{0, T("a"), T("uint")}, {1, T("b"), T("")}},
		{{0, T("a"), T("uint")}, {1, T("b"), T("number")}},
		{{0, T("a"), T("uint")}, {1, T("b"), T("map of ")}},
		{{0, T("a"), T("uint")}, {1, T("b"), T("enum")}},
		{{0, T("a"), T("uint")},
		 {1, T("b"), T("choice"), .nested = {&one, 1}}},
	};
	struct keep_described_field many[KEEP_FIELDS_MAX + 1] = {{0}};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_err e = {0};
	struct keep_verb v;
	size_t i;

	is_int(made(&m, with(&m, &one, 1), &v, &e), 0, "a field is a field");
	for (i = 0; i < KEEP_COUNT(bad); i++)
		is_int(made(&m, with(&m, bad[i], 2), &v, &e),
		       -KEEP_E_BAD_FRAME, "field %zu is refused", i);
	for (i = 0; i < KEEP_COUNT(many); i++)
		many[i] = (struct keep_described_field){
			(uint32_t)i, keep_mem_print(&m, "f%zu", i),
			KEEP_S("uint")};
	is_int(made(&m, with(&m, many, KEEP_FIELDS_MAX), &v, &e), 0,
	       "as many as a schema has are taken");
	is_int(made(&m, with(&m, many, KEEP_FIELDS_MAX + 1), &v, &e),
	       -KEEP_E_BAD_FRAME, "one more is refused");
}

static void too_deep(void)
{
	struct keep_described_field f[17] = {{0}};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_err e = {0};
	struct keep_verb v;
	size_t i;

	for (i = 0; i < KEEP_COUNT(f); i++)
		f[i] = (struct keep_described_field){
			0, KEEP_S("a"), KEEP_S("struct"),
			.nested = {i ? &f[i - 1] : NULL, i ? 1 : 0}};
	is_int(made(&m, with(&m, &f[15], 1), &v, &e), 0,
	       "fields nest sixteen deep");
	is_int(made(&m, with(&m, &f[16], 1), &v, &e), -KEEP_E_BAD_FRAME,
	       "and no deeper");
}

static void bad_texts(void)
{
	static const struct keep_slice paths[] = {
		T(""), T("X"), T("a b"), T("-a"), T("../a"), T("a\x7f")};
	static const struct keep_slice good = T("a");
	struct keep_described_verb d = {
		.summary = KEEP_S("s"), .args = KEEP_S(""),
		.result = KEEP_S("result = any\n")};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_described_verb got;
	struct keep_buf out = {.mem = &m};
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < KEEP_COUNT(paths); i++) {
		d.path = (struct keep_slices){&paths[i], 1};
		out.len = 0;
		need(!keep_schema_encode(&keep_described_verb_schema, &d, &out,
					 &e));
		is_int(keep_described_get(&m, keep_buf_get(&out), &got, &e),
		       -KEEP_E_BAD_FRAME, "path %zu is refused", i);
	}
	d = (struct keep_described_verb){
		.path = {&good, 1}, .summary = KEEP_S("\x1b[2J"),
		.args = KEEP_S(""), .result = KEEP_S("")};
	out.len = 0;
	need(!keep_schema_encode(&keep_described_verb_schema, &d, &out, &e));
	is_int(keep_described_get(&m, keep_buf_get(&out), &got, &e),
	       -KEEP_E_BAD_FRAME, "what a terminal obeys is refused");
}

static void cuts_and_changes(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice item = describe(&m, &rows[0]);
	char *copy = keep_mem_alloc(&m, item.len);
	struct keep_err e = {0};
	struct keep_verb v;
	size_t i, good = 0;

	need(copy != NULL);
	for (i = 0; i < item.len; i += tap_times(1, 97)) {
		KEEP_AUTO(keep_mem) one = {0};
		struct keep_slice cut = {item.p, i};

		good += made(&one, cut, &v, &e) == 0;
	}
	is_int(good, 0, "a description that is cut anywhere is refused");
	for (i = 0; i < item.len; i += tap_times(1, 97)) {
		KEEP_AUTO(keep_mem) one = {0};

		memcpy(copy, item.p, item.len);
		copy[i] = (char)(copy[i] ^ 1 << (i % 8));
		if (made(&one, (struct keep_slice){copy, item.len}, &v, &e))
			good += e.code != KEEP_E_BAD_FRAME &&
				e.code != KEEP_E_NO_MEMORY;
	}
	is_int(good, 0, "one that is changed is taken, or refused as such");
}

int main(void)
{
	same_results();
	same_arguments();
	plain();
	bad_fields();
	too_deep();
	bad_texts();
	cuts_and_changes();
	return done();
}
