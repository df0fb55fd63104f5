#!/bin/bash
# External commands of contrib/examples: at a shell, and by the protocol that
# makes one callable over a socket.
. "${0%/*}/lib.sh"
examples=$TOP/contrib/examples
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1
PATH=$examples:$PATH

check "an instance" keep init acme
cd acme || exit 1
check "with a node" keep node add web1 ip_address=192.0.2.1 services=web
check "and another" keep node add web2 ip_address=192.0.2.2
git add -A && git commit -qm "two nodes"
check "and one that nobody committed" keep node add db1 ip_address=192.0.2.3

check "keep hosts is a program in Python" keep hosts
check_same "that prints the addresses of nodes" \
	$'192.0.2.3\tdb1\n192.0.2.1\tweb1\n192.0.2.2\tweb2' "$(cat "$OUT")"
check "of those that are wanted" keep hosts services=web
check_same "only" $'192.0.2.1\tweb1' "$(cat "$OUT")"
check_exit 1 "what is wrong is told" keep hosts web9
check_like "as keep tells it" "^keep hosts: .*'web9'" "$ERR"
check "keep who is one in sh" keep who
check_same "that prints who wrote nodes" \
	"$(printf '%s\t%s\n' db1 'nobody yet' web1 "Ada Test, $(date +%F)" \
		web2 "Ada Test, $(date +%F)")" "$(cat "$OUT")"
cd ..
check_exit 4 "its status is that of what failed in it" keep who
cd acme || exit 1
check_exit 2 "or its own" keep who --nonsense
check "both are listed" keep help -a
check_like "one" "hosts +$examples/keep-hosts"
check_like "and the other" "who +$examples/keep-who"

check_exit 2 "a plain one describes nothing" \
	timeout 2 keep-who --keep-describe
check_same "not by a byte" '' "$(cat "$OUT")"
check "one that speaks frames does, in time" \
	timeout 2 keep-hosts --keep-describe
cp "$OUT" described

# external: what stands on stdin, with keep-hosts that speaks frames.
external() {
	python3 -c '
import os, struct, subprocess, sys
from keep import decode, encode
command = decode(open("described", "rb").read())
hosts = subprocess.Popen(["keep-hosts"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE,
                         env={**os.environ, "KEEP_IO": "cbor"})

def ask(args=None, mode=0):
    call = {0: command[0], 1: args or {}, 3: mode}
    body = encode({0: "script/1", 1: b"abcd", 3: encode(call)})
    hosts.stdin.write(struct.pack(">I", len(body)) + body)
    hosts.stdin.flush()

def hear():
    size, = struct.unpack(">I", hosts.stdout.read(4))
    reply = decode(hosts.stdout.read(size))
    assert reply[0] == b"abcd", reply
    return reply

def ends():
    assert hosts.stdout.read() == b"" and hosts.wait() == 0
exec(sys.stdin.read())'
}
check "its description has the verb, its fields and its CDDL" external << 'END'
hosts.kill()
assert command[0] == ["hosts"] and command[2] & 64
assert [f[1] for f in command[8]] == ["filter"]
assert [f[1] for f in command[10]] == ["address", "name"]
assert all("%d: tstr, ; %s" % (f[0], f[1]) in command[5] for f in command[10])
END
check "a request has one answer" external << 'END'
ask({0: ["services=web"]})
reply = hear()
assert decode(reply[1]) == [{0: "192.0.2.1", 1: "web1"}], reply
assert 2 not in reply
ends()
END
check "or many, of which the last says so" external << 'END'
ask(mode=1)
replies = [hear() for _ in range(4)]
assert [decode(r[1])[1][1] for r in replies[:3]] == ["db1", "web1", "web2"]
assert replies[3] == {0: b"abcd"} and all(r[2] for r in replies[:3])
ends()
END
check "an error has keep's code and hint" external << 'END'
ask({0: ["web9"]}, 1)
reply = hear()
assert reply[1] == 7 and "web9" in reply[2] and decode(reply[3])[2], reply
ends()
END
check "who closes stdin gets no more" external << 'END'
ask(mode=1)
hosts.stdin.close()
assert hear()[1] == 10
ends()
END
check "a request that is cut has no answer" external << 'END'
hosts.stdin.write(b"\0\0\0\x40\xa3")
hosts.stdin.close()
assert hosts.stdout.read() == b"" and hosts.wait() == 1
END
