/* The lists `dns.records`: rows {name, type, value, ttl}. */
#include "../instance/reading.h"
#include "zone.h"

enum { TTL_MAX = INT32_MAX };

/* A text member of a row; NULL when why there is none was told. */
static const struct keep_json *member(struct keep_zone *z,
				      const struct keep_json *row,
				      const char *key)
{
	const struct keep_json *v = keep_json_get(row, keep_slice(key));

	if (!v)
		keep_problem_at(z->x->ps, row, "a record needs '%s'", key);
	else if (v->mark == KEEP_MARK_BROKEN)
		return NULL;
	else if (v->type != KEEP_JSON_TEXT)
		keep_problem_at(z->x->ps, v, "'%s' of a record must be a "
				"text, not %s", key,
				keep_json_type_name(v->type));
	else if (v->mark & KEEP_MARK_SECRET)
		keep_problem_at(z->x->ps, v, "a record is public; it may not "
				"hold a secret");
	else
		return v;
	return NULL;
}

static bool read_name(struct keep_zone *z, const struct keep_json *row,
		      struct keep_record *r)
{
	const struct keep_json *v = member(z, row, "name");
	struct keep_slice s = {0};

	if (!v)
		return false;
	s = keep_json_text(v);
	r->at = v;
	r->name = keep_zone_name(z, s, false);
	if (!r->name.p && keep_problem_at(z->x->ps, v, "'%.*s' is no name in "
					  "the zone %.*s", KEEP_F(s),
					  KEEP_F(z->name)))
		keep_problem_hint(z->x->ps, "a name like 'www' or 'www.%.*s'; "
				  "'@' is the zone itself", KEEP_F(z->name));
	return r->name.p != NULL;
}

static bool read_type(struct keep_zone *z, const struct keep_json *row,
		      struct keep_record *r)
{
	const struct keep_json *v = member(z, row, "type");
	struct keep_guess g = {{0}};
	int i;

	if (!v)
		return false;
	g.wanted = keep_json_text(v);
	for (i = 0; i < KEEP_RR_COUNT; i++) {
		if (keep_slice_is(g.wanted, keep_rr_name(i))) {
			r->type = (uint8_t)i;
			return true;
		}
		keep_guess_offer(&g, keep_slice(keep_rr_name(i)));
	}
	if (keep_problem_at(z->x->ps, v, "unknown type of record '%.*s'",
			    KEEP_F(g.wanted)))
		keep_guess_hint(z->x->ps, &g, "NS A AAAA CNAME MX TXT CAA SRV "
				"PTR DS SSHFP TLSA");
	return false;
}

static bool read_value(struct keep_zone *z, const struct keep_json *row,
		       struct keep_record *r)
{
	const struct keep_json *v = member(z, row, "value");
	struct keep_slice s;
	const char *wanted;

	if (!v)
		return false;
	s = keep_json_text(v);
	if (!keep_zone_value(z, s, r, &wanted)) {
		keep_problem_at(z->x->ps, v, "the value of %s must be %s, not "
				"'%.*s'", keep_rr_name(r->type), wanted,
				KEEP_F(s));
		return false;
	}
	z->has_spf |= r->type == KEEP_RR_TXT && keep_slice_is(r->name, "@") &&
		      keep_slice_starts(s, "v=spf1");
	return true;
}

bool keep_zone_ttl(struct keep_zone *z, const struct keep_json *v,
		   uint32_t *ttl)
{
	if (!v || v->type == KEEP_JSON_NULL)
		return true;
	if (v->type == KEEP_JSON_INT && v->number > 0 && v->number <= TTL_MAX) {
		*ttl = (uint32_t)v->number;
		return true;
	}
	keep_problem_at(z->x->ps, v, "'ttl' must be seconds, 1 to %d",
			TTL_MAX);
	return false;
}

static void add_row(struct keep_zone *z, const struct keep_json *row)
{
	static const char *const keys[] = {
		"name", "type", "value", "ttl", NULL
	};
	struct keep_record r = {0};
	bool named, typed, good;

	if (row->mark == KEEP_MARK_BROKEN)
		return;
	if (row->type != KEEP_JSON_OBJECT) {
		if (keep_problem_at(z->x->ps, row, "a record must be an "
				    "object"))
			keep_problem_hint(z->x->ps, "{\"name\": \"www\", "
					  "\"type\": \"A\", \"value\": ..}");
		return;
	}
	keep_env_keys(z->x, row, "a record", keys);
	named = read_name(z, row, &r);
	typed = read_type(z, row, &r);
	good = typed && read_value(z, row, &r);
	if (keep_zone_ttl(z, keep_json_get(row, KEEP_S("ttl")), &r.ttl) &&
	    named && good)
		keep_buf_put(&z->records, &r, sizeof r);
}

void keep_zone_rows(struct keep_zone *z, const struct keep_json *list)
{
	uint32_t i;

	if (!list || list->type == KEEP_JSON_NULL)
		return;
	if (list->type != KEEP_JSON_LIST) /* of a node that was told so */
		keep_problem_at(z->x->ps, list, "'dns.records' must be a "
				"list, not %s",
				keep_json_type_name(list->type));
	for (i = 0; list->type == KEEP_JSON_LIST && i < list->n; i++)
		add_row(z, &list->list[i]);
}
