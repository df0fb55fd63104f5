#include <arpa/inet.h>
#include <keep/text.h>

bool keep_ip_get(struct keep_slice s, struct keep_ip *ip)
{
	char text[INET6_ADDRSTRLEN];
	struct keep_ip got = {.len = 4};
	int family = AF_INET;

	if (s.len >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", KEEP_F(s));
	if (strlen(text) != s.len)
		return false;
	if (strchr(text, ':')) {
		family = AF_INET6;
		got.len = 16;
	}
	if (inet_pton(family, text, got.bytes) != 1)
		return false;
	*ip = got;
	return true;
}

void keep_ip_put(struct keep_buf *b, const struct keep_ip *ip)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (ip->len && inet_ntop(ip->len == 4 ? AF_INET : AF_INET6, ip->bytes,
				 text, sizeof text))
		keep_buf_text(b, text);
}
