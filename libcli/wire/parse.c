/* One scalar as a person writes it, turned into its item. */
#include <inttypes.h>
#include "schema.h"

struct parser {
	struct keep_mem *mem;
	const struct keep_field *f;
	struct keep_slice text; /* what was written */
	struct keep_buf *out;
	struct keep_err *e;
	char shown[88];
};
typedef int parse_fn(struct parser *p);

/* What was written, as messages show it. */
static const char *shown(struct parser *p)
{
	return keep_text_safe_to(p->shown, sizeof p->shown, p->text);
}

static int refuse(struct parser *p, const char *wants)
{
	return keep_fail(p->e, KEEP_E_BAD_ARGS, "'%s' is not %s", shown(p),
			 wants);
}

/* A limit in the unit of the field: "at most 8h". */
static int out_of_range(struct parser *p, const char *what, const char *bound,
			uint64_t limit)
{
	struct keep_buf b = {.mem = p->mem};

	keep_number_text(p->f, limit, 0, &b);
	return keep_fail(p->e, KEEP_E_BAD_ARGS, "'%s' is too %s; at %s %.*s",
			 shown(p), what, bound, KEEP_F(keep_buf_get(&b)));
}

static int put_number(struct parser *p, uint64_t v)
{
	uint64_t max = keep_field_max(p->f);

	if (v > max)
		return out_of_range(p, "large", "most", max);
	if (v < p->f->min)
		return out_of_range(p, "small", "least", p->f->min);
	keep_cbor_put_uint(p->out, v);
	return 0;
}

static int parse_uint(struct parser *p)
{
	uint64_t v;

	if (!keep_num_uint(p->text, &v))
		return refuse(p, "a number");
	return put_number(p, v);
}

static int parse_int(struct parser *p)
{
	uint64_t max = keep_field_max(p->f);
	int64_t v;

	if (!keep_num_int(p->text, &v))
		return refuse(p, "a number");
	if ((uint64_t)(v < 0 ? -1 - v : v) > max)
		return keep_fail(p->e, KEEP_E_BAD_ARGS,
				 "'%s' is out of range; -%" PRIu64 " to %"
				 PRIu64, shown(p), max + 1, max);
	keep_cbor_put_int(p->out, v);
	return 0;
}

static int parse_bool(struct parser *p)
{
	bool yes = keep_slice_is(p->text, "true");

	if (!yes && !keep_slice_is(p->text, "false"))
		return refuse(p, "true or false");
	keep_cbor_put_bool(p->out, yes);
	return 0;
}

static int parse_double(struct parser *p)
{
	double v;

	if (!keep_num_double(p->text, &v))
		return refuse(p, "a number such as 0.5 or 1e9");
	keep_cbor_put_double(p->out, v);
	return 0;
}

static int parse_time(struct parser *p)
{
	uint64_t v;

	if (!keep_time_get(p->text, &v))
		return refuse(p, "a time such as 2026-11-22T04:00:00Z");
	return put_number(p, v);
}

static int parse_duration(struct parser *p)
{
	uint64_t v;

	if (!keep_duration_get(p->text, &v))
		return refuse(p, "a duration such as 500ms, 30s, 10m, 8h, 7d");
	return put_number(p, v);
}

static int parse_size(struct parser *p)
{
	uint64_t v;

	if (!keep_size_get(p->text, &v))
		return refuse(p, "a size such as 4096, 64K, 10M, 2G");
	return put_number(p, v);
}

static int parse_share(struct parser *p)
{
	struct keep_slice digits = p->text;
	bool percent = digits.len && digits.p[digits.len - 1] == '%';
	uint64_t v;

	digits.len -= percent;
	if (!keep_num_uint(digits, &v) || (percent && v > 100))
		return refuse(p, "a count or a percentage such as 25%");
	keep_cbor_put_list(p->out, 2);
	keep_cbor_put_uint(p->out, v);
	keep_cbor_put_bool(p->out, percent);
	return 0;
}

static int parse_ip(struct parser *p)
{
	struct keep_buf b = {.mem = p->mem};
	struct keep_ip ip;

	if (!keep_ip_get(p->text, &ip))
		return refuse(p, "an IP address");
	keep_ip_put(&b, &ip);
	keep_cbor_put_text(p->out, keep_buf_get(&b));
	return keep_buf_check(&b, p->e);
}

/* All names while they fit, then only the nearest. */
static void hint_names(struct parser *p, struct keep_slice best)
{
	struct keep_buf b = {.mem = p->mem, .limit = 160};
	size_t i;

	if (best.p) {
		keep_hint(p->e, "did you mean %.*s?", KEEP_F(best));
		return;
	}
	for (i = 0; i < p->f->names->n; i++)
		keep_buf_print(&b, "%s%s", i ? ", " : "", p->f->names->v[i]);
	if (!b.failed)
		keep_hint(p->e, "one of %.*s", KEEP_F(keep_buf_get(&b)));
}

static int parse_enum(struct parser *p)
{
	struct keep_guess g = {.wanted = p->text};
	const struct keep_names_of *names = p->f->names;
	size_t i;
	int r;

	for (i = 0; i < names->n; i++) {
		if (keep_slice_is(p->text, names->v[i])) {
			keep_cbor_put_uint(p->out, i);
			return 0;
		}
		keep_guess_offer(&g, keep_slice(names->v[i]));
	}
	r = keep_fail(p->e, KEEP_E_BAD_ARGS, "'%s' is none of its values",
		      shown(p));
	if (p->e)
		hint_names(p, g.best);
	return r;
}

static int check_length(struct parser *p, uint64_t len)
{
	const struct keep_field *f = p->f;

	if (f->max && len > f->max)
		return keep_fail(p->e, KEEP_E_BAD_ARGS,
				 "'%s' has %" PRIu64 " bytes; at most %"
				 PRIu64, shown(p), len, f->max);
	if (len < f->min && len == 0)
		return keep_fail(p->e, KEEP_E_BAD_ARGS, "it is empty");
	if (len < f->min)
		return keep_fail(p->e, KEEP_E_BAD_ARGS,
				 "'%s' has %" PRIu64 " bytes; at least %"
				 PRIu64, shown(p), len, f->min);
	return 0;
}

static int wrong_size(struct parser *p, size_t len)
{
	return keep_fail(p->e, KEEP_E_BAD_ARGS,
			 "'%s' has %zu bytes; wants exactly %u", shown(p), len,
			 p->f->size);
}

static int parse_text(struct parser *p)
{
	bool good = keep_utf8_ok(p->text) &&
		    !memchr(p->text.p, '\0', p->text.len);
	int r;

	if (!good)
		return refuse(p, "UTF-8 text");
	if (p->f->type == KEEP_T_PATH && !keep_slice_starts(p->text, "/"))
		return refuse(p, "an absolute path");
	if (p->f->type == KEEP_T_FIXED_TEXT && p->text.len != p->f->size)
		return wrong_size(p, p->text.len);
	r = check_length(p, p->text.len);
	if (r == 0)
		keep_cbor_put_text(p->out, p->text);
	return r;
}

static int parse_hex(struct parser *p)
{
	struct keep_slice bytes = {NULL, p->text.len / 2};
	char *room = keep_mem_alloc(p->mem, bytes.len);
	int r;

	if (!room)
		return keep_no_memory(p->e);
	if (!keep_hex_get(p->text, room))
		return refuse(p, "hex, two digits a byte");
	if (p->f->type == KEEP_T_FIXED && bytes.len != p->f->size)
		return wrong_size(p, bytes.len);
	bytes.p = room;
	r = check_length(p, bytes.len);
	if (r == 0)
		keep_cbor_put_bytes(p->out, bytes);
	return r;
}

static int parse_blob(struct parser *p)
{
	int r = check_length(p, p->text.len);

	if (r == 0)
		keep_cbor_put_bytes(p->out, p->text);
	return r;
}

static parse_fn *const parsers[] = {
	[KEEP_T_BOOL] = parse_bool, [KEEP_T_UINT] = parse_uint,
	[KEEP_T_INT] = parse_int, [KEEP_T_DOUBLE] = parse_double,
	[KEEP_T_TEXT] = parse_text, [KEEP_T_BYTES] = parse_hex,
	[KEEP_T_ENUM] = parse_enum, [KEEP_T_TIME] = parse_time,
	[KEEP_T_DURATION] = parse_duration, [KEEP_T_SIZE] = parse_size,
	[KEEP_T_SHARE] = parse_share, [KEEP_T_IP] = parse_ip,
	[KEEP_T_PATH] = parse_text, [KEEP_T_BLOB] = parse_blob,
	[KEEP_T_FIXED] = parse_hex, [KEEP_T_FIXED_TEXT] = parse_text,
	[KEEP_T_CHOICE] = NULL,
};

int keep_field_parse(struct keep_mem *m, const struct keep_field *f,
		     struct keep_slice text, struct keep_buf *out,
		     struct keep_err *e)
{
	struct parser p = {m, f, text, out, e, ""};
	int r;

	if (!parsers[f->type])
		return keep_fail(e, KEEP_E_INTERNAL, "%s has no text form",
				 f->name);
	if (!text.p)
		p.text = KEEP_S("");
	r = parsers[f->type](&p);
	return r ? r : keep_buf_check(out, e);
}
