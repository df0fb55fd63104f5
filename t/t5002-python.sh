#!/bin/bash
# contrib/python/keep.py calls verbs by the names that describe has.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1 services=web
check "and another" keep -C acme node add web2 ip_address=192.0.2.2
serve acme --allow node.add

# python: what stands on stdin, in the instance, with a server.
python() {
	(cd acme && python3 -c 'import json, keep
server = keep.connect()
exec(__import__("sys").stdin.read())')
}
check "a server is found by the directory, and answers" python << 'END'
assert server.ping()
print("pong")
END
check_like "a ping" pong
check "a list is called by names" python << 'END'
print(json.dumps(server.call("node", "list", filter=["services=web"])))
END
check_same "and is the same as JSON of keep" \
	"$(keep -C acme node list services=web --format=json | jq -S .)" \
	"$(jq -S . < "$OUT")"
check "items come one by one" python << 'END'
for node in server.stream("node", "list"):
    print(node["name"])
END
check_same "in their order" 'web1 web2' "$(paste -sd ' ' "$OUT")"
check "who leaves before the last cancels" python << 'END'
for node in server.stream("node", "list"):
    break
del node
print(server.call("node", "list")[1]["name"])
END
check_same "and may call again" web2 "$(cat "$OUT")"
check "a result is a dict" python << 'END'
print(server.call("version")["version"])
END
check_same "with its names" "$(keep version)" "keep $(cat "$OUT")"
check "what fails raises its error" python << 'END'
try:
    server.call("inspect", node="web3")
except keep.Error as e:
    print(int(e.code), e.name, e.message, e.hint, sep="|")
END
check_same "with code, name, message and hint" \
	"13|NOT_FOUND|there is no node 'web3'|did you mean 'web1'?" "$(cat "$OUT")"
check "what is not exposed, too" python << 'END'
try:
    server.call("node", "rm", node="web1")
except keep.Error as e:
    print(int(e.code))
END
check_same "by its code" 5 "$(cat "$OUT")"
check "faults of arguments are problems" python << 'END'
try:
    server.call("node", "add", name="../x")
except keep.Error as e:
    print(e.problems or e.message)
END
check_like "with what was wrong" "'\.\./x' is no name of a node"
check "an argument that is none is told at once" python << 'END'
try:
    server.call("node", "list", filters=[])
except TypeError as e:
    print(e)
END
check_like "with those that there are" 'no argument filters; there are filter'
check "maps and items are arguments" python << 'END'
print(server.call("node", "add", name="web3",
                  values={"ip_address": "192.0.2.3", "x": [1, True]}))
END
check "a node is there then" test -e acme/nodes/web3.json
check "another instance is refused" keep init other --no-commit
check "with a call that names it" python << 'END'
server.instance = bytes(16)
try:
    server.call("version")
except keep.Error as e:
    print(int(e.code))
END
check_same "as a conflict" 15 "$(cat "$OUT")"
check "calls may be made while a stream is read" python << 'END'
for node in server.stream("node", "list"):
    print(server.call("inspect", node=node["name"], path="ip_address")[0]["value"])
END
check_same "each has its own answer" '192.0.2.1 192.0.2.2 192.0.2.3' \
	"$(paste -sd ' ' "$OUT")"
check "a verb that is none raises" python << 'END'
for verb in ("node", "nonsense"), ("node",):
    try:
        server.call(*verb)
    except keep.Error as e:
        print(e.name)
END
check_same "no such command, and so does half of one" \
	'NO_SUCH_COMMAND NO_SUCH_COMMAND' "$(paste -sd ' ' "$OUT")"
check "a text is no list" python << 'END'
try:
    server.call("node", "list", filter="services=web")
except TypeError as e:
    print(e)
END
check_same "which is said" "filter is a list, not 'services=web'" "$(cat "$OUT")"
check "an argument that is None is left out" python << 'END'
assert len(server.call("node", "list", filter=None)) == 3
END
check "codes have the names of keep" python << END
import re
text = open("$TOP/include/keep/errcodes.def").read()
table = {int(n): name for n, name in re.findall(r"KEEP_E\((\d+), (\w+)", text)}
assert table == {c.value: c.name for c in keep.Code}, table
END

check "what the wire has is encoded and decoded" python << 'END'
for value in (None, True, False, 0, 23, 24, 255, 256, 65535, 65536, 2**32,
              2**64 - 1, -1, -(2**64), 1.5, b"", b"x" * 300, "", "\u00e9" * 200,
              [], [[1, "a"]] * 30, {}, {1: 2, 300: {"b": 1, "aa": [None]}}):
    assert keep.decode(keep.encode(value)) == value, value
assert keep.encode({"aa": 1, "b": 2}).hex() == "a261620262616101"
END
check "what it has not is refused" python << 'END'
wrong = """
    1801 190017 1a00000001 1b0000000000000001 1f 5f 9f80ff ff c001 f7 f0 f97e00
    fa7fc00000 61ff 62c3 6261 41 44616263 8201 9b0000000100000000 a1 a101
    a201020102 a202020101 bb0000000100000000 a1 a18001 0000 1c fb0000
    fb7ff8000000000000 fb7ff0000000000000
    """.split() + ["81" * 41 + "00", ""]
for text in wrong:
    try:
        keep.decode(bytes.fromhex(text))
    except ValueError:
        continue
    raise SystemExit(f"{text} was taken")
for value in (2**64, object(), {1, 2}):
    try:
        keep.encode(value)
    except (OverflowError, TypeError):
        continue
    raise SystemExit(f"{value} was encoded")
END

python_dies() {
	check_exit 1 "$1" python <<< "server.ping()"
	check_like "which is said" "$2" "$ERR"
}
chmod 755 "$XDG_RUNTIME_DIR/keep"
python_dies "a directory that others can enter is not trusted" \
	'PermissionError: keep has mode 0755, where 0700'
chmod 700 "$XDG_RUNTIME_DIR/keep"
mv "$XDG_RUNTIME_DIR/keep" "$XDG_RUNTIME_DIR/there"
ln -s there "$XDG_RUNTIME_DIR/keep"
python_dies "nor is a link to one" '(NotADirectory|OS)Error'
rm "$XDG_RUNTIME_DIR/keep"
mv "$XDG_RUNTIME_DIR/there" "$XDG_RUNTIME_DIR/keep"
chmod o+w "$(socket_of acme)"
python_dies "nor a socket that others can write" 'PermissionError: serve-'
chmod 700 "$(socket_of acme)"
stop
rm "$(socket_of acme)"
: > "$(socket_of acme)"
python_dies "a file is no socket" 'is no socket'
deep=$PWD/$(printf 'long/%.0s' {1..30})
mkdir -p "$deep"
serve_as "$XDG_RUNTIME_DIR/keep/s.sock" keep -C acme serve
mv "$XDG_RUNTIME_DIR/keep/s.sock" "$deep"
check "a path may be longer than an address can be" python3 -c '
import keep, sys
assert keep.connect(path=sys.argv[1]).ping()' "$deep/s.sock"
stop
rm "$(socket_of acme)"
check_exit 1 "without a server nothing is called" python <<< "server.ping()"
check_like "which is told with what makes one" \
	"nobody listens there; keep serve.*/keep/serve-" "$ERR"
check_exit 1 "outside of an instance there is no server" \
	python3 -c 'import keep; keep.connect()'
check_like "which is said" 'is in no provider instance' "$ERR"

PATH=$O/t/bin:$PATH
rm -f "$(socket_of acme)"
serve acme --allow try.crash
check "every type is there and back" python << 'END'
args = dict(word="w", rest=["a", "b"], flag=True, whole=5, small=1, number=-7,
            real=0.25, colour="light_blue", at=1700000000, wait=1500,
            room=4096, bytes=b"\x00\xff", nonce=b"1234", code="ab",
            blob=b"blob", item={"a": [1, None]}, texts=["x"], wholes=[1, 2],
            pairs=[{"left": "l", "right": 3}, {"left": "m"}],
            labels={"k": "v"}, counts={"n": 9}, items={"i": [True]},
            outer={"name": "o", "inner": {"left": "in"}},
            kind={"net": {"host": "h", "port": 1}})
back = server.call("try", "types", **args)
assert {k: back[k] for k in args} == args, back
END
check "who names no colour is told which there are" python << 'END'
try:
    server.call("try", "types", colour="blue")
except ValueError as e:
    print(e)
END
check_same "by the names" \
	"colour is one of red, green, light_blue, not 'blue'" "$(cat "$OUT")"
check "events come one by one, and then the result" python << 'END'
def all_of():
    result = yield from server.stream("try", "stream", number=3)
    print(result)
print([event["number"] for event in all_of()])
END
check_like "as a dict" "^\{'number': 3\}"
check "what runs without end is cancelled by who leaves" python << 'END'
class Enough(Exception):
    pass

def leave(text, done, total):
    print(text)
    raise Enough
try:
    for _ in server.stream("try", "hang", progress=leave):
        pass
except Enough:
    print(server.ping(), server.call("version")["version"])
END
check_like "having told of its progress" '^hanging$'
check_like "and others are called on" '^True 0'
check "a deadline ends it, too" python << 'END'
try:
    server.call("try", "hang", deadline_ms=50)
except keep.Error as e:
    print(e.name)
END
check_same "which is its error" DEADLINE "$(cat "$OUT")"
check "a result with a verdict is a result" python << 'END'
print(server.call("try", "verdict", number=26), server.verdict == keep.Code.PARTIAL)
server.call("version")
print(server.verdict)
END
check_same "and its verdict is there until the next call" \
	"{'number': 26} True 0" "$(paste -sd ' ' "$OUT")"
check "a server that dies is a lost connection" python << 'END'
try:
    server.call("try", "crash")
except ConnectionError as e:
    print(e)
END
check "and another is made at once" python <<< 'assert server.ping()'
