/* Libraries that are opened when they are needed. */
#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>
#include <keep/cli.h>

const void *keep_library_symbol(struct keep_slice run_dir, const char *name,
				const char *symbol, struct keep_err *e)
{
	char path[PATH_MAX];
	const void *found;
	void *library;
	int n = snprintf(path, sizeof path, "%.*s/libkeep-%s.so",
			 KEEP_F(run_dir), name);

	/* only a path that begins with '/' is never searched for */
	if (n < 0 || n >= (int)sizeof path || !run_dir.len ||
	    path[0] != '/' || access(path, F_OK) != 0) {
		keep_fail(e, KEEP_E_NOT_FOUND, "the library '%s' of keep is "
			  "not installed", name);
		keep_hint(e, "it is looked for in '%.*s'", KEEP_F(run_dir));
		return NULL;
	}
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	found = library ? dlsym(library, symbol) : NULL;
	if (!found)
		keep_fail(e, KEEP_E_INTERNAL, "%s: %s", path, dlerror());
	return found;
}
