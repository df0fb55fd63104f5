/* What can be given, and what was. */
#include <ctype.h>
#include "argv.h"

static bool grow(struct keep_words *a, struct keep_slot *s)
{
	size_t cap = s->cap ? s->cap * 2 : 4, i;
	struct keep_slice *v = KEEP_NEWS(a->c->mem, cap, struct keep_slice);

	if (!v)
		return false;
	for (i = 0; i < s->n; i++)
		v[i] = s->given[i];
	s->given = v;
	s->cap = cap;
	return true;
}

void keep_argv_give(struct keep_words *a, struct keep_slot *s,
		    struct keep_slice value)
{
	if (s->n == s->cap && !grow(a, s))
		a->no_memory = true;
	else
		s->given[s->n++] = value;
}

bool keep_argv_is_flag(const struct keep_field *f)
{
	return f->type == KEEP_T_BOOL ||
	       (f->type == KEEP_T_STRUCT && f->sub->n == 0);
}

static bool has_inside(const struct keep_field *f)
{
	return f->shape == KEEP_ONE && f->source != KEEP_NOWHERE &&
	       !keep_argv_is_flag(f) &&
	       (f->type == KEEP_T_STRUCT || f->type == KEEP_T_CHOICE);
}

/* An arm with one member is the option of that member. */
static void name_arms(struct keep_argv_tree *arms)
{
	size_t i;

	for (i = 0; i < arms->schema->n; i++) {
		struct keep_slot *arm = &arms->slots[i];
		struct keep_slot *member = arm->inside ? arm->inside->slots :
							 NULL;

		if (member && arm->inside->schema->n == 1 && !member->inside)
			snprintf(member->name, sizeof member->name, "%s",
				 arm->name);
	}
}

static struct keep_argv_tree *tree_new(struct keep_mem *m,
				  const struct keep_schema *s,
				  const char *prefix);

static bool slot_fill(struct keep_mem *m, struct keep_slot *slot,
		      const struct keep_field *f, const char *prefix)
{
	char *p;

	slot->field = f;
	snprintf(slot->name, sizeof slot->name, "%s%s%s", prefix,
		 prefix[0] ? "-" : "", f->name);
	for (p = slot->name; *p; p++)
		if (*p == '_')
			*p = '-';
	if (!has_inside(f))
		return true;
	slot->inside = tree_new(m, f->sub,
				f->type == KEEP_T_CHOICE ? prefix : slot->name);
	if (slot->inside && f->type == KEEP_T_CHOICE)
		name_arms(slot->inside);
	return slot->inside != NULL;
}

static struct keep_argv_tree *tree_new(struct keep_mem *m,
				  const struct keep_schema *s,
				  const char *prefix)
{
	struct keep_argv_tree *t = KEEP_NEW(m, struct keep_argv_tree);
	size_t i;

	if (!t)
		return NULL;
	t->schema = s;
	t->slots = KEEP_NEWS(m, s->n, struct keep_slot);
	for (i = 0; t->slots && i < s->n; i++)
		if (!slot_fill(m, &t->slots[i], &s->fields[i], prefix))
			return NULL;
	return t->slots ? t : NULL;
}

struct keep_argv_tree *keep_argv_tree_new(struct keep_mem *m,
				const struct keep_schema *s)
{
	return tree_new(m, s, "");
}

static bool is_option(const struct keep_slot *s)
{
	return !s->inside && (s->field->source == KEEP_OPTION ||
			      s->field->source == KEEP_STDIN);
}

struct keep_slot *keep_argv_find(struct keep_argv_tree *t,
				 struct keep_slice name)
{
	struct keep_slot *found = NULL;
	size_t i;

	for (i = 0; t && !found && i < t->schema->n; i++) {
		struct keep_slot *s = &t->slots[i];

		if (s->inside)
			found = keep_argv_find(s->inside, name);
		else if (is_option(s) && keep_slice_is(name, s->name))
			found = s;
	}
	return found;
}

struct keep_slot *keep_argv_find_letter(struct keep_argv_tree *t, char letter)
{
	struct keep_slot *found = NULL;
	size_t i;

	for (i = 0; t && !found && i < t->schema->n; i++) {
		struct keep_slot *s = &t->slots[i];

		if (s->inside)
			found = keep_argv_find_letter(s->inside, letter);
		else if (is_option(s) && s->field->letter == letter)
			found = s;
	}
	return found;
}

struct keep_slice keep_argv_called(struct keep_words *a,
				   const struct keep_slot *s)
{
	struct keep_slice called;
	size_t i;
	char *p;

	if (s->field->source == KEEP_OPTION || s->field->source == KEEP_STDIN)
		return keep_mem_print(a->c->mem, "--%s", s->name);
	if (s->field->meta)
		return keep_slice(s->field->meta);
	called = keep_mem_print(a->c->mem, "%s", s->name);
	p = called.p ? keep_mem_alloc(a->c->mem, called.len + 1) : NULL;
	for (i = 0; p && i < called.len; i++)
		p[i] = (char)toupper((unsigned char)called.p[i]);
	return p ? (struct keep_slice){p, called.len} : called;
}
