/* What nodes say in a deploy, batches, and what is known of nodes. */
/* uses: deploy provider zlib */
#include <keep/hash.h>
#include "../../cmd/deploy/known.h"
#include "../../cmd/deploy/push/batch.h"
#include "../../cmd/deploy/push/change.h"
#include "../../cmd/deploy/push/talk.h"
#include "site.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What was told, a letter each. */
struct heard {
	char what[64];
	size_t n;
	char text[256];
	struct keep_err e;
};

static int hear(struct keep_talk *t, enum keep_answer what,
		struct keep_err *e)
{
	struct heard *h = t->user;

	(void)e;
	if (h->n < sizeof h->what - 1)
		h->what[h->n++] = "-srco=+n!lvf"[what];
	snprintf(h->text, sizeof h->text, "%.*s", KEEP_F(t->text));
	return 0;
}

static void say(struct keep_talk *t, struct heard *h, const char *bytes,
		size_t len)
{
	struct keep_err e = {0};

	*t = (struct keep_talk){.said = hear, .user = h};
	*h = (struct heard){0};
	need(!keep_talk_read(t, (struct keep_slice){bytes, len}, &e));
}

static const char talk_all[] =
	"Welcome\nK1x no\nK1 \n\nK1 send\nK1 running\nK1| a line\nK1|b\n"
	"\nK1 confirm\nK1 frob\nK1 ok nothing\n\nK1 ok " ID "\nK1 space\n";

static void test_talk(void)
{
	struct keep_talk t;
	struct heard h;

	say(&t, &h, talk_all, strlen(talk_all));
	is_text(keep_slice(h.what), "srooc+", "of what shells print, lines K1 "
		"that are known count, up to the first answer");
	is_text(t.id, ID, "an id is read");
	ok(keep_talk_complete(&t), "the answer is there");
	keep_talk_end(&t);
	say(&t, &h, "K1 veto no change\tto\xff me\n", 25);
	is_text(keep_slice(h.what), "v", "a veto is told");
	keep_talk_end(&t);
	say(&t, &h, "K1 fail 3 back\n", 15);
	ok(t.back && t.status == 3 && !t.text.p, "a failure has a status");
	keep_talk_end(&t);
	say(&t, &h, "K1 fail 127 no tar\n", 19);
	ok(!t.back && t.status == 127, "or a reason");
	is_text(t.text, "no tar", "in words");
	keep_talk_end(&t);
	say(&t, &h, "K1 locked abc ada@desk 1 2 3\n", 29);
	is_text(t.who, "abc", "the holder of a lock is known");
	keep_talk_end(&t);
	say(&t, &h, "K1 fail -1 back\nK1 same abc\nK1 need x\nK1 locked\n"
	    "K1 need " ID " c w x\n", 67 + 42);
	is_text(keep_slice(h.what), "", "what is malformed is no answer");
	ok(!keep_talk_complete(&t), "and none was given");
	keep_talk_end(&t);
}

static const char manifest[] = "0644 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e"
	"4649b934ca495991b7852b855 run\n";

static void test_need(void)
{
	uint8_t hash[KEEP_SHA256_LEN];
	struct keep_buf b = {0};
	struct keep_talk t;
	struct heard h;
	size_t i, whole, wrong = 0;

	keep_sha256(keep_slice(manifest), hash);
	keep_buf_text(&b, "hi\n\nK1 need ");
	keep_hex_put(&b, hash, sizeof hash);
	keep_buf_text(&b, " c0ffee1 ada@desk 17\n");
	keep_buf_text(&b, manifest);
	whole = b.len;
	need(!b.failed);
	say(&t, &h, b.p, b.len);
	ok(keep_talk_complete(&t), "a node says what it has");
	is_text(t.who, "ada@desk", "who put it there");
	is_text(t.commit, "c0ffee1", "of which commit");
	is_int((int)t.at_unix_s, 17, "and when");
	is_text(keep_buf_get(&t.manifest), manifest, "with its manifest");
	keep_talk_end(&t);
	keep_buf_text(&b, "\nK1 send\nK1| x\n\nK1 running\n");
	say(&t, &h, b.p, b.len);
	is_text(keep_slice(h.what), "nsor", "it may wait for what that lacks");
	ok(keep_talk_complete(&t), "what follows is none of the manifest");
	need(!keep_talk_read(&t, KEEP_S("\nK1 fail 1 back\n"), &h.e));
	ok(t.answer == KEEP_ANSWER_FAIL && t.back, "and comes to an end");
	keep_talk_end(&t);
	b.len = whole;
	for (i = 0; i < b.len; i++) {
		say(&t, &h, b.p, i);
		wrong += keep_talk_complete(&t);
		keep_talk_end(&t);
	}
	is_int((int)wrong, 0, "one that is cut short is never believed");
	b.p[b.len - 2] ^= 1;
	say(&t, &h, b.p, b.len);
	ok(!keep_talk_complete(&t), "nor one that was changed on the way");
	keep_talk_end(&t);
	keep_buf_end(&b);
	say(&t, &h, "K1 need none\n", 13);
	ok(keep_talk_complete(&t) && !t.id.p, "it may have nothing");
	keep_talk_end(&t);
}

/* However the bytes come, the same is heard. */
static void test_pieces(void)
{
	struct keep_err e = {0};
	struct keep_talk t;
	struct heard whole, h;
	size_t cut, i, wrong = 0;

	say(&t, &whole, talk_all, strlen(talk_all));
	keep_talk_end(&t);
	for (cut = 1; cut < 30; cut++) {
		say(&t, &h, "", 0);
		for (i = 0; i < strlen(talk_all); i += cut) {
			size_t left = strlen(talk_all) - i;

			need(!keep_talk_read(&t, (struct keep_slice){
				talk_all + i, left < cut ? left : cut},
				&e));
		}
		wrong += strcmp(h.what, whole.what) != 0;
		keep_talk_end(&t);
	}
	is_int((int)wrong, 0, "bytes may come in any pieces");
}

static void test_long(void)
{
	static char line[3 * KEEP_TALK_LINE];
	struct keep_err e = {0};
	struct keep_talk t;
	struct heard h;

	memset(line, 'x', sizeof line);
	memcpy(line, "K1| ", 4);
	line[sizeof line - 1] = '\n';
	say(&t, &h, line, sizeof line);
	need(!keep_talk_read(&t, KEEP_S("K1 same " ID "\n"), &e));
	is_text(keep_slice(h.what), "o=",
		"of a long line its beginning counts");
	ok(t.line.cap < sizeof line, "and no more is kept");
	keep_talk_end(&t);
}

static void is_batches(const char *words, size_t n, const char *want,
		       const char *title)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf b = {.mem = &m};
	struct keep_err e = {0};
	const size_t *v = NULL;
	size_t i, n_v = 0;

	if (keep_batches(&m, keep_slice(words), n, &v, &n_v, &e))
		keep_buf_text(&b, e.message);
	for (i = 0; i < n_v; i++)
		keep_buf_print(&b, "%zu ", v[i]);
	is_text(keep_buf_get(&b), want, "%s", title);
}

static void test_batches(void)
{
	is_batches("1,10%,100%", 50, "1 6 50 ", "batches add up");
	is_batches("1,10%", 12, "1 3 5 7 9 11 12 ", "the last is taken again");
	is_batches("1,10%,100%", 1, "1 ", "one node is one batch");
	is_batches("7", 3, "3 ", "a batch may be larger than all");
	is_batches("0", 3, "--batch: '0' is no list like 1,10%,100%",
		   "none at all is refused");
	is_batches("1,,2", 3, "--batch: '1,,2' is no list like 1,10%,100%",
		   "so is an empty word");
	is_batches("101%", 3, "--batch: '101%' is no list like 1,10%,100%",
		   "and more than all");
	is_int((int)keep_share_of((struct keep_share){10, true}, 19), 1,
	       "a share of failures is rounded down");
	is_int((int)keep_share_of((struct keep_share){30, false}, 19), 19,
	       "and never more than all");
}

/* A record of MANIFEST and COMMIT, as it lies there. */
static struct keep_slice known(struct site *s, const char *text,
			       const char *commit)
{
	struct keep_known k = {.commit = keep_slice(commit), .at_unix_s = 9,
			       .manifest = keep_slice(text)};
	struct keep_buf id = {.mem = &s->mem};
	struct keep_slice out;
	uint8_t hash[KEEP_SHA256_LEN];

	keep_sha256(k.manifest, hash);
	keep_hex_put(&id, hash, sizeof hash);
	k.id = keep_buf_get(&id);
	need(!keep_known_put(&s->c, KEEP_S("a"), &k, &s->e));
	need(!keep_file_read(&s->mem, keep_fd_get(&s->c.instance),
			     ".keep/nodes/a", 4096, &out, &s->e));
	return out;
}

/* How many of the mixes of A, as far as it was written, and B that are neither
 * of both count as a record. */
static int mixes(struct site *s, struct keep_slice a, struct keep_slice b)
{
	struct keep_known got;
	struct keep_slice mix;
	size_t len;
	int n = 0;

	for (len = 0; len <= a.len; len++) {
		mix = keep_mem_print(&s->mem, "%.*s%.*s", (int)len, a.p,
				     len < b.len ? (int)(b.len - len) : 0,
				     b.p + (len < b.len ? len : 0));
		put(s, ".keep/nodes/a", mix.p);
		need(!keep_known_get(&s->c, &s->mem, KEEP_S("a"), &got,
				     &s->e));
		n += got.id.p && !keep_slice_eq(mix, a) &&
		     !keep_slice_eq(mix, b);
	}
	return n;
}

static void test_torn(void)
{
	struct site s;
	struct keep_slice a, b;

	need(site_begin(&s));
	a = known(&s, "a few\nlines\n", "c0ffee1");
	is_int(mixes(&s, a, (struct keep_slice){a.p, 0}), 0,
	       "no part of a record is one");
	b = known(&s, "other\n", "beef");
	ok(b.len < a.len, "a shorter record leaves nothing of a longer one");
	is_int(mixes(&s, a, b) + mixes(&s, b, a), 0,
	       "nor is one that was cut off over another");
	b = known(&s, "a few\nlines\n", "beef123");
	is_int(mixes(&s, a, b) + mixes(&s, b, a), 0,
	       "not even where they tell of the same generation");
	site_end(&s);
}

static void test_known(void)
{
	struct site s;
	struct keep_known k = {.commit = KEEP_S("c0ffee1"), .at_unix_s = 9,
			       .manifest = keep_slice(manifest)}, got;
	struct keep_buf id = {0};
	uint8_t hash[KEEP_SHA256_LEN];

	need(site_begin(&s));
	keep_sha256(k.manifest, hash);
	keep_hex_put(&id, hash, sizeof hash);
	k.id = keep_buf_get(&id);
	need(!keep_known_get(&s.c, &s.mem, KEEP_S("a"), &got, &s.e));
	ok(!got.id.p, "at first nothing is known of a node");
	need(!keep_known_put(&s.c, KEEP_S("a"), &k, &s.e));
	need(!keep_known_get(&s.c, &s.mem, KEEP_S("a"), &got, &s.e));
	is_text(got.manifest, manifest, "its generation is remembered");
	ok(keep_slice_eq(got.id, k.id) && got.at_unix_s == 9, "and when");
	ok(keep_known_has(&s.c, KEEP_S("a"), k.id) &&
	   !keep_known_has(&s.c, KEEP_S("a"), KEEP_S(ID)), "and which it is");
	site_sh(&s, "ln -sf ../other .keep/nodes/a");
	need(!keep_known_put(&s.c, KEEP_S("a"), &k, &s.e));
	site_sh(&s, "test -f .keep/nodes/a && test ! -e .keep/other");
	need(!keep_known_get(&s.c, &s.mem, KEEP_S("a"), &got, &s.e));
	is_text(got.manifest, manifest, "a link there is replaced");
	need(!keep_known_drop(&s.c, KEEP_S("a"), &s.e));
	ok(!keep_known_drop(&s.c, KEEP_S("a"), &s.e),
	   "what is not known can be forgotten");
	keep_buf_end(&id);
	site_end(&s);
}

#define LINE "0644 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49599" \
	"1b7852b855 "
#define OTHER "0644 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959" \
	"91b7852b855 "

/* What a change from BASE to a generation of these two files is. */
static struct keep_change change_of(const char *base, const char *to,
				    const struct keep_part *parts)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_generation g = {.manifest = keep_slice(to),
				    .parts = parts, .n = 2};
	struct keep_manifest from = {0};
	struct keep_change c = {0};
	struct keep_err e = {0};

	need(!keep_manifest_read(&m, keep_slice(base), &from, &e));
	keep_change_find(&g, &from, &c);
	return c;
}

static void test_change(void)
{
	const struct keep_part parts[2] = {
		{.path = KEEP_S("files/etc/motd"), .closed = true},
		{.path = KEEP_S("run")}};
	const char *to = LINE "files/etc/motd\n" LINE "run\n";
	struct keep_change c = change_of(to, to, parts);

	ok(!c.access && !c.closed, "the same is no change");
	c = change_of(LINE "files/etc/motd\n", to, parts);
	ok(!c.access && !c.closed, "a file that all may read is not hidden");
	c = change_of(OTHER "files/etc/motd\n" LINE "run\n", to, parts);
	ok(!c.access && c.closed, "one that they may not read is");
	c = change_of(LINE "files/etc/motd\n" LINE "files/etc/ssh/x\n"
		      LINE "run\n", to, parts);
	ok(c.access, "a file of sshd that goes may lock us out");
	c = change_of(LINE "files/root/.ssh/authorized_keys\n", to, parts);
	ok(c.access, "so may keys");
}

int main(void)
{
	test_change();
	test_talk();
	test_need();
	test_pieces();
	test_long();
	test_batches();
	test_known();
	test_torn();
	return done();
}
