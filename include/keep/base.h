/* What every public header of keep begins with: attributes, checked
 * arithmetic, and the two ways to name bytes that somebody else owns. */
#ifndef KEEP_BASE_H
#define KEEP_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Public headers stand between these; everything else stays hidden. */
#define KEEP_BEGIN _Pragma("GCC visibility push(default)")
#define KEEP_END _Pragma("GCC visibility pop")

/* The result says whether it failed: it may not be dropped in silence. */
#define KEEP_MUST __attribute__((warn_unused_result))
/* printf-like: FMT is the number of the format, ARGS of the first value. */
#define KEEP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
/* A variable that is ended by TYPE_end(&v) when its scope is left. */
#define KEEP_AUTO(type) __attribute__((cleanup(type##_end))) struct type
/* The value of *p, which is left empty: how an owned handle changes hands. */
#define keep_take(p) (__extension__({ \
	__typeof__(*(p)) keep_taken = *(p); \
	*(p) = (__typeof__(*(p))){0}; \
	keep_taken; }))
/* Drops the result of a function that may fail; says why. */
#define keep_ignore(call, why) \
	((void)sizeof(why), (void)!(call))
#define KEEP_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Borrowed bytes: valid as long as the request. p == NULL is "absent",
 * len == 0 with p != NULL is "empty". Text is UTF-8 without NUL. */
struct keep_slice {
	const char *p;
	size_t len;
};
/* A list: n elements of what the schema names; v == NULL is "absent". */
struct keep_list {
	const void *v;
	size_t n;
};
/* A list of texts or byte strings. */
struct keep_slices {
	const struct keep_slice *v;
	size_t n;
};
/* One entry of a map of text to text, bytes or free item. */
struct keep_entry {
	struct keep_slice key;
	struct keep_slice value;
};
struct keep_entries {
	const struct keep_entry *v;
	size_t n;
};

/* A slice of a literal, and of a NUL-terminated text. */
#define KEEP_S(literal) ((struct keep_slice){("" literal), sizeof(literal) - 1})
KEEP_BEGIN
/* The bytes of S up to its NUL; absent for NULL. Borrows. */
struct keep_slice keep_slice(const char *s);
/* Equality of public bytes (secrets: keep_secret_equal). */
bool keep_slice_eq(struct keep_slice a, struct keep_slice b);
bool keep_slice_is(struct keep_slice a, const char *s);
/* Whether A begins with S. */
bool keep_slice_starts(struct keep_slice a, const char *s);
/* Order by bytes, a prefix first; <0, 0, >0. */
int keep_slice_cmp(struct keep_slice a, struct keep_slice b);
bool keep_bytes_equal(const void *a, const void *b, size_t len);
KEEP_END

/* For "%.*s": printf("%.*s", KEEP_F(slice)). */
#define KEEP_F(s) (int)(s).len, (s).p ? (s).p : ""

/* Sum and product of lengths; false when it does not fit. */
static inline KEEP_MUST bool keep_add(size_t a, size_t b, size_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}
static inline KEEP_MUST bool keep_mul(size_t a, size_t b, size_t *product)
{
	return !__builtin_mul_overflow(a, b, product);
}

#endif
