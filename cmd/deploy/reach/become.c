/* Root, for who logs in as somebody else. */
#include "../reach.h"

/* A KEEP_ROOT of sshd's own means that the user owns it. */
static const char script[] =
	"if [ \"$KEEP_ROOT\" ]; then exec sh -c \"$0\"; fi; "
	"if command -v sudo > /dev/null; then exec sudo -n sh -c \"$0\"; fi; "
	"exec doas -n sh -c \"$0\"";

struct keep_slice keep_reach_become(struct keep_mem *m, const char *command)
{
	struct keep_buf b = {.mem = m};

	keep_buf_text(&b, "sh -c ");
	keep_shell_quote(&b, keep_slice(script));
	keep_buf_byte(&b, ' ');
	keep_shell_quote(&b, keep_slice(command));
	keep_buf_byte(&b, '\0');
	if (b.failed)
		return (struct keep_slice){0};
	b.len--; /* its NUL does not count */
	return keep_buf_get(&b);
}
