/* What people write, by the schema of all types: the first byte picks JSON or
 * one field. What is taken decodes; a scalar is read again as it is shown. */
#include <keep/cli.h>
#include "../unit/schema_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void json(struct keep_mem *m, struct keep_slice text)
{
	static const struct keep_json_source file = {{"a.json", 6}};
	struct keep_problems ps = {.mem = m};
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};
	struct keep_json v;
	struct keep_all all;

	if (keep_json_read(m, text, text.len & 1 ? &file : NULL,
			   KEEP_JSON_STRICT, &ps, &v))
		return;
	if (!keep_form_read(m, &all_schema, &v, &out, &e)) {
		must(!keep_schema_decode(m, &all_schema, keep_buf_get(&out),
					 true, &all, NULL));
		return;
	}
	must(e.code == KEEP_E_BAD_ARGS && out.len == 0 && told(m, &e).len);
}

static bool has_text(const struct keep_field *f)
{
	return f->shape == KEEP_ONE && f->type != KEEP_T_BLOB;
}

static void scalar(struct keep_mem *m, const struct keep_field *f,
		   struct keep_slice text)
{
	struct keep_field required = *f;
	struct keep_schema one = {"one", &required, 1, sizeof(struct keep_all)};
	struct keep_buf item = {.mem = m}, shown = {.mem = m},
			again = {.mem = m};
	struct keep_err e = {0};
	struct keep_all all;

	keep_cbor_put_map(&item, 1);
	keep_cbor_put_uint(&item, 0);
	if (keep_field_parse(m, f, text, &item, &e)) {
		must(item.len == 2 && e.message[0]);
		return;
	}
	must(!keep_cbor_check(keep_buf_get(&item), &keep_cbor_socket, NULL));
	must(!keep_schema_decode(m, &one, keep_buf_get(&item), true, &all,
				 NULL));
	keep_field_text(f, (const char *)&all + f->offset, 0, &shown);
	keep_cbor_put_map(&again, 1);
	keep_cbor_put_uint(&again, 0);
	must(!keep_field_parse(m, f, keep_buf_get(&shown), &again, NULL));
	must(keep_slice_eq(keep_buf_get(&again), keep_buf_get(&item)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text = {(const char *)data + 1, size - 1};

	if (size == 0)
		return 0;
	if (data[0] >= all_schema.n)
		json(&mem, text);
	else if (has_text(&all_fields[data[0]]))
		scalar(&mem, &all_fields[data[0]], text);
	return 0;
}
