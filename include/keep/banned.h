/* Forced into every file by the Makefile: what may not be called does not
 * compile. System headers come first, so that they still declare them. */
#ifndef KEEP_BANNED_H
#define KEEP_BANNED_H

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* clang's fortified libc has them as macros. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll atof memcmp bcmp system popen
#pragma GCC poison localtime gmtime asctime mktemp tmpnam tempnam
#pragma GCC poison setlocale umask
/* libgit2's headers have a member of this name. */
#define ctime(t) ctime_is_banned

#endif
