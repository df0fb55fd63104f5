/* The exec string of a deploy, and the lock that one makes there. */
#include <keep/cli.h>
#include <keep/generation.h>
#include <keep/text.h>
#include "scripts.h"

static bool is_word(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
		      (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (s.p[i] >= '0' && s.p[i] <= '9') ||
		      (s.p[i] && strchr("@._:,=+-", s.p[i]))))
			return false;
	return true;
}

/* The runner of the base, unless somebody wrote to it, is asked first, which
 * saves a process; it comes back where not all is as usual, or is not there. */
#define DIRECT "perl -e '$script=shift;$from=\"gen/$ARGV[2]\";" \
	"$0=\"$from/run\";$_=$ENV{KEEP_ROOT}||\"/var/lib/keep\";" \
	"m{^/}&&chdir($_)&&-s\"$0.take\"&&-M$0>=-M\"$from/MANIFEST\"&&" \
	"do\"./$0\";exec\"sh\",\"-c\",$script,@ARGV' '"

/* Without comments and indentation: 4 KB are to be enough. */
static void put_script(struct keep_buf *b)
{
	struct keep_slice s = keep_node_script();
	const char *p = s.p, *end = s.p + s.len, *line;

	for (; p < end; p = line + 1) {
		while (*p == '\t')
			p++;
		line = memchr(p, '\n', (size_t)(end - p));
		if (*p != '#')
			keep_buf_put(b, p, (size_t)(line + 1 - p));
	}
}

int keep_node_command(struct keep_mem *m, const struct keep_node_exec *x,
		      struct keep_slice *out, struct keep_err *e)
{
	const struct keep_slice words[] = {
		x->want, x->base.p ? x->base : KEEP_S("none"), x->deploy,
		x->who, x->commit, x->flags,
	};
	struct keep_buf b = {.mem = m};
	size_t i;

	keep_buf_text(&b, x->direct ? DIRECT : "sh -c '");
	put_script(&b);
	keep_buf_text(&b, "' keep");
	for (i = 0; i < KEEP_COUNT(words); i++) {
		if (!is_word(words[i]))
			return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' cannot "
					 "be sent to a node",
					 KEEP_F(words[i]));
		keep_buf_print(&b, " '%.*s'", KEEP_F(words[i]));
	}
	if (x->pack.p)
		keep_buf_text(&b, x->pack.len ? " " : " -");
	keep_base64_put(&b, x->pack);
	keep_buf_byte(&b, '\0');
	*out = keep_buf_get(&b);
	out->len -= !b.failed;
	return keep_buf_check(&b, e);
}

void keep_lock_put(struct keep_buf *out, struct keep_slice line,
		   uint64_t now_s)
{
	struct keep_slice rest = line, id = keep_next_word(&rest);
	struct keep_slice who = keep_next_word(&rest);
	uint64_t at;

	if (!keep_num_uint(keep_next_word(&rest), &at)) {
		keep_buf_slice(out, line);
		return;
	}
	keep_buf_print(out, "%.*s (deploy %.*s, ", KEEP_F(who), KEEP_F(id));
	keep_time_relative(out, at, now_s);
	keep_buf_byte(out, ')');
}
