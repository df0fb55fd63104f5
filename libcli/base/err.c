#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <keep/err.h>
#include <keep/mem.h>
#include <keep/text.h>

static const struct {
	int code, status;
	const char *name, *meaning;
} codes[] = {
#define KEEP_E(number, name, status, meaning) {number, status, #name, meaning},
#include <keep/errcodes.def>
#undef KEEP_E
};

static size_t find_code(int code)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(codes); i++)
		if (codes[i].code == code)
			break;
	return i;
}

/* WIRE 4: an external that exited with n, or was killed by signal s. */
static bool is_exited(int code)
{
	return code > 256 && code < 512;
}

static bool is_killed(int code)
{
	return code > 512 && code <= 512 + 64;
}

int keep_exit_status(int code)
{
	size_t i = find_code(code);

	if (code == 0)
		return 0;
	if (is_exited(code))
		return code - 256;
	if (is_killed(code))
		return 128 + code - 512;
	return i < KEEP_COUNT(codes) ? codes[i].status : 70;
}

const char *keep_code_name(int code)
{
	size_t i = find_code(code);

	if (is_exited(code))
		return "EXITED";
	if (is_killed(code))
		return "KILLED";
	return i < KEEP_COUNT(codes) ? codes[i].name : "UNKNOWN";
}

const char *keep_code_meaning(int code)
{
	size_t i = find_code(code);

	if (is_exited(code) || is_killed(code))
		return "an external command ended so";
	return i < KEEP_COUNT(codes) ? codes[i].meaning : "not a code of keep";
}

static void print_safe(char *dst, size_t size, const char *fmt, va_list ap)
	KEEP_PRINTF(3, 0);
static int vfail(struct keep_err *e, int code, const char *fmt, va_list ap)
	KEEP_PRINTF(3, 0);

/* Formats, then makes what came from outside safe to show. */
static void print_safe(char *dst, size_t size, const char *fmt, va_list ap)
{
	char raw[1024];
	int n = vsnprintf(raw, sizeof raw, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;

	if (len >= sizeof raw)
		len = sizeof raw - 1;
	keep_text_safe_to(dst, size, (struct keep_slice){raw, len});
}

static int vfail(struct keep_err *e, int code, const char *fmt, va_list ap)
{
	if (!e)
		return -code;
	e->code = code;
	e->hint[0] = '\0';
	e->retry_after_ms = 0;
	e->problems = NULL;
	print_safe(e->message, sizeof e->message, fmt, ap);
	return -code;
}

int keep_fail(struct keep_err *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfail(e, code, fmt, ap);
	va_end(ap);
	return -code;
}

static int code_of_errno(int no)
{
	switch (no) {
	case ENOENT: case ENOTDIR: return KEEP_E_NOT_FOUND;
	case EEXIST: case ENOTEMPTY: return KEEP_E_EXISTS;
	case EACCES: case EPERM: case EROFS: case ELOOP: case EXDEV:
		return KEEP_E_DENIED;
	case ENOMEM: return KEEP_E_NO_MEMORY;
	case EFBIG: return KEEP_E_TOO_LARGE;
	default: return KEEP_E_IO;
	}
}

static void append(char *dst, size_t size, const char *text)
{
	size_t len = strlen(dst);

	snprintf(dst + len, size - len, ": %s", text);
	/* not to be cut within a character */
	dst[keep_utf8_check(keep_slice(dst))] = '\0';
}

int keep_fail_errno(struct keep_err *e, const char *fmt, ...)
{
	int no = errno, code = code_of_errno(no);
	char reason[128];
	va_list ap;

	va_start(ap, fmt);
	vfail(e, code, fmt, ap);
	va_end(ap);
	if (e)
		append(e->message, sizeof e->message,
		       strerror_r(no, reason, sizeof reason));
	return -code;
}

int keep_no_memory(struct keep_err *e)
{
	return keep_fail(e, KEEP_E_NO_MEMORY, "out of memory");
}

int keep_hint(struct keep_err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return -KEEP_E_INTERNAL;
	va_start(ap, fmt);
	print_safe(e->hint, sizeof e->hint, fmt, ap);
	va_end(ap);
	return -e->code;
}

int keep_err_at(struct keep_err *e, const char *fmt, ...)
{
	char place[sizeof e->message], old[sizeof e->message];
	va_list ap;

	if (!e)
		return -KEEP_E_INTERNAL;
	va_start(ap, fmt);
	print_safe(place, sizeof place, fmt, ap);
	va_end(ap);
	memcpy(old, e->message, sizeof old);
	snprintf(e->message, sizeof e->message, "%s", place);
	append(e->message, sizeof e->message, old);
	return -e->code;
}
