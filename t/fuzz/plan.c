/* The lines of files that let in, which nodes and users wrote, are read; what
 * is told of them can be shown. The first byte says which. */
/* uses: deploy provider zlib ssh2 */
#include <stdlib.h>
#include <keep/text.h>
#include "../../cmd/deploy/plan/build.h"

static void check(struct keep_slice s)
{
	size_t i;

	if (!keep_utf8_ok(s))
		abort();
	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static keep_plan_lines_fn *const readers[] = {
		keep_plan_authorized, keep_plan_hosts, keep_plan_firewall,
	};
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_plan_lines to = {&mem, {.mem = &mem}};
	const struct keep_plan_line *v;
	size_t i;

	if (!len)
		return 0;
	readers[data[0] % KEEP_COUNT(readers)](&to, (struct keep_slice){
		(const char *)data + 1, len - 1});
	v = (const void *)to.v.p;
	for (i = 0; i < to.v.len / sizeof *v; i++) {
		check(v[i].subject);
		check(v[i].detail);
		if (!v[i].same.p)
			abort();
	}
	return 0;
}
