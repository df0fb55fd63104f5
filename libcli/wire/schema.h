/* What decoder, encoder and printers of schemas share. */
#ifndef WIRE_SCHEMA_H
#define WIRE_SCHEMA_H

#include <keep/schema.h>

/* What is common to all types, one row each. */
struct keep_type_row {
	const char *name;         /* "uint", as describe names it */
	const char *cddl;         /* without its limits */
	enum keep_cbor_kind kind; /* of its head; END: its decoder looks */
	bool is_slice;            /* the member is a struct keep_slice */
};
extern const struct keep_type_row keep_type_rows[];

static inline void *keep_member(const struct keep_field *f, void *s)
{
	return (char *)s + f->offset;
}
static inline const void *keep_member_of(const struct keep_field *f,
					 const void *s)
{
	return (const char *)s + f->offset;
}
/* A number member of 4 or 8 bytes. */
uint64_t keep_number_get(const struct keep_field *f, const void *p);
int64_t keep_signed_get(const struct keep_field *f, const void *p);
void keep_number_set(const struct keep_field *f, void *p, uint64_t v);
/* The value of an unsigned type in the unit of its field. */
void keep_number_text(const struct keep_field *f, uint64_t v, uint64_t now_s,
		      struct keep_buf *out);

#endif
