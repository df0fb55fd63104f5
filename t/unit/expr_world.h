/* A small world without files: environments and merged nodes from one JSON
 * text, and sources that give the same each time. */
#ifndef EXPR_WORLD_H
#define EXPR_WORLD_H

#include "../../cmd/provider/expr/expr.h"

static const char expr_world_text[] =
"{\n"
"\"platform\": {\"version\": \"0.3\", \"commit\": \"abc\"},\n"
"\"envs\": {\n"
"  \"default\": {\"provider\": {\"domain\": \"example.org\"}},\n"
"  \"prod\": {\n"
"    \"provider\": {\n"
"      \"domain\": \"example.com\",\n"
"      \"zone\": \"= 'zone of ' + name\",\n"
"      \"contacts\": {\"default\": [\"root@example.com\", \"ops@a.b\"]},\n"
"      \"levels\": {\"1\": {\"name\": \"free\", \"rate\": 0},\n"
"                   \"2\": {\"name\": \"pro\"}},\n"
"      \"ratio\": 1.50, \"nothing\": null},\n"
"    \"services\": {\n"
"      \"db\": {\"db\": {\"port\": 5432, \"who\": \"= name + '.db'\"}},\n"
"      \"web\": {\"web\": {\"port\": 80}}},\n"
"    \"tags\": {\"prod\": {\"environment\": \"prod\"}}}},\n"
"\"nodes\": {\n"
"  \"web1\": {\n"
"    \"environment\": \"prod\", \"services\": [\"web\", \"dns\"],\n"
"    \"tags\": [\"prod\"], \"ip_address\": \"10.0.0.1\",\n"
"    \"location\": {\"name\": \"Paris\"},\n"
"    \"domain\": {\"full\": \"= name + '.' + provider.domain\",\n"
"                 \"internal\": \"= domain.full + '.i'\"},\n"
"    \"web\": {\"port\": 80, \"url\": \"= 'http://${domain.full}/'\"},\n"
"    \"one\": \"= 1\", \"two\": \"= one + one\", \"lit\": \"== x\",\n"
"    \"list\": [3, \"= 1 + 1\", \"x\"], \"my-key\": true,\n"
"    \"yes\": true, \"empty\": {}, \"none\": [], \"nil\": null,\n"
"    \"pw\": \"= secret('db')\", \"tls\": {\"pw\": \"= pw\"},\n"
"    \"faults\": null,\n"
"    \"self_a\": \"= self_a\", \"ring_a\": \"= ring_b\",\n"
"    \"ring_b\": \"= {c: ring_c}\", \"ring_c\": \"= ring_a.c\",\n"
"    \"knot\": {\"k\": \"= knot\"}, \"forged\": \"a <secret db> b\",\n"
"    \"broken\": \"= 1 +\", \"typo\": \"= domain.ful\",\n"
"    \"typo2\": \"= typo\", \"escaped\": \"= 1 +\\t'\\\"' + nil\"},\n"
"  \"web2\": {\n"
"    \"environment\": \"default\", \"services\": [\"web\"], \"tags\": [],\n"
"    \"ip_address\": \"10.0.0.2\", \"ip_addresses\": [\"10.1.0.2\"],\n"
"    \"networks\": {\"lan\": \"fd00::2\"}, \"web\": {\"port\": 8080}},\n"
"  \"db1\": {\n"
"    \"environment\": \"prod\", \"services\": [\"db\"], \"tags\": [\"prod\"],\n"
"    \"ip_address\": \"10.0.0.3\", \"location\": {\"name\": \"Oslo\"},\n"
"    \"db\": {\"port\": 5432,\n"
"           \"clients\": \"= peers[services: 'web'].names()\"},\n"
"    \"webs\": \"= link(peers[services: 'web'], 80)\"},\n"
"  \"old1\": {\n"
"    \"environment\": \"default\", \"services\": [], \"tags\": [],\n"
"    \"ip_address\": \"10.0.0.4\"},\n"
"  \"zz\": {\n"
"    \"environment\": \"prod\", \"services\": [\"web\"], \"tags\": [],\n"
"    \"enabled\": false, \"ip_address\": \"10.0.0.9\"}}}\n";

static inline int host_file(struct keep_world *w, struct keep_slice path,
			    struct keep_slice *content, struct keep_err *e)
{
	(void)w;
	if (keep_slice_is(path, "motd"))
		*content = KEEP_S("hello\n");
	else if (keep_slice_is(path, "forged"))
		*content = KEEP_S("<keypair tls>");
	else if (keep_slice_is(path, "ca.crt"))
		*content = KEEP_S("of x\n-----BEGIN CERTIFICATE-----\r\n"
				  "eA=\n=\n-----END CERTIFICATE-----\nno");
	else if (keep_slice_is(path, "cut.crt"))
		*content = KEEP_S("-----BEGIN CERTIFICATE-----\neA==\n");
	else if (keep_slice_is(path, "odd.crt"))
		*content = KEEP_S("-----BEGIN CERTIFICATE-----\nx\n"
				  "-----END CERTIFICATE-----\n");
	else if (keep_slice_is(path, "keys/host.pub"))
		*content = KEEP_S("ssh-rsa AAAAB3NzaC1yc2F4 root@web1\r\n");
	else if (keep_slice_is(path, "other.pub"))
		*content = KEEP_S("ssh-dsa AAAAB3NzaC1yc2F4 root@web1\n");
	else if (keep_slice_is(path, "bytes"))
		*content = KEEP_S("\xff");
	else
		return keep_fail(e, KEEP_E_NOT_FOUND, "files/%.*s: not found",
				 KEEP_F(path));
	return 0;
}

/* Those of the tests, by name; greet is there always. */
static inline int host_template(struct keep_world *w, struct keep_slice path,
				struct keep_slice *content,
				struct keep_slice *name, struct keep_err *e)
{
	const struct keep_json *own = w->host_data, *found =
		own ? keep_json_get(own, path) : NULL;

	*name = keep_mem_print(w->mem, "templates/%.*s", KEEP_F(path));
	if (found)
		*content = keep_json_text(found);
	else if (keep_slice_is(path, "greet"))
		*content = KEEP_S("hello ${who}\n");
	else
		return keep_fail(e, KEEP_E_NOT_FOUND, "templates/%.*s: not "
				 "found", KEEP_F(path));
	return 0;
}

static inline int host_secret(struct keep_world *w,
			      const struct keep_node *node,
			      struct keep_slice name, bool given, bool *made,
			      struct keep_err *e)
{
	(void)w;
	(void)node;
	(void)e;
	(void)given;
	*made = !keep_slice_is(name, "new");
	return 0;
}

static inline int host_randint(struct keep_world *w, struct keep_slice name,
			       int64_t lo, int64_t hi, int64_t *v,
			       struct keep_err *e)
{
	(void)w;
	(void)name;
	(void)hi;
	(void)e;
	*v = lo;
	return 0;
}

static inline int host_pick(struct keep_world *w, struct keep_slice label,
			    const struct keep_slice *names, size_t n,
			    size_t *chosen, struct keep_err *e)
{
	(void)w;
	(void)label;
	(void)names;
	(void)n;
	(void)e;
	*chosen = 0;
	return 0;
}

static inline int host_keys(struct keep_world *w, const struct keep_node *node,
			    struct keep_slices *lines, struct keep_err *e)
{
	static const struct keep_slice line = {"ssh-ed25519 AAAA ada", 20};

	(void)w;
	(void)node;
	(void)e;
	*lines = (struct keep_slices){&line, 1};
	return 0;
}

static const struct keep_host expr_host = {
	.file = host_file, .template = host_template, .secret = host_secret,
	.randint = host_randint, .pick = host_pick,
	.keys = host_keys,
};

static inline struct keep_slices expr_texts(struct keep_mem *m,
					    const struct keep_json *list)
{
	struct keep_slice *v = list && list->n ?
		KEEP_NEWS(m, list->n, struct keep_slice) : NULL;
	size_t i;

	for (i = 0; v && i < list->n; i++)
		v[i] = keep_json_text(&list->list[i]);
	return (struct keep_slices){v, v ? list->n : 0};
}

static inline struct keep_json expr_at(const struct keep_json *v,
				       const char *key)
{
	const struct keep_json *found = keep_json_get(v, keep_slice(key));

	return found ? *found :
		(struct keep_json){.type = KEEP_JSON_OBJECT};
}

static inline struct keep_objects expr_objects(struct keep_mem *m,
					       struct keep_json v)
{
	struct keep_object *o = v.n ? KEEP_NEWS(m, v.n, struct keep_object)
				    : NULL;
	size_t i;

	for (i = 0; o && i < v.n; i++)
		o[i] = (struct keep_object){v.members[i].key,
					    v.members[i].value};
	return (struct keep_objects){o, o ? v.n : 0};
}

static inline int expr_by_name(const void *p, const void *q)
{
	const struct keep_node *a = p, *b = q;

	return keep_slice_cmp(a->name, b->name);
}

static inline bool expr_nodes(struct keep_world *w, const struct keep_json *v)
{
	size_t i;

	w->nodes = KEEP_NEWS(w->mem, v->n, struct keep_node);
	if (!w->nodes)
		return false;
	w->n_nodes = v->n;
	for (i = 0; i < v->n; i++) {
		const struct keep_json *tree = &v->members[i].value;
		struct keep_json env = expr_at(tree, "environment");

		w->nodes[i] = (struct keep_node){
			.name = v->members[i].key, .tree = *tree,
			.env = keep_world_env(w, keep_json_text(&env)),
			.enabled = !keep_json_get(tree, KEEP_S("enabled")),
			.services = expr_texts(w->mem, keep_json_get(tree,
							KEEP_S("services"))),
			.tags = expr_texts(w->mem, keep_json_get(tree,
							KEEP_S("tags"))),
		};
	}
	qsort(w->nodes, w->n_nodes, sizeof *w->nodes, expr_by_name);
	for (i = 0; i < v->n; i++)
		w->nodes[i].index = i;
	return true;
}

/* Takes the properties that have faults from web1. */
static inline void expr_mend(struct keep_world *w)
{
	struct keep_json *tree;
	size_t i, k;

	for (i = 0; i < w->n_nodes; i++) {
		tree = &w->nodes[i].tree;
		for (k = 0; k < tree->n; k++)
			if (keep_slice_is(tree->members[k].key, "faults"))
				tree->n = (uint32_t)k;
	}
}

/* {"envs": {NAME: {provider, services, tags}}, "nodes": {NAME: TREE}}, both
 * names and objects in order; false without memory or after a fault. */
static inline bool expr_world(struct keep_world *w, struct keep_mem *m,
			      const char *text)
{
	static const struct keep_json_source source = {{"w.json", 6}};
	struct keep_problems ps = {.mem = m};
	struct keep_json all, envs, nodes;
	size_t i;

	*w = (struct keep_world){.mem = m, .host = &expr_host};
	if (keep_json_read(m, keep_slice(text), &source, KEEP_JSON_INSTANCE,
			   &ps, &all))
		return false;
	envs = expr_at(&all, "envs");
	nodes = expr_at(&all, "nodes");
	w->platform = expr_at(&all, "platform");
	w->envs = KEEP_NEWS(m, envs.n, struct keep_env);
	for (i = 0; w->envs && i < envs.n; i++) {
		const struct keep_json *v = &envs.members[i].value;

		w->envs[i].name = envs.members[i].key;
		w->envs[i].provider = expr_at(v, "provider");
		w->envs[i].services = expr_objects(m, expr_at(v, "services"));
		w->envs[i].tags = expr_objects(m, expr_at(v, "tags"));
	}
	w->n_envs = w->envs ? envs.n : 0;
	return w->envs && expr_nodes(w, &nodes);
}

#endif
