/* The ids of trees (gitformat, "tree objects"): rows of mode, name and id, in
 * the order of names, to which a slash belongs where they are directories. */
#include <stdlib.h>
#include <keep/cli.h>
#include "committed.h"
#include "env.h"

/* Files of a node, of which *next is looked at: those whose paths begin as
 * this one's do up to AT are in the same directory. */
struct walk {
	struct keep_committed *k;
	const struct keep_files *files;
	size_t next;
};

static bool id_of(struct keep_committed *k, const struct keep_rendered *f,
		  uint8_t id[KEEP_GIT_ID])
{
	struct keep_slice content = keep_files_content(f);
	struct keep_err why;
	void **known;

	if (f->source) {
		memcpy(id, f->source->git_id, KEEP_GIT_ID);
		return true;
	}
	known = keep_ptrmap_at(&k->ids, k->mem, content.len ? content.p : "",
			       content.len);
	if (!known)
		return false;
	if (!*known) {
		if (k->ssl->git_id(content, false, id, &why))
			return false;
		*known = keep_mem_alloc(k->mem, KEEP_GIT_ID);
		if (*known)
			memcpy(*known, id, KEEP_GIT_ID);
		return *known;
	}
	memcpy(id, *known, KEEP_GIT_ID);
	return true;
}

static int end_of(const struct keep_git2_tree_row *row, size_t at)
{
	return at < row->name.len ? (unsigned char)row->name.p[at] :
	       row->mode == KEEP_GIT2_DIR ? '/' : 0;
}

static int by_name(const void *p, const void *q)
{
	const struct keep_git2_tree_row *a = p, *b = q;
	size_t i = 0;

	while (i < a->name.len && i < b->name.len &&
	       a->name.p[i] == b->name.p[i])
		i++;
	return end_of(a, i) - end_of(b, i);
}

/* Those of one directory mostly come in order. */
static void sort(struct keep_git2_tree_row *v, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (by_name(&v[i - 1], &v[i]) > 0) {
			qsort(v, n, sizeof *v, by_name);
			return;
		}
}

static void put_row(struct keep_buf *text,
		    const struct keep_git2_tree_row *row)
{
	keep_buf_text(text, row->mode == KEEP_GIT2_DIR ? "40000 " : "100644 ");
	keep_buf_slice(text, row->name);
	keep_buf_byte(text, 0);
	keep_buf_put(text, row->id, sizeof row->id);
}

static bool write_tree(struct keep_committed *k, struct keep_buf *rows,
		       uint8_t id[KEEP_GIT_ID])
{
	KEEP_AUTO(keep_buf) text = {0};
	struct keep_git2_tree_row *v = (void *)rows->p;
	size_t i, n = rows->len / sizeof *v;
	struct keep_err why;

	if (rows->failed || !n)
		return false;
	sort(v, n);
	for (i = 0; i < n; i++)
		put_row(&text, &v[i]);
	return !text.failed &&
	       !k->ssl->git_id(keep_buf_get(&text), true, id, &why);
}

/* The id of the directory whose name ends at AT in the path of the next file,
 * as paths have at most KEEP_FILE_PARTS parts. */
static bool tree(struct walk *w, size_t at, uint8_t id[KEEP_GIT_ID])
{
	KEEP_AUTO(keep_buf) rows = {0};
	const struct keep_rendered *v = w->files->v;
	const char *dir = v[w->next].path.p, *slash;
	struct keep_git2_tree_row row;
	struct keep_slice path;
	bool ok = true;

	while (ok && w->next < w->files->n) {
		path = v[w->next].path;
		if (path.len <= at || !keep_bytes_equal(path.p, dir, at))
			break;
		slash = memchr(path.p + at, '/', path.len - at);
		row.mode = slash ? KEEP_GIT2_DIR : KEEP_GIT2_FILE;
		row.name = (struct keep_slice){
			path.p + at, (slash ? (size_t)(slash - path.p) :
					      path.len) - at};
		ok = slash ? tree(w, at + row.name.len + 1, row.id) :
			     id_of(w->k, &v[w->next++], row.id);
		keep_buf_put(&rows, &row, sizeof row);
	}
	return ok && write_tree(w->k, &rows, id);
}

static bool has(const struct keep_committed *k,
		const struct keep_git2_tree_row *row)
{
	const struct keep_git2_tree_row *found = !k->top.n ? NULL :
		bsearch(row, k->top.v, k->top.n, sizeof *row, by_name);

	return found && found->mode == row->mode &&
	       keep_bytes_equal(found->id, row->id, sizeof row->id);
}

/* That there is none of that name. */
static bool lacks(const struct keep_committed *k,
		  const struct keep_git2_tree_row *row)
{
	return !bsearch(row, k->top.v, k->top.n, sizeof *row, by_name);
}

bool keep_committed_has(struct keep_committed *k, const struct keep_node *n,
			struct keep_slice config,
			const struct keep_files *files)
{
	struct keep_git2_tree_row json = {.mode = KEEP_GIT2_FILE};
	struct keep_git2_tree_row dir = {.name = n->name,
					 .mode = KEEP_GIT2_DIR};
	struct walk w = {k, files, 0};
	struct keep_err why;

	if (!k->git || !k->top.n)
		return false;
	json.name = keep_mem_print(k->mem, "%.*s.json", KEEP_F(n->name));
	if (!json.name.p || k->ssl->git_id(config, false, json.id, &why) ||
	    !has(k, &json))
		return false;
	if (!files->n)
		return lacks(k, &dir);
	return tree(&w, 1, dir.id) && w.next == files->n && has(k, &dir);
}

int keep_committed_begin(struct keep_ctx *c, struct keep_committed *k,
			 struct keep_err *e)
{
	struct keep_err why;

	k->mem = c->mem;
	k->ssl = keep_library_symbol(c->run_dir, KEEP_S("openssl"),
				     "keep_openssl_api", &why);
	k->git = !k->ssl ? NULL :
		 keep_library_symbol(c->run_dir, KEEP_S("git2"),
				     "keep_git2_api", &why);
	if (k->git && k->git->begin(&why))
		k->git = NULL;
	if (k->git && k->git->tree(c->mem, keep_fd_get(&c->instance),
				   "compiled", &k->top, &why) &&
	    why.code == KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	return 0;
}

void keep_committed_end(struct keep_committed *k)
{
	if (k->git)
		k->git->end();
	*k = (struct keep_committed){0};
}
