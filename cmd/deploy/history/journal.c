/* A line of a node's journal, which run.pl of ../generation writes at the
 * begin and at the end of a deploy:
 *	UNIX-S TO FROM COMMIT DEPLOY WHO RESULT */
#include <keep/text.h>
#include "history.h"

enum { LINE = 1000, WORD = 253, WORDS = 7 };

/* Takes S up to the byte off *line, and that byte. */
static struct keep_slice take(struct keep_slice *line, char until)
{
	const char *end = memchr(line->p, until, line->len);
	struct keep_slice s = {line->p, end ? (size_t)(end - line->p)
					    : line->len};

	line->p += s.len + (end ? 1 : 0);
	line->len -= s.len + (end ? 1 : 0);
	return s;
}

static bool split(struct keep_slice line, struct keep_slice w[WORDS])
{
	size_t i;

	if (!line.p || line.len > LINE || !keep_utf8_ok(line) ||
	    memchr(line.p, '\0', line.len))
		return false;
	for (i = 0; i < WORDS; i++) {
		w[i] = take(&line, ' ');
		if (!w[i].len || w[i].len > WORD)
			return false;
	}
	return !line.len;
}

bool keep_past_journal(struct keep_slice line, struct keep_history_row *row,
		       struct keep_history_node *node)
{
	struct keep_slice w[WORDS] = {{0}};
	uint64_t at;

	if (!split(line, w) || !keep_num_uint(w[0], &at) || at > KEEP_TIME_MAX)
		return false;
	*node = (struct keep_history_node){.state = w[6], .id = w[1]};
	*row = (struct keep_history_row){
		.at = at, .verb = KEEP_S("journal"), .deploy = w[4],
		.nodes = {node, 1}};
	row->user = take(&w[5], '@');
	row->host = w[5];
	row->commit = take(&w[3], '-');
	row->dirty = w[3].len != 0;
	if (!row->commit.len)
		row->commit = (struct keep_slice){0};
	return true;
}
