/* The verbs of the provider instance, in their order. */
#include <keep/init.h>
#include "doctor/doctor.h"

KEEP_VERB(keep_init)

static const uint16_t init_errors[] = {
	KEEP_E_EXISTS, KEEP_E_NOT_FOUND, KEEP_E_TOO_LARGE, 0,
};

static const struct keep_verb verbs[] = {
	{"init", "make a provider instance", KEEP_V_CHANGES, keep_init_row,
	 .args = &keep_init_args_schema, .result = &keep_init_result_schema,
	 .errors = init_errors, .text = keep_init_text},
};

KEEP_BEGIN
extern const struct keep_library keep_provider_verbs;
KEEP_END
const struct keep_library keep_provider_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "provider",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
	.checks = keep_provider_checks,
	.n_checks = KEEP_N_PROVIDER_CHECKS,
};
