/* How a file differs. */
#include <keep/text.h>
#include "git2.h"

static bool is_text(struct keep_slice s)
{
	return !memchr(s.p ? s.p : "", '\0', s.len) && keep_utf8_ok(s);
}

static int patch_between(struct keep_slice old, struct keep_slice new,
			 const char *path, git_buf *text)
{
	git_diff_options how = GIT_DIFF_OPTIONS_INIT;
	git_patch *patch = NULL;
	int rc;

	how.flags |= is_text(old) && is_text(new) ? GIT_DIFF_FORCE_TEXT
						  : GIT_DIFF_FORCE_BINARY;
	rc = git_patch_from_buffers(&patch, old.p, old.len, path, new.p,
				    new.len, path, &how);
	if (!rc)
		rc = git_patch_to_buf(text, patch);
	git_patch_free(patch);
	return rc;
}

int keep_git2_diff(struct keep_slice old, struct keep_slice new,
		   const char *path, struct keep_buf *out, struct keep_err *e)
{
	git_buf text = GIT_BUF_INIT;
	int rc = keep_git2_begin(e);

	if (rc)
		return rc;
	rc = patch_between(old, new, path, &text);
	if (!rc)
		keep_buf_put(out, text.ptr, text.size);
	rc = rc ? keep_git2_fail(e, rc, path) : keep_buf_check(out, e);
	git_buf_dispose(&text);
	keep_git2_finish();
	return rc;
}
