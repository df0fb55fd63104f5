/* Forced in by `make analyze`: what clang-tidy cannot see across files. What
 * fails returns its code, and that is never 0. */
#include <keep/err.h>

#define keep_fail(...) (keep_fail(__VA_ARGS__), -1)
#define keep_fail_errno(...) (keep_fail_errno(__VA_ARGS__), -1)
#define keep_no_memory(e) (keep_no_memory(e), -1)
#define keep_hint(...) (keep_hint(__VA_ARGS__), -1)
#define keep_err_at(...) (keep_err_at(__VA_ARGS__), -1)
