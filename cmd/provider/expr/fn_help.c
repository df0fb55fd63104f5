#include "fn.h"

static void put_row(struct keep_buf *out, const struct keep_expr_fn *fn)
{
	keep_buf_print(out, "%s(%s)\n    %s\n", fn->name, fn->args, fn->result);
	if (fn->missing[0])
		keep_buf_print(out, "    missing or empty: %s\n", fn->missing);
	keep_buf_print(out, "    %s  gives  %s\n", fn->example, fn->gives);
}

static const char language[] =
	"A text that begins with \"= \" is an expression; \"== x\" is the "
	"text \"= x\".\n\n"
	"Values\n\n"
	"  1  -1  true  false  null  [a, b]  {key: a}\n"
	"  'text'  '' in it is a quote, ${x} puts a value in, $$ is a dollar\n"
	"\nNames\n\n"
	"  name              a property of the node; a.b.c goes deeper\n"
	"  self              the node; self['a-key'] where a key is no name\n"
	"  self.facts        what `keep node facts --update` wrote of it\n"
	"  provider          provider.json, for the node's environment\n"
	"  services.S tags.T a service, a tag, as this node would have it\n"
	"  env platform      env.name, env.provider; platform.version\n"
	"  nodes peers near  all enabled nodes; of the same environment;\n"
	"                    at the same location too; ordered by name\n"
	"\nOperators, the last binds closest\n\n"
	"  c ? a : b         c is true or false, nothing else\n"
	"  a || b  a ?? b    ?? gives b where a is null, missing or empty\n"
	"  a && b\n"
	"  == != < <= > >= in\n"
	"  a + b  a - b      + joins texts and lists too\n"
	"  a * b  a / b  a % b   integers\n"
	"  !a  -a\n"
	"  a.b  a?.b  a[i]   ?. gives null where b is missing\n"
	"  set[p: v, !q: w]  the nodes whose p is v, and whose q is not w; a\n"
	"                    list v: any of it; a list p: contains v\n"
	"  list.map(x: e)    x is bound to each element in e\n"
	"\n";

static const char templates[] =
	"\nTemplates\n\n"
	"A template is a text below files/templates/, which the property "
	"`files`\nor template() renders for a node:\n\n"
	"  ${x}              the value of an expression; $$ is a dollar\n"
	"  % for x in LIST   until `% end`, for each of a list or a set\n"
	"  % if CONDITION    until `% else` or `% end`; lines that begin with\n"
	"  % else            a percent sign vanish\n"
	"  % end\n"
	"  %%                at the beginning of a line: a percent sign\n";

void keep_expr_help(struct keep_buf *out)
{
	const struct keep_fn *fn;
	int methods;
	size_t i;

	keep_buf_text(out, language);
	for (methods = 0; methods < 2; methods++) {
		keep_buf_text(out, methods ? "\nMethods\n\n" : "Functions\n\n");
		for (i = 0; (fn = keep_fn_at(i)); i++)
			if ((fn->on != NULL) == methods)
				put_row(out, &fn->doc);
	}
	keep_buf_text(out, templates);
}
