/* A row of the property `files`, as it is written. */
#ifndef PROVIDER_FILES_ROW_H
#define PROVIDER_FILES_ROW_H

#include "files.h"

enum keep_file_field {
	KEEP_FILE_TEXT, KEEP_FILE_TEMPLATE, KEEP_FILE_SOURCE,
	KEEP_FILE_COMPILED, KEEP_FILE_OWNER, KEEP_FILE_GROUP, KEEP_FILE_MODE,
	KEEP_FILE_ON_CHANGE, KEEP_FILE_FIELDS,
};

/* The rows of a node, and who is told of their faults. */
struct keep_file_rows {
	const struct keep_build *b;
	const struct keep_node *node;
	struct keep_problems *ps;
	struct keep_slice path; /* of the row, for messages */
};
struct keep_file_row {
	const struct keep_json *v[KEEP_FILE_FIELDS]; /* NULL: not given */
};

/* A fault of the row at the place of v. */
void keep_file_fault(const struct keep_file_rows *r, const struct keep_json *v,
		     const char *fmt, ...) KEEP_PRINTF(3, 4);
/* Checks member M of `files`; false: it is no file, or has a fault. */
bool keep_file_row_read(struct keep_file_rows *r,
			const struct keep_json_member *m,
			struct keep_file_row *out);
/* The number of a mode that was checked. */
uint32_t keep_file_mode(struct keep_slice text);

#endif
