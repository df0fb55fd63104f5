/* What libkeep itself is linked to. */
#include <sodium.h>
#include <keep/text.h>

void keep_base_versions(struct keep_buf *out)
{
	keep_buf_print(out, "libsodium %s\n", sodium_version_string());
}
