/* Scalars as people read them. */
#include <inttypes.h>
#include "schema.h"

void keep_number_text(const struct keep_field *f, uint64_t v, uint64_t now_s,
		      struct keep_buf *out)
{
	if (f->type == KEEP_T_DURATION)
		keep_duration_put(out, v);
	else if (f->type == KEEP_T_SIZE)
		keep_size_put(out, v);
	else if (f->type == KEEP_T_TIME && now_s)
		keep_time_relative(out, v, now_s);
	else if (f->type == KEEP_T_TIME)
		keep_time_put(out, v);
	else if (f->type == KEEP_T_ENUM && v < f->names->n)
		keep_buf_text(out, f->names->v[v]);
	else
		keep_buf_print(out, "%" PRIu64, v);
}

static void put_hex(const struct keep_slice *s, struct keep_buf *out)
{
	keep_hex_put(out, s->p, s->len);
}

static void put_share(const struct keep_share *share, struct keep_buf *out)
{
	keep_buf_print(out, "%" PRIu64 "%s", share->value,
		       share->percent ? "%" : "");
}

void keep_field_text(const struct keep_field *f, const void *p,
		     uint64_t now_s, struct keep_buf *out)
{
	switch (f->type) {
	case KEEP_T_BOOL:
		keep_buf_text(out, *(const bool *)p ? "true" : "false");
		break;
	case KEEP_T_INT:
		keep_buf_print(out, "%" PRId64, keep_signed_get(f, p));
		break;
	case KEEP_T_DOUBLE: keep_double_put(out, *(const double *)p); break;
	case KEEP_T_TEXT:
	case KEEP_T_PATH: keep_buf_slice(out, *(const struct keep_slice *)p);
		break;
	case KEEP_T_BYTES:
	case KEEP_T_BLOB: put_hex(p, out); break;
	case KEEP_T_FIXED: keep_hex_put(out, p, f->size); break;
	case KEEP_T_FIXED_TEXT: keep_buf_put(out, p, f->size); break;
	case KEEP_T_SHARE: put_share(p, out); break;
	case KEEP_T_IP: keep_ip_put(out, p); break;
	case KEEP_T_UINT:
	case KEEP_T_ENUM:
	case KEEP_T_TIME:
	case KEEP_T_DURATION:
	case KEEP_T_SIZE:
		keep_number_text(f, keep_number_get(f, p), now_s, out);
		break;
	default: break; /* no text form, or a secret */
	}
}
