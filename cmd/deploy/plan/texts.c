/* .keep/parts/ */
#include <fcntl.h>
#include <unistd.h>
#include <keep/hash.h>
#include <keep/plan.h>
#include <keep/text.h>
#include "texts.h"

enum { HEX = 2 * KEEP_SHA256_LEN, HEAD = HEX + 1 };
static const char parts[] = ".keep/parts";

int keep_texts_begin(struct keep_ctx *c, struct keep_texts *t,
		     struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance);
	int rc = keep_dir_make(dir, ".keep", 0755, e);

	*t = (struct keep_texts){0};
	if (!rc)
		rc = keep_dir_make(dir, parts, 0700, e);
	if (!rc)
		rc = keep_open(dir, parts, O_RDONLY | O_DIRECTORY, 0,
			       KEEP_NO_LINKS, &t->dir, e);
	return rc ? keep_err_at(e, "%s", parts) : 0;
}

void keep_texts_end(struct keep_texts *t)
{
	if (t->changed)
		keep_dir_trim(keep_fd_get(&t->dir), ".", KEEP_TEXTS_N,
				KEEP_TEXTS_BYTES);
	keep_fd_end(&t->dir);
}

/* HASH of "0644 120 HASH ", the blank being there or not. */
static const char *hash_of(const struct keep_manifest_line *line)
{
	const char *end = line->rest.p + line->rest.len;

	return end - HEX - (end[-1] == ' ');
}

/* It is the name of a file. */
static void name_of(const struct keep_manifest_line *line, char name[HEX + 1])
{
	memcpy(name, hash_of(line), HEX);
	name[HEX] = 0;
}

uint64_t keep_texts_size(const struct keep_manifest_line *line)
{
	const char *at = line->rest.p + sizeof "0644 " - 1;
	const char *end = hash_of(line) - 1;
	uint64_t size = 0;

	return end > at && keep_num_uint((struct keep_slice){
			at, (size_t)(end - at)}, &size) ? size : UINT64_MAX;
}

/* "HASH\n" of a text. */
static void head_of(struct keep_slice text, struct keep_buf *out)
{
	uint8_t hash[KEEP_SHA256_LEN];

	keep_sha256(text, hash);
	keep_hex_put(out, hash, sizeof hash);
	keep_buf_byte(out, '\n');
}

static bool is_of(const struct keep_manifest_line *line, const char *hash)
{
	return line->secret || keep_bytes_equal(hash_of(line), hash, HEX);
}

static bool is_whole(struct keep_slice file,
		     const struct keep_manifest_line *line)
{
	KEEP_AUTO(keep_buf) head = {0};

	if (file.len < HEAD)
		return false;
	head_of((struct keep_slice){file.p + HEAD, file.len - HEAD}, &head);
	return !head.failed && keep_bytes_equal(head.p, file.p, HEAD) &&
	       is_of(line, head.p);
}

struct keep_slice keep_texts_get(struct keep_texts *t, struct keep_mem *m,
				 const struct keep_manifest_line *line)
{
	struct keep_slice file, none = {0};
	char name[HEX + 1];

	name_of(line, name);
	if (keep_file_read(m, keep_fd_get(&t->dir), name,
			   KEEP_PLAN_TEXT + HEAD, &file, NULL))
		return none;
	if (is_whole(file, line))
		return (struct keep_slice){file.p + HEAD, file.len - HEAD};
	keep_ignore(unlinkat(keep_fd_get(&t->dir), name, 0),
		    "it is of no use to anyone");
	return none;
}

static int write_to(struct keep_texts *t, const char *name,
		    struct keep_slice head, struct keep_slice text)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_open(keep_fd_get(&t->dir), name, O_WRONLY | O_CREAT |
			   O_TRUNC, 0600, KEEP_NO_LINKS, &fd, NULL);

	if (!rc)
		rc = keep_fd_write(keep_fd_get(&fd), head, NULL);
	return rc ? rc : keep_fd_write(keep_fd_get(&fd), text, NULL);
}

static bool has(const struct keep_texts *t, const char *name)
{
	return !faccessat(keep_fd_get(&t->dir), name, F_OK,
			  AT_SYMLINK_NOFOLLOW);
}

static void put(struct keep_texts *t, const char *name, bool secret,
		struct keep_slice text)
{
	KEEP_AUTO(keep_buf) head = {0};

	if (text.len > KEEP_PLAN_TEXT || has(t, name))
		return;
	head_of(text, &head);
	if (head.failed || !(secret || keep_bytes_equal(name, head.p, HEX)))
		return;
	t->changed = true;
	keep_ignore(write_to(t, name, keep_buf_get(&head), text),
		    "a diff less; what is torn is not read");
}

bool keep_texts_has(const struct keep_texts *t,
		    const struct keep_manifest_line *line)
{
	char name[HEX + 1];

	name_of(line, name);
	return has(t, name);
}

void keep_texts_put(struct keep_texts *t,
		    const struct keep_manifest_line *line,
		    struct keep_slice text)
{
	char name[HEX + 1];

	name_of(line, name);
	put(t, name, line->secret, text);
}

void keep_texts_put_part(struct keep_texts *t, const struct keep_part *part)
{
	KEEP_AUTO(keep_buf) name = {0};
	struct keep_slice text = part->shown;
	struct keep_err why;

	keep_buf_put(&name, part->of->rest.p + part->of->rest.len - 1 - HEX,
		     HEX);
	keep_buf_byte(&name, '\0');
	if (name.failed)
		return;
	if (part->source && part->source->len <= KEEP_PLAN_TEXT &&
	    !has(t, name.p) && !keep_material_read(part->source, &why))
		text = part->source->content;
	if (text.p)
		put(t, name.p, part->secret, text);
}
