/* Schemas: a struct of all types as CBOR, JSON and text, and what is said
 * about each fault of CBOR and text. */
#include <keep/cli.h>
#include "schema_all.h"
#include "tap.h"

static const char all_json[] =
"{\"yes\":true,\"small\":800,\"large\":9007199254740993,\"near\":-7,"
"\"far\":1000,\"ratio\":0.25,\"text\":\"two\\nlines\",\"bytes\":\"00ff\","
"\"mode\":\"very-fast\",\"when\":\"2026-11-22T04:00:00Z\",\"wait\":\"90s\","
"\"room\":\"64K\",\"part\":\"25%\",\"ip\":\"2001:db8::1\",\"path\":\"/a b\","
"\"blob\":\"0a0b\",\"key\":\"01020304\",\"code\":\"abc\","
"\"item\":{\"a\":[1,null,-2.5]},\"secret\":\"c2VjcmV0\","
"\"inner\":{\"name\":\"in\",\"n\":3},\"choice\":{\"dot\":{\"values\":"
"[\"1s\",\"2m\"]}},\"texts\":[\"x\",\"\"],\"numbers\":[-1,2],"
"\"inners\":[{\"name\":\"one\"},{\"name\":\"two\",\"n\":0}],"
"\"shares\":[3,\"4%\"],\"pairs\":{\"b\":\"2\",\"aa\":\"1\"},"
"\"items\":{\"k\":null},\"sizes\":{\"big\":\"2G\"},"
"\"inner_map\":{\"m\":{\"name\":\"n\"}},"
"\"choices\":[{\"inner\":{\"name\":\"c\"}},{\"dot\":{}}]}";

static struct keep_json read_json(struct keep_mem *m, struct keep_slice text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v;

	need(!keep_json_read(m, text, NULL, KEEP_JSON_STRICT, &ps, &v));
	return v;
}

/* The struct of all_json as CBOR. */
static struct keep_slice all_item(struct keep_mem *m)
{
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};
	struct keep_json v = read_json(m, keep_slice(all_json));

	need(!keep_form_read(m, &all_schema, &v, &out, &e));
	return keep_buf_get(&out);
}

static struct keep_slice encoded(struct keep_mem *m, const struct keep_all *a)
{
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};

	need(!keep_schema_encode(&all_schema, a, &out, &e));
	return keep_buf_get(&out);
}

static void round_trip(struct keep_mem *m)
{
	struct keep_slice item = all_item(m);
	struct keep_buf json = {.mem = m};
	struct keep_err e = {0};
	struct keep_all a;

	ok(!keep_cbor_check(item, &keep_cbor_socket, &e),
	   "what is read from JSON is CBOR that a socket takes");
	need(!keep_schema_decode(m, &all_schema, item, true, &a, &e));
	is_slice(encoded(m, &a), item, "all types come back as they went");
	keep_form_json(&all_schema, &a, KEEP_JSON_COMPACT, &json);
	is_text(keep_buf_get(&json), all_json,
		"all types are shown in JSON as they were read");
	ok(a.yes && a.small == 800 && a.large == 9007199254740993 &&
	   a.near == -7 && a.far == 1000 && a.ratio == 0.25 && a.mode == 2 &&
	   a.when == 1795320000 && a.wait == 90000 && a.room == 65536,
	   "numbers of every kind reach their members");
	ok(a.part.value == 25 && a.part.percent && a.ip.len == 16 &&
	   a.key[3] == 4 && keep_slice_is(a.secret, "secret") &&
	   a.choice.arm == 1 && a.texts.n == 2 && a.numbers.n == 2,
	   "shares, keys, secrets, choices and lists do too");
	is_text(a.pairs.v[0].key, "b", "map keys lie in the order of CBOR");
}

/* The item of key KEY replaced by ITEM; absent: left out. */
static struct keep_slice with(struct keep_mem *m, struct keep_slice all,
			      size_t key, struct keep_slice item)
{
	struct keep_buf out = {.mem = m};
	uint64_t n = keep_cbor_next(&all).v;
	struct keep_cbor_head h;
	struct keep_slice old;

	keep_cbor_put_map(&out, n - !item.p);
	for (; n; n--) {
		h = keep_cbor_next(&all);
		old = keep_cbor_skip(&all);
		if (h.v == key)
			old = item;
		if (!old.p)
			continue;
		keep_cbor_put_uint(&out, h.v);
		keep_buf_slice(&out, old);
	}
	return keep_buf_get(&out);
}

static struct keep_slice decoded(struct keep_mem *m, struct keep_slice item,
				 bool strict)
{
	struct keep_err e = {0};
	struct keep_all a;

	keep_ignore(keep_schema_decode(m, &all_schema, item, strict, &a, &e),
		    "the error is what is looked at");
	return told(m, &e);
}

/* What each field says about null. */
static const char *const wanted[] = {
	"true or false", "a number", "a number", "a number", "a number",
	"a double", "a text", "bytes", "a number", "a number", "a number",
	"a number", "a list", "a text", "a text", "bytes", "bytes", "a text",
	NULL, "bytes", "a map", "a list", "a list", "a list", "a list",
	"a list", "a map", "a map", "a map", "a map", "a list",
};

static void other_type(struct keep_mem *m)
{
	struct keep_slice item = all_item(m), want;
	size_t i;

	for (i = 0; i < all_schema.n; i++) {
		const char *name = all_fields[i].name;

		want = wanted[i] ? keep_mem_print(m, "1: %s: wants %s, got "
						  "null", name, wanted[i])
				 : KEEP_S("fine");
		is_slice(decoded(m, with(m, item, i, KEEP_S("\xf6")), true),
			 want, "%s: another type is told", name);
		want = all_fields[i].required ?
		       keep_mem_print(m, "1: %s: is missing", name) :
		       KEEP_S("fine");
		is_slice(decoded(m, with(m, item, i, (struct keep_slice){0}),
				 true), want, "%s: missing is told", name);
	}
}

static const struct {
	size_t key;
	struct keep_slice item;
	const char *told;
} limits[] = {
	{1, {"\x01", 1}, "1: small: 1 is too small; at least 2"},
	{1, {"\x19\x03\x21", 3}, "1: small: 801 is too large; at most 800"},
	{4, {"\x19\x03\xe9", 3}, "1: far: the number is out of range"},
	{6, {"\x60", 1}, "1: text: is empty"},
	{6, {"\x6d" "1234567890123", 14}, "1: text: 13 bytes; at most 12"},
	{7, {"\x41" "a", 2}, "1: bytes: 1 bytes; at least 2"},
	{7, {"\x45" "abcde", 6}, "1: bytes: 5 bytes; at most 4"},
	{8, {"\x03", 1}, "1: mode: 3 is none of its 3 values"},
	{9, {"\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80", 9},
	 "1: when: 253402300800 is too large; at most 253402300799"},
	{12, {"\x82\x18\x65\xf5", 4}, "1: part: wants [count, is percent]"},
	{12, {"\x81\x01", 2}, "1: part: wants [count, is percent]"},
	{13, {"\x63" "1.2", 4}, "1: ip: '1.2' is not an IP address"},
	{14, {"\x61" "a", 2}, "1: path: 'a' is not an absolute path"},
	{16, {"\x41" "a", 2}, "1: key: 1 bytes; wants exactly 4"},
	{19, {"\x43" "abc", 4}, "1: secret: 3 bytes; at least 4"},
	{20, {"\xa0", 1}, "1: inner.name: is missing"},
	{21, {"\x82\x02\xa0", 3}, "1: choice: wants [0..1, map]"},
	{22, {"\x82\x61" "a\x66" "123456", 10},
	 "1: texts[1]: 6 bytes; at most 5"},
	{22, {"\x84\x60\x60\x60\x60", 5}, "1: texts: 4 elements; at most 3"},
	{24, {"\x82\xa1\x00\x60\xa1\x01\x00", 7},
	 "1: inners[1].name: is missing"},
	{26, {"\xa1\x61" "k\x01", 4}, "1: pairs.k: wants a text, got a number"},
	{26, {"\xa1\x01\x60", 3}, "1: pairs: wants texts as keys, got a number"},
};

static void too_much(struct keep_mem *m)
{
	struct keep_slice item = all_item(m);
	size_t i;

	for (i = 0; i < KEEP_COUNT(limits); i++)
		is_text(decoded(m, with(m, item, limits[i].key,
					limits[i].item), true),
			limits[i].told, "told: %s", limits[i].told);
	is_text(decoded(m, KEEP_S("\xa2\x06\x61" "a\x18\x63\xf6"), true),
		"1: : unknown key 99", "an unknown key of a request is told");
	is_text(decoded(m, KEEP_S("\xa2\x06\x61" "a\x18\x63\xf6"), false),
		"fine", "an unknown key of a reply is skipped");
	is_text(decoded(m, KEEP_S("\xa2\x00\x00\x01\x60"), true),
		"3: yes: wants true or false, got a number",
		"all faults are told at once");
	is_text(decoded(m, KEEP_S("\x80"), true), "all wants a map, got a list",
		"what is no map is told");
}

static void truncated(struct keep_mem *m)
{
	struct keep_slice item = all_item(m), cut = item;
	struct keep_err e = {0};
	struct keep_all a;
	size_t taken = 0;

	for (cut.len = 0; cut.len < item.len; cut.len++) {
		KEEP_AUTO(keep_mem) own = {0};

		taken += !keep_cbor_check(cut, &keep_cbor_socket, &e);
		keep_ignore(keep_schema_decode(&own, &all_schema, cut, true,
					       &a, &e), "it may not crash");
	}
	is_int(taken, 0, "every truncation is refused");
}

static bool has_text(const struct keep_field *f)
{
	return f->shape == KEEP_ONE && f->type != KEEP_T_ITEM &&
	       f->type != KEEP_T_STRUCT && f->type != KEEP_T_CHOICE &&
	       f->type != KEEP_T_SECRET && f->type != KEEP_T_BLOB;
}

/* What is shown is parsed to the same item. */
static void texts(struct keep_mem *m)
{
	struct keep_slice item = all_item(m), rest = item, one;
	uint64_t n = keep_cbor_next(&rest).v;
	struct keep_err e = {0};
	struct keep_all a;

	need(!keep_schema_decode(m, &all_schema, item, true, &a, &e));
	for (; n; n--) {
		const struct keep_field *f =
			&all_fields[keep_cbor_next(&rest).v];
		struct keep_buf text = {.mem = m}, out = {.mem = m};

		one = keep_cbor_skip(&rest);
		if (!has_text(f))
			continue;
		keep_field_text(f, (const char *)&a + f->offset, 0, &text);
		keep_ignore(keep_field_parse(m, f, keep_buf_get(&text), &out,
					     &e), "then there is no item");
		is_slice(keep_buf_get(&out), one,
			 "%s is read as it is shown: %.*s", f->name,
			 KEEP_F(keep_text_safe(m, keep_buf_get(&text), 40)));
	}
}

static const struct {
	size_t field;
	const char *text, *told;
} misread[] = {
	{0, "yes", "'yes' is not true or false"},
	{1, "ten", "'ten' is not a number"},
	{1, "801", "'801' is too large; at most 800"},
	{1, "1", "'1' is too small; at least 2"},
	{1, "", "'' is not a number"},
	{2, "99999999999999999999", "'99999999999999999999' is not a number"},
	{3, "2147483648", "'2147483648' is out of range; "
			  "-2147483648 to 2147483647"},
	{4, "-1002", "'-1002' is out of range; -1001 to 1000"},
	{5, "0,5", "'0,5' is not a number such as 0.5 or 1e9"},
	{6, "", "it is empty"},
	{6, "1234567890123", "'1234567890123' has 13 bytes; at most 12"},
	{6, "\xff", "'\\xff' is not UTF-8 text"},
	{7, "0", "'0' is not hex, two digits a byte"},
	{7, "zz", "'zz' is not hex, two digits a byte"},
	{7, "00", "'00' has 1 bytes; at least 2"},
	{8, "slwo", "'slwo' is none of its values (did you mean slow?)"},
	{8, "purple", "'purple' is none of its values "
		      "(one of off, slow, very-fast)"},
	{9, "tomorrow",
	 "'tomorrow' is not a time such as 2026-11-22T04:00:00Z"},
	{10, "5", "'5' is not a duration such as 500ms, 30s, 10m, 8h, 7d"},
	{10, "9h", "'9h' is too large; at most 8h"},
	{11, "5X", "'5X' is not a size such as 4096, 64K, 10M, 2G"},
	{11, "1K", "'1K' is too small; at least 4K"},
	{12, "101%", "'101%' is not a count or a percentage such as 25%"},
	{12, "%", "'%' is not a count or a percentage such as 25%"},
	{13, "1.2.3.256", "'1.2.3.256' is not an IP address"},
	{14, "a/b", "'a/b' is not an absolute path"},
	{15, "1234567", "'1234567' has 7 bytes; at most 6"},
	{16, "0102", "'0102' has 2 bytes; wants exactly 4"},
	{17, "ab", "'ab' has 2 bytes; wants exactly 3"},
	{18, "1", "item has no text form"},
	{19, "geheim", "secret has no text form"},
	{20, "x", "inner has no text form"},
};

static void refusals(struct keep_mem *m)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(misread); i++) {
		struct keep_err e = {0};
		struct keep_buf out = {.mem = m};
		int r = keep_field_parse(m, &all_fields[misread[i].field],
					 keep_slice(misread[i].text), &out,
					 &e);

		if (e.hint[0])
			is_slice(keep_mem_print(m, "%s (%s)", e.message,
						e.hint),
				 keep_slice(misread[i].told), "told: %s",
				 misread[i].told);
		else
			is_text(keep_slice(e.message), misread[i].told,
				"told: %s", misread[i].told);
		ok(r == -e.code && out.len == 0, "and nothing is put");
	}
}

struct keep_plain {
	uint32_t lumens;
	bool on;
	uint64_t wait;
	struct keep_share part;
	struct keep_slice room;
	uint32_t mode;
};
#define PLAIN(KIND, m) KEEP_##KIND(struct keep_plain, m)
static const struct keep_field plain_fields[] = {
	{PLAIN(UINT, lumens), .dflt = "800", .max = 900, .help = "how bright"},
	{PLAIN(BOOL, on), .dflt = "true"},
	{PLAIN(DURATION, wait), .dflt = "30s", .min = 1},
	{PLAIN(SHARE, part), .dflt = "50%"},
	{PLAIN(TEXT, room), .required = true, .max = 63, .help = "the room"},
	{KEEP_ENUM(struct keep_plain, mode, &all_modes), .dflt = "slow"},
};
static const struct keep_schema plain_schema =
	KEEP_SCHEMA(struct keep_plain, plain_fields);

static void defaults(struct keep_mem *m)
{
	struct keep_plain p;
	struct keep_err e = {0};

	need(!keep_schema_decode(m, &plain_schema, KEEP_S("\xa1\x04\x61k"),
				 true, &p, &e));
	ok(p.lumens == 800 && p.on && p.wait == 30000 && p.part.value == 50 &&
	   p.part.percent && p.mode == 1, "what is not given has its default");
	p = (struct keep_plain){0};
	ok(keep_schema_encode(&plain_schema, &p, &(struct keep_buf){.mem = m},
			      &e) == -KEEP_E_INTERNAL &&
	   keep_slice_is(keep_slice(e.message), "plain has no room"),
	   "a result that breaks its schema is not sent");
}

static const struct keep_schema tree_schema;
struct keep_tree {
	struct keep_list below;
	struct keep_choice choice;
	uint8_t id[16];
};
static const struct keep_field tree_fields[] = {
	{KEEP_STRUCTS(struct keep_tree, below, struct keep_tree, tree_schema),
	 .help = "its branches"},
	{KEEP_CHOICE(struct keep_tree, choice, all_arms)},
	{KEEP_FIXED(struct keep_tree, id), .required = true},
};
static const struct keep_schema tree_schema =
	KEEP_SCHEMA(struct keep_tree, tree_fields);

static void cddl(struct keep_mem *m)
{
	struct keep_buf plain = {.mem = m}, tree = {.mem = m};

	keep_schema_cddl(&plain_schema, &plain);
	is_text(keep_buf_get(&plain),
		"plain = {\n"
		"  ? 0: uint .le 900, ; lumens: how bright\n"
		"  ? 1: bool, ; on\n"
		"  ? 2: 1..18446744073709551615, ; wait\n"
		"  ? 3: [uint, bool], ; part\n"
		"  4: tstr .size (0..63), ; room: the room\n"
		"  ? 5: &(off: 0, slow: 1, very-fast: 2), ; mode\n"
		"}\n", "a schema is shown as CDDL");
	keep_schema_cddl(&tree_schema, &tree);
	is_text(keep_buf_get(&tree),
		"tree = {\n"
		"  ? 0: [* tree], ; below: its branches\n"
		"  ? 1: [0, {\n"
		"    0: tstr .size (0..8), ; name\n"
		"    ? 1: uint .le 4294967295, ; n: how many\n"
		"  }] / [1, {\n"
		"    ? 0: [0*3 uint], ; values\n"
		"  }], ; choice\n"
		"  2: bstr .size 16, ; id\n"
		"}\n", "nested ones stand in place, a tree names itself");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	round_trip(&mem);
	other_type(&mem);
	too_much(&mem);
	truncated(&mem);
	texts(&mem);
	refusals(&mem);
	defaults(&mem);
	cddl(&mem);
	return done();
}
