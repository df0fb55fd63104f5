/* ask.sh as it is, in read-only data. */
#include "node.h"

__asm__(".pushsection .rodata\n"
	"keep_ask_begin: .incbin \"cmd/deploy/node/ask.sh\"\n"
	"keep_ask_end: .popsection\n");
extern const char keep_ask_begin[], keep_ask_end[];

static struct keep_slice between(const char *begin, const char *end)
{
	return (struct keep_slice){begin, (size_t)(end - begin)};
}

struct keep_slice keep_node_ask_script(void)
{
	return between(keep_ask_begin, keep_ask_end);
}
