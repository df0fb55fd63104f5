#include "fn.h"

static void put_row(struct keep_buf *out, const struct keep_expr_fn *fn)
{
	keep_buf_print(out, "%s(%s)\n    %s\n", fn->name, fn->args, fn->result);
	if (fn->missing[0])
		keep_buf_print(out, "    missing or empty: %s\n", fn->missing);
	keep_buf_print(out, "    %s  gives  %s\n", fn->example, fn->gives);
}

void keep_expr_help(struct keep_buf *out)
{
	const struct keep_fn *fn;
	int methods;
	size_t i;

	for (methods = 0; methods < 2; methods++) {
		keep_buf_text(out, methods ? "\nMethods\n\n" : "Functions\n\n");
		for (i = 0; (fn = keep_fn_at(i)); i++)
			if ((fn->on != NULL) == methods)
				put_row(out, &fn->doc);
	}
}
