/* What an import makes, and what it leaves to be mended by hand. */
#include <keep/text.h>
#include "import.h"

int keep_leap_put(struct keep_leap *l, const char *path,
		  struct keep_slice bytes, mode_t mode, struct keep_err *e)
{
	if (l->to.n - l->n_before >= KEEP_LEAP_FILES)
		return keep_fail(e, KEEP_E_TOO_LARGE, "more than %d files "
				 "would be made", KEEP_LEAP_FILES);
	return keep_making_put(&l->to, path, bytes, mode, e);
}

int keep_leap_left(struct keep_leap *l, const struct keep_import_left *what,
		   struct keep_err *e)
{
	struct keep_import_left copy = {
		.file = keep_mem_copy(l->m, what->file),
		.line = what->line,
		.original = what->original,
		.why = keep_mem_copy(l->m, what->why),
	};

	if (l->left.len / sizeof copy >= KEEP_LEAP_LEFT)
		return keep_fail(e, KEEP_E_TOO_LARGE, "more than %d things "
				 "have no equal", KEEP_LEAP_LEFT);
	if (copy.original.p)
		copy.original = keep_text_safe(l->m, copy.original,
					       KEEP_LEAP_ORIGINAL);
	keep_buf_put(&l->left, &copy, sizeof copy);
	if (!copy.file.p || !copy.why.p || l->left.failed)
		return keep_no_memory(e);
	return 0;
}

int keep_leap_left_file(struct keep_leap *l, struct keep_slice file,
			const char *why, struct keep_err *e)
{
	return keep_leap_left(l, &(struct keep_import_left){
		.file = file, .why = keep_slice(why)}, e);
}

int keep_leap_left_other(struct keep_leap *l, struct keep_slice file,
			 struct keep_err *e)
{
	return keep_leap_left_file(l, file, keep_leap_ends(file, ".rb") ?
		"a control file: keep runs no ruby; what it sets is to be "
		"written as JSON" : "keep has no place for it", e);
}
