/* What this part is linked to. */
#include <keep/cbor.h>
#include "cborlib.h"

/* The library itself does not say: this is what keep was built with. */
void keep_wire_versions(struct keep_buf *out)
{
	keep_buf_print(out, "libcbor %d.%d.%d\n", CBOR_MAJOR_VERSION,
		       CBOR_MINOR_VERSION, CBOR_PATCH_VERSION);
}
