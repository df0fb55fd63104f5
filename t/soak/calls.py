"""The calling half of serve.sh: SOCKET PID SECONDS NODE.JSON. What is wrong is
told on stderr, the figures on stdout."""
import os
import random
import socket
import statistics
import struct
import sys
import time

from keep import decode, encode

RATE, LINES, GROWTH = 200, 8, 0.01
BAD_FRAME, BAD_REQUEST, NO_SUCH_COMMAND, NOT_EXPOSED, BAD_ARGS = 1, 2, 4, 5, 7
CANCELLED, NOT_FOUND = 10, 13
LIST = {0: ["node", "list"], 1: {0: ["services=web"]}}
KNOWN = [LIST, {0: ["version"]}, {0: ["inspect"], 1: {0: "web7"}},
         {0: ["describe"], 1: {0: ["node"]}}, {0: ["env", "list"]},
         {**LIST, 2: 10000}, {0: ["inspect"], 1: {0: "web8"}, 2: 60000}]
REFUSED = [({0: ["nonsense"]}, NO_SUCH_COMMAND), ({0: ["plan"]}, NOT_EXPOSED),
           ({0: ["inspect"], 1: {0: "web99"}}, NOT_FOUND),
           ({0: ["node", "list"], 1: {0: 7}}, BAD_ARGS)]


def frame(body):
    return struct.pack(">I", len(body)) + body


class Line:
    """A connection."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.last = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def put(self, call):
        """The request of a call, and its id."""
        self.last += 1
        number = struct.pack(">I", self.last)
        body = {0: "soak/1", 1: number, 3: encode(call)}
        return number, frame(encode(body))

    def hear(self):
        size, = struct.unpack(">I", self.read(4))
        return decode(self.read(size))

    def read(self, n):
        got = b""
        while len(got) < n:
            part = self.socket.recv(n - len(got))
            if not part:
                raise ConnectionError("the server closed")
            got += part
        return got

    def ask(self, call):
        number, request = self.put(call)
        self.socket.sendall(request)
        reply = self.hear()
        assert reply[0] == number, reply
        return reply


class Soak:
    """All that happens, each as a method that returns how many calls it was."""

    def __init__(self, path, file):
        self.path, self.file = path, file
        self.lines = [Line(path) for _ in range(LINES)]
        self.answers = [self.lines[0].ask(call)[1] for call in KNOWN]
        self.kinds = {
            self.plain: 60, self.refused: 8, self.pipelined: 4, self.anew: 8,
            self.cancelled: 6, self.bad_request: 4, self.bad_frame: 2,
            self.cut: 2, self.left: 3, self.edited: 3,
        }

    def line(self):
        return random.choice(self.lines)

    def plain(self):
        i = random.randrange(len(KNOWN))
        reply = self.line().ask(KNOWN[i])
        assert reply[1] == self.answers[i], (KNOWN[i], reply)
        return 1

    def refused(self):
        call, code = random.choice(REFUSED)
        reply = self.line().ask(call)
        assert reply[1] == code, (call, reply)
        return 1

    def pipelined(self):
        asked = {}
        for line in random.sample(self.lines, 3):
            requests = [line.put(call) for call in KNOWN]
            line.socket.sendall(b"".join(r for _, r in requests))
            asked[line] = [number for number, _ in requests]
        for line, numbers in asked.items():
            for number, answer in zip(numbers, self.answers):
                assert line.hear() == {0: number, 1: answer}
        return 3 * len(KNOWN)

    def anew(self):
        with Line(self.path) as line:
            assert line.ask(LIST)[1] == self.answers[0]
        return 1

    def cancelled(self):
        line = self.line()
        number, request = line.put(LIST)
        cancel, other = line.put({0: ["cancel"], 1: {0: number}})
        line.socket.sendall(request + other)
        replies = {r[0]: r for r in (line.hear(), line.hear())}
        assert replies[number].get(1) in (CANCELLED, self.answers[0]), replies
        assert replies[cancel].get(1) in (None, NOT_FOUND), replies
        return 2

    def bad_request(self):
        line = self.line()
        line.socket.sendall(frame(encode({0: "x", 1: b"abcd"})))
        reply = line.hear()
        assert (reply[0], reply[1]) == (b"abcd", BAD_REQUEST), reply
        return 1

    def bad_frame(self):
        with Line(self.path) as line:
            line.socket.sendall(b"\0\0\0\1\xff")
            assert line.hear()[1] == BAD_FRAME
            assert line.socket.recv(1) == b""
        return 1

    def cut(self):
        with Line(self.path) as line:
            _, request = line.put(LIST)
            line.socket.sendall(request[:random.randrange(len(request))])
        return 1

    def left(self):
        with Line(self.path) as line:
            _, request = line.put({**LIST, 3: 1})
            line.socket.sendall(request)
        return 1

    def edited(self):
        with open(self.file, "r+", encoding="utf-8") as node:
            text = node.read()
            old, new = ("192.0.2.200", "192.0.2.201")
            if new in text:
                old, new = new, old
            node.seek(0)
            node.write(text.replace(old, new))
        reply = self.line().ask({0: ["inspect"], 1: {0: "edited"}})
        assert new.encode() in reply[1] and old.encode() not in reply[1], reply
        return 1

    def run(self, seconds):
        """How many calls there were, and what failed."""
        kinds, weights = list(self.kinds), list(self.kinds.values())
        begin = time.monotonic()
        calls, failures = 0, []
        while calls < seconds * RATE:
            time.sleep(max(0, begin + calls / RATE - time.monotonic()))
            kind, = random.choices(kinds, weights)
            try:
                calls += kind()
            except (AssertionError, OSError, ValueError) as e:
                calls += 1
                failures.append(f"{kind.__name__}: {e!r}")
                self.lines = [Line(self.path) for _ in range(LINES)]
        return calls, failures


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return f.read().split()


def memory(pid):
    """kB of the server and its children, each page counted once; and how many
    of them are no file's, whose part depends on what else runs here."""
    total = of_files = 0
    for one in [pid, *children(pid)]:
        with open(f"/proc/{one}/smaps_rollup", encoding="ascii") as f:
            kilobytes = dict(line.split()[:2] for line in f)
        total += int(kilobytes["Pss:"])
        of_files += int(kilobytes["Pss_File:"])
    return total, total - of_files


def look(pid):
    """Memory and descriptors, when none but the lines are connected."""
    end = time.monotonic() + 10
    while len(children(pid)) != LINES and time.monotonic() < end:
        time.sleep(0.02)
    assert len(children(pid)) == LINES, children(pid)
    looks = []
    for _ in range(9):
        looks.append(memory(pid))
        time.sleep(0.1)
    total, own = map(statistics.median, zip(*looks))
    return total, own, len(os.listdir(f"/proc/{pid}/fd"))


def main(path, pid, seconds, file):
    random.seed(682)
    soak, seconds = Soak(path, file), int(seconds)
    warm = min(300, seconds / 4)
    early, first = soak.run(warm)
    before = look(pid)
    began = time.monotonic()
    calls, failures = soak.run(seconds - warm)
    took = time.monotonic() - began
    after = look(pid)
    failures = first + failures
    growth = (after[1] - before[1]) / before[0]
    print(f"{early} calls to warm up, {calls} calls in {took:.0f} s "
          f"({calls / took:.0f} a second); {len(failures)} failures")
    print(f"memory of the server and its {LINES} children: {before[0]} kB, "
          f"{before[1]} of them no file's; then {after[0]} and {after[1]}: "
          f"it grew by {growth:.2%}")
    print(f"descriptors of the parent: {before[2]}, then {after[2]}")
    for failure in failures[:20]:
        print(failure[:300], file=sys.stderr)
    good = not failures and growth < GROWTH and before[2] == after[2] and \
        calls / took > 0.9 * RATE
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
