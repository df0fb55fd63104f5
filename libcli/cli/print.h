/* Text of structs, shared by the printers of results and events. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <keep/cli.h>

/* `name: value` lines. */
void keep_print_lines(const struct keep_printer *p,
		      const struct keep_schema *s, const void *in,
		      struct keep_buf *out);
/* Structs one after another as a table; with a header on a terminal. */
void keep_print_table(const struct keep_printer *p,
		      const struct keep_schema *s,
		      const struct keep_list *items, struct keep_buf *out);
/* One line: `name: value` of the fields that are there. */
void keep_print_line(const struct keep_printer *p,
		     const struct keep_schema *s, const void *in,
		     struct keep_buf *out);

#endif
