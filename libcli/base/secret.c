#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <sodium.h>
#include <keep/secret.h>
#include "base.h"

void keep_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

bool keep_secret_equal(struct keep_slice a, struct keep_slice b)
{
	return a.len == b.len && sodium_memcmp(a.p, b.p, a.len) == 0;
}

void keep_random(void *p, size_t len)
{
	randombytes_buf(p, len);
}

void keep_key32_end(struct keep_key32 *k)
{
	keep_wipe(k->bytes, sizeof k->bytes);
}

void keep_secret_end(struct keep_secret *s)
{
	if (s->p)
		sodium_free(s->p);
	*s = (struct keep_secret){0};
}

int keep_secret_new(struct keep_secret *s, size_t len, struct keep_err *e)
{
	uint8_t *p = sodium_init() < 0 ? NULL : sodium_malloc(len ? len : 1);

	if (!p || sodium_mlock(p, len ? len : 1) != 0) {
		sodium_free(p);
		keep_fail(e, KEEP_E_NO_MEMORY,
			  "%zu bytes cannot be locked in memory", len);
		return keep_hint(e, "raise the limit: ulimit -l");
	}
	memset(p, 0, len);
	*s = (struct keep_secret){p, len};
	return 0;
}

/* Reads until the end, straight into locked memory. */
static int fill(struct keep_secret *s, int fd, size_t *len, struct keep_err *e)
{
	ssize_t n;

	while (*len < s->len) {
		n = read(fd, s->p + *len, s->len - *len);
		if (n == 0)
			break;
		if (n < 0 && !keep_io_again(fd, POLLIN))
			return keep_fail_errno(e, "reading a secret");
		if (n > 0)
			*len += (size_t)n;
	}
	return 0;
}

int keep_secret_read(struct keep_secret *s, int fd, size_t max,
		     struct keep_err *e)
{
	KEEP_AUTO(keep_secret) whole = {0}, exact = {0};
	size_t len = 0;
	int rc = keep_secret_new(&whole, max + 1, e);

	if (!rc)
		rc = fill(&whole, fd, &len, e);
	if (!rc && len > max)
		rc = keep_fail(e, KEEP_E_TOO_LARGE,
			       "the secret has more than %zu bytes", max);
	if (!rc)
		rc = keep_secret_new(&exact, len, e);
	if (rc)
		return rc;
	memcpy(exact.p, whole.p, len);
	*s = keep_take(&exact);
	return 0;
}
