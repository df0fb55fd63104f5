/* A small instance on the disk, and verbs that are called in it as a socket
 * would: bytes in, bytes out. */
#ifndef NODE_ROOM_H
#define NODE_ROOM_H

#include <keep/cli.h>
#include <keep/provider.h>
#include "world.h"

/* An instance on the disk, and a call. */
struct room {
	struct keep_mem mem, item_mem;
	struct keep_ctx c;
	struct keep_err e;
	char path[256];
};

static inline void enter(struct room *r)
{
	size_t i;
	int dir;

	*r = (struct room){0};
	r->c.mem = &r->mem;
	r->c.item_mem = &r->item_mem;
	need(tap_dir(r->path, sizeof r->path));
	dir = open(r->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r->c.instance = keep_fd_of(dir);
	r->c.instance_path = keep_slice(r->path);
	for (i = 0; i < KEEP_COUNT(basis); i++)
		write_file(dir, &basis[i]);
}

static inline void leave(struct room *r)
{
	struct keep_err e = {0};

	keep_fd_end(&r->c.instance);
	if (keep_dir_remove(AT_FDCWD, r->path, &e) && /* without faults */
	    keep_dir_remove(AT_FDCWD, r->path, &e))
		printf("# %s\n", e.message);
	keep_mem_end(&r->mem);
	keep_mem_end(&r->item_mem);
}

static inline void put(struct room *r, const char *path, const char *text)
{
	write_file(keep_fd_get(&r->c.instance), &(struct file){path, text});
}

static inline struct keep_slice file(struct room *r, const char *path)
{
	struct keep_slice text;

	if (keep_file_read(&r->mem, keep_fd_get(&r->c.instance), path, 1 << 20,
			   &text, NULL))
		return KEEP_S("-");
	return text;
}

static inline const struct keep_verb *row(const char *path)
{
	size_t i;

	for (i = 0; i < keep_provider_verbs.n; i++)
		if (!strcmp(keep_provider_verbs.verbs[i].path, path))
			return &keep_provider_verbs.verbs[i];
	return NULL;
}

/* "CODE message (hint)" and a line for each problem. */
static inline struct keep_slice fault_of(struct room *r)
{
	struct keep_buf b = {.mem = &r->mem};

	keep_buf_print(&b, "%s %s", keep_code_name(r->e.code), r->e.message);
	if (r->e.hint[0])
		keep_buf_print(&b, " (%s)", r->e.hint);
	if (r->e.problems) {
		keep_buf_byte(&b, '\n');
		keep_buf_slice(&b, print(&r->mem, r->e.problems));
	}
	return keep_buf_get(&b);
}

/* Runs a verb with arguments as JSON: its result in a format, or the fault. */
static inline struct keep_slice run_as(struct room *r, enum keep_format format,
				const char *verb, const char *args)
{
	struct keep_problems ps = {.mem = &r->mem};
	struct keep_buf in = {.mem = &r->mem}, out = {.mem = &r->mem};
	struct keep_buf text = {.mem = &r->mem};
	struct keep_printer p = {.format = format, .mem = &r->mem};
	const struct keep_verb *v = row(verb);
	struct keep_json json;
	int code;

	r->e = (struct keep_err){0};
	need(v);
	need(!keep_json_read(&r->mem, keep_slice(args), NULL,
			     KEEP_JSON_STRICT, &ps, &json));
	code = v->args ? keep_form_read(&r->mem, v->args, &json, &in, &r->e) :
			 0;
	if (!code)
		code = keep_run(&r->c, v, v->args ? keep_buf_get(&in) :
				(struct keep_slice){0}, &out, &r->e);
	p.args = keep_buf_get(&in);
	if (!code && r->e.code)
		return keep_slice("done, but an error is left over");
	if (!code)
		code = keep_print_result(&p, v, keep_buf_get(&out), &text,
					 &r->e);
	return code ? fault_of(r) : keep_buf_get(&text);
}

static inline struct keep_slice call(struct room *r, const char *verb,
			      const char *args)
{
	return run_as(r, KEEP_FORMAT_JSON, verb, args);
}

static inline struct keep_slice shown(struct room *r, const char *verb,
			       const char *args)
{
	return run_as(r, KEEP_FORMAT_TEXT, verb, args);
}

static inline void fails(struct room *r, const char *verb, const char *args,
		  const char *want)
{
	is_text(call(r, verb, args), want, "%s %s is refused", verb, args);
}

#endif
