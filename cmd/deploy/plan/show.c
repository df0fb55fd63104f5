/* What is shown of a file that differs. */
#include <keep/text.h>
#include "build.h"

static bool is_text(struct keep_slice s)
{
	return !s.len || (!memchr(s.p, '\0', s.len) && keep_utf8_ok(s));
}

/* Why there is no diff; absent: there can be one. */
static struct keep_slice why_none(const struct keep_plan_edit *x)
{
	bool was_secret = x->old && x->old->secret;
	bool is_secret = x->new && x->new->secret;

	if (keep_is_runner(x->path))
		return KEEP_S("what applies a generation; it comes with keep");
	if (x->new && x->old && was_secret != is_secret)
		return is_secret ? KEEP_S("it holds secrets now") :
				   KEEP_S("it holds no secrets any more");
	if ((was_secret && !x->was.p) || (is_secret && !x->is.p))
		return KEEP_S("secret");
	if ((x->old && !x->was.p) || (x->new && !x->is.p))
		return KEEP_S("what the node has is not known here");
	if (!is_text(x->was) || !is_text(x->is))
		return KEEP_S("no text");
	if (x->was.len > KEEP_PLAN_TEXT || x->is.len > KEEP_PLAN_TEXT)
		return KEEP_S("too large for a diff");
	return (struct keep_slice){0};
}

static struct keep_slice take_line(struct keep_slice *s)
{
	const char *end = memchr(s->p, '\n', s->len);
	struct keep_slice line = {
		s->p, end ? (size_t)(end + 1 - s->p) : s->len,
	};

	s->p += line.len;
	s->len -= line.len;
	return line;
}

/* Without the head, which says what stands beside it already, and without the
 * line of the file that git puts behind a hunk's numbers, since nodes may have
 * it otherwise and yet change alike. */
static void put_hunks(struct keep_slice diff, struct keep_buf *out)
{
	struct keep_slice line;
	const char *mark;
	bool begun = false;

	while (diff.len) {
		line = take_line(&diff);
		mark = keep_slice_starts(line, "@@ ") ?
			memmem(line.p + 2, line.len - 2, " @@", 3) : NULL;
		begun = begun || mark;
		if (mark)
			line.len = (size_t)(mark + 3 - line.p);
		if (begun)
			keep_buf_slice(out, line);
		if (mark)
			keep_buf_byte(out, '\n');
	}
}

/* Whole lines, and not more than there is room for. */
static struct keep_slice cut(struct keep_plan_build *b, struct keep_slice diff,
			     struct keep_slice *note)
{
	size_t room = KEEP_PLAN_DIFFS - b->shown;
	const char *end;

	if (room > KEEP_PLAN_DIFF)
		room = KEEP_PLAN_DIFF;
	if (diff.len > room) {
		*note = KEEP_S("the diff is cut here");
		end = memrchr(diff.p, '\n', room);
		diff.len = end ? (size_t)(end + 1 - diff.p) : 0;
	}
	b->shown += diff.len;
	return diff.len ? diff : (struct keep_slice){0};
}

static int put_diff(struct keep_plan_build *b, const struct keep_plan_edit *x,
		    struct keep_plan_change *out, struct keep_err *e)
{
	struct keep_buf all = {.mem = b->mem}, diff = {.mem = b->mem};
	struct keep_slice path = keep_mem_copy(b->mem, x->path);
	int code = path.p ? b->diff(x->was, x->is, path.p, &all, e) :
			    keep_no_memory(e);

	if (code)
		return code;
	put_hunks(keep_buf_get(&all), &diff);
	out->diff = cut(b, keep_buf_get(&diff), &out->note);
	if (!out->diff.p && !out->note.p && out->secret)
		out->note = KEEP_S("only secrets in it");
	return keep_buf_check(&diff, e);
}

int keep_plan_show(struct keep_plan_build *b, const struct keep_plan_edit *x,
		   struct keep_plan_change *out, struct keep_err *e)
{
	*out = (struct keep_plan_change){
		.path = x->path,
		.what = !x->old ? KEEP_PLAN_GAINED :
			x->new ? KEEP_PLAN_CHANGED : KEEP_PLAN_LOST,
		.secret = (x->old && x->old->secret) ||
			  (x->new && x->new->secret),
		.note = why_none(x),
	};
	return out->note.p ? 0 : put_diff(b, x, out, e);
}
