/* compiled/ENV/zones/DOMAIN: a master file (RFC 1035 5) for the domain of the
 * provider, with the nodes of the environment. */
#include "../instance/merge.h"
#include "zone.h"

/* Who answers for the zone: the first name server, else the zone itself. */
static struct keep_slice master(const struct keep_zone *z)
{
	const struct keep_record *v = (const void *)z->records.p;

	if (z->records.len && v->type == KEEP_RR_NS &&
	    keep_slice_is(v->name, "@"))
		return v->target;
	return z->name;
}

static void put_head(const struct keep_zone *z, struct keep_env_file *f)
{
	struct keep_slice by = z->contact, ns = master(z);
	struct keep_buf *b = &f->text;

	keep_buf_print(b, "; %.*s as of `%.*s`, made by `keep compile`\n",
		       KEEP_F(z->name), KEEP_F(z->x->env->name));
	keep_buf_print(b, "$ORIGIN %.*s.\n$TTL %u\n", KEEP_F(z->name), z->ttl);
	keep_buf_print(b, "@\tIN\tSOA\t%.*s. ", KEEP_F(ns));
	if (by.p)
		keep_buf_print(b, "%.*s. (\n\t", KEEP_F(by));
	else
		keep_buf_print(b, "hostmaster.%.*s. (\n\t", KEEP_F(z->name));
	f->serial_at = b->len;
	keep_buf_text(b, " ; serial\n\t7200 ; refresh\n\t3600 ; retry\n"
		      "\t1209600 ; expire\n\t600 ) ; what is missing\n");
	if (keep_slice_eq(ns, z->name))
		keep_buf_text(b, "; no node has the service dns, and no "
			      "record names a name server\n");
}

static void put_record(const struct keep_record *r, struct keep_buf *b)
{
	keep_buf_print(b, "%.*s\t", KEEP_F(r->name));
	if (r->ttl)
		keep_buf_print(b, "%u\t", r->ttl);
	keep_buf_print(b, "IN\t%s\t%.*s\n", keep_rr_name(r->type),
		       KEEP_F(r->value));
}

static int put_zone(struct keep_zone *z, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(z->x->c->mem, "zones/%.*s",
						KEEP_F(z->name));
	const struct keep_record *v = (const void *)z->records.p;
	struct keep_env_file *f = path.p ? keep_env_file(z->x, path) : NULL;
	size_t i;

	if (!f)
		return keep_no_memory(e);
	put_head(z, f);
	for (i = 0; i < z->records.len / sizeof *v; i++)
		put_record(&v[i], &f->text);
	return keep_buf_check(&f->text, e);
}

int keep_env_zone(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_zone z = {.x = x, .records = {.mem = x->c->mem}};
	struct keep_json domain;
	int code = keep_env_path(x, &x->self, "provider.domain", &domain, e);

	if (code || domain.type == KEEP_JSON_NULL)
		return code;
	z.name = keep_json_text(&domain);
	if (domain.type != KEEP_JSON_TEXT || !keep_domain_ok(z.name) ||
	    !keep_env_is_host(z.name)) {
		keep_problem_at(x->ps, &domain, "the provider's 'domain' is "
				"no domain name");
		return 0;
	}
	z.name = keep_env_lower(x, z.name);
	code = z.name.p ? keep_zone_gather(&z, e) : keep_no_memory(e);
	if (code)
		return code;
	keep_zone_check(&z);
	return z.records.len ? put_zone(&z, e) : 0;
}
