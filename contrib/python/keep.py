"""A client of `keep serve`, with nothing but Python's own library.

    import keep

    with keep.connect("/srv/acme") as server:
        for node in server.call("node", "list", filter=["services=web"]):
            print(node["name"], node["ip_address"])
        for item in server.stream("node", "list"):  # one by one, as they come
            print(item["name"], server.call("inspect", node=item["name"]))

Arguments and results have the names that `keep describe` has; an argument that
is None is left out. What fails raises keep.Error, with code, name, message,
hint and problems. A result may have a verdict (the nodes of a deploy that
failed, say): it is returned, and server.verdict holds the code, else 0.
Times are Unix seconds, durations milliseconds, bytes are bytes.
"""
import collections
import enum
import hashlib
import math
import os
import re
import socket
import stat
import struct

Code = enum.IntEnum("Code", """
    BAD_FRAME BAD_REQUEST TOO_LARGE NO_SUCH_COMMAND NOT_EXPOSED NOT_PROXIED
    BAD_ARGS DUPLICATE_ID BUSY CANCELLED DEADLINE DENIED NOT_FOUND EXISTS
    CONFLICT NO_AGENT KEY_NOT_IN_AGENT AGENT_REFUSED BAD_SIGNATURE WEAK_KEY
    REVOKED UNTRUSTED NO_TPM TPM_POLICY UNREACHABLE PARTIAL LAGGED INTERACTIVE
    IO INTERNAL ROLLBACK BAD_CONFIG DIFFERS NO_MEMORY""")
Code.__doc__ = "Why a call failed, or what its verdict is."

FRAME_MAX, DEPTH_MAX = 16 << 20, 40
PROGRESS, ITEM = 0, 1               # what more than one reply consists of
MORE = "more"
NO_ID = bytes(4)                    # of an error that has no call


class Error(Exception):
    """A call that failed.

    code      the number, a keep.Code when it is one of keep's own
    name      its name: "NOT_FOUND"
    message   what failed, with which value
    hint      what to do next, or None
    problems  of an input with many: dicts with message, where, line, column
              and hint; all but the message may be missing
    """

    def __init__(self, code, message, hint=None, problems=()):
        super().__init__(message)
        try:
            code = Code(code)
        except ValueError:
            pass
        self.code, self.name = code, getattr(code, "name", str(code))
        self.message, self.hint = message, hint
        self.problems = list(problems)


# --- CBOR: the deterministic part of RFC 8949 that a socket takes ------------

def _head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for size, low in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | low]) + n.to_bytes(size, "big")
    raise OverflowError(f"{n} has more than 64 bits")


def encode(value):
    """The bytes of None, a bool, int, float, bytes, str, list or dict."""
    if value is None or value is True or value is False:
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        raw = value.encode()
        return _head(3, len(raw)) + raw
    if isinstance(value, dict):
        pairs = sorted((encode(k), encode(v)) for k, v in value.items())
        return _head(5, len(pairs)) + b"".join(k + v for k, v in pairs)
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(encode, value))
    raise TypeError(f"{type(value).__name__} is no type of the wire")


class _Reader:
    """Takes one item after another off bytes, within the limits of WIRE 2."""

    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, n):
        if n > len(self.raw) - self.at:
            raise ValueError("CBOR that is cut")
        self.at += n
        return self.raw[self.at - n:self.at]

    def head(self):
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if low < 24 or major == 7:
            return major, low
        if low > 27:
            raise ValueError("CBOR of indefinite length")
        n = int.from_bytes(self.take(1 << low - 24), "big")
        if n < (24, 1 << 8, 1 << 16, 1 << 32)[low - 24]:
            raise ValueError("CBOR whose head is not the shortest")
        return major, n

    def item(self, depth=1):
        if depth > DEPTH_MAX:
            raise ValueError("CBOR that is too deep")
        major, n = self.head()
        if major < 2:
            return n if major == 0 else -1 - n
        if major < 4:
            return self.take(n) if major == 2 else self.take(n).decode()
        if major < 6 and n > (len(self.raw) - self.at) // (major - 3):
            raise ValueError("CBOR that counts more than there is")
        if major == 4:
            return [self.item(depth + 1) for _ in range(n)]
        if major == 5:
            return self.map(n, depth)
        if major == 7 and n == 27:
            return self.double()
        if major == 7 and n in (20, 21, 22):
            return {20: False, 21: True, 22: None}[n]
        raise ValueError("CBOR of a type that the wire has not")

    def double(self):
        value, = struct.unpack(">d", self.take(8))
        if not math.isfinite(value):
            raise ValueError("CBOR with a double that is no number")
        return value

    def map(self, n, depth):
        pairs, last = {}, b""
        for _ in range(n):
            began = self.at
            key = self.item(DEPTH_MAX)
            if self.raw[began:self.at] <= last or not \
                    isinstance(key, (int, str)):
                raise ValueError("CBOR with keys that are not in order")
            last = self.raw[began:self.at]
            pairs[key] = self.item(depth + 1)
        return pairs


def decode(raw):
    """The value of the one item that the bytes are; else ValueError."""
    reader = _Reader(bytes(raw))
    value = reader.item()
    if reader.at != len(reader.raw):
        raise ValueError("CBOR with more behind it")
    return value


# --- names: what describe says of fields -------------------------------------
# A field is {0: key, 1: name, 2: type, 3: flags, 4: nested, 5: enum's names}.

def _shaped(field, value, one):
    if field[2].startswith("map of "):
        return {k: one(field, v) for k, v in value.items()}
    if field.get(3, 0) & 2:
        return [one(field, v) for v in value]
    return one(field, value)


def _out_one(field, value):
    kind, nested = field[2].removeprefix("map of "), field.get(4)
    if kind == "enum":
        if value not in field[5]:
            raise ValueError(f"{field[1]} is one of {', '.join(field[5])}, "
                             f"not {value!r}")
        return field[5].index(value)
    if kind == "struct" and nested:
        return _out(nested, value)
    if kind == "choice":
        (arm, inside), = value.items()
        number = [f[1] for f in nested].index(arm)
        return [number, _out(nested[number].get(4, []), inside)]
    return value


def _out(fields, value):
    """The map with numbers as keys of one with names."""
    by_name = {f[1]: f for f in fields}
    result = {}
    for name, inside in value.items():
        if name not in by_name:
            raise TypeError(f"no argument {name}; there are "
                            f"{', '.join(by_name) or 'none'}")
        field = by_name[name]
        if field.get(3, 0) & 2 and isinstance(inside, (str, bytes, dict)):
            raise TypeError(f"{name} is a list, not {inside!r}")
        if inside is not None or field[2] == "any":
            result[field[0]] = _shaped(field, inside, _out_one)
    return result


def _in_one(field, value):
    kind, nested = field[2].removeprefix("map of "), field.get(4)
    if kind == "enum":
        return field[5][value] if value < len(field[5]) else value
    if kind == "struct" and nested:
        return _in(nested, value)
    if kind == "choice":
        arm = nested[value[0]]
        return {arm[1]: _in(arm.get(4, []), value[1])}
    return value


def _in(fields, value):
    """The map with names as keys of one with numbers; new keys are skipped."""
    return {f[1]: _shaped(f, value[f[0]], _in_one)
            for f in fields if f[0] in value}


# --- the connection ----------------------------------------------------------

class Server:
    """A connection, made by keep.connect(). It is for one thread; calls may be
    made while a stream is read."""

    def __init__(self, connection, instance=None, client="keep.py"):
        self._socket = connection
        self._last_id, self._waiting, self._known = 0, {}, {}
        self.instance, self.client, self.verdict = instance, client, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the connection, which cancels what still runs."""
        self._socket.close()

    def call(self, *verb, deadline_ms=None, **args):
        """The result of a verb: a dict, a list of dicts, or None.

            server.call("node", "list", filter=["production"])
            server.call("deploy", yes=True, deadline_ms=600_000)
        """
        items, stream = [], self.stream(*verb, deadline_ms=deadline_ms, **args)
        while True:
            try:
                items.append(next(stream))
            except StopIteration as end:
                is_list = self._command(verb)[4].startswith("result = [*")
                return items if is_list else end.value

    def stream(self, *verb, progress=None, deadline_ms=None, **args):
        """Iterates over items as they come: rows of a list, or events.

        progress(text, done, total) is called as the work goes on. To leave
        the loop early cancels the call. What the iterator returns at its end
        (`result = yield from server.stream(...)`) is the result.
        """
        command = self._command(verb)
        call = {0: list(verb), 1: _out(command.get(8, []), args), 3: 1}
        if deadline_ms is not None:
            call[2] = deadline_ms
        number, value, ended = self._ask(call), None, False
        try:
            for kind, value in self._replies(number):
                if kind is MORE and value[0] == ITEM:
                    yield _in(command.get(10, []), value[1])
                elif kind is MORE and progress:
                    progress(value[1][0], value[1].get(1, 0),
                             value[1].get(2, 0))
            ended = True
        except Error:
            ended = True
            raise
        finally:
            if not ended:
                self._cancel(number)
        return _in(command[9], value) if 9 in command and value else value

    def describe(self, *verb):
        """What the server says of a verb, or of all that begin so, as lists
        of the wire: WIRE 3, `command`."""
        number = self._ask({0: ["describe"], 1: {0: list(verb)}})
        return [value for _, value in self._replies(number)][-1][3]

    def ping(self):
        """True when the server answers."""
        return list(self._replies(self._ask(None))) != []

    def _command(self, verb):
        if verb not in self._known:
            for command in self.describe(*verb):
                self._known[tuple(command[0])] = command
        if verb not in self._known:
            raise Error(Code.NO_SUCH_COMMAND, f"'{' '.join(verb)}' is not a "
                        "verb", "keep help lists the commands")
        return self._known[verb]

    def _ask(self, call):
        self._last_id += 1
        number = self._last_id.to_bytes(4, "big")
        request = {0: self.client, 1: number}
        if call:
            if self.instance:
                call[4] = self.instance
            request[3] = encode(call)
        body = encode(request)
        self._waiting[number] = collections.deque()
        self._socket.sendall(struct.pack(">I", len(body)) + body)
        return number

    def _cancel(self, number):
        self._waiting.pop(number, None)
        try:
            ask = self._ask({0: ["cancel"], 1: {0: number}})
            self._waiting.pop(ask)
        except OSError:
            pass            # a connection that is gone has cancelled

    def _read(self, n):
        parts = []
        while n:
            part = self._socket.recv(min(n, 1 << 16))
            if not part:
                raise ConnectionError("the server closed the connection")
            parts.append(part)
            n -= len(part)
        return b"".join(parts)

    def _frame(self):
        size, = struct.unpack(">I", self._read(4))
        if not 0 < size <= FRAME_MAX:
            raise ValueError(f"the server sent a frame of {size} bytes")
        return decode(self._read(size))

    def _replies(self, number):
        """(MORE, value) for each item, and at the end (None, result)."""
        mine = self._waiting[number]
        while True:
            while not mine:
                reply = self._frame()
                if reply[0] == NO_ID:
                    raise _error(reply)
                if reply[0] in self._waiting:   # else nobody wants it now
                    self._waiting[reply[0]].append(reply)
            reply = mine.popleft()
            if isinstance(reply.get(1), int):
                self._waiting.pop(number)
                raise _error(reply)
            value = decode(reply[1]) if 1 in reply else None
            if not reply.get(2):
                self._waiting.pop(number)
                self.verdict = reply.get(3, 0)
                yield None, value
                return
            yield MORE, value


def _error(reply):
    detail = decode(reply[3]) if 3 in reply else {}
    names = {0: "where", 1: "line", 2: "column", 3: "message", 4: "hint"}
    problems = [{names[k]: v for k, v in p.items() if k in names}
                for p in detail.get(3, [])]
    return Error(reply[1], reply.get(2, ""), detail.get(2), problems)


# --- where it listens, and whether that can be trusted (WIRE 6) --------------

ANY = ()                            # owners: whoever root let


def _check(what, state, owners, mask, mode):
    if owners and state.st_uid not in owners:
        raise PermissionError(f"{what} belongs to uid {state.st_uid}, "
                              f"not to {owners[0]}")
    if stat.S_IMODE(state.st_mode) & mask != mode:
        raise PermissionError(f"{what} has mode "
                              f"{stat.S_IMODE(state.st_mode):04o}, where "
                              f"{mode:04o} of {mask:04o} is asked for")


def _open(path, owners, mask, mode, at=None):
    """A descriptor of a directory that is owned and closed as it should be;
    below another, it is no link."""
    flags = os.O_PATH | os.O_DIRECTORY | (os.O_NOFOLLOW if at else 0)
    fd = os.open(path, flags, dir_fd=at)
    try:
        _check(path, os.fstat(fd), owners, mask, mode)
    except PermissionError:
        os.close(fd)
        raise
    return fd


def _connect(directory, name, owners, modes, timeout):
    """By the directory's descriptor: a path may be longer than a socket's.
    Modes: 0666 stands for everybody's; None: nobody else may write."""
    try:
        state = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if not stat.S_ISSOCK(state.st_mode):
            raise FileExistsError(f"{name} is no socket")
        if stat.S_IMODE(state.st_mode) in modes:
            _check(name, state, owners, 0, 0)
        elif None in modes:
            _check(name, state, owners, 0o022, 0)
        else:
            _check(name, state, owners, 0o7777, modes[0])
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(f"/proc/self/fd/{directory}/{name}")
        return connection
    finally:
        os.close(directory)


def _instance(directory):
    at = os.path.realpath(directory)
    while not os.path.isfile(os.path.join(at, "Keepfile")):
        if at == "/":
            raise FileNotFoundError(f"{directory} is in no provider instance")
        at = os.path.dirname(at)
    return hashlib.sha256(os.fsencode(at)).digest()[:16]


def _system(directory, name, timeout):
    """Of the machine: only root makes a directory in /run, for whom he
    likes; what lies in it is its owner's, or of whom root likes."""
    up = _open("/run", (0,), 0o022, 0)
    try:
        fd = _open(directory, ANY, 0o7777, 0o711, up)
    finally:
        os.close(up)
    owner = os.fstat(fd).st_uid
    return _connect(fd, name, (owner, 0) if owner else ANY, (0o700, 0o666),
                    timeout)


def _user(name, timeout):
    me = os.geteuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not runtime.startswith("/"):
        raise FileNotFoundError("XDG_RUNTIME_DIR is no absolute path; "
                                f"export XDG_RUNTIME_DIR=/run/user/{me}")
    up = _open(runtime, (me,), 0o077, 0)
    try:
        fd = _open("keep", (me,), 0o7777, 0o700, up)
    finally:
        os.close(up)
    return _connect(fd, name, (me,), (None,), timeout)


def _said(nobody, name):
    """The error of a socket where nobody listens, with what to do."""
    if nobody.errno is None:
        return nobody
    return type(nobody)(nobody.errno, "nobody listens there; keep serve "
                        "answers calls for an instance",
                        f"{os.environ['XDG_RUNTIME_DIR']}/keep/{name}")


def _path(path, timeout):
    path, me = os.path.abspath(path), os.geteuid()
    of_system = re.fullmatch(r"/run/(keep-([a-z0-9-]+))/([a-z0-9-]+)\.sock",
                             path)
    if of_system and (of_system[2] + "-").startswith(of_system[3] + "-"):
        return _system(of_system[1], of_system[3] + ".sock", timeout)
    fd = _open(os.path.dirname(path), (me, 0), 0o022, 0)
    return _connect(fd, os.path.basename(path), (me, 0), (None, 0o666),
                    timeout)


def connect(directory=".", path=None, timeout=None):
    """The server of the instance in DIRECTORY, the user's or else the
    machine's; or the one at PATH.

    A socket that somebody else may have put there is refused. An answer is
    waited for TIMEOUT seconds at most. The server closes a connection after a
    minute without a call.
    """
    if path is not None:
        return Server(_path(path, timeout))
    instance = _instance(directory)
    which = instance[:8].hex()
    try:
        connection = _user(f"serve-{which}.sock", timeout)
    except (FileNotFoundError, ConnectionRefusedError) as nobody:
        try:
            connection = _system(f"keep-serve-{which}", "serve.sock", timeout)
        except (FileNotFoundError, ConnectionRefusedError):
            raise _said(nobody, f"serve-{which}.sock") from None
    return Server(connection, instance)
