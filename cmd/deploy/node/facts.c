/* keep node facts */
#include <fcntl.h>
#include "node.h"

enum { FACTS_MAX = 1 << 20, ADDRESSES_MAX = 256 };

#define A struct keep_node_facts_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_BOOL(A, update), .help = "write them to facts/NODE.json"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_node_facts_args_schema =
	KEEP_SCHEMA(struct keep_node_facts_args, args);

#define R struct keep_node_facts_row
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, name), .required = true, .help = "the node"},
	{KEEP_ENUM(R, state, &keep_node_stands), .required = true, .help = "how it stands"},
	{KEEP_MAP_ITEM(R, facts), .help = "what is known of it"},
	{KEEP_BOOL(R, changed), .help = "whether facts/NODE.json was written"},
	{KEEP_TEXT(R, text), .help = "what went wrong"},
};
#undef R
const struct keep_schema keep_node_facts_row_schema =
	KEEP_SCHEMA(struct keep_node_facts_row, fields);

/* What we know to ask for, by name; kilobytes become bytes. */
static const struct fact {
	const char *name, *word;
	enum keep_json_type type;
	uint64_t unit;
} known[] = {
	{"addresses", "address", KEEP_JSON_LIST, 0},
	{"arch", "arch", KEEP_JSON_TEXT, 0},
	{"cpus", "cpus", KEEP_JSON_INT, 1},
	{"disk", "disk", KEEP_JSON_INT, 1024},
	{"hostname", "hostname", KEEP_JSON_TEXT, 0},
	{"kernel", "kernel", KEEP_JSON_TEXT, 0},
	{"memory", "memory", KEEP_JSON_INT, 1024},
	{"os", "os", KEEP_JSON_TEXT, 0},
	{"os_version", "os_version", KEEP_JSON_TEXT, 0},
	{"packages", "packages", KEEP_JSON_TEXT, 0},
	{"systemd", "systemd", KEEP_JSON_BOOL, 0},
};

/* --- what a node says ----------------------------------------------------- */

static bool number(struct keep_slice words, uint64_t unit, int64_t *out)
{
	uint64_t n, all;

	if (!keep_num_uint(words, &n) ||
	    __builtin_mul_overflow(n, unit, &all) || all > INT64_MAX)
		return false;
	*out = (int64_t)all;
	return true;
}

static int put_addresses(struct keep_ctx *c, struct keep_slice lines,
			 struct keep_json *out, struct keep_err *e)
{
	struct keep_json *v = KEEP_NEWS(c->mem, ADDRESSES_MAX,
					struct keep_json);
	struct keep_slice what, words;
	struct keep_ip ip;

	if (!v)
		return keep_no_memory(e);
	*out = (struct keep_json){.type = KEEP_JSON_LIST, .list = v};
	while (out->n < ADDRESSES_MAX &&
	       keep_node_line(&lines, &what, &words))
		if (keep_slice_is(what, "address") && keep_ip_get(words, &ip))
			v[out->n++] = keep_json_of(words);
	return 0;
}

/* The fact of a node, or null when it did not say it, or nonsense. */
static int get(struct keep_ctx *c, const struct fact *f,
	       struct keep_slice lines, struct keep_json *out,
	       struct keep_err *e)
{
	struct keep_slice what, words, all = lines;

	*out = (struct keep_json){.type = f->type == KEEP_JSON_BOOL ?
				  KEEP_JSON_BOOL : KEEP_JSON_NULL};
	if (f->type == KEEP_JSON_LIST)
		return put_addresses(c, all, out, e);
	while (keep_node_line(&lines, &what, &words)) {
		if (!keep_slice_is(what, f->word))
			continue;
		if (f->type == KEEP_JSON_TEXT && words.len)
			*out = keep_json_of(keep_node_text(c, words));
		else if (f->type == KEEP_JSON_BOOL)
			out->number = 1;
		else if (f->type == KEEP_JSON_INT &&
			 number(words, f->unit, &out->number))
			out->type = KEEP_JSON_INT;
	}
	return 0;
}

int keep_node_read_facts(struct keep_ctx *c, struct keep_slice lines,
			 struct keep_json *out, struct keep_err *e)
{
	struct keep_json_member *v = KEEP_NEWS(c->mem, KEEP_COUNT(known),
					       struct keep_json_member);
	size_t i;
	int rc = v ? 0 : keep_no_memory(e);

	*out = (struct keep_json){.type = KEEP_JSON_OBJECT, .members = v};
	for (i = 0; i < KEEP_COUNT(known) && !rc; i++) {
		v[out->n].key = keep_slice(known[i].name);
		rc = get(c, &known[i], lines, &v[out->n].value, e);
		out->n += v[out->n].value.type != KEEP_JSON_NULL;
	}
	return rc;
}

/* --- what becomes of it --------------------------------------------------- */

static int write_facts(struct keep_ctx *c, const struct keep_json *facts,
		       struct keep_node_facts_row *row, struct keep_err *e)
{
	int root = keep_fd_get(&c->instance);
	struct keep_slice path, old;
	struct keep_buf text = {.mem = c->mem};
	int rc;

	path = keep_mem_print(c->mem, "facts/%.*s.json", KEEP_F(row->name));
	keep_json_put(&text, facts, KEEP_JSON_PRETTY | KEEP_JSON_SORTED);
	keep_buf_byte(&text, '\n');
	rc = path.p ? keep_buf_check(&text, e) : keep_no_memory(e);
	if (rc)
		return rc;
	if (!keep_file_read(c->mem, root, path.p, FACTS_MAX, &old, NULL) &&
	    keep_slice_eq(old, keep_buf_get(&text)))
		return 0;
	row->changed = true;
	rc = keep_dir_make(root, "facts", 0755, e);
	return rc ? rc : keep_file_replace(root, path.p, keep_buf_get(&text),
					   0644, e);
}

static int put_row(struct keep_ctx *c, const struct keep_json *facts,
		   struct keep_node_facts_row *row, struct keep_err *e)
{
	struct keep_entry *v = KEEP_NEWS(c->mem, facts->n, struct keep_entry);
	uint32_t i;
	int rc = v ? 0 : keep_no_memory(e);

	for (i = 0; i < facts->n && !rc; i++) {
		struct keep_buf b = {.mem = c->mem};

		keep_json_to_cbor(&facts->members[i].value, &b);
		v[i] = (struct keep_entry){facts->members[i].key,
					   keep_buf_get(&b)};
		rc = keep_buf_check(&b, e);
	}
	row->facts = (struct keep_entries){v, facts->n};
	return rc;
}

static int tell(struct keep_ctx *c, const struct keep_node_answers *answers,
		bool update, struct keep_err *e)
{
	int rc = 0, verdict = 0;
	size_t i;

	for (i = 0; i < answers->n && !rc; i++) {
		const struct keep_node_answer *a = &answers->v[i];
		struct keep_node_facts_row row = {
			.name = a->name, .state = a->state,
			.text = a->text,
		};
		struct keep_json facts = {0};

		verdict = keep_node_verdict(verdict, row.state);
		if (row.state == KEEP_STANDS_OK)
			rc = keep_node_read_facts(c, a->lines, &facts, e);
		if (!rc && row.state == KEEP_STANDS_OK)
			rc = put_row(c, &facts, &row, e);
		if (!rc && row.state == KEEP_STANDS_OK && update)
			rc = write_facts(c, &facts, &row, e);
		if (!rc)
			rc = keep_emit(c, &row, e);
	}
	return rc ? rc : verdict;
}

int keep_node_facts(struct keep_ctx *c, const struct keep_node_facts_args *a,
		    struct keep_err *e)
{
	const struct keep_node_question q = {"facts", false,
					     KEEP_REACH_OPTIONS(a)};
	struct keep_node_answers answers;
	int rc = keep_node_ask_all(c, a->filter, &q, &answers, e);

	return rc ? rc : tell(c, &answers, a->update, e);
}

/* --- text ----------------------------------------------------------------- */

static void put_fact(const struct keep_view *v, struct keep_slice name,
		     const struct keep_entry *fact, struct keep_buf *out)
{
	struct keep_json value;

	if (keep_json_from_cbor(v->mem, fact->value, &value, NULL))
		value = (struct keep_json){0};
	keep_buf_print(out, "%.*s: %.*s = ", KEEP_F(name), KEEP_F(fact->key));
	if (value.type == KEEP_JSON_TEXT)
		keep_buf_slice(out, keep_json_text(&value));
	else
		keep_json_put(out, &value, KEEP_JSON_COMPACT);
	keep_buf_byte(out, '\n');
}

/* By name: a map has no order. */
static void put_facts(const struct keep_view *v,
		      const struct keep_node_facts_row *row,
		      struct keep_buf *out)
{
	size_t i, j;

	for (i = 0; i < KEEP_COUNT(known); i++)
		for (j = 0; j < row->facts.n; j++)
			if (keep_slice_is(row->facts.v[j].key, known[i].name))
				put_fact(v, row->name, &row->facts.v[j], out);
}

void keep_node_facts_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_facts_row *row = v->items.v;
	size_t i;

	for (i = 0; i < v->items.n; i++, row++) {
		keep_node_put_trouble(v, row->name, row->state, row->text,
				      out);
		put_facts(v, row, out);
		if (row->changed)
			keep_buf_print(out, "%.*s: facts/%.*s.json is "
				       "written\n", KEEP_F(row->name),
				       KEEP_F(row->name));
	}
}
