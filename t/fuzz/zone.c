/* The list dns.records, as somebody wrote it: what a zone takes of it is one
 * line of a zone file each. Then the same bytes as an old file, whose serial is
 * looked for. */
/* uses: provider */
#include "../../cmd/provider/output/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* No byte that ends a line, and no quote that stays open. */
static void must_be_line(struct keep_slice s)
{
	bool open = false;
	size_t i;

	must(s.len > 0);
	for (i = 0; i < s.len; i++) {
		must(s.p[i] >= 0x20 && s.p[i] < 0x7f);
		if (open && s.p[i] == '\\' && i + 1 < s.len)
			i++;
		else if (s.p[i] == '"')
			open = !open;
		else
			must(open || !strchr("();\\$", s.p[i]));
	}
	must(!open);
}

static void records(struct keep_mem *m, struct keep_slice text)
{
	static const struct keep_json_source file = {{"a.json", 6}};
	struct keep_problems ps = {.mem = m};
	struct keep_ctx c = {.mem = m};
	struct keep_env_build x = {.c = &c, .ps = &ps};
	struct keep_zone z = {
		.x = &x, .name = KEEP_S("example.org"), .records = {.mem = m},
	};
	const struct keep_record *v;
	struct keep_json list;
	size_t i;

	if (keep_json_read(m, text, &file, KEEP_JSON_INSTANCE, &ps, &list))
		return;
	keep_zone_rows(&z, &list);
	keep_zone_check(&z);
	v = (const void *)z.records.p;
	for (i = 0; i < z.records.len / sizeof *v; i++) {
		must(keep_slice_is(v[i].name, "@") ||
		     keep_slice_is(v[i].name, "*") ||
		     keep_domain_ok(v[i].name));
		must(v[i].type < KEEP_RR_COUNT);
		must_be_line(v[i].value);
	}
}

static void serial(struct keep_mem *m, struct keep_slice old)
{
	struct keep_env_file f = {.text = {.mem = m}};
	struct keep_buf first = {.mem = m}, again = {.mem = m};
	uint64_t v = 0;
	size_t n = 0;

	keep_buf_text(&f.text, "a\n\t");
	f.serial_at = f.text.len;
	keep_buf_text(&f.text, " ; serial\n");
	keep_env_text(&f, old, 1000, &first);
	keep_env_text(&f, keep_buf_get(&first), 2000, &again);
	must(keep_slice_eq(keep_buf_get(&first), keep_buf_get(&again)));
	while (first.p[f.serial_at + n] != ' ')
		n++;
	must(keep_num_uint((struct keep_slice){first.p + f.serial_at, n}, &v));
	must(v <= UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text = {size ? (const char *)data : "", size};

	records(&mem, text);
	serial(&mem, text);
	return 0;
}
