/* What nodes answer, as rows. */
/* uses: deploy provider zlib git2 ssh2 */
#include "../../cmd/deploy/node/node.h"
#include "tap.h"

static struct keep_node_answer answer(struct keep_slice lines)
{
	return (struct keep_node_answer){.name = KEEP_S("web1"),
					 .lines = lines};
}

static void test_status(struct keep_ctx *c)
{
	struct keep_node_answer a = answer(KEEP_S(
		"Welcome!\n"
		"Welcome! K1 current bad\n\nK1 current abc\n"
		"K1 applied abc 0 d1 17\n"
		"K1 journal 1700000000 abc none c0ffee d1 ada@desk ok\n"));
	struct keep_node_status_row row;

	keep_node_read_status(c, &a, &row);
	is_text(row.current, "abc", "what a node has is told");
	is_int(row.state, KEEP_STANDS_OK, "it is well");
	is_text(row.commit, "c0ffee", "by which commit");
	is_text(row.who, "ada@desk", "by whom");
	is_int((int64_t)row.at, 1700000000, "and when");
	a.lines = KEEP_S("K1 current abc\nK1 applied abc - d1 17\n");
	keep_node_read_status(c, &a, &row);
	is_int(row.state, KEEP_STANDS_FAILED, "an apply that did not end is "
	       "none");
	is_int(row.status, -1, "and has no status");
	a.lines = KEEP_S("K1 current abc\nK1 applied def 0 d1 17\n");
	keep_node_read_status(c, &a, &row);
	is_int(row.state, KEEP_STANDS_FAILED, "nor is one of another "
	       "generation");
	a.lines = KEEP_S("K1 journal 99999999999999999999 a\n");
	keep_node_read_status(c, &a, &row);
	ok(!row.has_at, "a time that is none is not told");
	is_int(row.state, KEEP_STANDS_BARE, "who has nothing got nothing");
}

static int64_t number(const struct keep_json *facts, const char *name)
{
	const struct keep_json *v = keep_json_get(facts, keep_slice(name));

	return v && v->type == KEEP_JSON_INT ? v->number : -1;
}

static struct keep_slice text(const struct keep_json *facts, const char *name)
{
	const struct keep_json *v = keep_json_get(facts, keep_slice(name));

	return v ? keep_json_text(v) : (struct keep_slice){0};
}

static void test_facts(struct keep_ctx *c)
{
	struct keep_json facts = {0};
	const struct keep_json *list;
	struct keep_err e = {0};

	is_int(keep_node_read_facts(c, KEEP_S(
		       "K1 os debian\nK1 cpus 0x2\nK1 memory 2\n"
		       "K1 disk 18014398509481984\nK1 address 10.0.0.1\n"
		       "K1 address nonsense\nK1 colour red\n"), &facts, &e),
	       0, "facts are read");
	is_text(text(&facts, "os"), "debian", "a text");
	is_int(number(&facts, "memory"), 2048, "kilobytes as bytes");
	is_int(number(&facts, "cpus"), -1, "no number that is none");
	is_int(number(&facts, "disk"), -1, "nor one that is too large");
	ok(!keep_json_get(&facts, KEEP_S("colour")), "nor what nobody asked");
	list = keep_json_get(&facts, KEEP_S("addresses"));
	is_int(list ? list->n : 0, 1, "an address is one");
}

/* Bytes are copied, so that the sanitizers see a read behind them. */
static void test_torn(struct keep_ctx *c)
{
	static const char all[] =
		"K1 current a\nK1 changed /x\nK1 os a\nK1 key f ssh-ed25519 "
		"AAAA x\nK1 applied a 0\nK1 journal 1 a b c d e ok\nK1 end\n";
	size_t len, bad = 0;

	for (len = 0; len < sizeof all; len++) {
		struct keep_slice part = keep_mem_copy(
			c->mem, (struct keep_slice){all, len});
		const struct keep_node_answer a = answer(part);
		struct keep_node_init_row init = {0};
		struct keep_node_status_row status;
		struct keep_node_verify_row verify;
		struct keep_json facts;
		struct keep_err e = {0};

		if (!part.p)
			return;
		keep_node_read_status(c, &a, &status);
		bad += keep_node_read_verify(c, &a, &verify, &e) != 0;
		bad += keep_node_read_init(c, &a, &init, &e) != 0;
		bad += keep_node_read_facts(c, part, &facts, &e) != 0;
	}
	is_int((int64_t)bad, 0, "an answer may end anywhere");
}

int main(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ctx c = {.mem = &m};

	test_status(&c);
	test_facts(&c);
	test_torn(&c);
	return done();
}
