#!/usr/bin/python3
"""t/calls.py KEEP SOCKET WIRE-LOCK: calls of an instance `acme`, at the shell
and over its server's socket, from the same state; they must not differ.

On stdin, for each: how many words, VERB, WORD..., each behind it a NUL. Every
frame must fit t/envelope.cddl, and what is in it what `keep describe` says.
Prints "pass TITLE" or "fail TITLE" lines, and "end" behind those of each call.
The state behind it is that of the shell.
"""
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys

import cbor2
import cddl

KEEP, SOCKET, LOCK = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT, SECRET = 2, 128
REFUSED = {SECRET: 5, CLIENT: 6}  # flag: code
NAMES = {0: "where", 1: "line", 2: "column", 3: "message", 4: "hint"}


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


ENVELOPE = cddl.Schema(read(f"{HERE}/envelope.cddl"))
EXITS = {int(code): int(status) for code, status in
         re.findall(r"^(\d+) [A-Z_]+ (\d+)$", read(LOCK), re.M)}


def say(good, title, why=""):
    print("pass" if good else "fail", title, "" if good else f"-- {why}")


def shell(*words):
    return subprocess.run([KEEP, "-C", "acme", *words], capture_output=True,
                          stdin=subprocess.DEVNULL, check=False)


# --- what describe says -------------------------------------------------------

class Verb:
    """The types of a verb."""

    def __init__(self, command):
        self.path, self.flags = command[0], command[2]
        self.args = cddl.Schema(command[3])
        item = command.get(5, "")
        is_list = command[4].startswith("result = [* ")
        self.has_events = bool(item) and not is_list
        self.item = cddl.Schema(item) if item else None
        self.result = cddl.Schema(command[4] + (item if is_list else "")) \
            if command[4] else None

    def refused(self):
        """Its code, when no server exposes it."""
        for flag, code in REFUSED.items():
            if self.flags & flag:
                return code
        return 0


# --- the socket ---------------------------------------------------------------

class Calls:
    """A connection; faults are what does not fit its type."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(path)
        self.n, self.faults = 0, []

    def fit(self, schema, raw, rule=None):
        try:
            if schema is None:
                raise cddl.Mismatch("nothing was to come")
            schema.check(raw, rule)
        except cddl.Mismatch as e:
            self.faults.append(f"{rule or schema and schema.first}: {e}")

    def hear(self, n):
        got = b""
        while len(got) < n:
            part = self.socket.recv(n - len(got))
            if not part:
                raise EOFError("the server closed the connection")
            got += part
        return got

    def frame(self):
        raw = self.hear(struct.unpack(">I", self.hear(4))[0])
        self.fit(ENVELOPE, raw, "response")
        return cbor2.loads(raw)

    def call(self, verb, args, mode):
        """Items, the last frame; all of the types that they should have."""
        self.n, self.faults = self.n + 1, []
        number = struct.pack(">I", self.n)
        self.fit(verb.args, args)
        call = b"\xa3\x00" + cbor2.dumps(verb.path) + b"\x01" + args + \
            b"\x03" + cbor2.dumps(mode)
        raw = cbor2.dumps({0: "calls.py", 1: number, 3: call})
        self.fit(ENVELOPE, raw, "request")
        self.socket.sendall(struct.pack(">I", len(raw)) + raw)
        items = []
        while True:
            got = self.frame()
            if got[0] != number:
                self.faults.append(f"a reply to {got[0]!r}")
            if got.get(2) is not True:
                break
            if got[1][:2] == b"\x82\x01":
                items.append(got[1][2:])
                self.fit(verb.item, items[-1])
        if isinstance(got.get(1), bytes) and not (mode and not verb.has_events
                                                  and verb.item):
            self.fit(verb.result, got[1])
        elif verb.result and not isinstance(got.get(1), int) and mode == 0:
            self.faults.append("there is no result")
        return items, got


# --- the same -----------------------------------------------------------------

def restore(state):
    """In place: the server has the folder open."""
    shutil.rmtree("new", ignore_errors=True)
    for entry in os.scandir("acme"):
        (shutil.rmtree if entry.is_dir(follow_symlinks=False) else
         os.unlink)(entry.path)
    shutil.copytree(state, "acme", symlinks=True, dirs_exist_ok=True)


def told(done):
    """The error that a shell has printed, if any."""
    for line in done.stderr.decode().splitlines():
        if line.startswith('{"error":'):
            error = json.loads(line)["error"]
            del error["name"]
            return error
    return None


def error_of(frame):
    """The same of a frame."""
    if not isinstance(frame.get(1), int):
        return None
    detail = cbor2.loads(frame[3]) if 3 in frame else {}
    error = {"code": frame[1], "message": frame.get(2), "hint": detail.get(2),
             "problems": [{NAMES[k]: v for k, v in p.items() if v != ""}
                          for p in detail.get(3, [])] or None}
    return {k: v for k, v in error.items() if v is not None}


def payload(verb, mode, items, last):
    """As the shell prints it."""
    result = last.get(1, b"")
    if isinstance(result, int):
        result = b""
    if verb.has_events:
        return b"".join(b"\x82\x01" + i for i in items) + result
    if mode and verb.item and not isinstance(last.get(1), int):
        return cbor2.dumps([None] * len(items))[:-len(items) or None] + \
            b"".join(items)
    return result


def results_of(want, items):
    """What the shell printed behind its events."""
    return want[sum(len(i) + 2 for i in items):]


def compare(title, done, verb, got):
    """The shell's answer with those of both modes."""
    whole = payload(verb, 1, *got[1])
    say(whole == done.stdout, f"{title}: the same items and result",
        f"{done.stdout.hex()[:2000]} and {whole.hex()[:2000]}")
    want = results_of(done.stdout, got[1][0] if verb.has_events else [])
    final = payload(verb, 0, *got[0])
    say(final == want, f"{title}: the same result",
        f"{want.hex()[:2000]} and {final.hex()[:2000]}")
    for items, last in got:
        error = error_of(last)
        say(error == told(done), f"{title}: the same error",
            f"{told(done)} and {error}")
        code = error["code"] if error else last.get(3, 0)
        say(EXITS.get(code, 0) == done.returncode, f"{title}: the same verdict",
            f"{done.returncode} and code {code}")
    say(not got[0][0], f"{title}: no items where none are wanted")


def both(server, verbs, name, words):
    title = f"{name} {' '.join(words)}".strip()
    verb = verbs[name]
    args = cbor2.loads(shell("--format=cbor", "x-encode", "--",
                             *verb.path, *words).stdout)[0]
    shutil.rmtree("before", ignore_errors=True)
    shutil.copytree("acme", "before", symlinks=True)
    got, faults = [], []
    for mode in (0, 1):
        got.append(server.call(verb, args, mode))
        faults += server.faults
        restore("before")
    done = shell("--format=cbor", *verb.path, *words)
    say(not faults, f"{title}: it is as described", "; ".join(faults))
    if not verb.refused():
        compare(title, done, verb, got)
        return
    for _, last in got:
        code = (error_of(last) or {"code": 0})["code"]
        say(code == verb.refused(), f"{title}: no server does that",
            f"code {code}")


def main():
    described = cbor2.loads(shell("--format=cbor", "describe").stdout)
    verbs = {" ".join(c[0]): Verb(c) for c in described[3]}
    server, given = Calls(SOCKET), sys.stdin.buffer
    while True:
        words, n = [], None
        while n is None or len(words) < n:
            word = b""
            while not word.endswith(b"\0"):
                byte = given.read(1)
                if not byte:
                    return
                word += byte
            if n is None:
                n = int(word[:-1])
            else:
                words.append(word[:-1].decode())
        try:
            both(server, verbs, words[0], words[1:])
        except (EOFError, OSError, KeyError, ValueError) as e:
            say(False, f"{' '.join(words)}: it is answered", repr(e))
            server = Calls(SOCKET)
        print("end", flush=True)


main()
