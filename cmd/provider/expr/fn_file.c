/* Files that go to the node, and what names a certificate or key. */
#include <keep/hash.h>
#include <keep/text.h>
#include "fn.h"
#include "form.h"

static bool is_clean_part(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.len && !keep_slice_is(s, ".") && !keep_slice_is(s, "..");
}

/* Cuts what is before the first BYTE, or all, off *rest. */
static struct keep_slice cut(struct keep_slice *rest, char byte)
{
	const char *p = memchr(rest->p, byte, rest->len);
	struct keep_slice s = {rest->p, p ? (size_t)(p - rest->p) : rest->len};
	size_t gone = s.len + (p ? 1 : 0);

	rest->p += gone;
	rest->len -= gone;
	return s;
}

/* The path becomes part of one on the node: it must have one spelling. */
static bool is_clean(struct keep_slice path)
{
	struct keep_slice rest = path;

	if (!path.len || path.p[path.len - 1] == '/')
		return false;
	while (rest.len)
		if (!is_clean_part(cut(&rest, '/')))
			return false;
	return true;
}

static int check_file(struct keep_call *c)
{
	struct keep_slice path = keep_v_slice(&c->args[0]), content;
	int rc;

	if (!is_clean(path)) {
		rc = keep_call_fault(c, "'%.*s' is no path beneath files/",
				     (int)(path.len < 64 ? path.len : 64),
				     path.p);
		keep_problem_hint(c->ev->ps, "names joined by single /, "
				  "without . and ..");
		return rc;
	}
	rc = keep_call_file(c, NULL, &content);
	if (!rc && keep_form_count(content))
		rc = keep_call_fault(c, "%.*s holds the form that stands for "
				     "a secret", KEEP_F(path));
	return rc;
}

static int send(struct keep_call *c, struct keep_value *out)
{
	struct keep_value path = c->args[0];
	struct keep_value dir = keep_v_text(KEEP_S("/etc/keep/files/"));
	KEEP_AUTO(keep_joint) j = {0};
	int rc = keep_call_in_node(c);

	if (!rc)
		rc = check_file(c);
	if (!rc)
		rc = keep_ev_send(c->ev, c->ev->frame->node,
				  keep_v_slice(&path));
	if (rc)
		return rc;
	keep_joint_add(&j, &dir);
	keep_joint_add(&j, &path);
	return keep_joint_value(c->ev, c->at, &j, out);
}

/* Appends the base64 of the first certificate of a PEM text (RFC 7468);
 * false: it has none. Blanks at the end of lines are allowed. */
static bool pem_base64(struct keep_slice s, struct keep_buf *base64)
{
	struct keep_slice line;
	bool in = false;

	while (s.len) {
		line = cut(&s, '\n');
		while (line.len && strchr(" \t\r", line.p[line.len - 1]))
			line.len--;
		if (keep_slice_is(line, "-----BEGIN CERTIFICATE-----"))
			in = true;
		else if (in && keep_slice_is(line, "-----END CERTIFICATE-----"))
			return true;
		else if (in)
			keep_buf_slice(base64, line);
	}
	return false;
}

static bool pem_get(struct keep_slice s, struct keep_buf *der)
{
	KEEP_AUTO(keep_buf) base64 = {0};
	bool found = pem_base64(s, &base64);

	der->failed = base64.failed;
	return found && !base64.failed &&
	       keep_base64_get(keep_buf_get(&base64), der) && der->len;
}

/* Whether a key blob begins with its TYPE (RFC 4253 6.6). */
static bool has_type(const struct keep_buf *blob, struct keep_slice type)
{
	struct keep_slice s = keep_buf_get(blob);
	const uint8_t *p = (const uint8_t *)s.p;

	if (s.len < 4 || p[0] || p[1] || p[2] || p[3] != type.len ||
	    s.len - 4 <= type.len)
		return false;
	return keep_slice_eq((struct keep_slice){s.p + 4, type.len}, type);
}

/* Decodes the key of a line "ssh-ed25519 AAAA.. comment". */
static bool ssh_get(struct keep_slice s, struct keep_buf *blob)
{
	struct keep_slice line = cut(&s, '\n'), type, key;

	while (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	type = cut(&line, ' ');
	key = cut(&line, ' ');
	return keep_base64_get(key, blob) && has_type(blob, type);
}

static int fingerprint(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice content, path = keep_v_slice(&c->args[0]);
	KEEP_AUTO(keep_joint) j = {0};
	KEEP_AUTO(keep_buf) bytes = {0};
	uint8_t hash[KEEP_SHA256_LEN];
	int rc = keep_call_file(c, NULL, &content);

	if (!rc)
		rc = keep_ev_steps(c->ev, content.len / KEEP_EXPR_CHUNK);
	if (rc)
		return rc;
	if (!pem_get(content, &bytes) && !ssh_get(content, &bytes)) {
		if (bytes.failed)
			return -KEEP_E_NO_MEMORY;
		rc = keep_call_fault(c, "%.*s holds no certificate and no "
				     "public key of ssh", KEEP_F(path));
		keep_problem_hint(c->ev->ps, "a certificate is PEM: -----BEGIN "
				  "CERTIFICATE-----");
		return rc;
	}
	keep_sha256(keep_buf_get(&bytes), hash);
	keep_buf_text(&j.buf, "SHA256:");
	keep_hex_put(&j.buf, hash, sizeof hash);
	return keep_joint_value(c->ev, c->at, &j, out);
}

static const struct keep_fn rows[] = {
	{{"send", "path", "text: where files/PATH will lie on the node",
	  "a file that is not there is an error", "send('motd')",
	  "\"/etc/keep/files/motd\""}, NULL, "t", send},
	{{"fingerprint", "path", "text: SHA-256 of the certificate or ssh "
	  "public key in files/PATH", "a file that holds none is an error",
	  "fingerprint('ca.crt').slice(0, 15)", "\"SHA256:2d711642\""},
	 NULL, "t", fingerprint},
};
const struct keep_fns keep_fns_file = {rows, KEEP_COUNT(rows)};
