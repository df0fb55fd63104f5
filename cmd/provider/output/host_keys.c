/* Host keys: files/nodes/NAME/ssh_host_*_key.pub, and NAME_ssh.pub as leap
 * calls it. */
#include <stdlib.h>
#include "../instance/merge.h"
#include "env.h"

enum { KEY_FILE = 16 << 10 }; /* bytes */

static const char *const kinds[] = {
	"ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ssh-rsa",
	"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
	"sk-ecdsa-sha2-nistp256@openssh.com",
};

static bool ends(struct keep_slice s, struct keep_slice with)
{
	return s.len > with.len &&
	       keep_bytes_equal(s.p + s.len - with.len, with.p, with.len);
}

static bool is_key_file(struct keep_slice file, struct keep_slice node)
{
	if (keep_slice_starts(file, "ssh_host_"))
		return ends(file, KEEP_S("_key.pub"));
	return file.len == node.len + 8 && ends(file, KEEP_S("_ssh.pub")) &&
	       keep_bytes_equal(file.p, node.p, node.len);
}

static struct keep_slice word(struct keep_slice *rest)
{
	struct keep_slice w = {rest->p, 0};

	while (w.len < rest->len && !strchr(" \t", w.p[w.len]))
		w.len++;
	rest->p += w.len;
	rest->len -= w.len;
	while (rest->len && strchr(" \t", rest->p[0])) {
		rest->p++;
		rest->len--;
	}
	return w;
}

/* A blob is strings behind their lengths, the kind first (RFC 4253 6.6). */
static bool is_blob(struct keep_slice key, struct keep_slice kind)
{
	KEEP_AUTO(keep_buf) b = {0};
	const uint8_t *p;
	size_t at, len, n = 0;

	if (!keep_base64_get(key, &b))
		return false;
	for (at = 0; b.len - at >= 4; at += 4 + len, n++) {
		p = (const uint8_t *)b.p + at;
		len = (size_t)p[0] << 24 | (size_t)p[1] << 16 |
		      (size_t)p[2] << 8 | p[3];
		if (len > b.len - at - 4)
			return false;
		if (n == 0 && !keep_slice_eq(kind, (struct keep_slice){
			    b.p + 4, len}))
			return false;
	}
	return at == b.len && n >= 2;
}

/* "KIND KEY", without what people wrote behind it; absent: it is none. */
static struct keep_slice parse(struct keep_mem *m, struct keep_slice text)
{
	struct keep_slice kind, key;
	size_t i;

	while (text.len && strchr("\r\n", text.p[text.len - 1]))
		text.len--;
	if (memchr(text.p, '\n', text.len))
		return (struct keep_slice){0};
	kind = word(&text);
	key = word(&text);
	for (i = 0; i < KEEP_COUNT(kinds); i++)
		if (keep_slice_is(kind, kinds[i]) && is_blob(key, kind))
			return keep_mem_print(m, "%.*s %.*s", KEEP_F(kind),
					      KEEP_F(key));
	return (struct keep_slice){0};
}

static int read_key(struct keep_env_build *x, const char *path,
		    struct keep_buf *keys, struct keep_err *e)
{
	const struct keep_slice *old = (const void *)keys->p;
	struct keep_slice text, key;
	struct keep_err why = {0};
	size_t i;
	int code = keep_file_read(x->c->mem, keep_fd_get(&x->c->instance),
				  path, KEY_FILE, &text, &why);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code) {
		keep_problem_why(x->ps, path, &why);
		return 0;
	}
	key = parse(x->c->mem, text);
	if (!key.p && keep_problem_in(x->ps, path, "this is no public key of "
				      "an ssh server"))
		keep_problem_hint(x->ps, "it looks like: ssh-ed25519 AAAA..., "
				  "and is rsa, ecdsa or ed25519");
	for (i = 0; i < keys->len / sizeof key; i++)
		if (keep_slice_eq(old[i], key))
			return 0;
	if (key.p)
		keep_buf_put(keys, &key, sizeof key);
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	const struct keep_slice *x = a, *y = b;

	return keep_slice_cmp(*x, *y);
}

static int by_name(const void *key, const void *v)
{
	const struct keep_name *n = v;

	return keep_slice_cmp(*(const struct keep_slice *)key, n->name);
}

static int list(struct keep_env_build *x, struct keep_slice node,
		const char *dir, struct keep_names *files, struct keep_err *e)
{
	const struct keep_names *d = &x->key_dirs;
	struct keep_err why = {0};
	int code;

	if (!d->n || !bsearch(&node, d->v, d->n, sizeof *d->v, by_name))
		return 0;
	code = keep_dir_list(x->c->mem, keep_fd_get(&x->c->instance), dir,
			     files, &why);
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code)
		keep_problem_why(x->ps, dir, &why);
	return 0;
}

int keep_env_host_keys(struct keep_env_build *x, struct keep_env_node *n,
		       struct keep_err *e)
{
	struct keep_slice name = n->node->name;
	struct keep_buf keys = {.mem = x->c->mem};
	struct keep_names files = {0};
	char path[400], dir[80];
	size_t i;
	int code;

	snprintf(dir, sizeof dir, "files/nodes/%.*s", KEEP_F(name));
	code = list(x, name, dir, &files, e);
	for (i = 0; i < files.n && !code; i++) {
		if (!is_key_file(files.v[i].name, name))
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, files.v[i].name.p);
		code = read_key(x, path, &keys, e);
	}
	n->host_keys.v = (const void *)keep_buf_get(&keys).p;
	n->host_keys.n = keys.len / sizeof *n->host_keys.v;
	if (n->host_keys.n)
		qsort(keys.p, n->host_keys.n, sizeof *n->host_keys.v,
		      by_bytes);
	return code ? code : keep_buf_check(&keys, e);
}
