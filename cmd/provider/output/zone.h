/* The zone of an environment: its records, wherever they come from, and what
 * one must be. Sources: RFC 1035 5, 2181, 2782, 4255, 6698, 7208, 8659. */
#ifndef PROVIDER_ZONE_H
#define PROVIDER_ZONE_H

#include "env.h"

/* The types that are written, in this order. */
enum keep_rr {
	KEEP_RR_NS, KEEP_RR_A, KEEP_RR_AAAA, KEEP_RR_CNAME, KEEP_RR_MX,
	KEEP_RR_TXT, KEEP_RR_CAA, KEEP_RR_SRV, KEEP_RR_PTR, KEEP_RR_DS,
	KEEP_RR_SSHFP, KEEP_RR_TLSA, KEEP_RR_COUNT,
};

struct keep_record {
	struct keep_slice name;     /* in the zone, lower case; "@": its top */
	uint8_t type;               /* keep_rr */
	struct keep_slice value;    /* as zone files write it */
	struct keep_slice target;   /* the name it leads to; absent: none */
	uint32_t ttl;               /* 0: the zone's */
	const struct keep_json *at; /* what says so */
};

/* A zone that is gathered. */
struct keep_zone {
	struct keep_env_build *x;
	struct keep_slice name;     /* "example.org", lower case */
	struct keep_buf records;    /* of keep_record */
	struct keep_slice contact;  /* as a name; absent: hostmaster */
	uint32_t ttl;
	bool has_spf;               /* somebody's own */
};

/* "NS", "A"... */
const char *keep_rr_name(enum keep_rr type);
/* The name inside the zone ("@" for its top) of a full one, of "@", or of one
 * in the zone; absent when it is no name of the zone, or memory lacks. FULL:
 * what has dots is a full name always. */
struct keep_slice keep_zone_name(const struct keep_zone *z,
				 struct keep_slice name, bool full);
/* zone_value.c: fills value and target of a record by its type. False when
 * TEXT is none; *wanted says what it must be. */
bool keep_zone_value(const struct keep_zone *z, struct keep_slice text,
		     struct keep_record *r, const char **wanted);
/* zone_records.c: all records of the environment, with the zone's settings. */
KEEP_MUST int keep_zone_gather(struct keep_zone *z, struct keep_err *e);
/* zone_rows.c: adds those of a list; NULL: there is none. */
void keep_zone_rows(struct keep_zone *z, const struct keep_json *list);
/* Reads seconds, where they are said. False when that was told as a fault. */
bool keep_zone_ttl(struct keep_zone *z, const struct keep_json *v,
		   uint32_t *ttl);
/* zone_check.c: sorts them, each once, and tells what does not go together. */
void keep_zone_check(struct keep_zone *z);

#endif
