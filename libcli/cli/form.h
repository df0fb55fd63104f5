/* Structs as JSON values, shared by form and printer. */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include <keep/json.h>
#include <keep/schema.h>

/* How values are made, and whether memory was at an end. */
struct keep_former {
	struct keep_mem *mem;
	bool hide;   /* no secrets: they are left out */
	bool failed;
};

static inline const void *keep_form_member(const struct keep_field *f,
					   const void *in)
{
	return (const char *)in + f->offset;
}
/* The arm that a choice has taken. */
static inline const struct keep_field *
keep_form_arm(const struct keep_field *f, const struct keep_choice *c)
{
	return &f->sub->fields[c->arm];
}
/* The object of a struct; the value of one element at p. Both borrow from the
 * struct. */
struct keep_json keep_form_struct(struct keep_former *m,
				  const struct keep_schema *s, const void *in);
struct keep_json keep_form_value(struct keep_former *m,
				 const struct keep_field *f, const void *p);
/* The value of one item; what JSON cannot say is a text in diagnostic
 * notation. */
struct keep_json keep_form_item(struct keep_former *m,
				struct keep_slice item);

#endif
