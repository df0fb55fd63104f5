/* What an edit does to access, by the path of its file. */
#include <stdlib.h>
#include "build.h"

/* An edit that is judged. */
struct judge {
	struct keep_plan_build *b;
	const struct keep_plan_edit *x;
	struct keep_slices nodes;
	enum keep_plan_kind kind;
	struct keep_slice subject; /* of the file */
};

static void put(struct judge *j, enum keep_plan_what what,
		struct keep_plan_access a)
{
	a.kind = j->kind;
	a.what = what;
	a.nodes = j->nodes;
	if (!a.subject.p)
		a.subject = j->subject;
	keep_buf_put(&j->b->access, &a, sizeof a);
}

static enum keep_plan_what what_of(const struct keep_plan_edit *x)
{
	if (!x->old)
		return KEEP_PLAN_GAINED;
	return x->new ? KEEP_PLAN_CHANGED : KEEP_PLAN_LOST;
}

/* --- lines that let in ---------------------------------------------------- */

static int by_same(const void *a, const void *b)
{
	const struct keep_plan_line *x = a, *y = b;

	return keep_slice_cmp(x->same, y->same);
}

static struct keep_plan_lines read(struct judge *j, struct keep_slice text,
				   keep_plan_lines_fn *lines)
{
	struct keep_plan_lines v = {j->b->mem, {.mem = j->b->mem}};

	if (text.p)
		lines(&v, text);
	if (v.v.len)
		qsort(v.v.p, v.v.len / sizeof(struct keep_plan_line),
		      sizeof(struct keep_plan_line), by_same);
	j->b->access.failed |= v.v.failed;
	return v;
}

/* Those of A that B has not. */
static void put_missing(struct judge *j, const struct keep_plan_lines *a,
			const struct keep_plan_lines *b,
			enum keep_plan_what what)
{
	const struct keep_plan_line *v = (const void *)a->v.p;
	const size_t one = sizeof *v;
	size_t i;

	for (i = 0; i < a->v.len / one; i++)
		if (!b->v.len || !bsearch(&v[i], b->v.p, b->v.len / one, one,
					  by_same))
			put(j, what, (struct keep_plan_access){
				.subject = v[i].subject,
				.detail = v[i].detail});
}

static bool unknown(struct judge *j)
{
	const struct keep_plan_edit *x = j->x;

	if (!(x->old && !x->was.p) && !(x->new && !x->is.p))
		return false;
	put(j, what_of(x), (struct keep_plan_access){
		.warning = KEEP_S("who gets in by it is not known here")});
	return true;
}

static void compare(struct judge *j, keep_plan_lines_fn *lines)
{
	struct keep_plan_lines was, is;

	if (unknown(j))
		return;
	was = read(j, j->x->was, lines);
	is = read(j, j->x->is, lines);
	put_missing(j, &was, &is, KEEP_PLAN_LOST);
	put_missing(j, &is, &was, KEEP_PLAN_GAINED);
}

/* --- what a path is ------------------------------------------------------- */

/* What is behind the PREFIX of a path; absent: it has another. */
static struct keep_slice below(struct keep_slice path, const char *prefix)
{
	const size_t len = strlen(prefix);

	return keep_slice_starts(path, prefix) ?
		(struct keep_slice){path.p + len, path.len - len} :
		(struct keep_slice){0};
}

static bool ends(struct keep_slice path, const char *s)
{
	const size_t len = strlen(s);

	return path.len >= len &&
	       keep_bytes_equal(path.p + path.len - len, s, len);
}

/* Whose authorized keys they are; absent: they are none. */
static struct keep_slice login_of(struct keep_slice path)
{
	static const char file[] = "/.ssh/authorized_keys";
	struct keep_slice home = below(path, "/home/"), login;

	login = below(path, "/etc/ssh/authorized_keys/");
	if (!login.p)
		login = below(path, "/etc/ssh/authorized_keys.d/");
	if (login.p || !(ends(path, "/authorized_keys") ||
			 ends(path, "/authorized_keys2")))
		return login;
	if (keep_slice_starts(path, "/root/"))
		return KEEP_S("root");
	if (home.p && ends(home, file) &&
	    !memchr(home.p, '/', home.len - (sizeof file - 1)))
		return (struct keep_slice){home.p,
					   home.len - (sizeof file - 1)};
	return path;
}

/* What is in the file now is nobody's to see until it is ours. */
static void judge_login(struct judge *j, struct keep_slice login)
{
	j->kind = KEEP_PLAN_LOGIN;
	j->subject = login;
	if (!j->x->old)
		put(j, KEEP_PLAN_CHANGED, (struct keep_plan_access){
			.warning = KEEP_S("the file becomes ours: keys in it "
					  "that are not named here lose "
					  "login")});
	compare(j, keep_plan_authorized);
}

/* The platform's list of those who reach the node as ssh.user; without any it
 * leaves the login's own file alone. */
static void judge_list(struct judge *j)
{
	struct keep_plan_access a = {0};
	struct keep_plan_lines was, is;

	j->kind = KEEP_PLAN_LOGIN;
	j->subject = KEEP_S("ssh.user");
	if (unknown(j))
		return;
	was = read(j, j->x->was, keep_plan_authorized);
	is = read(j, j->x->is, keep_plan_authorized);
	if (!is.v.len && (was.v.len || !j->x->old))
		a.warning = KEEP_S("nobody of users/ reaches it: its "
				   "authorized_keys stay as they are");
	else if (is.v.len && !was.v.len)
		a.warning = KEEP_S("keys that are not named here lose login, "
				   "unless ssh.authorized_keys is shared");
	if (a.warning.p)
		put(j, KEEP_PLAN_CHANGED, a);
	if (is.v.len)
		put_missing(j, &was, &is, KEEP_PLAN_LOST);
	put_missing(j, &is, &was, KEEP_PLAN_GAINED);
}

/* Files that decide who may do what, beside those above. */
static bool decides(struct keep_slice path)
{
	static const char *const deciding[] = {
		"/etc/sudoers", "/etc/doas.conf", "/etc/ssh/", "/etc/pam.d/",
		"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/security/",
		"/etc/nftables", "/etc/iptables", "/etc/shorewall", "/etc/ufw",
		"/etc/hosts.allow", "/etc/hosts.deny", "/etc/polkit-1/",
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(deciding); i++)
		if (keep_slice_starts(path, deciding[i]))
			return true;
	return false;
}

static void judge_file(struct judge *j, struct keep_slice path)
{
	struct keep_slice login = login_of(path);

	if (keep_slice_is(path, "/etc/keep/authorized_keys")) {
		judge_list(j);
		return;
	}
	if (login.p) {
		judge_login(j, login);
		return;
	}
	j->subject = path;
	if (ends(path, "known_hosts")) {
		j->kind = KEEP_PLAN_HOST_KEY;
		compare(j, keep_plan_hosts);
	} else if (decides(path)) {
		j->kind = KEEP_PLAN_FILE;
		put(j, what_of(j->x), (struct keep_plan_access){0});
	}
}

void keep_plan_judge(struct keep_plan_build *b,
		     const struct keep_plan_edit *x, struct keep_slices nodes)
{
	struct judge j = {.b = b, .x = x, .nodes = nodes};
	struct keep_slice file = below(x->path, "files/"),
			  secret = below(x->path, "secret/");

	if (file.p) {
		file.p--;
		file.len++;
		judge_file(&j, file);
	} else if (secret.p && what_of(x) != KEEP_PLAN_CHANGED) {
		j.kind = KEEP_PLAN_SECRET;
		j.subject = secret;
		put(&j, what_of(x), (struct keep_plan_access){0});
	} else if (keep_slice_is(x->path, "config.json")) {
		j.kind = KEEP_PLAN_FIREWALL;
		j.subject = KEEP_S("rules");
		compare(&j, keep_plan_firewall);
	}
}
