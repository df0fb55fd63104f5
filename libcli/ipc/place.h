/* Where a socket lies: its directory, checked, and its name there. */
#ifndef IPC_PLACE_H
#define IPC_PLACE_H

#include <sys/socket.h>
#include <sys/un.h>
#include <keep/socket.h>

/* Bytes of a socket's name, so that others can be made of it, and of each of
 * the two words in it. */
enum { KEEP_FILE_MAX = 80, KEEP_WORD_MAX = 36 };

/* The directory is an O_PATH descriptor. */
struct keep_socket_at {
	const struct keep_socket *of;
	struct keep_fd dir;
	char file[KEEP_FILE_MAX + 1];
};

/* Opens the directory; MAKE: what is missing of it is made. DENIED when it is
 * not whose it must be; NOT_FOUND. */
KEEP_MUST int keep_socket_at_open(struct keep_socket_at *p,
			      const struct keep_socket *s, bool make,
			      struct keep_err *e);
void keep_socket_at_end(struct keep_socket_at *p);
/* Whether a socket that lies there is as it must be: DENIED, EXISTS. */
KEEP_MUST int keep_socket_at_check(const struct keep_socket_at *p,
			       const struct stat *st, struct keep_err *e);
/* The mode that it gets. */
mode_t keep_socket_at_mode(const struct keep_socket *s);
/* The address of FILE in the directory fd (FILE "": of fd itself), however
 * long its path. */
void keep_socket_at_address(struct sockaddr_un *to, int fd, const char *file);
/* Puts "PATH: " before the message, and returns -e->code. */
int keep_socket_at_says(const struct keep_socket *s, struct keep_err *e);

#endif
