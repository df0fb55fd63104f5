/* The command library of the tests: what no real verb does. It stands in the
 * table of build/t/bin/keep only. */
#ifndef TRYOUT_H
#define TRYOUT_H

#include <keep/cbor.h>
#include <keep/text.h>
#include <keep/verb.h>

KEEP_BEGIN
extern const struct keep_library keep_tryout_verbs;
KEEP_END

/* `try types`: every type and shape; the result is what was given. */
struct keep_try_pair {
	struct keep_slice left;
	bool has_right;
	uint32_t right;
};
struct keep_try_disk {
	struct keep_slice device;
};
struct keep_try_share {
	struct keep_slice host;
	bool has_port;
	uint32_t port;
};
struct keep_try_nothing {
	char unused;
};
struct keep_try_outer {
	struct keep_slice name;
	bool has_inner;
	struct keep_try_pair inner;
};
struct keep_try_types {
	struct keep_slice word;
	struct keep_slices rest;
	bool flag, has_whole, has_number, has_real, has_colour, has_at,
		has_nonce, has_code, has_share, has_outer;
	uint32_t whole, small, colour;
	int64_t number;
	double real;
	uint64_t at, wait, room;
	struct keep_slice text, bytes, path, blob, item, where;
	struct keep_share share;
	struct keep_ip ip;
	uint8_t nonce[4];
	char code[2];
	struct keep_slices texts;
	struct keep_list wholes, pairs, counts;
	struct keep_entries labels, items;
	struct keep_try_outer outer;
	struct keep_choice kind;
};
extern const struct keep_schema keep_try_types_schema;
int keep_try_types(struct keep_ctx *c, const struct keep_try_types *a,
		   struct keep_try_types *r, struct keep_err *e);

/* Verbs of a number: `fail CODE`, `verdict CODE`, `list N`, `stream [N]`. */
struct keep_try_number {
	uint32_t number;
};
extern const struct keep_schema keep_try_number_schema;
extern const struct keep_schema keep_try_count_schema; /* may be left out */
extern const struct keep_schema keep_try_told_schema;
int keep_try_fail(struct keep_ctx *c, const struct keep_try_number *a,
		  void *none, struct keep_err *e);
int keep_try_verdict(struct keep_ctx *c, const struct keep_try_number *a,
		     struct keep_try_number *r, struct keep_err *e);
/* Both fail after N items when `fail` says so. */
struct keep_try_count {
	uint32_t number; /* stream: 0 never ends */
	bool fail;
};
int keep_try_list(struct keep_ctx *c, const struct keep_try_count *a,
		  struct keep_err *e);
int keep_try_stream(struct keep_ctx *c, const struct keep_try_count *a,
		    struct keep_try_number *r, struct keep_err *e);

/* `try crash`: SIGSEGV. `try hang`: until it is cancelled. `try net`: a row
 * that runs commands. */
int keep_try_crash(struct keep_ctx *c, const void *none, void *nothing,
		   struct keep_err *e);
struct keep_try_hang_args {
	bool deaf, takes;
};
extern const struct keep_schema keep_try_hang_schema;
int keep_try_hang(struct keep_ctx *c, const struct keep_try_hang_args *a,
		  void *nothing, struct keep_err *e);
int keep_try_net(struct keep_ctx *c, const void *none,
		 struct keep_try_number *r, struct keep_err *e);

/* `try item JSON`: a free item and back. */
struct keep_try_item {
	struct keep_slice item;
};
extern const struct keep_schema keep_try_item_schema;
int keep_try_item(struct keep_ctx *c, const struct keep_try_item *a,
		  struct keep_slice *r, struct keep_err *e);

/* `try ask`: asks for a name and a yes. */
struct keep_try_answer {
	struct keep_slice name;
	bool yes;
};
extern const struct keep_schema keep_try_answer_schema;
int keep_try_ask(struct keep_ctx *c, const void *none,
		 struct keep_try_answer *r, struct keep_err *e);

/* `try exec HOST COMMAND`: a command on a node. */
struct keep_try_exec_args {
	struct keep_slice host, command, user, host_key, config, input;
	uint32_t by, port, times, sessions, at_once;
	uint64_t connect, handshake, login, open, run, alive;
};
struct keep_try_exec_result {
	uint32_t status, phase;
	struct keep_slice by, out, err, fault, message, first;
};
extern const struct keep_schema keep_try_exec_schema;
extern const struct keep_schema keep_try_exec_result_schema;
int keep_try_exec(struct keep_ctx *c, const struct keep_try_exec_args *a,
		  struct keep_try_exec_result *r, struct keep_err *e);

/* `try secret`: a secret, and back. */
struct keep_try_secret {
	struct keep_slice pin;
};
extern const struct keep_schema keep_try_secret_schema;
extern const struct keep_schema keep_try_secret_result_schema;
int keep_try_secret(struct keep_ctx *c, const struct keep_try_secret *a,
		    struct keep_try_secret *r, struct keep_err *e);

/* `try keys`: the keys of the ssh-agent. `try sign`: an SSHSIG by one. */
struct keep_try_key {
	struct keep_slice line, fingerprint;
};
extern const struct keep_schema keep_try_key_schema;
int keep_try_keys(struct keep_ctx *c, const void *none, struct keep_err *e);
struct keep_try_sign {
	struct keep_slice message, key, space;
	uint64_t timeout;
	bool loop;
};
struct keep_try_armor {
	struct keep_slice armor;
};
extern const struct keep_schema keep_try_sign_schema;
extern const struct keep_schema keep_try_armor_schema;
keep_text_fn keep_try_armor_text;
int keep_try_sign(struct keep_ctx *c, const struct keep_try_sign *a,
		  struct keep_try_armor *r, struct keep_err *e);

/* `try publish TOPIC`: so many events, of such a size. `try spool`: what lies
 * in the spool. */
struct keep_try_publish {
	struct keep_slice topic;
	uint32_t times, size;
};
struct keep_try_spool {
	struct keep_slice topic, file;
	uint64_t at, size, lost;
};
extern const struct keep_schema keep_try_publish_schema;
extern const struct keep_schema keep_try_spool_schema;
int keep_try_publish(struct keep_ctx *c, const struct keep_try_publish *a,
		     void *none, struct keep_err *e);
int keep_try_spool(struct keep_ctx *c, const void *none, struct keep_err *e);

/* `try git [COMMIT]`: what libgit2 says of the repository here. */
struct keep_try_git_args {
	struct keep_slice commit;
};
struct keep_try_git {
	struct keep_slice id, brief;
	bool has_remote, pushed;
	struct keep_slices dirty;
	uint32_t kin;
};
extern const struct keep_schema keep_try_git_args_schema;
extern const struct keep_schema keep_try_git_schema;
int keep_try_git(struct keep_ctx *c, const struct keep_try_git_args *a,
		 struct keep_try_git *r, struct keep_err *e);

/* `try work`: does what each line of its stdin says, up to an empty one:
 * `does`, `says`, `done`, `failed` NAME [TEXT] and `all DONE TOTAL [TEXT]` are
 * told as work, `verb TEXT` as progress of the verb, `line TEXT` as an event,
 * `warn TEXT` to the log; `fail` ends it. */
struct keep_try_line {
	struct keep_slice line;
};
extern const struct keep_schema keep_try_line_schema;
keep_text_fn keep_try_line_text;
int keep_try_work(struct keep_ctx *c, const void *none, void *nothing,
		  struct keep_err *e);

#endif
