/* Keys, messages of the agent, signatures of files, as OpenSSH has them. */
#include <keep/ssh.h>
#include "ssh_keys.h"
#include "tap.h"

static struct keep_slice line_of(struct keep_mem *m, size_t i)
{
	return keep_mem_print(m, "%s %s ada@example.org", ssh_keys[i].type,
			      ssh_keys[i].base64);
}

static struct keep_ssh_key key_of(struct keep_mem *m, size_t i)
{
	struct keep_ssh_key key;

	need(keep_ssh_line_get(m, line_of(m, i), &key, NULL) == 0);
	return key;
}

static void keys(void)
{
	KEEP_AUTO(keep_mem) m = {0};

	for (size_t i = 0; i < KEEP_COUNT(ssh_keys); i++) {
		const char *type = ssh_keys[i].type;
		struct keep_ssh_key key = key_of(&m, i);
		struct keep_buf b = {.mem = &m};

		is_text(key.type, type, "%s: the type is read", type);
		is_text(key.comment, "ada@example.org",
			"%s: the comment is read", type);
		keep_ssh_line_put(&b, &key);
		is_slice(keep_buf_get(&b),
			 keep_mem_print(&m, "%s %s", type, ssh_keys[i].base64),
			 "%s: the line comes back", type);
		b.len = 0;
		keep_ssh_fingerprint_put(&b, &key);
		is_text(keep_buf_get(&b), ssh_keys[i].fingerprint,
			"%s: the fingerprint is ssh-keygen's", type);
	}
}

/* How many of a blob's beginnings are read as a key. */
static size_t beginnings(struct keep_slice blob)
{
	struct keep_ssh_key key;
	size_t n = 0;

	for (size_t len = 0; len < blob.len; len++)
		n += keep_ssh_key_get((struct keep_slice){blob.p, len}, &key,
				      NULL) == 0;
	return n;
}

static void cut_keys(void)
{
	KEEP_AUTO(keep_mem) m = {0};

	for (size_t i = 0; i + 1 < KEEP_COUNT(ssh_keys); i++)
		is_int(beginnings(key_of(&m, i).blob), 0,
		       "%s: a key that lacks its end is refused",
		       ssh_keys[i].type);
}

static const struct {
	const char *title, *line, *message;
} bad_lines[] = {
	{"an empty line", "",
	 "the line holds no public key of ssh: it is not of two words"},
	{"a type alone", "ssh-ed25519 \r\n",
	 "the line holds no public key of ssh: it is not of two words"},
	{"what is no base64", "ssh-ed25519 AAAA!",
	 "the line holds no public key of ssh: its second word is no base64"},
	{"a type that is not the key's",
	 "ssh-rsa AAAAAWFiYw==",
	 "the line holds no public key of ssh: its first word is not the "
	 "key's type"},
	{"base64 without a type", "ssh-ed25519 AAAA",
	 "3 bytes are no public key of ssh: no type stands first"},
	{"a type that no terminal may be shown", "ssh-ed25519 AAAAAxtbbQ==",
	 "7 bytes are no public key of ssh: no type stands first"},
	{"an Ed25519 key of three bytes",
	 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAA2FiYw==",
	 "a public key of the type ssh-ed25519 does not have its parts"},
	{"a negative RSA modulus",
	 "ssh-rsa AAAAB3NzaC1yc2EAAAABAwAAAAH/",
	 "a public key of the type ssh-rsa does not have its parts"},
};

static void lines(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_err e = {0};
	struct keep_ssh_key key;

	for (size_t i = 0; i < KEEP_COUNT(bad_lines); i++) {
		is_int(keep_ssh_line_get(&m, keep_slice(bad_lines[i].line),
					 &key, &e), -KEEP_E_BAD_ARGS,
		       "%s is refused", bad_lines[i].title);
		is_text(keep_slice(e.message), bad_lines[i].message,
			"%s: which is said", bad_lines[i].title);
	}
	is_int(keep_ssh_line_get(&m, KEEP_S(" x\tAAAAAXg= \ta b \n"), &key, &e),
	       0, "a type that nobody knows is read, blanks are skipped");
	is_text(key.comment, "a b ", "a comment may have blanks");
}

static void too_long(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice blob = {keep_mem_alloc(&m, KEEP_SSH_KEY_MAX + 1),
				  KEEP_SSH_KEY_MAX + 1};
	struct keep_buf line = {.mem = &m};
	struct keep_ssh_key key;

	need(blob.p);
	is_int(keep_ssh_key_get(blob, &key, NULL), -KEEP_E_TOO_LARGE,
	       "a key of 16 KiB and a byte is too large");
	keep_buf_text(&line, "x ");
	keep_base64_put(&line, blob);
	is_int(keep_ssh_line_get(&m, keep_buf_get(&line), &key, NULL),
	       -KEEP_E_TOO_LARGE, "its line, too");
}

/* --- messages ---------------------------------------------------------- */

/* Of `ssh-agent` for the data "hello": a signature of the first key. */
static const char signature[] =
	"0e00000053" "0000000b7373682d65643235353139" "00000040"
	"de31da01e3d04b36b65df44fe5e8df6ec051b63120e12abeaf861f0fc2e369b4"
	"8b659914826f4c9b0955d494d4818a38f3d9b8d41957408191f4b9970a52450f";

static struct keep_slice unhex(struct keep_mem *m, const char *hex)
{
	size_t len = strlen(hex) / 2;
	char *p = keep_mem_alloc(m, len);

	need(p && keep_hex_get(keep_slice(hex), p));
	return (struct keep_slice){p, len};
}

static void requests(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ssh_key ed = key_of(&m, 0), rsa = key_of(&m, 4);
	struct keep_buf b = {.mem = &m}, hex = {.mem = &m};
	struct keep_slice huge = {"", KEEP_SSH_MESSAGE_MAX};

	keep_ssh_ask_keys(&b);
	keep_hex_put(&hex, b.p, b.len);
	is_text(keep_buf_get(&hex), "000000010b", "the keys are asked for");
	b.len = 0;
	is_int(keep_ssh_ask_signature(&b, &ed, KEEP_S("hello"), NULL), 0,
	       "a signature is asked for");
	need(!b.failed);
	is_int(b.len, 73, "by 73 bytes for 5 bytes and an Ed25519 key");
	is_int(b.p[b.len - 1], 0, "which has no flags");
	b.len = 0;
	is_int(keep_ssh_ask_signature(&b, &rsa, KEEP_S("hello"), NULL), 0,
	       "a signature of an RSA key is asked for");
	need(!b.failed);
	is_int(b.p[b.len - 1], 4, "with SHA-512");
	b.len = 0;
	is_int(keep_ssh_ask_signature(&b, &ed, huge, NULL), -KEEP_E_TOO_LARGE,
	       "more than an agent takes is not asked for");
	is_int(b.len, 0, "nothing is put then");
}

static const struct {
	const char *title, *hex;
	int code;
} answers[] = {
	{"an agent that refuses", "05", KEEP_E_AGENT_REFUSED},
	{"another agent that refuses", "66", KEEP_E_AGENT_REFUSED},
	{"an answer to another question", "06", KEEP_E_NO_AGENT},
	{"an answer of no keys", "0c00000000", 0},
	{"a number of keys that are not there", "0cffffffff", KEEP_E_NO_AGENT},
	{"bytes behind the keys", "0c0000000000", KEEP_E_NO_AGENT},
	{"a key longer than the answer", "0c00000001000000ff00000000",
	 KEEP_E_NO_AGENT},
	{"a key that is none is left out", "0c000000010000000000000000", 0},
};

static void key_answers(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ssh_keys got;

	for (size_t i = 0; i < KEEP_COUNT(answers); i++) {
		got.n = 0;
		is_int(keep_ssh_keys_get(&m, unhex(&m, answers[i].hex), &got,
					 NULL), -answers[i].code,
		       "%s", answers[i].title);
		is_int(got.n, 0, "%s: no key", answers[i].title);
	}
}

static void key_list(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf b = {.mem = &m};
	struct keep_ssh_keys got;
	size_t i, refused = 0;

	keep_buf_put(&b, "\x0c\0\0\0\x08", 5);
	for (i = 0; i < KEEP_COUNT(ssh_keys); i++) {
		struct keep_slice blob = key_of(&m, i).blob;

		keep_buf_put(&b, "\0\0", 2);
		keep_buf_byte(&b, (uint8_t)(blob.len >> 8));
		keep_buf_byte(&b, (uint8_t)blob.len);
		keep_buf_slice(&b, blob);
		keep_buf_put(&b, "\0\0\0\1x", 5);
	}
	need(!b.failed);
	need(keep_ssh_keys_get(&m, keep_buf_get(&b), &got, NULL) == 0);
	is_int(got.n, KEEP_COUNT(ssh_keys), "all keys of a list are read");
	is_text(got.v[7].type, ssh_keys[7].type, "in their order");
	is_text(got.v[7].comment, "x", "and their comments");
	for (i = 0; i < b.len; i++)
		refused += keep_ssh_keys_get(
			&m, (struct keep_slice){b.p, i}, &got, NULL) != 0;
	is_int(refused, b.len, "a list that lacks its end is refused");
}

static void signatures(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice message = unhex(&m, signature), got;
	struct keep_ssh_key ed = key_of(&m, 0), rsa = key_of(&m, 4);
	struct keep_err e = {0};
	size_t i, refused = 0;

	is_int(keep_ssh_signature_get(message, &ed, &got, NULL), 0,
	       "a signature is read");
	is_int(got.len, 83, "which has 83 bytes for Ed25519");
	is_int(keep_ssh_signature_get(message, &rsa, &got, &e),
	       -KEEP_E_AGENT_REFUSED,
	       "a signature by another algorithm is refused");
	is_text(keep_slice(e.message), "the ssh-agent's signature is none that "
		"a key of the type ssh-rsa makes", "which is said");
	for (i = 0; i < message.len; i++)
		refused += keep_ssh_signature_get((struct keep_slice){
			message.p, i}, &ed, &got, NULL) != 0;
	is_int(refused, message.len, "one that lacks its end is refused");
}

static void frames(void)
{
	struct keep_slice got;
	size_t i, early = 0;

	for (i = 0; i < 7; i++)
		early += keep_ssh_message((struct keep_slice){"\0\0\0\3abc", i},
					  &got, NULL) != 0 || got.p;
	is_int(early, 0, "a message is waited for while bytes are missing");
	is_int(keep_ssh_message((struct keep_slice){"\0\0\0\3abcd", 8}, &got,
				NULL), 0, "a message is found");
	is_text(got, "abc", "without what follows");
	is_int(keep_ssh_message((struct keep_slice){"\0\0\0\0", 4}, &got, NULL),
	       -KEEP_E_NO_AGENT, "an empty message is no agent's");
	is_int(keep_ssh_message((struct keep_slice){"\0\4\0\1", 4}, &got, NULL),
	       -KEEP_E_NO_AGENT, "nor is one of more than 256 KiB");
}

/* --- signatures of files ----------------------------------------------- */

/* What ssh-keygen -Y sign -n keep.history makes of "hello" by the first key,
 * from here on. */
static const char armored[] =
	"-----BEGIN SSH SIGNATURE-----\n"
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgiHe4HAmb0gqv3E9M"
	"GCY3FK3LU0\n"
	"T5yrx9TzKSWwb8sFIAAAAMa2VlcC5oaXN0b3J5AAAAAAAAAAZzaGE1MTIAAA"
	"BTAAAAC3Nz\n"
	"aC1lZDI1NTE5AAAAQOaCP7/RxE3HkZW6+dqq+FL4ZWcWKBhdDZ/BsHJAp1DN"
	"96CAgUop8+\n"
	"PPQtW4K6xKpK+r7wG8KUtVvXwEwPkGpgk=\n"
	"-----END SSH SIGNATURE-----\n";

static void sshsig(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ssh_key ed = key_of(&m, 0);
	struct keep_buf b = {.mem = &m}, hex = {.mem = &m};
	struct keep_slice made = unhex(&m,
		"0000000b7373682d6564323535313900000040e6823fbfd1c44dc79195ba"
		"f9daaaf852f865671628185d0d9fc1b07240a750cdf7a080814a29f3e3cf"
		"42d5b82bac4aa4afabef01bc294b55bd7c04c0f906a609");

	is_int(keep_sshsig_begin(&b, KEEP_S(""), KEEP_S("hello"), NULL),
	       -KEEP_E_BAD_ARGS, "a signature needs a namespace");
	is_int(keep_sshsig_begin(&b, KEEP_S("git"), KEEP_S("hello"), NULL), 0,
	       "what is signed is made");
	need(!b.failed);
	keep_hex_put(&hex, b.p, 35);
	is_text(keep_buf_get(&hex), "535348534947" "00000003676974"
		"00000000" "00000006736861353132" "00000040" "9b71d224",
		"it has the namespace and the SHA-512 of the message");
	is_int(b.len, 95, "and nothing else");
	b.len = 0;
	keep_sshsig_put(&b, &ed, KEEP_S("keep.history"), made);
	is_text(keep_buf_get(&b), armored,
		"the armored signature is ssh-keygen's");
}

int main(void)
{
	keys();
	cut_keys();
	lines();
	too_long();
	requests();
	key_answers();
	key_list();
	signatures();
	frames();
	sshsig();
	return done();
}
