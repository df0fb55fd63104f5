/* The first byte picks the profile. Whatever comes, nothing crashes; what
 * passes is read to its end, written again byte for byte, and shown. */
#include <keep/cbor.h>
#include <keep/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads to the end of what is readable; returns what was written again. */
static size_t copy(struct keep_slice in, struct keep_buf *out)
{
	struct keep_cbor_head h = keep_cbor_next(&in);

	for (; h.kind != KEEP_CBOR_END; h = keep_cbor_next(&in))
		keep_cbor_put_head(out, &h);
	return out->len;
}

static void must(bool good)
{
	if (!good)
		abort();
}

static void passed(struct keep_slice item,
		   const struct keep_cbor_profile *profile)
{
	KEEP_AUTO(keep_buf) again = {0}, text = {0};
	struct keep_slice in = item;

	must(copy(item, &again) == item.len);
	must(keep_bytes_equal(again.p, item.p, item.len));
	must(keep_cbor_check(item, profile, NULL) == 0);
	must(keep_slice_eq(keep_cbor_skip(&in), item) && in.len == 0);
	keep_cbor_diag(item, &text);
	must(text.len > 0 && !text.failed);
	must(keep_utf8_ok(keep_buf_get(&text)));
}

static void refused(struct keep_slice in, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) out = {0};

	must(e->code == KEEP_E_BAD_FRAME && e->message[0]);
	copy(in, &out);
	keep_cbor_skip(&in);
	keep_cbor_diag(in, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct keep_cbor_profile *profile;
	struct keep_slice in = {(const char *)data + 1, size - 1};
	struct keep_err e = {0};
	size_t len;

	if (size == 0)
		return 0;
	profile = data[0] & 1 ? &keep_cbor_cose : &keep_cbor_socket;
	if (keep_cbor_check_first(in, profile, &len, &e)) {
		refused(in, &e);
		return 0;
	}
	must(len <= in.len);
	in.len = len;
	passed(in, profile);
	return 0;
}
