/* files/ of leap: certificates, keys, what nodes are sent. */
#include <dirent.h>
#include <fcntl.h>
#include <keep/text.h>
#include "../instance/merge.h"
#include "import.h"

/* Made by compile, in compiled/. */
static const char *const made[] = {
	"files/ssh/authorized_keys", "files/ssh/known_hosts",
	"files/web/bootstrap",
};

/* How sshd calls the file of a key, by the type that its line begins with. */
static const struct {
	const char *type, *name;
} host_keys[] = {
	{"ssh-rsa ", "rsa"},
	{"ssh-ed25519 ", "ed25519"},
	{"ecdsa-sha2-", "ecdsa"},
	{"ssh-dss ", "dsa"},
};

/* Whether PATH is files/nodes/N/N_ssh.pub; LAST: its last slash. */
static bool is_host_key(const char *path, const char *last)
{
	static const char in[] = "files/nodes/", end[] = "_ssh.pub";
	const char *node = path + sizeof in - 1;
	size_t len = last > node ? (size_t)(last - node) : 0;

	return len && keep_slice_starts(keep_slice(path), in) &&
	       !strncmp(last + 1, node, len) && !strcmp(last + 1 + len, end);
}

/* Where the key goes, of which LINE is the text; NULL: it is no host key. */
static const char *host_key(struct keep_leap *l, const char *path,
			    struct keep_slice line)
{
	const char *last = strrchr(path, '/');
	size_t i;

	if (!last || !is_host_key(path, last))
		return NULL;
	for (i = 0; i < KEEP_COUNT(host_keys); i++)
		if (keep_slice_starts(line, host_keys[i].type))
			return keep_mem_print(l->m, "%.*sssh_host_%s_key.pub",
					      (int)(last + 1 - path), path,
					      host_keys[i].name).p;
	return NULL;
}

static int copy(struct keep_leap *l, const char *path, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice bytes;
	struct stat st;
	const char *to;
	mode_t mode;
	int rc = keep_leap_read(l, &mem, path, KEEP_LEAP_BYTES, &bytes, e);

	if (rc || !bytes.p)
		return rc;
	if (fstatat(keep_fd_get(&l->from), path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return keep_fail_errno(e, "%s", path);
	mode = st.st_mode & 0100 ? 0777 : 0666;
	to = host_key(l, path, bytes);
	/* what others could not read they cannot read now */
	return keep_leap_put(l, to ? to : path, bytes,
			     st.st_mode & 077 ? mode : mode & 0700, e);
}

static bool is_made(struct keep_slice path)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(made); i++)
		if (keep_slice_is(path, made[i]))
			return true;
	return false;
}

static int directory(struct keep_leap *l, const char *path, int depth,
		     struct keep_err *e);

static int entry(struct keep_leap *l, const char *path,
		 const struct keep_name *n, int depth, struct keep_err *e)
{
	struct keep_slice s = keep_slice(path);

	if (is_made(s))
		return 0;
	if (n->type == DT_DIR)
		return directory(l, path, depth + 1, e);
	if (keep_leap_ends(s, ".erb"))
		return keep_leap_left_file(l, s, "a template that runs ruby; "
					   "write it as files/templates/", e);
	return copy(l, path, e);
}

static int directory(struct keep_leap *l, const char *path, int depth,
		     struct keep_err *e)
{
	struct keep_names names;
	const char *one;
	size_t i;
	int rc;

	if (depth > KEEP_LEAP_DEPTH)
		return keep_fail(e, KEEP_E_TOO_LARGE, "%s: directories are "
				 "more than %d deep", path, KEEP_LEAP_DEPTH);
	rc = keep_leap_list(l, path, &names, e);
	for (i = 0; !rc && i < names.n; i++) {
		one = keep_leap_path(l, path, names.v[i].name);
		rc = one ? entry(l, one, &names.v[i], depth, e)
			 : keep_no_memory(e);
	}
	return rc;
}

int keep_leap_files(struct keep_leap *l, const char *path, struct keep_err *e)
{
	return directory(l, path, 0, e);
}
