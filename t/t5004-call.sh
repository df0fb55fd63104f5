#!/bin/bash
# What runs at a server is seen, told and ended as if it ran here.
. "${0%/*}/lib.sh"
. "$TOP/t/lib-serve.sh"
PATH=$O/t/bin:$PATH

check "an instance" keep init acme --no-commit
serve acme

# same EXIT VERB WORD...: here and there, in all formats, both streams.
same() {
	local want=$1 format
	shift
	for format in text json cbor; do
		check_exit "$want" "$*: here, as $format" \
			keep -C acme --format=$format try "$@"
		cp "$OUT" here
		grep -v '"warning"' "$ERR" > here.err
		check_exit "$want" "$*: there" \
			keep -C acme --format=$format call try "$@"
		check_same_files "$*: the same as $format" here "$OUT"
		check_same_files "$*: the same is told" here.err "$ERR"
	done
}
same 0 list 3
same 0 list
same 0 stream 5
same 1 verdict 33
same 3 verdict 26
same 4 fail 15
same 0 item '{"b":1,"a":[null,true]}'
same 0 types w a b -fw5 --number -4 --real 1.5 --colour green --path x \
	--texts a --pairs '{"left":"x"}' -l k=v --outer-name n --net-host h

check_exit 9 "(43) what talks to a person is for a shell" \
	keep -C acme call try ask
check_exit 9 "a verb that carries secrets is not exposed" \
	keep -C acme call try secret --pin-file /dev/null

check_exit 7 "a deadline ends what runs there" \
	keep -C acme call --deadline 100ms try hang
check_like "which is told" 'deadline passed' "$ERR"
check "and may be as far away as a number can be" \
	keep -C acme call --deadline 18446743073709551616ms try list 3
for name in INT TERM; do
	check "SIG$name here ends what runs there" timeout 20 "$TOP/t/signalled" \
		err $name keep -C acme --format=json call try hang
	check_like "SIG$name: its end is told" '"name":"CANCELLED"'
done
check_like "and the server tells it" 'verb=try\.hang code=CANCELLED' served
check "who is killed here leaves nothing running there" \
	timeout 20 "$TOP/t/signalled" err KILL \
	keep -C acme --format=json call try hang
check "and the server goes on" keep -C acme call version
mkfifo told
keep -C acme --format=json call try hang 2> told &
calling=$!
exec 5< told
read -r _ <&5
check "SIGTERM ends a server while somebody calls" stop
wait "$calling" || status=$?
check_same "who is told to have been cancelled" 130 "${status-0}"
cat <&5 > heard
check_like "and by whom" 'by the server, which was ended' heard
