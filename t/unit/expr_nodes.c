/* uses: provider */
/* Whole nodes: what is shared, what is told, and where the budgets end. */
#include "tap.h"
#include "expr_stage.h"

static void whole(void)
{
	struct stage s;
	const struct keep_json *was;

	if (!set_up(&s, "\"a\": {" E ", \"c\": {\"x\": [1, {\"y\": 2.50}]}, "
		    "\"d\": {\"k\": 1, "
		    "\"l\": [\"= name\", \"== x\", \"= c\"]}}"))
		return;
	node(&s, "a");
	if (!ok(!s.rc, "a node is evaluated"))
		return stage_end(&s);
	is_text(json(&s),
		"{\"environment\":\"e\",\"c\":{\"x\":[1,{\"y\":2.50}]},"
		"\"d\":{\"k\":1,"
		"\"l\":[\"a\",\"= x\",{\"x\":[1,{\"y\":2.50}]}]}}",
		"no expression is left, all else stays as it was");
	was = keep_json_get(&s.w.nodes[0].tree, KEEP_S("c"));
	ok(keep_json_get(&s.v, KEEP_S("c"))->members == was->members,
	   "what holds no expression is shared, not copied");
	ok(keep_json_at(&s.v, KEEP_S("d.l.2"))->members == was->members,
	   "also where an expression names it");
	is_int(keep_json_at(&s.v, KEEP_S("d.l.0"))->column,
	       keep_json_at(&s.w.nodes[0].tree, KEEP_S("d.l.0"))->column,
	       "a value stands where its expression stood");
	stage_end(&s);
}

static void marks(void)
{
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ", \"p\": \"= 'x' + secret('n')\", "
		    "\"q\": {\"r\": \"= [p, 'y']\"}}"))
		return;
	node(&s, "a");
	is_text(json(&s), "{\"environment\":\"e\",\"p\":\"x<secret n>\","
		"\"q\":{\"r\":[\"x<secret n>\",\"y\"]}}",
		"a secret is its name");
	if (s.rc)
		return stage_end(&s);
	is_int(keep_json_at(&s.v, KEEP_S("q.r.0"))->mark, KEEP_MARK_SECRET,
	       "a text with a secret is marked");
	is_int(keep_json_at(&s.v, KEEP_S("q.r.1"))->mark, 0,
	       "a text without one is not");
	stage_end(&s);
}

static void once(void)
{
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ",\n"
		    "\"u\": \"= nosuch\",\n\"v\": \"= u\",\n"
		    "\"w\": [\"= v + 'x'\", \"= 1 / 0\"],\n\"x\": 1},\n"
		    "\"b\": {" E ", \"y\": \"= nodes['a'].u\"}"))
		return;
	node(&s, "b");
	is_int(s.rc, -KEEP_E_BAD_ARGS, "a node that needs what failed fails");
	is_text(told(&s), "2:9: a: u: the node has no property `nosuch`",
		"the fault is told where it is, in the node it is of");
	node(&s, "a");
	is_int(s.rc, -KEEP_E_BAD_ARGS, "the other node fails too");
	is_text(told(&s), "2:9: a: u: the node has no property `nosuch`\n"
		"4:27: a: w.1: 1 / 0: division by zero",
		"a value that failed is told once, what needs it is not");
	s.ps = (struct keep_problems){.mem = &s.mem};
	node(&s, "b");
	is_text(told(&s), "0:0: b: a value that it needs failed before",
		"who asks again is not left without a word");
	stage_end(&s);
}

static void parsed_once(void)
{
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ", \"x\": \"= 1 +\"}, \"b\": {" E "}"))
		return;
	s.w.nodes[1].tree = s.w.nodes[0].tree;
	node(&s, "a");
	node(&s, "b");
	is_int(s.rc, -KEEP_E_BAD_ARGS, "a fault that is inherited fails both");
	is_int(s.ps.total, 1, "a fault of syntax is told once for all nodes");
	stage_end(&s);
}

static void forged(void)
{
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ",\n\"u\": \"<secret x>\",\n"
		    "\"v\": \"= u\",\n\"<hex secret y>\": 1,\n"
		    "\"w\": \"<secret X>\"}"))
		return;
	node(&s, "a");
	is_text(told(&s), "2:6: a: u: the text holds the form that stands for "
		"a secret\n4:19: a: \"<hex secret y>\": the key holds the form "
		"that stands for a secret",
		"texts and keys cannot be taken for secrets");
	stage_end(&s);
}

static void rings(void)
{
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ",\n\"x\": {\"y\": \"= [z]\"},\n"
		    "\"z\": \"= nodes['b'].q\"},\n\"b\": {" E ",\n"
		    "\"q\": \"= nodes['a'].x\"}"))
		return;
	node(&s, "a");
	is_text(told(&s), "2:15: a: x.y: the value needs itself: a: x.y "
		"(w.json:2:12) -> a: x.y",
		"what contains itself by way of another node is refused");
	stage_end(&s);
	if (!set_up(&s, "\"a\": {" E ",\n\"x\": \"= nodes['b'].x + 1\"},\n"
		    "\"b\": {" E ",\n\"x\": \"= nodes['a'].x\"}"))
		return;
	node(&s, "a");
	is_text(told(&s), "4:9: b: x: the value needs itself: a: x "
		"(w.json:2:6) -> b: x (w.json:4:6) -> a: x",
		"a cycle over two nodes is told with both places");
	stage_end(&s);
	if (!set_up(&s, "\"a\": {" E ", \"location\": {\"name\": "
		    "\"= near.first().name\"}}"))
		return;
	node(&s, "a");
	ok(memmem(told(&s).p, told(&s).len, "needs itself", 12) != NULL,
	   "who asks what is near to know where it is is refused");
	stage_end(&s);
}

/* A node of values v1 = v2, ... whose last is 1; written in either order. */
static void chain_of(struct stage *s, int n, bool upwards)
{
	KEEP_AUTO(keep_buf) b = {0};
	int i, k;

	keep_buf_text(&b, "\"a\": {" E);
	for (i = 1; i <= n; i++) {
		k = upwards ? n + 1 - i : i;
		if (k < n)
			keep_buf_print(&b, ", \"v%d\": \"= v%d\"", k, k + 1);
		else
			keep_buf_print(&b, ", \"v%d\": \"= 1\"", k);
	}
	keep_buf_byte(&b, '}');
	keep_buf_byte(&b, '\0');
	if (!b.failed && set_up(s, b.p))
		node(s, "a");
}

static void depth(void)
{
	struct stage s;
	int upwards;

	for (upwards = 0; upwards < 2; upwards++) {
		const char *order = upwards ? "the last" : "the first";

		chain_of(&s, 64, upwards);
		is_int(s.rc, 0, "64 values in a row are evaluated, %s first",
		       order);
		stage_end(&s);
		chain_of(&s, 65, upwards);
		is_int(s.rc, -KEEP_E_BAD_ARGS, "65 are refused, %s first",
		       order);
		is_int(s.ps.total, 1, "that is told once");
		stage_end(&s);
	}
}

/* A node of values; each names what it needs. */
static void is_refused(const char *members, const char *message,
		       const char *title)
{
	struct keep_slice got;
	struct stage s;
	char text[8192];

	snprintf(text, sizeof text, "\"a\": {" E ", %s}", members);
	if (!set_up(&s, text))
		return;
	node(&s, "a");
	got = told(&s);
	if (!ok(s.rc == -KEEP_E_BAD_ARGS && s.ps.total == 1 &&
		memmem(got.p, got.len, message, strlen(message)), "%s", title))
		printf("# got %d: %.*s\n", s.rc, KEEP_F(got));
	stage_end(&s);
}

/* t0, t1, ...: each twice the one before, with the expression MORE. */
static void put_doubles(char *text, size_t size, int n, const char *first,
			const char *more)
{
	size_t len = (size_t)snprintf(text, size, "\"t0\": \"= %s\"", first);
	int i;

	for (i = 1; i <= n; i++)
		len += (size_t)snprintf(text + len, size - len,
					", \"t%d\": \"= t%d + t%d\"", i, i - 1,
					i - 1);
	snprintf(text + len, size - len, "%s", more);
}

static void budgets(void)
{
	char text[4096];

	put_doubles(text, sizeof text, 9, "[1]",
		    ", \"x\": \"= t9.map(a: t9.map(b: a + b).count())\"");
	is_refused(text, "x: the value takes more than 100000 steps",
		   "a value of more than 100,000 steps is refused");
	put_doubles(text, sizeof text, 18, "'0123456789'", "");
	is_refused(text, "t17: the text has more than 1048576 bytes",
		   "a text of more than a mebibyte is refused");
	put_doubles(text, sizeof text, 16, "'0123456789'",
		    ", \"x\": \"= [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(a: ["
		    "t16, "
		    "t16, t16, t16, t16, t16, t16, t16, t16, t16, t16])\"");
	is_refused(text, "x: the values of one node take more than 64 MiB",
		   "values of more than 64 MiB are refused");
	put_doubles(text, sizeof text, 9, "[1, 2]", ", \"x\": \"= t9\", \"y\": "
		    "\"= x.map(a: x.map(b: [x, x, x, x]))\"");
	is_refused(text, "y: the value takes more than 100000 steps",
		   "a value that is cheap to name, large to write, is refused");
	is_refused("\"x\": \"= {a: {b: y}}\", \"y\": \"= [[[[[[[[z]]]]]]]]\","
		   " \"z\": \"= [[[[[[[[u]]]]]]]]\","
		   " \"u\": \"= [[[[[[[[w]]]]]]]]\","
		   " \"w\": \"= [[[[[[1]]]]]]\"",
		   "lie in each other deeper than 32",
		   "lists in lists deeper than JSON may be are refused");
}

static void nested(void)
{
	char text[512];
	int i, n;

	for (n = 63; n <= 64; n++) {
		struct stage s;

		for (i = 0; i < n; i++) {
			text[i] = '(';
			text[n + 1 + i] = ')';
		}
		text[n] = '1';
		text[2 * n + 1] = '\0';
		if (!set_up(&s, "\"a\": {" E "}"))
			return;
		s.rc = keep_eval_text(s.ev, s.w.nodes, keep_slice(text), &s.ps,
				      &s.v);
		is_int(s.rc, n == 63 ? 0 : -KEEP_E_BAD_ARGS,
		       "an expression with %d parentheses in a row is %s", n,
		       n == 63 ? "read" : "refused");
		stage_end(&s);
	}
}

/* Values that need each other by way of functions: the stack is bounded. */
static void nested_values(void)
{
	KEEP_AUTO(keep_buf) b = {0};
	struct stage s;
	int i, k;

	keep_buf_text(&b, "\"a\": {" E);
	for (i = 0; i < 40; i++) {
		keep_buf_print(&b, ", \"v%d\": \"= ", i);
		for (k = 0; k < 40; k++)
			keep_buf_text(&b, "str(");
		if (i < 39)
			keep_buf_print(&b, "v%d", i + 1);
		else
			keep_buf_byte(&b, '1');
		for (k = 0; k < 40; k++)
			keep_buf_byte(&b, ')');
		keep_buf_byte(&b, '"');
	}
	keep_buf_byte(&b, '}');
	keep_buf_byte(&b, '\0');
	if (b.failed || !set_up(&s, b.p))
		return;
	node(&s, "a");
	ok(memmem(told(&s).p, told(&s).len, "nested deeper than 1024", 23),
	   "values that nest deeply in each other are refused");
	stage_end(&s);
}

static void paths(void)
{
	struct stage s;
	bool found;

	if (!set_up(&s, "\"a\": {" E ", \"x\": {\"y\": [\"= 1 + 1\"], "
		    "\"n\": null, \"bad\": \"= 1 / 0\"}, \"z\": \"= x\"}"))
		return;
#define AT(path) (s.rc = keep_eval_path(s.ev, s.w.nodes, KEEP_S(path), \
					&found, &s.ps, &s.v))
	ok(!AT("x.y") && found, "a path is found");
	is_text(json(&s), "[2]", "what stands at a path is evaluated deeply");
	ok(!AT("z.y.0") && found && s.v.number == 2,
	   "a path goes through expressions and lists");
	ok(!AT("x.n") && found && s.v.type == KEEP_JSON_NULL,
	   "a null that stands there is found");
	ok(!AT("x.no") && !found, "a path that is not there is not found");
	ok(!AT("x.y.0.z") && !found, "a path below a number is not found");
	ok(!AT("") && !found, "an empty path is not found");
	ok(!AT("environment") && found, "the environment is found");
	is_int(AT("z.bad"), -KEEP_E_BAD_ARGS, "a value that fails is told");
	stage_end(&s);
}

int main(void)
{
	whole();
	marks();
	once();
	parsed_once();
	forged();
	rings();
	depth();
	budgets();
	nested();
	nested_values();
	paths();
	return done();
}
