#!/bin/sh
# The runner of a generation, which carries it as `run`: makes the node what
# the generation says, and the old one again when that fails. Source: DEPLOY 2,
# 3. It stands in the root: applied, current, journal, lock, gen/ and
#	installed	the files that we put, each with its on_change
#	pending		commands of on_change that are still to be run
#	leaving		services to be removed, and which generation can
#	original/	what stood where files of ours stand now
#
#	sh gen/ID/run VERB WANT CURRENT DEPLOY WHO COMMIT FLAGS
#
# VERB: need, work, apply, check, test, follow, previous, result, start.
# FLAGS, by commas: break (end a runner that has the lock), magic=S (go
# back unless confirm/DEPLOY is removed within S seconds), timeout=S (of each
# script), drop=ID (remove that generation). What the journal holds, a line:
# time, id, the id before it, COMMIT, DEPLOY, WHO, and start, ok, fail:STATUS,
# back:STATUS or, where what was there before failed, too, broken:STATUS.
verb=$1 want=$2 cur=$3 deploy=$4 who=$5 commit=$6 flags=$7
root=$(pwd)
tab=$(printf '\t')
umask 022

flag() {
	case ,$flags, in
	*,$1,*) ;;
	*) false ;;
	esac
}

# value NAME DEFAULT: of a flag.
value() (
	found=$2 left=$flags,
	while [ -n "$left" ]; do
		case $left in "$1="?*) found=${left%%,*} found=${found#*=} ;; esac
		left=${left#*,}
	done
	printf '%s\n' "$found"
)

# without A B: the lines of B that A has not. Where A is empty, not all greps
# find that it matches nothing.
without() {
	if [ -s "$1" ]; then grep -vxF -f "$1" "$2"; else cat "$2"; fi
}

marker() {
	printf '\nK1 %s\n' "$*"
}

# --- the lock: its holder is a process of this boot, or it is stale ---------
read -r boot < /proc/sys/kernel/random/boot_id
# start_of PID: when it began, in ticks; nothing when it is gone, or nobody
# but init may still ask how it ended.
start_of() {
	read -r line 2> /dev/null < "/proc/$1/stat" || return 0
	# shellcheck disable=SC2086 # one word a field
	set -- ${line##*) }
	case ${1-} in
	'' | [ZX]) ;;
	*) printf '%s\n' "${20}" ;;
	esac
}

# held: sets holder to the deploy whose runner lives.
held() {
	[ -f lock ] && read -r holder _ _ was pid start < lock &&
		[ "$was" = "$boot" ] && [ -n "$start" ] &&
		[ "$(start_of "$pid")" = "$start" ]
}

# The log is there before others are led to it.
take() (
	flock 9
	if held; then
		[ "$holder" != "$deploy" ] || exit 9
		exit 4
	fi
	is_current "$cur" || exit 3
	mv -f "$log" "gen/$want.log" &&
		printf '%s\n' "$me" > lock.new && mv -f lock.new lock || exit 7
) 9> lock.take

# end_holder: a runner and its scripts are a session. Two at work would undo
# each other.
end_holder() {
	held && [ "$holder" != "$deploy" ] || return 0
	for signal in TERM TERM TERM TERM TERM KILL; do
		# shellcheck disable=SC2046 # one word a process
		set -- $(sed -n "s/^\([0-9]*\) (.*) [^Z] [0-9]* [0-9]* $pid .*/\1/p" \
			/proc/[0-9]*/stat 2> /dev/null)
		[ $# != 0 ] && kill -$signal "$@" 2> /dev/null || return 0
		sleep 1
	done
}

release() (
	flock 9
	read -r line < lock
	[ "$line" != "$me" ] || rm lock
) 9> lock.take

# --- what is written down ----------------------------------------------------
# All is durable before current is switched, and before the end. What a power
# cut may leave of `applied` in between is no "ID 0", and applied again.
durable() {
	sync -f . 2> /dev/null || sync
}

# current: none, too, where it leads to no generation.
current() {
	set -- "$([ -f current/run ] && readlink current || echo none)"
	printf '%s\n' "${1#gen/}"
}

# is_current ID
is_current() {
	if [ "$1" = none ]; then
		[ ! -f current/run ]
	else
		# shellcheck disable=SC3013 # dash, bash and busybox have it
		[ current -ef "gen/$1" ]
	fi
}

# applied ID STATUS
applied() {
	printf '%s %s %s %s\n' "$1" "$2" "$deploy" "$now" \
		> applied.new && mv -f applied.new applied
}

# note TO FROM COMMIT RESULT
note() {
	printf '%s %s %s %s %s %s %s\n' "$now" "$1" "$2" "$3" \
		"$deploy" "$who" "$4" >> journal
}

# told ID: commit, who and time of the last line that names it.
told() {
	sed -n "s/^\([0-9]*\) $1 [^ ]* \([^ ]*\) [^ ]* \([^ ]*\) .*/\2 \3 \1/p" \
		journal 2> /dev/null | tail -n 1
}

# previous: what DEPLOY went back to already, or what was there before CURRENT.
previous() {
	want=$(sed -n "s/^[0-9]* \([0-9a-f]*\) .* $deploy .*/\1/p" journal |
		head -n 1)
	[ -n "$want" ] || want=$(
		sed -n "s/^[0-9]* $cur \([0-9a-f]*\) .* ok\$/\1/p" journal |
			grep -vxF "$cur" | tail -n 1
	)
	printf '%s\n' "$want"
}

switch() {
	[ ! -h current.new ] || rm current.new
	ln -s "gen/$1" current.new && durable && mv -fT current.new current
}

# --- applying a generation ---------------------------------------------------
limited() {
	timeout -k 10 "$(value timeout 600)" "$@"
}

# puppet_apply ARGUMENT...: `apply` as a manifest; its data are the node's
# configuration, where %{ begins no variable. Secrets are files for it:
# file("${facts['keep_dir']}/secret/PROPERTY").
puppet_apply() {
	data=$root/gen/.puppet.$$
	trap 'rm -rf "$data"' EXIT
	mkdir -p "$data" || return
	sed "s/%{/%{literal('%')}{/g" "$KEEP_DIR/config.json" \
		> "$data/config.json" || return
	cat > "$data/hiera.yaml" <<-end
		version: 5
		hierarchy:
		- name: node
		  data_hash: json_data
		  datadir: "$data"
		  path: config.json
	end
	FACTER_keep_node=$KEEP_NODE FACTER_keep_dir=$KEEP_DIR \
		FACTER_keep_root=$KEEP_ROOT timeout -k 10 \
		"$(value timeout 600)" puppet apply --color=false --no-report \
		--detailed-exitcodes --hiera_config="$data/hiera.yaml" \
		"$@" ./apply
}

# by_puppet apply|check: 2 of puppet is that something changed; of what only
# would, its lines tell.
by_puppet() {
	if [ "$1" = check ]; then
		told=$(puppet_apply --noop)
		status=$?
		printf '%s\n' "$told"
		case $told in *'(noop)'*) [ $status != 0 ] || status=2 ;; esac
	else
		puppet_apply
		status=$?
		[ $status != 2 ] || status=0
	fi
	return $status
}

# script SERVICE NAME GENERATION: runs it, if there is one.
script() {
	case $2 in
	apply | check)
		engine=
		[ ! -f "$3/recipes/$1/engine" ] ||
			read -r engine < "$3/recipes/$1/engine"
		;;
	*) engine= ;;
	esac
	[ -n "$engine" ] || [ -f "$3/recipes/$1/$2" ] || return 0
	printf '%s: %s\n' "$1" "$2"
	(
		# shellcheck disable=SC1090,SC2154 # made by the deploy
		KEEP_NODE=$(. "./$3/config.sh" && printf '%s' "$KEEP_name")
		KEEP_DIR=$root/$3 KEEP_ROOT=$root KEEP_BACK=$(! flag back || echo yes)
		export KEEP_NODE KEEP_DIR KEEP_ROOT KEEP_BACK
		cd "$3/recipes/$1" || exit
		if [ -n "$engine" ]; then
			by_puppet "$2"
		else
			limited sh "./$2"
		fi
	)
}

# each NAME: that script of all services, in their order.
each() {
	while read -r service; do
		script "$service" "$1" "$gen" < /dev/null || return
	done < "$gen/recipes/list"
}

# every NAME: the same, whatever the others say; 2 only if no other failed.
every() {
	worst=0
	while read -r service; do
		script "$service" "$1" "$gen" < /dev/null && continue
		status=$?
		[ $status = 2 ] && [ $worst != 0 ] || worst=$status
	done < "$gen/recipes/list"
	return $worst
}

# Who goes back does so whatever fails on the way.
leave() {
	[ -f leaving ] || return 0
	while read -r service from; do
		grep -qxF -e "$service" "$gen/recipes/list" ||
			script "$service" remove "gen/$from" < /dev/null ||
			flag back || return
	done < leaving
	rm leaving
}

# apt COMMAND...: asks nothing, and leaves files of ours as they are.
apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300 \
		-o Dpkg::Options::=--force-confold --no-install-recommends \
		"$@" < /dev/null
}

# A node's lists may be older than what the servers still have.
packages() {
	set -- "$gen"/recipes/*/packages
	[ -f "$1" ] || return 0
	sort -u "$@" > "$work/packages" || return
	# shellcheck disable=SC2046,SC2016 # one word a package; not ours
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
		$(cat "$work/packages") 2> /dev/null |
		sed -n 's/^installed //p' > "$work/there"
	missing=$(without "$work/there" "$work/packages")
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086
	apt install $missing || { apt update && apt install $missing; }
}

# Where systemd is not PID 1 the platform may know how they are started.
units() {
	set -- "$gen"/recipes/*/units
	[ -f "$1" ] || return 0
	units=$(sort -u "$@")
	# shellcheck disable=SC2086
	if command -v keep-unit > /dev/null; then
		keep-unit start $units
	elif [ -d /run/systemd/system ]; then
		systemctl daemon-reload && systemctl enable --now $units
	fi
}

# survey: what is ours, and what that changes, in files of $work:
#	ours	path and change, of each file of ours
#	paths, new	their paths; those of which nobody knew yet
#	sums	hash and path, for sha256sum -c; secret: where a hash tells less
#	gone	path and change, of what is installed and not ours
#	union	what may be installed meanwhile; none when that is the same
survey() {
	[ -f installed ] || : > installed
	for name in ours paths new sums secret gone; do
		: > "$work/$name"
	done
	awk -F '\t' '
	BEGIN { to = ARGV[1]; ARGV[1] = ""; files = 0 }
	FNR == 1 { files++ }
	FILENAME == "installed" {
		old[++n] = $0
		was[$0] = known[$1] = 1
		next
	}
	FILENAME ~ /files\.list$/ {
		change = $0
		sub(/^[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t/, "", change)
		line = $4 "\t" change
		is[line] = 1
		print line > (to "/ours")
		print $4 > (to "/paths")
		if (!($4 in known))
			print $4 > (to "/new")
		if (!(line in was))
			more[++m] = line
		next
	}
	match($0, /^0[0-9]* [0-9]* [0-9a-f]* files\//) {
		path = substr($0, RLENGTH)
		split($0, word, " ")
		if (word[1] == "0600")
			print path > (to "/secret")
		else
			print word[3] "  " path > (to "/sums")
	}
	END {
		for (i = 1; i <= n; i++) {
			if (!(old[i] in is))
				print old[i] > (to "/gone")
			if (m)
				print old[i] > (to "/union")
		}
		for (i = 1; i <= m; i++)
			print more[i] > (to "/union")
	}' "${work#"$root/"}" installed "$gen/files.list" "$gen/MANIFEST"
}

# stale: what is not on the node as files.list has it: its rows, by directory.
stale() {
	while IFS= read -r path; do
		! limited cmp -s "$gen/files$path" "$path" ||
			printf '%s: OK\n' "$path"
	done < "$work/secret" > "$work/checked"
	limited sha256sum -c "$work/sums" >> "$work/checked" 2> /dev/null
	tr '\n' '\0' < "$work/paths" | xargs -0 stat -c '%a %U %G %n' -- \
		> "$work/modes" 2> /dev/null
	awk -F '\t' '
	FILENAME ~ /checked$/ {
		if (sub(/: OK$/, ""))
			same[$0] = 1
		next
	}
	FILENAME ~ /modes$/ { is[$0] = 1; next }
	!($4 in same) || !(($1 " " $2 " " $3 " " $4) in is)
	' "$work/checked" "$work/modes" "$gen/files.list"
}

# later COMMAND: it is run once, also when this run is killed.
later() {
	[ -z "$1" ] || grep -qxF -e "$1" pending 2> /dev/null || {
		printf '%s\n' "$1" >> pending && durable
	}
}

# put MODE OWNER GROUP DIR NAME...: whole, by rename; never open to others
# before. In a directory of another user a name may become a link of his at any
# time: so the new files are made in one that is only ours, and go up from
# there. That its parent is where we were shows that it is no link.
put() (
	mode=$1 owner=$2 group=$3 dir=$4/ from=$root/$gen/files$4
	shift 4
	[ -d "$dir" ] || mkdir -p "$dir" && cd -P "$dir" || exit
	[ ! -e .keep-new ] && [ ! -h .keep-new ] || rm -rf .keep-new
	here=$(stat -c %d:%i .)
	mkdir -m 700 .keep-new && cd -P .keep-new || exit
	# shellcheck disable=SC3067 # dash, bash and busybox have it
	[ -O . ] && [ "$(stat -c %a . && stat -c %d:%i ..)" = "700
$here" ] || exit
	for name; do
		printf 'file %s%s\n' "$dir" "$name"
		[ ! -d "../$name" ] || [ -h "../$name" ] || rmdir "../$name" || exit
		set -- "$@" "$from/$name"
		shift
	done
	umask 077
	cp -- "$@" . || { status=$? && cd .. && rm -rf .keep-new && exit $status; }
	for name; do
		set -- "$@" "./${name##*/}"
		shift
	done
	chown "$owner:$group" "$@" && chmod "$mode" "$@" && mv -f "$@" .. ||
		{ status=$? && cd .. && rm -rf .keep-new && exit $status; }
	cd .. && rmdir .keep-new
)

# install_stale: those at once that go to one directory, and are alike.
install_stale() {
	like=
	set --
	while IFS=$tab read -r mode owner group path change; do
		later "$change" || return
		if [ "$like" != "$mode $owner $group ${path%/*}" ] ||
			[ $# -gt 500 ]; then
			[ $# = 0 ] || put "$@" || return
			like="$mode $owner $group ${path%/*}"
			set -- "$mode" "$owner" "$group" "${path%/*}"
			printf '%s/\n' "${path%/*}" >> "$work/settle"
		fi
		set -- "$@" "${path##*/}"
	done < "$work/stale"
	[ $# = 0 ] || put "$@"
}

# save_originals: what packages and people put where a file becomes ours.
save_originals() {
	while IFS= read -r path; do
		[ -f "$path" ] && [ ! -e "original$path" ] || continue
		mkdir -p "original${path%/*}" &&
			cp -a "$path" "original$path.new" &&
			mv -fT "original$path.new" "original$path" || return
	done < "$work/new"
}

# Not where a directory of ours is to be. As put does it, through no link.
restore_original() {
	[ -f "original$1" ] && ! grep -qF -e "$1/" "$work/paths" || return 0
	cp -anT "original$1" "$1.keep-new" && mv -fT "$1.keep-new" "$1"
}

remove_gone() {
	while IFS=$tab read -r path change; do
		! grep -qxF -e "$path" "$work/paths" || continue
		printf 'file %s goes\n' "$path"
		printf '%s/\n' "${path%/*}" >> "$work/settle"
		later "$change" && rm -f "$path" "$path.keep-new" &&
			restore_original "$path" || return
	done < "$work/gone"
}

forget_originals() {
	while IFS=$tab read -r path change; do
		grep -qxF -e "$path" "$work/paths" || rm -f "original$path"
	done < "$work/gone"
}

# A command of a generation that is gone may fail.
run_pending() {
	[ -f pending ] || return 0
	while IFS= read -r command; do
		printf '%s\n' "$command"
		limited sh -c "$command" < /dev/null && continue
		status=$?
		! cut -f5 "$gen/files.list" | grep -qxF -e "$command" ||
			return $status
	done < pending
	rm pending
}

# settle: what was put and removed is on its disks, which may be many.
settle() {
	[ -f "$work/settle" ] || return 0
	sort -u "$work/settle" | tr '\n' '\0' | xargs -0 sync -f -- || sync
}

# Files go first: one may stand where a directory is to be, or be a new one by
# another name, through a link in its path.
files() {
	survey && save_originals || return
	[ ! -f "$work/union" ] || mv -f "$work/union" installed || return
	remove_gone || return
	if [ -s "$work/paths" ]; then stale; fi > "$work/stale" &&
		install_stale && settle && run_pending || return
	[ -s "$work/gone" ] || return 0
	mv -f "$work/ours" installed && forget_originals
}

apply() {
	gen=gen/$1 work=$root/gen/.work.$$
	trap 'rm -rf "$work"' EXIT
	[ ! -e "$work" ] || rm -rf "$work"
	mkdir "$work" && leave && packages && files && units && each apply &&
		each test
}

# --- the work, in a session of its own ---------------------------------------
# Whoever reaches the node over a fresh connection removes the file.
confirmed() {
	left=$(value magic 0)
	[ "$left" -gt 0 ] || return 0
	mkdir -p confirm && touch "confirm/$deploy" || return
	while [ -f "confirm/$deploy" ]; do
		[ "$left" -gt 0 ] || break
		sleep 1
		left=$((left - 1))
	done
	rm "confirm/$deploy" 2> /dev/null || return 0 # at the last moment
	printf 'nobody confirmed\n'
	return 75
}

collect() {
	n=0
	set -- gen/[0-9a-f]*[0-9a-f]
	[ $# -gt 5 ] || [ -n "$(value drop '')" ] || set --
	# shellcheck disable=SC2010 # ids hold no blanks
	[ $# = 0 ] || for id in $(ls -t gen | grep -x '[0-9a-f]\{64\}'); do
		n=$((n + 1))
		! grep -q " $id\$" leaving 2> /dev/null || continue
		case $id in "$want" | "$cur") continue ;; esac
		[ $n -gt 5 ] || value drop '' | grep -qxF "$id" || continue
		rm -rf "gen/$id" "gen/$id.log"
	done
	for id in gen/.[!.]*.*; do
		[ -n "$(start_of "${id##*.}")" ] || rm -rf "$id"
	done
}

# leaving A B: the services of A that B has not are to be removed.
leaving() {
	[ "$1" != none ] && [ -s "gen/$1/recipes/list" ] || return 0
	without "gen/$2/recipes/list" \
		"gen/$1/recipes/list" | sed "s/\$/ $1/" >> leaving
}

stay() {
	now=$(date +%s)
	applied "$want" "$1"
	note "$want" "$cur" "$commit" "fail:$1"
	durable
	exit 5
}

# go_back STATUS: to what was there before, if that can be.
go_back() {
	[ "$1 $cur" != "75 none" ] || script base remove "gen/$want"
	case $cur in none | "$want") stay "$1" ;; esac
	printf 'going back to %s\n' "$cur"
	set -- "$1" "$(told "$cur")" back
	leaving "$want" "$cur"
	applied "$cur" - && switch "$cur" || stay "$1"
	sh "gen/$cur/run" apply "$cur" "$want" "$deploy" "$who" - "$flags,back"
	status=$?
	[ $status = 0 ] || set -- "$1" "$2" broken
	now=$(date +%s)
	applied "$cur" $status
	note "$cur" "$want" "${2%% *}" "$3:$1"
	durable
	exit 6
}

work() {
	now=$(date +%s)
	me="$deploy $who $now $boot $$ $(start_of $$)"
	! flag break || end_holder
	take || exit
	trap release EXIT
	trap 'exit 143' HUP INT TERM
	leaving "$cur" "$want"
	if flag previous; then
		commit=$(told "$want") commit=${commit%% *}
	fi
	note "$want" "$cur" "$commit" start && applied "$want" - &&
		touch "gen/$want" && switch "$want" || exit 7
	(apply "$want") && confirmed || go_back $?
	now=$(date +%s)
	applied "$want" 0 && note "$want" "$cur" "$commit" ok || exit 7
	durable
	collect
}

# --- what the client sees ----------------------------------------------------
show() {
	sed 's/^/K1| /' <&3
	[ -z "$asked" ] && [ -f "confirm/$deploy" ] || return 0
	asked=yes
	marker confirm
}

# result: how DEPLOY ended, as the journal tells.
result() {
	line=$(grep " $deploy " journal | tail -n 1)
	id=${line#* } end=${line##* }
	id=${id%% *}
	case $end in
	ok) marker ok "$id" ;;
	back:*) marker fail "${end#back:}" back && exit 6 ;;
	broken:*)
		marker fail "${end#broken:}" \
			"it was taken back, but what was there before fails, too"
		exit 6
		;;
	fail:*) marker fail "${end#fail:}" kept && exit 5 ;;
	start) marker fail 137 kept && exit 5 ;;
	*) marker fail 137 "the runner was killed before it began" && exit 7 ;;
	esac
}

# Another's runner: only its log can be followed.
follow() {
	marker running
	touch "gen/$want.log" && exec 3< "gen/$want.log"
	while held && [ "$holder" = "$deploy" ]; do
		show
		sleep 1
	done
	show
	result
}

# need ID: what the node has.
need() {
	marker need "$1" "$(told "$1")"
	[ "$1" = none ] || cat "gen/$1/MANIFEST"
	exit 3
}

start() {
	log=gen/.log.$$
	why=$( (: > "$log") 2>&1) || { marker fail 1 "$why" && exit 7; }
	setsid sh "gen/$want/run" work "$want" "$cur" "$deploy" "$who" \
		"$commit" "$flags" "$log" < /dev/null > "$log" 2>&1 &
	runner=$!
	exec 3< "$log"
	trap : USR1
	while sleep 1 && kill -USR1 $$; do :; done > /dev/null 2>&1 3<&- &
	ticker=$!
	while wait $runner; status=$?; [ $status -gt 128 ] &&
		kill -0 $runner 2> /dev/null; do
		show
	done
	kill $ticker
	[ $status = 9 ] || show
	rm -f "$log"
	case $status in
	0) marker ok "$want" && return ;;
	3) need "$(current)" ;;
	4) marker locked "$(cat lock)" && exit 4 ;;
	7) marker space && exit 7 ;;
	9) follow ;;
	esac
	result
}

case $verb in
need) need "$want" ;;
work)
	log=$8
	work
	;;
apply) apply "$want" ;;
check | test)
	gen=gen/$want
	every "$verb"
	;;
follow | previous | result | start) $verb ;;
esac
