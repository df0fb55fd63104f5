#!/bin/bash
# Clients that mean harm, and crowds: others are served as before.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"

check "an instance" keep init acme --no-commit
serve acme
# hostile: what stands on stdin, which knows the server and a valid call.
hostile() {
	AT=$(socket_of acme) SERVER=$server python3 -c '
import os, socket, statistics, struct, sys, time
PING = bytes.fromhex("00000011a200686b6565702f302e31014400000001")
PONG = bytes.fromhex("00000007a1004400000001")
CALL = bytes.fromhex("0000001fa300686b6565702f302e31014400000001034c"
                     "a10081677665") + b"rsion"
CALL = CALL[:22] + bytes([0x40 + len(CALL) - 23]) + CALL[23:]
CALL = struct.pack(">I", len(CALL) - 4) + CALL[4:]

def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    s.connect(os.environ["AT"])
    return s

def hear(s, n):
    got = b""
    while len(got) < n:
        part = s.recv(n - len(got))
        if not part:
            break
        got += part
    return got

def ping(s):
    s.sendall(PING)
    return hear(s, len(PONG)) == PONG

def frame(s):
    head = hear(s, 4)
    return hear(s, struct.unpack(">I", head)[0]) if len(head) == 4 else b""

def descriptors():      # which only root is told
    if os.geteuid():
        return None
    return len(os.listdir("/proc/%s/fd" % os.environ["SERVER"]))
exec(sys.stdin.read())'
}
check "a valid call is answered" hostile << 'END'
s = connect()
s.sendall(CALL)
assert frame(s).startswith(bytes.fromhex("a200440000000101")), "no result"
END
check "a call that is cut anywhere is dropped, and nothing else" hostile << 'END'
good = connect()
for n in range(len(CALL)):
    s = connect()
    s.sendall(CALL[:n])
    s.shutdown(socket.SHUT_WR)
    assert hear(s, 1) == b"", n
    assert ping(good)
END
check "a call with any byte changed is answered, or dropped, ten thousand times" \
	hostile << 'END'
before = descriptors()
good = connect()
for i in range(max(10000, 255 * len(CALL))):
    n = i // 255 % len(CALL)
    s = connect()
    s.sendall(CALL[:n] + bytes([(CALL[n] + 1 + i % 255) % 256]) + CALL[n + 1:])
    s.shutdown(socket.SHUT_WR)
    answer = frame(s)
    assert n < 4 or answer, (n, i % 255)
    s.close()
assert ping(good)
good.close()
assert descriptors() == before, (before, descriptors())
END
check "two hundred at once are all served" hostile << 'END'
crowd = [connect() for _ in range(200)]
for s in crowd:
    s.sendall(PING)
assert all(hear(s, len(PONG)) == PONG for s in crowd)
END
check "half-open frames of a thousand keep nobody waiting" hostile << 'END'
def median(s):
    times = []
    for _ in range(200):
        began = time.monotonic()
        assert ping(s)
        times.append(time.monotonic() - began)
    return statistics.median(times)
s = connect()
alone = median(s)
crowd = [connect() for _ in range(1000)]
for other in crowd:
    other.sendall(PING[:9])
among = median(s)
print(alone, among)
assert among < 2 * alone + 0.002
END
check "a client that reads nothing is no burden" hostile << 'END'
deaf, good = connect(), connect()
deaf.setblocking(False)
try:
    for _ in range(100000):
        deaf.sendall(CALL * 10)
except BlockingIOError:
    pass
assert ping(good)
END
check "a client may call itself anything" hostile << 'END'
name = b"me uid=0 code=OK"
body = bytes.fromhex("a30070") + name + \
    CALL[CALL.index(b"\x01\x44"):]
s = connect()
s.sendall(struct.pack(">I", len(body)) + body)
assert frame(s).startswith(bytes.fromhex("a200440000000101")), "no result"
END
check_unlike "but forges no field of the log" 'uid=0 code' served
check_like "in which its name is one word" ' client=me_uid=0_code=OK$' served
check "what is left of all of them answers" keep -C acme call version
check "and ends well" stop
