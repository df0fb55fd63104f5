/* Words, one a line, against a schema of all types: what is taken is CBOR that
 * the schema's decoder takes too; what is not taken is told with its place. */
#include <fcntl.h>
#include <unistd.h>
#include "../../libcli/cli/argv.h"
#include "../unit/schema_all.h"
#include "words.h"

enum { WORDS = 64 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct placed {
	struct keep_slice first;
	struct keep_entries rest;
	struct keep_all all;
};
static const struct keep_field fields[] = {
	{KEEP_TEXT(struct placed, first), .source = KEEP_WORD, .max = 8},
	{KEEP_STRUCT(struct placed, all, all_schema)},
	{KEEP_MAP_ITEM(struct placed, rest), .source = KEEP_REST},
};
static const struct keep_schema placed_schema = {
	.name = "placed", .fields = fields, .n = 3,
	.size = sizeof(struct placed),
};
static const struct keep_verb verb = {.path = "try", .args = &placed_schema};

/* Descriptors and `-` may be read: there is nothing behind them. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int null = open("/dev/null", O_RDONLY);

	(void)argc, (void)argv;
	dup2(null, 0);
	return 0;
}

static void must(bool good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {.limit = 64 << 20}, item_mem = {0};
	struct keep_ctx c = {.mem = &mem, .item_mem = &item_mem};
	struct keep_slice words[WORDS], text;
	struct keep_buf out = {.mem = &mem};
	struct keep_err e = {0};
	struct placed got;
	size_t n;

	/* As words of a shell: without a NUL. */
	text = keep_mem_copy(&mem, (struct keep_slice){(const char *)data,
							size});
	n = split_words(text, words, WORDS);
	if (keep_argv(&c, &verb, NULL, (struct keep_slices){words, n}, &out,
		      &e)) {
		must(e.code && e.message[0]);
		return 0;
	}
	must(!keep_cbor_check(keep_buf_get(&out), &keep_cbor_socket, &e));
	must(!keep_schema_decode(&mem, &placed_schema, keep_buf_get(&out),
				 true, &got, &e));
	return 0;
}
