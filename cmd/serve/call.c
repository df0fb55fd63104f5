/* `keep call`: a command line that a server answers, as if it ran here. */
#include <keep/cli.h>
#include <keep/client.h>
#include <keep/serve.h>

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
	{KEEP_TEXTS(A, line), .source = KEEP_LINE, .required = true, .meta = "WORD",
	 .complete = complete_command, .help = "a verb and its options"},
};
#undef A
const struct keep_schema keep_call_args_schema =
	KEEP_SCHEMA(struct keep_call_args, args);

/* One call that is under way. */
struct calling {
	struct keep_ctx *c;
	const struct keep_suite *suite;
	const struct keep_verb *verb;
	struct keep_client client;
	struct keep_buf list; /* items of a list result */
	uint64_t n;
	uint32_t id;
};

/* Where the user has no server, the machine may have one; else *e, which is
 * there, still says what is wrong. */
static int connect_system(struct calling *k, struct keep_socket to,
			  struct keep_err *e)
{
	struct keep_err why = {0};
	int rc;

	to.place = KEEP_SOCKET_SYSTEM;
	to.uid = KEEP_UID_ANY;
	rc = keep_client_connect(&k->client, &to, &why);
	if (rc && rc != -KEEP_E_UNREACHABLE)
		*e = why;
	return rc ? -e->code : 0;
}

static int connect_to(struct calling *k, const struct keep_call_args *a,
		      const struct keep_instance_id *id, struct keep_err *e)
{
	struct keep_socket to = {
		.name = KEEP_S("serve"), .instance = keep_slice(id->name),
		.runtime_dir = k->suite->runtime_dir,
	};
	int rc;

	if (a->socket.p)
		to = keep_socket_of_path(a->socket);
	else if (!id->name[0])
		return keep_fail(e, KEEP_E_NOT_FOUND, "there is no provider "
				 "instance here, and --socket names none");
	rc = keep_client_connect(&k->client, &to, e);
	if (!a->socket.p && (rc == -KEEP_E_UNREACHABLE ||
			     rc == -KEEP_E_BAD_CONFIG))
		rc = connect_system(k, to, e);
	return rc == -KEEP_E_UNREACHABLE ?
	       keep_hint(e, "keep serve answers calls for an instance") : rc;
}

/* Its verb, which answers as this one from now on. */
static int encode(struct calling *k, const struct keep_call_args *a,
		  struct keep_verb_call *call, struct keep_err *e)
{
	struct keep_buf bytes = {.mem = k->c->mem};
	struct keep_fd dir = k->c->caller_dir;
	struct keep_slices words;
	size_t used = 0;
	int rc;

	k->verb = keep_suite_verb(k->suite, a->line.v, a->line.n, &used, e);
	if (!k->verb)
		return -e->code;
	words = (struct keep_slices){a->line.v + used, a->line.n - used};
	k->c->caller_dir = (struct keep_fd){0}; /* as when keep reads a line */
	rc = keep_words_encode(k->c, k->verb, words, &bytes, e);
	k->c->caller_dir = dir;
	if (rc)
		return rc;
	call->path = (struct keep_slices){a->line.v, used};
	call->args = keep_buf_get(&bytes);
	k->c->as = (struct keep_as){k->verb, call->args};
	return 0;
}

/* The first sign of the caller's goes on to the server, whose answer is still
 * waited for. */
static int cancel(struct calling *k, struct keep_err *e)
{
	uint32_t id;

	k->client.cancel_fd_plus_one = k->c->cancel_fd_plus_one = 0;
	return keep_client_cancel(&k->client, k->id, &id, e);
}

/* A sign that comes before the event could be shown goes on, too. */
static int show(struct calling *k, struct keep_slice event, struct keep_err *e)
{
	int rc = k->c->out(k->c, event, e);

	if (rc != -KEEP_E_CANCELLED || !k->client.cancel_fd_plus_one)
		return rc;
	return cancel(k, e) ? -e->code : k->c->out(k->c, event, e);
}

static int take_item(struct calling *k, const struct keep_got *got,
		     struct keep_err *e)
{
	int rc = 0;

	if (k->verb->kind == KEEP_R_LIST) {
		keep_buf_slice(&k->list, got->value);
		k->n++;
	} else if (k->c->out) {
		rc = show(k, got->value, e);
	}
	keep_mem_reset(k->c->item_mem);
	return rc;
}

static int take_last(struct calling *k, const struct keep_got *got,
		     struct keep_slice *r, struct keep_err *e)
{
	if (got->kind == KEEP_GOT_ERROR) {
		*e = got->error;
		return -e->code;
	}
	if (k->verb->kind == KEEP_R_LIST) {
		keep_cbor_wrap_list(&k->list, 0, k->n);
		*r = keep_buf_get(&k->list);
	} else {
		keep_buf_slice(&k->list, got->value);
		if (got->value.p)
			*r = keep_buf_get(&k->list);
	}
	return keep_buf_check(&k->list, e) ? -e->code : got->verdict;
}

static int listen_to(struct calling *k, struct keep_slice *r,
		     struct keep_err *e)
{
	struct keep_got got;
	int rc;

	do {
		rc = keep_client_next(&k->client, k->c->item_mem, 0, &got, e);
		if (rc == -KEEP_E_CANCELLED &&
		    k->client.cancel_fd_plus_one)
			rc = cancel(k, e);
		else if (!rc && got.id == k->id && got.kind >= KEEP_GOT_RESULT)
			return take_last(k, &got, r, e);
		else if (!rc && got.kind == KEEP_GOT_PROGRESS)
			keep_progress(k->c, got.progress.text,
				      got.progress.done, got.progress.total);
		else if (!rc && got.kind == KEEP_GOT_ITEM)
			rc = take_item(k, &got, e);
	} while (!rc);
	return rc;
}

int keep_call(struct keep_ctx *c, const struct keep_call_args *a,
	      struct keep_slice *r, struct keep_err *e)
{
	struct calling k = {
		.c = c, .list = {.mem = c->mem},
		.suite = keep_session_get(c->session, keep_suite_key),
		.client.cancel_fd_plus_one = c->cancel_fd_plus_one,
	};
	struct keep_verb_call call = {
		.has_deadline_ms = a->has_deadline,
		.deadline_ms = a->deadline, .has_mode = true,
		.mode = KEEP_AS_THEY_COME,
	};
	struct keep_instance_id id = {0};
	int rc;

	if (c->instance_path.p) {
		keep_instance_id(c->instance_path, &id);
		call.instance = (struct keep_slice){
			(const char *)id.bytes, sizeof id.bytes};
	}
	rc = encode(&k, a, &call, e);
	if (!rc)
		rc = connect_to(&k, a, &id, e);
	if (!rc)
		rc = keep_client_ask(&k.client, &call, &k.id, e);
	if (!rc)
		rc = listen_to(&k, r, e);
	keep_client_end(&k.client);
	return rc;
}
