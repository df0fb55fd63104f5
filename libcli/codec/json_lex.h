/* What the JSON reader and the editor share: where blanks, comments and texts
 * end. Offsets go into the document; nothing here allocates. */
#ifndef CODEC_JSON_LEX_H
#define CODEC_JSON_LEX_H

#include <keep/json.h>

/* The end of a comment or text that is never closed. */
#define KEEP_JSON_OPEN SIZE_MAX

/* The byte at AT; 0 behind the end. */
static inline char keep_json_byte(struct keep_slice text, size_t at)
{
	return at < text.len ? text.p[at] : '\0';
}
/* The first byte from AT that is no blank (space, tab, CR, LF). */
size_t keep_json_blank_end(struct keep_slice text, size_t at);
/* The byte behind the comment that begins at AT (the line break of a line
 * comment is not part of it); AT when none does. */
size_t keep_json_comment_end(struct keep_slice text, size_t at);
/* The byte behind the quote that closes the text whose quote is at AT. A line
 * break closes nothing: JSON has none in a text. */
size_t keep_json_text_end(struct keep_slice text, size_t at);
/* The byte behind the word or number at AT; AT when there is none. */
size_t keep_json_word_end(struct keep_slice text, size_t at);
/* Whether a number is written as a double: JSON's integers have no point and
 * no exponent. */
bool keep_json_is_double(struct keep_slice number);

#endif
