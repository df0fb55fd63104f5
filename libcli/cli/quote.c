/* Words as a shell takes them. */
#include <ctype.h>
#include <keep/verb.h>

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("/._-+=:,@%", c));
}

void keep_shell_quote(struct keep_buf *b, struct keep_slice s)
{
	size_t i;

	keep_buf_byte(b, '\'');
	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\'')
			keep_buf_text(b, "'\\''");
		else
			keep_buf_byte(b, (uint8_t)s.p[i]);
	}
	keep_buf_byte(b, '\'');
}

struct keep_slice keep_shell_word(struct keep_mem *m, struct keep_slice s)
{
	struct keep_buf b = {.mem = m};
	bool plain = s.len > 0;
	size_t i;

	for (i = 0; i < s.len; i++)
		plain = plain && is_plain(s.p[i]);
	if (plain)
		return keep_mem_copy(m, s);
	keep_shell_quote(&b, s);
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}
