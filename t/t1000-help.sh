#!/bin/bash
. "${0%/*}/lib.sh"

# foreign DIR NAME: an external command that tells of itself.
foreign() {
	mkdir -p "$1"
	printf '#!/bin/sh\necho "%s here: $*"\n' "$2" > "$1/keep-$2"
	chmod 755 "$1/keep-$2"
}

check "keep alone lists the commands" keep
check_like "with a line each" '^  node +nodes of the provider$'
check_like "and the options of all" '^  -C, --directory DIR +go there first$'
check_unlike "plumbing is not listed" '^  x-'

check "a verb explains itself with -h" keep help -h
check_like "by its usage" '^usage: keep help \[OPTION\.\.\.\] \[TOPIC\.\.\.\]$'
check_like "its options" '^  -a, --all  +list external'
check_like "and its words" '^  TOPIC  +a command'
check "help of a verb is the same text" keep help help
check_same "whether asked by -h or by help" "$(keep help -h)" "$(cat "$OUT")"
check "a long option explains what it may be" keep help
check_like "by its names" \
	'--color COLOR .*auto, always, never$'

PATH=$SCRATCH/path:$SCRATCH/later:$PATH
foreign "$SCRATCH/path" hello
foreign "$SCRATCH/later" hello
foreign "$SCRATCH/path" node
check "help -a tells where commands come from" keep help -a
check_like "the libraries" 'from .*/lib/keep/libkeep-provider\.so$'
check_like "the suite itself" 'from keep itself$'
check_like "the externals" "^  hello +$SCRATCH/path/keep-hello\$"
check_like "those that another one shadows" \
	"^  hello +$SCRATCH/later/keep-hello \(shadowed"
check_like "those that a built-in shadows" \
	"^  node +$SCRATCH/path/keep-node \(shadowed"
check "help of an external tells where it is" keep help hello
check_like "and how to ask it" '^keep hello --help asks it'
check_unlike "and runs nothing" 'here:'
check "help of a built-in is never that of an external" keep help node
check_unlike "of its name" 'external'

check_exit 4 "help of nothing is refused" keep help nonsense
check_like "with its name" "'nonsense' is not a command" "$ERR"
check_like "and a hint" 'keep help -a' "$ERR"

try=$O/t/bin/keep
check "every type is explained" "$try" try types -h
check_like "a letter and its option" '^  -w, --whole N  +a whole number$'
check_like "a default" '--wait DURATION  +how long \(default: 2s\)$'
check_like "a variable" '--where WHERE .*\(variable: TRY_WHERE\)$'
check_like "members of a nested struct" '^ +--outer-inner-left LEFT$'
check_like "arms of a choice" '^ +--net-host HOST  +its host$'
check_like "an arm without members, which takes no value" \
	'^ +--nothing  +nowhere$'
check "a secret is explained" "$try" try secret -h
check_like "by what may be typed" '^ +--pin-fd N, --pin-file FILE$'
