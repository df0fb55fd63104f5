/* Words for a shell. */
#include "sh.h"

void keep_sh_quote(struct keep_buf *b, struct keep_slice s)
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

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("/._-+:@%,=", c));
}

void keep_sh_word(struct keep_buf *b, struct keep_slice s)
{
	size_t i = 0;

	while (i < s.len && is_plain(s.p[i]))
		i++;
	if (i == s.len && i > 0)
		keep_buf_slice(b, s);
	else
		keep_sh_quote(b, s);
}
