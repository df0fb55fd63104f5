/* Filters select nodes (PROVIDER 4). */
/* uses: provider */
#include "tap.h"
#include "../../cmd/provider/instance/instance.h"

/* A small world, written as a table: words apart by blanks. */
static const struct {
	const char *name, *env, *services, *tags;
	bool enabled;
} table[] = {
	{"couch1", "default", "couchdb", "seattle", true},
	{"mx1", "default", "mx", "seattle", true},
	{"ns1", "default", "dns", "", true},
	{"old1", "default", "dns", "", false},
	{"pcouch1", "production", "couchdb", "production seattle", true},
	{"pold1", "production", "webapp", "production", false},
	{"pweb1", "production", "webapp", "production", true},
	{"sweb1", "staging", "webapp dns", "staging", true},
	{"web1", "default", "webapp", "mx", true},
};
static const char *const envs[] = {"default", "production", "staging"};
static const char *const services[] = {"couchdb", "dns", "mx", "webapp"};
static const char *const tags[] = {
	"mx", "production", "seattle", "staging", "unused"
};
enum { N = KEEP_COUNT(table) };

static struct keep_slices split(struct keep_mem *m, const char *text)
{
	struct keep_slice *v = KEEP_NEWS(m, strlen(text) + 1,
					 struct keep_slice);
	struct keep_slices out = {v, 0};

	while (v && *text) {
		v[out.n].p = text;
		v[out.n].len = strcspn(text, " ");
		text += v[out.n++].len;
		text += *text == ' ';
	}
	return out;
}

static struct keep_objects objects(struct keep_mem *m, const char *const *names,
				   size_t n)
{
	struct keep_object *v = KEEP_NEWS(m, n, struct keep_object);
	size_t i;

	for (i = 0; v && i < n; i++)
		v[i].name = keep_slice(names[i]);
	return (struct keep_objects){v, v ? n : 0};
}

static struct keep_world world(struct keep_mem *m)
{
	struct keep_world w = {.mem = m, .n_envs = KEEP_COUNT(envs),
			       .n_nodes = N};
	size_t i;

	w.envs = KEEP_NEWS(m, w.n_envs, struct keep_env);
	w.nodes = KEEP_NEWS(m, w.n_nodes, struct keep_node);
	if (!w.envs || !w.nodes)
		return (struct keep_world){.mem = m};
	for (i = 0; i < w.n_envs; i++) {
		w.envs[i].name = keep_slice(envs[i]);
		w.envs[i].services = objects(m, services, KEEP_COUNT(services));
		w.envs[i].tags = objects(m, tags, KEEP_COUNT(tags));
	}
	for (i = 0; i < N; i++)
		w.nodes[i] = (struct keep_node){
			.name = keep_slice(table[i].name), .index = i,
			.env = keep_world_env(&w, keep_slice(table[i].env)),
			.enabled = table[i].enabled,
			.services = split(m, table[i].services),
			.tags = split(m, table[i].tags),
		};
	return w;
}

/* "num" is the node's number, "tags" a list, "on" a bool; others are missing,
 * and "broken" fails. */
static int value(void *to, const struct keep_node *n, struct keep_slice path,
		 struct keep_json *v, struct keep_err *e)
{
	struct keep_mem *m = to;
	struct keep_json *list;
	size_t i;

	if (keep_slice_is(path, "broken"))
		return keep_fail(e, KEEP_E_BAD_ARGS, "a cycle");
	if (keep_slice_is(path, "num"))
		*v = (struct keep_json){.type = KEEP_JSON_INT,
					.number = (int64_t)n->index};
	if (keep_slice_is(path, "on"))
		*v = (struct keep_json){.type = KEEP_JSON_BOOL,
					.number = n->index < 2};
	if (keep_slice_is(path, "location.name") && n->tags.n)
		*v = keep_json_of(KEEP_S("Seattle, WA"));
	if (!keep_slice_is(path, "tags"))
		return 0;
	list = KEEP_NEWS(m, n->tags.n, struct keep_json);
	if (!list)
		return keep_no_memory(e);
	for (i = 0; i < n->tags.n; i++)
		list[i] = keep_json_of(n->tags.v[i]);
	*v = (struct keep_json){.type = KEEP_JSON_LIST, .list = list,
				.n = (uint32_t)n->tags.n};
	return 0;
}

static struct keep_slice run(struct keep_mem *m, const char *words)
{
	struct keep_world w = world(m);
	struct keep_err e = {0};
	struct keep_buf b = {.mem = m};
	bool *chosen;
	size_t i;

	if (keep_filter(&w, split(m, words), value, m, &chosen, &e))
		return keep_mem_print(m, "%s: %s; %s", keep_code_name(e.code),
				      e.message, e.hint);
	for (i = 0; i < w.n_nodes; i++)
		if (chosen[i])
			keep_buf_print(&b, "%s%s", b.len ? " " : "",
				       table[i].name);
	return keep_buf_get(&b);
}

static const struct {
	const char *title, *words, *nodes;
} facts[] = {
	{"no word selects all enabled nodes", "",
	 "couch1 mx1 ns1 pcouch1 pweb1 sweb1 web1"},
	{"all selects all enabled nodes", "all",
	 "couch1 mx1 ns1 pcouch1 pweb1 sweb1 web1"},
	/* one word */
	{"a node", "ns1", "ns1"},
	{"a service", "webapp", "pweb1 sweb1 web1"},
	{"a tag", "seattle", "couch1 mx1 pcouch1"},
	{"an environment means all its nodes", "production", "pcouch1 pweb1"},
	{"default means the nodes without one", "default",
	 "couch1 mx1 ns1 web1"},
	{"a word that is a service and a tag means the service", "mx", "mx1"},
	{"tag: says that it is the tag", "tag:mx", "web1"},
	{"service: says that it is the service", "service:mx", "mx1"},
	{"env: says that it is the environment", "env:production",
	 "pcouch1 pweb1"},
	{"tag: of a tag that is an environment too", "tag:production",
	 "pcouch1 pweb1"},
	{"node: says that it is a node", "node:web1", "web1"},
	{"node: takes a pattern", "node:*web?", "pweb1 sweb1 web1"},
	{"a pattern takes a range", "node:[m-n]*1", "mx1 ns1"},
	{"a pattern that no node has selects none", "node:x*", ""},
	{"a known tag that no node has selects none", "unused", ""},
	/* several words */
	{"words are a union", "ns1 web1", "ns1 web1"},
	{"services are a union", "webapp couchdb",
	 "couch1 pcouch1 pweb1 sweb1 web1"},
	{"the same word twice changes nothing", "ns1 ns1", "ns1"},
	{"+word intersects", "seattle +couchdb", "couch1 pcouch1"},
	{"+word intersects all before it", "seattle webapp +couchdb",
	 "couch1 pcouch1"},
	{"a word behind +word adds", "seattle +couchdb ns1",
	 "couch1 ns1 pcouch1"},
	{"a first +word counts as word", "+webapp", "pweb1 sweb1 web1"},
	{"a first +word behind an environment too", "staging +webapp", "sweb1"},
	{"not:word takes away", "webapp not:pweb1", "sweb1 web1"},
	{"-word takes away too", "webapp -pweb1", "sweb1 web1"},
	{"a word behind not:word adds again", "webapp not:pweb1 pweb1",
	 "pweb1 sweb1 web1"},
	{"a first not:word takes from all", "not:webapp",
	 "couch1 mx1 ns1 pcouch1"},
	{"not: takes every form", "all not:tag:seattle not:node:*web*", "ns1"},
	{"words are read from left to right",
	 "webapp +production couchdb not:web1", "pcouch1 pweb1"},
	/* environments first */
	{"an environment limits the words before it", "webapp production",
	 "pweb1"},
	{"an environment limits the words behind it", "production webapp",
	 "pweb1"},
	{"+environment is the same", "webapp +production", "pweb1"},
	{"two environments are a union", "production staging",
	 "pcouch1 pweb1 sweb1"},
	{"two environments limit together", "production webapp staging",
	 "pweb1 sweb1"},
	{"a node of another environment is not selected", "web1 +production",
	 ""},
	{"an environment limits a union whole", "couchdb +production dns",
	 "pcouch1"},
	{"an environment without a node", "production not:all", ""},
	{"not: an environment takes its nodes away", "webapp not:production",
	 "sweb1 web1"},
	{"not: the first word may be an environment", "not:env:default",
	 "pcouch1 pweb1 sweb1"},
	{"an environment and not: take from its nodes",
	 "production not:couchdb", "pweb1"},
	/* disabled nodes */
	{"a disabled node is selected by its own name", "old1", "old1"},
	{"node: is its own name", "node:old1", "old1"},
	{"a disabled node is selected by no pattern", "node:old*", ""},
	{"a disabled node is selected by no service", "dns", "ns1 sweb1"},
	{"a disabled node and a union", "old1 ns1", "ns1 old1"},
	{"a disabled node can be intersected", "old1 ns1 +webapp", ""},
	{"a disabled node can be taken away", "old1 not:dns", ""},
	{"a disabled node of another environment stays out", "old1 production",
	 ""},
	/* values */
	{"path=value compares an integer", "num=2", "ns1"},
	{"path=value compares a bool", "on=true", "couch1 mx1"},
	{"path=value compares a text", "location.name=Seattle,\302\240WA", ""},
	{"a list contains", "tags=seattle", "couch1 mx1 pcouch1"},
	{"a missing path matches nothing", "nope=x", ""},
	{"a value intersects", "webapp +tags=production", "pweb1"},
	{"a value takes away", "webapp not:tags=production", "sweb1 web1"},
	{"a value may hold an equals sign", "num=2=2", ""},
	{"values are asked of the selected only", "couchdb not:all +broken=1",
	 ""},
	/* faults */
	{"a value that cannot be had fails", "broken=1", "BAD_ARGS: a cycle; "},
	{"an unknown word is refused", "webap",
	 "BAD_ARGS: there is no node, service, tag or environment 'webap'; did "
	 "you mean 'webapp'?"},
	{"a word like nothing is refused", "zzzzzzzz",
	 "BAD_ARGS: there is no node, service, tag or environment 'zzzzzzzz'; "
	 "`keep node list` and `keep env list` tell what there is"},
	{"an unknown word behind + is refused", "couchdb +nosuchthing",
	 "BAD_ARGS: there is no node, service, tag or environment "
	 "'nosuchthing'; `keep node list` and `keep env list` tell what there "
	 "is"},
	{"an unknown node is guessed among nodes", "node:wbe1",
	 "BAD_ARGS: there is no node 'wbe1'; did you mean 'web1'?"},
	{"an unknown service is guessed among services", "service:couchdbb",
	 "BAD_ARGS: there is no service 'couchdbb'; did you mean 'couchdb'?"},
	{"an unknown tag is guessed among tags", "tag:seatle",
	 "BAD_ARGS: there is no tag 'seatle'; did you mean 'seattle'?"},
	{"an unknown environment is guessed among them", "env:stagging",
	 "BAD_ARGS: there is no environment 'stagging'; did you mean "
	 "'staging'?"},
	{"a disabled node may be guessed", "pold2",
	 "BAD_ARGS: there is no node, service, tag or environment 'pold2'; did "
	 "you mean 'pold1'?"},
	{"a lone + is no word", "all +", "BAD_ARGS: '+' is no filter word; "},
	{"a lone not: is no word", "all not:",
	 "BAD_ARGS: 'not:' is no filter word; "},
	{"a value needs a path", "=x",
	 "BAD_ARGS: '=x' has no path before the '='; "},
};

static void test_no_value(struct keep_mem *m)
{
	struct keep_world w = world(m);
	struct keep_err e = {0};
	bool *chosen;

	is_int(keep_filter(&w, split(m, "num=1"), NULL, NULL, &chosen, &e),
	       -KEEP_E_BAD_ARGS, "a verb may take no values");
}

static void test_limits(struct keep_mem *m)
{
	struct keep_world w = world(m);
	struct keep_slice *v = KEEP_NEWS(m, 2 * KEEP_FILTER_WORDS,
					 struct keep_slice);
	struct keep_slices words = {v, (size_t)2 * KEEP_FILTER_WORDS};
	struct keep_err e = {0};
	bool *chosen;
	size_t i;

	if (!ok(v != NULL, "there is memory for the words"))
		return;
	for (i = 0; i < words.n; i++)
		v[i] = KEEP_S("all");
	is_int(keep_filter(&w, words, NULL, NULL, &chosen, &e), 0,
	       "verbs may name more nodes than anybody types");
	v[0] = (struct keep_slice){"", 0};
	words.n = 1;
	is_int(keep_filter(&w, words, NULL, NULL, &chosen, &e),
	       -KEEP_E_BAD_ARGS, "an empty word is refused");
}

/* Every beginning of a filter either selects or is refused; the bytes behind
 * its end are not there. */
static void test_truncations(struct keep_mem *m)
{
	static const char full[] = "not:tag:seattle";
	struct keep_world w = world(m);
	struct keep_slices words = {NULL, 1};
	struct keep_slice word;
	struct keep_err e = {0};
	size_t i, refused = 0;
	bool *chosen;
	int r;

	words.v = &word;
	for (i = 0; i < sizeof full; i++) {
		KEEP_AUTO(keep_buf) b = {0};

		keep_buf_put(&b, full, i);
		word = keep_buf_get(&b);
		r = keep_filter(&w, words, value, m, &chosen, &e);
		refused += r == -KEEP_E_BAD_ARGS;
	}
	is_int(refused, sizeof full - 1,
	       "every truncation of a word is refused");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	size_t i;

	for (i = 0; i < KEEP_COUNT(facts); i++)
		is_text(run(&mem, facts[i].words), facts[i].nodes, "%s",
			facts[i].title);
	test_no_value(&mem);
	test_limits(&mem);
	test_truncations(&mem);
	return done();
}
