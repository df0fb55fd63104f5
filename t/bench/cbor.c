/* How fast a request is checked and read, against cbor_load and cbor_decref
 * of libcbor, which is the peer as Debian ships it. Usage: cbor [TIMES] */
#include <cbor.h>
#include <keep/cbor.h>
#include <keep/text.h>

enum { REPEATS = 5, TIMES = 20000 };

typedef uint64_t work(struct keep_slice request);

/* Checks, then takes every head and looks at every number. */
static uint64_t ours(struct keep_slice request)
{
	struct keep_cbor_head h;
	uint64_t sum = 0;

	if (keep_cbor_check(request, &keep_cbor_socket, NULL))
		return 0;
	do {
		h = keep_cbor_next(&request);
		sum += h.v;
	} while (h.kind != KEEP_CBOR_END);
	return sum;
}

/* Builds the tree and drops it; nothing of it is even looked at. */
static uint64_t peer(struct keep_slice request)
{
	struct cbor_load_result result;
	cbor_item_t *tree = cbor_load((cbor_data)request.p, request.len,
				      &result);

	if (!tree)
		return 0;
	cbor_decref(&tree);
	return result.read;
}

/* CPU nanoseconds of one round. */
static double run(work *f, struct keep_slice request, unsigned times)
{
	struct timespec from, to;
	unsigned i;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (i = 0; i < times; i++)
		if (!f(request))
			exit(1);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 +
		(double)(to.tv_nsec - from.tv_nsec)) / times;
}

/* A call as WIRE 3 has it, with N filters and a map of PROPERTIES. */
static void request(struct keep_buf *b, unsigned n)
{
	KEEP_AUTO(keep_buf) name = {0};
	unsigned i;

	keep_cbor_put_map(b, 4);
	keep_cbor_put_uint(b, 0);
	keep_cbor_put_list(b, 2);
	keep_cbor_put_text(b, KEEP_S("node"));
	keep_cbor_put_text(b, KEEP_S("set"));
	keep_cbor_put_uint(b, 1);
	keep_cbor_put_map(b, 3);
	keep_cbor_put_uint(b, 0);
	keep_cbor_put_list(b, n);
	for (i = 0; i < n; i++)
		keep_cbor_put_text(b, KEEP_S("production"));
	keep_cbor_put_uint(b, 1);
	keep_cbor_put_map(b, n);
	for (i = 0; i < n; i++) {
		name.len = 0;
		keep_buf_print(&name, "webapp.domain.%02u", i);
		keep_cbor_put_text(b, keep_buf_get(&name));
		keep_cbor_put_text(b, KEEP_S("example.org, 192.0.2.17"));
	}
	keep_cbor_put_uint(b, 2);
	keep_cbor_put_bool(b, true);
	keep_cbor_put_uint(b, 2);
	keep_cbor_put_uint(b, 5000);
	keep_cbor_put_uint(b, 4);
	keep_cbor_put_bytes(b, KEEP_S("0123456789abcdef"));
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of paired ratios, after a round of both that does not count. */
static double compare(unsigned n, unsigned times)
{
	KEEP_AUTO(keep_buf) b = {0};
	double ratio[REPEATS], us = 0, them = 0;
	int i;

	request(&b, n);
	run(ours, keep_buf_get(&b), times);
	run(peer, keep_buf_get(&b), times);
	for (i = 0; i < REPEATS; i++) {
		us = run(ours, keep_buf_get(&b), times);
		them = run(peer, keep_buf_get(&b), times);
		ratio[i] = them / us;
	}
	qsort(ratio, REPEATS, sizeof ratio[0], by_size);
	printf("cbor: %zu bytes, %u times: %.0f ns; cbor_load %.0f ns; "
	       "ratio %.2f (%.2f to %.2f)\n", b.len, times, us, them,
	       ratio[REPEATS / 2], ratio[0], ratio[REPEATS - 1]);
	return ratio[REPEATS / 2];
}

int main(int argc, char **argv)
{
	unsigned times = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10)
				  : TIMES;
	bool small = compare(3, times) >= 3, large = compare(35, times) >= 3;

	return !(small && large);
}
