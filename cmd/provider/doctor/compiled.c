/* Whether compiled/ is what the instance says. */
#include <fcntl.h>
#include <keep/compile.h>
#include "doctor.h"

static int compiled(const struct keep_doctor *d, struct keep_err *e)
{
	const struct keep_compile_args args = {.check = true};
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_compile_result r = {0};
	struct keep_ctx quiet = *d->c;
	struct keep_err why = {0};
	struct stat st;
	int rc;

	if (fstatat(d->dir, "compiled", &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0; /* nobody compiles here */
	quiet.progress = NULL;
	rc = keep_compile(&quiet, &args, &r, &why);
	if (rc == -KEEP_E_NO_MEMORY || !top.p)
		return keep_no_memory(e);
	/* an instance that does not compile is the matter of its author */
	if (rc != KEEP_E_DIFFERS)
		return 0;
	return keep_doctor_tell(d, keep_mem_print(d->m, "compiled/ is older "
				"than the instance; nodes that differ: %zu",
				r.nodes.n), e, "keep -C %.*s compile",
				KEEP_F(top));
}

KEEP_CHECK(compiled)
