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
    print(e.code, e.message, e.hint, sep="|")
END
check_same "with code, message and hint" \
	"13|there is no node 'web3'|did you mean 'web1'?" "$(cat "$OUT")"
check "what is not exposed, too" python << 'END'
try:
    server.call("node", "rm", node="web1")
except keep.Error as e:
    print(e.code)
END
check_same "by its code" 5 "$(cat "$OUT")"
check "faults of arguments are problems" python << 'END'
try:
    server.call("node", "add", name="../x")
except keep.Error as e:
    print(e.problems or e.message)
END
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
    print(e.code)
END
check_same "as a conflict" 15 "$(cat "$OUT")"
