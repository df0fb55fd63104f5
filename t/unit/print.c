/* What a person and a script see: results, events, errors. */
#include <keep/cli.h>
#include "schema_all.h"
#include "tap.h"

/* The struct of S in JSON, as a verb would give it. */
static struct keep_slice item(struct keep_mem *m, const struct keep_schema *s,
			      const char *json)
{
	struct keep_problems ps = {.mem = m};
	struct keep_buf out = {.mem = m};
	struct keep_json v;

	need(!keep_json_read(m, keep_slice(json), NULL, KEEP_JSON_STRICT, &ps,
			     &v));
	need(!keep_form_read(m, s, &v, &out, NULL));
	return keep_buf_get(&out);
}

static struct keep_slice shown(const struct keep_printer *p,
			       const struct keep_verb *v,
			       struct keep_slice result)
{
	struct keep_buf out = {.mem = p->mem};
	struct keep_err e = {0};

	if (keep_print_result(p, v, result, &out, &e))
		return keep_slice(e.code == KEEP_E_INTERNAL ? "internal" : "?");
	return keep_buf_get(&out);
}

static struct keep_slice event(const struct keep_printer *p,
			       const struct keep_verb *v,
			       struct keep_slice one)
{
	struct keep_buf out = {.mem = p->mem};
	struct keep_err e = {0};

	if (keep_print_event(p, v, one, &out, &e))
		return keep_slice(e.code == KEEP_E_INTERNAL ? "internal" : "?");
	return keep_buf_get(&out);
}

static const struct keep_verb whole = {
	.path = "all", .result = &all_schema,
};
static const struct keep_verb listing = {
	.path = "all list", .result = &all_inner_schema, .kind = KEEP_R_LIST,
};
static const struct keep_verb free_item = {
	.path = "all get", .kind = KEEP_R_ITEM,
};
static const struct keep_verb watching = {
	.path = "all watch", .result = &all_inner_schema,
	.event = &all_inner_schema,
};
static const struct keep_verb silent = {.path = "all quiet"};

static const char all_json[] =
"{\"yes\":true,\"ratio\":0.25,\"text\":\"two\\nlines\",\"bytes\":\"00ff\","
"\"mode\":\"slow\",\"when\":\"2026-11-22T04:00:00Z\",\"wait\":\"90s\","
"\"part\":\"25%\",\"key\":\"01020304\",\"item\":{\"a\":[1]},"
"\"secret\":\"c2VjcmV0\",\"inner\":{\"name\":\"in\"},"
"\"choice\":{\"inner\":{\"name\":\"c\",\"n\":1}},\"texts\":[\"x\",\"y\"],"
"\"numbers\":[],\"inners\":[{\"name\":\"one\"},{\"name\":\"3\",\"n\":2}],"
"\"pairs\":{\"k\":\"v\",\"l\":\"w\"},"
"\"inner_map\":{\"m\":{\"name\":\"n\"}},\"choices\":[{\"dot\":{}}]}";

static void lines(struct keep_printer *p)
{
	struct keep_slice all = item(p->mem, &all_schema, all_json);

	p->format = KEEP_FORMAT_TEXT;
	is_text(shown(p, &whole, all),
		"yes: true\nsmall: -\nlarge: -\nnear: -\nfar: -\n"
		"ratio: 0.25\ntext: two\\x0alines\nbytes: 00ff\nmode: slow\n"
		"when: 2026-11-22T04:00:00Z\nwait: 90s\nroom: -\npart: 25%\n"
		"ip: -\npath: -\nblob: -\nkey: 01020304\ncode: -\n"
		"item: {\"a\":[1]}\nsecret: secret\ninner.name: in\n"
		"inner.n: -\nchoice: inner\nchoice.name: c\nchoice.n: 1\n"
		"texts: x, y\nnumbers: -\ninners:\n  one  -\n  3    2\n"
		"shares: -\npairs: k=v, l=w\nitems: -\nsizes: -\n"
		"inner_map: m={\"name\":\"n\"}\nchoices: {\"dot\":{}}\n",
		"a result is a line for each field, on its line");
	is_text(shown(p, &silent, (struct keep_slice){0}), "",
		"a verb without a result prints nothing");
}

/* Whether S holds WHAT. */
static bool has(struct keep_slice s, const char *what)
{
	return s.p && memmem(s.p, s.len, what, strlen(what));
}

static void on_terminal(struct keep_printer *p)
{
	struct keep_slice all = item(p->mem, &all_schema, all_json), got;

	p->terminal = true;
	p->now_s = 1795320000 + 3 * 86400;
	got = shown(p, &whole, all);
	ok(has(got, "\nwhen: 3 days ago\n"), "times are relative there");
	ok(has(got, "\nsecret: (hidden; --show)\n"), "secrets are hidden");
	ok(has(got, "inners:\n  NAME  N\n  one   -\n"),
	   "tables have a header there");
	p->format = KEEP_FORMAT_JSON;
	got = shown(p, &whole, all);
	ok(has(got, "\n  \"yes\": true,\n") && !has(got, "secret"),
	   "JSON is laid out there, without secrets");
	p->show = true;
	ok(has(shown(p, &whole, all), "\"secret\": \"c2VjcmV0\""),
	   "secrets are shown in base64 when asked for");
	p->format = KEEP_FORMAT_TEXT;
	ok(has(shown(p, &whole, all), "\nsecret: secret\n"),
	   "or as they are in text");
	p->terminal = p->show = false;
}

static const char list_item[] = "\x82\xa1\x00\x63one\xa2\x00\x61" "b\x01\x05";

static void lists(struct keep_printer *p)
{
	struct keep_slice two = {list_item, sizeof list_item - 1};

	p->format = KEEP_FORMAT_TEXT;
	is_text(shown(p, &listing, two), "one  -\nb    5\n",
		"a list is a table without a header");
	is_text(shown(p, &listing, KEEP_S("\x80")), "",
		"an empty list is no line");
	p->terminal = true;
	is_text(shown(p, &listing, two), "NAME  N\none   -\nb     5\n",
		"on a terminal it has one");
	is_text(shown(p, &listing, KEEP_S("\x80")), "",
		"an empty list has no header there");
	p->terminal = false;
	p->format = KEEP_FORMAT_JSON;
	is_text(shown(p, &listing, two),
		"[{\"name\":\"one\"},{\"name\":\"b\",\"n\":5}]\n",
		"in JSON it is one array");
	is_text(shown(p, &listing, KEEP_S("\x80")), "[]\n",
		"an empty one too");
	p->format = KEEP_FORMAT_CBOR;
	is_slice(shown(p, &listing, two), two, "in CBOR it is the item");
	p->format = KEEP_FORMAT_TEXT;
	is_text(shown(p, &listing, KEEP_S("\xa0")), "internal",
		"what is no list is not printed");
}

static void free_items(struct keep_printer *p)
{
	struct keep_slice one = KEEP_S("\xa1\x61" "a\x82\x01\x42\x0a\xff");

	p->format = KEEP_FORMAT_TEXT;
	is_text(shown(p, &free_item, one),
		"{\n  \"a\": [\n    1,\n    \"0aff\"\n  ]\n}\n",
		"a free item is laid out as JSON");
	p->format = KEEP_FORMAT_JSON;
	is_text(shown(p, &free_item, one), "{\"a\":[1,\"0aff\"]}\n",
		"in JSON it stands on one line");
	is_text(shown(p, &free_item, KEEP_S("\xa1\x01\x02")), "\"{1: 2}\"\n",
		"what JSON cannot say is told in diagnostic notation");
}

static void events(struct keep_printer *p)
{
	struct keep_slice one = KEEP_S("\xa2\x00\x61" "b\x01\x05");

	p->format = KEEP_FORMAT_JSON;
	p->terminal = true;
	is_text(event(p, &watching, one),
		"{\"item\":{\"name\":\"b\",\"n\":5}}\n",
		"an event is one line of JSON");
	is_text(shown(p, &watching, one),
		"{\"result\":{\"name\":\"b\",\"n\":5}}\n",
		"and the result is the last, on one line too");
	p->terminal = false;
	p->format = KEEP_FORMAT_TEXT;
	is_text(event(p, &watching, one), "name: b  n: 5\n",
		"in text it is one line");
	is_text(event(p, &watching, KEEP_S("\xa1\x00\x61" "b")), "name: b\n",
		"of what is there");
	is_text(event(p, &silent, one), "internal",
		"a verb without events has none");
	p->format = KEEP_FORMAT_CBOR;
	is_slice(event(p, &watching, one),
		 KEEP_S("\x82\x01\xa2\x00\x61" "b\x01\x05"),
		 "in CBOR it is an item of the wire");
}

struct keep_blob_result {
	struct keep_slice bytes;
};
static const struct keep_field blob_fields[] = {
	{KEEP_BLOB(struct keep_blob_result, bytes)},
};
static const struct keep_schema blob_schema =
	KEEP_SCHEMA(struct keep_blob_result, blob_fields);
static const struct keep_field key_fields[] = {
	{KEEP_SECRET(struct keep_blob_result, bytes)},
};
static const struct keep_schema key_schema =
	KEEP_SCHEMA(struct keep_blob_result, key_fields);
static const struct keep_verb blob = {.path = "b", .result = &blob_schema};
static const struct keep_verb key = {.path = "k", .result = &key_schema};

static void raw(struct keep_printer *p)
{
	struct keep_slice bytes = KEEP_S("\xa1\x00\x43\x0a\xff\x00");

	p->format = KEEP_FORMAT_TEXT;
	is_slice(shown(p, &blob, bytes), KEEP_S("\x0a\xff\0"),
		 "a blob alone goes out as it is");
	is_slice(shown(p, &key, bytes), KEEP_S("\x0a\xff\0"),
		 "a secret alone too");
	p->terminal = true;
	is_text(shown(p, &key, bytes), "bytes: (hidden; --show)\n",
		"but not to a terminal");
	p->terminal = false;
	p->format = KEEP_FORMAT_JSON;
	is_text(shown(p, &blob, bytes), "{\"bytes\":\"0aff00\"}\n",
		"a blob is hex in JSON");
}

static void say(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_all_inner *in = v->result ? v->result : v->items.v;

	keep_buf_print(out, "%.*s of %zu%s\n", KEEP_F(in->name), v->items.n,
		       v->terminal ? " here" : "");
}

static void own_text(struct keep_printer *p)
{
	struct keep_verb list = listing, watch = watching;
	struct keep_slice one = KEEP_S("\xa1\x00\x61" "b");

	list.text = watch.text = watch.event_text = say;
	p->format = KEEP_FORMAT_TEXT;
	is_text(shown(p, &list,
		      (struct keep_slice){list_item, sizeof list_item - 1}),
		"one of 2\n", "a verb's own text sees the whole list");
	is_text(shown(p, &watch, one), "b of 0\n", "or the struct");
	p->terminal = true;
	is_text(event(p, &watch, one), "b of 0 here\n", "or the event");
	p->terminal = false;
}

static struct keep_slice error(const struct keep_printer *p,
			       const struct keep_err *e)
{
	struct keep_buf out = {.mem = p->mem};

	keep_print_error(p, e, &out);
	return keep_buf_get(&out);
}

static void errors(struct keep_printer *p)
{
	struct keep_problems ps = {.mem = p->mem};
	struct keep_err e = {0};

	p->format = KEEP_FORMAT_TEXT;
	keep_fail(&e, KEEP_E_NOT_FOUND, "no node \"%s\"", "web1");
	is_text(error(p, &e), "keep: no node \"web1\"\n",
		"an error is one line");
	keep_hint(&e, "try node list");
	is_text(error(p, &e), "keep: no node \"web1\"\nhint: try node list\n",
		"and a hint");
	p->format = KEEP_FORMAT_JSON;
	is_text(error(p, &e), "{\"error\":{\"code\":13,\"name\":\"NOT_FOUND\","
		"\"message\":\"no node \\\"web1\\\"\","
		"\"hint\":\"try node list\"}}\n", "in JSON it is one line");
	keep_problem(&ps, KEEP_S("a.json"), 3, 7, "wants a text");
	keep_problem(&ps, KEEP_S("filter[1]"), 0, 0, "is empty");
	keep_problem_hint(&ps, "leave it out");
	keep_problem(&ps, KEEP_S(""), 0, 0, "unknown key 99");
	keep_ignore(keep_problems_fail(&ps, &e, KEEP_E_BAD_ARGS, "node_add"),
		    "it is looked at");
	is_text(error(p, &e), "{\"error\":{\"code\":7,\"name\":\"BAD_ARGS\","
		"\"message\":\"node_add: 3 problems\",\"problems\":["
		"{\"where\":\"a.json\",\"line\":3,\"column\":7,"
		"\"message\":\"wants a text\"},"
		"{\"where\":\"filter[1]\",\"message\":\"is empty\","
		"\"hint\":\"leave it out\"},"
		"{\"where\":\"\",\"message\":\"unknown key 99\"}]}}\n",
		"with its problems");
	p->format = KEEP_FORMAT_TEXT;
	is_text(error(p, &e), "a.json:3:7: wants a text\n"
		"filter[1]: is empty\n  hint: leave it out\n"
		"unknown key 99\nkeep: node_add: 3 problems\n",
		"in text each problem has its line");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_printer p = {.mem = &mem};

	lines(&p);
	on_terminal(&p);
	lists(&p);
	free_items(&p);
	events(&p);
	raw(&p);
	own_text(&p);
	errors(&p);
	return done();
}
