/* Which nodes are local, and which of them are up. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/hash.h>
#include <keep/json.h>
#include <keep/log.h>
#include <keep/provider.h>
#include "local.h"

#define PLACE "/var/lib/keep-local"

/* --- of the instance ------------------------------------------------------ */

struct taking {
	struct keep_buf nodes; /* struct keep_local_node */
	struct keep_mem *mem;
};

static struct keep_json value(struct keep_mem *m,
			      const struct keep_node_row *row,
			      const char *path)
{
	struct keep_json v = {0};
	size_t i;

	for (i = 0; i < row->values.n; i++)
		if (keep_slice_is(row->values.v[i].key, path) &&
		    keep_json_from_cbor(m, row->values.v[i].value, &v, NULL))
			return (struct keep_json){0};
	return v;
}

/* The address as it is, where it is one of IPv4: nothing else is wired. */
static int take(struct keep_ctx *c, const void *item, struct keep_err *e)
{
	const struct keep_node_row *row = item;
	struct taking *t = c->user;
	struct keep_json port = value(t->mem, row, "ssh.port");
	struct keep_json user = value(t->mem, row, "ssh.user");
	struct keep_local_node n = {
		.name = keep_mem_copy(t->mem, row->name),
		.address = keep_mem_copy(t->mem, row->ip_address),
		.user = user.type == KEEP_JSON_TEXT ? keep_json_text(&user) :
						      KEEP_S("root"),
		.port = port.type == KEEP_JSON_INT ? (uint16_t)port.number :
						     22,
	};
	struct keep_ip ip;

	if (!n.name.p || (row->ip_address.p && !n.address.p))
		return keep_no_memory(e);
	if (!keep_ip_get(row->ip_address, &ip) || ip.len != 4)
		return keep_fail(e, KEEP_E_BAD_ARGS, "node '%.*s': "
				 "ip_address is '%.*s'; local nodes have one "
				 "of IPv4", KEEP_F(row->name),
				 KEEP_F(row->ip_address));
	keep_buf_put(&t->nodes, &n, sizeof n);
	return keep_buf_check(&t->nodes, e);
}

static int list(struct keep_ctx *c, struct keep_slices filter,
		struct taking *t, struct keep_err *e)
{
	static const struct keep_slice print[] = {
		{"ssh.port", 8}, {"ssh.user", 8},
	};
	struct keep_slice *words = KEEP_NEWS(c->mem, filter.n + 1,
					     struct keep_slice);
	const struct keep_node_list_args a = {
		{words, filter.n + 1}, {print, KEEP_COUNT(print)},
	};
	int (*emit)(struct keep_ctx *, const void *, struct keep_err *) =
		c->emit;
	void *user = c->user;
	int code;

	if (!words)
		return keep_no_memory(e);
	if (filter.n)
		memcpy(words, filter.v, filter.n * sizeof *words);
	words[filter.n] = KEEP_S("+tag:local");
	t->mem = t->nodes.mem = c->mem;
	c->emit = take;
	c->user = t;
	code = keep_node_list(c, &a, e);
	c->emit = emit;
	c->user = user;
	return code;
}

/* --- of the machine ------------------------------------------------------- */

static int place(struct keep_ctx *c, bool make, struct keep_local *l,
		 struct keep_err *e)
{
	uint8_t hash[KEEP_SHA256_LEN];
	struct keep_buf path = {.mem = c->mem};
	struct keep_err why = {0};
	int code;

	keep_sha256(c->instance_path, hash);
	keep_buf_text(&path, PLACE "/");
	keep_hex_put(&path, hash, 6);
	keep_buf_byte(&path, '\0');
	code = keep_buf_check(&path, e);
	if (code)
		return code;
	l->path = (struct keep_slice){path.p, path.len - 1};
	if (make)
		code = keep_dir_make(AT_FDCWD, path.p, 0755, e);
	if (!code)
		code = keep_open(AT_FDCWD, path.p, O_RDONLY | O_DIRECTORY, 0,
				 KEEP_BENEATH, &l->dir, &why);
	if (code && why.code && why.code != KEEP_E_NOT_FOUND)
		*e = why;
	return code == -KEEP_E_NOT_FOUND && !make ? 0 : code;
}

static bool among(const struct taking *t, struct keep_slice name)
{
	const struct keep_local_node *v = (const void *)t->nodes.p;
	size_t i;

	for (i = 0; i < t->nodes.len / sizeof *v; i++)
		if (keep_slice_eq(v[i].name, name))
			return true;
	return false;
}

static int add_forgotten(struct keep_ctx *c, const struct keep_local *l,
			 struct taking *t, struct keep_err *e)
{
	struct keep_local_node n = {0};
	struct keep_names names = {0};
	size_t i;
	int code = keep_dir_list(c->mem, keep_fd_get(&l->dir), ".", &names, e);

	for (i = 0; i < names.n && !code; i++) {
		n.name = names.v[i].name;
		if (!among(t, n.name))
			keep_buf_put(&t->nodes, &n, sizeof n);
	}
	return code ? code : keep_buf_check(&t->nodes, e);
}

static int by_name(const void *a, const void *b)
{
	const struct keep_local_node *x = a, *y = b;

	return keep_slice_cmp(x->name, y->name);
}

static int denied(struct keep_ctx *c, const char *verb, struct keep_err *e)
{
	struct keep_slice at = keep_shell_word(c->mem, c->instance_path);

	keep_fail(e, KEEP_E_DENIED, "keep %s makes namespaces and mounts, "
		  "which needs root; you are uid %u", verb,
		  (unsigned)geteuid());
	return keep_hint(e, "sudo --preserve-env=SSH_AUTH_SOCK keep -C %.*s %s",
			 KEEP_F(at), verb);
}

/* Who wants all nodes ended need not mend the instance first. */
static int read_instance(struct keep_ctx *c, struct keep_slices filter,
			 struct keep_local *l, struct taking *t,
			 struct keep_err *e)
{
	struct keep_err why = {0};
	int code = list(c, filter, t, &why);

	if (code == -KEEP_E_BAD_ARGS && !filter.n && l->ends) {
		keep_log(c->log, KEEP_LOG_WARNING, "%s", why.message);
		t->nodes.len = 0;
		l->broken = true;
		return 0;
	}
	if (code)
		*e = why;
	return code;
}

int keep_local_open(struct keep_ctx *c, struct keep_slices filter,
		    const char *root, struct keep_local *l, struct keep_err *e)
{
	struct taking t = {0};
	size_t i;
	int code = read_instance(c, filter, l, &t, e);

	if (!code && root && geteuid() != 0)
		code = denied(c, root, e);
	if (!code)
		code = place(c, root && !l->ends && t.nodes.len, l, e);
	if (!code && !filter.n && l->dir.plus_one)
		code = add_forgotten(c, l, &t, e);
	if (code)
		return code;
	l->v = (void *)t.nodes.p;
	l->n = t.nodes.len / sizeof *l->v;
	if (!l->n) {
		keep_fail(e, KEEP_E_NOT_FOUND, "no node has the tag 'local'");
		return keep_hint(e, "as: keep node add try1 "
				 "ip_address=127.77.0.1 ssh.port=2222 "
				 "tags=local");
	}
	qsort(l->v, l->n, sizeof *l->v, by_name);
	for (i = 0; i < l->n; i++)
		l->v[i].pid = keep_local_pid(c, l, l->v[i].name);
	return 0;
}

void keep_local_end(struct keep_local *l)
{
	keep_fd_end(&l->dir);
}
