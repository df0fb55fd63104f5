#!/bin/bash
. "${0%/*}/lib.sh"
n=0

# completes TITLE WANT WORD...: what the last word could become, sorted.
completes() {
	local title=$1 want=$2
	shift 2
	"${completer-keep}" x-complete -- "$@" > "$OUT" 2> "$ERR"
	check_same "$title" "$want" "$(cut -f1 "$OUT" | sort | tr '\n' ' ')"
}

completes "the first word is a command" "deploy describe doctor " d
completes "plumbing is never offered" "" x-
completes "a command is followed by its verbs" "add " node a
completes "options are offered" "--directory --domain " init --d
completes "an option's value is known by its names" "cbor json text " --format ''
completes "also behind =" "--format=json " --format=j
completes "and behind the verb" "json " init --format j
completes "a file is left to the shell" ":files " init --platform ''
completes "a topic of help is a command" "deploy describe doctor " help d
completes "behind -- nothing is an option" "" help -- --
completes "words of an external are left to the shell" ":files " hello ''
completes "nothing follows what is whole" "" version ''
keep x-complete -- ver > "$OUT"
check_like "what a word means stands beside it" "^version	show the version"

keep init --no-commit here > "$OUT" 2>&1
for node in web1 web2 mail1; do
	keep -C here node add "$node" "ip_address=10.0.0.$((++n))" > "$OUT" 2>&1
done
completes "a node is completed by the names that live" "web1 web2 " \
	-C here node rm w
completes "from the instance around, too" "mail1 " -C here/nodes inspect m
completes "a filter also by services and tags" "mail mail1 " \
	-C here node list mai
completes "outside of an instance there are no nodes" "" node rm ""

completer=$O/t/bin/keep
completes "members of a nested struct are options" \
	"--outer-inner-left --outer-inner-right --outer-name " try types --o
completes "an arm's value is completed as its member" ":files " \
	try types --disk ''
completes "behind an option without a value stands a word" "" \
	try types --nothing ''
completes "a secret is never offered as a value" "--pin-fd --pin-file " \
	try secret --pin

# Libraries that cannot be read are not missed by the first word.
mkdir -p lone/bin lone/lib/keep
cp "$O/bin/keep" lone/bin/
cp -d "$O"/lib/keep/libkeep.so* lone/lib/keep/
check_same "the first word needs no library" "node	nodes of the provider" \
	"$(lone/bin/keep x-complete -- nod)"

# becomes SHELL LINE WANT: a tab behind LINE makes it WANT.
becomes() {
	local got
	got=$("$TOP/t/type-keys" "$1" "setup.$1" "$2" 2>&1)
	check_same "$1: '$2' and a tab is '$3'" "$3" "${got% }"
}

printf '. %s\n' "$TOP/contrib/completion/keep.bash" > setup.bash
printf '%s\n' "fpath=($TOP/contrib/completion \$fpath)" \
	'autoload -U compinit' 'compinit -u -D' > setup.zsh
mkdir platforms
for shell in bash zsh; do
	type "$shell" > "$OUT" 2>&1 ||
		skip_all "there is no $shell"
	becomes "$shell" "keep ver" "keep version"
	becomes "$shell" "keep --format=js" "keep --format=json"
	becomes "$shell" "keep init --plat" "keep init --platform"
	becomes "$shell" "keep help des" "keep help describe"
	becomes "$shell" "keep -C here node rm mai" "keep -C here node rm mail1"
done
becomes bash "keep init --platform pla" "keep init --platform platforms/"
becomes zsh "keep init --platform pla" "keep init --platform platforms"

# A terminal would obey these names, and offers none of them.
printf '{}' > $'here/nodes/web\xc2\x9b31m.json'
printf '{}' > $'here/nodes/web\xe2\x80\xae.json'
check_same "what may not be shown is not offered" "web1 web2 " \
	"$(keep -C here x-complete -- node rm w | cut -f1 | tr '\n' ' ')"
rm here/nodes/web[!0-9]*

in_fish() {
	fish --no-config -c "source $TOP/contrib/completion/keep.fish
		complete -C '$1'" 2>&1
}
type fish > "$OUT" 2>&1 || skip_all "there is no fish"
check_same "fish: a command with its meaning" "node	nodes of the provider" \
	"$(in_fish 'keep nod')"
check_same "fish: the nodes that live" "web1 web2 " \
	"$(in_fish 'keep -C here node rm w' | cut -f1 | tr '\n' ' ')"
check_same "fish: a value behind =" "--format=json" \
	"$(in_fish 'keep --format=j' | cut -f1)"
check_same "fish: a directory" "platforms/" \
	"$(in_fish 'keep init --platform pla' | cut -f1)"
