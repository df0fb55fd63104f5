#!/bin/bash
# External commands over a socket: plain ones, those that speak frames, and
# those that mean harm.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
examples=$TOP/contrib/examples
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1
PATH=$PWD/bin:$examples:$PATH
mkdir bin

# plain NAME LINE...: an external in sh that is nothing but a program.
plain() {
	# a word of options is one that it does not know
	printf '%s\n' '#!/bin/sh' 'case ${1-} in --*) exit 2 ;; esac' \
		"${@:2}" > "bin/keep-$1"
	chmod +x "bin/keep-$1"
}
# shellcheck disable=SC2016 # for the scripts that are written
{
	plain words 'printf "<%s>" "$@"' 'printf "%s" " told" >&2' 'exit 7'
	plain killed 'kill -KILL $$'
	plain bytes 'printf "\0\377\n"'
	plain where 'pwd; cat; readlink /proc/self/fd/0' \
		'echo "${KEEP_IO-none} ${SSH_AUTH_SOCK-none} ${SOME-none}"'
	plain open 'exec python3 -c "import os
for fd in range(3, 1024):
    try:
        print(fd, os.readlink(\"/proc/self/fd/%d\" % fd))
    except OSError:
        pass"'
	plain endless 'exec cat /dev/zero'
	plain stays 'trap "" TERM; echo $$ > ../stays.pid' \
		'while :; do sleep 60; done'
	plain leaves 'sleep 60 & echo left'
	plain forbidden 'echo ran > ../ran'
	plain tells 'echo $$ > ../started' 'exec sleep 60'
	plain marks 'echo ran > ../marked'
}
cat > bin/keep-odd << 'END'
#!/usr/bin/env python3
"""Speaks frames, and does with them what it is told."""
import os
import signal
import struct
import sys
import time
from keep import decode, encode
if sys.argv[1:] == ["--keep-describe"]:
    sys.stdout.buffer.write(encode({
        0: ["odd"], 1: "does what it is told", 2: 64,
        3: "args = { ? 0: tstr }\n", 4: "result = { 0: uint }\n",
        5: "item = { 0: tstr }\n",
        8: [{0: 0, 1: "what", 2: "text", 3: 8}],
        9: [{0: 0, 1: "n", 2: "uint", 3: 1}],
        10: [{0: 0, 1: "said", 2: "text", 3: 1}]}))
    sys.exit()

def write(raw):
    os.write(1, raw)

def put(reply):
    raw = encode(reply)
    write(struct.pack(">I", len(raw)) + raw)

def item(value):
    put({0: me, 1: encode(value), 2: True})

size, = struct.unpack(">I", os.read(0, 4))
raw = os.read(0, size)
while len(raw) < size:
    raw += os.read(0, size - len(raw))
request = decode(raw)
me, call = request[1], decode(request[3])
what = call.get(1, {}).get(0, "")
last = {0: me, 1: encode({0: 5})}
if what == "items":
    item([0, {0: "half", 1: 1, 2: 2}])
    item([1, {0: "one"}])
    item([1, {0: "two"}])
    put({**last, 3: 26})
elif what == "badly":
    for n in range(3):
        item([1, {0: n}])
    put(last)
elif what == "fails":
    put({0: me, 1: 999, 2: "no\x1b[2Jway", 3: encode({2: "a hint"})})
elif what == "garbage":
    write(b"Traceback: this is no frame\n")
elif what == "cbor":
    write(b"\0\0\0\2\xff\xff")
elif what == "zero":
    write(bytes(4))
elif what == "long":
    write(b"\x00\x20\0\0")
elif what == "huge":
    while True:
        item([1, {0: "x" * 70000}])
elif what == "other":
    put({**last, 0: b"other"})
elif what == "type":
    put({**last, 1: encode({0: "no number"})})
elif what == "early":
    write(b"\0\0\0\x20\xa2")
elif what == "silent":
    pass
elif what == "status":
    print("why it failed", file=sys.stderr)
    sys.exit(3)
elif what == "signal":
    os.kill(os.getpid(), signal.SIGSEGV)
elif what == "twice":
    put(last)
    put({0: me, 1: 7, 2: "another"})
    write(b"and more")
elif what == "talks":
    sys.stderr.write("x" * 1000000)
    put(last)
elif what == "deaf":
    item([1, {0: str(os.getpid())}])
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
elif what == "polite":
    item([1, {0: "waits"}])
    while os.read(0, 1):
        pass
    put({**last, 3: 26})
elif what == "deadline":
    put({0: me, 1: encode({0: call[2]})})
elif what == "lingers":
    put(last)
    sys.stdout.flush()
    time.sleep(60)
else:
    put(last)
END
chmod +x bin/keep-odd
# shellcheck disable=SC2016
{
	plain slow 'exec sleep 60'
	printf '%s\n' '#!/bin/sh' 'exec sleep 60' > bin/keep-never
	printf '%s\n' '#!/bin/sh' 'exec cat /dev/zero' > bin/keep-zeros
	printf '%s\n' '#!/bin/sh' 'printf "\\240"' > bin/keep-empty
	printf '%s\n' '#!/bin/sh' 'keep-odd --keep-describe' > bin/keep-other
}
chmod +x bin/keep-{never,zeros,empty,other}

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1 \
	services=web
check "and another" keep -C acme node add web2 ip_address=192.0.2.2

# --- what is described ------------------------------------------------------
check "one that speaks frames is described by its name" keep describe hosts
check_like "by its summary" '^; keep hosts: lines for /etc/hosts$'
check_like "and its CDDL" '^  0: tstr, ; address: of the node$'
check_same "its fields are there, too" '["filter",10]' \
	"$(keep --format=json describe hosts |
		jq -c '.commands[0].args_fields[0] | [.name, .flags]')"
check "a plain one is, too" keep describe who
check_like "as one that takes words" ' \[\* tstr\], ; words: '
for name in never zeros empty other; do
	check "keep-$name, which does not say what it is, is taken as plain" \
		timeout 10 keep describe "$name"
	check_like "that is told" "keep-$name is taken as a plain program" \
		"$ERR"
	check_like "keep-$name takes words" ' \[\* tstr\], ; words: '
done
check "help asks no external" keep help
check "nor does its long list" keep help -a
check "nor does describe, when it lists" keep describe
check_unlike "what it was not asked for" 'keep hosts'

# --- what is allowed --------------------------------------------------------
check_exit 2 "an external that is not there cannot be allowed" \
	keep -C acme serve --allow nosuch
check_like "which is told" "'nosuch' is no verb" "$ERR"
check_exit 2 "nor can --only expose one" keep -C acme serve --only forbidden
check_like "which --allow does" '--allow forbidden' "$ERR"
check_exit 2 "or --peer" keep -C acme serve --allow who --peer 1001=who,forbidden
check_same "without running it" '' "$(ls ran 2> /dev/null)"
export SOME=thing
serve acme --agent "$PWD/agent.sock" --allow hosts,who,odd,words,killed \
	--allow bytes,where,open,endless,stays,leaves,slow,other,tells,marks
check_exit 9 "one that is not allowed does not run" keep -C acme call forbidden
check_same "not even to say what it is" '' "$(ls ran 2> /dev/null)"
check_exit 4 "one that is not there is unknown" keep -C acme call nosuch
check "describe over the socket knows those that are allowed" \
	keep -C acme call describe odd
check_like "by what they say" '^; keep odd: does what it is told$'
check "and lists them" keep -C acme call --format=json describe
check_same "with the verbs" true \
	"$(jq 'any(.commands[]; .path == ["hosts"]) and
		any(.commands[]; .path == ["node", "list"])' "$OUT")"
check_exit 4 "it asks no other" keep -C acme call describe forbidden

# --- plain ones --------------------------------------------------------------
# as_here EXIT NAME WORD...: the same there as in the instance here.
as_here() {
	local want=$1
	shift
	(cd acme && check_exit "$want" x keep "$@") > /dev/null
	cp "$OUT" here && cp "$ERR" here.err
	check_exit "$want" "keep call $*: the same status" keep -C acme call "$@"
	check_same_files "keep call $*: the same output" here "$OUT"
	check_same_files "keep call $*: the same errors" here.err "$ERR"
}
as_here 7 words
as_here 7 words 'two words' '' -x -- --format=json é
as_here 137 killed
as_here 0 bytes
as_here 0 leaves
as_here 2 who --nonsense
check_exit 7 "its status, output and errors are there as JSON" \
	keep -C acme call --format=json words a
check_same "with bytes as hex" '{"status":7,"output":"3c613e","errors":"20746f6c64"}' \
	"$(cat "$OUT")"
check "it runs in the instance, with no stdin" keep -C acme call where
check_same "with the server's environment, and its agent" \
	"$PWD/acme
/dev/null
none $PWD/agent.sock thing" "$(cat "$OUT")"
check "it has no descriptor but the usual" keep -C acme call open
check_same "none" '' "$(cat "$OUT")"
check_exit 2 "one that never stops writing is ended" \
	timeout 20 keep -C acme call endless
check_like "which is told" 'keep-endless writes more than fits' "$ERR"
check_like "with how much that is" 'that is [0-9]+ bytes' "$ERR"
check_exit 7 "a deadline ends one" timeout 20 \
	keep -C acme call --deadline 200ms slow
check_like "which is told" 'deadline passed' "$ERR"
check_exit 7 "one that SIGTERM does not end is killed" timeout 20 \
	keep -C acme call --deadline 500ms stays
check_exit 1 "nothing of it is left" kill -0 "$(cat stays.pid)"

# --- those that speak frames -------------------------------------------------
check "a call of one" keep -C acme call hosts services=web
check_same "has its result as a table" '192.0.2.1  web1' "$(cat "$OUT")"
check "as JSON" keep -C acme call --format=json hosts
check_same "by the names of its fields" '["192.0.2.2","web2"]' \
	"$(jq -c '.[1] | [.address, .name]' "$OUT")"
check_exit 2 "its error is that of the call" keep -C acme call hosts web9
check_like "with its words" "'web9'" "$ERR"
check_exit 2 "words that it does not take are refused here" \
	keep -C acme call hosts --nonsense
check_exit 3 "items and verdict come through" \
	keep -C acme --format=json call odd items
check_same "in order" '{"item":{"said":"one"}} {"item":{"said":"two"}} {"result":{"n":5}}' \
	"$(paste -sd ' ' "$OUT")"
check_same "and progress" '{"progress":"half"}' "$(cat "$ERR")"
check_exit 70 "an error of its own has its code" \
	keep -C acme --format=json call odd fails
check_same "its message, made safe, and its hint" '[999,"no\\x1b[2Jway","a hint"]' \
	"$(jq -c '.error | [.code, .message, .hint]' "$ERR")"
check "what it answers first is its answer" keep -C acme call odd twice
check "what it tells on stderr is not in the way" \
	timeout 20 keep -C acme call odd talks
check "Python calls it by the same names" python3 -c '
import keep
with keep.connect("acme") as server:
    assert server.call("hosts", filter=["web2"]) == [
        {"address": "192.0.2.2", "name": "web2"}]
    assert server.call("words", words=["a"]) == {
        "status": 7, "output": b"<a>", "errors": b" told"}
    assert server.call("odd", what="deadline", deadline_ms=60000)["n"] <= 60000
    assert [i["said"] for i in server.stream("odd", what="items")] == [
        "one", "two"] and server.verdict == 26
'

check "what one gives is of the type that it describes" /usr/bin/python3 -c '
import cbor2, subprocess, sys
sys.path.insert(0, sys.argv[1])
import cddl
def keep(*words):
    return subprocess.run(["keep", "-C", "acme", "--format=cbor", *words],
                          capture_output=True).stdout
for words in ["hosts"], ["words", "a"]:
    command, = cbor2.loads(keep("call", "describe", words[0]))[3]
    item = command.get(5, "") if "[*" in command[4] else ""
    cddl.Schema(command[4] + item).check(keep("call", *words))
    cddl.Schema(command[3])' "$TOP/t"

for what in garbage cbor zero long other early; do
	check_exit "$([ $what = early ] && echo 11 || echo 2)" \
		"one that says what is no answer is ended: $what" \
		timeout 20 keep -C acme call odd $what
	check_like "and named: $what" 'keep-odd' "$ERR"
done
check_exit 2 "a result of another type is refused" \
	keep -C acme call odd type
check_exit 11 "one that ends without an answer failed" \
	keep -C acme call odd silent
check_exit 3 "one that exits has its status" keep -C acme call odd status
check_like "and its last words" '^hint: it says: why it failed$' "$ERR"
check_exit 139 "one that crashes has that of its signal" \
	keep -C acme call odd signal
check_exit 11 "who reads no more of what never ends, ends it" bash -c \
	'timeout 20 keep -C acme call odd huge | head -n 1 > /dev/null
	exit "${PIPESTATUS[0]}"'
check "one that does not end behind its answer is ended" \
	timeout 20 keep -C acme call odd lingers
check_exit 7 "one that ignores that nobody waits is killed" timeout 20 \
	keep -C acme --format=json call --deadline 1s odd deaf
check_exit 1 "nothing of it is left" \
	kill -0 "$(jq -r '.item.said // empty' "$OUT")"
check "what it answers when it is cancelled is its answer" \
	timeout 20 "$TOP/t/signalled" out TERM \
	keep -C acme --format=json call odd polite
check_like "with its verdict's result" '^\{"result":\{"n":5\}\}$'
# --- in a batch
printf '{"verb":["odd"],"args":{"what":"%s"}}\n' badly items > lines
check_exit 3 "an item of another type fails its call" \
	timeout 20 keep -C acme call --batch < lines
check_same "once, and no other" '1:BAD_ARGS 2:{"said":"one"} 2:{"said":"two"} 2:{"n":5}' \
	"$(jq -r '"\(.line):\(.error.name // .item // .result)"' "$OUT" |
		paste -sd ' ')"
{
	printf '{"verb":["odd"],"args":{"what":"deaf"}}\n'
	printf '{"verb":["version"]}\n%.0s' {1..40}
	printf '{"verb":["marks"]}\n'
} > lines
printf '{"verb":["%s"]}\n' version slow |
	"$TOP/t/signalled" out TERM timeout 20 keep -C acme call --batch > told
check_like "what is answered does not wait for the next" '"line":1,"result"' \
	told
check "a batch that is cancelled" timeout 20 \
	"$TOP/t/signalled" out TERM keep -C acme call --batch < lines
check_same "calls nothing more" '' "$(ls marked 2> /dev/null)"

mkfifo started
check "a plain one ends when its caller is gone" timeout 60 python3 -c '
import keep, os, select
server = keep.connect("acme")
server._ask({0: ["tells"], 1: {}, 3: 1})
with open("started") as f:
    fd = os.pidfd_open(int(f.read()))
server.close()
assert select.select([fd], [], [], 20)[0]'
check "the server goes on" keep -C acme call version
check_like "and logs each call" 'verb=odd code=EXITED ' served
keep -C acme call tells 2> told &
calling=$!
read -r pid < started
check "SIGTERM ends the server" stop
check_exit 1 "and what it runs" kill -0 "$pid"
wait "$calling"
check_same "whose caller is told" 130 $?
