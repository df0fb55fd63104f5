/* What comes from outside of the trees, and what stops. */
#include <inttypes.h>
#include <keep/text.h>
#include "fn.h"
#include "form.h"
#include "template.h"

/* A source that failed: its own words. */
static int source_fault(struct keep_call *c, int code, const struct keep_err *e)
{
	int rc;

	if (code == -KEEP_E_NO_MEMORY)
		return code;
	rc = keep_call_fault(c, "%s", e->message);
	if (e->hint[0])
		keep_problem_hint(c->ev->ps, "%s", e->hint);
	return rc;
}

static int must_host(struct keep_call *c)
{
	return c->ev->world->host ? 0 :
		keep_call_fault(c, "there is nothing to ask here");
}

static int check_name(struct keep_call *c)
{
	struct keep_slice name = keep_v_slice(&c->args[0]);
	int rc;

	if (keep_form_name(name))
		return 0;
	rc = keep_call_fault(c, "'%.*s' is no name",
			     (int)(name.len < 64 ? name.len : 64), name.p);
	keep_problem_hint(c->ev->ps, "a-z, 0-9, and behind the first also "
			  ". _ -");
	return rc;
}

int keep_call_form(struct keep_call *c, const struct keep_buf *form,
		   struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};
	struct keep_value v = keep_v_text(keep_buf_get(form));

	if (form->failed)
		return -KEEP_E_NO_MEMORY;
	v.secret = true;
	keep_joint_add(&j, &v);
	return keep_joint_value(c->ev, c->at, &j, out);
}

static int check_given(struct keep_call *c)
{
	if (c->n < 2 || keep_slice_is(keep_v_slice(&c->args[1]), "given"))
		return 0;
	return keep_call_fault(c, "`given` is all that may follow the name");
}

static int secret(struct keep_call *c, struct keep_value *out)
{
	struct keep_world *w = c->ev->world;
	struct keep_slice name = keep_v_slice(&c->args[0]);
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_err e = {0};
	bool made = false;
	int rc = must_host(c);

	if (!rc)
		rc = check_name(c);
	if (!rc)
		rc = check_given(c);
	if (rc)
		return rc;
	rc = w->host->secret(w, c->ev->frame->node, name, c->n > 1, &made, &e);
	if (rc)
		return source_fault(c, rc, &e);
	keep_buf_print(&b, "<secret %.*s%s>", KEEP_F(name),
		       made ? "" : ", not made");
	return keep_call_form(c, &b, out);
}

static int check_type(struct keep_call *c)
{
	static const char *const types[] = {
		"rsa2048", "ed25519", "x25519", "wireguard",
	};
	struct keep_slice type = keep_v_slice(&c->args[1]);
	size_t i;
	int rc;

	for (i = 0; i < KEEP_COUNT(types); i++)
		if (keep_slice_is(type, types[i]))
			return 0;
	rc = keep_call_fault(c, "'%.*s' is no type of key",
			     (int)(type.len < 64 ? type.len : 64), type.p);
	keep_problem_hint(c->ev->ps, "rsa2048, ed25519, x25519 or wireguard");
	return rc;
}

static int keypair(struct keep_call *c, struct keep_value *out)
{
	static const struct {
		const char *key, *part;
	} halves[] = {
		{"public", " public"}, {"private", ""},
		{"fingerprint", " fingerprint"},
	};
	struct keep_slice name = keep_v_slice(&c->args[0]);
	struct keep_pair *pairs = NULL;
	int rc = check_name(c);
	size_t i;

	if (!rc)
		rc = check_type(c);
	if (!rc)
		pairs = keep_ev_alloc(c->ev, KEEP_COUNT(halves),
				      sizeof *pairs, &rc);
	for (i = 0; i < KEEP_COUNT(halves) && !rc; i++) {
		KEEP_AUTO(keep_buf) b = {0};

		keep_buf_print(&b, "<keypair %.*s%s>", KEEP_F(name),
			       halves[i].part);
		pairs[i].key = keep_slice(halves[i].key);
		rc = keep_call_form(c, &b, &pairs[i].value);
	}
	*out = keep_v_object(pairs, KEEP_COUNT(halves));
	return rc;
}

static int randint(struct keep_call *c, struct keep_value *out)
{
	struct keep_world *w = c->ev->world;
	int64_t low = c->args[1].number, high = c->args[2].number, v = 0;
	struct keep_err e = {0};
	int rc = must_host(c);

	if (!rc)
		rc = check_name(c);
	if (rc)
		return rc;
	if (low > high)
		return keep_call_fault(c, "%" PRId64 " is more than %" PRId64,
				       low, high);
	rc = w->host->randint(w, keep_v_slice(&c->args[0]), low, high, &v, &e);
	*out = keep_v_int(v);
	return rc ? source_fault(c, rc, &e) : 0;
}

static int pick(struct keep_call *c, struct keep_value *out)
{
	struct keep_world *w = c->ev->world;
	const struct keep_value *set = &c->args[1];
	struct keep_err e = {0};
	struct keep_slice *names;
	size_t i, chosen = 0;
	int rc = must_host(c);

	if (!rc)
		rc = check_name(c);
	if (rc || set->n == 0)
		return rc;
	names = keep_ev_alloc(c->ev, set->n, sizeof *names, &rc);
	for (i = 0; names && i < set->n; i++)
		names[i] = set->nodes[i]->name;
	if (!rc)
		rc = keep_ev_steps(c->ev, set->n);
	if (rc)
		return rc;
	rc = w->host->pick(w, keep_v_slice(&c->args[0]), names, set->n,
			   &chosen, &e);
	if (rc)
		return source_fault(c, rc, &e);
	*out = keep_v_node(set->nodes[chosen]);
	return 0;
}

static int check_content(struct keep_call *c, struct keep_slice s)
{
	struct keep_slice path = keep_v_slice(&c->args[0]);

	if (s.len > KEEP_EXPR_TEXT)
		return keep_call_fault(c, "%.*s has %zu bytes; at most %d are "
				       "read", KEEP_F(path), s.len,
				       KEEP_EXPR_TEXT);
	if (!keep_utf8_ok(s) || memchr(s.p, 0, s.len))
		return keep_call_fault(c, "%.*s is not UTF-8 text",
				       KEEP_F(path));
	if (keep_form_count(s))
		return keep_call_fault(c, "%.*s holds the form that stands for "
				       "a secret", KEEP_F(path));
	return keep_ev_bytes(c->ev, s.len);
}

int keep_call_file(struct keep_call *c, bool *found, struct keep_slice *s)
{
	struct keep_world *w = c->ev->world;
	struct keep_err e = {0};
	int rc = must_host(c);

	*s = KEEP_S("");
	if (rc)
		return rc;
	rc = w->host->file(w, keep_v_slice(&c->args[0]), s, &e);
	if (found)
		*found = !rc;
	if (found && rc == -KEEP_E_NOT_FOUND)
		return 0;
	return rc ? source_fault(c, rc, &e) : 0;
}

/* The content; null where it may be missing, and is. */
static int content(struct keep_call *c, bool *found, struct keep_value *out)
{
	struct keep_slice s;
	int rc = keep_call_file(c, found, &s);

	if (rc || (found && !*found))
		return rc;
	*out = keep_v_text(s);
	rc = check_content(c, s);
	return rc ? rc : keep_ev_steps(c->ev, s.len / KEEP_EXPR_CHUNK);
}

static int file(struct keep_call *c, struct keep_value *out)
{
	return content(c, NULL, out);
}

static int file_maybe(struct keep_call *c, struct keep_value *out)
{
	bool found = true;

	return content(c, &found, out);
}

static int template(struct keep_call *c, struct keep_value *out)
{
	return keep_ev_template(c->ev, c->at, keep_v_slice(&c->args[0]),
				c->n > 1 ? &c->args[1] : NULL, out);
}

static int ssh_keys(struct keep_call *c, struct keep_value *out)
{
	struct keep_world *w = c->ev->world;
	struct keep_slices lines = {0};
	struct keep_err e = {0};
	struct keep_value *v;
	size_t i;
	int rc = keep_call_in_node(c);

	if (!rc)
		rc = must_host(c);
	if (rc)
		return rc;
	rc = w->host->keys(w, c->ev->frame->node, &lines, &e);
	if (rc)
		return source_fault(c, rc, &e);
	v = keep_ev_alloc(c->ev, lines.n, sizeof *v, &rc);
	for (i = 0; i < lines.n && !rc; i++)
		v[i] = keep_v_text(lines.v[i]);
	*out = keep_v_list(v, lines.n);
	return rc ? rc : keep_ev_steps(c->ev, 1 + lines.n);
}

static int assert_that(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice why = keep_v_slice(&c->args[1]);

	*out = keep_v_bool(true);
	if (c->args[0].number)
		return 0;
	return keep_ev_fault(c->ev, c->at, "%.*s",
			     (int)(why.len < 400 ? why.len : 400), why.p);
}

static int error(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice why = keep_v_slice(&c->args[0]);

	(void)out;
	return keep_ev_fault(c->ev, c->at, "%.*s",
			     (int)(why.len < 400 ? why.len : 400), why.p);
}

static const struct keep_fn rows[] = {
	{{"secret", "name [, 'given']", "text that the deploy fills in",
	  "made by compile, but for what is given; elsewhere <secret name, "
	  "not made>",
	  "'postgres://app:' + secret('db') + '@h'",
	  "\"postgres://app:<secret db>@h\""}, NULL, "tt?", secret},
	{{"keypair", "name, type", "object {public, private, fingerprint} of "
	  "texts that the deploy fills in; type: rsa2048 ed25519 x25519 "
	  "wireguard", "", "keypair('vpn', 'x25519').public",
	  "\"<keypair vpn public>\""}, NULL, "tt", keypair},
	{{"randint", "name, low, high", "integer, drawn once and kept", "drawn",
	  "randint('port', 4000, 4000)", "4000"}, NULL, "tii", randint},
	{{"pick", "label, set", "one node, kept while it is in the set",
	  "null for an empty set", "pick('vpn', peers).name", "\"db1\""},
	 NULL, "tS", pick},
	{{"file", "path", "text of files/PATH, else of the platform's",
	  "a file that is not there is an error", "file('motd')",
	  "\"hello\\n\""}, NULL, "t", file},
	{{"file?", "path", "as file", "null where no file is",
	  "file?('nothing') ?? 'none'", "\"none\""}, NULL, "t", file_maybe},
	{{"template", "path [, {names}]",
	  "text of the template files/templates/PATH, else of the platform's",
	  "a template that is not there is an error",
	  "template('greet', {who: 'world'})", "\"hello world\\n\""},
	 NULL, "to?", template},
	{{"ssh_keys", "", "list of texts: whom users/ lets into the node, as "
	  "lines of authorized_keys", "nobody: []", "ssh_keys()",
	  "[\"ssh-ed25519 AAAA ada\"]"}, NULL, "", ssh_keys},
	{{"assert", "condition, text", "true, or an error with that text", "",
	  "assert(1 < 2, 'odd')", "true"},
	 NULL, "bt", assert_that},
	{{"error", "text", "an error, where it is evaluated", "",
	  "true ? 1 : error('never')", "1"}, NULL, "t", error},
};
const struct keep_fns keep_fns_source = {rows, KEEP_COUNT(rows)};
