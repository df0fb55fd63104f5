/* Small instances: made in a directory of their own, read, and removed. */
#ifndef WORLD_H
#define WORLD_H

#include <fcntl.h>
#include <unistd.h>
#include <keep/file.h>
#include "tap.h"
#include "../../cmd/provider/instance/instance.h"

struct file {
	const char *path, *text;
};

/* What all tests begin with; a test's own files replace some of these. */
static const struct file basis[] = {
	{"Keepfile", "{\"platform\": {\"path\": \"platform\"},"
	 " \"keep\": \">=0.1\"}\n"},
	{"platform/platform.json", "{\"version\": \"0.3\"}\n"},
	{"platform/provider_base/provider.json",
	 "{\n  \"domain\": \"REQUIRED\",\n  \"languages\": [\"en\"]\n}\n"},
	{"platform/provider_base/common.json",
	 "{\n  \"ip_address\": \"REQUIRED\",\n  \"ssh\": {\"port\": 22},\n"
	 "  \"admins\": [\"root\"]\n}\n"},
	{"platform/provider_base/services/web.json",
	 "{\n  \"web\": {\"port\": 80, \"mode\": \"plain\"}\n}\n"},
	{"platform/provider_base/services/web.schema.json",
	 "{\"web.port\": {\"type\": \"int\", \"min\": 1, \"max\": 65535},\n"
	 " \"web.mode\": {\"type\": \"enum\","
	 " \"values\": [\"plain\", \"tls\"]},\n"
	 " \"web.names\": {\"type\": \"list:domain\"},\n"
	 " \"web.hosts\": {\"type\": \"object\", \"keys\": \"domain\","
	 " \"members\": {\"root\": {\"type\": \"line\", \"required\": true},"
	 " \"names\": {\"type\": \"list:domain\"}}},"
	 " \"web.owner\": {\"type\": \"text\", \"required\": true,"
	 " \"help\": \"who pays\"}}\n"},
	{"provider.json", "// ours\n{ \"domain\": \"example.org\" }\n"},
	{"provider.production.json", "{ \"domain\": \"example.com\" }\n"},
	{"services/web.production.json", "{ \"web\": {\"mode\": \"tls\"} }\n"},
	{"services/dns.json", "{ \"dns\": {\"public\": true} }\n"},
	{"tags/production.json",
	 "{ \"environment\": \"production\", \"+admins\": [\"ops\"] }\n"},
	{"tags/staging.json", "{ \"environment\": \"staging\" }\n"},
	{"nodes/a.json", "{\n  \"ip_address\": \"10.0.0.1\",\n"
	 "  \"services\": \"web\"\n}\n"},
	{"nodes/a-b.json", "{ \"ip_address\": \"10.0.0.2\", \"enabled\": false }\n"},
	{"nodes/b.json", "{ \"ip_address\": \"10.0.0.3\", \"services\": [\"web\", "
	 "\"dns\"], \"tags\": [\"production\"], \"!admins\": [\"b\"] }\n"},
	{"nodes/c.json", "{ \"ip_address\": \"10.0.0.4\", \"tags\": \"production\" }\n"},
};

static inline int write_file(int dir, const struct file *f)
{
	char parent[256];
	const char *slash = strrchr(f->path, '/');
	struct keep_err e = {0};

	if (slash) {
		snprintf(parent, sizeof parent, "%.*s",
			 (int)(slash - f->path), f->path);
		if (keep_dir_make(dir, parent, 0700, &e))
			return printf("# %s\n", e.message);
	}
	if (keep_dir_remove(dir, f->path, &e))
		return printf("# %s\n", e.message);
	if (f->text && f->text[0] == '>') /* a symbolic link */
		return symlinkat(f->text + 1, dir, f->path);
	if (f->text && keep_file_replace(dir, f->path, keep_slice(f->text),
					 0600, &e))
		return printf("# %s\n", e.message);
	return 0;
}

struct trial {
	struct keep_mem mem;
	struct keep_world w;
	struct keep_problems ps, warn;
	struct keep_err e;
	int r;
};

static inline void run(struct trial *t, const struct file *files, size_t n)
{
	char path[256];
	struct keep_err e = {0};
	size_t i;
	int dir;

	*t = (struct trial){0};
	t->w.mem = t->ps.mem = t->warn.mem = &t->mem;
	if (!tap_dir(path, sizeof path))
		return;
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < KEEP_COUNT(basis); i++)
		write_file(dir, &basis[i]);
	for (i = 0; i < n && files[i].path; i++)
		write_file(dir, &files[i]);
	t->r = keep_world_read(&t->w, dir, &t->ps, &t->warn, &t->e);
	close(dir);
	if (keep_dir_remove(AT_FDCWD, path, &e) && /* again, without faults */
	    keep_dir_remove(AT_FDCWD, path, &e))
		printf("# %s\n", e.message);
}

static inline struct keep_slice print(struct keep_mem *m,
				      const struct keep_problems *ps)
{
	const struct keep_problem *p;
	struct keep_buf b = {.mem = m};

	for (p = ps->first; p; p = p->next)
		keep_buf_print(&b, "%s%.*s:%u:%u: %.*s%s%.*s",
			       b.len ? "\n" : "", KEEP_F(p->where), p->line,
			       p->column, KEEP_F(p->message),
			       p->hint.p ? "; " : "", KEEP_F(p->hint));
	return keep_buf_get(&b);
}

static inline struct keep_slice json(struct keep_mem *m,
				     const struct keep_json *v)
{
	struct keep_buf b = {.mem = m};

	if (v)
		keep_json_put(&b, v, KEEP_JSON_COMPACT);
	return keep_buf_get(&b);
}

/* The value at PATH of a node, as JSON, and where it comes from. */
static inline struct keep_slice at(struct trial *t, const char *node,
				   const char *path)
{
	const struct keep_node *n = keep_world_node(&t->w, keep_slice(node));
	const struct keep_json *v;

	v = n ? keep_json_at(&n->tree, keep_slice(path)) : NULL;
	if (!v)
		return KEEP_S("missing");
	return keep_mem_print(&t->mem, "%.*s %.*s:%u:%u",
			      KEEP_F(json(&t->mem, v)),
			      KEEP_F(v->source ? v->source->name : KEEP_S("")),
			      v->line, v->column);
}

#define BASE "platform/provider_base/"

#endif
