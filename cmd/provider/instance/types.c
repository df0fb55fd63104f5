/* Types of properties. */
#include <keep/text.h>
#include "types.h"

static bool is_ip(const struct keep_json *v)
{
	struct keep_ip ip;

	return keep_ip_get(keep_json_text(v), &ip);
}

static bool is_line(const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ||
		    s.p[i] == ';' || s.p[i] == '{' || s.p[i] == '}')
			return false;
	return true;
}

static bool is_name(const struct keep_json *v)
{
	return keep_node_name_ok(keep_json_text(v));
}

static bool is_domain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_label(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is_domain_char(s.p[i]))
			return false;
	return s.len > 0 && s.len <= 63 && s.p[0] != '-' &&
	       s.p[s.len - 1] != '-';
}

bool keep_domain_ok(struct keep_slice s)
{
	struct keep_slice label = {s.p, 0};
	const char *end;

	if (!s.len || s.len > 253)
		return false;
	end = s.p + s.len;
	if (keep_slice_starts(s, "*."))
		label.p += 2;
	for (; label.p <= end; label.p += label.len + 1) {
		label.len = 0;
		while (label.p + label.len < end && label.p[label.len] != '.')
			label.len++;
		if (!is_label(label))
			return false;
	}
	return true;
}

static bool is_domain(const struct keep_json *v)
{
	return keep_domain_ok(keep_json_text(v));
}

static bool is_country(const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);

	return s.len == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' &&
	       s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool is_number(const struct keep_json *v)
{
	return v->type == KEEP_JSON_INT || v->type == KEEP_JSON_DOUBLE;
}

static const struct keep_property_type types[] = {
	{"bool", KEEP_JSON_BOOL, NULL, "true or false"},
	{"int", KEEP_JSON_INT, NULL, "an integer"},
	{"number", -1, is_number, "a number"},
	{"text", KEEP_JSON_TEXT, NULL, "a text"},
	{"line", KEEP_JSON_TEXT, is_line, "a text of one line without ; { }"},
	{"ip", KEEP_JSON_TEXT, is_ip, "an IPv4 or IPv6 address"},
	{"name", KEEP_JSON_TEXT, is_name, "a name of a-z, 0-9 and '-'"},
	{"domain", KEEP_JSON_TEXT, is_domain, "a domain name"},
	{"country", KEEP_JSON_TEXT, is_country, "two letters like 'DE'"},
	{"enum", KEEP_JSON_TEXT, NULL, "a text"},
	{"list", KEEP_JSON_LIST, NULL, "a list"},
	{"object", KEEP_JSON_OBJECT, NULL, "an object"},
	{"any", -1, NULL, "any value"},
};

const struct keep_property_type *keep_property_type(const char *name)
{
	struct keep_slice first = {name, strcspn(name, ":")};
	size_t i;

	for (i = 0; i < KEEP_COUNT(types); i++)
		if (keep_slice_is(first, types[i].name))
			return &types[i];
	return NULL;
}

bool keep_property_type_ok(const char *type)
{
	const char *of = strchr(type, ':');

	if (!of)
		return keep_property_type(type) != NULL;
	return (keep_slice_starts(keep_slice(type), "list:") ||
		keep_slice_starts(keep_slice(type), "object:")) &&
	       !strchr(of + 1, ':') && keep_property_type(of + 1) &&
	       !keep_slice_is(keep_slice(of + 1), "enum");
}
