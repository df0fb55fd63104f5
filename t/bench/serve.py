"""The measuring half of serve.sh: INSTANCE.PY KEEP."""
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from keep import encode
from measure import REPEATS

BOUND = 10
LISTEN = os.path.join(os.path.dirname(sys.path[0]), "listen.py")
CALL = encode({0: "bench", 1: b"call", 3: encode({0: ["node", "list"]})})
REQUEST = struct.pack(">I", len(CALL)) + CALL
VERB = "node", "list", "--format=cbor"


class Server:
    """A server of the instance, and a connection to it."""

    def __init__(self, keep, where, top):
        path, ready = os.path.join(top, "socket"), os.path.join(top, "ready")
        os.mkfifo(ready)
        with open(os.path.join(top, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [LISTEN, path, ready, keep, "-C", where, "serve"], stderr=log)
        with open(ready, "rb") as told:
            told.read()
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)

    def read(self, n):
        parts = []
        while n:
            parts.append(self.connection.recv(n))
            n -= len(parts[-1]) or sys.exit("serve: the server is gone")
        return b"".join(parts)

    def call(self):
        self.connection.sendall(REQUEST)
        return self.read(struct.unpack(">I", self.read(4))[0])

    def end(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()


def run(command):
    """What `keep` costs at a shell, but for the shell."""
    null = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=null)
    if os.waitpid(pid, 0)[1]:
        sys.exit(f"serve: {' '.join(command)} failed")


def rate(n, one, *args):
    began = time.perf_counter()
    for _ in range(n):
        one(*args)
    return n / (time.perf_counter() - began)


def compare(server, command):
    ratios = []
    for _ in range(REPEATS):
        calls = rate(1000, server.call)
        runs = rate(100, run, command)
        ratios.append(calls / runs)
    print(f"serve: node list {calls:.0f}/s, a process per call {runs:.0f}/s: "
          f"{statistics.median(ratios):.2f} times, bound {BOUND}")
    return statistics.median(ratios) >= BOUND


def main(generator, keep):
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as top:
        where = os.path.join(top, "acme")
        subprocess.run([sys.executable, generator, where, "100"], check=True)
        command = [keep, "-C", where, *VERB]
        server = Server(keep, where, top)
        if subprocess.check_output(command) not in server.call():
            sys.exit("serve: the answers differ")
        began = time.monotonic()
        while time.monotonic() < began + 3:     # what is younger is not kept
            run(command)
        good = compare(server, command)
        server.end()
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
