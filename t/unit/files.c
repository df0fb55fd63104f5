/* The property `files`: what a node gets, and what is told of a bad row. */
/* uses: provider */
#include "site.h"
#include "../../cmd/provider/output/files.h"

static const char node[] =
	"{\"ip_address\": \"10.0.0.4\", \"tags\": [\"production\"],\n"
	" \"port\": 443, \"conf\": \"= send('certs/a.pem')\",\n"
	" \"files\": {\n"
	"  \"/etc/motd\": {\"text\": \"= 'this is ${name}\\n'\"},\n"
	"  \"/etc/pw\": {\"text\": \"= 'pw=' + secret('db')\"},\n"
	"  \"/etc/nginx/nginx.conf\": {\"template\": \"nginx.conf\",\n"
	"    \"owner\": \"www-data\", \"group\": \"adm\", \"mode\": \"0640\",\n"
	"    \"on_change\": \"systemctl reload nginx\"},\n"
	"  \"/etc/nginx-more\": {\"template\": \"pw\", \"mode\": \"644\"},\n"
	"  \"/usr/blob\": {\"source\": \"blob\"},\n"
	"  \"/etc/none\": null,\n"
	"  \"/etc/empty\": {\"text\": \"\", \"owner\": null}}}\n";

static void put_bytes(struct site *s, const char *path,
		      struct keep_slice bytes)
{
	need(keep_file_replace(keep_fd_get(&s->c.instance), path, bytes, 0600,
			       &s->e) == 0);
}

static void begin(struct site *s)
{
	need(site_begin(s));
	put(s, "nodes/c.json", node);
	put(s, "files/templates/nginx.conf",
	    "listen ${port};\n% for n in nodes\nserver ${n.ip_address};\n"
	    "% end\n");
	put(s, "platform/templates/pw", "key=${secret('db')}\n");
	put(s, "files/certs/a.pem", "cert");
	put(s, "files/blob", "");
	put_bytes(s, "files/blob", KEEP_S("\0\xff\n<secret"));
}

static void test_content(void)
{
	struct site s;

	begin(&s);
	is_int(compile(&s), 0, "a node with files is compiled");
	is_text(keep_slice(s.e.message), "", "it has no fault");
	is_text(text(&s, "compiled/c/etc/motd"), "this is c\n",
		"a text is a file");
	is_text(text(&s, "compiled/c/etc/nginx/nginx.conf"),
		"listen 443;\nserver 10.0.0.1;\nserver 10.0.0.3;\n"
		"server 10.0.0.4;\n", "a template is rendered for the node");
	is_slice(text(&s, "compiled/c/usr/blob"), KEEP_S("\0\xff\n<secret"),
		 "a source is any bytes");
	is_text(text(&s, "compiled/c/etc/nginx-more"), "key=<secret db>\n",
		"a secret in a template is a placeholder; the platform has "
		"templates, too");
	is_text(text(&s, "compiled/c/etc/pw"), "pw=<secret db>",
		"and so it is in a text");
	is_text(text(&s, "compiled/c/etc/empty"), "", "a file may be empty");
	is_text(text(&s, "compiled/c/etc/keep/files/certs/a.pem"), "cert",
		"what is sent is a file as well");
	ok(is_empty(look(&s, "compiled/c/etc/none")), "null is no file");
	ok(!strstr(text(&s, "compiled/c.json").p, "this is") &&
	   strstr(text(&s, "compiled/c.json").p,
		  "\"/etc/motd\": {}") &&
	   strstr(text(&s, "compiled/c.json").p,
		  "\"template\": \"nginx.conf\""),
	   "the node's own file tells of them without their texts");
	is_int(compile(&s), 0, "it is compiled again");
	is_text(counts(&s), "0 0 0 3:", "and nothing changes");
	site_end(&s);
}

static void test_changes(void)
{
	struct site s;
	struct stat motd;

	begin(&s);
	compile(&s);
	motd = look(&s, "compiled/c/etc/motd");
	put(&s, "platform/templates/pw", "other\n");
	compile(&s);
	is_text(counts(&s), "0 1 0 2: c",
		"a template that changes is a node that changes");
	ok(same_file(motd, look(&s, "compiled/c/etc/motd")),
	   "its other files are the same");
	put(&s, "files/templates/pw", "own\n");
	compile(&s);
	is_text(text(&s, "compiled/c/etc/nginx-more"), "own\n",
		"the instance's template goes before the platform's");
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", \"files\": "
	    "{\"/etc/motd\": {\"source\": \"motd\"}}}");
	compile(&s);
	is_text(text(&s, "compiled/c/etc/motd"), "hello", "a file changes");
	ok(is_empty(look(&s, "compiled/c/usr")) &&
	   is_empty(look(&s, "compiled/c/etc/keep")),
	   "what is no file of it any more is gone");
	put(&s, "files/motd", "ho");
	is_int(compile_with(&s, (struct keep_compile_args){.check = true}),
	       KEEP_E_DIFFERS, "check tells that a source changed");
	is_int(compile_one(&s, "b"), 0, "another node is compiled alone");
	is_text(text(&s, "compiled/c/etc/motd"), "hello",
		"this one's files stay as they are");
	put(&s, "nodes/c.json", NULL);
	compile(&s);
	is_text(counts(&s), "0 0 1 2: c", "a node that goes");
	ok(is_empty(look(&s, "compiled/c")), "takes its files along");
	site_end(&s);
}

static const struct keep_rendered *file(const struct keep_files *f,
					const char *path)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (keep_slice_is(f->v[i].path, path))
			return &f->v[i];
	need(false);
	return NULL;
}

static void test_attributes(void)
{
	const struct keep_rendered *v;
	struct keep_build b = {0};
	const struct keep_files *f;
	struct site s;

	begin(&s);
	need(keep_build(&s.c, KEEP_MAKE_NONE, &b, &s.e) == 0);
	f = &b.files[keep_world_node(b.world, KEEP_S("c"))->index];
	is_int(f->n, 7, "the files of a node are known");
	v = file(f, "/etc/nginx/nginx.conf");
	ok(keep_slice_is(v->owner, "www-data") &&
	   keep_slice_is(v->group, "adm") && v->mode == 0640 &&
	   keep_slice_is(v->mode_text, "0640") &&
	   keep_slice_is(v->on_change, "systemctl reload nginx") && !v->secret,
	   "with what is said of them");
	v = file(f, "/etc/motd");
	ok(keep_slice_is(v->owner, "root") && keep_slice_is(v->group, "root") &&
	   v->mode == 0644 && !v->mode_text.p && !v->on_change.p,
	   "they are root's, and readable");
	v = file(f, "/etc/pw");
	ok(v->secret && v->mode == 0600, "but for what holds a secret");
	v = file(f, "/etc/nginx-more");
	ok(v->secret && v->mode == 0644, "unless its mode is given");
	v = file(f, "/etc/keep/files/certs/a.pem");
	is_int(v->mode, 0644, "what is sent is readable");
	is_text(f->v[3].path, "/etc/nginx/nginx.conf",
		"a directory goes before a name that is longer");
	site_end(&s);
}

/* A row, and what is told: the place in nodes/c.json (line 2 holds it). */
static const struct {
	const char *row, *told;
} faults[] = {
	{"\"/a\": {}",
	 "2:1: c: files.\"/a\": it needs text, template, source or compiled"},
	{"\"/a\": {\"text\": \"\", \"source\": \"motd\"}",
	 "2:1: c: files.\"/a\": it has more than one of text, template, source "
	 "and compiled"},
	{"\"/a\": \"x\"",
	 "2:7: c: files.\"/a\": a file is an object, not text"},
	{"\"/a\": {\"text\": 1}", "2:16: c: files.\"/a\": text is a text, not "
	 "integer"},
	{"\"/a\": {\"txt\": \"\"}",
	 "2:8: c: files.\"/a\": unknown member 'txt'"},
	{"\"a\": {\"text\": \"\"}",
	 "2:1: c: files.a: a path begins with / and names a file"},
	{"\"/\": {\"text\": \"\"}",
	 "2:1: c: files.\"/\": a path begins with /"},
	{"\"\": {\"text\": \"\"}", "2:1: c: files.\"\": a path begins with /"},
	{"\"/a\\\\b\": {\"text\": \"\"}",
	 "2:1: c: files.\"/a\\\\b\": a path holds no backslash"},
	{"\"/var/lib/keep/lock\": {\"text\": \"\"}",
	 "2:1: c: files.\"/var/lib/keep/lock\": what is in /var/lib/keep"},
	{"\"/a \": {\"text\": \"\"}",
	 "2:1: c: files.\"/a \": a path holds no backslash, and no blank at"},
	{"\"//a\": {\"text\": \"\"}",
	 "2:1: c: files.\"//a\": a path has single /"},
	{"\"/a/\": {\"text\": \"\"}",
	 "2:1: c: files.\"/a/\": a path has single /"},
	{"\"/a/../b\": {\"text\": \"\"}",
	 "2:1: c: files.\"/a/../b\": a path holds no . and .."},
	{"\"/./a\": {\"text\": \"\"}",
	 "2:1: c: files.\"/./a\": a path holds no ."},
	{"\"/a\\nb\": {\"text\": \"\"}",
	 "2:1: c: files.\"/a\\nb\": a path holds"},
	{"\"/a\": {\"text\": \"\", \"mode\": \"0888\"}",
	 "2:28: c: files.\"/a\": mode is octal digits in quotes, as \"0644\""},
	{"\"/a\": {\"text\": \"\", \"mode\": 644}",
	 "2:28: c: files.\"/a\": mode is octal digits in quotes, as "
	 "\"0644\", not integer"},
	{"\"/a\": {\"text\": \"\", \"mode\": \"64\"}",
	 "2:28: c: files.\"/a\": mode is"},
	{"\"/a\": {\"text\": \"\", \"owner\": \"Root\"}",
	 "2:29: c: files.\"/a\": owner is the name of a user"},
	{"\"/a\": {\"text\": \"\", \"group\": \"a b\"}",
	 "2:29: c: files.\"/a\": group is the name of a group"},
	{"\"/a\": {\"text\": \"\", \"owner\": \"-a\"}",
	 "2:29: c: files.\"/a\": owner is the name of a user"},
	{"\"/a\": {\"text\": \"\", \"on_change\": \"a\\nb\"}",
	 "2:33: c: files.\"/a\": on_change is a command of one line"},
	{"\"/a\": {\"text\": \"\", \"on_change\": \"= secret('x')\"}",
	 "2:33: c: files.\"/a\": a secret cannot be its on_change"},
	{"\"/a\": {\"template\": \"none\"}",
	 "2:20: c: files.\"/a\".template: files/templates/none: not found"},
	{"\"/a\": {\"source\": \"none\"}",
	 "2:18: c: files.\"/a\": files/none: not found"},
	{"\"/a\": {\"source\": \"../nodes/c.json\"}",
	 "2:18: c: files.\"/a\": files: ../nodes/c.json leaves its directory"},
	{"\"/a\": {\"source\": \"forged\"}",
	 "2:3: c: files.\"/a\": the source holds the form that stands for a "
	 "secret"},
	{"\"/a\": {\"template\": \"forged\"}",
	 "2:4: c: files.\"/a\".template: the template holds the form "
	 "that stands for a secret"},
	{"\"/a\": {\"text\": \"<secret x>\"}",
	 "2:16: c: files.\"/a\".text: the text holds the form that "
	 "stands for a secret"},
	{"\"/a\": {\"text\": \"\"}, \"/a/b/c\": {\"text\": \"\"}",
	 "2:31: c: files.\"/a/b/c\": /a is a file, so nothing can be in it"},
	{"\"/etc/keep/files/motd\": {\"text\": \"= send('motd')\"}",
	 "2:25: c: files.\"/etc/keep/files/motd\": send() puts a file "
	 "there, too"},
	{"\"/a\": {\"template\": \"broken\"}",
	 "3:3: c: files.\"/a\".template: the node has no property `nosuch`"},
};

static void test_faults(void)
{
	struct keep_slice told;
	struct keep_buf b = {0};
	struct site s;
	size_t i;

	need(site_begin(&s));
	put(&s, "files/forged", "a\nb <secret x>\n");
	put(&s, "files/templates/forged", "a\nb\tc<keypair x>\n");
	put(&s, "files/templates/broken", "a\n\n${nosuch}\n");
	for (i = 0; i < KEEP_COUNT(faults); i++) {
		b.len = 0;
		keep_buf_print(&b, "{\"ip_address\": \"10.0.0.4\", "
			       "\"files\": {\n%s}}", faults[i].row);
		keep_buf_byte(&b, 0);
		put(&s, "nodes/c.json", b.p);
		is_int(compile(&s), -KEEP_E_BAD_ARGS, "files %zu are refused",
		       i);
		need(s.e.problems && s.e.problems->first);
		told = keep_mem_print(&s.mem, "%u:%u: %.*s",
				      s.e.problems->first->line,
				      s.e.problems->first->column,
				      KEEP_F(s.e.problems->first->message));
		if (told.len > strlen(faults[i].told))
			told.len = strlen(faults[i].told);
		is_text(told, faults[i].told, "it is told at its place");
		is_int(s.e.problems->total, 1, "and nothing else is");
	}
	ok(is_empty(look(&s, "compiled")), "nothing is written");
	keep_buf_end(&b);
	site_end(&s);
}

static void test_limits(void)
{
	struct keep_buf b = {0};
	struct site s;
	size_t i;

	need(site_begin(&s));
	keep_buf_text(&b, "{\"ip_address\": \"10.0.0.4\", \"files\": {\n\"");
	for (i = 0; i < 65; i++)
		keep_buf_text(&b, "/a");
	keep_buf_text(&b, "\": {\"text\": \"\"}}}");
	keep_buf_byte(&b, 0);
	put(&s, "nodes/c.json", b.p);
	compile(&s);
	need(s.e.problems && s.e.problems->first);
	ok(strstr(s.e.problems->first->message.p, "at most 64 names"),
	   "a path has at most 64 names");
	b.len = 0;
	keep_buf_text(&b, "{\"ip_address\": \"10.0.0.4\", \"files\": {\n\"/");
	for (i = 0; i < 256; i++)
		keep_buf_byte(&b, 'a');
	keep_buf_text(&b, "\": {\"text\": \"\"}}}");
	keep_buf_byte(&b, 0);
	put(&s, "nodes/c.json", b.p);
	compile(&s);
	need(s.e.problems && s.e.problems->first);
	ok(strstr(s.e.problems->first->message.p, "at most 255 bytes"),
	   "a name has at most 255 bytes");
	keep_buf_end(&b);
	site_end(&s);
}

int main(void)
{
	test_content();
	test_changes();
	test_attributes();
	test_faults();
	test_limits();
	return done();
}
