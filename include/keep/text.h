/* Texts and numbers as people and files write them: UTF-8, strict numbers,
 * units, likeness of names. */
#ifndef KEEP_TEXT_H
#define KEEP_TEXT_H

#include <keep/mem.h>

/* How a terminal shows what stands between one of these and KEEP_PLAIN. */
#define KEEP_BOLD "\x1b[1m"
#define KEEP_RED "\x1b[1;31m"
#define KEEP_GREEN "\x1b[32m"
#define KEEP_YELLOW "\x1b[1;33m"
#define KEEP_PLAIN "\x1b[m"

/* The last second of the year 9999, the last that RFC 3339 can write. */
#define KEEP_TIME_MAX UINT64_C(253402300799)

KEEP_BEGIN
/* Whether S is UTF-8 (RFC 3629: shortest forms, no surrogates). */
bool keep_utf8_ok(struct keep_slice s);
/* Offset of the first byte that is not UTF-8; s.len when all are. */
size_t keep_utf8_check(struct keep_slice s);
/* The code point at p (1 to 4 bytes, valid UTF-8) and its length. */
uint32_t keep_utf8_get(const char *p, size_t *len);
/* Appends a code point; nothing for one that is no scalar value. */
void keep_utf8_put(struct keep_buf *b, uint32_t code_point);
/* Whether a code point may be shown as it is: neither a control character,
 * C1 among them, nor a mark of direction that can fake a line (U+202A..,
 * U+2066..). */
static inline bool keep_text_shows(uint32_t code)
{
	return !(code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		 (code >= 0x202a && code <= 0x202e) ||
		 (code >= 0x2066 && code <= 0x2069));
}
/* Columns that S takes on a terminal; control characters count 0. */
size_t keep_text_width(struct keep_slice s);
/* Foreign text for a message or a terminal: UTF-8, without what may not be
 * shown (it is \xNN, \uNNNN then), cut after MAX bytes with "...". Never fails:
 * without memory it is "?". In the arena. */
struct keep_slice keep_text_safe(struct keep_mem *m, struct keep_slice s,
				 size_t max);
/* The same into a fixed buffer of SIZE > 4 bytes; returns dst. */
char *keep_text_safe_to(char *dst, size_t size, struct keep_slice s);
/* fnmatch-like: * ? [a-z] [!a-z] in PATTERN, no escapes; linear in each. */
bool keep_text_glob(struct keep_slice pattern, struct keep_slice s);

/* Edits between two names (Damerau-Levenshtein): at most 64 bytes each, longer
 * ones are 65 apart unless they are the same. */
unsigned keep_text_distance(struct keep_slice a, struct keep_slice b);
/* "did you mean X?": offers names one by one, keeps the nearest that is near
 * enough (distance at most 2, at most a third of the length). */
struct keep_guess {
	struct keep_slice wanted, best;
	unsigned distance;
};
void keep_guess_offer(struct keep_guess *g, struct keep_slice name);

/* Strict numbers: no sign (but keep_num_int's `-`), leading zero, blank, or
 * trailing text; false when out of range. Doubles: JSON's form only, finite,
 * less than 1100 bytes. */
KEEP_MUST bool keep_num_uint(struct keep_slice s, uint64_t *v);
KEEP_MUST bool keep_num_int(struct keep_slice s, int64_t *v);
KEEP_MUST bool keep_num_double(struct keep_slice s, double *v);
/* Hex of either case, even length, into len / 2 bytes; put is lower case. */
KEEP_MUST bool keep_hex_get(struct keep_slice s, void *bytes);
void keep_hex_put(struct keep_buf *b, const void *bytes, size_t len);
/* RFC 4648 base64 with padding; no blanks, no bits behind the last byte. */
void keep_base64_put(struct keep_buf *b, struct keep_slice bytes);
KEEP_MUST bool keep_base64_get(struct keep_slice s, struct keep_buf *b);
/* A double as its shortest text that reads back the same, a JSON number;
 * `null` for what is not finite. */
void keep_double_put(struct keep_buf *b, double v);
/* `500ms 30s 10m 8h 7d`: ms. Put picks the largest unit that is exact. */
KEEP_MUST bool keep_duration_get(struct keep_slice s, uint64_t *ms);
void keep_duration_put(struct keep_buf *b, uint64_t ms);
/* `4096 64K 10M 2G 1T`, powers of 1024. */
KEEP_MUST bool keep_size_get(struct keep_slice s, uint64_t *bytes);
void keep_size_put(struct keep_buf *b, uint64_t bytes);
/* RFC 3339 in UTC (`2026-11-22T04:00:00Z`; any offset is read, a
 * fraction is dropped, times before 1970 and after 9999 are refused). */
KEEP_MUST bool keep_time_get(struct keep_slice s, uint64_t *unix_s);
void keep_time_put(struct keep_buf *b, uint64_t unix_s);
/* "3 days ago", "in 2 hours", "now", from now_s. */
void keep_time_relative(struct keep_buf *b, uint64_t unix_s, uint64_t now_s);

/* An IPv4 or IPv6 address in its canonical text form (RFC 5952). */
struct keep_ip {
	uint8_t len;       /* 4 or 16; 0: absent */
	uint8_t bytes[16];
};
KEEP_MUST bool keep_ip_get(struct keep_slice s, struct keep_ip *ip);
void keep_ip_put(struct keep_buf *b, const struct keep_ip *ip);

/* Aligned columns, two blanks apart: cells go in row by row. Cells
 * are borrowed; foreign text is made safe before. A lack of memory shows as
 * out->failed. */
struct keep_tab {
	struct keep_mem *mem;
	size_t n_columns;
	struct keep_slice *cells; /* n_columns each row */
	size_t n, cap;
	bool heading; /* the first row is one: bold */
	bool failed;
};
void keep_tab_cell(struct keep_tab *t, struct keep_slice cell);
void keep_tab_put(struct keep_tab *t, struct keep_buf *out);
/* Lines "name version" of the libraries that libkeep is linked to. */
void keep_base_versions(struct keep_buf *out);
KEEP_END

#endif
