/* One value as it was typed, into CBOR. */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#include "argv.h"

enum { BLOB_DEFAULT = 16 << 20 };

static void report(struct keep_words *a, const struct keep_slot *s,
		   const struct keep_err *e)
{
	struct keep_slice called = keep_argv_called(a, s);

	a->no_memory |= e->code == KEEP_E_NO_MEMORY;
	if (e->problems && e->problems->first)
		keep_problem(a->faults, called, 0, 0, "%.*s",
			     KEEP_F(e->problems->first->message));
	else
		keep_problem(a->faults, called, 0, 0, "%s", e->message);
	if (e->hint[0])
		keep_problem_hint(a->faults, "%s", e->hint);
}

/* PATH from where the caller stands; absent on failure. */
static struct keep_slice absolute(struct keep_ctx *c, struct keep_slice path,
				  struct keep_err *e)
{
	struct keep_slice full;
	char link[64], here[PATH_MAX];
	ssize_t n = 0;

	snprintf(link, sizeof link, "/proc/self/fd/%d",
		 keep_fd_get(&c->caller_dir));
	if (!keep_slice_starts(path, "/"))
		n = readlink(keep_fd_get(&c->caller_dir) < 0 ?
			     "/proc/self/cwd" : link, here, sizeof here);
	if (n < 0 || n == sizeof here) {
		keep_fail_errno(e, "the current directory");
		return (struct keep_slice){0};
	}
	full = keep_mem_print(c->mem, "%.*s%s%.*s", (int)n, here,
			      n ? "/" : "", KEEP_F(path));
	if (!full.p)
		keep_no_memory(e);
	return full;
}

static int open_file(struct keep_ctx *c, struct keep_slice file,
		     struct keep_fd *fd, struct keep_err *e)
{
	struct keep_slice path = absolute(c, file, e);

	if (!path.p)
		return -e->code;
	return keep_open(AT_FDCWD, path.p, O_RDONLY, 0, KEEP_BENEATH, fd, e);
}

int keep_argv_file(struct keep_ctx *c, struct keep_slice file, size_t max,
		   struct keep_slice *bytes, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};

	if (keep_slice_is(file, "-"))
		return keep_fd_read(c->mem, STDIN_FILENO, max, bytes, e);
	if (open_file(c, file, &fd, e))
		return -e->code;
	if (keep_fd_read(c->mem, keep_fd_get(&fd), max, bytes, e))
		return keep_err_at(e, "%.*s", KEEP_F(file));
	return 0;
}

/* JSON when it parses as JSON, else a text. */
static void put_item(struct keep_words *a, struct keep_slice text,
		     struct keep_buf *out)
{
	struct keep_problems faults = {.mem = a->c->mem};
	struct keep_json v = {0};

	if (keep_json_read(a->c->mem, text, NULL, KEEP_JSON_STRICT, &faults,
			   &v) == 0)
		keep_json_to_cbor(&v, out);
	else
		keep_cbor_put_text(out, text);
}

static void put_blob(struct keep_words *a, const struct keep_slot *s,
		     struct keep_slice file, struct keep_buf *out)
{
	uint64_t max = s->field->max ? s->field->max : BLOB_DEFAULT;
	struct keep_slice bytes = {0};
	struct keep_err e = {0};

	if (keep_argv_file(a->c, file, max, &bytes, &e))
		report(a, s, &e);
	else
		keep_cbor_put_bytes(out, bytes);
}

static void put_path(struct keep_words *a, const struct keep_slot *s,
		     struct keep_slice path, struct keep_buf *out)
{
	struct keep_err e = {0};
	struct keep_slice full = {0};

	if (path.len == 0)
		keep_fail(&e, KEEP_E_BAD_ARGS, "'' is not a path");
	else
		full = absolute(a->c, path, &e);
	if (!keep_utf8_ok(full))
		keep_fail(&e, KEEP_E_BAD_ARGS, "'%.*s' is not UTF-8",
			  KEEP_F(full));
	if (e.code)
		report(a, s, &e);
	else
		keep_cbor_put_text(out, full);
}

/* "fd:N", "file:F": the bytes of it, in locked memory until they are put. */
static void read_secret(struct keep_words *a, const struct keep_slot *s,
			struct keep_slice from, struct keep_buf *out)
{
	bool is_fd = keep_slice_starts(from, "fd:");
	struct keep_slice name = {from.p + (is_fd ? 3 : 5),
				  from.len - (is_fd ? 3 : 5)};
	uint64_t max = s->field->max ? s->field->max : 65536, number = 0;
	KEEP_AUTO(keep_secret) secret = {0};
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_err e = {0};
	int rc;

	if (is_fd && (!keep_num_uint(name, &number) || number > 65535))
		rc = keep_fail(&e, KEEP_E_BAD_ARGS,
			       "'%.*s' is not a descriptor", KEEP_F(name));
	else if (is_fd)
		rc = keep_secret_read(&secret, (int)number, max, &e);
	else
		rc = open_file(a->c, name, &fd, &e);
	if (!rc && !is_fd)
		rc = keep_secret_read(&secret, keep_fd_get(&fd), max, &e);
	if (rc)
		report(a, s, &e);
	else
		keep_cbor_put_bytes(out, (struct keep_slice){
			(const char *)secret.p, secret.len});
}

/* Nobody is asked for what is thrown away: only when all else is right. */
static void ask_later(struct keep_words *a, struct keep_slot *s,
		      const struct keep_buf *out)
{
	struct keep_slot **end = &a->asked;

	while (*end)
		end = &(*end)->asked_next;
	s->asked_at = out->len;
	*end = s;
}

static void ask(struct keep_words *a, const struct keep_slot *s,
		struct keep_buf *item)
{
	struct keep_slice answer = {0};
	struct keep_err e = {0};

	if (!a->c->ask)
		keep_fail(&e, KEEP_E_INTERACTIVE, "is missing");
	else if (!a->c->ask(a->c, KEEP_ASK_SECRET, s->name, &answer, &e))
		keep_cbor_put_bytes(item, answer);
	if (!e.code)
		return;
	keep_hint(&e, "give --%s-fd N or --%s-file FILE", s->name, s->name);
	report(a, s, &e);
}

void keep_argv_ask(struct keep_words *a, struct keep_buf *out)
{
	const struct keep_slot *s = a->asked;
	size_t moved = 0;

	for (; s && !a->faults->total; s = s->asked_next) {
		struct keep_buf item = {.mem = a->c->mem};

		ask(a, s, &item);
		a->no_memory |= item.failed;
		keep_buf_insert(out, s->asked_at + moved,
				keep_buf_get(&item).p, item.len);
		moved += item.len;
	}
}

static void put_json(struct keep_words *a, const struct keep_slot *s,
		     struct keep_slice text, struct keep_buf *out)
{
	struct keep_problems *faults = KEEP_NEW(a->c->mem,
						struct keep_problems);
	struct keep_json v = {0};
	struct keep_err e = {0};
	int rc;

	if (!faults) {
		a->no_memory = true;
		return;
	}
	faults->mem = a->c->mem;
	rc = keep_json_read(a->c->mem, text, NULL, KEEP_JSON_STRICT, faults,
			    &v);
	if (rc)
		rc = keep_problems_fail(faults, &e, KEEP_E_BAD_ARGS, "JSON");
	if (!rc)
		rc = keep_form_read(a->c->mem, s->field->sub, &v, out, &e);
	if (rc)
		report(a, s, &e);
}

static void put_secret(struct keep_words *a, struct keep_slot *s,
		       struct keep_slice from, struct keep_buf *out)
{
	if (keep_slice_is(from, "ask:"))
		ask_later(a, s, out);
	else if (!keep_slice_is(from, "refused:"))
		read_secret(a, s, from, out);
}

void keep_argv_value(struct keep_words *a, struct keep_slot *s,
		     struct keep_slice text, struct keep_buf *out)
{
	struct keep_err e = {0};

	switch (s->field->type) {
	case KEEP_T_ITEM:
		put_item(a, text, out);
		break;
	case KEEP_T_BLOB:
		put_blob(a, s, text, out);
		break;
	case KEEP_T_PATH:
		put_path(a, s, text, out);
		break;
	case KEEP_T_SECRET:
		put_secret(a, s, text, out);
		break;
	case KEEP_T_STRUCT:
		put_json(a, s, text, out);
		break;
	default:
		if (keep_field_parse(a->c->mem, s->field, text, out, &e))
			report(a, s, &e);
	}
}
