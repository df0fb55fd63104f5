/* The parts of envelopes that only their reader and writer see. */
#ifndef IPC_ENVELOPE_H
#define IPC_ENVELOPE_H

#include <keep/envelope.h>

/* The reply that is an error. */
struct keep_refusal {
	struct keep_slice id;
	uint32_t code;
	struct keep_slice message;
	struct keep_slice detail; /* a keep_error_detail, encoded */
};

/* What more is known of an error. */
struct keep_error_detail {
	struct keep_slices fields;
	bool has_retry_after_ms;
	uint32_t retry_after_ms;
	struct keep_slice hint;
	struct keep_list problems; /* keep_wire_problem */
};

#endif
