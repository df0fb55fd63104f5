/* Filter words against a small world: lines of the input are the words. */
/* uses: provider */
#include "../../cmd/provider/instance/instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int value(void *to, const struct keep_node *n, struct keep_slice path,
		 struct keep_json *v, struct keep_err *e)
{
	(void)to;
	(void)e;
	if (path.len % 2)
		*v = keep_json_of(n->name);
	return 0;
}

static struct keep_slices lines(struct keep_mem *m, struct keep_slice text)
{
	struct keep_slice *v = KEEP_NEWS(m, text.len + 1, struct keep_slice);
	struct keep_slices out = {v, 0};
	size_t i, start = 0;

	for (i = 0; v && i <= text.len; i++) {
		if (i < text.len && text.p[i] != '\n')
			continue;
		v[out.n++] = (struct keep_slice){text.p + start, i - start};
		start = i + 1;
	}
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice names[] = {KEEP_S("ab"), KEEP_S("web")};
	struct keep_object services[] = {{.name = KEEP_S("web")}};
	struct keep_object tags[] = {{.name = KEEP_S("t")}};
	struct keep_env envs[] = {
		{.name = KEEP_S("default"), .services = {services, 1}},
		{.name = KEEP_S("prod"), .tags = {tags, 1}},
	};
	struct keep_node nodes[] = {
		{.name = KEEP_S("n1"), .env = &envs[0], .enabled = true,
		 .services = {names, 2}},
		{.name = KEEP_S("n2"), .env = &envs[1], .index = 1},
		{.name = KEEP_S("web"), .env = &envs[1], .index = 2,
		 .enabled = true},
	};
	struct keep_world w = {.mem = &mem, .envs = envs, .n_envs = 2,
			       .nodes = nodes, .n_nodes = 3};
	struct keep_slice text = {(const char *)data, size};
	struct keep_err e = {0};
	bool *chosen;
	int r = keep_filter(&w, lines(&mem, text), value, NULL, &chosen, &e);

	if (r && !e.message[0])
		__builtin_trap();
	return 0;
}
