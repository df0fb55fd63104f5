#!/bin/bash
# Two that write into one instance: one waits, or is told who has it.
. "${0%/*}/lib.sh"

check "an instance" keep init i --name I --domain example.org --no-commit
check "with a node" \
	keep -C i node add web1 ip_address=192.0.2.1 services=web
check "is compiled" keep -C i compile

# Holds the lock until it is told to end; the two pipes say when.
mkfifo held go
flock i sh -c 'echo "keep node add (process 7)" > i/.keep/holder
	echo > held; read -r line < go' &
holder=$!
read -r _ < held
check_exit 8 "a second writer does not wait for ever" \
	keep -C i --lock-timeout 50ms compile
check_like "it is told who holds the instance" \
	'held by keep node add \(process 7\)' "$ERR"
check_exit 8 "so it is with all verbs that write" \
	keep -C i --lock-timeout 50ms node set web1 ssh.port=2222
check "who only reads goes on" keep -C i compile --check
check "a list too" keep -C i node list

keep -C i compile > waited 2>&1 &
waiting=$!
echo > go
check "the first one ends" wait "$holder"
check "the one who waited has its turn" wait "$waiting"
check_like "and does its work" '^0 added, 0 changed, 0 removed, 1 unchanged' \
	waited
check_like "it is the holder now" '^keep compile \(process [0-9]+\)' \
	i/.keep/holder

# Twenty at once: every one of them does all of its work.
for n in $(seq 20); do
	keep -C i node add "n$n" "ip_address=192.0.2.1$n" > "add$n" 2>&1 &&
		keep -C i compile > "compile$n" 2>&1 &
done
wait
check_same "twenty writers at once leave twenty nodes more" 21 \
	"$(find i/nodes -name '*.json' | wc -l)"
check "and an output that says so" keep -C i compile --check
