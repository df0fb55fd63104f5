/* Handshake and login. */
#include <sys/socket.h>
#include "ssh2.h"

enum { KEYS_MAX = 5 }; /* servers hang up after six */

/* What is offered, the best first, of what libssh2 knows. */
static const struct {
	int kind;
	const char *names;
} methods[] = {
	{LIBSSH2_METHOD_KEX, "mlkem768x25519-sha256,curve25519-sha256,"
		"curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
		"ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
		"diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
		"diffie-hellman-group-exchange-sha256,"
		"diffie-hellman-group14-sha256,ext-info-c,"
		"kex-strict-c-v00@openssh.com"},
#define CIPHERS "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com," \
	"aes128-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr"
	{LIBSSH2_METHOD_CRYPT_CS, CIPHERS},
	{LIBSSH2_METHOD_CRYPT_SC, CIPHERS},
#define MACS "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com," \
	"hmac-sha2-256,hmac-sha2-512"
	{LIBSSH2_METHOD_MAC_CS, MACS},
	{LIBSSH2_METHOD_MAC_SC, MACS},
};

/* Appends those of NAMES, comma by comma, that are among the N of KNOWN. */
static void put_known(struct keep_buf *out, struct keep_slice names,
		      const char *const *known, int n)
{
	struct keep_slice name;
	const char *comma;
	int i;

	while (names.len) {
		comma = memchr(names.p, ',', names.len);
		name = names;
		if (comma)
			name.len = (size_t)(comma - names.p);
		for (i = 0; i < n && !keep_slice_is(name, known[i]); i++)
			;
		if (i < n && out->len)
			keep_buf_byte(out, ',');
		if (i < n)
			keep_buf_slice(out, name);
		names.p += name.len + !!comma;
		names.len -= name.len + !!comma;
	}
}

/* libssh2 1.10 copies a list over itself when it knows not all of it. */
static int set_method(struct keep_ssh2 *s, int kind, struct keep_slice names)
{
	struct keep_buf list = {.mem = &s->x->mem};
	const char **known = NULL;
	int n = libssh2_session_supported_algs(s->session, kind, &known);

	if (n < 0)
		return n;
	put_known(&list, names, known, n);
	libssh2_free(s->session, known);
	keep_buf_byte(&list, '\0');
	if (list.failed)
		return LIBSSH2_ERROR_ALLOC;
	if (list.len == 1)
		return LIBSSH2_ERROR_METHOD_NOT_SUPPORTED;
	return libssh2_session_method_pref(s->session, kind, list.p);
}

static int set_methods(struct keep_ssh2 *s)
{
	struct keep_slice type = s->x->login->host_key.type;
	int rc = 0;

	if (keep_slice_is(type, "ssh-rsa"))
		type = KEEP_S("rsa-sha2-512,rsa-sha2-256");
	for (size_t i = 0; !rc && i < KEEP_COUNT(methods); i++)
		rc = set_method(s, methods[i].kind,
				keep_slice(methods[i].names));
	return rc ? rc : set_method(s, LIBSSH2_METHOD_HOSTKEY, type);
}

static int begin(struct keep_ssh2 *s)
{
	s->session = libssh2_session_init();
	if (!s->session)
		return LIBSSH2_ERROR_ALLOC;
	libssh2_session_set_blocking(s->session, 0);
	return set_methods(s);
}

static bool is_pinned(const struct keep_ssh2 *s)
{
	struct keep_slice got;

	got.p = libssh2_session_hostkey(s->session, &got.len, NULL);
	return got.p && keep_slice_eq(got, s->x->login->host_key.blob);
}

int keep_ssh2_handshake(struct keep_ssh2 *s, struct keep_err *e)
{
	int rc = s->session ? 0 : begin(s);

	if (!rc)
		rc = libssh2_session_handshake(s->session,
					       keep_fd_get(&s->fd));
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return keep_ssh2_wait(s, e);
	if (rc)
		return keep_ssh2_fail(s, rc, e);
	if (!is_pinned(s))
		return keep_ssh2_stop(s, KEEP_E_UNTRUSTED, false,
				      "its host key is not the pinned one", e);
	keep_ssh2_enter(s, KEEP_PHASE_LOGIN);
	return keep_ssh2_login(s, e);
}

/* --- our key ----------------------------------------------------------- */

static int on_agent(struct keep_watch *w, short events, struct keep_err *e)
{
	struct keep_ssh2 *s = w->user;
	int rc = keep_agent_step(&s->agent, &s->x->mem, &s->signature,
				 &s->agent_err);

	(void)events;
	if (!rc && !s->signature.p)
		return keep_watch_set(w, s->agent.events, e);
	keep_watch_end(w);
	rc = keep_ssh2_login(s, e);
	return rc == GONE ? 0 : rc;
}

static int ask_agent(struct keep_ssh2 *s, struct keep_slice data)
{
	const struct keep_login *l = s->x->login;
	struct keep_err *e = &s->agent_err;

	s->agent.path = l->agent_path;
	s->agent.timeout_ms = keep_login_timeout_ms(l, KEEP_PHASE_LOGIN);
	s->agent_watch.ready = on_agent;
	s->agent_watch.user = s;
	if (keep_agent_begin(&s->agent, &l->keys.v[s->key], data, e) ||
	    keep_watch_add(s->x->loop, &s->agent_watch,
			   keep_fd_get(&s->agent.fd), s->agent.events, e))
		return -1;
	return LIBSSH2_ERROR_EAGAIN;
}

/* What is signed, without the name of its algorithm before it; libssh2 frees
 * it as it frees its own. */
static int give_signature(struct keep_slice whole, unsigned char **out,
			  size_t *len)
{
	KEEP_AUTO(keep_buf) copy = {0};
	size_t name = 4 + (size_t)(unsigned char)whole.p[3] + 4;

	keep_buf_put(&copy, whole.p + name, whole.len - name);
	if (copy.failed)
		return -1;
	*len = copy.len;
	*out = (unsigned char *)keep_take(&copy).p;
	return 0;
}

/* libssh2 asks again with the same data after "not yet". */
static int sign(LIBSSH2_SESSION *session, unsigned char **sig, size_t *sig_len,
		const unsigned char *data, size_t len, void **abstract)
{
	struct keep_ssh2 *s = *abstract;

	(void)session;
	if (s->agent_watch.loop)
		return LIBSSH2_ERROR_EAGAIN;
	if (s->agent_err.code)
		return -1;
	if (s->signature.p)
		return give_signature(s->signature, sig, sig_len);
	return ask_agent(s, (struct keep_slice){(const char *)data, len});
}

/* RSA would be signed with SHA-1, or not be understood. */
static bool usable(const struct keep_ssh_key *key)
{
	return keep_slice_is(key->type, "ssh-ed25519") ||
	       keep_slice_is(key->type, "ecdsa-sha2-nistp256") ||
	       keep_slice_is(key->type, "ecdsa-sha2-nistp384") ||
	       keep_slice_is(key->type, "ecdsa-sha2-nistp521");
}

static bool find_key(struct keep_ssh2 *s)
{
	const struct keep_ssh_keys *keys = &s->x->login->keys;

	while (s->key < keys->n && !usable(&keys->v[s->key]))
		s->key++;
	return s->key < keys->n && s->tried < KEYS_MAX;
}

static int try_key(struct keep_ssh2 *s)
{
	const struct keep_login *l = s->x->login;
	struct keep_slice blob = l->keys.v[s->key].blob;
	void *abstract = s;

	return libssh2_userauth_publickey(s->session, l->user,
					  (const unsigned char *)blob.p,
					  blob.len, sign, &abstract);
}

/* While the agent is asked, libssh2 would not take what comes. */
static int wait(struct keep_ssh2 *s, struct keep_err *e)
{
	return s->agent_watch.loop ? keep_watch_set(&s->watch, 0, e)
				   : keep_ssh2_wait(s, e);
}

int keep_ssh2_login(struct keep_ssh2 *s, struct keep_err *e)
{
	int rc;

	while (find_key(s)) {
		rc = try_key(s);
		if (rc == LIBSSH2_ERROR_EAGAIN)
			return wait(s, e);
		s->tried++;
		if (!rc) {
			keep_ssh2_enter(s, KEEP_PHASE_OPEN);
			return keep_ssh2_open(s, e);
		}
		if (s->agent_err.code)
			return keep_ssh2_refused(s, e);
		if (rc != LIBSSH2_ERROR_AUTHENTICATION_FAILED &&
		    rc != LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
			return keep_ssh2_fail(s, rc, e);
		s->signature = (struct keep_slice){0};
		s->key++;
	}
	return keep_ssh2_refused(s, e);
}
