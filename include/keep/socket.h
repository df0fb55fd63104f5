/* Sockets of services: where they lie and whose they must be, who stands at
 * the other end, and what systemd passes to a service. All is looked at by
 * descriptors of directories, so that nothing changes between the look and
 * the use, and paths may be longer than the 108 bytes of sun_path.
 * Source: WIRE 6; unix(7), sd_listen_fds(3), sd_notify(3). */
#ifndef KEEP_SOCKET_H
#define KEEP_SOCKET_H

#include <keep/file.h>

/* Whose a service is. A directory or socket that is not as said is DENIED to
 * both sides. */
enum keep_socket_place {
	/* The user's: $XDG_RUNTIME_DIR/keep/NAME.sock; directory 0700 and
	 * socket (0700) ours. keep/ is made. */
	KEEP_SOCKET_USER = 0,
	/* The system's: /run/keep-NAME/NAME.sock. Directory 0711, of root or
	 * uid; socket 0700, or 0666 when for_all. */
	KEEP_SOCKET_SYSTEM,
	/* Wherever somebody said: a path. Directory and socket ours or root's,
	 * writable by nobody else; or the socket 0666. */
	KEEP_SOCKET_PATH,
};

/* Of keep_socket.uid, for clients: whoever root gave the directory to, since
 * only root makes one in /run; its socket may be for all or not. */
#define KEEP_UID_ANY UINT32_MAX
/* uid and gid of who is not known here: nobody's, whoever that is. */
enum { KEEP_NOBODY = 65534 };

/* A socket by its service. Texts are borrowed. */
struct keep_socket {
	enum keep_socket_place place;
	struct keep_slice name;     /* "agent"; PATH: the path */
	struct keep_slice instance; /* of several: keep/NAME-INSTANCE.sock, or
				     * /run/keep-NAME-INSTANCE/NAME.sock */
	struct keep_slice runtime_dir; /* USER: $XDG_RUNTIME_DIR */
	uint32_t uid;               /* SYSTEM: of the service */
	bool for_all;               /* not USER: every uid may connect */
};

/* A socket that listens. */
struct keep_listener {
	struct keep_fd fd;
	/* Where it was bound; empty when systemd passed it. */
	struct keep_fd dir, lock;
	char file[108];
	uint64_t inode;
};

/* Who stands at the other end. Its uid and gid are those at connect(); the pid
 * is for logs only. */
struct keep_peer {
	uint32_t uid, gid, pid;
	int fd_plus_one; /* of the connection, whose groups may be asked */
};

/* Limits of what systemd passes. */
enum { KEEP_ACTIVATED_MAX = 16, KEEP_ACTIVATED_NAME = 256 };

/* What systemd passed; {0} is nothing. */
struct keep_activation {
	struct keep_activated {
		struct keep_fd fd;
		char name[KEEP_ACTIVATED_NAME];
	} v[KEEP_ACTIVATED_MAX];
	size_t n;
	char notify[108]; /* where readiness is told; "": nowhere */
};

/* Which instance: the first 16 bytes of SHA-256 of its real path, and the
 * first 8 of them in hex, as names of sockets have it. */
struct keep_instance_id {
	uint8_t bytes[16];
	char name[17];
};

KEEP_BEGIN
/* The socket at PATH (borrowed): of the SYSTEM, and of any uid, where that has
 * its sockets; else just there. */
struct keep_socket keep_socket_of_path(struct keep_slice path);
/* Appends the path, for messages. */
void keep_socket_path(const struct keep_socket *s, struct keep_buf *out);
/* Connects, after the checks. UNREACHABLE: nobody is there. DENIED: it is not
 * whose it must be. BUSY: it did not accept within 5 s. BAD_CONFIG: no
 * runtime directory; BAD_ARGS: a name or path that cannot be. */
KEEP_MUST int keep_socket_connect(const struct keep_socket *s,
				  struct keep_fd *out, struct keep_err *e);
/* Binds and listens, with the mode that the place asks for. A socket whose
 * server is dead is replaced at once. BUSY: a server listens there; EXISTS:
 * what is there is no socket; else as above. */
KEEP_MUST int keep_socket_listen(const struct keep_socket *s,
				 struct keep_listener *out,
				 struct keep_err *e);
/* Closes it, and removes its file when that is still its own. */
void keep_listener_end(struct keep_listener *l);
/* Closes it and leaves its file: in a child of the server. */
void keep_listener_close(struct keep_listener *l);
/* Who is connected: IO. */
KEEP_MUST int keep_peer_get(int fd, struct keep_peer *out,
			    struct keep_err *e);
/* Whether it is the user of this process, or root. */
bool keep_peer_is_own(const struct keep_peer *p);
/* Whether the group is its own, or one of its others, as for files: those that
 * the process had at connect(). False when that cannot be known. */
bool keep_peer_is_in(const struct keep_peer *p, uint32_t gid);

/* Takes what systemd passed off the environment: LISTEN_PID, LISTEN_FDS,
 * LISTEN_FDNAMES, NOTIFY_SOCKET are gone then, and the descriptors close on
 * exec. Another pid in LISTEN_PID: nothing was passed. BAD_CONFIG when numbers
 * and names do not fit together, or one is no socket that listens. */
KEEP_MUST int keep_activation_take(struct keep_activation *a,
				   struct keep_err *e);
/* Moves the socket of NAME (NULL: the first) to *out; false: it is not
 * there. */
bool keep_activation_get(struct keep_activation *a, const char *name,
			 struct keep_listener *out);
/* Tells STATE ("READY=1"); nothing where nobody asked. Best effort. */
void keep_activation_notify(const struct keep_activation *a,
			    const char *state);
void keep_activation_end(struct keep_activation *a);

/* The id of the instance in the directory whose real path is PATH. */
void keep_instance_id(struct keep_slice path, struct keep_instance_id *out);
KEEP_END

#endif
