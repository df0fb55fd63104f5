/* A node in compiled/. */
#include "env.h"
#include "files.h"

/* A copy of the members, to be changed; NULL without memory. */
static struct keep_json_member *copy(struct keep_mem *m,
				     const struct keep_json *v)
{
	struct keep_json_member *new =
		KEEP_NEWS(m, v->n, struct keep_json_member);

	if (new && v->n)
		memcpy(new, v->members, v->n * sizeof *new);
	return new;
}

static bool strip(struct keep_mem *m, struct keep_json *row)
{
	struct keep_json_member *v;
	uint32_t i, n = 0;

	if (!keep_json_get(row, KEEP_S("text")))
		return true;
	v = copy(m, row);
	for (i = 0; v && i < row->n; i++)
		if (!keep_slice_is(row->members[i].key, "text"))
			v[n++] = row->members[i];
	row->members = v;
	row->n = n;
	return v;
}

static bool strip_all(struct keep_mem *m, struct keep_json *files)
{
	struct keep_json_member *v = copy(m, files);
	bool ok = v;
	size_t i;

	for (i = 0; ok && i < files->n; i++)
		ok = strip(m, &v[i].value);
	files->members = v;
	return ok;
}

static bool has_text(const struct keep_json *files)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		if (keep_json_get(&files->members[i].value, KEEP_S("text")))
			return true;
	return false;
}

/* The tree without the members `text` of its files, which hold them. Null
 * without memory. */
static struct keep_json without_texts(struct keep_mem *m,
				      const struct keep_json *tree)
{
	const struct keep_json *files = keep_json_get(tree, KEEP_S("files"));
	struct keep_json new = *tree;
	struct keep_json_member *v;
	size_t i;

	if (!files || files->type != KEEP_JSON_OBJECT || !has_text(files))
		return new;
	v = copy(m, tree);
	for (i = 0; v && i < tree->n; i++)
		if (&tree->members[i].value == files &&
		    !strip_all(m, &v[i].value))
			v = NULL;
	new.members = v;
	return v ? new : (struct keep_json){0};
}

/* A file that is put: its path has a NUL behind it. */
struct put {
	struct keep_buf path, text;
};

static void put_end(struct put *p)
{
	keep_buf_end(&p->path);
	keep_buf_end(&p->text);
}

static int put(struct keep_output *o, struct put *p, struct keep_slice content,
	       bool stays, enum keep_state *state, struct keep_err *e)
{
	keep_buf_byte(&p->path, 0);
	if (p->path.failed || p->text.failed)
		return keep_no_memory(e);
	p->path.len--;
	return keep_output_put(o, keep_buf_get(&p->path), content, stays, state,
			       e);
}

struct keep_slice keep_files_content(const struct keep_rendered *f)
{
	return f->whole ? f->whole->whole :
	       f->source ? f->source->content : f->content;
}

int keep_files_config(struct keep_mem *m, const struct keep_json *tree,
		      struct keep_buf *out, struct keep_err *e)
{
	struct keep_json v = without_texts(m, tree);

	if (v.type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	keep_build_text(&v, out);
	return keep_buf_check(out, e);
}

static int put_json(struct keep_output *o, struct put *p,
		    const struct keep_json *tree, enum keep_state *state,
		    struct keep_err *e)
{
	int code = keep_files_config(o->c->mem, tree, &p->text, e);

	return code ? code :
	       put(o, p, keep_buf_get(&p->text), false, state, e);
}

int keep_files_put(struct keep_output *o, const struct keep_build *b,
		   const struct keep_node *n, enum keep_state *state,
		   struct keep_err *e)
{
	const struct keep_files *files = &b->files[n->index];
	KEEP_AUTO(put) p = {{0}};
	enum keep_state one;
	size_t i;
	int code;

	keep_buf_print(&p.path, "%.*s.json", KEEP_F(n->name));
	code = put_json(o, &p, b->trees[n->index], state, e);
	for (i = 0; i < files->n && !code; i++) {
		p.path.len = 0;
		keep_buf_slice(&p.path, n->name);
		keep_buf_slice(&p.path, files->v[i].path);
		if (files->v[i].source)
			code = keep_material_read(files->v[i].source, e);
		if (!code)
			code = put(o, &p, keep_files_content(&files->v[i]),
				   true, &one, e);
		if (!code && one != KEEP_SAME && *state == KEEP_SAME)
			*state = KEEP_CHANGED;
	}
	return code;
}
