/* `keep call`: a command line that a server answers, as if it ran here. */
#include "calling.h"

static int complete_command(struct keep_ctx *c, struct keep_slice prefix,
			    struct keep_completions *out)
{
	const struct keep_suite *s = keep_session_get(c->session,
						      keep_suite_key);
	size_t i;

	(void)prefix;
	for (i = 0; s && i < s->n; i++)
		if (!keep_command_is_plumbing(&s->commands[i]) &&
		    keep_complete_offer(out, keep_slice(s->commands[i].name),
					keep_slice(s->commands[i].summary)))
			return -KEEP_E_NO_MEMORY;
	return 0;
}

#define A struct keep_call_args
static const struct keep_field args[] = {
	{KEEP_PATH(A, socket), .meta = "PATH", .help = "of the server, instead of the instance's"},
	{KEEP_DURATION(A, deadline), KEEP_HAS(A, has_deadline), .help = "how long it may take"},
	{KEEP_TEXTS(A, line), .source = KEEP_LINE, .meta = "WORD",
	 .complete = complete_command, .help = "a verb and its options"},
	{KEEP_BOOL(A, batch), .help = "call what the lines of standard input say, as JSON"},
};
#undef A
const struct keep_schema keep_call_args_schema =
	KEEP_SCHEMA(struct keep_call_args, args);

/* One call that is under way. */
struct one {
	struct keep_calling *k;
	const struct keep_verb *verb;
	struct keep_buf list; /* items of a list result */
	uint64_t n;
	uint32_t id;
};

/* A plain external gets its words as they are. */
static int encode_words(struct keep_calling *k, const struct keep_verb *v,
			struct keep_slices words, struct keep_buf *out,
			struct keep_err *e)
{
	struct keep_ctx *c = k->c;
	struct keep_words_args plain = {words};
	struct keep_fd dir = c->caller_dir;
	int rc;

	if (v->args == &keep_words_args_schema)
		return keep_schema_encode(v->args, &plain, out, e);
	c->caller_dir = (struct keep_fd){0}; /* as when keep reads a line */
	rc = keep_words_encode(c, v, words, out, e);
	c->caller_dir = dir;
	return rc;
}

/* Its verb, which answers as this one from now on. */
static int encode(struct one *o, struct keep_verb_call *call,
		  struct keep_err *e)
{
	struct keep_ctx *c = o->k->c;
	struct keep_buf bytes = {.mem = c->mem};
	struct keep_slices line = o->k->args->line, words;
	size_t used = 0;

	o->verb = keep_calling_verb(o->k, c->mem, line, &used, e);
	if (!o->verb)
		return -e->code;
	words = (struct keep_slices){line.v + used, line.n - used};
	if (encode_words(o->k, o->verb, words, &bytes, e))
		return -e->code;
	call->path = (struct keep_slices){line.v, used};
	call->args = keep_buf_get(&bytes);
	c->as.verb = o->verb;
	c->as.args = call->args;
	return 0;
}

/* The first sign of the caller's goes on to the server, whose answer is still
 * waited for. */
static int cancel(struct one *o, struct keep_err *e)
{
	struct keep_client *client = &o->k->client;
	uint32_t id;

	client->cancel_fd_plus_one = o->k->c->cancel_fd_plus_one = 0;
	return keep_client_cancel(client, o->id, &id, e);
}

/* A sign that comes before the event could be shown goes on, too. */
static int show(struct one *o, struct keep_slice event, struct keep_err *e)
{
	struct keep_ctx *c = o->k->c;
	int rc = c->out(c, event, e);

	if (rc != -KEEP_E_CANCELLED || !o->k->client.cancel_fd_plus_one)
		return rc;
	return cancel(o, e) ? -e->code : c->out(c, event, e);
}

static int take_item(struct one *o, const struct keep_got *got,
		     struct keep_err *e)
{
	struct keep_ctx *c = o->k->c;
	int rc = 0;

	if (o->verb->kind == KEEP_R_LIST) {
		keep_buf_slice(&o->list, got->value);
		o->n++;
	} else if (c->out) {
		rc = show(o, got->value, e);
	}
	return rc;
}

static int take_last(struct one *o, const struct keep_got *got,
		     struct keep_slice *r, struct keep_err *e)
{
	if (got->kind == KEEP_GOT_ERROR) {
		*e = got->error;
		return e->code == KEEP_E_CANCELLED &&
			       o->k->client.cancel_fd_plus_one ?
		       keep_hint(e, "by the server, which was ended; what was "
				 "done until then stands") :
		       -e->code;
	}
	if (o->verb->kind == KEEP_R_LIST) {
		keep_cbor_wrap_list(&o->list, 0, o->n);
		*r = keep_buf_get(&o->list);
	} else {
		keep_buf_slice(&o->list, got->value);
		if (got->value.p)
			*r = keep_buf_get(&o->list);
	}
	return keep_buf_check(&o->list, e) ? -e->code :
	       keep_calling_plain(o->k, o->verb, *r, got->verdict, e);
}

static int listen_to(struct one *o, struct keep_slice *r, struct keep_err *e)
{
	struct keep_client *client = &o->k->client;
	struct keep_ctx *c = o->k->c;
	struct keep_got got;
	int rc;

	do {
		rc = keep_client_next(client, c->item_mem, 0, &got, e);
		if (rc == -KEEP_E_CANCELLED && client->cancel_fd_plus_one)
			rc = cancel(o, e);
		else if (!rc && got.id == o->id && got.kind >= KEEP_GOT_RESULT)
			return take_last(o, &got, r, e);
		else if (!rc && got.kind == KEEP_GOT_PROGRESS)
			keep_progress(c, got.progress.text, got.progress.done,
				      got.progress.total);
		else if (!rc && got.kind == KEEP_GOT_ITEM)
			rc = take_item(o, &got, e);
		if (!rc)
			keep_mem_reset(c->item_mem);
	} while (!rc);
	return rc;
}

static int call_one(struct keep_calling *k, struct keep_slice *r,
		    struct keep_err *e)
{
	struct one o = {.k = k, .list = {.mem = k->c->mem}};
	struct keep_verb_call call = keep_calling_call(k);

	if (encode(&o, &call, e) || keep_calling_connect(k, e) ||
	    keep_client_ask(&k->client, &call, &o.id, e))
		return -e->code;
	return listen_to(&o, r, e);
}

static int check(const struct keep_ctx *c, const struct keep_call_args *a,
		 struct keep_err *e)
{
	if (a->batch && c->caller.transport != KEEP_SHELL)
		return keep_fail(e, KEEP_E_BAD_ARGS, "batch reads the "
				 "standard input of a shell");
	if (a->batch != (a->line.n > 0))
		return 0;
	keep_fail(e, KEEP_E_BAD_ARGS, a->batch ? "--batch takes its calls "
		  "from standard input, not from here" :
		  "call wants a verb");
	return keep_hint(e, "keep call node list, or keep call --batch");
}

int keep_call(struct keep_ctx *c, const struct keep_call_args *a,
	      struct keep_slice *r, struct keep_err *e)
{
	struct keep_calling k = {
		.c = c, .args = a,
		.suite = keep_session_get(c->session, keep_suite_key),
		.client.cancel_fd_plus_one = c->cancel_fd_plus_one,
	};
	int rc = check(c, a, e);

	if (rc)
		return rc;
	if (c->instance_path.p)
		keep_instance_id(c->instance_path, &k.id);
	rc = a->batch ? keep_call_batch(&k, e) : call_one(&k, r, e);
	keep_client_end(&k.client);
	return rc;
}
