/* Libraries that are opened when they are needed. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>
#include <keep/cli.h>

const void *keep_library_symbol(struct keep_slice run_dir,
				struct keep_slice name, const char *symbol,
				struct keep_err *e)
{
	char path[PATH_MAX];
	const void *found;
	void *library;
	int n = snprintf(path, sizeof path, "%.*s/libkeep-%.*s.so",
			 KEEP_F(run_dir), KEEP_F(name));

	/* only a path that begins with '/' is never searched for */
	if (n < 0 || n >= (int)sizeof path || !run_dir.len ||
	    path[0] != '/' || access(path, F_OK) != 0) {
		keep_fail(e, KEEP_E_NOT_FOUND, "library %.*s of keep is not "
			  "installed", KEEP_F(name));
		keep_hint(e, "install the package that brings libkeep-%.*s.so",
			  KEEP_F(name));
		return NULL;
	}
	errno = 0;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	found = library ? dlsym(library, symbol) : NULL;
	if (found)
		return found;
	if (errno == ENOMEM) {
		keep_no_memory(e);
		return NULL;
	}
	keep_fail(e, KEEP_E_NOT_FOUND, "library %.*s cannot be loaded: %s",
		  KEEP_F(name), dlerror());
	keep_hint(e, "install keep and its libraries from one build");
	return NULL;
}
