/* The checks of keep itself, in their order. */
#include <unistd.h>
#include "checks.h"

/* A look_X behind the face of a check. */
#define ROW(name) \
	static int name(struct keep_ctx *c, keep_found_fn *found, void *to, \
			struct keep_err *e) \
	{ \
		struct keep_look l = {c, keep_suite_of(c, e), found, to, e, \
				      {0}}; \
		return l.suite ? keep_look_##name(&l) : -e->code; \
	}
ROW(config_safe)
ROW(config_valid)
ROW(libraries)
ROW(externals)
ROW(path)
ROW(runtime_dir)

const struct keep_check keep_suite_checks[KEEP_N_SUITE_CHECKS] = {
	{"config-safe", "only you and root may write the configuration", config_safe},
	{"config-valid", "the configuration can be read, and all its keys are known", config_valid},
	{"libraries", "the libraries of all commands are there, of one version", libraries},
	{"externals", "no external command stands in the shadow of another", externals},
	{"path", "PATH leads only where you and root put programs", path},
	{"runtime-dir", "XDG_RUNTIME_DIR is a directory of your own", runtime_dir},
};

int keep_look_tell(struct keep_look *l, struct keep_slice fault,
		   struct keep_slice mend)
{
	struct keep_finding f = {
		.fault = keep_text_safe(l->c->mem, fault, 4096),
		.mend = keep_text_safe(l->c->mem, mend, 16384),
		.hint = l->hint,
	};

	if (!fault.p || !mend.p)
		return keep_no_memory(l->e);
	return l->found(l->to, &f);
}

const char *keep_look_sudo(const char *path)
{
	struct stat st;

	return geteuid() == 0 || (stat(path, &st) == 0 &&
				  st.st_uid == geteuid()) ? "" : "sudo ";
}
