# shellcheck shell=bash
# Fault injection for test scripts: `. "$TOP/t/fault/sweep.sh"` after lib.sh.
# SWEEP_K=K tries every K-th point; without it about 50 points are tried.

# sweep SHIM TITLE PREPARE JUDGE COMMAND...: for every K-th point at which SHIM
# (oom, kill) can strike: calls PREPARE, runs COMMAND struck there, calls JUDGE
# with its exit status ($OUT and $ERR hold what it wrote). One check; it fails
# where JUDGE does.
sweep() {
	local shim=$1 title=$2 prepare=$3 judge=$4 at n k bad=()
	shift 4
	: > "$SCRATCH/points"
	"$prepare"
	if ! sweep_run "KEEP_FAULT_COUNT=$SCRATCH/points" "$@"; then
		fail "$title" "$* fails without a fault: $(cat "$ERR")"
		return
	fi
	read -r n < "$SCRATCH/points" || n=0
	k=${SWEEP_K:-$(((n + 49) / 50))}
	for ((at = 1; at <= n; at += k)); do
		"$prepare"
		sweep_run "KEEP_FAULT_AT=$at" "$@"
		"$judge" $? || bad+=("$at")
	done
	title="$title (every $k. of $n points)"
	echo "# ${0##*/}: $title" >&2
	if [ "$n" = 0 ]; then
		fail "$title" "$* has no point where $shim can strike"
	elif [ ${#bad[@]} != 0 ]; then
		fail "$title" "fails at: ${bad[*]}
KEEP_FAULT_AT=${bad[0]} LD_PRELOAD=$O/t/fault/$shim.so $*"
	else
		pass "$title"
	fi
}

# sweep_run VARIABLE=VALUE COMMAND...: with the shim of sweep; at most a minute
# of processor time. What the shell says of killed processes is dropped.
sweep_run() {
	local variable=$1
	shift
	{
		(
			ulimit -t 60 -c 0
			export "${variable?}" LD_PRELOAD="$O/t/fault/$shim.so"
			exec "$@" > "$OUT" 2> "$ERR"
		)
	} 2> /dev/null
}

# Judges and preparations that many need.
no_crash() {
	[ "$1" -lt 128 ]
}
nothing() {
	:
}
