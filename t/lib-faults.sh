# shellcheck shell=bash
# Deploys that break off at every moment of what keep and nodes say to each
# other, and what must be true afterwards. Sourced behind lib-fleet.sh and
# need_fleet.
#
#	faults_begin c1 c2 c3    nodes behind wires (t/fleet/cutter), an instance
#	                         whose recipe `site` does what its word says
#	say WORD                 a change of all of them
#	cut_sweep TITLE STATE PREPARE NEXT [OPTION...]
#	kill_sweep TITLE SIGNAL PREPARE NEXT [OPTION...]
#
# A sweep tries the moments 1, 2, 3 ... until a deploy ends without having come
# to its moment; a node each. SWEEP_K=K tries every K-th; without it FAULTS_K.
FAULT_NODES=()
declare -A WAS=()    # what each had before
declare -A MOMENT=() # which was tried on a node last

faults_begin() {
	local name at
	FAULT_NODES=("$@")
	fleet_up "$@"
	coproc CUTTER { exec "$TOP/t/fleet/cutter" 2> "$SCRATCH/cutter.log"; }
	fleet_acme "$@"
	mkdir -p services recipes/site
	cat > recipes/site/apply << 'END'
. "$KEEP_DIR/config.sh"
echo "the word is $KEEP_word"
if [ -p /srv/gate ]; then
	exec 3<> /srv/gate
	echo > /srv/begun
	read -r _ <&3
fi
echo "$KEEP_word" >> /srv/words
END
	echo '. "$KEEP_DIR/config.sh"
	case $KEEP_word in bad*) echo "it is bad"; exit 3 ;; esac' \
		> recipes/site/test
	say hello
	for name; do
		read -r -a at < "$FLEET/$name/at"
		cutter wire "$name" "127.200.${at[0]#*.*.}" 2222 "${at[@]}"
		keep -q node set "$name" services=site ssh.port=2222 \
			"ip_address=127.200.${at[0]#*.*.}"
	done
	say hello2
	check "nodes to work on" keep -q deploy all --yes
}

# cutter WORD...: tells it, and reads its answer into $TOLD.
cutter() {
	echo "$*" >&"${CUTTER[1]}"
	read -r -t 30 TOLD <&"${CUTTER[0]}" ||
		{ fail "the wires hold" "$(cat "$SCRATCH/cutter.log")"; exit; }
}

say() {
	WORD=$1
	echo "{\"word\": \"$1\", \"pw\": \"= secret('site')\",
		\"files\": {\"/etc/word\": {\"text\": \"= self.word\"}}}" \
		> services/site.json
	keep -q compile && git add -A && git commit -qm "$1"
}

# gates NODE...: their recipes wait in the middle; at_gates, open_gates: until
# they are there; on they go.
gates() {
	local name
	for name; do
		mkfifo "$FLEET/$name/root/srv/gate" "$FLEET/$name/root/srv/begun"
	done
}
at_gates() {
	local name
	for name; do
		read -r -t 60 <> "$FLEET/$name/root/srv/begun"
	done
}
open_gates() {
	local name
	for name; do
		timeout 60 sh -c "echo > '$FLEET/$name/root/srv/gate'"
		rm "$FLEET/$name"/root/srv/{gate,begun}
	done
}

# root_of NODE: its KEEP_ROOT.
root_of() {
	echo "$FLEET/$1/root/var/lib/keep"
}

# whole NODE: current is a complete generation, whose MANIFEST is its name; what
# is secret in it is hashed behind the salt.
whole() (
	cd "$(root_of "$1")/current/" || exit
	[ "$(sha256sum < MANIFEST)" = "$(basename "$(pwd -P)")  -" ] || exit
	sed -n 's/^0[67][45][45] [0-9]* \([0-9a-f]*\) /\1  /p' MANIFEST |
		sha256sum -c --quiet || exit
	while read -r mode _ hash path; do
		[ "$mode" != 0600 ] || [ "$(cat salt "$path" | sha256sum)" = \
			"$hash  -" ] || exit
	done < MANIFEST
	[ "$(find . ! -type d | wc -l)" = $(($(wc -l < MANIFEST) + 1)) ]
)

# truth NODE: when `applied` says that a generation is, it is: it is current, its
# recipe was the last that ran, its file is there. What works there may change
# it all meanwhile: then it is looked at again.
truth() (
	was=
	cd "$(root_of "$1")" || exit
	until [ "$was" = "$(cat applied)" ]; do
		was=$(cat applied)
		is_true $was
		verdict=$?
	done
	exit $verdict
)

# is_true ID STATUS ...: the same, in its root.
is_true() (
	KEEP_word=
	# shellcheck disable=SC1091 # made by the deploy
	[ "$2" != 0 ] || {
		. ./current/config.sh
		[ "$(readlink current)" = "gen/$1" ] &&
			[ "$(tail -n 1 ../../../srv/words)" = "$KEEP_word" ] &&
			[ "$(cat ../../../etc/word)" = "$KEEP_word" ]
	}
)

# state NODE: what the deploy of $OUT came to there.
state() {
	jq -rs ".[-1].result.nodes[] | select(.node == \"$1\").state" "$OUT"
}

# exit_fits STATUS: the exit status is that of the table in $OUT.
exit_fits() {
	local want
	want=$(jq -rs '.[-1].result.nodes | map(.state) |
		if all(. == "changed" or . == "unchanged") then 0
		elif all(. == "changed" or . == "unchanged" or
			. == "unreachable") then 7
		else 3 end' "$OUT")
	[ "$1" = "$want" ] || bad "exit status $1, not $want: $(tail -n 1 "$OUT")"
}

bad() {
	BAD+=("$*")
}

# after NODE: what is true of it whenever and however a deploy ended.
after() {
	whole "$1" > "$SCRATCH/why" 2>&1 ||
		bad "$1, moment ${MOMENT[$1]}: current is not whole: $(cat "$SCRATCH/why")"
	truth "$1" > "$SCRATCH/why" 2>&1 || bad "$1, moment ${MOMENT[$1]}: applied:" \
		"$(cat "$(root_of "$1")/applied" "$SCRATCH/why")"
}

# runs NODE: how often what it has was begun, as its journal tells.
runs() {
	grep -c " $(basename "$(readlink "$(root_of "$1")/current")") .* start\$" \
		"$(root_of "$1")/journal"
}

# mend: a plain deploy, which needs no help, and after which all have what they
# should.
mend() {
	local name status=0
	keep --format=json deploy all --yes > "$OUT" 2> "$ERR" || status=$?
	[ $status = 0 ] || bad "moment $AT: the next deploy exits with $status:" \
		"$(tail -n 1 "$OUT")" "$(cat "$ERR")"
	for name in "${FAULT_NODES[@]}"; do
		after "$name"
		[ "$(tail -n 1 "$FLEET/$name/root/srv/words")" = "$WORD" ] ||
			bad "$name, moment ${MOMENT[$name]}: it has not $WORD"
		[ "$(runs "$name")" = "$(grep -cx "$WORD" \
			"$FLEET/$name/root/srv/words")" ] ||
			bad "$name, moment ${MOMENT[$name]}: a run is not told"
		[ ! -e "$(root_of "$name")/lock" ] ||
			bad "$name, moment ${MOMENT[$name]}: a lock is left"
	done
}

# sweep_moments TITLE PREPARE NEXT COMMAND...: COMMAND tries one after another,
# until it sets left.
sweep_moments() {
	local title=$1 prepare=$2 next=$3 k=${SWEEP_K:-${FAULTS_K-1}}
	local round=0 left=0
	shift 3
	BAD=() AT=0
	while [ $left = 0 ] && [ ${#BAD[@]} -lt 5 ]; do
		$prepare $((++round))
		"$@"
		$next $round
	done
	echo "# ${0##*/}: $title (every $k. of $AT moments, $SECONDS s)" >&2
	if [ ${#BAD[@]} = 0 ]; then
		pass "$title"
	else
		fail "$title" "$(printf '%s\n' "${BAD[@]}")"
	fi
}

# cut_sweep TITLE STATE PREPARE NEXT [OPTION...]: PREPARE is called with a number
# before each deploy, and NEXT after it. A deploy over a wire that breaks once
# comes to STATE as if it had not; or the node is unreachable, and what it was.
cut_sweep() {
	sweep_moments "$1" "$3" "$4" cut_once "$2" "${@:5}"
}
cut_once() {
	local name status=0
	for name in "${FAULT_NODES[@]}"; do
		next_moment "$name"
		cutter cut "$name" $AT
	done
	keep --format=json deploy all --yes "${@:2}" \
		> "$OUT" 2> "$ERR" || status=$?
	judge_cuts $status "$1"
}

# next_moment NODE: sets $AT, MOMENT, and what it has now.
next_moment() {
	MOMENT[$1]=$((AT += k))
	WAS[$1]=$(readlink "$(root_of "$1")/current")
}

# judge_cuts STATUS STATE: of the deploy of $OUT; sets left: whether the last
# break did not come.
judge_cuts() {
	local name state
	exit_fits "$1"
	for name in "${FAULT_NODES[@]}"; do
		cutter told "$name"
		left=${TOLD#* }
		after "$name"
		state=$(state "$name")
		case $state in
		"$2")
			[ "$(grep -cx "$WORD" "$FLEET/$name/root/srv/words")" \
				-le 1 ] || bad "$name, moment" \
				"${MOMENT[$name]}: the recipe ran again"
			;;
		unreachable)
			[ "$(readlink "$(root_of "$name")/current")" = \
				"${WAS[$name]}" ] || bad "$name, moment" \
				"${MOMENT[$name]}: unreachable, yet changed"
			;;
		*) bad "$name, moment ${MOMENT[$name]}: $state" ;;
		esac
	done
}

# kill_sweep TITLE SIGNAL PREPARE NEXT [OPTION...]: keep gets the signal when a
# node came to its moment, and the others to some.
kill_sweep() {
	sweep_moments "$1" "$3" "$4" kill_once "$2" "${@:5}"
}
kill_once() {
	local name node
	: > "$SCRATCH/pid"
	name=${FAULT_NODES[round % ${#FAULT_NODES[@]}]}
	cutter kill "$name" $((AT += k)) "$SCRATCH/pid" "$1"
	{ sh -c 'echo $$ > "$0"; exec keep deploy all --yes "$@"' \
		"$SCRATCH/pid" "${@:2}" > "$OUT" 2> "$ERR"; } 2> /dev/null
	cutter told "$name"
	left=${TOLD#* }
	for node in "${FAULT_NODES[@]}"; do
		MOMENT[$node]="$AT of $name"
		after "$node"
	done
}
