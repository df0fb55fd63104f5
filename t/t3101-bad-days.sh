#!/bin/bash
# What an administrator meets on a bad day.
. "${0%/*}/lib.sh"

# files: what the instance holds; of .keep/, a cache, only the names.
files() {
	find . -path ./.git -prune -o -print | sort
	find . -path ./.git -prune -o -path ./.keep -prune -o -type f \
		-exec md5sum {} + | sort
}

# refused STATUS TITLE COMMAND...: it exits with STATUS, and changes no file.
refused() {
	files > ../before
	check_exit "$@"
	files > ../after
	check_same_files "and changes no file" ../before ../after
}

keep init acme --no-commit > /dev/null && cd acme || exit 1
check "the first node needs no nodes/ before" \
	keep node add web1 ip_address=192.0.2.10 services=web tags=production
check "what compile will draw can be set before" \
	keep node set web1 "note== randint('a', 1, 5)"
check_exit 1 "and is not drawn by that" test -e picks
refused 2 "a draw that cannot be is refused" \
	keep node set web1 "note== randint('a', 5, 1)"
check "it is compiled" keep compile
check "then it is drawn" grep -qx '[1-5]' picks/a

# A place of one's own for a full disk: 125 where that is not to be had.
cat > ../full << 'END'
mount -t tmpfs -o size=2m tmpfs ../disk || exit 125
cp -a . ../disk && cd ../disk || exit 125
printf '{ "web": { "port": 444 } }\n' > services/web.json || exit 125
head -c 4000000 /dev/zero > .keep/fill
find . -type f ! -path './.keep/*' -exec md5sum {} + > /dev/shm/$$
keep compile
status=$?
find . -type f ! -path './.keep/*' -exec md5sum {} + | cmp - /dev/shm/$$ ||
	status=1
rm /dev/shm/$$
exit $status
END
mkdir ../disk services
if unshare -m true 2> /dev/null; then
	check_exit 11 "a compile on a full disk changes nothing" \
		unshare -m sh ../full
	check_like "and says what is missing" 'No space left' "$ERR"
fi

for what in "echo mine" "ln -s ../disk"; do
	mv compiled ../old
	case $what in
	echo*) echo mine > compiled ;;
	*) ln -s ../disk compiled ;;
	esac
	keep node set web1 ssh.port=2222 > /dev/null
	refused 4 "what is no directory of compile is left alone" keep compile
	rm compiled && mv ../old compiled
done

check "-q is silent about what is only strange" keep -q compile
check_unlike "that is, warns of nothing" warning "$ERR"
cp nodes/web1.json ../mine
printf '{\n<<<<<<< HEAD\n}\n' > nodes/web1.json
refused 2 "a conflict that git left is refused" keep compile
check_like "where it begins" "^nodes/web1.json:2:1: '<'" "$ERR"
check_like "as what it is" 'hint: git left this mark of a conflict' "$ERR"
cp ../mine nodes/web1.json

as_user keep -C "$PWD" node list > "$OUT" 2> "$ERR"
check_like "who may only read lists nodes" '^web1 ' "$OUT"
refused 9 "and compiles nothing" as_user keep -C "$PWD" compile
refused 9 "and adds nothing" \
	as_user keep -C "$PWD" node add web2 ip_address=192.0.2.11

for fd in 0 1 2; do
	keep -C "/proc/self/fd/$fd" version <&- >&- 2> "$ERR"
	check_like "no file takes the place of closed descriptor $fd" \
		'Not a directory' "$ERR"
done
