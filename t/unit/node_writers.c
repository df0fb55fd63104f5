/* What verbs that change nodes leave alone: other directories, the lock, and
 * files that cannot be read. */
/* uses: provider */
#include "node_room.h"

static void test_mv_outside(void)
{
	char outside[256];
	struct keep_fd fd;
	struct room r;
	char link[300];

	enter(&r);
	need(tap_dir(outside, sizeof outside));
	fd = keep_fd_of(open(outside, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	write_file(keep_fd_get(&fd), &(struct file){"c.json", "{}\n"});
	snprintf(link, sizeof link, ">%s", outside);
	put(&r, "facts", link);
	put(&r, "files/nodes/c/host.pub", "key\n");
	is_int(strncmp(call(&r, "node mv", "{\"node\":\"c\",\"to\":\"d\"}").p,
		       "DENIED facts", 12), 0,
	       "facts that lie outside of the instance are not renamed");
	is_int(faccessat(keep_fd_get(&fd), "c.json", F_OK, 0), 0,
	       "they stay as they were");
	is_text(file(&r, "files/nodes/c/host.pub"), "key\n",
		"and nothing else has moved");
	keep_fd_end(&fd);
	need(keep_dir_remove(AT_FDCWD, outside, &r.e) == 0);
	leave(&r);
}

static void test_free(void)
{
	static const struct {
		const char *verb, *args;
	} calls[] = {
		{"node add", "{\"name\":\"d\",\"values\":{\"ip_address\":"
		 "\"10.0.0.9\"}}"},
		{"node add", "{\"name\":\"d\"}"},
		{"node set", "{\"node\":\"c\",\"values\":{\"x\":1}}"},
		{"node set", "{\"node\":\"c\",\"values\":{\"ssh\":1}}"},
		{"node unset", "{\"node\":\"c\",\"paths\":[\"x\"]}"},
		{"node disable", "{\"node\":\"c\"}"},
		{"node mv", "{\"node\":\"c\",\"to\":\"a\"}"},
		{"node mv", "{\"node\":\"c\",\"to\":\"e\"}"},
		{"node rm", "{\"node\":\"e\"}"},
		{"node rm", "{\"node\":\"e\"}"},
	};
	struct keep_fd other;
	struct room r;
	size_t i;

	enter(&r);
	for (i = 0; i < KEEP_COUNT(calls); i++) {
		call(&r, calls[i].verb, calls[i].args);
		other = keep_fd_of(open(r.path, O_RDONLY | O_DIRECTORY |
					O_CLOEXEC));
		is_int(keep_fd_lock(keep_fd_get(&other), 0, &r.e), 0,
		       "after %s %s the instance is free", calls[i].verb,
		       calls[i].args);
		keep_fd_end(&other);
	}
	leave(&r);
}

static void test_broken(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/c.json", "{\n\"ip_address\": oops\n}\n");
	is_int(strncmp(strchr(call(&r, "node set", "{\"node\":\"c\","
				   "\"values\":{\"motd\":1}}").p, '\n') + 1,
		       "nodes/c.json:2:15: ", 19), 0,
	       "a fault of syntax is told by the file's name and its place");
	leave(&r);
}

int main(void)
{
	test_mv_outside();
	test_free();
	test_broken();
	return done();
}
