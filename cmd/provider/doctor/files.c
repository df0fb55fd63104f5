/* Files and directories of an instance: their modes and names, what is left
 * over, what leads out. */
#include <dirent.h>
#include <fcntl.h>
#include "../instance/instance.h"
#include "../leftovers.h"
#include "doctor.h"

/* --- platform ---------------------------------------------------------- */

static int platform(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice path = {0}, base, from, to, fault;
	struct keep_fd fd = {0};
	struct keep_err why = {0};
	int rc = keep_keepfile_platform(d->m, d->dir, &path, &why);

	if (rc) /* what the Keepfile says is the matter of other checks */
		return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
	base = keep_doctor_join(d, path.p, KEEP_S("provider_base"));
	to = keep_doctor_word(d, path.p);
	from = keep_mem_print(d->m, "%.*s/platform/.", KEEP_F(d->c->run_dir));
	if (from.p)
		from = keep_shell_word(d->m, from);
	if (!base.p || !to.p || !from.p)
		return keep_no_memory(e);
	if (!keep_open(d->dir, base.p, O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH,
		       &fd, NULL)) {
		keep_fd_end(&fd);
		return 0;
	}
	fault = keep_mem_print(d->m, "there is no platform in %s", path.p);
	return keep_doctor_tell(d, fault, e, "mkdir -p %.*s && cp -R %.*s "
				"%.*s", KEEP_F(to), KEEP_F(from), KEEP_F(to));
}

/* --- modes ------------------------------------------------------------- */

static int writable(const struct keep_doctor *d, struct keep_err *e)
{
	static const char *const dirs[] = {
		".", "nodes", "services", "tags", "files", "platform",
		"compiled", "picks", "secrets", "users", ".keep",
	};
	struct keep_slice word;
	struct stat st;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++) {
		if (fstatat(d->dir, dirs[i], &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(st.st_mode) || !(st.st_mode & S_IWOTH))
			continue;
		word = keep_doctor_word(d, i ? dirs[i] : "");
		if (!word.p)
			return keep_no_memory(e);
		rc = keep_doctor_tell(d, keep_mem_print(d->m, "anybody may "
				      "write to %s", i ? dirs[i]
				      : "the instance's directory"), e,
				      "chmod o-w %.*s", KEEP_F(word));
	}
	return rc;
}

static int secrets_mode(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice word = keep_doctor_word(d, "secrets.dev.json");
	struct keep_slice fault;
	struct stat st;

	if (!word.p)
		return keep_no_memory(e);
	if (fstatat(d->dir, "secrets.dev.json", &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode) || !(st.st_mode & 07177))
		return 0;
	fault = keep_mem_print(d->m, "secrets.dev.json has mode %03o, others "
			       "than its owner may use it",
			       (unsigned)st.st_mode & 07777);
	return keep_doctor_tell(d, fault, e, "chmod 600 %.*s", KEEP_F(word));
}

/* --- names ------------------------------------------------------------- */

/* OF_ALL: the directory is the instance, or its cache. */
static bool is_leftover(struct keep_slice name, bool of_all)
{
	return keep_leftover_is(name) ||
	       (of_all && keep_slice_starts(name, "compiled."));
}

static int leftovers_in(const struct keep_doctor *d, const char *dir,
			struct keep_err *e)
{
	struct keep_names names;
	struct keep_slice path, word;
	size_t i;
	int rc = keep_doctor_list(d, dir, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		if (!is_leftover(names.v[i].name, dir[0] == '.'))
			continue;
		path = keep_doctor_join(d, dir, names.v[i].name);
		word = path.p ? keep_doctor_word(d, path.p) : path;
		if (!word.p)
			return keep_no_memory(e);
		rc = keep_doctor_tell(d, keep_mem_print(d->m, "%.*s is left "
				      "of what was killed", KEEP_F(path)), e,
				      "rm -r %.*s", KEEP_F(word));
	}
	return rc;
}

static int leftovers(const struct keep_doctor *d, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) lock = {0};
	size_t i;
	int rc = keep_open(d->dir, ".", O_RDONLY | O_DIRECTORY, 0,
			   KEEP_BENEATH, &lock, e);

	if (!rc && keep_fd_lock(keep_fd_get(&lock), 0, NULL))
		return 0; /* somebody is at it */
	for (i = 0; !rc && keep_written_dirs[i]; i++)
		rc = leftovers_in(d, keep_written_dirs[i], e);
	return rc ? rc : leftovers_in(d, ".keep", e);
}

/* A name that a node may have, and none has: NAME in small letters, with '-'
 * for what is not allowed. Else the file goes out of the way. */
static struct keep_slice better_name(const struct keep_doctor *d,
				     struct keep_slice stem)
{
	struct keep_slice path;
	struct keep_buf b = {.mem = d->m};
	size_t i;

	for (i = 0; i < stem.len; i++) {
		char c = stem.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		keep_buf_byte(&b, (c >= 'a' && c <= 'z') ||
			      (c >= '0' && c <= '9') ? (uint8_t)c : '-');
	}
	path = keep_mem_print(d->m, "nodes/%.*s.json",
			      KEEP_F(keep_buf_get(&b)));
	if (path.p && keep_node_name_ok(keep_buf_get(&b)) &&
	    !keep_doctor_has(d, path.p))
		return path;
	return keep_mem_print(d->m, "nodes/%.*s.json.off", KEEP_F(stem));
}

static int node_names(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_names names;
	struct keep_slice stem, old, new;
	size_t i;
	int rc = keep_doctor_list(d, "nodes", &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		stem = keep_doctor_stem(names.v[i].name);
		if (!stem.p || keep_node_name_ok(stem))
			continue;
		old = keep_doctor_join(d, "nodes", names.v[i].name);
		new = better_name(d, stem);
		if (!old.p || !new.p)
			return keep_no_memory(e);
		rc = keep_doctor_move(d, old.p, new.p, keep_mem_print(d->m,
				      "%.*s: a node may not have this name",
				      KEEP_F(old)), e);
	}
	return rc;
}

KEEP_CHECK(platform)
KEEP_CHECK(writable)
KEEP_CHECK(secrets_mode)
KEEP_CHECK(leftovers)
KEEP_CHECK(node_names)
