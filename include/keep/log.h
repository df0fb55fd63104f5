/* Log lines: one an event on stderr, `key=value` pairs; under journald with
 * its <N> priority before them. Never a secret. Source: ARCHITECTURE 7. */
#ifndef KEEP_LOG_H
#define KEEP_LOG_H

#include <keep/mem.h>

/* syslog's priorities, as journald reads them. */
enum keep_log_level {
	KEEP_LOG_ERROR = 3,
	KEEP_LOG_WARNING = 4,
	KEEP_LOG_NOTICE = 5,
	KEEP_LOG_INFO = 6,
	KEEP_LOG_DEBUG = 7,
};

/* Where lines go; main fills one. {0}: nowhere. */
struct keep_log {
	int fd_plus_one;
	enum keep_log_level level; /* what is less important is dropped */
	bool journal;              /* fd is journald's: prefix with <N> */
	bool json;                 /* lines as JSON objects {"warning": ..} */
	bool color;                /* fd is a terminal that shows colours */
	const char *name;          /* "keep", "keep-agentd" */
	/* Makes room for a line, where fd shows something else; NULL: there is
	 * room. */
	void (*before)(void *user);
	void *user;
};

KEEP_BEGIN
/* One line; control characters are made visible. l may be NULL. */
void keep_log(const struct keep_log *l, enum keep_log_level level,
	      const char *fmt, ...) KEEP_PRINTF(3, 4);
KEEP_END

#endif
