/* What an external says of itself, and behind it what it answers: schemas are
 * made of the one, and the other is shown by them, or refused. */
#include <stdlib.h>
#include <keep/external.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void show(struct keep_mem *m, const struct keep_verb *v,
		 struct keep_slice value, enum keep_format format)
{
	struct keep_printer p = {.mem = m, .format = format};
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};

	if (keep_print_result(&p, v, value, &out, &e))
		must(e.code != 0);
	out.len = 0;
	if (v->event && keep_print_event(&p, v, value, &out, &e))
		must(e.code != 0);
	out.len = 0;
	if (!keep_named_put(m, v, value, false, &out, &e))
		must(!keep_cbor_check(keep_buf_get(&out), &keep_cbor_socket,
				      &e));
}

/* Words for it give arguments that its schema takes. */
static void give(struct keep_mem *m, const struct keep_verb *v)
{
	static const struct keep_slice words[] = {
		{"a", 1}, {"1", 1}, {"x=y", 3}};
	struct keep_slices all = {words, KEEP_COUNT(words)};
	struct keep_ctx c = {.mem = m, .item_mem = m};
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};
	void *args;

	if (!v->args || keep_words_encode(&c, v, all, &out, &e))
		return;
	args = keep_mem_alloc(m, v->args->size);
	must(args && !keep_schema_decode(m, v->args, keep_buf_get(&out), true,
					 args, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {.limit = 64 << 20};
	struct keep_slice in = {(const char *)data, size}, value;
	struct keep_described_verb d;
	struct keep_verb v;
	struct keep_err e = {0};
	size_t len;

	if (keep_cbor_check_first(in, &keep_cbor_socket, &len, &e))
		return 0;
	value = (struct keep_slice){in.p + len, in.len - len};
	in.len = len;
	if (keep_described_get(&m, in, &d, &e) ||
	    keep_described_row(&m, &d, &v, &e)) {
		must(e.code == KEEP_E_BAD_FRAME || e.code == KEEP_E_TOO_LARGE ||
		     e.code == KEEP_E_NO_MEMORY);
		return 0;
	}
	give(&m, &v);
	if (keep_cbor_check(value, &keep_cbor_socket, &e))
		return 0;
	show(&m, &v, value, KEEP_FORMAT_TEXT);
	show(&m, &v, value, KEEP_FORMAT_JSON);
	return 0;
}
