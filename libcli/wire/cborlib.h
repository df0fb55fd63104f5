/* The one door to libcbor: its head decoder and its encoders. The calls that
 * build a tree from input, or make one, do not compile behind it. */
#ifndef KEEP_WIRE_CBORLIB_H
#define KEEP_WIRE_CBORLIB_H

#include <cbor.h>

#pragma GCC poison cbor_load cbor_copy cbor_serialize cbor_serialize_alloc
#pragma GCC poison cbor_describe cbor_incref cbor_decref cbor_move
#pragma GCC poison cbor_new_definite_array cbor_new_indefinite_array
#pragma GCC poison cbor_new_definite_map cbor_new_indefinite_map
#pragma GCC poison cbor_new_definite_string cbor_new_indefinite_string
#pragma GCC poison cbor_new_definite_bytestring cbor_new_tag
#pragma GCC poison cbor_new_indefinite_bytestring
#pragma GCC poison cbor_build_string cbor_build_stringn cbor_build_bytestring
#pragma GCC poison cbor_build_tag cbor_array_push cbor_map_add

/* Room for any head. */
enum { KEEP_CBOR_HEAD_MAX = 9 };

#endif
