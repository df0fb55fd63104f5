#!/bin/bash
# A signal ends what runs: soon, cleanly, and as a shell expects it.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

# signalled STREAM SIGNALS COMMAND...: see t/signalled.
signalled() {
	timeout 20 "$TOP/t/signalled" "$@"
}

while read -r name number; do
	check "a verb that waits ends by SIG$name" \
		signalled err "$name" keep --format=json try hang
	check_like "SIG$name: its end is told" '"name":"CANCELLED"'
	check_same "SIG$name: a shell sees the signal" "killed by $number" \
		"$(tail -n 1 "$OUT")"
	check "one that does not look goes on" \
		signalled err "$name,$name" keep --format=json try hang --deaf
	check_like "SIG$name: and says so" '"progress":"deaf"'
	check_unlike "a second SIG$name ends it at once" CANCELLED
	check_same "SIG$name: which a shell sees, too" "killed by $number" \
		"$(tail -n 1 "$OUT")"
	check "one that asks for a second goes on, too" signalled err \
		"$name,$name,$name" keep --format=json try hang --takes
	check_same "SIG$name: gets it" 2 "$(grep -c taken "$OUT")"
	check_same "SIG$name: and a third ends it at once" "killed by $number" \
		"$(tail -n 1 "$OUT")"
	check "events end by SIG$name, even if nobody reads" \
		signalled out "$name" sh -c "exec keep --format=json try stream 2> events.err"
	head -n -1 "$OUT" > events
	check "SIG$name: those that came are whole" jq -e .item.number events
	check_same "SIG$name: and no result is behind them" \
		'{"error":{"code":10,"name":"CANCELLED","message":"cancelled"}}' \
		"$(cat "events.err")"
done << END
INT 2
TERM 15
END

# asked SIGNAL: sent when a secret is asked for on a terminal; whether that
# echoes before and behind the signal, and how keep ended.
asked() {
	timeout 20 python3 -c '
import os, signal, sys, termios
def echo():
    return "on" if termios.tcgetattr(fd)[3] & termios.ECHO else "off"
ours, fd = os.openpty()
pid = os.fork()
if pid == 0:
    os.close(ours)
    os.login_tty(fd)
    os.execvp("keep", ["keep", "try", "secret"])
shown = b""
while not shown.endswith(b"pin: "):
    shown += os.read(ours, 100)
during = echo()
os.kill(pid, signal.Signals["SIG" + sys.argv[1]])
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(f"{during} {echo()} {status}")' "$@"
}
check_same "SIGINT at a secret's prompt gives the echo back" "off on -2" \
	"$(asked INT)"
check_same "SIGTERM does, too" "off on -15" "$(asked TERM)"
