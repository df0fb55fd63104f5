#!/bin/bash
# A deploy over a socket: allowed by name, its events as they come, cancelled.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
export PYTHONPATH=$TOP/contrib/python PYTHONDONTWRITEBYTECODE=1
fleet_up web1 web2 web3
fleet_acme web1 web2 web3
mkdir -p services recipes/site
echo '{"word": "hello"}' > services/site.json
cat > recipes/site/apply << 'END'
. "$KEEP_DIR/config.sh"
[ ! -e /srv/loud ] || seq 5000
[ ! -p /srv/gate ] || { echo > /srv/begun; cat /srv/gate > /srv/came; }
echo "$KEEP_word" > /srv/word
END
# change WORD: what is deployed next.
change() {
	echo "{\"word\": \"$1\"}" > services/site.json
	keep -q compile && git add -A && git commit -qm "$1"
}
# words: what the nodes have.
words() {
	for node in web1 web2 web3; do
		cat "$FLEET/$node/root/srv/word" 2> /dev/null || echo none
	done | paste -sd ' '
}
for node in web1 web2 web3; do
	keep -q node set "$node" services=site
done
change hello
cd .. && serve acme --allow deploy --agent "$SSH_AUTH_SOCK"

cd acme || exit
check_exit 9 "nobody can be asked at a server" keep call deploy web1
check_like "so it wants --yes" '^hint: --yes' "$ERR"
check_same "and does nothing before" 'none none none' "$(words)"
check "a deploy that is allowed by name is called" keep call deploy --yes web1
check_same "and done" 'hello none none' "$(words)"
check_like "the log tells of it" 'verb=deploy code=OK' ../served

# script: Python that stands on stdin, with a server.
script() {
	python3 -c 'import keep, sys
server = keep.connect()
exec(sys.stdin.read())'
}
check "Python has its events as they come, and its result" script << 'END'
def deploy():
    result = yield from server.stream("deploy", filter=["web2"], yes=True)
    states = {n["node"]: n["state"] for n in result["nodes"]}
    assert states == {"web2": "changed"}, result
events = list(deploy())
assert events and all("node" in e for e in events), events
assert server.verdict == 0
END
check_same "the node has it" 'hello hello none' "$(words)"

change bye
mkfifo "$FLEET/web1/root/srv/gate" "$FLEET/web1/root/srv/begun"
export FLEET
check "a deploy is cancelled while a node is at work" script << 'END'
at = __import__("os").environ["FLEET"] + "/web1/root/srv/"

def deploy():
    result = yield from server.stream("deploy", filter=["all"], jobs=1, yes=True)
    print(*(n["node"] + ":" + n["state"] for n in result["nodes"]))
    print(keep.Code(server.verdict).name)
events = deploy()
next(events)
number = server._last_id.to_bytes(4, "big")
open(at + "begun").read()
list(server._replies(server._ask({0: ["cancel"], 1: {0: number}})))
open(at + "gate", "w").close()
list(events)
END
check_same "which finishes; no other is begun, and the result says so" \
	'web1:changed web2:skipped web3:skipped PARTIAL' "$(paste -sd ' ' "$OUT")"
check_same "the nodes are as it says" 'bye hello none' "$(words)"

change again
touch "$FLEET/web1/root/srv/loud"
check "Ctrl-C at a caller does the same" env \
	THEN="cat $FLEET/web1/root/srv/begun > /dev/null
		echo > $FLEET/web1/root/srv/gate" \
	"$TOP/t/signalled" out "$(printf 'CONT,%.0s' {1..30})INT" keep --format=json call deploy all -j 1 --yes
check_same "who ends as a shell expects it" 'killed by 2' "$(tail -n 1 "$OUT")"
sed -i "\$d" "$OUT"
check_same "having heard the result, though nobody read its lines" 'changed skipped skipped' \
	"$(jq -rs '.[-1].result.nodes | map(.state) | join(" ")' "$OUT")"
check_same "which is as the nodes are" 'again hello none' "$(words)"
check_like "the log tells what it came to" 'verb=deploy code=PARTIAL' ../served
stop
