/* Connections to a server, and the verbs that can be called there. */
#include <keep/loop.h>
#include "calling.h"

enum { STATUS = 256 }; /* WIRE 4: codes of exit statuses */

struct keep_remote {
	struct keep_remote *next;
	struct keep_verb verb;
};

/* Where the user has no server, the machine may have one; else *e, which is
 * there, still says what is wrong. */
static int connect_system(struct keep_client *client, struct keep_socket to,
			  struct keep_err *e)
{
	struct keep_err why = {0};
	int rc;

	to.place = KEEP_SOCKET_SYSTEM;
	to.uid = KEEP_UID_ANY;
	rc = keep_client_connect(client, &to, &why);
	if (rc && rc != -KEEP_E_UNREACHABLE)
		*e = why;
	return rc ? -e->code : 0;
}

static int no_instance(struct keep_err *e)
{
	keep_fail(e, KEEP_E_NOT_FOUND, "there is no provider instance here, "
		  "and --socket names none");
	return keep_hint(e, "go to one, or name it: keep -C DIR call");
}

static int start_hint(const struct keep_calling *k, struct keep_err *e)
{
	struct keep_slice dir = k->c->instance_path;

	if (k->args->socket.p)
		return keep_hint(e, "keep serve --socket listens at a path");
	dir = keep_shell_word(k->c->mem, dir);
	return keep_hint(e, "keep -C %.*s serve answers calls for it",
			 KEEP_F(dir));
}

static int connect_to(const struct keep_calling *k, struct keep_client *client,
		      struct keep_err *e)
{
	struct keep_slice path = k->args->socket;
	struct keep_socket to = {
		.name = KEEP_S("serve"), .instance = keep_slice(k->id.name),
		.runtime_dir = k->suite->runtime_dir,
	};
	int rc;

	if (path.p)
		to = keep_socket_of_path(path);
	else if (!k->id.name[0])
		return no_instance(e);
	rc = keep_client_connect(client, &to, e);
	if (!path.p && (rc == -KEEP_E_UNREACHABLE ||
			rc == -KEEP_E_BAD_CONFIG))
		rc = connect_system(client, to, e);
	return rc == -KEEP_E_UNREACHABLE ? start_hint(k, e) : rc;
}

int keep_calling_connect(struct keep_calling *k, struct keep_err *e)
{
	return k->client.fd.plus_one ? 0 : connect_to(k, &k->client, e);
}

struct keep_verb_call keep_calling_call(const struct keep_calling *k)
{
	struct keep_verb_call call = {
		.has_deadline_ms = k->args->has_deadline,
		.deadline_ms = k->args->deadline, .has_mode = true,
		.mode = KEEP_AS_THEY_COME,
	};

	if (k->c->instance_path.p)
		call.instance = (struct keep_slice){
			(const char *)k->id.bytes, sizeof k->id.bytes};
	return call;
}

/* --- commands that the suite has not ------------------------------------ */

/* The first of the commands in what `describe` gives: WIRE 3, describe-out. */
static struct keep_slice first_command(struct keep_slice item)
{
	struct keep_cbor_head h = keep_cbor_next(&item), key;
	uint64_t i;

	for (i = 0; h.kind == KEEP_CBOR_MAP && i < h.v; i++) {
		key = keep_cbor_next(&item);
		if (key.kind == KEEP_CBOR_UINT && key.v == 3 &&
		    keep_cbor_peek(item).kind == KEEP_CBOR_LIST &&
		    keep_cbor_next(&item).v)
			return keep_cbor_skip(&item);
		keep_cbor_skip(&item);
	}
	return KEEP_S("");
}

static int ask_for(struct keep_calling *k, struct keep_mem *m,
		   struct keep_slice name, struct keep_got *got,
		   struct keep_err *e)
{
	/* by a connection of its own: others are under way on that of the
	 * calls */
	KEEP_AUTO(keep_client) client = {
		.cancel_fd_plus_one = k->c->cancel_fd_plus_one};
	static const struct keep_slice path = {"describe", 8};
	struct keep_verb_call call = {.path = {&path, 1}};
	struct keep_buf args = {.mem = m};
	uint64_t due_ms = k->args->has_deadline ?
			  keep_loop_now_ms() + k->args->deadline : 0;
	uint32_t id;

	keep_cbor_put_map(&args, 1);
	keep_cbor_put_uint(&args, 0);
	keep_cbor_put_list(&args, 1);
	keep_cbor_put_text(&args, name);
	call.args = keep_buf_get(&args);
	if (keep_buf_check(&args, e) || connect_to(k, &client, e) ||
	    keep_client_ask(&client, &call, &id, e))
		return -e->code;
	return keep_client_next(&client, m, due_ms, got, e);
}

/* Another is called all the same: the server says why it does not run. */
static const struct keep_verb *unknown(struct keep_mem *m,
				       struct keep_slice name,
				       struct keep_err *e)
{
	struct keep_verb *v = KEEP_NEW(m, struct keep_verb);
	const char *path = keep_mem_copy(m, name).p;

	if (!v || !path) {
		keep_no_memory(e);
		return NULL;
	}
	*v = (struct keep_verb){.path = path, .args = &keep_words_args_schema,
				.result = &keep_words_result_schema};
	return v;
}

static const struct keep_verb *learn(struct keep_calling *k,
				     struct keep_mem *m,
				     const struct keep_got *got,
				     struct keep_err *e)
{
	struct keep_mem *own = k->c->mem;
	struct keep_remote *r = KEEP_NEW(own, struct keep_remote);
	struct keep_described_verb verb;

	if (!r)
		keep_no_memory(e);
	if (!r || keep_described_get(m, first_command(got->value), &verb, e) ||
	    keep_described_row(own, &verb, &r->verb, e))
		return NULL;
	r->next = k->remotes;
	k->remotes = r;
	return &r->verb;
}

static const struct keep_verb *find_remote(struct keep_calling *k,
					   struct keep_mem *m,
					   struct keep_slice name,
					   struct keep_err *e)
{
	const struct keep_remote *r = k->remotes;
	struct keep_got got;

	while (r && !keep_slice_is(name, r->verb.path))
		r = r->next;
	if (r)
		return &r->verb;
	if (ask_for(k, m, name, &got, e))
		return NULL;
	if (got.kind == KEEP_GOT_RESULT)
		return learn(k, m, &got, e);
	if (got.error.code == KEEP_E_NO_SUCH_COMMAND)
		return unknown(m, name, e);
	*e = got.error;
	return NULL;
}

const struct keep_verb *keep_calling_verb(struct keep_calling *k,
					  struct keep_mem *m,
					  struct keep_slices words,
					  size_t *used, struct keep_err *e)
{
	*used = 1;
	if (keep_suite_command(k->suite, words.v[0]))
		return keep_suite_verb(k->suite, words.v, words.n, used, e);
	return find_remote(k, m, words.v[0], e);
}

int keep_calling_plain(struct keep_calling *k, const struct keep_verb *v,
		       struct keep_slice result, int verdict,
		       struct keep_err *e)
{
	struct keep_words_result r;

	if (v->result != &keep_words_result_schema)
		return verdict;
	if (keep_schema_decode(k->c->mem, v->result, result, false, &r, e))
		return -e->code;
	k->c->as.says = r.errors;
	return r.status ? STATUS + (int)(r.status & 0xff) : verdict;
}
