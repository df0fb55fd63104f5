/* Asking the user's ssh what it knows of a host. */
#include <keep/cli.h>
#include "says.h"

enum { DEADLINE_MS = 10000 }; /* Match exec may run anything */
static const char dir[] = ".keep/ssh";

/* The words behind `ssh -v -G`: what the login says, as the back end does. */
enum { WORDS = 8 };
struct question {
	const char *argv[WORDS + 4];
	struct keep_slice text; /* the words, for comparison */
};

static int put_words(struct keep_mem *m, const struct keep_login *l,
		     struct question *q, struct keep_err *e)
{
	struct keep_buf all = {.mem = m};
	const char **w = q->argv;
	size_t i;

	*w++ = "ssh";
	*w++ = "-v";
	*w++ = "-G";
	if (l->address)
		*w++ = keep_mem_print(m, "-oHostName=%s", l->address).p;
	*w++ = keep_mem_print(m, "-p%u", l->port).p;
	*w++ = keep_mem_print(m, "-l%s", l->user).p;
	*w++ = "--";
	*w++ = l->host;
	*w = NULL;
	for (i = 3; &q->argv[i] < w; i++) {
		if (!q->argv[i])
			return keep_no_memory(e);
		keep_buf_print(&all, "%s%s", i > 3 ? " " : "", q->argv[i]);
	}
	q->text = keep_buf_get(&all);
	return keep_buf_check(&all, e);
}

/* --- what is kept --------------------------------------------------------- */

static bool read_kept(struct keep_ctx *c, const struct question *q,
		      const char *path, struct keep_slice *answer)
{
	struct keep_slice text;
	struct keep_kept k;

	if (!c->instance.plus_one ||
	    keep_file_read(c->mem, keep_fd_get(&c->instance), path,
			   KEEP_SAYS_MAX, &text, NULL) ||
	    keep_kept_read(c->mem, text, &k, NULL) ||
	    !keep_slice_eq(k.ask, q->text) || !keep_kept_holds(c->mem, &k))
		return false;
	*answer = k.answer;
	return true;
}

/* Those that it read, and those that it would, were they there. */
static int seal_all(struct keep_mem *m, struct keep_slices paths,
		    struct keep_kept *k, struct keep_err *e)
{
	struct keep_slice home = keep_user_home(m);
	struct keep_slice more[] = {
		KEEP_S("/etc/ssh/ssh_config"),
		keep_mem_print(m, "%.*s/.ssh/config", KEEP_F(home)),
	};
	struct keep_seal *v = KEEP_NEWS(m, paths.n + KEEP_COUNT(more),
					struct keep_seal);
	size_t i;
	int rc = v && more[1].p ? 0 : keep_no_memory(e);

	for (i = 0; i < paths.n && !rc; i++)
		rc = keep_seal_of(m, paths.v[i], &v[k->n++], e);
	for (i = 0; i < KEEP_COUNT(more) && !rc; i++)
		rc = keep_seal_of(m, more[i], &v[k->n++], e);
	k->seals = v;
	return rc;
}

static int keep_it(struct keep_ctx *c, const struct keep_kept *k,
		   const char *path, struct keep_err *e)
{
	struct keep_buf text = {.mem = c->mem};
	int rc = keep_dir_make(keep_fd_get(&c->instance), dir, 0700, e);

	keep_kept_put(k, &text);
	if (!rc)
		rc = keep_buf_check(&text, e);
	return rc ? rc : keep_file_replace(keep_fd_get(&c->instance), path,
					   keep_buf_get(&text), 0600, e);
}

/* What cannot be kept is asked again. */
static void try_to_keep(struct keep_ctx *c, struct keep_kept *k,
			struct keep_slice told, const char *path)
{
	struct keep_says_from from;
	struct keep_err e = {0};

	if (!c->instance.plus_one ||
	    keep_says_from(c->mem, told, &from, &e) || from.anew ||
	    seal_all(c->mem, from.paths, k, &e) || keep_it(c, k, path, &e))
		keep_log(c->log, KEEP_LOG_DEBUG, "%s is not kept: %s", path,
			 e.code ? e.message : "it may change");
}

/* --- asking --------------------------------------------------------------- */

static int run(struct keep_ctx *c, const struct question *q,
	       struct keep_slice *answer, struct keep_slice *told,
	       struct keep_err *e)
{
	struct keep_program p = {.argv = q->argv, .input = KEEP_S(""),
				 .max = KEEP_SAYS_MAX, .says = told};
	struct keep_ctx limited = *c;
	uint64_t until = keep_now_ms(c) + DEADLINE_MS;

	if (!c->deadline_ms || c->deadline_ms > until)
		limited.deadline_ms = until;
	return keep_program_run(&limited, &p, answer, e);
}

static int ask(struct keep_ctx *c, const struct question *q, const char *path,
	       struct keep_slice *answer, struct keep_err *e)
{
	struct keep_kept k = {.ask = q->text};
	struct keep_buf heeded = {.mem = c->mem};
	struct keep_slice told = {0};
	int rc = run(c, q, answer, &told, e);

	if (rc)
		return rc;
	keep_says_put(*answer, &heeded);
	*answer = k.answer = keep_buf_get(&heeded);
	rc = keep_buf_check(&heeded, e);
	if (!rc)
		try_to_keep(c, &k, told, path);
	return rc;
}

int keep_says_ask(struct keep_ctx *c, const struct keep_login *l, bool *said,
		  struct keep_says *out, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(c->mem, "%s/%s", dir, l->host);
	struct keep_slice answer = {0};
	struct keep_err why = {0};
	struct question q = {0};
	int rc = path.p ? put_words(c->mem, l, &q, &why) :
		 keep_no_memory(&why);

	if (!rc && !read_kept(c, &q, path.p, &answer))
		rc = ask(c, &q, path.p, &answer, &why);
	if (!rc)
		rc = keep_says_read(c->mem, answer, out, &why);
	*said = !rc;
	if (rc == -KEEP_E_NO_MEMORY || rc == -KEEP_E_CANCELLED) {
		*e = why;
		return rc;
	}
	if (rc)
		keep_log(c->log, rc == -KEEP_E_NOT_FOUND ? KEEP_LOG_INFO :
			 KEEP_LOG_WARNING, "%s: the user's ssh_config does not "
			 "count: %s (`ssh -G %s` tells more)", l->host,
			 why.message, l->host);
	return 0;
}
