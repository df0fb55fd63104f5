/* What an exec carries. */
#include "push.h"

enum {
	/* In the exec string, which saves the round trip in which sshd opens
	 * its window for stdin. libssh2 sends no packet over 35,000 bytes. */
	INLINE_MAX = 20 << 10,
	/* Beyond it the node is asked first. */
	OPTIMISTIC_MAX = 256 << 10,
	MAGIC_S = 30,
};

/* What no node has: it tells what it has. */
#define NO_ID "0000000000000000000000000000000000000000000000000000000000000000"

static struct keep_slice input(struct keep_exec *x)
{
	struct keep_push_node *n = x->user;

	if (n->wait)
		return KEEP_S("");
	if (n->sent)
		return (struct keep_slice){0};
	n->sent = true;
	return n->input;
}

static const struct keep_manifest *base_of(const struct keep_push_node *n)
{
	return n->base.id.p ? &n->base_lines : NULL;
}

static bool lacks_nothing(const struct keep_push_node *n)
{
	return n->push->rollback || n->other[0] || n->ask ||
	       keep_slice_is(n->base.id, n->g->id);
}

/* Whether all on the node may read what is sent decides where it may stand:
 * they see the exec string. */
static int make_pack(struct keep_push_node *n, struct keep_slice *inlined,
		     struct keep_err *e)
{
	struct keep_buf b = {.mem = &n->shot};
	struct keep_change change;
	int rc;

	if (lacks_nothing(n))
		return 0;
	rc = keep_change_find(&n->mem, n->g, base_of(n), &change, e);
	n->magic = n->push->magic || (change.access && base_of(n));
	n->shot.secret = change.closed;
	if (!rc)
		rc = keep_generation_pack(&n->mem, n->g, base_of(n), &b, e);
	if (rc)
		return rc;
	if (!change.closed && !n->target->becomes && b.len <= INLINE_MAX)
		*inlined = keep_buf_get(&b);
	else
		n->input = keep_buf_get(&b);
	n->wait = n->input.len > OPTIMISTIC_MAX;
	return 0;
}

static void flag(struct keep_buf *b, bool is, const char *name)
{
	if (is)
		keep_buf_print(b, "%s%s", b->len ? "," : "", name);
}

static struct keep_slice flags_of(struct keep_push_node *n)
{
	struct keep_push *p = n->push;
	struct keep_buf b = {.mem = &n->shot};

	flag(&b, p->rollback, "previous");
	/* what it had was no base */
	flag(&b, n->needs && !n->base.id.p, "any");
	flag(&b, n->rejoins || n->other[0], "result");
	flag(&b, n->wait, "wait");
	flag(&b, n->breaks, "break");
	flag(&b, n->magic, "magic=");
	if (n->magic)
		keep_buf_print(&b, "%d", MAGIC_S);
	flag(&b, p->timeout_s, "timeout=");
	if (p->timeout_s)
		keep_buf_print(&b, "%ju", (uintmax_t)p->timeout_s);
	return keep_buf_get(&b);
}

/* Of another deploy that is under way there, or of this. */
static void name(const struct keep_push_node *n, struct keep_node_exec *words)
{
	const struct keep_push *p = n->push;

	words->deploy = n->other[0] ? keep_slice(n->other) : p->deploy;
	words->who = p->who;
	words->commit = p->commit;
	words->want = n->other[0] ? n->other_want :
		      p->rollback ? p->to : keep_slice(n->g->id);
	if (!words->want.p)
		words->want = KEEP_S("none");
	if (!p->rollback && !n->other[0])
		words->base = n->ask ? KEEP_S(NO_ID) : n->base.id;
}

static int command(struct keep_push_node *n, struct keep_node_exec *words,
		   struct keep_task *t, struct keep_err *e)
{
	struct keep_slice text = {0};
	int rc;

	name(n, words);
	rc = keep_node_command(&n->shot, words, &text, e);
	if (rc)
		return rc;
	text = keep_mem_copy(&n->shot, text);
	t->command = text.p;
	return text.p ? 0 : keep_no_memory(e);
}

int keep_push_words(struct keep_push_node *n, struct keep_task *t,
		    struct keep_err *e)
{
	struct keep_node_exec words = {0};
	int rc;

	n->input = (struct keep_slice){0};
	n->sent = n->wait = false;
	rc = make_pack(n, &words.pack, e);
	if (rc)
		return rc;
	words.flags = flags_of(n);
	t->x.input = n->input.p ? input : NULL;
	return command(n, &words, t, e);
}

int keep_push_command(struct keep_push_node *n, const char *flags,
		      struct keep_task *t, struct keep_err *e)
{
	struct keep_node_exec words = {.flags = keep_slice(flags)};

	return command(n, &words, t, e);
}
