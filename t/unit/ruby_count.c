/* The expressions of leap's platform: how many become ours, as they stand and
 * with every name changed, sums turned round, other blanks and quotes. */
/* uses: provider */
#include <fcntl.h>
#include <string.h>
#include <keep/file.h>
#include "../../cmd/provider/leap/leap.h"
#include "tap.h"

enum { WANTED = 148, FILE_MAX = 1 << 20 };

/* Words that ruby or leap give their meaning; all others are names. */
static const char *const words[] = {
	"nil", "true", "false", "self", "if", "unless", "Leap", "Platform",
	"Hash", "version", "major_version", "monitor_username", "nodes",
	"nodes_like_me", "nodes_near_me", "node", "provider", "global",
	"manager", "env", "try", "pick_node", "secret", "hex_secret",
	"base32_secret", "rand_range", "host_ips", "hostnames", "hosts_file",
	"stunnel_client", "stunnel_server", "stunnel_firewall", "couchdb_port",
	"authorized_keys", "enabled_services", "service_levels", "file",
	"try_file", "file_path", "remote_file_path", "local_file_path",
	"fingerprint", "generate_dkim_key", "tor_public_key_path",
	"tor_private_key_path", "onion_address", "map", "collect", "select",
	"any", "values", "keys", "first", "flatten", "compact", "uniq", "join",
	"split", "sub", "slice", "include", "exclude", "field", "fields",
	"pick_fields", "to_s", "missing", "mode", "rsa",
	"ca_cert", "client_ca_cert", "client_ca_key", "dh_params",
	"monitor_priv_key", "dkim_pub_key", "dkim_priv_key", "node_tor_pub_key",
	"node_tor_priv_key", "provider_json_template",
	"eip_service_json_template", "soledad_service_json_template",
	"smtp_service_json_template",
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool is_known(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(words); i++)
		if (keep_slice_is(s, words[i]))
			return true;
	return s.p[0] >= '0' && s.p[0] <= '9';
}

/* Behind the text that begins at I, or I where none does. Holes are part of
 * it, patterns too. */
static size_t text_end(struct keep_slice s, size_t i)
{
	char end = s.p[i];

	if (end == '%' && i + 1 < s.len && s.p[i + 1] == '(')
		end = ')';
	else if (!strchr("'\"/", end))
		return i;
	for (i++; i < s.len && s.p[i] != end; i++)
		i += s.p[i] == '\\';
	return i + 1;
}

/* Every name that is not leap's gets another. */
static void rename_all(struct keep_buf *b, struct keep_slice s)
{
	struct keep_slice before = {0}, word;
	bool keeps;
	size_t i;

	for (i = 0; i < s.len; i += word.len) {
		word = (struct keep_slice){s.p + i, 0};
		while (i + word.len < s.len && is_word_char(word.p[word.len]))
			word.len++;
		if (!word.len) {
			keep_buf_byte(b, (uint8_t)s.p[i++]);
			continue;
		}
		keeps = is_known(word) || keep_slice_is(before, "global");
		keep_buf_print(b, keeps ? "%.*s" : "q%.*s_x", KEEP_F(word));
		before = word;
	}
}

/* Where a bracket that opens at I is closed; the last byte of a text. */
static size_t closing(struct keep_slice s, size_t i)
{
	size_t depth = 0, end;

	for (; i < s.len; i++) {
		end = text_end(s, i);
		if (end > i) {
			i = end - 1;
			if (!depth)
				return i;
			continue;
		}
		depth += strchr("([{", s.p[i]) != NULL;
		depth -= strchr(")]}", s.p[i]) != NULL;
		if (!depth)
			break;
	}
	return i;
}

static struct keep_slice trimmed(struct keep_slice s)
{
	while (s.len && s.p[0] == ' ') {
		s.p++;
		s.len--;
	}
	while (s.len && s.p[s.len - 1] == ' ')
		s.len--;
	return s;
}

static void turn_sums(struct keep_buf *b, struct keep_slice s);

/* An operand: what stands in its brackets is turned too. */
static void operand(struct keep_buf *b, struct keep_slice s)
{
	struct keep_slice in;
	size_t i, end;

	for (i = 0; i < s.len; i++) {
		end = closing(s, i);
		if (!strchr("([{", s.p[i])) {
			keep_buf_put(b, s.p + i, end + 1 - i);
			i = end;
			continue;
		}
		keep_buf_byte(b, (uint8_t)s.p[i]);
		in = (struct keep_slice){s.p + i + 1, end - i - 1};
		turn_sums(b, in);
		keep_buf_byte(b, (uint8_t)s.p[end]);
		i = end;
	}
}

/* a + b + c becomes c + b + a. */
static void turn_sum(struct keep_buf *b, struct keep_slice s)
{
	struct keep_slice rest;
	size_t i;

	for (i = 0; i < s.len && s.p[i] != '+'; i++)
		i = closing(s, i);
	if (i < s.len) {
		rest = (struct keep_slice){s.p + i + 1, s.len - i - 1};
		turn_sum(b, trimmed(rest));
		keep_buf_text(b, " + ");
	}
	operand(b, trimmed((struct keep_slice){s.p, i < s.len ? i : s.len}));
}

/* What stands between commas, and the parts of a condition. */
static void turn_sums(struct keep_buf *b, struct keep_slice s)
{
	size_t i, from = 0;

	for (i = 0; i <= s.len; i++) {
		bool asks = i < s.len && (s.p[i] == '?' || s.p[i] == ':') &&
			    i && s.p[i - 1] == ' ' && s.p[i + 1] == ' ';

		if (i < s.len && s.p[i] != ',' && s.p[i] != '|' && !asks) {
			i = closing(s, i);
			continue;
		}
		turn_sum(b, (struct keep_slice){s.p + from, i - from});
		if (i < s.len)
			keep_buf_print(b, asks ? " %c " : "%c", s.p[i]);
		from = i + 1;
	}
}

static void more_blanks(struct keep_buf *b, struct keep_slice s)
{
	size_t i, end;

	for (i = 0; i < s.len; i = end) {
		end = text_end(s, i);
		if (end == i)
			end++;
		if (end > i + 1 || !strchr(" ,+([{)]}", s.p[i]))
			keep_buf_put(b, s.p + i, end - i);
		else if (strchr(")]}", s.p[i]))
			keep_buf_print(b, " \t%c", s.p[i]);
		else
			keep_buf_print(b, "%c \t", s.p[i]);
	}
}

/* Blanks that divide nothing. */
static void fewer_blanks(struct keep_buf *b, struct keep_slice s)
{
	size_t i, end;

	for (i = 0; i < s.len; i = end) {
		end = text_end(s, i);
		if (end == i)
			end++;
		if (s.p[i] != ' ' || !i || i + 1 == s.len ||
		    (!strchr("+,=>&|", s.p[i - 1]) &&
		     !strchr("+=&", s.p[i + 1])))
			keep_buf_put(b, s.p + i, end - i);
	}
}

/* 'a' as "a", :a as :"a". */
static void other_quotes(struct keep_buf *b, struct keep_slice s)
{
	size_t i, end;

	for (i = 0; i < s.len; i = end) {
		end = text_end(s, i);
		if (end > i && s.p[i] == '\'') {
			keep_buf_print(b, "\"%.*s\"", (int)(end - i) - 2,
				       s.p + i + 1);
			continue;
		}
		if (end == i && s.p[i] == ':' && i + 1 < s.len &&
		    is_word_char(s.p[i + 1]) && (!i || s.p[i - 1] != ':')) {
			for (end = i + 1; end < s.len &&
			     is_word_char(s.p[end]);)
				end++;
			keep_buf_print(b, ":\"%.*s\"", (int)(end - i) - 1,
				       s.p + i + 1);
			continue;
		}
		end += end == i;
		keep_buf_put(b, s.p + i, end - i);
	}
}

/* 'a' as %q(a). */
static void percent_quotes(struct keep_buf *b, struct keep_slice s)
{
	size_t i, end;

	for (i = 0; i < s.len; i = end) {
		end = text_end(s, i);
		if (end > i && s.p[i] == '\'') {
			keep_buf_print(b, "%%q(%.*s)", (int)(end - i) - 2,
				       s.p + i + 1);
			continue;
		}
		end += end == i;
		keep_buf_put(b, s.p + i, end - i);
	}
}

static const struct change {
	const char *what;
	void (*run)(struct keep_buf *b, struct keep_slice s);
} changes[] = {
	{"every property, node and secret has another name", rename_all},
	{"the operands of + stand in another order", turn_sums},
	{"there are more blanks, and tabs", more_blanks},
	{"there are fewer blanks", fewer_blanks},
	{"quotes are double ones", other_quotes},
	{"quotes are %q()", percent_quotes},
};

static bool becomes(struct keep_slice text, bool tell)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_ruby ruby = {.text = text};
	struct keep_slice kx;
	struct keep_err e = {0};
	bool is = !keep_ruby_rewrite(&mem, &ruby, &kx, &e);

	if (!is && tell)
		fprintf(stderr, "# %.*s: %s\n", KEEP_F(text), e.message);
	return is;
}

/* How many become ours when C is done to them; all of it when C is NULL. */
static int count(const struct keep_slices *all, const struct change *c,
		 size_t n_changes, size_t *changed)
{
	int n = 0;
	size_t i, k;

	*changed = 0;
	for (i = 0; i < all->n; i++) {
		KEEP_AUTO(keep_mem) mem = {0};
		struct keep_slice s = all->v[i];

		for (k = 0; k < n_changes; k++) {
			struct keep_buf b = {.mem = &mem};

			c[k].run(&b, s);
			s = keep_buf_get(&b);
		}
		*changed += !keep_slice_eq(s, all->v[i]);
		n += becomes(s, becomes(all->v[i], false));
	}
	return n;
}

/* The file writes expressions as their JSON files do, escapes and all. */
static struct keep_slice unescaped(struct keep_mem *m, struct keep_slice s)
{
	static const struct keep_json_source source = {{"expr", 4}};
	struct keep_problems ps = {.mem = m};
	struct keep_slice quoted = keep_mem_print(m, "\"%.*s\"", KEEP_F(s));
	struct keep_json v;

	need(quoted.p && !keep_json_read(m, quoted, &source,
					 KEEP_JSON_INSTANCE, &ps, &v));
	return keep_json_text(&v);
}

static struct keep_slices load(struct keep_mem *m, struct keep_slice text)
{
	static const struct keep_json_source source = {{"expressions", 11}};
	struct keep_problems ps = {.mem = m};
	struct keep_slice *v, s;
	struct keep_json all;
	size_t i, mark;

	need(!keep_json_read(m, text, &source, KEEP_JSON_INSTANCE, &ps, &all));
	v = KEEP_NEWS(m, all.n, struct keep_slice);
	need(v);
	for (i = 0; i < all.n; i++) {
		s = keep_json_text(keep_json_get(&all.list[i],
						 KEEP_S("expr")));
		mark = keep_slice_starts(s, "=> ") ? 3 : 2;
		s = (struct keep_slice){s.p + mark, s.len - mark};
		v[i] = unescaped(m, s);
	}
	return (struct keep_slices){v, all.n};
}

static struct keep_slice find(struct keep_mem *m)
{
	const char *shared = getenv("KEEP_SHARED");
	struct keep_slice path = keep_mem_print(m, "%s/examples/leap/"
		"provider_base_expressions.json", shared ? shared
						      : "../shared");
	struct keep_slice text = {0};
	struct keep_err e = {0};

	need(path.p);
	if (keep_file_read(m, AT_FDCWD, path.p, FILE_MAX, &text, &e))
		return (struct keep_slice){0};
	return text;
}

static int skip(void)
{
	const char *ci = getenv("CI");

	if (ci && !strcmp(ci, "true"))
		ok(false, "$KEEP_SHARED has leap's expressions");
	else
		puts("1..0 # SKIP $KEEP_SHARED has no examples/leap");
	return tap_run ? done() : 0;
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text = find(&mem);
	struct keep_slices all;
	size_t i, changed;
	int n;

	if (!text.p)
		return skip();
	all = load(&mem, text);
	is_int(all.n, 161, "leap's platform has 161 expressions");
	n = count(&all, NULL, 0, &changed);
	ok(n >= WANTED, "%d of them or more are rewritten: %d", WANTED, n);
	for (i = 0; i < KEEP_COUNT(changes); i++) {
		is_int(count(&all, &changes[i], 1, &changed), n,
		       "as many are when %s", changes[i].what);
		ok(changed > 5, "that changes %zu of them", changed);
	}
	is_int(count(&all, changes, 5, &changed), n,
	       "as many are when all of that is so");
	ok(changed > 140, "that changes %zu of them", changed);
	return done();
}
