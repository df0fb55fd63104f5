/* uses: provider */
/* The first byte says what the file is, the rest is its text. What import makes
 * of a file that reads is read again, and has as many members. */
#include "../../cmd/provider/leap/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static size_t members(const struct keep_json *v)
{
	size_t n = v->type == KEEP_JSON_OBJECT ? v->n : 0;
	uint32_t i;

	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++)
		n += members(&v->members[i].value);
	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++)
		n += members(&v->list[i]);
	return n;
}

static void rewrite(struct keep_leap *l, struct keep_leap_doc *d, uint8_t what)
{
	struct keep_problems ps = {.mem = l->m};
	struct keep_slice out;
	struct keep_json again;

	if (keep_json_read(l->m, d->text, NULL, KEEP_JSON_INSTANCE, &ps,
			   &d->tree) || d->tree.type != KEEP_JSON_OBJECT)
		return;
	if (what & 1)
		must(!keep_leap_lists_add(&l->lists, l->m, d->root, &d->tree,
					  NULL));
	must(!keep_leap_rewrite(l, d, &out, NULL));
	must(!keep_json_read(l->m, out, NULL, KEEP_JSON_INSTANCE, &ps,
			     &again));
	must(members(&again) == members(&d->tree));
	if (what & 8) {
		must(!keep_leap_imply_tags(l, &out, NULL));
		must(!keep_leap_imply_x509(l, &out, NULL));
		must(!keep_leap_imply_publish(l, &out, NULL));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const objects[] = {"provider", "services.web"};
	KEEP_AUTO(keep_mem) mem = {.limit = 64 << 20};
	struct keep_leap l = {.m = &mem, .left = {.mem = &mem}};
	struct keep_leap_doc d = {.path = "a.json", .root = 'n'};

	if (size == 0)
		return 0;
	l.rules = data[0] & 1;
	if (data[0] & 2)
		d.object = keep_slice(objects[!!(data[0] & 4)]);
	d.text = (struct keep_slice){(const char *)data + 1, size - 1};
	rewrite(&l, &d, data[0]);
	return 0;
}
