/* Expressions of leap: what they become parses, and is the same each time. */
/* uses: provider */
#include "../../cmd/provider/expr/ast.h"
#include "../../cmd/provider/leap/leap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is more than the texts: trees of both languages. */
enum { ROOM = 8 << 20 };

static const struct keep_json_member members[] = {
	{.key = {"a", 1}}, {.key = {"web", 3}},
};
static const struct keep_json own = {
	.type = KEEP_JSON_OBJECT, .n = KEEP_COUNT(members), .members = members,
};

static struct keep_slice rewrite(struct keep_mem *m,
				 const struct keep_ruby *ruby)
{
	struct keep_parse_fault fault = {0};
	const struct keep_ast *ast;
	struct keep_slice kx = {0};
	struct keep_err e = {0};
	int rc = keep_ruby_rewrite(m, ruby, &kx, &e);

	if (m->used > ROOM)
		__builtin_trap();
	if (rc) {
		if (rc != -KEEP_E_BAD_ARGS || !e.message[0])
			__builtin_trap();
		return keep_mem_print(m, "%s", e.message);
	}
	if (kx.len > KEEP_RUBY_RESULT || keep_parse(m, kx, &ast, &fault))
		__builtin_trap();
	return kx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct keep_slice text = {(const char *)data, size};
	const struct keep_ruby roots[] = {
		{.text = text},
		{.text = text, .object = KEEP_S("provider")},
		{.text = text, .object = KEEP_S("services.web"), .own = &own},
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(roots); i++) {
		KEEP_AUTO(keep_mem) first = {0}, second = {0};

		if (!keep_slice_eq(rewrite(&first, &roots[i]),
				   rewrite(&second, &roots[i])))
			__builtin_trap();
	}
	return 0;
}
