/* How a connection ends, and how that is told. */
#include "ssh2.h"

int keep_ssh2_finish(struct keep_ssh2 *s, struct keep_exec_end *end,
		     struct keep_err *e)
{
	int rc;

	end->phase = s->phase;
	rc = keep_exec_finish(s->x, end, e);
	return rc ? rc : GONE;
}

/* Whether it said who it is. What it says before that, as why it hangs up, is
 * taken for a banner, too. */
static bool is_greeted(const struct keep_ssh2 *s)
{
	if (s->phase != KEEP_PHASE_HANDSHAKE || !s->session)
		return true;
	return keep_slice_starts(
		keep_slice(libssh2_session_banner_get(s->session)), "SSH-");
}

int keep_ssh2_stop(struct keep_ssh2 *s, int code, bool other_may,
		   const char *why, struct keep_err *e)
{
	struct keep_exec_end end = {.other_may = other_may};

	end.dropped = code == KEEP_E_UNREACHABLE && !is_greeted(s);
	keep_fail(&end.err, code, "%s: %s", s->x->login->host, why);
	return keep_ssh2_finish(s, &end, e);
}

/* Whether a result of the handshake is for lack of a common method. */
static bool lacks_method(int result)
{
	return result == LIBSSH2_ERROR_KEX_FAILURE ||
	       result == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE ||
	       result == LIBSSH2_ERROR_METHOD_NONE ||
	       result == LIBSSH2_ERROR_METHOD_NOT_SUPPORTED;
}

int keep_ssh2_fail(struct keep_ssh2 *s, int result, struct keep_err *e)
{
	char *why = NULL;

	libssh2_session_last_error(s->session, &why, NULL, 0);
	if (result == LIBSSH2_ERROR_ALLOC)
		return keep_ssh2_stop(s, KEEP_E_NO_MEMORY, false,
				      "libssh2 has no memory", e);
	return keep_ssh2_stop(s, KEEP_E_UNREACHABLE,
			      s->phase == KEEP_PHASE_HANDSHAKE &&
			      lacks_method(result),
			      result == LIBSSH2_ERROR_METHOD_NOT_SUPPORTED
			      ? "libssh2 does not know such a host key"
			      : why && *why ? why : "the connection was lost",
			      e);
}

int keep_ssh2_refused(struct keep_ssh2 *s, struct keep_err *e)
{
	struct keep_exec_end end = {.other_may = true, .err = s->agent_err};

	if (!end.err.code && s->tried)
		keep_fail(&end.err, KEEP_E_DENIED, "%s lets %s in with none of "
			  "the agent's keys", s->x->login->host,
			  s->x->login->user);
	if (!end.err.code)
		keep_fail(&end.err, KEEP_E_DENIED, "%s: libssh2 can use none "
			  "of the agent's keys", s->x->login->host);
	return keep_ssh2_finish(s, &end, e);
}
