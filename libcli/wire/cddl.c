/* The CDDL of a schema (RFC 8610). A struct inside itself becomes a rule. */
#include <ctype.h>
#include <inttypes.h>
#include "schema.h"

enum { RULES_MAX = 8 };

struct cddl {
	struct keep_buf *out;
	const struct keep_schema *rules[RULES_MAX]; /* asked for: first */
	size_t n;
	int depth;
};

/* The structs around the one that is written. */
struct around {
	const struct keep_schema *s;
	const struct around *up;
};

static void put_map(struct cddl *c, const struct keep_schema *s,
		    const struct around *up);

static bool is_rule(const struct cddl *c, const struct keep_schema *s)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->rules[i] == s)
			return true;
	return false;
}

/* A struct in place, or the name of the rule that it has become. */
static void put_struct(struct cddl *c, const struct keep_schema *s,
		       const struct around *up)
{
	const struct around *a = up;

	while (a && a->s != s)
		a = a->up;
	if (a && !is_rule(c, s) && c->n < RULES_MAX)
		c->rules[c->n++] = s;
	if (a || is_rule(c, s))
		keep_buf_text(c->out, s->name);
	else
		put_map(c, s, up);
}

static void put_choice(struct cddl *c, const struct keep_schema *arms,
		       const struct around *up)
{
	size_t i;

	for (i = 0; i < arms->n; i++) {
		keep_buf_print(c->out, "%s[%zu, ", i ? " / " : "", i);
		put_struct(c, arms->fields[i].sub, up);
		keep_buf_byte(c->out, ']');
	}
}

static bool is_id(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    !(i && name[i + 1] && name[i] == '-'))
			return false;
	return isalpha((unsigned char)name[0]);
}

static void put_enum(struct cddl *c, const struct keep_names_of *names)
{
	size_t i;

	keep_buf_text(c->out, "&(");
	for (i = 0; i < names->n; i++) {
		const char *quote = is_id(names->v[i]) ? "" : "\"";

		keep_buf_print(c->out, "%s%s%s%s: %zu", i ? ", " : "", quote,
			       names->v[i], quote, i);
	}
	keep_buf_byte(c->out, ')');
}

static void put_number(struct cddl *c, const struct keep_field *f)
{
	uint64_t max = keep_field_max(f);

	if (f->type == KEEP_T_INT)
		keep_buf_print(c->out, "-%" PRIu64 "..%" PRIu64, max + 1, max);
	else if (f->min)
		keep_buf_print(c->out, "%" PRIu64 "..%" PRIu64, f->min, max);
	else if (max == UINT64_MAX)
		keep_buf_text(c->out, "uint");
	else
		keep_buf_print(c->out, "uint .le %" PRIu64, max);
}

static void put_bytes(struct cddl *c, const struct keep_field *f)
{
	keep_buf_text(c->out, keep_type_rows[f->type].cddl);
	if (f->min || f->max)
		keep_buf_print(c->out, " .size (%" PRIu64 "..%" PRIu64 ")",
			       f->min, f->max ? f->max : UINT32_MAX);
}

static void put_type(struct cddl *c, const struct keep_field *f,
		     const struct around *up)
{
	const struct keep_type_row *row = &keep_type_rows[f->type];

	switch (f->type) {
	case KEEP_T_STRUCT: put_struct(c, f->sub, up); break;
	case KEEP_T_CHOICE: put_choice(c, f->sub, up); break;
	case KEEP_T_ENUM: put_enum(c, f->names); break;
	case KEEP_T_UINT:
	case KEEP_T_INT:
	case KEEP_T_TIME:
	case KEEP_T_DURATION:
	case KEEP_T_SIZE: put_number(c, f); break;
	case KEEP_T_FIXED:
	case KEEP_T_FIXED_TEXT:
		keep_buf_print(c->out, "%s .size %u", row->cddl, f->size);
		break;
	default:
		if (row->is_slice && f->type != KEEP_T_ITEM)
			put_bytes(c, f);
		else
			keep_buf_text(c->out, row->cddl);
	}
}

/* Brackets, how many, and the type between them. */
static void put_shape(struct cddl *c, const struct keep_field *f,
		      const struct around *up)
{
	bool is_list = f->shape == KEEP_LIST;

	if (f->shape == KEEP_ONE) {
		put_type(c, f, up);
		return;
	}
	keep_buf_text(c->out, is_list ? "[" : "{");
	if (f->max_n)
		keep_buf_print(c->out, "0*%u ", f->max_n);
	else
		keep_buf_text(c->out, "* ");
	keep_buf_text(c->out, is_list ? "" : "tstr => ");
	put_type(c, f, up);
	keep_buf_text(c->out, is_list ? "]" : "}");
}

static void put_field(struct cddl *c, const struct keep_field *f, size_t key,
		      const struct around *up)
{
	keep_buf_print(c->out, "%*s%s%zu: ", c->depth * 2, "",
		       f->required ? "" : "? ", key);
	put_shape(c, f, up);
	keep_buf_print(c->out, ", ; %s%s%s\n", f->name, f->help ? ": " : "",
		       f->help ? f->help : "");
}

static void put_map(struct cddl *c, const struct keep_schema *s,
		    const struct around *up)
{
	struct around here = {s, up};
	size_t i;

	if (!s->n) {
		keep_buf_text(c->out, "{}");
		return;
	}
	keep_buf_text(c->out, "{\n");
	c->depth++;
	for (i = 0; i < s->n; i++)
		put_field(c, &s->fields[i], i, &here);
	c->depth--;
	keep_buf_print(c->out, "%*s}", c->depth * 2, "");
}

void keep_schema_cddl(const struct keep_schema *s, struct keep_buf *out)
{
	struct cddl c = {.out = out, .rules = {s}, .n = 1};
	size_t i;

	for (i = 0; i < c.n; i++) {
		keep_buf_print(out, "%s = ", c.rules[i]->name);
		put_map(&c, c.rules[i], NULL);
		keep_buf_byte(out, '\n');
	}
}
