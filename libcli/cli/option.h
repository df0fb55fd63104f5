/* Fields as people type them: what help, manual and completion share. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "argv.h"

/* Takes one thing that can be given at the shell. */
typedef void keep_option_fn(void *to, const struct keep_slot *s);

/* Calls EACH for all that S takes at the shell: words, options, members of
 * nested structs, arms. False without memory. */
bool keep_option_each(const struct keep_schema *s, keep_option_fn *each,
		      void *to);
/* Whether it is a word, not an option. */
bool keep_option_is_word(const struct keep_field *f);
/* "NAME", "PATH=VALUE": how a value is shown. */
void keep_option_meta(const struct keep_field *f, struct keep_buf *out);
/* "--ports N": an option's name and value, a secret's two, a word's meta. */
void keep_option_form(const struct keep_slot *s, struct keep_buf *out);
/* The help line with default, names, variable. */
void keep_option_notes(const struct keep_slot *s, struct keep_buf *out);

#endif
