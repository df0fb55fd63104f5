/* What a new instance holds beside its platform. */
#include <keep/json.h>
#include "making.h"

enum { KEEPFILE = 2 }; /* files that every instance begins with */

static const struct {
	const char *path, *text; /* $N and $D: name and domain, as JSON */
} files[] = {
	{".gitignore",
	 "# the cache, secrets that are not sealed, what a kill leaves\n"
	 "/.keep/\n"
	 "/secrets.dev.json\n"
	 ".keep-*.tmp\n"},
	{"Keepfile",
	 "{\n"
	 "  \"platform\": { \"path\": \"platform\" },\n"
	 "  \"signed\": false,\n"
	 "  \"keep\": \">=0.1\"\n"
	 "}\n"},
	{"provider.json",
	 "// What holds for the whole provider.\n"
	 "{\n"
	 "  \"name\": $N,\n"
	 "  \"domain\": $D\n"
	 "}\n"},
	{"provider.production.json",
	 "// What is other in production.\n{\n}\n"},
	{"provider.staging.json",
	 "// What is other in staging.\n{\n}\n"},
	{"common.json",
	 "// What all nodes have.\n{\n}\n"},
	{"tags/production.json",
	 "// Nodes that serve users.\n"
	 "{\n  \"environment\": \"production\"\n}\n"},
	{"tags/staging.json",
	 "// Nodes on which changes are tried.\n"
	 "{\n  \"environment\": \"staging\"\n}\n"},
};

/* TEXT with its $N and $D. */
static void fill(struct keep_buf *b, const char *text, struct keep_slice name,
		 struct keep_slice domain)
{
	const char *dollar;

	while ((dollar = strchr(text, '$')) != NULL) {
		keep_buf_put(b, text, (size_t)(dollar - text));
		keep_json_put_text(b, dollar[1] == 'N' ? name : domain);
		text = dollar + 2;
	}
	keep_buf_text(b, text);
}

static int put(struct keep_making *k, size_t i, struct keep_slice name,
	       struct keep_slice domain, struct keep_err *e)
{
	struct keep_buf b = {.mem = k->m};
	int rc;

	fill(&b, files[i].text, name, domain);
	rc = keep_buf_check(&b, e);
	return rc ? rc : keep_making_put(k, files[i].path, keep_buf_get(&b),
					 0666, e);
}

int keep_making_instance(struct keep_making *k, struct keep_slice name,
			 struct keep_slice domain, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < KEEP_COUNT(files); i++)
		rc = put(k, i, name, domain, e);
	return rc;
}

int keep_making_keepfile(struct keep_making *k, struct keep_err *e)
{
	const struct keep_slice none = {0};
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < KEEPFILE; i++)
		rc = put(k, i, none, none, e);
	return rc;
}
