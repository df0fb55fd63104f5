/* Lines of a node, one after another. */
#include <keep/cli.h>
#include <keep/hash.h>
#include <keep/text.h>
#include "talk.h"

static bool is_id(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.len == KEEP_ID_LEN;
}

static bool plain(struct keep_talk *t, struct keep_slice rest)
{
	(void)t;
	return !rest.len;
}

static bool id(struct keep_talk *t, struct keep_slice rest)
{
	t->id = rest;
	return is_id(rest);
}

static bool text(struct keep_talk *t, struct keep_slice rest)
{
	t->text = rest;
	return true;
}

static bool locked(struct keep_talk *t, struct keep_slice rest)
{
	t->text = rest;
	t->who = keep_next_word(&rest);
	return t->who.len > 0;
}

/* Of a generation that no deploy put there, the id is all that it knows. */
static bool need(struct keep_talk *t, struct keep_slice rest)
{
	t->id = keep_next_word(&rest);
	t->commit = keep_next_word(&rest);
	t->who = keep_next_word(&rest);
	if (rest.len && !keep_num_uint(rest, &t->at_unix_s))
		return false;
	if (keep_slice_is(t->id, "none"))
		t->id = (struct keep_slice){0};
	return !t->id.p || is_id(t->id);
}

static bool fail(struct keep_talk *t, struct keep_slice rest)
{
	bool ok = keep_num_uint(keep_next_word(&rest), &t->status);

	t->back = keep_slice_is(rest, "back");
	if (!t->back && !keep_slice_is(rest, "kept"))
		t->text = rest;
	return ok;
}

/* What may follow `K1 `. */
static const struct form {
	const char *word;
	enum keep_answer what;
	bool (*read)(struct keep_talk *t, struct keep_slice rest);
} forms[] = {
	{"running", KEEP_ANSWER_RUNNING, plain},
	{"confirm", KEEP_ANSWER_CONFIRM, plain},
	{"same", KEEP_ANSWER_SAME, id},
	{"ok", KEEP_ANSWER_OK, id},
	{"need", KEEP_ANSWER_NEED, need},
	{"space", KEEP_ANSWER_SPACE, plain},
	{"locked", KEEP_ANSWER_LOCKED, locked},
	{"veto", KEEP_ANSWER_VETO, text},
	{"fail", KEEP_ANSWER_FAIL, fail},
};

static enum keep_answer read_answer(struct keep_talk *t, struct keep_slice s)
{
	struct keep_slice first = keep_next_word(&s);
	size_t i;

	for (i = 0; i < KEEP_COUNT(forms); i++)
		if (keep_slice_is(first, forms[i].word))
			return forms[i].read(t, s) ? forms[i].what
						   : KEEP_ANSWER_NONE;
	return KEEP_ANSWER_NONE;
}

/* What a need named stays until there is another answer. */
static enum keep_answer read_line(struct keep_talk *t, struct keep_slice s)
{
	if (keep_slice_is(s, "K1 send"))
		return KEEP_ANSWER_SEND;
	t->id = t->commit = t->who = t->text = (struct keep_slice){0};
	if (keep_slice_starts(s, "K1 "))
		return read_answer(t, (struct keep_slice){s.p + 3, s.len - 3});
	if (!keep_slice_starts(s, "K1|"))
		return KEEP_ANSWER_NONE;
	s = (struct keep_slice){s.p + 3, s.len - 3};
	if (s.len && s.p[0] == ' ')
		s = (struct keep_slice){s.p + 1, s.len - 1};
	t->text = s;
	return KEEP_ANSWER_OUTPUT;
}

/* What an answer names stays: the line is kept. */
static int keep_line(struct keep_talk *t, enum keep_answer what,
		     struct keep_err *e)
{
	struct keep_buf line = t->kept;

	if (what <= KEEP_ANSWER_OUTPUT)
		return 0;
	t->answer = what;
	t->lists = what == KEEP_ANSWER_NEED;
	t->manifest.len = 0;
	t->kept = t->line;
	t->line = line;
	return keep_buf_check(&t->kept, e);
}

static int add_manifest(struct keep_talk *t, struct keep_err *e)
{
	/* one that is longer is none: its hash is another */
	if (t->id.p && t->line.len &&
	    t->manifest.len + t->line.len < KEEP_MANIFEST_MAX) {
		keep_buf_slice(&t->manifest, keep_buf_get(&t->line));
		keep_buf_byte(&t->manifest, '\n');
	}
	t->line.len = 0;
	return keep_buf_check(&t->manifest, e);
}

static int end_line(struct keep_talk *t, struct keep_err *e)
{
	enum keep_answer what;
	int rc;

	if (keep_buf_check(&t->line, e))
		return -e->code;
	if (keep_slice_starts(keep_buf_get(&t->line), "K1"))
		t->lists = false;
	if (t->lists)
		return add_manifest(t, e);
	what = read_line(t, keep_buf_get(&t->line));
	rc = keep_line(t, what, e);
	if (!rc && what && t->said)
		rc = t->said(t, what, e);
	t->line.len = 0;
	return rc;
}

static void add(struct keep_talk *t, struct keep_slice part)
{
	size_t room = KEEP_TALK_LINE - t->line.len;

	keep_buf_put(&t->line, part.p, part.len < room ? part.len : room);
}

static bool is_over(const struct keep_talk *t)
{
	return t->answer && t->answer != KEEP_ANSWER_NEED;
}

int keep_talk_read(struct keep_talk *t, struct keep_slice bytes,
		   struct keep_err *e)
{
	const char *newline;
	size_t len;
	int rc = 0;

	while (!rc && bytes.len && !is_over(t)) {
		newline = memchr(bytes.p, '\n', bytes.len);
		len = newline ? (size_t)(newline - bytes.p) : bytes.len;
		add(t, (struct keep_slice){bytes.p, len});
		if (newline)
			rc = end_line(t, e);
		len += newline != NULL;
		bytes = (struct keep_slice){bytes.p + len, bytes.len - len};
	}
	return rc;
}

bool keep_talk_complete(const struct keep_talk *t)
{
	uint8_t hash[KEEP_SHA256_LEN], id_hash[KEEP_SHA256_LEN];

	if (t->answer != KEEP_ANSWER_NEED || !t->id.p)
		return t->answer != KEEP_ANSWER_NONE;
	keep_sha256(keep_buf_get(&t->manifest), hash);
	return keep_hex_get(t->id, id_hash) &&
	       keep_bytes_equal(hash, id_hash, sizeof hash);
}

void keep_talk_end(struct keep_talk *t)
{
	keep_buf_end(&t->manifest);
	keep_buf_end(&t->line);
	keep_buf_end(&t->kept);
}
