/* Items into a struct of all types and back: what is decoded comes out as it
 * went in, and reading it as JSON never crashes. */
#include <keep/cli.h>
#include "../unit/schema_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* Addresses have many spellings, of which one is written. */
static struct keep_slice stable(struct keep_mem *m, struct keep_slice item)
{
	struct keep_all all;
	struct keep_buf out = {.mem = m};

	must(!keep_schema_decode(m, &all_schema, item, true, &all, NULL));
	must(!keep_schema_encode(&all_schema, &all, &out, NULL));
	must(all.ip.len || keep_slice_eq(keep_buf_get(&out), item));
	return keep_buf_get(&out);
}

static void as_json(struct keep_mem *m, struct keep_slice item)
{
	struct keep_buf text = {.mem = m}, again = {.mem = m};
	struct keep_problems ps = {.mem = m};
	struct keep_err e = {0};
	struct keep_json v;
	struct keep_all all;

	must(!keep_schema_decode(m, &all_schema, item, true, &all, NULL));
	keep_form_json(&all_schema, &all, KEEP_JSON_PRETTY, &text);
	must(!text.failed && keep_utf8_ok(keep_buf_get(&text)));
	/* Too deep for JSON, maybe. */
	if (keep_json_read(m, keep_buf_get(&text), NULL, KEEP_JSON_STRICT, &ps,
			   &v))
		return;
	if (keep_form_read(m, &all_schema, &v, &again, &e))
		must(e.code == KEEP_E_BAD_ARGS && again.len == 0);
	else
		must(!keep_schema_decode(m, &all_schema, keep_buf_get(&again),
					 true, &all, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice in = {(const char *)data, size}, item;
	struct keep_err e = {0};
	struct keep_all all;

	if (keep_cbor_check(in, &keep_cbor_socket, NULL))
		return 0;
	if (keep_schema_decode(&mem, &all_schema, in, true, &all, &e)) {
		must(e.code == KEEP_E_BAD_ARGS);
		return 0;
	}
	item = stable(&mem, in);
	must(keep_slice_eq(stable(&mem, item), item));
	must(!keep_cbor_check(item, &keep_cbor_socket, NULL));
	as_json(&mem, item);
	return 0;
}
