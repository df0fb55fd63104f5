/* A struct with every type in every shape, and one value of it. */
#ifndef SCHEMA_ALL_H
#define SCHEMA_ALL_H

#include <keep/schema.h>

struct keep_all_inner {
	struct keep_slice name;
	uint32_t n;
	bool has_n;
};
static const struct keep_field all_inner_fields[] = {
	{KEEP_TEXT(struct keep_all_inner, name), .required = true, .max = 8},
	{KEEP_UINT(struct keep_all_inner, n),
	 KEEP_HAS(struct keep_all_inner, has_n), .help = "how many"},
};
static const struct keep_schema all_inner_schema =
	KEEP_SCHEMA(struct keep_all_inner, all_inner_fields);

struct keep_all_dot {
	struct keep_list values;
};
static const struct keep_field all_dot_fields[] = {
	{KEEP_MANY(struct keep_all_dot, values, KEEP_LIST, KEEP_T_DURATION,
		   uint64_t), .max_n = 3},
};
static const struct keep_schema all_dot_schema =
	KEEP_SCHEMA(struct keep_all_dot, all_dot_fields);

static const struct keep_field all_arms_fields[] = {
	{KEEP_ARM("inner", struct keep_all_inner, all_inner_schema)},
	{KEEP_ARM("dot", struct keep_all_dot, all_dot_schema)},
};
static const struct keep_schema all_arms = {
	.name = "all_arms", .fields = all_arms_fields, .n = 2,
};

static const char *const all_modes_v[] = {"off", "slow", "very-fast"};
static const struct keep_names_of all_modes = {all_modes_v, 3};

struct keep_all {
	bool yes, has_yes, has_small, has_large, has_near, has_far, has_ratio;
	bool has_mode, has_when, has_wait, has_room, has_part, has_key;
	bool has_code, has_inner;
	uint32_t small;
	uint64_t large;
	int32_t near;
	int64_t far;
	double ratio;
	struct keep_slice text, bytes;
	uint32_t mode;
	uint64_t when, wait, room;
	struct keep_share part;
	struct keep_ip ip;
	struct keep_slice path, blob;
	uint8_t key[4];
	char code[3];
	struct keep_slice item, secret;
	struct keep_all_inner inner;
	struct keep_choice choice;
	struct keep_slices texts;
	struct keep_list numbers, inners, shares;
	struct keep_entries pairs, items;
	struct keep_list sizes, inner_map, choices;
};

#define ALL(KIND, m) KEEP_##KIND(struct keep_all, m)
#define ALL_HAS(KIND, m) ALL(KIND, m), KEEP_HAS(struct keep_all, has_##m)
static const struct keep_field all_fields[] = {
	{ALL_HAS(BOOL, yes), .help = "whether"},
	{ALL_HAS(UINT, small), .min = 2, .max = 800},
	{ALL_HAS(UINT, large), .max = INT64_MAX},
	{ALL_HAS(INT, near)},
	{ALL_HAS(INT, far), .max = 1000},
	{ALL_HAS(DOUBLE, ratio)},
	{ALL(TEXT, text), .required = true, .min = 1, .max = 12},
	{ALL(BYTES, bytes), .min = 2, .max = 4},
	{KEEP_ENUM(struct keep_all, mode, &all_modes),
	 KEEP_HAS(struct keep_all, has_mode)},
	{ALL_HAS(TIME, when)},
	{ALL_HAS(DURATION, wait), .max = 28800000},
	{ALL_HAS(SIZE, room), .min = 4096},
	{ALL_HAS(SHARE, part)},
	{ALL(IP, ip)},
	{ALL(PATH, path), .max = 255},
	{ALL(BLOB, blob), .max = 6},
	{ALL_HAS(FIXED, key)},
	{ALL_HAS(FIXED_TEXT, code)},
	{ALL(ITEM, item)},
	{ALL(SECRET, secret), .min = 4, .max = 8},
	{KEEP_STRUCT(struct keep_all, inner, all_inner_schema),
	 KEEP_HAS(struct keep_all, has_inner)},
	{KEEP_CHOICE(struct keep_all, choice, all_arms)},
	{ALL(TEXTS, texts), .max = 5, .max_n = 3},
	{KEEP_MANY(struct keep_all, numbers, KEEP_LIST, KEEP_T_INT, int32_t)},
	{KEEP_STRUCTS(struct keep_all, inners, struct keep_all_inner,
		      all_inner_schema)},
	{KEEP_MANY(struct keep_all, shares, KEEP_LIST, KEEP_T_SHARE,
		   struct keep_share)},
	{KEEP_MAP_TEXT(struct keep_all, pairs), .max_n = 3},
	{KEEP_MAP_ITEM(struct keep_all, items)},
	{KEEP_MANY(struct keep_all, sizes, KEEP_MAP, KEEP_T_SIZE, uint64_t)},
	{KEEP_MANY(struct keep_all, inner_map, KEEP_MAP, KEEP_T_STRUCT,
		   struct keep_all_inner), .sub = &all_inner_schema},
	{KEEP_MANY(struct keep_all, choices, KEEP_LIST, KEEP_T_CHOICE,
		   struct keep_choice), .sub = &all_arms},
};
static const struct keep_schema all_schema =
	KEEP_SCHEMA(struct keep_all, all_fields);

/* "2: WHERE: MESSAGE (HINT)": how many faults, and the first. */
static inline struct keep_slice told(struct keep_mem *m,
				     const struct keep_err *e)
{
	const struct keep_problem *p;

	if (!e->code)
		return KEEP_S("fine");
	if (!e->problems || !e->problems->first)
		return keep_slice(e->message);
	p = e->problems->first;
	if (p->hint.p)
		return keep_mem_print(m, "%zu: %.*s: %.*s (%.*s)",
				      e->problems->total, KEEP_F(p->where),
				      KEEP_F(p->message), KEEP_F(p->hint));
	return keep_mem_print(m, "%zu: %.*s: %.*s", e->problems->total,
			      KEEP_F(p->where), KEEP_F(p->message));
}

#endif
