#!/bin/bash
# Words of the shell become arguments: every type, shape and source.
. "${0%/*}/lib.sh"
PATH=$O/t/bin:$PATH

# types WORD...: what `try types` makes of them, as JSON, in $OUT.
types() {
	keep --format=json try types "$@"
}
# given TITLE MEMBER JSON WORD...: MEMBER of the result is JSON.
given() {
	local title=$1 member=$2 want=$3
	shift 3
	types "$@" > "$OUT" 2> "$ERR"
	check_same "$title" "$want" "$(jq -c ".$member" "$OUT" 2>&1; cat "$ERR")"
}
# refused TITLE REGEX WORD...: status 2, a line of stderr like REGEX.
refused() {
	local title=$1 regex=$2
	shift 2
	check_exit 2 "$title" types "$@"
	check_like "$title: it says why" "$regex" <(jq -r \
		'.error.problems[] | .where + ": " + .message, "hint: " + .hint' \
		"$ERR")
}

given "a word" word '"a"' a
given "the words after it" rest '["b","c"]' a b c
given "a flag" flag true --flag
given "a flag is off when it is not given" flag false
given "a flag by its value" flag false --flag=false
given "a letter" flag true -f
given "letters together, the last with its value" whole 5 -fw5
given "a letter and its value apart" whole 5 -w 5
given "a number" whole 5 --whole 5
given "a value behind =" whole 5 --whole=5
given "an empty text" text '""' --text=
given "a value with a =" text '"a=b"' --text=a=b
given "a value that begins with -" number -4 --number -4
given "a real number" real 1.5 --real 1.5
given "an enum" colour '"light_blue"' --colour light_blue
given "a time" at '"2026-01-02T03:04:05Z"' --at 2026-01-02T03:04:05Z
given "a duration" wait '"500ms"' --wait 500ms
given "a size" room '"64K"' --room 64K
given "a share" share '"30%"' --share 30%
given "a count" share 3 --share 3
given "an address" ip '"2001:db8::1"' --ip 2001:db8:0::1
given "bytes" bytes '"00ff"' --bytes 00ff
given "bytes of a fixed size" nonce '"01020304"' --nonce 01020304
given "a text of a fixed size" code '"ab"' --code ab
given "a path is made absolute" path "\"$PWD/x/y\"" --path x/y
given "an item is JSON" item '{"a":[1,2]}' --item '{"a":[1,2]}'
given "an item that is no JSON is a text" item '"web1"' --item web1
printf '\x00\xff' > blob
given "a blob is the bytes of a file" blob '"00ff"' --blob blob
check_same "or of standard input" '"00ff"' \
	"$(types --blob - < blob | jq -c .blob)"
given "an option that is repeated is a list" texts '["a","b"]' \
	--texts a --texts b
given "a list of numbers" wholes '[3,4]' --wholes 3 --wholes=4
given "a list of structs, each as JSON" pairs '[{"left":"x","right":3}]' \
	--pairs '{"left":"x","right":3}'
given "a map" labels '{"a":"b=c","k":"v"}' -l k=v --labels a=b=c
given "a map of numbers" counts '{"x":3}' --counts x=3
given "a map of items" items '{"z":[1]}' --items 'z=[1]'
given "members of a nested struct are options" outer \
	'{"name":"N","inner":{"left":"L","right":4}}' \
	--outer-name N --outer-inner-left L --outer-inner-right 4
given "an arm of a choice with one member is an option" kind \
	'{"disk":{"device":"/dev/x"}}' --disk /dev/x
given "the members of another are options" kind \
	'{"net":{"host":"h","port":4}}' --net-host h --net-port 4
given "an arm without members is a flag" kind '{"nothing":{}}' --nothing
given "options stand between words" rest '["b"]' a --flag b
given "behind -- all is a word" rest '["--flag","--"]' a -- --flag --
given "- is a word" word '"-"' -
given "defaults are there" small 7
given "a default is replaced" small 9 -s9
export TRY_WHERE=there
given "a variable fills what nobody typed" where '"there"'
given "an option comes before it" where '"here"' --where here
unset TRY_WHERE
export TRY_RIGHT=3
given "a variable gives the struct that its field is in" outer.inner \
	'{"left":"l","right":3}' --outer-name n --outer-inner-left l
refused "with what else it needs" '^--outer-inner-left: is missing' \
	--outer-name n
unset TRY_RIGHT
given "without it there is none" where null

refused "an option that is not there" '^--flga: there is no such' --flga
refused "the nearest is named" '^hint: did you mean --flag\?' --flga
refused "an option is named that has it as a value" \
	'^hint: did you mean --format=json\?' --json
refused "also one of the verb's own" '^hint: did you mean --colour=red\?' --red
refused "no option is abbreviated" '^--colo: there is no such' --colo red
refused "a letter that is not there" 'there is no option -z' -z
refused "which could be a word" \
	'^hint: a word that begins with - stands behind --: -- -zap' -zap
refused "an option that is like none" '^hint: .* -- --unheard-of' --unheard-of
check_exit 2 "where no word fits" keep try hang -z
check_unlike "that is not said" ' -- ' "$ERR"
refused "a value that is missing" '^--whole: wants a value' --whole
refused "no number" "^--whole: 'x' is not a number" --whole x
refused "a number that is too small" "^--whole: '0' is too small" --whole 0
refused "a number that is too large" "^--whole: '1001' is too" --whole 1001
refused "a number with a sign" "^--small: '\+1'" --small +1
refused "a number of more than 32 bits" '^--small:' --small 4294967296
refused "no flag" "^--flag: 'maybe'" --flag=maybe
refused "no colour" "^--colour: 'rde'" --colour rde
refused "the nearest colour is named" '^hint: did you mean red\?' --colour rde
refused "no time" "^--at: 'now' is not a time" --at now
refused "no duration" "^--wait: '5'" --wait 5
refused "no size" "^--room: '4X'" --room 4X
refused "no share" "^--share: '101%'" --share 101%
refused "no address" "^--ip: '10.0.0.256'" --ip 10.0.0.256
refused "a text that is too long" '^--text:' --text 12345678901234567
check_exit 2 "a text that is not UTF-8" types --text $'\xff'
refused "no hex" "^--bytes: 'zz'" --bytes zz
refused "bytes of another length" '^--nonce:.* exactly 4' --nonce 0102
refused "a text of another length" '^--code:.* exactly 2' --code abc
refused "an empty path" "^--path: ''" --path=
refused "a file that is not there" '^--blob:.*No such file' --blob nowhere
head -c 4097 /dev/zero > large
refused "a file that is too large" '^--blob:.*4096' --blob large
refused "one too many of a list" '^--texts: 4 values; at most 3' \
	--texts 1 --texts 2 --texts 3 --texts 4
refused "a scalar that is given twice" '^--whole: is given 2 times' -w1 -w2
refused "it is said that one is right" '^hint: it takes one value' -w1 -w2
refused "of a key that is given twice, too" '^hint: leave one of' -l k=1 -l k=2
refused "a key that is given twice" "^--labels: 'k' is given twice" -l k=1 -l k=2
refused "no KEY=VALUE" "^--labels: 'k' is not KEY=VALUE" -l k
refused "no KEY" "^--labels: '=v' is not KEY=VALUE" -l =v
refused "a struct that is no JSON" '^--pairs: ' --pairs x
refused "a struct without a member that it needs" '^--pairs:.*missing' \
	--pairs '{"right":1}'
refused "a nested member that is missing" '^--outer-name: is missing' \
	--outer-inner-left x
refused "a member of an arm that is missing" '^--net-host: is missing' \
	--net-port 1
refused "two arms" '^--kind: 2 of its alternatives' --nothing --disk x
refused "an arm without members takes no value" '^--nothing: takes no value' \
	--nothing=1
refused "a word too many" '^REST: 6 values; at most 5' w 1 2 3 4 5 6
check_exit 2 "a verb without words takes none" keep try net x
check_like "it says which" '^x: one word too many' "$ERR"
check_exit 2 "a word that is missing" keep try fail
check_like "it is named" '^NUMBER: is missing' "$ERR"

check_exit 2 "all faults are told at once" keep try types --flga -w0 \
	--colour rde -l k --texts=1 --small
check_same "each on its line" '--flga --small --whole --colour --labels' \
	"$(grep -o '^--[a-z]*' "$ERR" | paste -sd' ')"
check_like "and counted" 'try types: 5 problems' "$ERR"
check_like "and where to read on" '^hint: keep try types -h' "$ERR"

echo '{"word":"w","whole":5,"outer":{"name":"n"},"kind":{"nothing":{}}}' > args
check "--args FILE gives all arguments as JSON" types --args args
check_same "nested ones, too" '["w",5,"n",{"nothing":{}}]' \
	"$(jq -c '[.word,.whole,.outer.name,.kind]' "$OUT")"
check_same "--args - is standard input" '"w"' \
	"$(keep --format=json --args - try types < args | jq -c .word)"
refused "nothing stands beside it" '^--small: stands beside --args' \
	--args args --small 3
refused "no word either" '^more: stands beside --args' more --args args
check_exit 2 "a file that is no JSON" keep try types --args blob
check_like "names the place" '^keep: --args blob:1:2: ' "$ERR"
echo '{"whole":"x","bogus":1,"outer":{"nam":1}}' > args
check_exit 2 "faults in it" keep try types --args args
check_same "are told at once, with their paths" \
	'bogus outer.nam outer.name whole' \
	"$(grep -o '^[a-z.]*:' "$ERR" | tr -d : | grep -v keep | sort | paste -sd' ')"
check_exit 2 "a verb without arguments takes no file" \
	keep try net --args args

# What JSON cannot say is a text, out and in.
types --wholes 18446744073709551615 --wholes 9223372036854775807 > args
check_like "a number over 63 bits is a text in JSON" \
	'"wholes":\["18446744073709551615",9223372036854775807\]' args
check "and is read so" types --args args
check_same_files "with nothing lost" args "$OUT"
echo '{"wholes":["5"]}' > args
refused "no other number is a text" 'wants integer, got text' --args args
refused "a time that RFC 3339 cannot write" '^--at: ' \
	--at 9999-12-31T23:59:59-00:01
given "the last that it can" at '"9999-12-31T23:59:59Z"' \
	--at 9999-12-31T23:59:59Z

refused "a letter that nobody has is told as it was typed" \
	"there is no option -é\$" -é
mkdir $'bad\377'
cd $'bad\377' || exit 1
refused "a path is a text, also the part that nobody typed" \
	'bad.xff/more. is not UTF-8$' --path more
cd .. || exit 1

# Words behind --, which a verb may want apart from those before.
check_exit 2 "words behind -- may be apart from those before" \
	keep --format=json run -j 0 web -- df -j 0
check_same "and options there are words" 1 \
	"$(jq '.error.problems | length' "$ERR")"
check_like "as its usage tells" '^usage: keep run .*\[FILTER\.\.\.\] -- CMD\.\.\.' \
	<(keep run -h)
check_exit 2 "without -- none is behind" keep run web df
check_like "which is told" 'CMD' "$ERR"
