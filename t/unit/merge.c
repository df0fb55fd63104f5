/* Inheritance: the table of PROVIDER 2, cell by cell. */
/* uses: provider */
#include "tap.h"
#include "../../cmd/provider/instance/merge.h"

static const struct keep_json_source sources[] = {
	{KEEP_S("old.json")}, {KEEP_S("new.json")}, {KEEP_S("last.json")}
};

static struct keep_json read(struct keep_mem *m, const char *text, int source)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v = {0};

	if (keep_json_read(m, keep_slice(text), &sources[source],
			   KEEP_JSON_INSTANCE, &ps, &v))
		printf("# cannot read %s\n", text);
	return v;
}

static struct keep_slice print(struct keep_mem *m, const struct keep_json *v)
{
	struct keep_buf b = {.mem = m};

	keep_json_put(&b, v, KEEP_JSON_COMPACT);
	return keep_buf_get(&b);
}

static struct keep_slice first_fault(struct keep_mem *m,
				     const struct keep_problems *ps)
{
	const struct keep_problem *p = ps->first;

	if (!p)
		return KEEP_S("");
	return keep_mem_print(m, "%.*s:%u:%u: %.*s", KEEP_F(p->where), p->line,
			      p->column, KEEP_F(p->message));
}

static const struct {
	const char *title, *older, *newer, *result, *fault;
} cells[] = {
	/* objects */
	{"objects are merged", "{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}",
	 ""},
	{"objects are merged at every depth",
	 "{\"o\":{\"p\":{\"a\":1,\"b\":2}}}",
	 "{\"o\":{\"p\":{\"b\":3,\"c\":4}}}",
	 "{\"o\":{\"p\":{\"a\":1,\"b\":3,\"c\":4}}}", ""},
	{"keys stay in the order first seen", "{\"z\":1,\"a\":2}",
	 "{\"m\":3,\"a\":4,\"z\":5}", "{\"z\":5,\"a\":4,\"m\":3}", ""},
	{"an empty object changes nothing", "{\"o\":{\"a\":1}}", "{\"o\":{}}",
	 "{\"o\":{\"a\":1}}", ""},
	{"an object over an empty one stays", "{\"o\":{}}", "{\"o\":{\"a\":1}}",
	 "{\"o\":{\"a\":1}}", ""},
	/* scalars and lists of one type */
	{"the newer text wins", "{\"k\":\"a\"}", "{\"k\":\"b\"}",
	 "{\"k\":\"b\"}", ""},
	{"the newer integer wins", "{\"k\":1}", "{\"k\":2}", "{\"k\":2}", ""},
	{"the newer bool wins", "{\"k\":true}", "{\"k\":false}",
	 "{\"k\":false}", ""},
	{"the newer number wins as it was written", "{\"k\":1.0}",
	 "{\"k\":2.50}", "{\"k\":2.50}", ""},
	{"integers and other numbers are of one type", "{\"k\":1}",
	 "{\"k\":1.5}", "{\"k\":1.5}", ""},
	{"the newer list wins whole", "{\"k\":[1,2]}", "{\"k\":[3]}",
	 "{\"k\":[3]}", ""},
	{"an empty list wins too", "{\"k\":[1,2]}", "{\"k\":[]}", "{\"k\":[]}",
	 ""},
	{"a list keeps its repetitions", "{\"k\":[1]}",
	 "{\"k\":[\"b\",\"b\",\"a\"]}", "{\"k\":[\"b\",\"b\",\"a\"]}", ""},
	{"the text 'true' stays a text", "{\"k\":\"a\"}", "{\"k\":\"true\"}",
	 "{\"k\":\"true\"}", ""},
	/* null */
	{"null over a text inherits it", "{\"k\":\"a\"}", "{\"k\":null}",
	 "{\"k\":\"a\"}", ""},
	{"null over a list inherits it", "{\"k\":[1]}", "{\"k\":null}",
	 "{\"k\":[1]}", ""},
	{"null over an object inherits it", "{\"k\":{\"a\":1}}", "{\"k\":null}",
	 "{\"k\":{\"a\":1}}", ""},
	{"null over nothing is null", "{}", "{\"k\":null}", "{\"k\":null}", ""},
	{"an integer over null wins", "{\"k\":null}", "{\"k\":1}", "{\"k\":1}",
	 ""},
	{"an object over null wins", "{\"k\":null}", "{\"k\":{\"a\":1}}",
	 "{\"k\":{\"a\":1}}", ""},
	/* types that differ */
	{"a text over an integer is a fault", "{\"k\":1}", "{\"k\":\"a\"}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is text here, but integer in old.json:1:6"},
	{"an integer over a text is a fault", "{\"k\":\"a\"}", "{\"k\":1}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is integer here, but text in old.json:1:6"},
	{"a bool over an integer is a fault", "{\"k\":1}", "{\"k\":true}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is bool here, but integer in old.json:1:6"},
	{"an object over a text is a fault", "{\"k\":\"a\"}",
	 "{\"k\":{\"b\":1}}", "{\"k\":null}",
	 "new.json:1:6: 'k' is object here, but text in old.json:1:6"},
	{"a text over an object is a fault", "{\"k\":{\"b\":1}}",
	 "{\"k\":\"a\"}", "{\"k\":null}",
	 "new.json:1:6: 'k' is text here, but object in old.json:1:6"},
	{"a scalar over a list is a fault", "{\"k\":[\"a\"]}", "{\"k\":\"b\"}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is text here, but list in old.json:1:6"},
	{"a list over a scalar is a fault", "{\"k\":\"b\"}", "{\"k\":[\"a\"]}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is list here, but text in old.json:1:6"},
	{"a list over an object is a fault", "{\"k\":{}}", "{\"k\":[]}",
	 "{\"k\":null}",
	 "new.json:1:6: 'k' is list here, but object in old.json:1:6"},
	{"a fault names the whole path", "{\"a\":{\"b\":{\"c\":1}}}",
	 "{\"a\":{\"b\":{\"c\":[]}}}", "{\"a\":{\"b\":{\"c\":null}}}",
	 "new.json:1:16: 'a.b.c' is list here, but integer in old.json:1:16"},
	/* expressions and REQUIRED fit any type */
	{"an expression over an integer fits", "{\"k\":1}",
	 "{\"k\":\"= 2 * 3\"}", "{\"k\":\"= 2 * 3\"}", ""},
	{"an expression over an object fits", "{\"k\":{\"a\":1}}",
	 "{\"k\":\"= x\"}", "{\"k\":\"= x\"}", ""},
	{"a list over an expression fits", "{\"k\":\"= x\"}", "{\"k\":[1]}",
	 "{\"k\":[1]}", ""},
	{"a literal that looks like one does not fit", "{\"k\":1}",
	 "{\"k\":\"== x\"}", "{\"k\":null}",
	 "new.json:1:6: 'k' is text here, but integer in old.json:1:6"},
	{"REQUIRED may become an integer", "{\"k\":\"REQUIRED\"}", "{\"k\":22}",
	 "{\"k\":22}", ""},
	{"REQUIRED may become a list", "{\"k\":\"REQUIRED\"}", "{\"k\":[1]}",
	 "{\"k\":[1]}", ""},
	{"REQUIRED may be asked for over a value", "{\"k\":1}",
	 "{\"k\":\"REQUIRED\"}", "{\"k\":\"REQUIRED\"}", ""},
	/* +k */
	{"+k adds in the order first seen", "{\"k\":[\"b\",\"a\"]}",
	 "{\"+k\":[\"c\",\"a\"]}", "{\"k\":[\"b\",\"a\",\"c\"]}", ""},
	{"+k leaves no repetition", "{\"k\":[1,1]}", "{\"+k\":[2,2]}",
	 "{\"k\":[1,2]}", ""},
	{"+k tells the integer 1 from the text '1'", "{\"k\":[1]}",
	 "{\"+k\":[\"1\"]}", "{\"k\":[1,\"1\"]}", ""},
	{"+k compares objects by value", "{\"k\":[{\"a\":1,\"b\":2}]}",
	 "{\"+k\":[{\"b\":2,\"a\":1}]}", "{\"k\":[{\"a\":1,\"b\":2}]}", ""},
	{"+k without an older list is the list", "{}", "{\"+k\":[1]}",
	 "{\"k\":[1]}", ""},
	{"+k over null is the list", "{\"k\":null}", "{\"+k\":[1]}",
	 "{\"k\":[1]}", ""},
	{"+k over REQUIRED is the list", "{\"k\":\"REQUIRED\"}", "{\"+k\":[1]}",
	 "{\"k\":[1]}", ""},
	{"+k over a text is a fault", "{\"k\":\"a\"}", "{\"+k\":[1]}",
	 "{\"k\":null}",
	 "new.json:1:7: 'k' is list here, but text in old.json:1:6"},
	{"+k over an expression is a fault", "{\"k\":\"= x\"}", "{\"+k\":[1]}",
	 "{\"k\":null}",
	 "new.json:1:7: 'k' is list here, but an expression in old.json:1:6"},
	{"+k needs a list", "{\"k\":[1]}", "{\"+k\":2}", "{\"k\":[1]}",
	 "new.json:1:7: '+k' needs a list, not integer"},
	/* -k */
	{"-k takes away", "{\"k\":[1,2,3,2]}", "{\"-k\":[2,9]}",
	 "{\"k\":[1,3]}", ""},
	{"-k may leave nothing", "{\"k\":[1]}", "{\"-k\":[1]}", "{\"k\":[]}",
	 ""},
	{"-k without an older list is a fault", "{}", "{\"-k\":[1]}",
	 "{\"k\":null}", "new.json:1:7: 'k' has no older list to take from"},
	{"-k over null is a fault", "{\"k\":null}", "{\"-k\":[1]}",
	 "{\"k\":null}", "new.json:1:7: 'k' has no older list to take from"},
	{"-k over an object is a fault", "{\"k\":{}}", "{\"-k\":[1]}",
	 "{\"k\":null}",
	 "new.json:1:7: 'k' is list here, but object in old.json:1:6"},
	{"-k and +k may stand together", "{\"k\":[1,2]}",
	 "{\"+k\":[3],\"-k\":[1]}", "{\"k\":[2,3]}", ""},
	/* !k */
	{"!k replaces by another type", "{\"k\":{\"a\":1}}", "{\"!k\":\"s\"}",
	 "{\"k\":\"s\"}", ""},
	{"!k replaces an object whole", "{\"k\":{\"a\":1}}",
	 "{\"!k\":{\"b\":2}}", "{\"k\":{\"b\":2}}", ""},
	{"!k replaces by null", "{\"k\":1}", "{\"!k\":null}", "{\"k\":null}",
	 ""},
	{"!k without anything older is its value", "{}", "{\"!k\":4}",
	 "{\"k\":4}", ""},
	/* keys */
	{"a prefix alone is a key", "{}", "{\"+\":1,\"-\":2,\"!\":3}",
	 "{\"+\":1,\"-\":2,\"!\":3}", ""},
	{"only the first prefix is one", "{}", "{\"!!k\":1}", "{\"!k\":1}", ""},
	{"prefixes below something new are stripped", "{}",
	 "{\"o\":{\"+l\":[1],\"!x\":2}}", "{\"o\":{\"l\":[1],\"x\":2}}", ""},
	{"prefixes within a list are stripped", "{}", "{\"l\":[{\"!x\":2}]}",
	 "{\"l\":[{\"x\":2}]}", ""},
	{"k and !k together are a fault", "{}", "{\"k\":1,\"!k\":2}",
	 "{\"k\":1}",
	 "new.json:1:13: 'k' is given twice here, with and without a prefix"},
	{"k and +k together are a fault", "{}", "{\"+k\":[1],\"k\":[2]}",
	 "{\"k\":[1]}",
	 "new.json:1:15: 'k' is given twice here, with and without a prefix"},
};

static void test_cells(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_json older, newer, out;
	size_t i;

	for (i = 0; i < KEEP_COUNT(cells); i++) {
		struct keep_problems ps = {.mem = &mem};

		older = read(&mem, cells[i].older, 0);
		newer = read(&mem, cells[i].newer, 1);
		out = keep_merge(&mem, &older, &newer, &ps);
		is_text(print(&mem, &out), cells[i].result, "%s",
			cells[i].title);
		if (cells[i].fault[0] || ps.total)
			is_text(first_fault(&mem, &ps), cells[i].fault,
				"%s, and it is told where", cells[i].title);
	}
}

/* A tag's files are stacked, and then laid over common.json. */
static const struct {
	const char *title, *common, *first, *second, *result, *fault;
} stacks[] = {
	{"a tag's +k reaches what common has", "{\"k\":[1]}", "{}",
	 "{\"+k\":[2]}", "{\"k\":[1,2]}", ""},
	{"two files of a tag add one after the other", "{\"k\":[1]}",
	 "{\"+k\":[2]}", "{\"+k\":[3]}", "{\"k\":[1,2,3]}", ""},
	{"what a later file takes away stays away", "{\"k\":[1,2]}",
	 "{\"+k\":[3]}", "{\"-k\":[1,3]}", "{\"k\":[2]}", ""},
	{"what a later file adds again is there", "{\"k\":[1,2]}",
	 "{\"-k\":[1]}", "{\"+k\":[1]}", "{\"k\":[2,1]}", ""},
	{"a list of a tag replaces, and is then added to", "{\"k\":[1]}",
	 "{\"k\":[2]}", "{\"+k\":[3]}", "{\"k\":[2,3]}", ""},
	{"a later list replaces what was added", "{\"k\":[1]}", "{\"+k\":[2]}",
	 "{\"k\":[3]}", "{\"k\":[3]}", ""},
	{"null leaves what was added", "{\"k\":[1]}", "{\"+k\":[2]}",
	 "{\"k\":null}", "{\"k\":[1,2]}", ""},
	{"!k of a tag's first file also replaces what common has",
	 "{\"k\":{\"a\":1}}", "{\"!k\":{\"b\":2}}", "{\"k\":{\"c\":3}}",
	 "{\"k\":{\"b\":2,\"c\":3}}", ""},
	{"!k with null of a tag reaches common", "{\"k\":{\"a\":1}}", "{}",
	 "{\"!k\":null}", "{\"k\":null}", ""},
	{"!k then +k is a list", "{\"k\":\"text\"}", "{\"!k\":[1]}",
	 "{\"+k\":[2]}", "{\"k\":[1,2]}", ""},
	{"objects are stacked before they are laid over", "{\"k\":{\"a\":1}}",
	 "{\"k\":\"= x\"}", "{\"k\":{\"b\":2}}", "{\"k\":{\"a\":1,\"b\":2}}",
	 ""},
	{"prefixes work below objects of every layer", "{\"o\":{\"l\":[1]}}",
	 "{\"o\":{\"+l\":[2]}}", "{\"o\":{\"-l\":[1]}}", "{\"o\":{\"l\":[2]}}",
	 ""},
	{"-k in a tag without a list anywhere is a fault", "{}", "{\"-k\":[1]}",
	 "{}", "{\"k\":null}",
	 "new.json:1:7: 'k' has no older list to take from"},
	{"a text over what was added is a fault", "{\"k\":[1]}", "{\"+k\":[2]}",
	 "{\"k\":\"a\"}", "{\"k\":null}",
	 "last.json:1:6: 'k' is text here, but list in new.json:1:7"},
};

static void test_stacks(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_json common, v, w;
	size_t i;

	for (i = 0; i < KEEP_COUNT(stacks); i++) {
		struct keep_problems ps = {.mem = &mem};

		common = read(&mem, stacks[i].common, 0);
		v = read(&mem, stacks[i].first, 1);
		w = read(&mem, stacks[i].second, 2);
		v = keep_layer(&mem, &v, &ps);
		w = keep_layer(&mem, &w, &ps);
		v = keep_stack(&mem, &v, &w, &ps);
		v = keep_lay(&mem, &common, &v, &ps);
		is_text(print(&mem, &v), stacks[i].result, "%s",
			stacks[i].title);
		is_text(first_fault(&mem, &ps), stacks[i].fault,
			"%s: faults are told", stacks[i].title);
	}
}

static void test_sharing(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_json older = read(&mem, "{\"a\":{\"x\":[1,2]},\"b\":1}", 0);
	struct keep_json newer = read(&mem, "{\"b\":2,\n \"c\":{\"y\":3}}", 1);
	struct keep_json out = keep_merge(&mem, &older, &newer, &ps);

	need(older.n && newer.n && out.n);
	ok(out.members[0].value.members == older.members[0].value.members,
	   "what nobody changes is shared with the older tree");
	ok(out.members[2].value.members == newer.members[1].value.members,
	   "what is new is shared with the newer tree");
	is_text(older.members[1].value.source->name, "old.json",
		"the older tree is left as it was");
	is_text(out.members[0].value.source->name, "old.json",
		"an inherited value remembers its file");
	is_text(out.members[1].value.source->name, "new.json",
		"a newer value remembers its file");
	is_int(out.members[2].value.line, 2, "and its line");
	newer = read(&mem, "{\"a\":{\"+x\":[3]}}", 1);
	out = keep_merge(&mem, &older, &newer, &ps);
	need(keep_json_at(&out, KEEP_S("a.x.0")));
	is_text(keep_json_at(&out, KEEP_S("a.x.0"))->source->name,
		"old.json", "elements of a union remember their own files");
	newer = read(&mem, "{\"b\":\"t\"}", 1);
	out = keep_merge(&mem, &older, &newer, &ps);
	out = keep_merge(&mem, &older, &newer, &ps);
	is_int(ps.total, 1, "the same fault is told once");
	need(ps.first);
	is_text(ps.first->hint, "\"!b\" replaces a value by one of another "
		"type", "a fault of types says how to mean it");
	out = keep_merge(&mem, NULL, &newer, &ps);
	is_text(print(&mem, &out), "{\"b\":\"t\"}",
		"there may be no older tree");
	newer = read(&mem, "{\"b\":\"t\",\"-q\":[1]}", 1);
	out = keep_merge(&mem, &older, &newer, NULL);
	is_text(print(&mem, &out),
		"{\"a\":{\"x\":[1,2]},\"b\":null,\"q\":null}",
		"faults may be dropped");
}

/* {"PREFIXk": [0, 1, ... n)} or {"k0": 0, ...} */
static struct keep_json large(struct keep_mem *m, const char *key, int from,
			      int n)
{
	struct keep_buf b = {.mem = m};
	int i;

	keep_buf_text(&b, "{");
	if (key)
		keep_buf_print(&b, "\"%s\":[", key);
	for (i = from; i < from + n; i++)
		keep_buf_print(&b, key ? "%s%d" : "%s\"k%d\":1",
			       i > from ? "," : "", i);
	keep_buf_text(&b, key ? "]}" : "}");
	keep_buf_byte(&b, 0);
	need(!b.failed);
	return read(m, b.p, key != NULL);
}

static void test_large(void)
{
	const int N = (int)tap_times(20000, 200);
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_json a = large(&mem, "k", 0, N), b, out;

	b = large(&mem, "+k", N / 2, N);
	out = keep_merge(&mem, &a, &b, &ps);
	need(out.n);
	is_int(out.members[0].value.n, N * 3 / 2,
	       "20,000 elements are united with 20,000");
	b = large(&mem, "-k", N / 2, N);
	out = keep_merge(&mem, &a, &b, &ps);
	need(out.n);
	is_int(out.members[0].value.n, N / 2,
	       "20,000 elements are taken from 20,000");
	a = large(&mem, NULL, 0, N);
	b = large(&mem, NULL, N / 2, N);
	out = keep_merge(&mem, &a, &b, &ps);
	is_int(out.n, N * 3 / 2, "20,000 keys are merged with 20,000");
	need(out.n);
	is_slice(out.members[N].key, keep_mem_print(&mem, "k%d", N),
		 "new keys come last");
}

static void test_no_memory(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_json a, b, out;
	struct keep_slice text = {0};
	size_t limit, refused = 0;

	a = read(&mem, "{\"o\":{\"l\":[1,2],\"m\":{}},\"p\":1}", 0);
	b = read(&mem, "{\"o\":{\"-l\":[1],\"+l\":[3],\"m\":{\"!n\":[{\"!x\":1"
		       "}]}},\"+q\":[1]}", 1);
	for (limit = 1; limit < 4096; limit += 16) {
		KEEP_AUTO(keep_mem) small = {.limit = limit};

		out = keep_merge(&small, &a, &b, &ps);
		if (out.type == KEEP_JSON_OBJECT) {
			text = print(&mem, &out);
			break;
		}
		refused++;
	}
	ok(refused > 10, "a merge without memory gives null");
	is_text(text, "{\"o\":{\"l\":[2,3],\"m\":{\"n\":[{\"x\":1}"
		"]}},\"p\":1,\"q\":[1]}", "a merge with enough is right");
}

int main(void)
{
	test_cells();
	test_stacks();
	test_sharing();
	test_large();
	test_no_memory();
	return done();
}
