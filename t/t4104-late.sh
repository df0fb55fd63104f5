#!/bin/bash
# tags: nosan
# What a node says while keep looks elsewhere does not lie until the next sign of
# life, which keep asks for after 15 s.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
fleet_up n1
fleet_acme n1

# napping ARGUMENT...: keep, which is late wherever it finds nothing.
napping() {
	timeout 10 env LD_PRELOAD="$O/t/fault/nap.so" "$KEEP" "$@"
}

for ms in 0{15..85..10}; do
	check "the end of a command that comes late, by $ms ms" \
		napping run n1 -- "echo begin; sleep 0.$ms; echo end; echo no >&2"
	check_same "is heard with all before it" $'n1: begin\nn1: end\nn1: no' \
		"$(grep '^n1: ' "$OUT" "$ERR" -h | sort)"
done

# more than sshd takes before it says that more may come
head -c 3000000 /dev/urandom > files/large
jq '.files = {"/srv/large": {"source": "large"}}' nodes/n1.json > new
mv new nodes/n1.json
commit
check "a node that takes much by and by gets it" napping deploy n1 --yes
check_same_files "as it is" files/large "$FLEET/n1/root/srv/large"
