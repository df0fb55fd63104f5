/* What leap adds to files while it compiles, and keep wants written down. */
#include <keep/text.h>
#include "../instance/merge.h"
#include "import.h"

static int parse(struct keep_leap *l, struct keep_slice text,
		 struct keep_json *tree, struct keep_err *e)
{
	static const struct keep_json_source source = {KEEP_S("an import")};
	struct keep_problems ps = {.mem = l->m};
	int rc = keep_json_read(l->m, text, &source, KEEP_JSON_INSTANCE, &ps,
				tree);

	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	return keep_problems_fail(&ps, e, KEEP_E_INTERNAL, "what import wrote");
}

static int set(struct keep_leap *l, struct keep_slice *text,
	       struct keep_slices path, struct keep_slice value,
	       struct keep_err *e)
{
	struct keep_buf b = {.mem = l->m};
	int rc = keep_json_edit_set(l->m, *text, path, value, &b, e);

	if (!rc)
		*text = keep_buf_get(&b);
	return rc;
}

/* --- tags of nodes ------------------------------------------------------- */

/* Addresses that leap gives to virtual machines on the admin's own host. */
static bool is_local(const struct keep_json *v)
{
	static const uint8_t net[] = {10, 5, 5};
	struct keep_ip ip;

	return keep_ip_get(keep_json_text(v), &ip) && ip.len == 4 &&
	       keep_bytes_equal(ip.bytes, net, sizeof net);
}

static bool has(const struct keep_json *list, struct keep_slice tag)
{
	uint32_t i;

	for (i = 0; list && list->type == KEEP_JSON_LIST && i < list->n; i++)
		if (keep_slice_eq(keep_json_text(&list->list[i]), tag))
			return true;
	return list && keep_slice_eq(keep_json_text(list), tag);
}

/* OLD, which may be NULL, with one tag more. */
static struct keep_slice with_tag(struct keep_leap *l,
				  const struct keep_json *old,
				  struct keep_slice tag)
{
	struct keep_buf b = {.mem = l->m};
	bool is_list = old && old->type == KEEP_JSON_LIST;
	uint32_t i;

	keep_buf_byte(&b, '[');
	if (old && old->type == KEEP_JSON_TEXT) {
		keep_json_put(&b, old, KEEP_JSON_COMPACT);
		keep_buf_text(&b, ", ");
	}
	for (i = 0; is_list && i < old->n; i++) {
		keep_json_put(&b, &old->list[i], KEEP_JSON_COMPACT);
		keep_buf_text(&b, ", ");
	}
	keep_json_put_text(&b, tag);
	keep_buf_byte(&b, ']');
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

static int add_tag(struct keep_leap *l, struct keep_slice *text,
		   struct keep_slice tag, struct keep_err *e)
{
	struct keep_slice key = KEEP_S("tags"), value;
	const struct keep_json *old;
	struct keep_json tree;
	int rc = parse(l, *text, &tree, e);

	if (rc)
		return rc;
	old = keep_json_get(&tree, key);
	if (!old || old->type == KEEP_JSON_NULL) {
		key = KEEP_S("+tags");
		old = keep_json_get(&tree, key);
	}
	if (has(old, tag))
		return 0;
	value = with_tag(l, old, tag);
	return value.p ? set(l, text, (struct keep_slices){&key, 1}, value, e)
		       : keep_no_memory(e);
}

int keep_leap_imply_tags(struct keep_leap *l, struct keep_slice *text,
			 struct keep_err *e)
{
	const struct keep_json *ip;
	struct keep_json tree;
	int rc = parse(l, *text, &tree, e);

	if (rc)
		return rc;
	ip = keep_json_get(&tree, KEEP_S("ip_address"));
	if (ip && is_local(ip))
		rc = add_tag(l, text, KEEP_S("local"), e);
	if (!rc && keep_json_get(&tree, KEEP_S("vm")))
		rc = add_tag(l, text, KEEP_S("vm"), e);
	return rc;
}

/* --- certificates ------------------------------------------------------- */

/* A member that leap's own programs give where no file does. */
static const struct implied {
	const char *object, *key, *value;
} of_common[] = {
	{"x509", "cert",
	 "\"= x509.use ? file?('nodes/${name}/${name}.crt') : null\""},
	{"x509", "key",
	 "\"= x509.use ? file?('nodes/${name}/${name}.key') : null\""},
	{"x509", "commercial_cert", "\"= x509.use_commercial ? "
	 "file?('cert/${provider.domain}.crt') : null\""},
	{"x509", "commercial_key", "\"= x509.use_commercial ? "
	 "file?('cert/${provider.domain}.key') : null\""},
	{"x509", "commercial_ca_cert", "\"= x509.use_commercial ? "
	 "file?('cert/commercial_ca.crt') : null\""},
}, of_provider[] = {
	{"publish", "ca_cert_fingerprint", "\"= file?('ca/ca.crt') == null ? "
	 "null : 'SHA256: ' + fingerprint('ca/ca.crt').split(':').last()\""},
};

static int imply(struct keep_leap *l, const struct implied *what, size_t n,
		 struct keep_slice *text, struct keep_err *e)
{
	struct keep_json tree;
	size_t i;
	int rc = parse(l, *text, &tree, e);

	for (i = 0; !rc && i < n; i++) {
		struct keep_slice path[] = {keep_slice(what[i].object),
					    keep_slice(what[i].key)};
		const struct keep_json *o = keep_json_get(&tree, path[0]);

		if (!o || (o->type == KEEP_JSON_OBJECT &&
			   !keep_json_get(o, path[1])))
			rc = set(l, text, (struct keep_slices){path, 2},
				 keep_slice(what[i].value), e);
	}
	return rc;
}

/* Without both switches this is not the platform that leap came with. */
int keep_leap_imply_x509(struct keep_leap *l, struct keep_slice *text,
			 struct keep_err *e)
{
	struct keep_json tree;
	int rc = parse(l, *text, &tree, e);

	if (rc || !keep_json_at(&tree, KEEP_S("x509.use")) ||
	    !keep_json_at(&tree, KEEP_S("x509.use_commercial")))
		return rc;
	return imply(l, of_common, KEEP_COUNT(of_common), text, e);
}

int keep_leap_imply_publish(struct keep_leap *l, struct keep_slice *text,
			    struct keep_err *e)
{
	return imply(l, of_provider, KEEP_COUNT(of_provider), text, e);
}
