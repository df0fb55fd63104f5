/* The spool: torn tails, its limit, several writers. */
#include <fcntl.h>
#include <unistd.h>
#include <keep/hash.h>
#include <keep/spool.h>
#include "tap.h"

/* A spool, and what was found in it. */
struct room {
	struct keep_mem m;
	char dir[100];
	struct keep_slice state;
	uint64_t n, lost, sum; /* records, lost ones, their times added */
	uint64_t first, last;
	struct keep_err e;
};

static void room_begin(struct room *r)
{
	*r = (struct room){0};
	need(tap_dir(r->dir, sizeof r->dir));
	r->state = keep_slice(r->dir);
}

static void room_end(struct room *r)
{
	keep_ignore(keep_dir_remove(AT_FDCWD, r->dir, NULL), "it is scratch");
	keep_mem_end(&r->m);
}

static int found(void *to, struct keep_slice file,
		 const struct keep_spool_record *record, struct keep_err *e)
{
	struct room *r = to;

	(void)file;
	(void)e;
	r->first = r->n++ ? r->first : record->at_unix_ms;
	r->last = record->at_unix_ms;
	r->sum += record->at_unix_ms;
	return 0;
}

static uint64_t look(struct room *r)
{
	struct keep_spool_read read = {.each = found, .to = r};

	r->n = r->sum = r->first = r->last = 0;
	need(!keep_spool_read(r->state, &read, &r->e));
	r->lost = read.lost;
	return r->n;
}

/* A record whose time is its number. */
static int put(struct room *r, struct keep_spool *s, uint64_t number,
	       size_t size)
{
	struct keep_slice payload = {keep_mem_alloc(&r->m, size), size};
	struct keep_spool_record record = {KEEP_S("a/topic"), number, payload};

	need(payload.p);
	return keep_spool_write(s, r->state, &record, &r->e);
}

/* The one file of the spool. */
static struct keep_slice only_file(struct room *r, struct keep_names *names)
{
	struct keep_slice dir = keep_mem_print(&r->m, "%s/spool", r->dir);

	need(dir.p && !keep_dir_list(&r->m, AT_FDCWD, dir.p, names, &r->e) &&
	     names->n == 1);
	return keep_mem_print(&r->m, "%s/spool/%s", r->dir,
			      names->v[0].name.p);
}

static void bytes(struct room *r)
{
	static const char want[] = "\0\0\0\x0f\xa3\0\x63""a/b\1\x19\3\xe8\2"
				   "\x43xyz";
	struct keep_spool_record record = {KEEP_S("a/b"), 1000, KEEP_S("xyz")};
	struct keep_spool_record got;
	struct keep_buf b = {.mem = &r->m};
	struct keep_slice in;
	char large[300];
	size_t i, at;
	bool survived = false;

	is_int(keep_crc32c(KEEP_S("123456789")), 0xe3069283,
	       "CRC-32C is that of RFC 3720");
	need(!keep_spool_put(&b, &record, &r->e));
	in = keep_buf_get(&b);
	need(in.len > 4);
	is_slice(((struct keep_slice){in.p, in.len - 4}),
		 ((struct keep_slice){want, sizeof want - 1}),
		 "a record is its length and its CBOR");
	need(keep_spool_get(&in, &got));
	ok(got.at_unix_ms == 1000 && keep_slice_is(got.payload, "xyz") &&
	   keep_slice_is(got.topic, "a/b") && !in.len, "and reads back");
	for (i = 0; i < b.len; i++) {
		in = (struct keep_slice){b.p, i};
		survived |= keep_spool_get(&in, &got);
	}
	ok(!survived, "no part of it is one");
	for (i = 0; i < 8 * b.len; i++) {
		b.p[i / 8] = (char)(b.p[i / 8] ^ 1 << i % 8);
		in = keep_buf_get(&b);
		survived |= keep_spool_get(&in, &got);
		b.p[i / 8] = (char)(b.p[i / 8] ^ 1 << i % 8);
	}
	ok(!survived, "nor what differs in a bit");
	at = b.len;
	record.topic = (struct keep_slice){memset(large, 'x', 300), 256};
	is_int(keep_spool_put(&b, &record, &r->e), -KEEP_E_TOO_LARGE,
	       "a long topic is refused");
	record.topic = KEEP_S("");
	is_int(keep_spool_put(&b, &record, &r->e), -KEEP_E_BAD_ARGS,
	       "an empty one, too");
	record.topic = KEEP_S("a\xff");
	is_int(keep_spool_put(&b, &record, &r->e), -KEEP_E_BAD_ARGS,
	       "so is one that is no text");
	ok(b.len == at, "and nothing is appended");
}

static void torn(struct room *r)
{
	struct keep_spool s = {0};
	struct keep_names names;
	struct keep_slice file;
	size_t len, whole;
	int lost = 0, wrong = 0;

	is_int(look(r), 0, "no spool is an empty one");
	need(!put(r, &s, 1, 20));
	whole = s.len;
	need(!put(r, &s, 2, 20) && !keep_spool_sync(&s, &r->e));
	file = only_file(r, &names);
	len = s.len;
	is_int(look(r), 2, "what was written is found, while it is written to");
	keep_spool_end(&s);
	while (--len > whole) {
		need(truncate(file.p, (off_t)len) == 0);
		lost += look(r) != 1;
		need(!put(r, &s, 3, 20));
		only_file(r, &names);
		wrong += look(r) != 2 || r->last != 3;
		keep_spool_end(&s);
	}
	is_int(lost, 0, "wherever a tail is torn, what is before it is found");
	is_int(wrong, 0, "and the next writer drops it and goes on there");
}

static void writers(struct room *r)
{
	struct keep_spool a = {0}, b = {0};
	uint64_t before = look(r), i;

	for (i = 0; i < 10; i++)
		need(!put(r, &a, i, 10) && !put(r, &b, i, 10));
	is_int(look(r), before + 20, "of two that write none loses");
	ok(a.len != b.len || a.file.plus_one != b.file.plus_one,
	   "each has a file");
	keep_spool_end(&a);
	need(!put(r, &a, 10, 10));
	keep_spool_end(&b);
	keep_spool_end(&a);
	is_int(look(r), before + 21, "who comes later goes on with one");
}

static void limit(struct room *r)
{
	enum { SIZE = 60000, N = 2000 };
	struct keep_spool s = {0};
	struct keep_slice dir = keep_mem_print(&r->m, "%s/spool", r->dir);
	struct keep_names names;
	uint64_t begun = look(r), i, found_n;
	size_t all = 0;
	struct stat st;

	need(!put(r, &s, 0, SIZE));
	for (i = 1; i < N; i++)
		need(!put(r, &s, i, SIZE));
	keep_spool_end(&s);
	found_n = look(r);
	need(dir.p && !keep_dir_list(&r->m, AT_FDCWD, dir.p, &names, &r->e));
	for (i = 0; i < names.n; i++) {
		struct keep_slice path = keep_mem_print(
			&r->m, "%s/%s", dir.p, names.v[i].name.p);

		need(path.p && stat(path.p, &st) == 0);
		all += (size_t)st.st_size;
	}
	ok(all <= KEEP_SPOOL_MAX, "a full spool takes no more room");
	ok(all > KEEP_SPOOL_MAX - 2 * KEEP_SPOOL_FILE, "nor much less");
	is_int(r->last, N - 1, "the newest is there");
	is_int(r->lost + found_n, begun + N, "those that went are counted");
	is_int(r->sum, (N - found_n + N - 1) * found_n / 2,
	       "and were the oldest");
}

static void interrupted(struct room *r)
{
	struct keep_slice text, path = keep_mem_print(&r->m, "%s/spool/lost",
						      r->dir);
	struct keep_spool s = {0};
	struct keep_names names;
	struct keep_slice dir = keep_mem_print(&r->m, "%s/spool", r->dir);
	uint64_t was, i;

	need(dir.p && path.p &&
	     !keep_dir_list(&r->m, AT_FDCWD, dir.p, &names, &r->e));
	was = r->lost;
	/* as if the writer had died between counting the oldest and its end */
	text = keep_mem_print(&r->m, "%ju %s\n", (uintmax_t)was + 17,
			      names.v[0].name.p);
	need(text.p && !keep_file_replace(AT_FDCWD, path.p, text, 0600, &r->e));
	for (i = 0; i < 17; i++)
		need(!put(r, &s, i, 60000));
	keep_spool_end(&s);
	look(r);
	is_int(r->lost, was + 17, "a file is counted once, though its remover "
	       "was killed");
}

int main(void)
{
	struct room r;

	room_begin(&r);
	bytes(&r);
	torn(&r);
	writers(&r);
	if (tap_times(1, 0)) {
		limit(&r);
		interrupted(&r);
	}
	room_end(&r);
	return done();
}
