/* ask.sh as it is, in read-only data. */
#include "node.h"

__asm__(".pushsection .rodata\n"
	"keep_ask_begin: .incbin \"cmd/deploy/node/ask.sh\"\n"
	"keep_ask_end: .popsection\n");
extern const char keep_ask_begin[], keep_ask_end[];

struct keep_slice keep_node_ask_script(void)
{
	return (struct keep_slice){keep_ask_begin,
				   (size_t)(keep_ask_end - keep_ask_begin)};
}
