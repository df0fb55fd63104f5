#!/usr/bin/env python3
"""t/listen.py SOCKET READY COMMAND...: becomes COMMAND, which is handed a
socket that listens as systemd hands it; the fifo READY is told first."""
import os
import socket
import sys

path, ready, command = sys.argv[1], sys.argv[2], sys.argv[3:]
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(path)
os.chmod(path, 0o700)
listener.listen(4096)
with open(ready, "w", encoding="ascii") as told:
    told.write("listens\n")
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1",
                  LISTEN_FDNAMES="serve")
os.execvp(command[0], command)
