/* Structs as lines and tables. */
#include <ctype.h>
#include "form.h"
#include "print.h"

/* A text under way. */
struct texter {
	const struct keep_printer *p;
	struct keep_buf *out;
	bool indent; /* tables stand two blanks to the right */
};

static void put_lines(struct texter *t, const struct keep_schema *s,
		      const void *in, struct keep_slice prefix);

/* Foreign text stays on its line, whatever is in it. */
static void put_safe(const struct keep_printer *p, struct keep_slice s,
		     struct keep_buf *out)
{
	keep_buf_slice(out, keep_text_safe(p->mem, s, SIZE_MAX - 8));
}

static void put_json(const struct keep_printer *p, const struct keep_field *f,
		     const void *at, struct keep_buf *out)
{
	struct keep_former m = {.mem = p->mem, .hide = p->terminal && !p->show};
	struct keep_json v = keep_form_value(&m, f, at);

	keep_json_put(out, &v, KEEP_JSON_COMPACT);
	out->failed |= m.failed;
}

static void put_secret(const struct keep_printer *p,
		       const struct keep_slice *bytes, struct keep_buf *out)
{
	if (p->terminal && !p->show)
		keep_buf_text(out, "(hidden; --show)");
	else
		keep_buf_slice(out, *bytes);
}

static void put_one(const struct keep_printer *p, const struct keep_field *f,
		    const void *at, struct keep_buf *out)
{
	struct keep_buf b = {.mem = p->mem};

	if (f->type == KEEP_T_SECRET) {
		put_secret(p, at, out);
		return;
	}
	if (f->type == KEEP_T_ITEM || f->type == KEEP_T_STRUCT ||
	    f->type == KEEP_T_CHOICE)
		put_json(p, f, at, &b);
	else
		keep_field_text(f, at, p->terminal ? p->now_s : 0, &b);
	out->failed |= b.failed;
	put_safe(p, keep_buf_get(&b), out);
}

static void put_many(const struct keep_printer *p, const struct keep_field *f,
		     const struct keep_list *l, struct keep_buf *out)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const char *at = (const char *)l->v + i * keep_field_stride(f);

		if (i)
			keep_buf_text(out, ", ");
		if (f->shape == KEEP_MAP) {
			put_safe(p, *(const struct keep_slice *)at, out);
			keep_buf_byte(out, '=');
		}
		put_one(p, f, at + keep_field_value_at(f), out);
	}
}

/* The value of a field in one line; what is absent or empty is `-`. */
static struct keep_slice cell(struct texter *t, const struct keep_field *f,
			      const void *in)
{
	struct keep_buf b = {.mem = t->p->mem};

	if (!in || !keep_field_present(f, in))
		return KEEP_S("-");
	if (f->shape == KEEP_ONE)
		put_one(t->p, f, keep_form_member(f, in), &b);
	else
		put_many(t->p, f, keep_form_member(f, in), &b);
	t->out->failed |= b.failed;
	return b.len ? keep_buf_get(&b) : KEEP_S("-");
}

static bool is_nested(const struct keep_field *f)
{
	return f->type == KEEP_T_STRUCT && f->shape == KEEP_ONE;
}

/* "outer." before the names of its members. */
static struct keep_slice deeper(struct texter *t, struct keep_slice prefix,
				const struct keep_field *f)
{
	struct keep_slice s = keep_mem_print(t->p->mem, "%.*s%s.",
					     KEEP_F(prefix), f->name);

	t->out->failed |= !s.p;
	return s;
}

static size_t count(const struct keep_schema *s)
{
	size_t n = 0, i;

	for (i = 0; i < s->n; i++)
		n += is_nested(&s->fields[i]) ? count(s->fields[i].sub) : 1;
	return n;
}

static struct keep_slice heading(struct texter *t, struct keep_slice prefix,
				 const char *name)
{
	struct keep_buf b = {.mem = t->p->mem};
	size_t i;

	keep_buf_slice(&b, prefix);
	keep_buf_text(&b, name);
	for (i = 0; i < b.len; i++)
		b.p[i] = (char)toupper((unsigned char)b.p[i]);
	t->out->failed |= b.failed;
	return keep_buf_get(&b);
}

static void put_header(struct texter *t, const struct keep_schema *s,
		       struct keep_slice prefix, struct keep_tab *tab)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (is_nested(f))
			put_header(t, f->sub, deeper(t, prefix, f), tab);
		else
			keep_tab_cell(tab, heading(t, prefix, f->name));
	}
}

/* in: NULL where the struct around it is absent. */
static void put_row(struct texter *t, const struct keep_schema *s,
		    const void *in, struct keep_tab *tab)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];
		bool there = in && keep_field_present(f, in);

		if (is_nested(f))
			put_row(t, f->sub,
				there ? keep_form_member(f, in) : NULL, tab);
		else
			keep_tab_cell(tab, cell(t, f, in));
	}
}

static void put_table(struct texter *t, const struct keep_schema *s,
		      const struct keep_list *items)
{
	struct keep_tab tab = {.mem = t->p->mem,
			       .heading = t->p->terminal && t->p->color,
			       .n_columns = count(s) + t->indent};
	size_t i;

	if (t->p->terminal && items->n) {
		if (t->indent)
			keep_tab_cell(&tab, KEEP_S(""));
		put_header(t, s, KEEP_S(""), &tab);
	}
	for (i = 0; i < items->n; i++) {
		if (t->indent)
			keep_tab_cell(&tab, KEEP_S(""));
		put_row(t, s, (const char *)items->v + i * s->size, &tab);
	}
	keep_tab_put(&tab, t->out);
}

static void put_list(struct texter *t, const struct keep_field *f,
		     const void *in, struct keep_slice prefix)
{
	keep_buf_print(t->out, "%.*s%s:\n", KEEP_F(prefix), f->name);
	t->indent = true;
	put_table(t, f->sub, keep_form_member(f, in));
	t->indent = false;
}

static void put_choice(struct texter *t, const struct keep_field *f,
		       const void *in, struct keep_slice prefix)
{
	const struct keep_choice *c = keep_form_member(f, in);
	const struct keep_field *arm = keep_form_arm(f, c);

	keep_buf_print(t->out, "%.*s%s: %s\n", KEEP_F(prefix), f->name,
		       arm->name);
	put_lines(t, arm->sub, c->value, deeper(t, prefix, f));
}

static void put_cell(struct texter *t, const struct keep_field *f,
		     const void *in, struct keep_slice prefix)
{
	keep_buf_print(t->out, "%.*s%s: ", KEEP_F(prefix), f->name);
	keep_buf_slice(t->out, cell(t, f, in));
	keep_buf_byte(t->out, '\n');
}

static void put_field(struct texter *t, const struct keep_field *f,
		      const void *in, struct keep_slice prefix)
{
	if (is_nested(f))
		put_lines(t, f->sub, keep_form_member(f, in),
			  deeper(t, prefix, f));
	else if (f->type == KEEP_T_CHOICE && f->shape == KEEP_ONE)
		put_choice(t, f, in, prefix);
	else if (f->type == KEEP_T_STRUCT && f->shape == KEEP_LIST)
		put_list(t, f, in, prefix);
	else
		put_cell(t, f, in, prefix);
}

static void put_lines(struct texter *t, const struct keep_schema *s,
		      const void *in, struct keep_slice prefix)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		(keep_field_present(&s->fields[i], in) ? put_field : put_cell)
			(t, &s->fields[i], in, prefix);
}

void keep_print_lines(const struct keep_printer *p,
		      const struct keep_schema *s, const void *in,
		      struct keep_buf *out)
{
	struct texter t = {.p = p, .out = out};

	put_lines(&t, s, in, KEEP_S(""));
}

void keep_print_table(const struct keep_printer *p,
		      const struct keep_schema *s,
		      const struct keep_list *items, struct keep_buf *out)
{
	struct texter t = {.p = p, .out = out};

	put_table(&t, s, items);
}

void keep_print_line(const struct keep_printer *p,
		     const struct keep_schema *s, const void *in,
		     struct keep_buf *out)
{
	struct texter t = {.p = p, .out = out};
	const char *before = "";
	size_t i;

	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (!keep_field_present(f, in))
			continue;
		keep_buf_print(out, "%s%s: ", before, f->name);
		keep_buf_slice(out, cell(&t, f, in));
		before = "  ";
	}
	keep_buf_byte(out, '\n');
}
