/* How fast a call is checked and decoded into its structs, against cbor_load
 * and cbor_decref of libcbor, which is the peer as Debian ships it. Usage:
 * cbor [TIMES] */
/* uses: provider */
#include <cbor.h>
#include <keep/provider.h>
#include "../../cmd/provider/node/schemas.h"

enum { REPEATS = 5, TIMES = 20000, BOUND = 3 };

/* A call, as WIRE 3 has it. */
struct call {
	struct keep_slices path;
	struct keep_slice args;
	uint64_t deadline_ms;
	uint8_t instance[16];
	bool has_deadline_ms, has_instance;
};
static const struct keep_field call_fields[] = {
	{KEEP_TEXTS(struct call, path), .required = true, .max_n = 8},
	{KEEP_ITEM(struct call, args)},
	{KEEP_DURATION(struct call, deadline_ms),
	 KEEP_HAS(struct call, has_deadline_ms)},
	{KEEP_FIXED(struct call, instance), KEEP_HAS(struct call, has_instance)},
};
static const struct keep_schema call_schema = {
	"call", call_fields, KEEP_COUNT(call_fields), sizeof(struct call),
};

/* Bytes that come in, and what they are: a call of a verb with these
 * arguments, or (without a verb) the item itself. */
struct sample {
	const char *title, *verb;
	const struct keep_schema *schema;
	struct keep_slice bytes;
	struct keep_mem *mem;
};
typedef bool work(const struct sample *s);

static bool ours(const struct sample *s)
{
	_Alignas(16) char out[KEEP_STRUCT_MAX];
	struct keep_slice item = s->bytes;
	struct call call;

	keep_mem_reset(s->mem);
	if (keep_cbor_check(item, &keep_cbor_socket, NULL))
		return false;
	if (s->verb) {
		if (keep_schema_decode(s->mem, &call_schema, item, true, &call,
				       NULL))
			return false;
		item = call.args;
	}
	return !keep_schema_decode(s->mem, s->schema, item, true, out, NULL);
}

/* Builds the tree and drops it; nothing of it is even looked at. */
static bool peer(const struct sample *s)
{
	struct cbor_load_result result;
	cbor_item_t *tree = cbor_load((cbor_data)s->bytes.p, s->bytes.len,
				      &result);

	if (!tree)
		return false;
	cbor_decref(&tree);
	return true;
}

/* CPU nanoseconds of one round. */
static double run(work *f, const struct sample *s, unsigned times)
{
	struct timespec from, to;
	unsigned i;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (i = 0; i < times; i++)
		if (!f(s))
			exit(1);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 +
		(double)(to.tv_nsec - from.tv_nsec)) / times;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Whether the median of paired ratios, after a round of both that does not
 * count, keeps the bound. */
static bool compare(const struct sample *s, unsigned times)
{
	double ratio[REPEATS], us = 0, them = 0;
	int i;

	run(ours, s, times);
	run(peer, s, times);
	for (i = 0; i < REPEATS; i++) {
		us = run(ours, s, times);
		them = run(peer, s, times);
		ratio[i] = them / us;
	}
	qsort(ratio, REPEATS, sizeof ratio[0], by_size);
	printf("cbor: %s: %zu bytes, %u times: %.0f ns; cbor_load %.0f ns; "
	       "ratio %.2f (%.2f to %.2f)\n", s->title, s->bytes.len, times,
	       us, them, ratio[REPEATS / 2], ratio[0], ratio[REPEATS - 1]);
	return ratio[REPEATS / 2] >= BOUND;
}

/* --- samples ------------------------------------------------------------- */

/* IN as its schema has it; for a verb, as the arguments of a call. */
static struct sample encoded(struct keep_mem *m, struct sample s,
			     const void *in)
{
	struct keep_slice path[] = {KEEP_S("node"), keep_slice(s.verb)};
	struct keep_buf args = {.mem = m}, whole = {.mem = m};
	struct call call = {.path = {path, 2}, .deadline_ms = 5000,
			    .instance = "0123456789abcde",
			    .has_deadline_ms = true, .has_instance = true};
	struct keep_err e;

	if (keep_schema_encode(s.schema, in, &args, &e))
		exit(1);
	s.bytes = call.args = keep_buf_get(&args);
	if (!s.verb)
		return s;
	if (keep_schema_encode(&call_schema, &call, &whole, &e))
		exit(1);
	s.bytes = keep_buf_get(&whole);
	return s;
}

/* N properties, as `node set` sends them. */
static struct keep_entries properties(struct keep_mem *m, size_t n)
{
	static const char *const texts[] = {
		"192.0.2.17", "production", "webapp.example.org",
	};
	struct keep_entry *v = KEEP_NEWS(m, n, struct keep_entry);
	size_t i;

	for (i = 0; v && i < n; i++) {
		struct keep_buf b = {.mem = m};

		if (i % 4 == 3)
			keep_cbor_put_uint(&b, 8080 + i);
		else
			keep_cbor_put_text(&b, keep_slice(texts[i % 4]));
		v[i].key = keep_mem_print(m, "webapp.domain.%02zu", i);
		v[i].value = keep_buf_get(&b);
	}
	return (struct keep_entries){v, v ? n : 0};
}

static struct sample add(struct keep_mem *m)
{
	const struct keep_node_add_args in = {KEEP_S("web1"),
					      properties(m, 3)};

	return encoded(m, (struct sample){"node add", "add",
					  &keep_node_add_args_schema}, &in);
}

static struct sample set(struct keep_mem *m)
{
	const struct keep_node_set_args in = {KEEP_S("web1"),
					      properties(m, 35)};

	return encoded(m, (struct sample){"node set", "set",
					  &keep_node_set_args_schema}, &in);
}

static struct sample list(struct keep_mem *m)
{
	struct keep_slice words[] = {
		KEEP_S("production"), KEEP_S("+web"),
		KEEP_S("location.name=ams"),
	};
	const struct keep_node_list_args in = {.filter = {words, 3}};

	return encoded(m, (struct sample){"node list", "list",
					  &keep_node_list_args_schema}, &in);
}

static struct sample row(struct keep_mem *m)
{
	struct keep_slice services[] = {KEEP_S("web"), KEEP_S("mx")};
	struct keep_slice tags[] = {KEEP_S("production"), KEEP_S("amsterdam")};
	const struct keep_node_row in = {
		.name = KEEP_S("web1"), .ip_address = KEEP_S("192.0.2.17"),
		.environment = KEEP_S("production"), .services = {services, 2},
		.tags = {tags, 2}, .enabled = true, .values = properties(m, 2),
	};

	return encoded(m, (struct sample){"a row of node list", NULL,
					  &keep_node_row_schema}, &in);
}

int main(int argc, char **argv)
{
	KEEP_AUTO(keep_mem) mem = {0}, request = {0};
	unsigned times = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10)
				  : TIMES;
	struct sample samples[] = {add(&mem), set(&mem), list(&mem), row(&mem)};
	bool good = true;
	size_t i;

	for (i = 0; i < KEEP_COUNT(samples); i++) {
		samples[i].mem = &request;
		good &= compare(&samples[i], times);
	}
	return !good;
}
