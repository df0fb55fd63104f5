/* Pinned host keys. */
#include <fcntl.h>
#include <unistd.h>
#include "pin.h"

enum { FILE_MAX = 16 << 10 };

static bool ends(struct keep_slice s, const char *with)
{
	size_t n = strlen(with);

	return s.len > n && keep_bytes_equal(s.p + s.len - n, with, n);
}

static bool is_pin(struct keep_slice file, struct keep_slice node)
{
	if (keep_slice_starts(file, "ssh_host_"))
		return ends(file, "_key.pub");
	return file.len == node.len + strlen("_ssh.pub") &&
	       ends(file, "_ssh.pub") &&
	       keep_bytes_equal(file.p, node.p, node.len);
}

static struct keep_slice path_of(struct keep_ctx *c, struct keep_slice node,
				 struct keep_slice file)
{
	return keep_mem_print(c->mem, "files/nodes/%.*s/%.*s", KEEP_F(node),
			      KEEP_F(file));
}

/* "ssh_host_ed25519_key.pub", as sshd's own are called. */
static struct keep_slice file_of(struct keep_ctx *c,
				 const struct keep_ssh_key *key)
{
	struct keep_slice kind = key->type;

	if (keep_slice_starts(kind, "ssh-"))
		kind = (struct keep_slice){kind.p + 4, kind.len - 4};
	else if (keep_slice_starts(kind, "ecdsa-"))
		kind.len = strlen("ecdsa");
	return keep_mem_print(c->mem, "ssh_host_%.*s_key.pub", KEEP_F(kind));
}

static int files_of(struct keep_ctx *c, struct keep_slice node,
		    struct keep_names *files, struct keep_err *e)
{
	struct keep_slice dir = path_of(c, node, KEEP_S(""));
	struct keep_err why = {0};
	int code = dir.p ? keep_dir_list(c->mem, keep_fd_get(&c->instance),
					 dir.p, files, &why) :
			   keep_no_memory(&why);

	*files = code ? (struct keep_names){0} : *files;
	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (code)
		*e = why;
	return code;
}

int keep_pins_read(struct keep_ctx *c, struct keep_slice node,
		   struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_names files = {0};
	struct keep_slice path, text;
	struct keep_ssh_key *v;
	size_t i, n = 0;
	int code = files_of(c, node, &files, e);

	v = code ? NULL : KEEP_NEWS(c->mem, files.n, struct keep_ssh_key);
	if (!v)
		return code ? code : keep_no_memory(e);
	for (i = 0; i < files.n; i++) {
		if (!is_pin(files.v[i].name, node))
			continue;
		path = path_of(c, node, files.v[i].name);
		if (!path.p)
			return keep_no_memory(e);
		if (!keep_file_read(c->mem, keep_fd_get(&c->instance), path.p,
				    FILE_MAX, &text, NULL) &&
		    !keep_ssh_line_get(c->mem, text, &v[n], NULL))
			n++;
	}
	*out = (struct keep_ssh_keys){v, n};
	return 0;
}

bool keep_pins_have(const struct keep_ssh_keys *pins,
		    const struct keep_ssh_key *key)
{
	size_t i = 0;

	while (i < pins->n && !keep_slice_eq(pins->v[i].blob, key->blob))
		i++;
	return i < pins->n;
}

/* What root writes for somebody is his. */
static void give(struct keep_ctx *c, const char *path)
{
	int dir = keep_fd_get(&c->instance);
	struct stat st;

	if (geteuid() == 0 && fstat(dir, &st) == 0 && st.st_uid != 0)
		keep_ignore(fchownat(dir, path, st.st_uid, st.st_gid,
				     AT_SYMLINK_NOFOLLOW),
			    "it is readable anyway");
}

int keep_pin_put(struct keep_ctx *c, struct keep_slice node,
		 const struct keep_ssh_key *key, struct keep_err *e)
{
	int root = keep_fd_get(&c->instance);
	struct keep_slice dir = keep_mem_print(c->mem, "files/nodes/%.*s",
					       KEEP_F(node));
	struct keep_slice file = file_of(c, key), path = {0};
	struct keep_buf line = {.mem = c->mem};
	int code;

	if (file.p)
		path = path_of(c, node, file);
	if (!dir.p || !path.p)
		return keep_no_memory(e);
	keep_ssh_line_put(&line, key);
	keep_buf_print(&line, " %.*s\n", KEEP_F(node));
	code = keep_buf_check(&line, e);
	if (!code)
		code = keep_dir_make(root, dir.p, 0755, e);
	if (!code)
		code = keep_file_replace(root, path.p, keep_buf_get(&line),
					 0644, e);
	if (code)
		return code;
	give(c, "files");
	give(c, "files/nodes");
	give(c, dir.p);
	give(c, path.p);
	return 0;
}

int keep_pins_drop(struct keep_ctx *c, struct keep_slice node,
		   const struct keep_ssh_key *key, struct keep_err *e)
{
	struct keep_names files = {0};
	struct keep_slice path, left = file_of(c, key);
	size_t i;
	int code = left.p ? files_of(c, node, &files, e) : keep_no_memory(e);

	for (i = 0; i < files.n && !code; i++) {
		if (!is_pin(files.v[i].name, node) ||
		    keep_slice_eq(files.v[i].name, left))
			continue;
		path = path_of(c, node, files.v[i].name);
		if (!path.p)
			return keep_no_memory(e);
		if (unlinkat(keep_fd_get(&c->instance), path.p, 0))
			code = keep_fail_errno(e, "%s", path.p);
	}
	return code;
}
