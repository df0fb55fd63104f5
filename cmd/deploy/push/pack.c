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

/* Nothing comes, and no end of it: its packet would be a round trip, since
 * it is sent when the node has said that the command begins. */
static struct keep_slice silence(struct keep_exec *x)
{
	(void)x;
	return KEEP_S("");
}

static struct keep_slice input(struct keep_exec *x)
{
	struct keep_push_node *n = x->user;

	if (n->refuses)
		return (struct keep_slice){0};
	if (n->wait || (n->sent && n->stays))
		return KEEP_S("");
	if (n->sent)
		return (struct keep_slice){0};
	n->sent = true;
	return n->input;
}

static void flag(struct keep_buf *b, bool is, const char *name)
{
	if (is)
		keep_buf_print(b, "%s%s", b->len ? "," : "", name);
}

static void number(struct keep_buf *b, const char *name, uint64_t value)
{
	flag(b, value, name);
	if (value)
		keep_buf_print(b, "=%ju", (uintmax_t)value);
}

int keep_push_whole(struct keep_push_node *n, struct keep_err *e)
{
	return n->g->manifest.p ? 0 : n->push->whole(n->push, n, e);
}

/* Behind a need a line with flags comes first: another base may be changed
 * otherwise. CLOSED: not all on the node may read it. */
static int make_pack(struct keep_push_node *n, bool behind_need, bool *closed,
		     struct keep_err *e)
{
	const struct keep_manifest *base = n->base.id.p ? &n->base_lines : NULL;
	struct keep_buf b = {.mem = &n->shot};
	struct keep_change change;
	int rc = keep_push_whole(n, e);

	if (rc)
		return rc;
	keep_change_find(n->g, base, &change);
	n->magic = n->push->magic || change.access;
	n->shot.secret = *closed = change.closed;
	n->shot.softly = true;
	if (behind_need) {
		number(&b, "magic", n->magic ? MAGIC_S : 0);
		keep_buf_byte(&b, '\n');
	}
	rc = keep_generation_pack(&n->push->packer, n->g, base, &b, e);
	n->input = keep_buf_get(&b);
	n->sent = false;
	return rc;
}

/* What is sent before the node has said a word. All there see the exec
 * string. */
static int first_pack(struct keep_push_node *n, struct keep_slice *inlined,
		      struct keep_err *e)
{
	bool closed;
	int rc;

	n->wait = true;
	if (n->push->rollback || n->other[0] || (!n->ask &&
	    keep_slice_is(n->base.id, n->g->id)))
		*inlined = KEEP_S("");
	if (inlined->p || n->ask)
		return 0;
	rc = make_pack(n, false, &closed, e);
	if (!rc && !closed && !n->target->becomes &&
	    n->input.len <= INLINE_MAX)
		*inlined = n->input;
	else
		n->stays = n->input.len <= OPTIMISTIC_MAX;
	n->wait = !n->stays;
	return rc;
}

int keep_push_send(struct keep_push_node *n, struct keep_err *e)
{
	bool closed;

	n->stays = false;
	return make_pack(n, true, &closed, e);
}

static struct keep_slice flags_of(struct keep_push_node *n, bool on_stdin)
{
	struct keep_push *p = n->push;
	struct keep_buf b = {.mem = &n->shot};

	flag(&b, p->to.p && p->to.len < KEEP_ID_LEN, "find");
	flag(&b, p->rollback, "previous");
	/* what it had was no base */
	flag(&b, n->needs && !n->base.id.p, "any");
	flag(&b, n->rejoins || n->other[0], "result");
	flag(&b, n->other[0], "await");
	flag(&b, n->breaks, "break");
	flag(&b, p->repair, "repair");
	flag(&b, !p->rollback && !n->other[0], "stay");
	flag(&b, on_stdin && n->wait && !n->ask, "wait");
	number(&b, "size", n->stays ? n->input.len : 0);
	number(&b, "magic", n->magic && !n->ask ? MAGIC_S : 0);
	number(&b, "timeout", p->timeout_s);
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

static int command(struct keep_push_node *n, struct keep_mem *m,
		   struct keep_node_exec *words, struct keep_task *t,
		   struct keep_err *e)
{
	struct keep_slice text = {0};
	int rc;

	name(n, words);
	rc = keep_node_command(m, words, &text, e);
	t->command = text.p;
	return rc;
}

/* What is likely as we know it need not be looked at by a shell. */
static bool is_direct(const struct keep_push_node *n)
{
	return !n->indirect && n->base.id.p && n->input.len && !n->rejoins &&
	       !n->breaks && keep_has_runner(&n->base_lines, n->g);
}

int keep_push_words(struct keep_push_node *n, struct keep_task *t,
		    struct keep_err *e)
{
	struct keep_node_exec words = {0};
	int rc;

	n->input = (struct keep_slice){0};
	n->sent = n->stays = n->refuses = false;
	n->magic = n->push->magic;
	rc = first_pack(n, &words.pack, e);
	if (rc)
		return rc;
	words.flags = flags_of(n, !words.pack.p);
	words.direct = n->direct = is_direct(n);
	t->x.input = input;
	return command(n, &n->shot, &words, t, e);
}

int keep_push_command(struct keep_push_node *n, const char *flags,
		      struct keep_task *t, struct keep_err *e)
{
	struct keep_node_exec words = {.flags = keep_slice(flags),
				       .pack = KEEP_S("")};

	t->x.input = silence;
	return command(n, &n->mem, &words, t, e);
}
