/* Options that every command takes. */
#include "shell.h"

#define G struct keep_globals
static const struct keep_field fields[] = {
	{KEEP_TEXT(G, directory), .letter = 'C', .meta = "DIR",
	 .help = "go there first"},
	{KEEP_MAP_TEXT(G, config), .letter = 'c', .meta = "KEY=VALUE",
	 .help = "set a value of the configuration"},
	{KEEP_ENUM(G, format, &keep_format_names), KEEP_HAS(G, has_format),
	 .help = "how the result is printed"},
	{KEEP_ENUM(G, color, &keep_color_names), KEEP_HAS(G, has_color),
	 .help = "whether output has colours"},
	{KEEP_BOOL(G, quiet), .letter = 'q',
	 .help = "no notes, no progress, no report of a change"},
	{KEEP_BOOL(G, no_pager), .help = "never use a pager"},
	{KEEP_BOOL(G, usage), .letter = 'h', .help = "short help"},
	{KEEP_BOOL(G, help), .help = "the manual"},
	{KEEP_BOOL(G, show), .help = "print secrets on a terminal too"},
	{KEEP_BOOL(G, version), .help = "the version of keep"},
	{KEEP_DURATION(G, lock_timeout), KEEP_HAS(G, has_lock_timeout),
	 .help = "how long to wait for another writer"},
	{KEEP_TEXT(G, args), .meta = "FILE",
	 .help = "all arguments of the verb as JSON, - for standard input"},
};
#undef G
const struct keep_schema keep_globals_schema =
	KEEP_SCHEMA(struct keep_globals, fields);
