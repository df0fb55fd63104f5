/* A unit test is a program that prints TAP: ok(), is_int(), is_text(), done().
 * A title is a fact in the words of a user. More: t/README.md. */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <keep/text.h>

static int tap_run, tap_failed;

static inline bool ok(bool good, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static inline bool ok(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", good ? "" : "not ", ++tap_run);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !good;
	return good;
}

#define is_int(got, want, ...) do { \
	int64_t is_got = (int64_t)(got), is_want = (int64_t)(want); \
	if (!ok(is_got == is_want, __VA_ARGS__)) \
		fprintf(stderr, "# %s:%d: got %" PRId64 ", wanted %" PRId64 \
			"\n", __FILE__, __LINE__, is_got, is_want); \
} while (0)

#define is_slice(got, want, ...) do { \
	struct keep_slice is_got = (got), is_want = (want); \
	if (!ok(keep_slice_eq(is_got, is_want), __VA_ARGS__)) \
		fprintf(stderr, "# %s:%d: got '%.*s', wanted '%.*s'\n", \
			__FILE__, __LINE__, KEEP_F(is_got), KEEP_F(is_want)); \
} while (0)

#define is_text(got, want, ...) is_slice(got, keep_slice(want), __VA_ARGS__)

/* What the rest of a test stands on: without it, the program ends here. Where
 * faults are injected that is an end like any other; a crash is not. */
#define need(good) tap_need((good), #good, __FILE__, __LINE__)
static inline void tap_need(bool good, const char *what, const char *file,
			    int line)
{
	if (good)
		return;
	printf("Bail out! %s:%d: not %s\n", file, line, what);
	exit(1);
}

/* How often to do what is done FULL times for good measure: FEW times where
 * faults are injected, since each allocation is a run of its own there. */
static inline uint32_t tap_times(uint32_t full, uint32_t few)
{
	return getenv("KEEP_FAULT_AT") || getenv("KEEP_FAULT_COUNT") ? few :
								       full;
}

/* An empty directory in $TMPDIR for the caller, who removes it; its path is
 * in PATH. */
static inline bool tap_dir(char *path, size_t size)
{
	const char *in = getenv("TMPDIR");

	snprintf(path, size, "%s/keep-unit-XXXXXX", in ? in : "/tmp");
	return mkdtemp(path) != NULL;
}

static inline int done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed != 0;
}

#endif
