#include <errno.h>
#include <keep/file.h>
#include <keep/log.h>
#include <keep/text.h>

/* A line is made on the stack: what is told may be that memory is at an end. */
enum { TEXT_MAX = 1024, LINE_MAX_BYTES = 2 * TEXT_MAX + 128 };

static const char *name_of(enum keep_log_level level)
{
	switch (level) {
	case KEEP_LOG_ERROR: return "error";
	case KEEP_LOG_WARNING: return "warning";
	case KEEP_LOG_NOTICE: return "notice";
	case KEEP_LOG_INFO: return "info";
	default: return "debug";
	}
}

/* {"warning":"TEXT"}; a text that is safe to show has no control characters,
 * so that only two are to be escaped. */
static void json_line(char *line, size_t size, const char *level,
		      const char *text)
{
	char *p = line + snprintf(line, size, "{\"%s\":\"", level);

	for (; *text; *p++ = *text++)
		if (*text == '"' || *text == '\\')
			*p++ = '\\';
	snprintf(p, size - (size_t)(p - line), "\"}\n");
}

static void text_line(const struct keep_log *l, enum keep_log_level level,
		      char *line, size_t size, const char *text)
{
	if (l->journal)
		snprintf(line, size, "<%d>%s\n", (int)level, text);
	else
		snprintf(line, size, "%s%.64s: %s:%s %s\n",
			 l->color ? KEEP_YELLOW : "",
			 l->name ? l->name : "keep", name_of(level),
			 l->color ? KEEP_PLAIN : "", text);
}

void keep_log(const struct keep_log *l, enum keep_log_level level,
	      const char *fmt, ...)
{
	char raw[TEXT_MAX], text[TEXT_MAX], line[LINE_MAX_BYTES];
	struct keep_err dropped = {0};
	int before = errno;
	va_list ap;

	if (!l || !l->fd_plus_one || level > l->level)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	keep_text_safe_to(text, sizeof text, keep_slice(raw));
	if (l->json)
		json_line(line, sizeof line, name_of(level), text);
	else
		text_line(l, level, line, sizeof line, text);
	if (l->before)
		l->before(l->user);
	keep_ignore(keep_fd_write(l->fd_plus_one - 1, keep_slice(line),
				  &dropped), "there is nowhere to tell it");
	errno = before;
}
