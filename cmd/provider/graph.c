/* keep graph: DOT, or the picture that graphviz makes of it. */
#include <fcntl.h>
#include <keep/cli.h>
#include <keep/graph.h>
#include "node/node.h"
#include "output/output.h"

enum { SVG_MAX = 256 << 20 };

static const struct keep_field args[] = {
	{KEEP_TEXTS(struct keep_graph_args, filter), .source = KEEP_REST,
	 .meta = "FILTER", .max_n = KEEP_FILTER_WORDS,
	 .complete = keep_complete_filter,
	 .help = "these nodes, and what they are linked with"},
	{KEEP_PATH(struct keep_graph_args, svg),
	 .help = "draw the picture there, by graphviz's dot"},
};
const struct keep_schema keep_graph_args_schema =
	KEEP_SCHEMA(struct keep_graph_args, args);

static const struct keep_field node_fields[] = {
	{KEEP_TEXT(struct keep_graph_node, name), .required = true,
	 .help = "the node"},
	{KEEP_TEXT(struct keep_graph_node, environment), .required = true,
	 .help = "its environment, or default"},
	{KEEP_TEXTS(struct keep_graph_node, services), .required = true,
	 .help = "what it does"},
};
static const struct keep_schema node_schema =
	KEEP_SCHEMA(struct keep_graph_node, node_fields);

static const struct keep_field link_fields[] = {
	{KEEP_TEXT(struct keep_graph_link, from), .required = true,
	 .help = "the node whose link() it is"},
	{KEEP_TEXT(struct keep_graph_link, to), .required = true,
	 .help = "the node that it leads to"},
	{KEEP_UINT(struct keep_graph_link, port), .required = true,
	 .help = "the port there"},
};
static const struct keep_schema link_schema =
	KEEP_SCHEMA(struct keep_graph_link, link_fields);

static const struct keep_field result[] = {
	{KEEP_TEXT(struct keep_graph_result, provider), .required = true,
	 .help = "the provider's domain"},
	{KEEP_STRUCTS(struct keep_graph_result, nodes, struct keep_graph_node,
		      node_schema), .required = true, .help = "the nodes"},
	{KEEP_STRUCTS(struct keep_graph_result, links, struct keep_graph_link,
		      link_schema), .required = true,
	 .help = "the links between them"},
	{KEEP_TEXT(struct keep_graph_result, svg),
	 .help = "the picture that was drawn"},
};
const struct keep_schema keep_graph_result_schema =
	KEEP_SCHEMA(struct keep_graph_result, result);

/* --- DOT -------------------------------------------------------------- */

static void put_quoted(struct keep_buf *out, struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			keep_buf_byte(out, '\\');
		keep_buf_byte(out, (uint8_t)s.p[i]);
	}
}

static void put_node(struct keep_buf *out, const struct keep_graph_node *n)
{
	size_t i;

	keep_buf_print(out, "\t\t\"%.*s\" [label=\"%.*s", KEEP_F(n->name),
		       KEEP_F(n->name));
	for (i = 0; i < n->services.n; i++) {
		keep_buf_text(out, i ? ", " : "\\n");
		put_quoted(out, n->services.v[i]);
	}
	keep_buf_text(out, "\"];\n");
}

/* Whether an earlier node is in the environment of v[i]. */
static bool env_was_put(const struct keep_graph_node *v, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (keep_slice_eq(v[j].environment, v[i].environment))
			return true;
	return false;
}

static void put_env(struct keep_buf *out, const struct keep_graph_node *v,
		    size_t i, size_t n)
{
	struct keep_slice env = v[i].environment;

	keep_buf_print(out, "\tsubgraph \"cluster_%.*s\" {\n\t\tlabel=\"%.*s\";"
		       "\n", KEEP_F(env), KEEP_F(env));
	for (; i < n; i++)
		if (keep_slice_eq(v[i].environment, env))
			put_node(out, &v[i]);
	keep_buf_text(out, "\t}\n");
}

static void put_dot(struct keep_buf *out, const struct keep_graph_result *r)
{
	const struct keep_graph_node *v = r->nodes.v;
	const struct keep_graph_link *l = r->links.v;
	size_t i;

	keep_buf_text(out, "digraph \"");
	put_quoted(out, r->provider);
	keep_buf_text(out, "\" {\n\trankdir=LR;\n\tnode [shape=box];\n");
	for (i = 0; i < r->nodes.n; i++)
		if (!env_was_put(v, i))
			put_env(out, v, i, r->nodes.n);
	for (i = 0; i < r->links.n; i++)
		keep_buf_print(out, "\t\"%.*s\" -> \"%.*s\" [label=\"%u\"];\n",
			       KEEP_F(l[i].from), KEEP_F(l[i].to), l[i].port);
	keep_buf_text(out, "}\n");
}

void keep_graph_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_graph_result *r = v->result;

	if (r->svg.p)
		keep_buf_print(out, "%.*s\n", KEEP_F(r->svg));
	else
		put_dot(out, r);
}

/* --- what is in it ----------------------------------------------------- */

static int links_of(struct keep_build *b, const struct keep_edge **edges,
		    size_t *n, struct keep_err *e)
{
	struct keep_problems ps = {.mem = b->world->mem};
	int code = keep_eval_edges(b->ev, &ps, edges, n);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	return code ? keep_problems_fail(&ps, e, KEEP_E_BAD_ARGS,
					 "the instance") : 0;
}

/* Those that an edge joins to one of the filter are shown, too. */
static int choose(struct keep_ctx *c, struct keep_build *b,
		  struct keep_slices filter, bool **show, struct keep_err *e)
{
	struct keep_err none = {0};
	const struct keep_edge *edges;
	bool *chosen;
	size_t i, n;
	int code = keep_build_filter(b, filter, &chosen, &none);

	if (code && code != -KEEP_E_NOT_FOUND) {
		*e = none;
		return code;
	}
	code = links_of(b, &edges, &n, e);
	if (code)
		return code;
	*show = KEEP_NEWS(c->mem, b->world->n_nodes, bool);
	if (!*show)
		return keep_no_memory(e);
	for (i = 0; i < b->world->n_nodes; i++)
		(*show)[i] = chosen[i];
	for (i = 0; i < n; i++) {
		(*show)[edges[i].from] |= chosen[edges[i].to];
		(*show)[edges[i].to] |= chosen[edges[i].from];
	}
	return 0;
}

static int put_nodes(struct keep_ctx *c, const struct keep_build *b,
		     const bool *show, struct keep_list *out,
		     struct keep_err *e)
{
	static const struct keep_slice none;
	const struct keep_node *n = b->world->nodes;
	struct keep_graph_node *v = KEEP_NEWS(c->mem, b->world->n_nodes,
					      struct keep_graph_node);
	size_t i, count = 0;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < b->world->n_nodes; i++)
		if (show[i])
			v[count++] = (struct keep_graph_node){
				n[i].name, n[i].env->name,
				n[i].services.v ? n[i].services :
				(struct keep_slices){&none, 0},
			};
	*out = (struct keep_list){v, count};
	return 0;
}

static int put_links(struct keep_ctx *c, struct keep_build *b,
		     const bool *show, struct keep_list *out,
		     struct keep_err *e)
{
	const struct keep_node *nodes = b->world->nodes;
	const struct keep_edge *edges;
	struct keep_graph_link *v;
	size_t i, n, count = 0;
	int code = links_of(b, &edges, &n, e);

	v = code ? NULL : KEEP_NEWS(c->mem, n, struct keep_graph_link);
	if (!v)
		return code ? code : keep_no_memory(e);
	for (i = 0; i < n; i++)
		if (show[edges[i].from] && show[edges[i].to])
			v[count++] = (struct keep_graph_link){
				nodes[edges[i].from].name,
				nodes[edges[i].to].name, edges[i].port,
			};
	*out = (struct keep_list){v, count};
	return 0;
}

static int draw(struct keep_ctx *c, const struct keep_graph_result *r,
		struct keep_slice path, struct keep_err *e)
{
	static const char *const dot[] = {"dot", "-Tsvg", NULL};
	struct keep_buf text = {.mem = c->mem};
	struct keep_slice svg = {0};
	struct keep_program p = {dot, {0}, SVG_MAX};
	int code;

	put_dot(&text, r);
	code = keep_buf_check(&text, e);
	if (code)
		return code;
	p.input = keep_buf_get(&text);
	code = keep_program_run(c, &p, &svg, e);
	if (code == -KEEP_E_NOT_FOUND)
		return keep_hint(e, "install graphviz, or draw elsewhere what "
				 "`keep graph` prints");
	path = keep_mem_copy(c->mem, path);
	if (code || !path.p)
		return code ? code : keep_no_memory(e);
	return keep_file_replace(AT_FDCWD, path.p, svg, 0644, e);
}

int keep_graph(struct keep_ctx *c, const struct keep_graph_args *a,
	       struct keep_graph_result *r, struct keep_err *e)
{
	const struct keep_json *domain;
	struct keep_build b = {0};
	bool *show;
	int code = keep_build(c, KEEP_MAKE_NONE, &b, e);

	if (!code)
		code = choose(c, &b, a->filter, &show, e);
	if (!code)
		code = put_nodes(c, &b, show, &r->nodes, e);
	if (!code)
		code = put_links(c, &b, show, &r->links, e);
	if (code)
		return code;
	domain = b.world->n_envs ? keep_json_at(&b.world->envs[0].provider,
						KEEP_S("domain")) : NULL;
	r->provider = domain && domain->type == KEEP_JSON_TEXT ?
		keep_json_text(domain) : KEEP_S("provider");
	code = a->svg.p ? draw(c, r, a->svg, e) : 0;
	r->svg = a->svg;
	return code;
}
