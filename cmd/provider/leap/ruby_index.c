/* x[..]: keys, places, ranges; of sets of nodes: filters. */
#include <inttypes.h>
#include "ruby_rw.h"

/* --- sets ----------------------------------------------------------------- */

/* The words of a path, all names. */
static bool is_path(struct keep_slice s)
{
	const char *dot;
	struct keep_slice first;

	for (; (dot = memchr(s.p, '.', s.len)); s.len -= first.len + 1) {
		first = (struct keep_slice){s.p, (size_t)(dot - s.p)};
		if (!keep_kx_is_name(first))
			return false;
		s.p = dot + 1;
	}
	return keep_kx_is_name(s);
}

/* `path: value`, from a pair of ruby: '!x' is what is not x. */
static struct keep_kx filter(struct keep_rw *r, const struct keep_rb *key)
{
	const struct keep_rb *value = key->next;
	struct keep_slice s = value->text;
	struct keep_kx k;
	bool no = keep_rb_is_literal(value) && s.len && s.p[0] == '!';

	if (!keep_rb_is_literal(key) || !is_path(key->text))
		return keep_rw_fail(r, "a filter of nodes whose key is no "
				    "path");
	if (no)
		s = (struct keep_slice){s.p + 1, s.len - 1};
	k = no ? keep_kx_text(r, s) : keep_rw(r, value);
	return keep_kx_make(r, KEEP_KX_COND, KEEP_KX_ANY, "%s%.*s: %.*s",
			    no ? "!" : "", KEEP_F(key->text), KEEP_F(k.s));
}

/* Several pairs in one hash: any of them. */
static struct keep_kx any_of(struct keep_rw *r, struct keep_kx on,
			     const struct keep_rb *hash)
{
	struct keep_buf b = {.mem = r->mem};
	const struct keep_rb *kid;
	struct keep_kx k;

	for (kid = hash->kid; kid && !r->rc; kid = kid->next->next)
		keep_buf_print(&b, "%sn in %.*s[%.*s]",
			       kid == hash->kid ? "" : " || ", KEEP_F(on.s),
			       KEEP_F(filter(r, kid).s));
	if (b.failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SET, "%.*s.where(n: %.*s)",
			 KEEP_F(on.s), KEEP_F(keep_buf_get(&b)));
	k.mine = on.mine;
	return k;
}

static struct keep_kx filtered(struct keep_rw *r, struct keep_kx on,
			       const struct keep_rb *hash)
{
	struct keep_kx f, k;

	if (on.type != KEEP_KX_SET || !hash->n)
		return keep_rw_fail(r, "a filter of what is no set of nodes");
	on.s = keep_kx_at(r, on, KEEP_KX_POST);
	if (hash->n > 2)
		return any_of(r, on, hash);
	f = filter(r, hash->kid);
	if (on.filtered)
		on.s.len--;
	k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SET, "%.*s%s%.*s]",
			 KEEP_F(on.s), on.filtered ? ", " : "[", KEEP_F(f.s));
	k.mine = on.mine;
	k.filtered = true;
	return k;
}

/* --- keys and places ------------------------------------------------------ */

static struct keep_kx or_null(struct keep_rw *r, struct keep_kx k, bool step)
{
	if (step || r->maybe)
		return k;
	return keep_kx_make(r, KEEP_KX_OR, k.type, "%.*s ?? null", KEEP_F(k.s));
}

/* Members along a path; dots go deeper. */
static struct keep_kx along(struct keep_rw *r, struct keep_kx on,
			    struct keep_slice path, bool maybe)
{
	const char *dot = is_path(path) ? memchr(path.p, '.', path.len) : NULL;
	struct keep_slice first = path;

	for (; dot; dot = memchr(path.p, '.', path.len)) {
		first.len = (size_t)(dot - path.p);
		on = keep_rw_member(r, on, first, maybe);
		path.len -= first.len + 1;
		path.p = first.p = dot + 1;
	}
	return keep_rw_member(r, on, path, maybe);
}

/* A key that is written out. What is not there is nil, unless a further step
 * is taken, which fails in ruby too. */
static struct keep_kx by_name(struct keep_rw *r, struct keep_kx on,
			      struct keep_slice name, bool step)
{
	if (on.type == KEEP_KX_SET) {
		on = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_NODE, "%.*s[%.*s]",
				  KEEP_F(keep_kx_at(r, on, KEEP_KX_POST)),
				  KEEP_F(keep_kx_text(r, name).s));
		return or_null(r, on, step);
	}
	if (on.type == KEEP_KX_SELF && r->ruby->own && is_path(name) && !step)
		return or_null(r, keep_rw_end(r, along(r, on, name, false)),
			       false);
	return along(r, on, name, !step && !r->maybe);
}

static bool is_number(const struct keep_rb *x, int64_t *v)
{
	*v = 0;
	return x && x->kind == KEEP_RB_INT && keep_num_int(x->text, v) &&
	       *v < UINT32_MAX;
}

struct keep_kx keep_rw_slice(struct keep_rw *r, struct keep_kx on,
			     const struct keep_rb *from,
			     const struct keep_rb *n)
{
	int64_t at, len;

	if (on.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "a part of a secret, which no compile "
				    "opens");
	if (!is_number(from, &at) || !is_number(n, &len))
		return keep_rw_fail(r, "a part whose bounds are no numbers");
	return keep_kx_make(r, KEEP_KX_POST, on.type,
			    "%.*s.slice(%" PRId64 ", %" PRId64 ")",
			    KEEP_F(keep_kx_at(r, on, KEEP_KX_POST)), at, len);
}

static struct keep_kx by_range(struct keep_rw *r, struct keep_kx on,
			       const struct keep_rb *x)
{
	struct keep_rb n = *x->last;
	int64_t from, to;

	if (!is_number(x->kid, &from) || !is_number(x->last, &to) ||
	    to + !x->flag < from)
		return keep_rw_fail(r, "a part whose bounds are no numbers");
	to += !x->flag;
	n.text = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_INT, "%" PRId64,
			      to - from).s;
	return r->rc ? (struct keep_kx){0} : keep_rw_slice(r, on, x->kid, &n);
}

static struct keep_kx by_value(struct keep_rw *r, struct keep_kx on,
			       const struct keep_rb *x, bool step)
{
	struct keep_kx k = keep_rw(r, x);

	if (on.type == KEEP_KX_SET && k.type == KEEP_KX_LIST) {
		k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SET,
				 "%.*s[name: %.*s]",
				 KEEP_F(keep_kx_at(r, on, KEEP_KX_POST)),
				 KEEP_F(k.s));
		k.mine = on.mine;
		return k;
	}
	k = keep_kx_make(r, KEEP_KX_POST,
			 on.type == KEEP_KX_SET ? KEEP_KX_NODE : KEEP_KX_ANY,
			 "%.*s[%.*s]", KEEP_F(keep_kx_at(r, on, KEEP_KX_POST)),
			 KEEP_F(k.s));
	return x->kind == KEEP_RB_INT ? or_null(r, k, step) : k;
}

/* --- Hash[..] ------------------------------------------------------------- */

/* Pairs that a block makes: Hash[list.map {|x| [key, value]}]. */
static struct keep_kx from_pairs(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice s = {0};
	struct keep_kx k;

	if (x && x->kind == KEEP_RB_CALL && x->on && x->block &&
	    x->n_params == 1 && x->block->kind == KEEP_RB_LIST &&
	    x->block->n == 2 && (keep_slice_is(x->text, "map") ||
				 keep_slice_is(x->text, "collect")))
		s = keep_rw_each(r, x);
	if (!s.p)
		return keep_rw_fail(r, "Hash[] of what is no list of pairs");
	k = keep_rw_end(r, keep_rw_on(r, x->on));
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY,
			    "fromlist(%.*s, %.*s)", KEEP_F(k.s), KEEP_F(s));
}

struct keep_kx keep_rw_index(struct keep_rw *r, const struct keep_rb *x,
			     bool step)
{
	const struct keep_rb *key = x->kid;
	struct keep_kx on;

	if (x->on->kind == KEEP_RB_CONST && keep_slice_is(x->on->text, "Hash"))
		return from_pairs(r, key);
	on = keep_rw_on(r, x->on);
	if (!on.s.p)
		return on;
	if (on.type == KEEP_KX_GLOBAL || on.type == KEEP_KX_PLATFORM)
		return keep_rw_fail(r, "[..] of an object of leap");
	if (x->n == 2 && key->next->kind != KEEP_RB_HASH)
		return keep_rw_slice(r, keep_rw_end(r, on), key, key->next);
	if (x->n != 1)
		return keep_rw_fail(r, "[..] with %u keys", x->n);
	if (key->kind == KEEP_RB_HASH)
		return filtered(r, on, key);
	if (keep_rb_is_literal(key) && on.type != KEEP_KX_SECRET)
		return by_name(r, on, key->text, step);
	on = keep_rw_end(r, on);
	if (key->kind == KEEP_RB_RANGE)
		return by_range(r, on, key);
	if (on.type == KEEP_KX_SECRET || key->kind == KEEP_RB_NEG)
		return keep_rw_fail(r, "a part that is counted from the end, "
				    "or of a secret");
	return by_value(r, on, key, step);
}
