/* What lies below files/, and links anywhere. */
#include <dirent.h>
#include <fcntl.h>
#include "doctor.h"

enum { KEY_MAX = 64 << 10 }; /* what is more is no key */

/* --- links ------------------------------------------------------------- */

static bool leads_in(const struct keep_doctor *d, const char *path)
{
	KEEP_AUTO(keep_fd) fd = {0};

	return !keep_open(d->dir, path, O_PATH, 0, KEEP_BENEATH, &fd, NULL);
}

static int link_one(const struct keep_doctor *d, struct keep_doctor_file f,
		    struct keep_err *e)
{
	if (f.type != DT_LNK || keep_doctor_is_off(f.path) ||
	    leads_in(d, f.path.p))
		return 0;
	return keep_doctor_off(d, f.path.p, keep_mem_print(d->m, "%.*s is a "
			       "link to nothing in the instance",
			       KEEP_F(f.path)), e);
}

/* Others than JSON files are none of ours. */
static int links_in(const struct keep_doctor *d, const char *dir,
		    struct keep_err *e)
{
	struct keep_doctor_file f;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, dir, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		if (!keep_doctor_stem(names.v[i].name).p)
			continue;
		f.path = keep_doctor_join(d, dir, names.v[i].name);
		f.type = names.v[i].type;
		rc = f.path.p ? link_one(d, f, e) : keep_no_memory(e);
	}
	return rc;
}

static int links(const struct keep_doctor *d, struct keep_err *e)
{
	static const char *const dirs[] = {".", "nodes", "services", "tags"};
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++)
		rc = links_in(d, dirs[i], e);
	return rc ? rc : keep_doctor_walk(d, "files", link_one, e);
}

/* --- private keys ------------------------------------------------------ */

/* As PEM has it; what a template puts together does not count. */
static bool is_key(struct keep_slice s)
{
	static const char begin[] = "-----BEGIN ", end[] = "PRIVATE KEY-----";
	const char *stop = s.p + s.len, *line = s.p, *next;

	for (; line < stop; line = next) {
		next = memchr(line, '\n', (size_t)(stop - line));
		next = next ? next + 1 : stop;
		if (keep_slice_starts((struct keep_slice){line,
				      (size_t)(next - line)}, begin) &&
		    memmem(line, (size_t)(next - line), end, sizeof end - 1))
			return true;
	}
	return false;
}

static int read_key(const struct keep_doctor *d, struct keep_doctor_file f,
		    bool *found, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {.secret = true};
	struct keep_slice text;
	int rc;

	*found = false;
	if (f.type != DT_REG || keep_slice_starts(f.path, "files/templates/"))
		return 0;
	rc = keep_file_read(&mem, d->dir, f.path.p, KEY_MAX, &text, NULL);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	*found = !rc && is_key(text);
	return 0;
}

static int mode_one(const struct keep_doctor *d, struct keep_doctor_file f,
		    struct keep_err *e)
{
	struct keep_slice word, fault;
	struct stat st;
	bool found;
	int rc = read_key(d, f, &found, e);

	if (rc || !found || fstatat(d->dir, f.path.p, &st, 0) ||
	    !(st.st_mode & 077))
		return rc;
	word = keep_doctor_word(d, f.path.p);
	if (!word.p)
		return keep_no_memory(e);
	fault = keep_mem_print(d->m, "%.*s holds a private key and has mode "
			       "%03o", KEEP_F(f.path),
			       (unsigned)st.st_mode & 07777);
	return keep_doctor_tell(d, fault, e, "chmod go= %.*s", KEEP_F(word));
}

static int tracked_one(const struct keep_doctor *d, struct keep_doctor_file f,
		       struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, ""), name;
	struct keep_doctor hinted = *d;
	struct keep_git2_look look = {0};
	bool found, is_git;
	int rc = read_key(d, f, &found, e);

	if (!rc && found)
		rc = keep_doctor_git(d, f.path.p, &look, &is_git, e);
	if (rc || !look.tracked)
		return rc;
	name = keep_shell_word(d->m, f.path);
	if (!top.p || !name.p)
		return keep_no_memory(e);
	hinted.hint = KEEP_S("who has a clone has the key: make a new one, "
			     "and let secret('name') stand for it");
	return keep_doctor_tell(&hinted, keep_mem_print(d->m, "git has %.*s, "
				"which holds a private key", KEEP_F(f.path)),
				e, "cd %.*s && git rm -q --cached %.*s && "
				"printf '\\n/%%s\\n' %.*s >> .gitignore",
				KEEP_F(top), KEEP_F(name), KEEP_F(name));
}

static int keys_mode(const struct keep_doctor *d, struct keep_err *e)
{
	return keep_doctor_walk(d, "files", mode_one, e);
}

static int keys_tracked(const struct keep_doctor *d, struct keep_err *e)
{
	return keep_doctor_walk(d, "files", tracked_one, e);
}

KEEP_CHECK(links)
KEEP_CHECK(keys_mode)
KEEP_CHECK(keys_tracked)
