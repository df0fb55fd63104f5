/* What an import leaves to be mended by hand. */
#include "import.h"

int keep_leap_left(struct keep_leap *l, const struct keep_import_left *what,
		   struct keep_err *e)
{
	struct keep_import_left copy = {
		.file = keep_mem_copy(l->m, what->file),
		.line = what->line,
		.original = keep_mem_copy(l->m, what->original),
		.why = keep_mem_copy(l->m, what->why),
	};

	keep_buf_put(&l->left, &copy, sizeof copy);
	if (!copy.file.p || !copy.why.p || l->left.failed ||
	    (what->original.p && !copy.original.p))
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
