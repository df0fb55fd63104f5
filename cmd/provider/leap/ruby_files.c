/* Files and keys. Leap names most files by a word, and makes keys where their
 * files are not there. */
#include "../expr/form.h"
#include "ruby_rw.h"

/* The files that leap knows by a word, below files/; * is a name that comes
 * with the word, else that of the node. */
static const struct {
	const char *word, *path;
} paths[] = {
	{"authorized_keys", "ssh/authorized_keys"},
	{"ca_cert", "ca/ca.crt"},
	{"ca_key", "ca/ca.key"},
	{"client_ca_cert", "ca/client_ca.crt"},
	{"client_ca_key", "ca/client_ca.key"},
	{"commercial_ca_cert", "cert/commercial_ca.crt"},
	{"commercial_cert", "cert/*.crt"},
	{"commercial_csr", "cert/*.csr"},
	{"commercial_key", "cert/*.key"},
	{"dh_params", "ca/dh.pem"},
	{"dkim_priv_key", "mx/dkim.key"},
	{"dkim_pub_key", "mx/dkim.pub"},
	{"eip_service_json_template", "service-definitions/*/eip-service.json.erb"},
	{"known_hosts", "ssh/known_hosts"},
	{"monitor_priv_key", "ssh/monitor_ssh"},
	{"monitor_pub_key", "ssh/monitor_ssh.pub"},
	{"node_ssh_pub_key", "nodes/*/*_ssh.pub"},
	{"node_tor_priv_key", "nodes/*/tor.key"},
	{"node_tor_pub_key", "nodes/*/tor.pub"},
	{"node_x509_cert", "nodes/*/*.crt"},
	{"node_x509_key", "nodes/*/*.key"},
	{"provider_json_template", "service-definitions/provider.json.erb"},
	{"smtp_service_json_template", "service-definitions/*/smtp-service.json.erb"},
	{"soledad_service_json_template",
	 "service-definitions/*/soledad-service.json.erb"},
	{"static_web_htaccess", "web/bootstrap/*/htaccess"},
	{"static_web_provider_json", "web/bootstrap/*/provider.json"},
	{"static_web_readme", "web/bootstrap/README"},
};

static bool ends_in(struct keep_slice s, const char *end)
{
	size_t len = strlen(end);

	return s.len >= len && keep_slice_is((struct keep_slice){
		s.p + s.len - len, len}, end);
}

struct keep_kx keep_rw_name(struct keep_rw *r, const struct keep_rb *x)
{
	if (keep_rb_is_literal(x) && !keep_form_name(x->text))
		return keep_rw_fail(r, "'%.*s', which is no name here: a-z, "
				    "0-9, behind the first also . _ -",
				    KEEP_F(x->text));
	return keep_rw(r, x);
}

/* A path with its name put in. */
static struct keep_kx fill(struct keep_rw *r, const char *path,
			   struct keep_slice name)
{
	struct keep_buf b = {.mem = r->mem};

	keep_buf_byte(&b, '\'');
	for (; *path; path++) {
		if (*path == '*')
			keep_buf_print(&b, "${%.*s}", KEEP_F(name));
		else
			keep_buf_byte(&b, (uint8_t)*path);
	}
	keep_buf_byte(&b, '\'');
	if (b.failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "%.*s",
			    KEEP_F(keep_buf_get(&b)));
}

static struct keep_kx by_word(struct keep_rw *r, struct keep_slice word,
			      const struct keep_rb *with)
{
	struct keep_kx name;
	size_t i;

	for (i = 0; i < KEEP_COUNT(paths); i++)
		if (keep_slice_is(word, paths[i].word))
			break;
	if (i == KEEP_COUNT(paths))
		return keep_rw_fail(r, "the file :%.*s", KEEP_F(word));
	if (ends_in(keep_slice(paths[i].path), ".erb"))
		return keep_rw_fail(r, "the file :%.*s, which is a template in "
				    "ruby", KEEP_F(word));
	name = with ? keep_rw(r, with) :
	       keep_rw_end(r, keep_rw_property(r, KEEP_S("name")));
	return fill(r, paths[i].path, name.s);
}

/* The path that :word, [:word, name], or a text names. */
static struct keep_kx path_of(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice s = x->text;

	if (x->kind == KEEP_RB_LIST && x->n == 2 && keep_rb_is_literal(x->kid))
		return by_word(r, x->kid->text, x->last);
	if (!keep_rb_is_literal(x))
		return keep_rw(r, x);
	if (x->symbol)
		return by_word(r, s, NULL);
	if (ends_in(s, ".erb"))
		return keep_rw_fail(r, "%.*s, which is a template in ruby",
				    KEEP_F(s));
	if (keep_slice_starts(s, "files/"))
		s = (struct keep_slice){s.p + 6, s.len - 6};
	return keep_kx_text(r, s);
}

/* Whether all behind the first argument is a hash of options. */
static bool has_options_only(struct keep_rw *r, const struct keep_rb *x)
{
	if (x->n == 1 || x->last->kind == KEEP_RB_HASH)
		return true;
	keep_rw_fail(r, "`%.*s` with %u arguments", KEEP_F(x->text), x->n);
	return false;
}

static struct keep_kx file(struct keep_rw *r, const struct keep_rb *x)
{
	const char *maybe = keep_slice_is(x->text, "try_file") ? "?" : "";

	if (!has_options_only(r, x))
		return (struct keep_kx){0};
	return keep_kx_make(r, KEEP_KX_POST, *maybe ? KEEP_KX_ANY :
			    KEEP_KX_TEXT, "file%s(%.*s)", maybe,
			    KEEP_F(path_of(r, x->kid).s));
}

/* --- keys that are made --------------------------------------------------- */

/* A key pair is named as its files are, without their ends. */
static struct keep_kx key_name(struct keep_rw *r, struct keep_slice path,
			       bool *public)
{
	struct keep_buf b = {.mem = r->mem};
	size_t i, end = path.len;

	*public = ends_in(path, ".pub'");
	if (!*public && !ends_in(path, ".key'"))
		return keep_rw_fail(r, "a key that is made at a place which "
				    "names neither half");
	for (i = 0; i < end - 5; i++)
		keep_buf_byte(&b, path.p[i] == '/' ? '-' : (uint8_t)path.p[i]);
	keep_buf_byte(&b, '\'');
	if (b.failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "%.*s",
			    KEEP_F(keep_buf_get(&b)));
}

static struct keep_kx keypair(struct keep_rw *r, const struct keep_rb *file,
			      struct keep_kx type)
{
	struct keep_slice path = path_of(r, file).s;
	bool public = false;
	struct keep_kx name;

	if (!path.p)
		return (struct keep_kx){0};
	name = key_name(r, path, &public);
	return keep_kx_make(r, KEEP_KX_POST,
			    public ? KEEP_KX_TEXT : KEEP_KX_SECRET,
			    "keypair(%.*s, %.*s).%s", KEEP_F(name.s),
			    KEEP_F(type.s), public ? "public" : "private");
}

/* The type of the key that the block makes: rsa2048 of
 * generate_dkim_key(2048). */
static struct keep_kx dkim_type(struct keep_rw *r, const struct keep_rb *make)
{
	struct keep_kx size;

	if (make->kind != KEEP_RB_CALL || make->on || make->n > 1 ||
	    !keep_slice_is(make->text, "generate_dkim_key"))
		return keep_rw_fail(r, "a block that makes a file");
	if (!make->n)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "'rsa2048'");
	size = keep_rw(r, make->kid);
	return keep_kx_make(r, KEEP_KX_SUM, KEEP_KX_TEXT, "'rsa' + str(%.*s)",
			    KEEP_F(size.s));
}

/* Where a file lies on the node; of a key that is made, the key. */
static struct keep_kx remote_path(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice path;

	if (x->block)
		return keypair(r, x->kid, dkim_type(r, x->block));
	if (!has_options_only(r, x))
		return (struct keep_kx){0};
	path = path_of(r, x->kid).s;
	return keep_kx_make(r, KEEP_KX_COND, KEEP_KX_ANY,
			    "file?(%.*s) == null ? null : send(%.*s)",
			    KEEP_F(path), KEEP_F(path));
}

static struct keep_kx tor_key(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx type = keep_rw(r, x->last);

	type = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "%.*s.lower()",
			    KEEP_F(keep_kx_at(r, type, KEEP_KX_POST)));
	return keypair(r, x->kid, type);
}

/* Leap writes a blank behind the colon; of keys it takes another hash. */
static struct keep_kx fingerprint(struct keep_rw *r, const struct keep_rb *x)
{
	if (x->n != 1 || x->kid->kind == KEEP_RB_CALL)
		return keep_rw_fail(r, "the SHA-1 of a key");
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT,
			    "fingerprint(%.*s).split(':').join(': ')",
			    KEEP_F(path_of(r, x->kid).s));
}

static struct keep_kx error(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "error(%.*s)",
			    KEEP_F(keep_rw(r, x->kid).s));
}

static const struct keep_rw_row rows[] = {
	{.name = "file", .least = 1, .most = 2, .run = file},
	{.name = "try_file", .least = 1, .most = 2, .run = file},
	{.name = "file_path", .least = 1, .most = 2, .block = KEEP_RW_EITHER, .run = remote_path},
	{.name = "remote_file_path", .least = 1, .most = 2, .block = KEEP_RW_EITHER,
	 .run = remote_path},
	{.name = "tor_public_key_path", .least = 2, .most = 2, .run = tor_key},
	{.name = "tor_private_key_path", .least = 2, .most = 2, .run = tor_key},
	{.name = "fingerprint", .least = 1, .most = 2, .run = fingerprint},
	{.name = "error", .least = 1, .most = 1, .run = error},
};
const struct keep_rw_rows keep_rw_files = {rows, KEEP_COUNT(rows)};
