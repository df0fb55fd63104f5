"""A client of `keep serve`, with nothing but Python's own library.

    import keep
    with keep.connect("/srv/acme") as server:
        for node in server.call("node", "list", filter=["services=web"]):
            print(node["name"])
        for event in server.stream("deploy"):
            ...

Arguments and results have the names that `keep describe` has. What fails
raises keep.Error, with code, name, message, hint and problems; a result with a
verdict is returned, and the verdict is server.verdict.
"""
import hashlib
import os
import socket
import struct

PROGRESS, ITEM = 0, 1


class Error(Exception):
    """A call that failed: what the server said."""

    def __init__(self, code, message, hint=None, problems=()):
        super().__init__(message)
        self.code, self.message = code, message
        self.hint, self.problems = hint, list(problems)


# --- CBOR: the deterministic part of RFC 8949 that a socket takes -------------

def _head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for size, kind in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | kind]) + n.to_bytes(size, "big")
    raise OverflowError(n)


def encode(value):
    """The bytes of None, bool, int, float, bytes, str, list or dict."""
    if value is None or value is True or value is False:
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    if isinstance(value, dict):
        pairs = sorted((encode(k), encode(v)) for k, v in value.items())
        return _head(5, len(pairs)) + b"".join(k + v for k, v in pairs)
    items = [encode(v) for v in value]
    return _head(4, len(items)) + b"".join(items)


def _take(raw, at):
    major, low = raw[at] >> 5, raw[at] & 31
    at += 1
    if major == 7:
        if low == 27:
            return struct.unpack_from(">d", raw, at)[0], at + 8
        return {20: False, 21: True, 22: None}[low], at
    n = low
    if low >= 24:
        size = 1 << low - 24
        n, at = int.from_bytes(raw[at:at + size], "big"), at + size
    if major < 2:
        return (n if major == 0 else -1 - n), at
    if major < 4:
        part = raw[at:at + n]
        return (part if major == 2 else part.decode()), at + n
    if major == 4:
        items = []
        for _ in range(n):
            item, at = _take(raw, at)
            items.append(item)
        return items, at
    pairs = {}
    for _ in range(n):
        key, at = _take(raw, at)
        pairs[key], at = _take(raw, at)
    return pairs, at


def decode(raw):
    """The value of one item."""
    return _take(raw, 0)[0]


# --- names: what describe says of a schema ------------------------------------

def _one(field, value, out):
    kind, nested = field[2].removeprefix("map of "), field.get(4)
    if kind == "enum":
        names = field[5]
        return names.index(value) if out else names[value]
    if kind == "struct" and nested:
        return _map(nested, value, out)
    if kind == "choice" and out:
        (arm, inside), = value.items()
        number = [f[1] for f in nested].index(arm)
        return [number, _map(nested[number].get(4, []), inside, out)]
    if kind == "choice":
        arm = nested[value[0]]
        return {arm[1]: _map(arm.get(4, []), value[1], out)}
    return value


def _field(field, value, out):
    if field[2].startswith("map of "):
        return {k: _one(field, v, out) for k, v in value.items()}
    if field.get(3, 0) & 2:
        return [_one(field, v, out) for v in value]
    return _one(field, value, out)


def _map(fields, value, out):
    """A map with numbers as keys out of one with names, or back."""
    if out:
        by_name = {f[1]: f for f in fields}
        wrong = sorted(set(value) - set(by_name))
        if wrong:
            raise TypeError(f"no argument {', '.join(wrong)}; there are "
                            f"{', '.join(by_name) or 'none'}")
        return {by_name[n][0]: _field(by_name[n], v, out)
                for n, v in value.items()}
    by_key = {f[0]: f for f in fields}
    return {by_key[k][1]: _field(by_key[k], v, out)
            for k, v in value.items() if k in by_key}


# --- the connection -----------------------------------------------------------

class Server:
    """A connection; one call after another."""

    def __init__(self, path, instance=None, client="keep.py"):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.instance, self.client = instance, client
        self.verdict, self.last_id, self.known = 0, 0, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the connection, which cancels what runs."""
        self.socket.close()

    def _read(self, n):
        parts = []
        while n:
            part = self.socket.recv(n)
            if not part:
                raise ConnectionError("the server closed the connection")
            parts.append(part)
            n -= len(part)
        return b"".join(parts)

    def _send(self, call):
        self.last_id += 1
        number = self.last_id.to_bytes(4, "big")
        request = {0: self.client, 1: number}
        if call:
            request[3] = encode(call)
        body = encode(request)
        self.socket.sendall(struct.pack(">I", len(body)) + body)
        return number

    def _ask(self, path, args, mode, deadline_ms):
        call = {0: list(path), 1: args, 3: mode}
        if deadline_ms is not None:
            call[2] = deadline_ms
        if self.instance:
            call[4] = self.instance
        return self._send(call)

    def _replies(self, number):
        """What answers the call; the rest of one that was left is dropped."""
        while True:
            reply = decode(self._read(*struct.unpack(">I", self._read(4))))
            if reply[0] not in (number, bytes(4)):
                continue
            if isinstance(reply.get(1), int):
                raise _error(reply)
            payload = decode(reply[1]) if 1 in reply else None
            if not reply.get(2):
                self.verdict = reply.get(3, 0)
                yield None, payload
                return
            yield payload

    def _command(self, path):
        if path not in self.known:
            number = self._ask(("describe",), {0: list(path)}, 0, None)
            for _, result in self._replies(number):
                for command in result[3]:
                    self.known[tuple(command[0])] = command
        return self.known[path]

    def stream(self, *path, progress=None, deadline_ms=None, **args):
        """Items as they come; progress(text, done, total) is told of the way.
        What the iterator returns is the result; who closes it cancels."""
        command = self._command(path)
        number = self._ask(path, _map(command.get(8, []), args, True), 1,
                           deadline_ms)
        try:
            for kind, value in self._replies(number):
                if kind is None:
                    return _map(command[9], value, False) \
                        if command.get(9) and value is not None else value
                if kind == ITEM:
                    yield _map(command.get(10, []), value, False)
                elif progress:
                    progress(value[0], value.get(1, 0), value.get(2, 0))
        except GeneratorExit:
            self._ask(("cancel",), {0: number}, 0, None)

    def call(self, *path, deadline_ms=None, **args):
        """The result of a verb: a dict, a list of them, or None."""
        command, items = self._command(path), []
        stream = self.stream(*path, deadline_ms=deadline_ms, **args)
        while True:
            try:
                items.append(next(stream))
            except StopIteration as end:
                is_list = command[4].startswith("result = [*")
                return items if is_list else end.value

    def ping(self):
        """Whether the server answers."""
        for _ in self._replies(self._send(None)):
            return True


def _error(reply):
    detail = decode(reply[3]) if 3 in reply else {}
    names = {0: "where", 1: "line", 2: "column", 3: "message", 4: "hint"}
    problems = [{names[k]: v for k, v in p.items()}
                for p in detail.get(3, [])]
    return Error(reply[1], reply.get(2, ""), detail.get(2), problems)


def connect(directory=".", path=None):
    """The server of the instance in DIRECTORY, or the one at PATH."""
    instance = None
    if path is None:
        at = os.path.realpath(directory)
        while not os.path.isfile(os.path.join(at, "Keepfile")):
            if at == "/":
                raise FileNotFoundError(f"{directory} is in no instance")
            at = os.path.dirname(at)
        digest = hashlib.sha256(os.fsencode(at)).digest()
        instance = digest[:16]
        path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "keep",
                            f"serve-{digest[:8].hex()}.sock")
    return Server(path, instance)
