/* The Keepfile, and the platform that it names. */
#include <fcntl.h>
#include <keep/text.h>
#include "reading.h"

static const char *const keys[] = {"platform", "signed", "keep"};

static void unknown_key(struct keep_reading *r,
			const struct keep_json_member *m)
{
	struct keep_guess g = {.wanted = m->key};
	struct keep_json key = keep_key(m);
	size_t i;

	for (i = 0; i < KEEP_COUNT(keys); i++) {
		if (keep_slice_is(m->key, keys[i]))
			return;
		keep_guess_offer(&g, keep_slice(keys[i]));
	}
	if (keep_problem_at(r->warn, &key, "unknown key '%.*s'",
			    KEEP_F(m->key)))
		keep_guess_hint(r->warn, &g, "it is ignored");
}

/* "0.1.2" as three numbers. */
static bool version(struct keep_slice s, uint64_t v[3])
{
	size_t i, len;

	for (i = 0; i < 3 && s.len; i++) {
		const char *dot = memchr(s.p, '.', s.len);

		len = dot ? (size_t)(dot - s.p) : s.len;
		if (!keep_num_uint((struct keep_slice){s.p, len}, &v[i]))
			return false;
		s.p += len + !!dot;
		s.len -= len + !!dot;
	}
	return i > 0 && s.len == 0;
}

static void check_version(struct keep_reading *r, const struct keep_json *v)
{
	uint64_t want[3] = {0}, have[3] = {0};
	struct keep_slice s = keep_json_text(v);
	size_t i = 0;

	if (v->type == KEEP_JSON_NULL)
		return;
	if (!keep_slice_starts(s, ">=") ||
	    !version((struct keep_slice){s.p + 2, s.len - 2}, want) ||
	    !version(KEEP_S(KEEP_VERSION), have)) {
		keep_problem_at(r->ps, v, "'keep' must be like \">=0.1\"");
		return;
	}
	while (i < 2 && want[i] == have[i])
		i++;
	if (want[i] > have[i])
		keep_problem_at(r->ps, v, "this instance needs keep %.*s, this "
				"is " KEEP_VERSION, KEEP_F(s));
}

/* Relative, no part of it empty, "." or "..". */
static bool is_inside(struct keep_slice path)
{
	size_t i, start = 0;

	for (i = 0; i <= path.len; i++) {
		struct keep_slice part = {path.p + start, i - start};

		if (i < path.len && path.p[i] != '/')
			continue;
		if (part.len == 0 || keep_slice_is(part, ".") ||
		    keep_slice_is(part, ".."))
			return false;
		start = i + 1;
	}
	return true;
}

static bool is_commit(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.p[i]))
			return false;
	return s.len == 40 || s.len == 64;
}

/* Where the platform lies; absent when the Keepfile does not tell. */
static struct keep_slice platform_path(struct keep_reading *r,
				       const struct keep_json *v)
{
	const struct keep_json *path = keep_member(v, "path");
	const struct keep_json *git = keep_member(v, "git");
	const struct keep_json *commit = keep_member(v, "commit");
	struct keep_slice none = {0}, id = keep_json_text(commit);

	if (path->type == KEEP_JSON_TEXT && git->type == KEEP_JSON_NULL) {
		if (is_inside(keep_json_text(path)))
			return keep_json_text(path);
		keep_problem_at(r->ps, path, "the platform's path '%.*s' must "
				"be relative and inside the instance",
				KEEP_F(keep_json_text(path)));
		return none;
	}
	if (git->type != KEEP_JSON_TEXT || path->type != KEEP_JSON_NULL) {
		if (keep_problem_at(r->ps, v, "'platform' needs either \"path\""
				    ", or \"git\" and \"commit\""))
			keep_problem_hint(r->ps, "write \"platform\": "
					  "{\"path\": \"platform\"}");
		return none;
	}
	if (commit->type == KEEP_JSON_TEXT && is_commit(id))
		return keep_mem_print(r->m, ".keep/platform/%.*s", KEEP_F(id));
	keep_problem_at(r->ps, commit->line ? commit : v, "'commit' must be a "
			"whole commit id in lower-case hex");
	return none;
}

static int find_platform(struct keep_reading *r, const struct keep_json *v,
			 struct keep_err *e)
{
	const struct keep_json *git = keep_member(v, "git");
	struct keep_fd dir = {0};
	struct keep_slice path = r->w->platform_path;
	struct keep_err why = {0};
	int code;

	if (!path.p)
		path = platform_path(r, v);
	if (!path.p)
		return 0;
	path = keep_mem_copy(r->m, path);
	if (!path.p)
		return keep_no_memory(e);
	keep_see(r->w->seen, r->dir_fd, path.p);
	code = keep_open(r->dir_fd, path.p, O_RDONLY | O_DIRECTORY, 0,
			 KEEP_BENEATH, &dir, &why);
	keep_fd_end(&dir);
	if (code == 0) {
		r->platform = r->w->platform_path = path;
		return 0;
	}
	if (!keep_problem_at(r->ps, v, "the platform '%.*s' cannot be opened: "
			     "%s", KEEP_F(path), why.message))
		return 0;
	if (git->type == KEEP_JSON_TEXT)
		keep_problem_hint(r->ps, "`keep platform fetch` gets it");
	else
		keep_problem_hint(r->ps, "`keep platform update` puts one "
				  "there");
	return 0;
}

/* {"version": of platform.json or null, "commit": or null} */
static int tell_platform(struct keep_reading *r, const struct keep_json *v,
			 struct keep_err *e)
{
	struct keep_json_member *m;
	struct keep_slice path = keep_mem_print(r->m, "%.*s/platform.json",
						KEEP_F(r->platform));
	struct keep_json file = {0};
	size_t before = r->ps->total;
	int code = 0;

	m = KEEP_NEWS(r->m, 2, struct keep_json_member);
	if (!m || !path.p)
		return keep_no_memory(e);
	if (r->platform.p)
		code = keep_read_object(r, path.p, false, &file, e);
	if (r->ps->total > before)
		r->w->platform.mark = KEEP_MARK_BROKEN;
	m[0].key = KEEP_S("version");
	m[0].value = *keep_member(&file, "version");
	m[1].key = KEEP_S("commit");
	m[1].value = *keep_member(v, "commit");
	r->w->platform.type = KEEP_JSON_OBJECT;
	r->w->platform.n = 2;
	r->w->platform.members = m;
	return code;
}

int keep_read_keepfile(struct keep_reading *r, struct keep_err *e)
{
	struct keep_json file = {0};
	const struct keep_json *platform;
	uint32_t i;
	int code = keep_read_object(r, "Keepfile", true, &file, e);

	if (code || file.type != KEEP_JSON_OBJECT)
		return code;
	for (i = 0; i < file.n; i++)
		unknown_key(r, &file.members[i]);
	if (keep_member(&file, "signed")->type > KEEP_JSON_BOOL)
		keep_problem_at(r->ps, keep_member(&file, "signed"),
				"'signed' must be true or false");
	check_version(r, keep_member(&file, "keep"));
	platform = keep_member(&file, "platform");
	code = find_platform(r, platform->line ? platform : &file, e);
	return code ? code : tell_platform(r, platform, e);
}

/* *v: what the Keepfile says of the platform. *path: where that is to lie. */
static int read_platform(struct keep_mem *m, int dir_fd,
			 const struct keep_json **v, struct keep_slice *path,
			 struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(m, struct keep_problems);
	struct keep_json *file = KEEP_NEW(m, struct keep_json);
	struct keep_world w = {.mem = m};
	struct keep_reading r = {.w = &w, .m = m, .dir_fd = dir_fd, .ps = ps};
	int code;

	if (!ps || !file)
		return keep_no_memory(e);
	ps->mem = m;
	code = keep_read_object(&r, "Keepfile", true, file, e);
	*v = keep_member(file, "platform");
	if (!code && !ps->total)
		*path = keep_mem_copy(m, platform_path(&r, (*v)->line ? *v
								: file));
	if (!code)
		code = keep_problems_fail(ps, e, KEEP_E_BAD_ARGS,
					  "the instance");
	return code || path->p ? code : keep_no_memory(e);
}

int keep_keepfile_platform(struct keep_mem *m, int dir_fd,
			   struct keep_slice *path, struct keep_err *e)
{
	const struct keep_json *v;
	int code = read_platform(m, dir_fd, &v, path, e);

	if (code || keep_member(v, "git")->type == KEEP_JSON_NULL)
		return code;
	keep_fail(e, KEEP_E_CONFLICT, "the Keepfile takes the platform from a "
		  "git repository");
	return keep_hint(e, "write another \"commit\" into it; `keep platform "
			 "fetch` gets that one");
}

int keep_keepfile_git(struct keep_mem *m, int dir_fd,
		      struct keep_keepfile_git *out, struct keep_err *e)
{
	const struct keep_json *v;
	int code = read_platform(m, dir_fd, &v, &out->path, e);

	if (code)
		return code;
	if (keep_member(v, "git")->type == KEEP_JSON_NULL) {
		keep_fail(e, KEEP_E_CONFLICT, "the platform lies in the "
			  "instance, in %.*s", KEEP_F(out->path));
		return keep_hint(e, "`keep platform update` replaces it; one "
				 "of git has \"git\" and \"commit\" in the "
				 "Keepfile");
	}
	out->url = keep_mem_copy(m, keep_json_text(keep_member(v, "git")));
	out->commit = keep_mem_copy(m,
				    keep_json_text(keep_member(v, "commit")));
	if (!out->url.p || !out->commit.p)
		return keep_no_memory(e);
	if (out->url.len && !memchr(out->url.p, 0, out->url.len))
		return 0;
	return keep_fail(e, KEEP_E_BAD_ARGS, "Keepfile: \"git\" is no URL");
}
