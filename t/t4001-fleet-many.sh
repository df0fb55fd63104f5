#!/bin/bash
# tags: slow nosan
# As many nodes as a big provider has, on one machine.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-fleet.sh"
need_fleet
mapfile -t names < <(seq -f node%03g 100)
began=$(date +%s%N)
fleet_up -s 16m "${names[@]}"
echo "# 100 nodes up in $((($(date +%s%N) - began) / 1000000)) ms" >&2
check_same "a hundred nodes answer, each by its name" "${names[*]}" \
	"$(for name in "${names[@]}"; do ssh "$name" hostname; done | xargs)"
check_same "each has a host key of its own" 100 \
	"$(cut -d ' ' -f 3 "$HOME/.ssh/known_hosts" | sort -u | wc -l)"
fleet_down
check_exit 255 "all go down at once" ssh node100 true
