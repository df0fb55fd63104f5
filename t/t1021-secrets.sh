#!/bin/bash
# A secret comes from a descriptor, a file or the terminal, never from argv.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

# at_terminal ANSWER COMMAND...: runs it with a terminal of its own, on which
# ANSWER is typed when it asks; prints what the terminal shows.
at_terminal() {
	timeout 20 python3 -c '
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, answered = b"", False
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if not answered and shown.endswith((b": ", b"] ")):
        answers = sys.argv[1].split("|")
        os.write(fd, answers.pop(0).encode() + b"\n")
        sys.argv[1] = "|".join(answers)
        answered = not answers
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}

printf 's3cret' > pin
check "a secret comes from a descriptor" keep try secret --pin-fd 7 7< pin
check_same "whose bytes are printed as they are" s3cret "$(cat "$OUT")"
check "or from a file" keep try secret --pin-file pin
check_same "as they are, too" s3cret "$(cat "$OUT")"
check_same "JSON has them in base64" '{"pin":"czNjcmV0"}' \
	"$(keep --format=json try secret --pin-file=pin)"
check_same "and takes them so" s3cret \
	"$(echo '{"pin":"czNjcmV0"}' | keep try secret --args -)"
head -c 65 /dev/zero > long
check_exit 2 "a secret that is too long is refused" \
	keep try secret --pin-file long
check_like "with its limit" '^--pin:.*64' "$ERR"

check_exit 2 "a secret on the command line is refused" \
	keep try secret --pin s3cret
check_like "with what to do" '^  hint: use --pin-fd N, --pin-file FILE' "$ERR"
check_exit 2 "behind =, too" keep try secret --pin=s3cret
check_unlike "and never repeated" s3cret "$ERR"
check_exit 2 "a word is no secret" keep try secret s3cret
check_exit 2 "no descriptor" keep try secret --pin-fd x
check_like "is told" "^--pin: 'x' is not a descriptor" "$ERR"
check_exit 2 "a descriptor that is not open" keep try secret --pin-fd 9 9<&-
check_exit 2 "a file that is not there" keep try secret --pin-file nowhere
check_exit 2 "without a terminal it is missing" setsid -w keep try secret
check_like "and the hint is there" '^  hint: give --pin-fd N or' "$ERR"

check "at a terminal it is asked for" at_terminal s3cret keep try secret
check_like "by its name" '^pin: $'
check_unlike "its characters are not shown, nor is the result" s3cret
check_like "which says how" '\(hidden; --show\)'
check "unless the person wants it" at_terminal s3cret keep try secret --show
check_like "then it is shown" s3cret
check_exit 2 "nobody is asked when something else is wrong" \
	at_terminal s3cret keep try secret --bogus
check_unlike "only the fault is told" '^pin:'
check "nor for help" at_terminal s3cret keep try secret -h
check_unlike "which is shown at once" '^pin:'

check "a verb asks at the terminal" at_terminal 'Ada|y' keep try ask
check_like "for a text" '^name: Ada$'
check_like "and for a yes" '^really\? \[y/N\] y$'
check_like "and gets the answers" '^yes: true$'
check_exit 9 "without a terminal it fails" setsid -w keep try ask
