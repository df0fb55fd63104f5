/* The first byte picks the dialect, the second the way of an edit. What reads
 * prints and reads again equal, goes to CBOR and back, and can be edited: the
 * value is there then, all else is as it was. */
#include <keep/json.h>
#include <keep/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WAY_MAX = 4 };

/* A document, its value, and a path in it. */
struct subject {
	struct keep_mem *m;
	struct keep_slice text;
	struct keep_json v;
	struct keep_slice keys[WAY_MAX];
	size_t n;
	const struct keep_json *old; /* what is there; NULL: nothing */
};

static void must(bool good)
{
	if (!good)
		abort();
}

static struct keep_json reread(struct keep_mem *m, struct keep_slice text,
			       enum keep_json_dialect dialect)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v;

	must(keep_json_read(m, text, NULL, dialect, &ps, &v) == 0);
	return v;
}

static struct keep_slice print(struct keep_mem *m, const struct keep_json *v,
			       int style)
{
	struct keep_buf b = {.mem = m};

	keep_json_put(&b, v, style);
	must(!b.failed);
	return keep_buf_get(&b);
}

static void prints(struct keep_mem *m, const struct keep_json *v)
{
	for (int style = 0; style < 4; style++) {
		struct keep_json again = reread(m, print(m, v, style),
						KEEP_JSON_STRICT);

		must(keep_json_equal(v, &again));
	}
}

static void goes_to_cbor(struct keep_mem *m, const struct keep_json *v)
{
	struct keep_cbor_profile profile = keep_cbor_socket;
	struct keep_buf item = {.mem = m}, again = {.mem = m};
	struct keep_json back;

	profile.doubles = true;
	keep_json_to_cbor(v, &item);
	must(keep_cbor_check(keep_buf_get(&item), &profile, NULL) == 0);
	must(keep_json_from_cbor(m, keep_buf_get(&item), &back, NULL) == 0);
	keep_json_to_cbor(&back, &again);
	must(keep_slice_eq(keep_buf_get(&item), keep_buf_get(&again)));
	prints(m, &back);
}

/* The keys as a path lead to where the keys lead. */
static void is_path(const struct subject *s)
{
	struct keep_buf b = {.mem = s->m};
	struct keep_json_path way;

	for (size_t i = 0; i < s->n; i++)
		keep_json_put_step(&b, s->keys[i]);
	must(keep_json_path_read(s->m, keep_buf_get(&b), &way, NULL) == 0);
	must(way.n == s->n);
	for (size_t i = 0; i < s->n; i++)
		must(keep_slice_eq(way.keys[i], s->keys[i]));
	must(keep_json_at(&s->v, keep_buf_get(&b)) == s->old);
}

/* What is no document may be a path. */
static void reads_path(struct keep_mem *m, struct keep_slice text)
{
	struct keep_json_path way;

	if (!keep_utf8_ok(text) ||
	    keep_json_path_read(m, text, &way, NULL))
		return;
	must(way.n && keep_json_path_end(text, '.') <= text.len);
}

/* A way into the document; its last key may be a new one. */
static void choose(struct subject *s, unsigned way)
{
	s->old = &s->v;
	while (s->n < WAY_MAX && s->old && s->old->type == KEEP_JSON_OBJECT) {
		unsigned pick = way % (s->old->n + 1);

		way /= 3;
		if (pick < s->old->n) {
			s->keys[s->n++] = s->old->members[pick].key;
			s->old = &s->old->members[pick].value;
			continue;
		}
		s->keys[s->n] = KEEP_S("n\xc3\xa4w \"");
		s->old = keep_json_get(s->old, s->keys[s->n++]);
	}
}

static const struct keep_json *there(const struct subject *s,
				     const struct keep_json *v)
{
	for (size_t i = 0; i < s->n; i++)
		v = keep_json_get(v, s->keys[i]);
	return v;
}

static struct keep_slice set(const struct subject *s, struct keep_slice text,
			     struct keep_slice value)
{
	struct keep_buf out = {.mem = s->m};
	struct keep_slices path = {s->keys, s->n};
	struct keep_json want = reread(s->m, value, KEEP_JSON_STRICT), v;
	const struct keep_json *got;

	must(keep_json_edit_set(s->m, text, path, value, &out, NULL) == 0);
	v = reread(s->m, keep_buf_get(&out), KEEP_JSON_INSTANCE);
	got = there(s, &v);
	must(got && keep_json_equal(got, &want));
	return keep_buf_get(&out);
}

static struct keep_slice unset(const struct subject *s, struct keep_slice text)
{
	struct keep_buf out = {.mem = s->m};
	struct keep_slices path = {s->keys, s->n};
	struct keep_json v;

	must(keep_json_edit_unset(s->m, text, path, &out, NULL) == 0);
	v = reread(s->m, keep_buf_get(&out), KEEP_JSON_INSTANCE);
	must(!there(s, &v));
	return keep_buf_get(&out);
}

static void edits(struct subject *s)
{
	struct keep_slice text = set(s, s->text, KEEP_S("{\"v\": [1]}"));
	struct keep_json v;

	if (s->old)
		text = set(s, unset(s, text),
			   print(s->m, s->old, KEEP_JSON_PRETTY));
	else
		text = unset(s, text);
	v = reread(s->m, text, KEEP_JSON_INSTANCE);
	must(keep_json_equal(&v, &s->v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct subject s = {.m = &m};
	int r;

	if (size < 2)
		return 0;
	s.text = (struct keep_slice){(const char *)data + 2, size - 2};
	r = keep_json_read(&m, s.text, NULL, data[0] & 1, &ps, &s.v);
	must((r == 0) == (ps.total == 0));
	must(r == 0 || (ps.first && ps.first->line && ps.first->column));
	if (r) {
		reads_path(&m, s.text);
		return 0;
	}
	prints(&m, &s.v);
	goes_to_cbor(&m, &s.v);
	choose(&s, data[1]);
	if (s.n) {
		is_path(&s);
		edits(&s);
	}
	return 0;
}
