/* call LIBRARY 'VERB WORDS' < args.cbor > result.cbor
 * A verb of keep without its shell: no fork, nothing printed but the result.
 * Build it with: cc call.c -o call $(pkg-config --cflags --libs libkeep) */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <keep/cbor.h>
#include <keep/cli.h>

int main(int argc, char **argv)
{
	KEEP_AUTO(keep_mem) mem = {0}, item_mem = {0};
	KEEP_AUTO(keep_session) session = {0};
	struct keep_ctx c = {&mem, &item_mem, .session = &session};
	const struct keep_library *library = NULL;
	const struct keep_verb *verb = NULL;
	struct keep_buf result = {.mem = &mem};
	struct keep_suite suite = {
		.path = keep_slice(getenv("PATH")),
		.runtime_dir = keep_slice(getenv("XDG_RUNTIME_DIR")),
	};
	struct keep_slice args;
	struct keep_err e = {0};
	int rc;

	if (argc == 3 && !keep_suite_open(&suite, &c, &e))
		library = suite.load(&suite, keep_slice(argv[1]), &e);
	for (size_t i = 0; library && i < library->n; i++)
		if (keep_slice_is(keep_slice(argv[2]), library->verbs[i].path))
			verb = &library->verbs[i];
	if (verb && !keep_instance_find(&mem, AT_FDCWD, &c.instance,
					&c.instance_path, &e) &&
	    !keep_fd_read(&mem, 0, 1 << 24, &args, &e) &&
	    !keep_cbor_check(args, &keep_cbor_socket, &e))
		rc = keep_run(&c, verb, args, &result, &e);
	else
		rc = e.code ? -e.code : keep_fail(&e, KEEP_E_NO_SUCH_COMMAND,
						  "there is no such verb");
	if (rc >= 0 && keep_fd_write(1, keep_buf_get(&result), &e))
		rc = -e.code;
	if (rc < 0)
		fprintf(stderr, "call: %s\n", e.message);
	return keep_exit_status(abs(rc));
}
