/* The types of fields: names, sizes, presence. */
#include <string.h>
#include "schema.h"

const struct keep_type_row keep_type_rows[] = {
	[KEEP_T_BOOL] = {"bool", "bool", KEEP_CBOR_BOOL, false},
	[KEEP_T_UINT] = {"uint", "uint", KEEP_CBOR_UINT, false},
	[KEEP_T_INT] = {"int", "int", KEEP_CBOR_END, false},
	[KEEP_T_DOUBLE] = {"double", "float64", KEEP_CBOR_DOUBLE, false},
	[KEEP_T_TEXT] = {"text", "tstr", KEEP_CBOR_TEXT, true},
	[KEEP_T_BYTES] = {"bytes", "bstr", KEEP_CBOR_BYTES, true},
	[KEEP_T_ENUM] = {"enum", "uint", KEEP_CBOR_UINT, false},
	[KEEP_T_TIME] = {"time", "uint", KEEP_CBOR_UINT, false},
	[KEEP_T_DURATION] = {"duration", "uint", KEEP_CBOR_UINT, false},
	[KEEP_T_SIZE] = {"size", "uint", KEEP_CBOR_UINT, false},
	[KEEP_T_SHARE] = {"count-or-percent", "[uint, bool]", KEEP_CBOR_LIST,
			  false},
	[KEEP_T_IP] = {"ip", "tstr", KEEP_CBOR_TEXT, false},
	[KEEP_T_PATH] = {"path", "tstr", KEEP_CBOR_TEXT, true},
	[KEEP_T_BLOB] = {"blob", "bstr", KEEP_CBOR_BYTES, true},
	[KEEP_T_FIXED] = {"bytes", "bstr", KEEP_CBOR_BYTES, false},
	[KEEP_T_FIXED_TEXT] = {"text", "tstr", KEEP_CBOR_TEXT, false},
	[KEEP_T_ITEM] = {"any", "any", KEEP_CBOR_END, true},
	[KEEP_T_SECRET] = {"secret", "bstr", KEEP_CBOR_BYTES, true},
	[KEEP_T_STRUCT] = {"struct", NULL, KEEP_CBOR_MAP, false},
	[KEEP_T_CHOICE] = {"choice", NULL, KEEP_CBOR_LIST, false},
};

const char *keep_type_name(enum keep_type t)
{
	return t < KEEP_COUNT(keep_type_rows) && keep_type_rows[t].name ?
	       keep_type_rows[t].name : "?";
}

uint64_t keep_number_get(const struct keep_field *f, const void *p)
{
	uint32_t small;
	uint64_t large;

	if (f->size == sizeof small) {
		memcpy(&small, p, sizeof small);
		return small;
	}
	memcpy(&large, p, sizeof large);
	return large;
}

int64_t keep_signed_get(const struct keep_field *f, const void *p)
{
	if (f->size == sizeof(int32_t))
		return (int32_t)(uint32_t)keep_number_get(f, p);
	return (int64_t)keep_number_get(f, p);
}

void keep_number_set(const struct keep_field *f, void *p, uint64_t v)
{
	uint32_t small = (uint32_t)v;

	if (f->size == sizeof small)
		memcpy(p, &small, sizeof small);
	else
		memcpy(p, &v, sizeof v);
}

uint64_t keep_field_max(const struct keep_field *f)
{
	bool is_signed = f->type == KEEP_T_INT;

	if (f->type == KEEP_T_ENUM)
		return f->names->n - 1;
	if (f->type == KEEP_T_TIME && (!f->max || f->max > KEEP_TIME_MAX))
		return KEEP_TIME_MAX;
	if (f->max)
		return f->max;
	if (f->size == sizeof(uint32_t))
		return is_signed ? INT32_MAX : UINT32_MAX;
	return is_signed ? INT64_MAX : UINT64_MAX;
}

size_t keep_field_value_at(const struct keep_field *f)
{
	return f->shape == KEEP_MAP ? sizeof(struct keep_slice) : 0;
}

size_t keep_field_stride(const struct keep_field *f)
{
	if (f->shape != KEEP_MAP)
		return f->size;
	return sizeof(struct keep_slice) + ((f->size + 7u) & ~(size_t)7);
}

bool keep_field_present(const struct keep_field *f, const void *in)
{
	const void *p = keep_member_of(f, in);

	if (f->has)
		return ((const bool *)in)[f->has - 1];
	if (f->shape != KEEP_ONE)
		return ((const struct keep_list *)p)->v != NULL;
	if (keep_type_rows[f->type].is_slice)
		return ((const struct keep_slice *)p)->p != NULL;
	if (f->type == KEEP_T_IP)
		return ((const struct keep_ip *)p)->len != 0;
	if (f->type == KEEP_T_CHOICE)
		return ((const struct keep_choice *)p)->is_set;
	return true;
}
