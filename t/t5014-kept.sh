#!/bin/bash
# tags: nosan
# A connection keeps the instance that it read, and each call sees the files as
# they are: the answers are those of a process of its own.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"

clock=$(find /usr/lib -name libfaketime.so.1)
[ -n "$clock" ] || skip_all "libfaketime is not installed"

# Asks one line after another over one connection: words, then a JSON object.
cat > asker.py <<'EOF'
import json, sys
sys.path.insert(0, sys.argv[1])
import keep

def answer(server, line):
    words, _, args = line.partition("{")
    try:
        value = server.call(*words.split(), **json.loads("{" + (args or "}")))
    except keep.Error as e:
        return "; ".join([e.name, e.message] +
                         [p["message"] for p in e.problems])
    return json.dumps(value, sort_keys=True, separators=(",", ":"))

with keep.connect(sys.argv[2]) as server:
    for line in sys.stdin:
        print(answer(server, line), flush=True)
EOF
connect() {
	coproc ASKER { exec python3 -B asker.py "$TOP/contrib/python" acme; }
	asker=$ASKER_PID
}
disconnect() {
	local to=${ASKER[1]}
	exec {to}>&-
	wait "$asker"
}
ask() {
	printf '%s\n' "$*" >&"${ASKER[1]}"
	read -r answer <&"${ASKER[0]}"
}
fresh() {
	if keep -C acme --format=json "$@" > there 2> why; then
		jq -cS . there
	else
		jq -r '.error | select(.) | [.name, .message,
			.problems[]?.message] | join("; ")' why
	fi
}
# sees TITLE COMMAND...: the next call sees what the command changes.
sees() {
	local title=$1 before=$answer
	shift
	"$@" || fail "$title" "it could not be made"
	ask node list
	check_same "$title: the very next call sees it" \
		"$(fresh node list)" "$answer"
	check "$title: it is something else" test "$before" != "$answer"
}
# put FILE TEXT: writes it in place.
put() {
	printf '%s\n' "$2" > "acme/$1"
}
# replace FILE TEXT: another file of the same size and time takes its place.
replace() {
	printf '%s\n' "$2" > next
	[ "$(stat -c %s next)" = "$(stat -c %s "acme/$1")" ] &&
		touch -r "acme/$1" next && mv next "acme/$1"
}
swap() {
	put nodes/web3.json '{"ip_address": "192.0.2.3"}'
	rm acme/nodes/web9.json
}
retag() {
	put tags/blue.json '{"environment": "blue"}'
	put nodes/web3.json '{"tags": "blue", "ip_address": "192.0.2.3"}'
}

check "an instance" keep init acme --no-commit
check "with a node" keep -C acme node add web1 ip_address=192.0.2.1
check "and another" keep -C acme node add web2 ip_address=192.0.2.2
keepfile=$(cat acme/Keepfile)

# An hour ahead, all that was written is old, and kept.
serve_as "$(socket_of acme)" env LD_PRELOAD="$clock" FAKETIME=+1h \
	NO_FAKE_STAT=1 keep -C acme serve --allow node.add,node.set,node.rm
connect
ask node list
check_same "a first call answers" "$(fresh node list)" "$answer"
sees "an edit in place" put nodes/web1.json '{"ip_address": "192.0.2.111"}'
sees "one that changes no size" put nodes/web2.json '{"ip_address": "192.0.2.9"}'
sees "another file of its size and time" \
	replace nodes/web2.json '{"ip_address": "192.0.2.8"}'
sees "a new node" put nodes/web9.json '{"ip_address": "192.0.2.99"}'
sees "one that came as another went" swap
sees "a new tag" retag
sees "another environment of a tag" put tags/blue.json '{"environment": "navy"}'
sees "a service that is not there" put nodes/web1.json '{"services": "shop"}'
mkdir acme/services
sees "a service that came" put services/shop.json '{"ip_address": "192.0.2.5"}'
sees "an edit of it" put services/shop.json '{"ip_address": "192.0.2.6"}'
sees "a fault" put nodes/web1.json '{"services": '
ask node list
check_same "which every call sees" "$(fresh node list)" "$answer"
sees "what was mended" put nodes/web1.json '{"services": "shop"}'
sees "a node that asks for the platform" put nodes/web4.json '{}'
sees "an edit of the platform" put platform/provider_base/common.json \
	'{"ip_address": "192.0.2.77"}'
sees "a platform that is gone" mv acme/platform acme/other
sees "another path of it in the Keepfile" \
	put Keepfile '{"platform": {"path": "other"}}'
sees "a Keepfile that asks for a later keep" \
	put Keepfile '{"platform": {"path": "other"}, "keep": ">=99"}'
mv acme/other acme/platform
sees "all as it was" put Keepfile "$keepfile"
sees "a call that adds a node" ask node add \
	'{"name": "web5", "values": {"ip_address": "192.0.2.50"}}'
ask expr '{"node": "web5", "expr": "self.facts"}'
before=$answer
mkdir acme/facts
put facts/web5.json '{"cpus": 4}'
ask expr '{"node": "web5", "expr": "self.facts"}'
check_same "the next call sees what a node said of itself" \
	"$(fresh expr web5 self.facts)" "$answer"
check "and did not before" test "$before" != "$answer"
put secrets.dev.json '{"default": {"pin": "1"}}'
sees "a link to the values of secrets" \
	ln -s ../secrets.dev.json acme/nodes/web9.json
rm acme/nodes/web9.json

resident() {
	awk '/^VmRSS/ { print $2 }' "/proc/$(pgrep -P "$server")/status"
}
changes() { # FROM TO
	for ((i = $1; i < $2; i++)); do
		[ $((i % 4)) != 0 ] || put nodes/web2.json \
			"{\"ip_address\": \"10.0.$((i / 250)).$((i % 250))\"}"
		ask node list
	done
}
changes 1 200
before=$(resident)
changes 200 2200
check_same "2,000 calls and 500 changes later it answers as ever" \
	"$(fresh node list)" "$answer"
check "and its memory has not grown by 128 KiB: $before, $(resident)" \
	test "$(resident)" -lt $((before + 128))
disconnect
stop

# By the true clock, a file may change twice within a tick of its times.
serve acme
connect
missed=0
for ((i = 100; i < 140; i++)); do
	put nodes/web2.json "{\"ip_address\": \"192.0.2.$i\"}"
	ask node list
	case $answer in *'"192.0.2.'"$i"'"'*) ;; *) missed=$((missed + 1)) ;; esac
done
check_same "40 edits of one size, as fast as can be, are all seen" 0 "$missed"
disconnect
stop
