/* `try types`: every type, shape and source of a schema. */
#include "tryout.h"

#define P struct keep_try_pair
static const struct keep_field pair[] = {
	{KEEP_TEXT(P, left), .required = true, .max = 8, .help = "a text"},
	{KEEP_UINT(P, right), KEEP_HAS(P, has_right), .env = "TRY_RIGHT", .help = "a number"},
};
#undef P
static const struct keep_schema pair_schema =
	KEEP_SCHEMA(struct keep_try_pair, pair);
#define O struct keep_try_outer
static const struct keep_field outer[] = {
	{KEEP_TEXT(O, name), .required = true, .help = "of the outer"},
	{KEEP_STRUCT(O, inner, pair_schema), KEEP_HAS(O, has_inner), .help = "the inner"},
};
#undef O
static const struct keep_schema outer_schema =
	KEEP_SCHEMA(struct keep_try_outer, outer);

#define D struct keep_try_disk
static const struct keep_field disk[] = {
	{KEEP_PATH(D, device), .required = true, .help = "its device"},
};
#undef D
static const struct keep_schema disk_schema =
	KEEP_SCHEMA(struct keep_try_disk, disk);
#define S struct keep_try_share
static const struct keep_field share[] = {
	{KEEP_TEXT(S, host), .required = true, .help = "its host"},
	{KEEP_UINT(S, port), KEEP_HAS(S, has_port), .max = 65535, .help = "its port"},
};
#undef S
static const struct keep_schema share_schema =
	KEEP_SCHEMA(struct keep_try_share, share);
static const struct keep_schema nothing_schema = {
	.name = "try_nothing", .size = sizeof(struct keep_try_nothing)};
static const struct keep_field arms[] = {
	{KEEP_ARM("disk", struct keep_try_disk, disk_schema), .help = "on a disk"},
	{KEEP_ARM("net", struct keep_try_share, share_schema), .help = "in the network"},
	{KEEP_ARM("nothing", struct keep_try_nothing, nothing_schema), .help = "nowhere"},
};
static const struct keep_schema kind = {
	.name = "try_kind", .fields = arms, .n = KEEP_COUNT(arms)};

static const char *const colours[] = {"red", "green", "light_blue"};
static const struct keep_names_of colour_names = {colours, KEEP_COUNT(colours)};

#define T struct keep_try_types
static const struct keep_field types[] = {
	{KEEP_TEXT(T, word), .source = KEEP_WORD, .help = "a word"},
	{KEEP_TEXTS(T, rest), .source = KEEP_REST, .max_n = 5, .help = "more words"},
	{KEEP_BOOL(T, flag), .letter = 'f', .help = "a flag"},
	{KEEP_UINT(T, whole), KEEP_HAS(T, has_whole), .letter = 'w', .min = 1, .max = 1000,
	 .help = "a whole number"},
	{KEEP_UINT(T, small), .dflt = "7", .letter = 's', .help = "has a default"},
	{KEEP_INT(T, number), KEEP_HAS(T, has_number), .help = "may be negative"},
	{KEEP_DOUBLE(T, real), KEEP_HAS(T, has_real), .help = "a real number"},
	{KEEP_ENUM(T, colour, &colour_names), KEEP_HAS(T, has_colour), .help = "a colour"},
	{KEEP_TIME(T, at), KEEP_HAS(T, has_at), .help = "a time"},
	{KEEP_DURATION(T, wait), .dflt = "2s", .help = "how long"},
	{KEEP_SIZE(T, room), .dflt = "4K", .help = "how much"},
	{KEEP_SHARE(T, share), KEEP_HAS(T, has_share), .help = "how many"},
	{KEEP_IP(T, ip), .help = "an address"},
	{KEEP_TEXT(T, text), .letter = 't', .max = 16, .help = "a short text"},
	{KEEP_BYTES(T, bytes), .max = 8, .help = "bytes in hex"},
	{KEEP_FIXED(T, nonce), KEEP_HAS(T, has_nonce), .help = "four bytes in hex"},
	{KEEP_FIXED_TEXT(T, code), KEEP_HAS(T, has_code), .help = "two letters"},
	{KEEP_PATH(T, path), .help = "a path"},
	{KEEP_BLOB(T, blob), .max = 4096, .help = "a file"},
	{KEEP_ITEM(T, item), .help = "anything, as JSON"},
	{KEEP_TEXT(T, where), .env = "TRY_WHERE", .help = "from the environment"},
	{KEEP_TEXTS(T, texts), .max_n = 3, .help = "up to three texts"},
	{KEEP_MANY(T, wholes, KEEP_LIST, KEEP_T_UINT, uint64_t), .help = "numbers"},
	{KEEP_STRUCTS(T, pairs, struct keep_try_pair, pair_schema), .help = "pairs"},
	{KEEP_MAP_TEXT(T, labels), .letter = 'l', .meta = "KEY=VALUE", .help = "labels"},
	{KEEP_MANY(T, counts, KEEP_MAP, KEEP_T_UINT, uint64_t), .meta = "KEY=N",
	 .help = "counts"},
	{KEEP_MAP_ITEM(T, items), .meta = "KEY=JSON", .help = "items"},
	{KEEP_STRUCT(T, outer, outer_schema), KEEP_HAS(T, has_outer), .help = "nested"},
	{KEEP_CHOICE(T, kind, kind), .help = "one of these"},
};
#undef T
const struct keep_schema keep_try_types_schema =
	KEEP_SCHEMA(struct keep_try_types, types);

int keep_try_types(struct keep_ctx *c, const struct keep_try_types *a,
		   struct keep_try_types *r, struct keep_err *e)
{
	(void)c, (void)e;
	*r = *a;
	return 0;
}
