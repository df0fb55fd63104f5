# shellcheck shell=bash
# Servers of instances, each handed its socket.

# socket_of DIR: where its server listens.
socket_of() {
	printf '%s/keep/serve-%s.sock' "$XDG_RUNTIME_DIR" \
		"$(realpath -z "$1" | tr -d '\0' | sha256sum | cut -c 1-16)"
}

# serve_as SOCKET COMMAND...: a daemon that is handed its socket; $server is
# its process, what it says is in the file served.
serve_as() {
	mkdir -p "$XDG_RUNTIME_DIR/keep"
	chmod 700 "$XDG_RUNTIME_DIR/keep"
	[ -p ready ] || mkfifo ready
	"$TOP/t/listen.py" "$1" ready "${@:2}" 2>> served &
	# shellcheck disable=SC2034 # of the script
	server=$!
	read -r _ < ready
}

# serve DIR [OPTION...]: a server of DIR.
serve() {
	serve_as "$(socket_of "$1")" keep -C "$1" serve "${@:2}"
}

# stop: the server ends as systemd would have it; its exit status.
stop() {
	kill "$server"
	wait "$server"
}
