#!/bin/bash
# What RFC 0682 (IPC) asks for, byte by byte. (n): the line of its conformance
# list; those that are not here stand in t5000-serve.sh.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1

check "an instance" keep init acme --no-commit
for n in 1 2 3; do
	check "with node $n" keep -C acme node add "web$n" ip_address=192.0.2.$n
done
serve acme

# wire: what stands on stdin, with raw frames.
wire() {
	AT=$(socket_of acme) python3 -c '
import os, socket, struct, sys
from keep import decode, encode
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.settimeout(20)
s.connect(os.environ["AT"])

def frame(body):
    return struct.pack(">I", len(body)) + body

def request(number, call=None, **more):
    body = {0: "script/1", 1: number}
    if call:
        body[3] = encode(call)
    return frame(encode({**body, **{int(k[1:]): v for k, v in more.items()}}))

def hear():
    head = s.recv(4, socket.MSG_WAITALL)
    return decode(s.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL))

LIST = {0: ["node", "list"]}
exec(sys.stdin.read())'
}

check_same "(13) no other socket is open" '' \
	"$(awk -v inodes="$(find "/proc/$server/fd" -lname 'socket:*' \
		-printf '%l ' | tr -dc '0-9 ')" '
		BEGIN { n = split(inodes, v); for (; n; n--) ours[v[n]] }
		FNR > 1 && $10 in ours' /proc/net/tcp /proc/net/tcp6 \
		/proc/net/udp /proc/net/udp6)"
check "(16) a frame is a length and CBOR, whole or byte by byte" wire << 'END'
for byte in request(b"abcd"):
    s.sendall(bytes([byte]))
assert hear() == {0: b"abcd"}
s.sendall(request(b"abcd") + request(b"efgh"))
assert hear() == {0: b"abcd"} and hear() == {0: b"efgh"}
END
check "(17) an id comes back byte for byte" wire << 'END'
for number in (b"\0\1\2\3", b"\xff" * 16, b"12345"):
    s.sendall(request(number, LIST))
    assert hear()[0] == number
END
check "(17) a missing id, or one of another size, is an error" wire << 'END'
for body in ({0: "script/1"}, {0: "script/1", 1: b"abc"},
             {0: "script/1", 1: b"x" * 17}, {0: "script/1", 1: "abcd"}):
    s.sendall(frame(encode(body)))
    reply = hear()
    assert reply[0] == bytes(4) and reply[1] == 2, reply
END
check "(18) many may be asked before one is answered" wire << 'END'
asked = {struct.pack(">I", n) for n in range(100)}
s.sendall(b"".join(request(n, LIST) for n in sorted(asked)))
assert {hear()[0] for _ in asked} == asked
END
check "(19) one request may have several answers, of which the last says so" \
	wire << 'END'
s.sendall(request(b"abcd", {**LIST, 3: 1}))
replies = [hear() for _ in range(4)]
assert [r[0] for r in replies] == [b"abcd"] * 4
assert [r.get(2, False) for r in replies] == [True] * 3 + [False]
assert 1 not in replies[-1]
END
check "(20) a token is taken, and ignored" wire << 'END'
s.sendall(request(b"abcd", LIST, _2=b"t" * 4096))
assert isinstance(hear()[1], bytes)
END
check "(21) all maps have numbers as keys, from 0" wire << 'END'
def look(value, most):
    if isinstance(value, list):
        return all(look(v, most) for v in value)
    if isinstance(value, dict):
        return all(isinstance(k, int) and 0 <= k < most and look(v, most)
                   for k, v in value.items())
    return True
for path, args in ((["node", "list"], {}), (["describe"], {0: ["help"]}),
                   (["inspect"], {0: "web9"})):
    s.sendall(request(b"abcd", {0: path, 1: args}))
    reply = hear()
    assert look(reply, 4), reply
    if isinstance(reply[1], bytes):
        assert look(decode(reply[1]), 16), path
END
check "(22) a client names itself as it likes, in 4 to 64 bytes" wire << 'END'
for name, good in (("abcd", True), ("x" * 64, True), ("abc", False),
                   ("x" * 65, False)):
    s.sendall(frame(encode({0: name, 1: b"abcd"})))
    assert (1 not in hear()) == good, name
END
check_like "(22) and its name is in the log" 'client=script/1$' served
check "and ends well" stop

check "an instance of an ordinary user's" as_user keep init mine --no-commit
at=$(XDG_RUNTIME_DIR=$SCRATCH/user/run socket_of "$SCRATCH/user/mine")
# shellcheck disable=SC2016 # his shell's
as_user sh -c 'echo $$ > pid && exec keep -C mine serve' 2> served &
check "(11) he may serve it himself" wait_for_socket "$at"
check "(11) and call there" as_user keep -C mine call node list
check "(11) and end it" kill "$(cat "$SCRATCH/user/pid")"
check "which ends well" wait $!
