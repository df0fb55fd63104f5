/* Errors: one struct on the caller's stack, last argument of what can fail.
 * A function that fails returns -KEEP_E_X and has filled *e. A list of
 * problems (all faults of one input) lives in the request arena; main reports
 * before that ends. Source: WIRE 3 and 5, STYLE 3. */
#ifndef KEEP_ERR_H
#define KEEP_ERR_H

#include <stdarg.h>
#include <keep/base.h>

struct keep_mem;

/* The codes of errcodes.def, as KEEP_E_BAD_ARGS and so on. */
enum keep_code {
	KEEP_OK = 0,
#define KEEP_E(number, name, status, meaning) KEEP_E_##name = number,
#include <keep/errcodes.def>
#undef KEEP_E
};

/* How many faults of an input are kept. */
enum { KEEP_PROBLEMS_MAX = 1000 };

/* One fault of an input. All texts live in the arena, as UTF-8. */
struct keep_problem {
	struct keep_slice where; /* file, or field path as `filter[1]` */
	uint32_t line, column;   /* from 1; 0: not known */
	struct keep_slice message;
	struct keep_slice hint;  /* absent: none */
	struct keep_problem *next;
};

/* All faults of an input, in the order found. Begin with
 * {.mem = arena}; at most KEEP_PROBLEMS_MAX are kept, all are counted. */
struct keep_problems {
	struct keep_mem *mem;
	struct keep_problem *first, *last;
	size_t kept, total;
};

/* {0} is "no error". */
struct keep_err {
	int code;        /* a keep_code, or a command's own from 64 */
	char message[512];
	char hint[256];  /* what to do next; "" when there is nothing to say */
	uint32_t retry_after_ms;
	const struct keep_problems *problems; /* in the arena, or NULL */
};

KEEP_BEGIN
/* Fills *e and returns -code. The message says what failed, with which
 * value; foreign bytes in it are made safe. e may be NULL. */
int keep_fail(struct keep_err *e, int code, const char *fmt, ...)
	KEEP_PRINTF(3, 4);
/* The same with ": strerror(errno)" behind; the code follows errno: NOT_FOUND,
 * EXISTS, DENIED, NO_MEMORY, TOO_LARGE, else IO. */
int keep_fail_errno(struct keep_err *e, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
/* NO_MEMORY, with a message of its own. */
int keep_no_memory(struct keep_err *e);
/* Sets the hint of an error that is there; returns -e->code. */
int keep_hint(struct keep_err *e, const char *fmt, ...) KEEP_PRINTF(2, 3);
/* Puts "place: " before the message: what the caller knows and the callee
 * does not. Returns -e->code. */
int keep_err_at(struct keep_err *e, const char *fmt, ...) KEEP_PRINTF(2, 3);

/* Adds a fault. WHERE is copied. A full arena only counts it. */
void keep_problem(struct keep_problems *ps, struct keep_slice where,
		  uint32_t line, uint32_t column, const char *fmt, ...)
	KEEP_PRINTF(5, 6);
/* Sets the hint of the fault that was added last. */
void keep_problem_hint(struct keep_problems *ps, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
/* Turns faults into an error: 0 when there are none, else -code, and
 * e->problems = ps. The message counts them: "FMT: 3 problems". */
int keep_problems_fail(const struct keep_problems *ps, struct keep_err *e,
		       int code, const char *fmt, ...) KEEP_PRINTF(4, 5);

/* The exit status of a code; 70 for one that nobody knows. 256 + n and 512 + s
 * are n and 128 + s: of an external command, WIRE 4. */
int keep_exit_status(int code);
/* "BAD_ARGS" for 7, and the line of errcodes.def that explains it. */
const char *keep_code_name(int code);
const char *keep_code_meaning(int code);
KEEP_END

#endif
