/* What ssh is told, and what it says at its end. */
#include "../../libcli/ipc/openssh.h"
#include "tap.h"

#define CLOSED "kex_exchange_identification: Connection closed by remote " \
	       "host\n"

static struct keep_exec_end judged(const char *says, enum keep_phase phase)
{
	struct keep_ssh_tail tail = {.len = 0};
	struct keep_exec_end end = {.phase = phase};

	keep_ssh_tail_add(&tail, keep_slice(says));
	keep_openssh_judge(&tail, &end);
	return end;
}

static void drops(void)
{
	static const char closed[] =
		CLOSED
		"Connection closed by 192.0.2.1 port 22\r\n";
	static const char proxy[] =
		"bash: line 1: /no/proxy: No such file or directory\n"
		CLOSED
		"Connection closed by UNKNOWN port 65535\r\n";
	static const char jump[] =
		CLOSED
		"Connection closed by 192.0.2.1 port 22\r\n"
		CLOSED
		"Connection closed by UNKNOWN port 65535\r\n";
	struct keep_exec_end end = judged(closed, KEEP_PHASE_HANDSHAKE);

	ok(end.dropped, "a node that hangs up may be asked again");
	end = judged(proxy, KEEP_PHASE_HANDSHAKE);
	ok(!end.dropped, "a proxy command that is broken is not");
	is_int(end.err.code, KEEP_E_UNREACHABLE, "nothing was reached");
	is_text(keep_slice(end.err.message), "bash: line 1: /no/proxy: No such "
		"file or directory", "and what it said is told");
	end = judged(strchr(proxy, '\n') + 1, KEEP_PHASE_HANDSHAKE);
	ok(!end.dropped, "neither is one that says nothing");
	is_text(keep_slice(end.err.message),
		"the proxy command ended without a word", "which is told");
	end = judged(jump, KEEP_PHASE_HANDSHAKE);
	ok(end.dropped, "a jump host that hangs up may be asked again");
	end = judged(closed, KEEP_PHASE_RUN);
	ok(!end.dropped, "what a command says is no drop");
}

static void agent(struct keep_mem *m)
{
	struct keep_login login = {.host = "h", .user = "u",
		.agent_path = KEEP_S("/an agent/%d \\\"x"),
		.host_key = {.type = KEEP_S("ssh-ed25519"),
			     .blob = KEEP_S("key")}};
	struct keep_openssh_call call = {.login = &login};
	const char *const *argv;
	struct keep_err e = {0};
	size_t i = 0;

	need(!keep_openssh_words(m, &call, &argv, &e));
	while (argv[i] && !strstr(argv[i], "IdentityAgent"))
		i++;
	need(argv[i]);
	is_text(keep_slice(argv[i]), "-oIdentityAgent=\"/an agent/%%d \\\\"
		"\\\"x\"", "the path of an agent is one word for ssh");
}

int main(void)
{
	KEEP_AUTO(keep_mem) m = {0};

	drops();
	agent(&m);
	return done();
}
