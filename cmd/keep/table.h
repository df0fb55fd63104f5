/* The commands of `keep`, one row each. */
#ifndef KEEP_TABLE_H
#define KEEP_TABLE_H

#include <keep/cli.h>

KEEP_BEGIN
extern const struct keep_command keep_table[];
extern const size_t keep_table_n;
KEEP_END

#endif
