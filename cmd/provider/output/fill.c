/* Forms, filled. What grows here is in locked memory from its first byte. */
#include <keep/hash.h>
#include <keep/secret.h>
#include <keep/text.h>
#include "../expr/form.h"
#include "fill.h"

int keep_fill_begin(struct keep_fill *f, struct keep_err *e)
{
	f->source = keep_session_get(f->c->session, keep_value_source_key);
	if (!f->source)
		f->source = &keep_value_source_dev;
	f->known.mem = f->wanted.mem = f->c->mem;
	return f->source->list(f->c, &f->known, e);
}

bool keep_fill_id(const struct keep_fill *f, struct keep_slice env,
		  struct keep_slice name, struct keep_secret_id *id)
{
	*id = (struct keep_secret_id){env, name};
	if (keep_secret_ids_has(&f->known, *id))
		return true;
	id->env = KEEP_S("default");
	return keep_secret_ids_has(&f->known, *id);
}

static int note(struct keep_fill *f, struct keep_slice env,
		const struct keep_form_parts *form, struct keep_err *e)
{
	struct keep_secret_id id;

	if (keep_slice_is(form->kind, "secret ") &&
	    keep_fill_id(f, env, form->name, &id))
		return keep_secret_ids_add(&f->wanted, id, e);
	keep_fail(e, KEEP_E_NOT_FOUND, "%.*s'%.*s' of %.*s is not made yet",
		  KEEP_F(form->kind), KEEP_F(form->name), KEEP_F(env));
	return keep_hint(e, "`keep compile` makes it; one that was made before "
			 "comes back with %s alone", f->source->name);
}

int keep_fill_note(struct keep_fill *f, struct keep_slice env,
		   struct keep_slice text, struct keep_err *e)
{
	struct keep_form_parts form;
	size_t at = 0;
	int code = 0;

	for (; !code && keep_form_next(text, &at, &form); at += form.len)
		code = note(f, env, &form, e);
	return code;
}

int keep_fill_open(struct keep_fill *f, struct keep_err *e)
{
	f->values = KEEP_NEWS(f->c->mem, f->wanted.n, struct keep_slice);
	return !f->values ? keep_no_memory(e) :
		f->source->open(f->c, f->locked, &f->wanted, f->values, e);
}

struct keep_slice keep_fill_value(const struct keep_fill *f,
				  struct keep_slice env,
				  struct keep_slice name)
{
	struct keep_secret_id id;
	size_t at;

	if (keep_fill_id(f, env, name, &id) &&
	    keep_secret_ids_find(&f->wanted, id, &at))
		return f->values[at];
	return (struct keep_slice){0};
}

static void put_value(struct keep_buf *b, struct keep_slice how,
		      struct keep_slice value)
{
	uint8_t hash[KEEP_SHA256_LEN];

	if (keep_slice_is(how, "b64 ")) {
		keep_base64_put(b, value);
	} else if (keep_slice_is(how, "hex ")) {
		keep_hex_put(b, value.p, value.len);
	} else if (keep_slice_is(how, "sha256 ")) {
		keep_sha256(value, hash);
		keep_hex_put(b, hash, sizeof hash);
		keep_wipe(hash, sizeof hash);
	} else {
		keep_buf_slice(b, value);
	}
}

int keep_fill_text(const struct keep_fill *f, struct keep_slice env,
		   struct keep_slice text, struct keep_slice *out,
		   struct keep_err *e)
{
	struct keep_buf b = {.mem = f->locked};
	struct keep_slice value;
	struct keep_form_parts form;
	size_t at = 0, from = 0;

	for (; keep_form_next(text, &at, &form); from = at += form.len) {
		value = keep_fill_value(f, env, form.name);
		if (!value.p)
			return keep_fail(e, KEEP_E_NOT_FOUND, "secret '%.*s' "
					 "of %.*s is gone", KEEP_F(form.name),
					 KEEP_F(env));
		keep_buf_put(&b, text.p + from, at - from);
		put_value(&b, form.how, value);
	}
	keep_buf_put(&b, text.p + from, text.len - from);
	*out = keep_buf_get(&b);
	return keep_buf_check(&b, e);
}
