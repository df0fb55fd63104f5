/* Whether compiled/ is what the instance says. */
#include <fcntl.h>
#include <keep/compile.h>
#include "../output/tree.h"
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

/* A compile refuses to lose them. */
static int strays(const struct keep_doctor *d, struct keep_err *e)
{
	KEEP_AUTO(keep_output) o = {0};
	struct keep_slices found = {0};
	struct keep_slice path;
	struct keep_err why = {0};
	size_t i;
	int rc;

	/* without its list a compile takes over what it would write */
	if (!keep_doctor_has(d, "compiled/.made"))
		return 0;
	rc = keep_output_begin(d->c, true, &o, &why);
	if (!rc)
		rc = keep_tree_strays(&o, &found, &why);
	if (rc) /* what is no tree of directories is the matter of compile */
		return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
	for (i = 0; !rc && i < found.n; i++) {
		path = keep_mem_print(d->m, "compiled/%.*s",
				      KEEP_F(found.v[i]));
		rc = path.p ? keep_doctor_stow(d, path.p, keep_mem_print(d->m,
			      "%.*s was not made by compile", KEEP_F(path)), e)
			    : keep_no_memory(e);
	}
	return rc;
}

KEEP_CHECK(strays)
KEEP_CHECK(compiled)
