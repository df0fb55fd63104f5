/* JSONTestSuite (MIT), in t/vectors/json: y_ is read, n_ is refused, i_ may be
 * either. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <keep/json.h>
#include "tap.h"

#define SUITE "t/vectors/json/test_parsing"

/* Of the suite's good documents, those that keep refuses. */
static const struct {
	const char *name, *reason;
} refused[] = {
	{"y_object_duplicated_key.json", "the key \"a\" stands here again"},
	{"y_object_duplicated_key_and_value.json",
	 "the key \"a\" stands here again"},
	{"y_object_escaped_null_in_key.json", "\\u0000: a text holds no NUL"},
	{"y_string_null_escape.json", "\\u0000: a text holds no NUL"},
};

/* Of the suite's bad documents, those that the instance dialect reads: all
 * the difference is comments. */
static const char *const commented[] = {
	"n_object_trailing_comment.json",
	"n_object_trailing_comment_slash_open.json",
	"n_structure_object_with_comment.json",
};

static struct keep_slice load(struct keep_mem *m, const char *name)
{
	struct keep_slice path = keep_mem_print(m, SUITE "/%s", name);
	struct keep_buf b = {.mem = m};
	FILE *f = path.p ? fopen(path.p, "r") : NULL;
	char part[4096];
	size_t n;

	if (!f)
		return (struct keep_slice){0};
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		keep_buf_put(&b, part, n);
	fclose(f);
	return keep_buf_get(&b);
}

static const char *reason_of(const char *name)
{
	for (size_t i = 0; i < KEEP_COUNT(refused); i++)
		if (!strcmp(refused[i].name, name))
			return refused[i].reason;
	return NULL;
}

static bool is_commented(const char *name)
{
	for (size_t i = 0; i < KEEP_COUNT(commented); i++)
		if (!strcmp(commented[i], name))
			return true;
	return false;
}

static void suite_file(const char *name)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m}, more = {.mem = &m};
	struct keep_slice text = load(&m, name);
	const char *reason = reason_of(name);
	struct keep_json v;
	int strict, instance;

	strict = keep_json_read(&m, text, NULL, KEEP_JSON_STRICT, &ps, &v);
	instance = keep_json_read(&m, text, NULL, KEEP_JSON_INSTANCE, &more,
				  &v);
	if (reason)
		is_text(ps.first ? ps.first->message : KEEP_S(""), reason,
			"%s is refused for what keep does not take", name);
	else if (name[0] == 'y')
		ok(!strict && !instance, "%s is read in both dialects", name);
	else if (name[0] == 'i')
		ok(strict == instance, "%s: both dialects agree", name);
	else if (is_commented(name))
		ok(strict && !instance, "%s is read as instance only", name);
	else
		ok(strict && instance && ps.first && ps.first->line,
		   "%s is refused with its place", name);
}

static void suite(void)
{
	struct dirent **entries;
	int n = scandir(SUITE, &entries, NULL, alphasort);

	is_int(n, 318 + 2, "the whole suite is there");
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			suite_file(entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int main(void)
{
	suite();
	return done();
}
