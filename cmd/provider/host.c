/* The host of a world, and its secrets. */
#include <fcntl.h>
#include <keep/cli.h>
#include <keep/file.h>
#include <keep/log.h>
#include "host.h"
#include "open.h"

const char keep_value_source_key[] = "value source";

static struct keep_secret_id in_default(struct keep_slice name)
{
	return (struct keep_secret_id){KEEP_S("default"), name};
}

static int list(struct keep_sources *s, struct keep_err *e)
{
	if (!s->listed && s->values->list(s->c, &s->known, &s->failed) == 0)
		s->failed = (struct keep_err){0};
	s->listed = true;
	if (s->failed.code)
		*e = s->failed;
	return -s->failed.code;
}

static int frozen(const struct keep_secret_id *id, struct keep_err *e)
{
	keep_fail(e, KEEP_E_NOT_FOUND, "secret '%.*s' of %.*s is not made yet",
		  KEEP_F(id->name), KEEP_F(id->env));
	return keep_hint(e, "`keep compile` makes it");
}

static int missing(const struct keep_sources *s,
		   const struct keep_secret_id *id, struct keep_err *e)
{
	keep_fail(e, KEEP_E_NOT_FOUND, "secret '%.*s' of %.*s is not there",
		  KEEP_F(id->name), KEEP_F(id->env));
	return keep_hint(e, "it cannot be drawn: put it into %s as "
			 "{\"%.*s\": {\"%.*s\": \"...\"}}",
			 s->values->name, KEEP_F(id->env), KEEP_F(id->name));
}

static int secret(struct keep_world *w, const struct keep_node *node,
		  struct keep_slice name, bool given, bool *made,
		  struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_secret_id id = {node->env->name, name};
	int code = list(s, e);

	if (code)
		return code;
	*made = keep_secret_ids_has(&s->known, id) ||
		keep_secret_ids_has(&s->known, in_default(name));
	if (*made || s->making == KEEP_MAKE_NONE)
		return 0;
	if (given)
		return missing(s, &id, e);
	if (s->making == KEEP_MAKE_FROZEN)
		return frozen(&id, e);
	*made = true;
	return keep_secret_ids_add(&s->wanted, id, e);
}

static const struct keep_host host = {
	.file = keep_host_file, .template = keep_host_template,
	.secret = secret,
	.randint = keep_host_randint, .pick = keep_host_pick,
	.keys = keep_host_keys,
};

int keep_sources_new(struct keep_ctx *c, struct keep_world *w,
		     enum keep_making making, struct keep_sources **out,
		     struct keep_err *e)
{
	struct keep_sources *s = KEEP_NEW(w->mem, struct keep_sources);

	if (!s)
		return keep_no_memory(e);
	s->c = c;
	s->mem = s->known.mem = s->wanted.mem = w->mem;
	s->picks.mem = s->cache.mem = w->mem;
	s->making = making;
	s->values = keep_session_get(c->session, keep_value_source_key);
	if (!s->values)
		s->values = &keep_value_source_dev;
	w->host = &host;
	w->host_data = s;
	*out = s;
	return 0;
}

/* files/ is no link, see host_file.c. */
int keep_sources_later(struct keep_sources *s, struct keep_err *e)
{
	struct keep_err why;

	s->later = keep_library_symbol(s->c->run_dir, KEEP_S("openssl"),
				       "keep_openssl_api", &why);
	if (!s->later || keep_open(keep_fd_get(&s->c->instance), "files",
				   O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS,
				   &s->files, &why))
		return 0;
	s->stamps = (struct keep_stamps){.mem = s->mem, .seen.mem = s->mem,
					 .at_ms = keep_now_ms(s->c)};
	return keep_stamps_read(s->c, &s->stamps, e);
}

void keep_sources_asked(struct keep_sources *s)
{
	struct keep_err why;

	if (s->files.plus_one && keep_stamps_write(s->c, &s->stamps, &why))
		keep_log(s->c->log, KEEP_LOG_DEBUG, "sources are read again "
			 "next time: %s", why.message);
	keep_fd_end(&s->files);
}

int keep_provider_host(struct keep_ctx *c, struct keep_world *w,
		       struct keep_err *e)
{
	struct keep_sources *s;

	return keep_sources_new(c, w, KEEP_MAKE_NONE, &s, e);
}
