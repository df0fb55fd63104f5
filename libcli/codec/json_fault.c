/* What the reader says when a document is wrong. */
#include <keep/text.h>
#include "json_reader.h"
#include "json_sort.h"

/* Characters are counted as bytes that do not continue one. */
struct keep_json_place keep_json_place(struct keep_json_reader *r, size_t at)
{
	if (at < r->counted) {
		r->counted = 0;
		r->place = (struct keep_json_place){1, 1};
	}
	for (; r->counted < at; r->counted++) {
		char c = r->text.p[r->counted];

		if (c == '\n')
			r->place = (struct keep_json_place){
				r->place.line + 1, 1};
		else if ((c & 0xc0) != 0x80)
			r->place.column++;
	}
	return r->place;
}

void keep_json_fault(struct keep_json_reader *r, struct keep_json_place place,
		     const char *fmt, ...)
{
	struct keep_slice message = {0}, where = {0};
	va_list ap;

	va_start(ap, fmt);
	if (r->ps->kept < KEEP_PROBLEMS_MAX)
		message = keep_mem_vprint(r->ps->mem, fmt, ap);
	va_end(ap);
	if (r->source)
		where = r->source->name;
	keep_problem(r->ps, where, place.line, place.column, "%.*s",
		     KEEP_F(message));
}

/* What stands at r->at, for "found ...". */
static struct keep_slice found(const struct keep_json_reader *r)
{
	struct keep_slice s = {r->text.p + r->at, 0};
	size_t end = keep_json_word_end(r->text, r->at);

	if (end > r->at)
		s.len = end - r->at < 40 ? end - r->at : 40;
	else
		keep_utf8_get(s.p, &s.len);
	return s;
}

static bool is_merge_mark(const struct keep_json_reader *r)
{
	struct keep_slice s = {r->text.p + r->at, r->text.len - r->at};

	return keep_slice_starts(s, "<<<<<<<") ||
	       keep_slice_starts(s, "=======") ||
	       keep_slice_starts(s, ">>>>>>>");
}

static void hint(struct keep_json_reader *r, const char *wanted)
{
	char c = keep_json_byte(r->text, r->at);
	bool strict = r->dialect == KEEP_JSON_STRICT;

	if (is_merge_mark(r))
		keep_problem_hint(r->ps, "git left this mark of a conflict; "
				  "keep one of the two sides");
	else if (c == '\'')
		keep_problem_hint(r->ps, "texts stand in double quotes");
	else if (c == '#' || c == '/')
		keep_problem_hint(r->ps, "%s", strict ?
				  "comments are not allowed here" :
				  "comments are // and /* */");
	else if (c == '=')
		keep_problem_hint(r->ps, "':' stands behind a key");
	else if (wanted[0] == '\'' && wanted[1] == ',')
		keep_problem_hint(r->ps, "is a comma missing before it?");
	else if (keep_slice_is(KEEP_S("a value"), wanted))
		keep_problem_hint(r->ps, "a value is null, true, false, "
				  "a number, a text in double quotes, "
				  "[..] or {..}");
}

bool keep_json_unexpected(struct keep_json_reader *r, const char *wanted)
{
	struct keep_json_place place = keep_json_place(r, r->at);

	if (r->at < r->text.len) {
		keep_json_fault(r, place, "'%.*s' where %s was expected",
				KEEP_F(found(r)), wanted);
		hint(r, wanted);
		return false;
	}
	keep_json_fault(r, place, "the end where %s was expected", wanted);
	if (r->depth)
		keep_problem_hint(r->ps, "what line %u opens is not closed",
				  r->open[r->depth - 1]);
	return false;
}

static void duplicate(struct keep_json_reader *r,
		      const struct keep_json_member *first,
		      const struct keep_json_member *m)
{
	struct keep_json_place place = {m->line, m->column};

	keep_json_fault(r, place, "the key \"%.*s\" stands here again",
			KEEP_F(m->key));
	keep_problem_hint(r->ps, "its first place is %u:%u", first->line,
			  first->column);
}

static void compare_all(struct keep_json_reader *r,
			const struct keep_json_member *m, size_t n)
{
	size_t i, k;

	for (i = 1; i < n; i++) {
		for (k = 0; k < i && !keep_slice_eq(m[k].key, m[i].key); k++)
			;
		if (k < i)
			duplicate(r, &m[k], &m[i]);
	}
}

void keep_json_find_duplicates(struct keep_json_reader *r,
			       const struct keep_json *v)
{
	const struct keep_json_member **sorted;
	uint32_t i, first = 0;

	if (v->n <= 16) {
		compare_all(r, v->members, v->n);
		return;
	}
	sorted = keep_json_sort(&r->order, v, keep_slice_cmp);
	r->no_memory |= !sorted;
	for (i = 1; sorted && i < v->n; i++) {
		if (!keep_slice_eq(sorted[first]->key, sorted[i]->key))
			first = i;
		else
			duplicate(r, sorted[first], sorted[i]);
	}
}
