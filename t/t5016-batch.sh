#!/bin/bash
# keep call --batch: calls from the lines of standard input.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
PATH=$O/t/bin:$PATH
export TOP

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1
serve acme

# batch EXIT TITLE LINE...: the answers are in $OUT.
batch() {
	local want=$1 title=$2
	printf '%s\n' "${@:3}" > lines
	check_exit "$want" "$title" \
		timeout 60 keep -C acme call --batch < lines
}
# answers JQ: what jq says of all answers, one a line.
answers() {
	jq -rc "$1" "$OUT"
}

batch 0 "a line is a call" '{"verb": ["node", "list"]}'
check_same "its answer has the line's number, and the result of the shell" \
	"[1,$(keep -C acme --format=json node list | jq -cS .)]" \
	"$(jq -cS '[.line, .result]' "$OUT")"
check_same "and nothing else" line,result "$(answers 'keys | join(",")')"
batch 0 "ids come back as they went" '{"verb":["version"],"id":7}' \
	'{"verb":["version"],"id":"x"}' '{"verb":["version"],"id":{"a":[null]}}' \
	'{"verb":["version"],"id":null}'
check_same "of any type" '7 "x" {"a":[null]} null' \
	"$(jq -c .id "$OUT" | paste -sd ' ')"
check_same "in the order of the lines" "1 2 3 4" \
	"$(answers .line | paste -sd ' ')"
batch 0 "arguments have the names of describe" \
	'{"verb":["try","types"],"args":{"word":"w","flag":true,"number":-4,"colour":"green","labels":{"k":"v"},"outer":{"name":"n"},"kind":{"net":{"host":"h"}}}}'
cp "$OUT" batched
check "as at the shell" keep -C acme --format=json try types w -f --number -4 \
	--colour green -l k=v --outer-name n --net-host h
check_same "with the same result" "$(jq -cS . "$OUT")" \
	"$(jq -cS .result batched)"
batch 0 "an argument that is left out is absent" \
	'{"verb":["node","list"],"args":{}}'
batch 0 "events come before the result" '{"verb":["try","stream"],"args":{"number":2},"id":1}'
check_same "each as an item" 'item item result' \
	"$(answers 'keys | map(select(. == "item" or . == "result")) | join("")' |
		paste -sd ' ')"
check_same "with the id" "1 1 1" "$(answers .id | paste -sd ' ')"
batch 3 "a verdict stands beside its result" \
	'{"verb":["try","verdict"],"args":{"number":33}}'
check_same "by its code" 33 "$(answers .verdict)"
batch 3 "an error has all that the shell tells" \
	'{"verb":["node","list"],"args":{"filter":["nosuch"]},"id":"f"}'
check_exit 2 "in JSON" keep -C acme --format=json node list nosuch
check_same "code, name, message and hint" "$(jq -cS .error "$ERR")" \
	"$(keep -C acme call --batch < lines | jq -cS .error)"
batch 0 "empty lines are counted only" '' '  ' '{"verb":["version"]}'
check_same "so that numbers are those of an editor" 3 "$(answers .line)"
printf '{"verb":["version"],"id":1}' > lines
check "the last line needs no end" keep -C acme call --batch < lines
check_same "to be answered" 1 "$(answers .id)"
check "nothing is no fault" keep -C acme call --batch < /dev/null
check_same "and has no answer" '' "$(cat "$OUT")"

batch 3 "what is no call has an error, and the others go on" \
	'nonsense' '[]' '{}' '{"verb":"version"}' '{"verb":[]}' '{"verb":[1]}' \
	'{"verb":["nosuch"]}' '{"verb":["node","frob"]}' \
	'{"verb":["version","now"]}' '{"verb":["version"],"more":1}' \
	'{"verb":["version"],"args":{"a":1}}' '{"verb":["node","list"],"args":3}' \
	'{"verb":["node","list"],"args":{"filtr":["a"]}}' \
	'{"verb":["try","secret"],"args":{}}' '{"verb":["a","a","a","a","a","a","a","a","a"]}' \
	$'{"verb":["version"],"id":"\xff"}' '{"verb":["version"],"id":9}' \
	'{"verb":["node","add"],"args":{"name":"web2"},"id":{}}'
check_same "told with its line and its code" \
	'1:7 2:7 3:7 4:7 5:7 6:7 7:4 8:4 9:4 10:7 11:7 12:7 13:7 14:5 15:7 16:7 17:ok 18:5' \
	"$(answers '"\(.line):\(.error.code // "ok")"' | sort -n | paste -sd ' ')"
check_same "and its id" '9 {}' \
	"$(answers 'select(.id) | .id' | paste -sd ' ')"
check_same "a wrong name is told as at the shell" \
	'[{"where":"filtr","message":"is not known","hint":"did you mean filter?"}]' \
	"$(answers 'select(.line == 13) | .error.problems')"
{
	printf '{"verb":["version"],"id":"'
	head -c 3000000 /dev/zero | tr '\0' x
	printf '"}\n{"verb":["version"],"id":2}\n'
} > lines
check_exit 3 "a line that is too long has an error" \
	timeout 60 keep -C acme call --batch < lines
check_same "and the one behind it its answer" '1:3 2:ok' \
	"$(answers '"\(.line):\(.error.code // "ok")"' | paste -sd ' ')"

# a stream that stays open: a line, its answer, the next line
mkfifo lines.fifo answers.fifo
keep -C acme call --batch < lines.fifo > answers.fifo &
calling=$!
exec 5> lines.fifo 6< answers.fifo
for n in 1 2 3; do
	printf '{"verb":["version"],"id":%d}\n' $n >&5
	read -r -t 20 answer <&6
	check_same "an answer comes before the stream ends: $n" $n \
		"$(jq .id <<< "$answer")"
done
printf '{"verb":["version"],' >&5
printf '"id":4}\n' >&5
read -r -t 20 answer <&6
check_same "a line may come in pieces" 4 "$(jq .id <<< "$answer")"
exec 5>&-
wait "$calling"
check_same "its end is the end" 0 $?
exec 6<&-

mkfifo waits
check "a signal ends what waits for lines" timeout 20 bash -c '
	exec 5<> waits
	printf "%s\n" "{\"verb\":[\"version\"]}" >&5
	"$TOP/t/signalled" out TERM keep -C acme call --batch < waits'
check_like "when it answered what came" '"version":'
check "and ends what runs" timeout 20 bash -c '
	printf "%s\n" "{\"verb\":[\"version\"]}" "{\"verb\":[\"try\",\"hang\"]}" |
	"$TOP/t/signalled" out TERM keep -C acme call --batch'
check_like "which is told" '"line":2,"error":\{"code":10,"name":"CANCELLED"'
printf '%s\n' '{"verb":["version"]}' '{"verb":["try","hang"]}' > lines
check_exit 3 "one that takes longer fails" timeout 20 \
	keep -C acme call --batch --deadline 300ms < lines
check_same "alone" 'ok DEADLINE' \
	"$(answers '.error.name // "ok"' | paste -sd ' ')"

# many
seq 10000 | sed 's/.*/{"verb":["node","list"],"id":&}/' > lines
check "ten thousand lines" timeout 120 keep -C acme call --batch < lines
check_same "have their answers in order" "$(seq 10000 | sha256sum)" \
	"$(answers .id | sha256sum)"
check_same "all of them results" 10000 "$(grep -c '"result":\[{' "$OUT")"
# what a sanitizer keeps of what was freed is not keep's
check "in bounded memory" python3 -c '
import itertools, os, resource, subprocess
checked = os.environ.get("ASAN_OPTIONS")
if checked:
    os.environ["ASAN_OPTIONS"] = checked + ":quarantine_size_mb=1"
def peak(lines):
    subprocess.run(["keep", "-C", "acme", "call", "--batch"], check=True,
                   stdin=open(lines), stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
with open("lines") as all, open("few", "w") as few:
    few.writelines(itertools.islice(all, 100))
a = peak("few")
b = peak("lines")
assert b <= a + (8192 if checked else 1024), (a, b)'

printf '%s\n' '{"verb":["try","crash"],"id":1}' '{"verb":["version"],"id":2}' \
	> lines
check_exit 3 "a call that ends its server's process fails" \
	timeout 60 keep -C acme call --batch < lines
check_same "with all that were under way" 'UNREACHABLE UNREACHABLE' \
	"$(answers '.error.name // "ok"' | paste -sd ' ')"

cat > hostile.py << 'END'
"""hostile HOW SOCKET: a server that does what it should not, to one client."""
import os
import select
import socket
import struct
import sys
from keep import decode, encode
how, path = sys.argv[1:]

def get():
    size, = struct.unpack(">I", stream.read(4))
    return decode(stream.read(size))

def frame(reply):
    raw = encode(reply)
    return struct.pack(">I", len(raw)) + raw

os.umask(0o177)
listening = socket.socket(socket.AF_UNIX)
listening.bind(path)
listening.listen()
print("ready", flush=True)
client = listening.accept()[0]
stream = client.makefile("rb")
me = get()[1]
if how == "refuses":
    get()
    faults = [{0: "field%d" % i, 3: "wrong%d" % i} for i in range(9)]
    client.sendall(frame({0: bytes(4), 1: 2, 2: "no", 3: encode({3: faults})}))
elif how == "floods":
    on = frame({0: me, 1: encode([0, {0: "on"}]), 2: True})
    while True:
        client.sendall(on * 99)
        if select.select([client], [], [], 0)[0]:
            break
    assert decode(get()[3])[0] == ["cancel"]
    client.sendall(frame({0: me, 1: 10, 2: "it was told"}))
else:
    last = frame({0: me, 1: encode({0: "1"})})
    client.sendall(frame({0: me, 1: encode([0, {0: "x" * 999}]),
                          2: True}) * 50000 + last)
stream.read()
END
mkdir -m 700 bad
# hostile HOW: one listens at the socket bad/HOW.
hostile() {
	[ -p bad.ready ] || mkfifo bad.ready
	PYTHONPATH=$TOP/contrib/python python3 hostile.py "$1" "bad/$1" \
		> bad.ready &
	read -r _ < bad.ready
}
hostile refuses
printf '{"verb":["version"],"id":%d}\n' 1 2 > lines
check_exit 2 "a server that refuses all calls at once ends them" \
	timeout 20 keep call --socket bad/refuses --batch < lines
check_same "each with the same words" '2 1' \
	"$(jq -c '.error.message' "$OUT" | wc -l) $(jq -c .error "$OUT" | sort -u | wc -l)"
hostile floods
printf '{"verb":["version"]}\n' > lines
check_exit 124 "a server that tells of progress for ever" \
	timeout --foreground -k 9 2 \
	keep call --socket bad/floods --batch < lines
check_like "is told when its caller is to end" 'it was told'
hostile progress
check "progress of a call takes no memory" python3 -c '
import os, resource, subprocess
limit = 100000 if os.environ.get("ASAN_OPTIONS") else 45000
subprocess.run(["keep", "call", "--socket", "bad/progress", "version"],
               check=True, stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert peak < limit, peak'
check_exit 2 "words and --batch are no call" \
	keep -C acme call --batch node list < /dev/null
check_exit 2 "nor is nothing" keep -C acme call
check_like "which is told" 'call wants a verb' "$ERR"
check_same "with --format=json an answer is an item, as of other events" \
	'["line","result"]' "$(printf '{"verb":["version"]}\n' |
		keep -C acme --format=json call --batch | jq -c '.item | keys')"
check "CBOR is a sequence of them" /usr/bin/python3 -c '
import cbor2, io, subprocess
raw = subprocess.run(["keep", "-C", "acme", "--format=cbor", "call", "--batch"],
                     input=b"{\"verb\":[\"version\"],\"id\":[1]}\n",
                     capture_output=True, check=True).stdout
one, answer = cbor2.loads(raw)
assert one == 1 and answer[0] == 1 and answer[1] == [1], answer
assert answer[3]["version"], answer'
check "answers are of the type that describe tells" /usr/bin/python3 -c '
import cbor2, io, subprocess, sys
sys.path.insert(0, sys.argv[1])
import cddl
def keep(*words, **more):
    return subprocess.run(["keep", "-C", "acme", "--format=cbor", *words],
                          capture_output=True, **more).stdout
call, = cbor2.loads(keep("describe", "call"))[3]
item = cddl.Schema(call[5])
lines = b"""{"verb":["node","list"],"id":{"a":1}}
{"verb":["node","list"],"args":{"filtr":1}}
{"verb":["try","stream"],"args":{"number":1}}
{"verb":["try","verdict"],"args":{"number":33}}
nonsense
"""
stream = io.BytesIO(keep("call", "--batch", input=lines))
n = 0
while stream.tell() < len(stream.getbuffer()):
    one, answer = cbor2.load(stream)
    assert one == 1
    item.check(cbor2.dumps(answer))
    n += 1
assert n == 6, n' "$TOP/t"
check "the server ends well" stop
check_exit 7 "without a server there are no answers" \
	keep -C acme call --batch < lines
