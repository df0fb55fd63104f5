/* Files as they are, in read-only data. */
#include "scripts.h"

#define FILE_AS(name, path) \
	__asm__(".pushsection .rodata\n" \
		#name "_begin: .incbin \"" path "\"\n" \
		#name "_end: .popsection\n"); \
	extern const char name##_begin[], name##_end[]

FILE_AS(keep_node_sh, "cmd/deploy/generation/node.sh");
FILE_AS(keep_run_sh, "cmd/deploy/generation/run.sh");

static struct keep_slice between(const char *begin, const char *end)
{
	return (struct keep_slice){begin, (size_t)(end - begin)};
}

struct keep_slice keep_node_script(void)
{
	return between(keep_node_sh_begin, keep_node_sh_end);
}

struct keep_slice keep_run_script(void)
{
	return between(keep_run_sh_begin, keep_run_sh_end);
}
