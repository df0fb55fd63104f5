/* A suite of one command, whose verbs have all types. */
#ifndef SUITE_SMALL_H
#define SUITE_SMALL_H

#include <keep/cli.h>
#include "schema_all.h"

struct keep_small_args {
	struct keep_slice first;
	struct keep_all all;
	struct keep_entries rest;
};

static int small_names(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out)
{
	(void)c, (void)prefix;
	if (keep_complete_offer(out, KEEP_S("web1"), KEEP_S("a node")))
		return -KEEP_E_NO_MEMORY;
	return keep_complete_offer(out, KEEP_S("bad\nname"), KEEP_S(""));
}

static const struct keep_field small_fields[] = {
	{KEEP_TEXT(struct keep_small_args, first), .source = KEEP_WORD,
	 .required = true, .complete = small_names, .help = "a node"},
	{KEEP_STRUCT(struct keep_small_args, all, all_schema)},
	{KEEP_MAP_ITEM(struct keep_small_args, rest), .source = KEEP_REST},
};
static const struct keep_schema small_schema =
	KEEP_SCHEMA(struct keep_small_args, small_fields);
static const uint16_t small_errors[] = {KEEP_E_NOT_FOUND, 0};
static const struct keep_verb small_verbs[] = {
	{.path = "try all", .summary = "all types", .args = &small_schema,
	 .errors = small_errors, .flags = KEEP_V_CHANGES},
	{.path = "try deep one", .summary = "the first"},
	{.path = "try deep two", .summary = "the second"},
};
static const struct keep_library small_library = {
	.abi = KEEP_LIBRARY_ABI, .name = "small", .verbs = small_verbs,
	.n = KEEP_COUNT(small_verbs),
};
static const struct keep_command small_commands[] = {
	{"try", "what there is", "small", NULL},
	{"x-try", "plumbing", "small", NULL},
};
static const struct keep_suite small_suite = {
	.commands = small_commands, .n = KEEP_COUNT(small_commands),
	.own = &small_library,
};

#endif
