/* A line of a batch: a JSON object that is a call. */
#include <string.h>
#include <keep/json.h>
#include "calling.h"

static int bad_line(struct keep_err *e, const char *what)
{
	keep_fail(e, KEEP_E_BAD_ARGS, "%s", what);
	return keep_hint(e, "{\"verb\": [\"node\", \"list\"], \"args\": {}, "
			 "\"id\": 1}");
}

/* Its members; *args is NULL without any. */
static int take_members(const struct keep_json *line, struct keep_mem *m,
			const struct keep_json **verb,
			const struct keep_json **args,
			struct keep_batch_line *out, struct keep_err *e)
{
	struct keep_buf id = {.mem = m};
	uint32_t i;

	for (i = 0; line->type == KEEP_JSON_OBJECT && i < line->n; i++) {
		const struct keep_json_member *x = &line->members[i];

		if (keep_slice_is(x->key, "verb")) {
			*verb = &x->value;
		} else if (keep_slice_is(x->key, "args")) {
			*args = &x->value;
		} else if (keep_slice_is(x->key, "id")) {
			keep_json_to_cbor(&x->value, &id);
			out->id = keep_buf_get(&id);
		} else {
			return bad_line(e, "a line has verb, args and id, and "
					"nothing else");
		}
	}
	return keep_buf_check(&id, e);
}

static int take_verb(struct keep_calling *k, struct keep_mem *m,
		     const struct keep_json *verb, struct keep_batch_line *out,
		     struct keep_err *e)
{
	struct keep_slice *words;
	size_t used, n = verb && verb->type == KEEP_JSON_LIST ? verb->n : 0;
	size_t i;

	if (!n || n > KEEP_PATH_WORDS)
		return bad_line(e, "verb is no list of words");
	words = KEEP_NEWS(m, n, struct keep_slice);
	if (!words)
		return keep_no_memory(e);
	for (i = 0; i < n; i++) {
		words[i] = keep_json_text(&verb->list[i]);
		if (verb->list[i].type != KEEP_JSON_TEXT)
			return bad_line(e, "verb is no list of words");
	}
	out->call.path = (struct keep_slices){words, n};
	out->verb = keep_calling_verb(k, m, out->call.path, &used, e);
	if (out->verb && used < n)
		return keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "%s has no '%.*s'",
				 out->verb->path, KEEP_F(words[used]));
	return out->verb ? 0 : -e->code;
}

static int take_args(struct keep_mem *m, const struct keep_json *args,
		     struct keep_batch_line *out, struct keep_err *e)
{
	struct keep_buf bytes = {.mem = m};
	int rc;

	/* no server takes them, and nothing here locks and wipes them */
	if (out->verb->flags & KEEP_V_SECRET)
		return keep_fail(e, KEEP_E_NOT_EXPOSED, "%s carries secrets",
				 out->verb->path);
	if (!args)
		return 0;
	if (!out->verb->args)
		return args->type == KEEP_JSON_OBJECT && !args->n ? 0 :
		       keep_fail(e, KEEP_E_BAD_ARGS, "keep %s takes no "
				 "arguments", out->verb->path);
	rc = keep_form_read(m, out->verb->args, args, &bytes, e);
	out->call.args = keep_buf_get(&bytes);
	return rc;
}

bool keep_batch_blank(struct keep_slice s)
{
	size_t i = 0;

	while (i < s.len && strchr(" \t\r", s.p[i]))
		i++;
	return i == s.len;
}

int keep_batch_read(struct keep_calling *k, struct keep_mem *m,
		    struct keep_slice text, struct keep_batch_line *out,
		    struct keep_err *e)
{
	const struct keep_json *verb = NULL, *args = NULL;
	struct keep_problems faults = {.mem = m};
	struct keep_json line;

	out->call = keep_calling_call(k);
	if (keep_json_read(m, text, NULL, KEEP_JSON_STRICT, &faults, &line)) {
		if (!faults.first)
			return keep_no_memory(e);
		return keep_fail(e, KEEP_E_BAD_ARGS, "column %u: %.*s",
				 faults.first->column,
				 KEEP_F(faults.first->message));
	}
	if (take_members(&line, m, &verb, &args, out, e) ||
	    take_verb(k, m, verb, out, e))
		return -e->code;
	return take_args(m, args, out, e);
}
