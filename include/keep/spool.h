/* The spool: what verbs publish lies here until the bus carries it on. It is
 * $XDG_STATE_HOME/keep/spool/: a file for each process that writes, which
 * another goes on with when that has ended. A record in it is u32 length (big
 * endian), so many bytes of CBOR {0: topic, 1: unix ms, 2: payload}, and the
 * CRC-32C of both. A tail that somebody's end tore is dropped. All files have
 * at most 64 MiB (of processes that write at once each may pass that by one
 * file); then the oldest that nobody writes goes, and the file `lost` counts
 * its records. Source: ARCHITECTURE 2; RFC 3720 12.1 (CRC-32C).
 * One that has written has synced before its verb answers: see keep_publish(),
 * <keep/verb.h>. */
#ifndef KEEP_SPOOL_H
#define KEEP_SPOOL_H

#include <keep/file.h>

/* Bytes: of a topic, a payload, a file, all files. */
enum {
	KEEP_TOPIC_MAX = 255,
	KEEP_PAYLOAD_MAX = 64 << 10,
	KEEP_SPOOL_FILE = 1 << 20,
	KEEP_SPOOL_MAX = 64 << 20,
};

/* What was published. */
struct keep_spool_record {
	struct keep_slice topic;   /* "deploy/acme/web1/done" */
	uint64_t at_unix_ms;
	struct keep_slice payload; /* any bytes */
};

/* One that writes; {0} is one that has written nothing. */
struct keep_spool {
	struct keep_fd dir, file;
	size_t len;    /* of the file, by whole records */
	bool unsynced;
};

/* What is read of it. */
struct keep_spool_read {
	/* FILE: its name, by which they are ordered, oldest first. What is not
	 * 0 ends the reading. The record lives until it returns. */
	int (*each)(void *to, struct keep_slice file,
		    const struct keep_spool_record *r, struct keep_err *e);
	void *to;
	uint64_t lost; /* filled in: how many records went, ever */
};

KEEP_BEGIN
/* Appends a record's bytes. BAD_ARGS for a topic that is empty or no text,
 * TOO_LARGE; nothing is appended then. */
KEEP_MUST int keep_spool_put(struct keep_buf *b,
			     const struct keep_spool_record *r,
			     struct keep_err *e);
/* Takes a record off *in; it borrows from there. False where none is whole
 * and as it was written: the rest is a torn tail, or will be a record. */
KEEP_MUST bool keep_spool_get(struct keep_slice *in,
			      struct keep_spool_record *out);

/* Appends to the spool in STATE_DIR ("~/.local/state/keep"), which is made.
 * As keep_spool_put(); IO, DENIED; BUSY when somebody holds it for 10 s. */
KEEP_MUST int keep_spool_write(struct keep_spool *s,
			       struct keep_slice state_dir,
			       const struct keep_spool_record *r,
			       struct keep_err *e);
/* What was written is on the disk. */
KEEP_MUST int keep_spool_sync(struct keep_spool *s, struct keep_err *e);
/* Closes it; does not sync. */
void keep_spool_end(struct keep_spool *s);

/* Calls read->each for all records of STATE_DIR's spool; nobody has to stop
 * writing. No spool is an empty one. Returns what each returned. */
KEEP_MUST int keep_spool_read(struct keep_slice state_dir,
			      struct keep_spool_read *read,
			      struct keep_err *e);
KEEP_END

#endif
