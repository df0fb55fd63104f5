/* The forms that stand for secrets in compiled text: `<secret n>`,
 * `<keypair n>`, `<b64 secret n>`, `<b64 keypair n>`, hex and sha256 alike;
 * behind the name may stand more (", not made", " public"). Source:
 * PROVIDER 3. */
#ifndef PROVIDER_FORM_H
#define PROVIDER_FORM_H

#include <keep/base.h>

/* How many forms a text holds. */
size_t keep_form_count(struct keep_slice s);
/* Whether it holds one; *at: where the first begins. */
bool keep_form_find(struct keep_slice s, size_t *at);
/* A form, in parts. */
struct keep_form_parts {
	struct keep_slice how;  /* "b64 ", "hex ", "sha256 ", or empty */
	struct keep_slice kind; /* "secret " or "keypair " */
	struct keep_slice name;
	struct keep_slice more; /* ", not made", " public", or empty */
	size_t len;             /* of all of it */
};
/* The first form at or behind *at, which is moved to it. */
bool keep_form_next(struct keep_slice s, size_t *at,
		    struct keep_form_parts *out);
/* Whether a text is one `<secret ..>` or `<keypair ..>` and nothing else. */
bool keep_form_is_plain(struct keep_slice s);
/* Whether it is the name of a secret: [a-z0-9][a-z0-9._-]*, 1 to 255. */
bool keep_form_name(struct keep_slice s);

#endif
