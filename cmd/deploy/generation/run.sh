#!/bin/sh
# The runner of a generation, which carries it as `run`: makes the node what
# the generation says, and the old one again when that fails. Source: DEPLOY 2,
# 3. It stands in the root: applied, current, journal, lock, gen/ and
#	installed	the files that we put, each with its on_change
#	pending		commands of on_change that are still to be run
#	leaving		services to be removed, and which generation can
#	original/	what stood where files of ours stand now
#	work/		lists of the apply under way; what it leaves for the next:
#	  seen	ID, and how stat saw the files when they were as gen/ID has them
#	  look	shell words: the files that stat is asked for
#
#	sh gen/ID/run VERB WANT CURRENT DEPLOY WHO COMMIT FLAGS
#
# VERB: need, work, apply, check, test, follow, previous, find, result, start.
# FLAGS, by commas: break (end a runner that has the lock), magic=S (go
# back unless confirm/DEPLOY is removed within S seconds), timeout=S (of each
# script), drop=ID (remove that generation). What the journal holds, a line:
# time, id, the id before it, COMMIT, DEPLOY, WHO, and start, ok, fail:STATUS,
# back:STATUS or, where what was there before failed, too, broken:STATUS.
verb=$1 want=$2 cur=$3 deploy=$4 who=$5 commit=$6 flags=$7
log='' ticker='' rubbish='' step=''
root=$PWD
tab='	' nl='
'
umask 022

flag() {
	case ,$flags, in
	*,$1,*) ;;
	*) false ;;
	esac
}

# value NAME DEFAULT: sets value to that of a flag.
value() {
	value=$2
	case ,$flags, in
	*,"$1="?*) value=,$flags, value=${value##*,"$1="} value=${value%%,*} ;;
	esac
}

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
# start_of PID: sets start to when it began, in ticks; to nothing when it is
# gone, or nobody but init may still ask how it ended.
start_of() {
	start=
	read -r line 2> /dev/null < "/proc/$1/stat" || return 0
	# shellcheck disable=SC2086 # one word a field
	set -- ${line##*) }
	case ${1-} in
	'' | [ZX]) ;;
	*) start=${20} ;;
	esac
}

# held: sets holder to the deploy whose runner lives.
held() {
	[ -f lock ] && read -r holder _ _ was pid begun < lock &&
		[ "$was" = "$boot" ] && [ -n "$begun" ] && start_of "$pid" &&
		[ "$start" = "$begun" ]
}

# is_applied: another deploy has just done it.
is_applied() {
	[ "$cur" = "$want" ] && read -r id rc _ < applied &&
		[ "$id $rc" = "$want 0" ]
}

# The log is there before others are led to it. A lock that holds nothing, as
# of somebody killed while it was written, is nobody's.
take() (
	flock 9
	if held; then
		[ "$holder" != "$deploy" ] || exit 9
		exit 4
	fi
	is_current "$cur" || exit 3
	! is_applied || exit 8
	true > "gen/$want.log" && printf '%s\n' "$me" > lock && exit
	rm -f lock
	exit 7
) 9> lock.take

# end_holder: with what it started, and all of its session where it has one. Two
# at work would undo each other.
end_holder() {
	held && [ "$holder" != "$deploy" ] || return 0
	for signal in TERM TERM TERM TERM TERM KILL; do
		# shellcheck disable=SC2046 # one word a process
		set -- $(cat /proc/[0-9]*/stat 2> /dev/null | awk -v top="$pid" '
			{ id = $1; sub(/.*\) /, "") }
			$1 != "Z" { parent[id] = $2; session[id] = $4 }
			END {
				for (id in parent) {
					up = id
					while (up in parent && up != top &&
					    session[up] != top)
						up = parent[up]
					if (up in parent)
						print id
				}
			}')
		[ $# != 0 ] || return 0
		kill -$signal "$@" 2> /dev/null
		sleep 1
	done
}

# Nobody takes it from who lives. What is to go goes before it.
release() {
	read -r line < lock
	# shellcheck disable=SC2086 # one word each
	[ "$line" != "$me" ] || rm -rf $rubbish lock
}

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

# clock: sets now, in a process only the first time.
clock() {
	read -r up _ < /proc/uptime
	up=${up%.*}
	now=$((${epoch:=$(($(date +%s) - up))} + up))
}

# applied ID STATUS: over what is there, which is as long: no disk is too full
# for it, and none has half of it.
applied() {
	printf '%-120s\n' "$1 $2 $deploy $now" 1<> applied
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

# find: the id that begins with WANT, or why there is none.
find() {
	cd gen && set -- "$want"*[0-9a-f] || return
	if [ ! -d "$1" ]; then
		echo "$want is not there any more"
	elif [ $# = 1 ]; then
		echo "$1"
	else
		echo "$want begins each of $*"
	fi
}

switch() {
	[ ! -h current.new ] || rm current.new
	ln -s "gen/$1" current.new && durable && mv -fT current.new current
}

# --- applying a generation ---------------------------------------------------
limited() {
	value timeout 600
	timeout -k 10 "$value" "$@"
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
		FACTER_keep_root=$KEEP_ROOT limited puppet apply --color=false --no-report \
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
	step="$1: $2"
	printf '%s\n' "$step"
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
	sort -u "$@" > work/packages || return
	# shellcheck disable=SC2046,SC2016 # one word a package; not ours
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
		$(cat work/packages) 2> /dev/null |
		sed -n 's/^installed //p' > work/there
	missing=$(without work/there work/packages)
	[ -n "$missing" ] || return 0
	step=packages
	# shellcheck disable=SC2086
	apt install $missing || { apt update && apt install $missing; }
}

# Where systemd is not PID 1 the platform may know how they are started.
units() {
	set -- "$gen"/recipes/*/units
	[ -f "$1" ] || return 0
	units=$(sort -u "$@") step=units
	# shellcheck disable=SC2086
	if command -v keep-unit > /dev/null; then
		keep-unit start $units
	elif [ -d /run/systemd/system ]; then
		systemctl daemon-reload && systemctl enable --now $units
	fi
}

# look: what stat says of the files that work/look names. Where that stays the
# same the file has.
look() (
	set --
	# shellcheck disable=SC1091 # survey makes it
	[ ! -f work/look ] || . ./work/look
	[ $# = 0 ] ||
		stat -c '%i %s %z /%n' -- "$@" 2> /dev/null
	:
)

# survey: what is ours, and what that changes, in files of work/:
#	ours	path and change, of each file of ours
#	paths, new	their paths; those of which nobody knew yet
#	gone	path and change, of what is installed and not ours
#	union	what may be installed meanwhile; empty when that is the same
#	stale	rows of files.list that the node certainly has not
#	doubt	those that it may have or not
#	sums	hash and path of these, for sha256sum -c; secret: where a hash
#		tells less, the path
survey() {
	[ -f installed ] || : > installed
	[ -f work/seen ] || : > work/seen
	read -r as < work/seen || as=
	set -- /dev/null
	[ ! -f "gen/$as/MANIFEST" ] ||
		set -- "gen/$as/MANIFEST" "gen/$as/files.list"
	look > work/now
	for name in look ours paths new gone union stale doubt sums secret; do
		: > "work/$name"
	done
	awk -F '\t' -v quote="'" '
	function quoted(s,   n, i, piece, out) {
		n = split(s, piece, quote)
		out = piece[1]
		for (i = 2; i <= n; i++)
			out = out quote "\\" quote quote piece[i]
		return quote out quote " \\"
	}
	# of a file in a manifest: sets path and hash
	function placed() {
		if (!match($0, /^0[0-9]* [0-9]* [0-9a-f]* files\//))
			return 0
		path = substr($0, RLENGTH)
		split($0, word, " ")
		hash = word[3]
		closed[path] = word[1] == "0600"
		return 1
	}
	at == "installed" { old[++n] = $0; was[$0] = known[$1] = 1; next }
	at == "seen" { seen[$0] = 1; next }
	at == "now" {
		if ($0 in seen)
			same[substr($0, index($0, " /") + 2)] = 1
		next
	}
	at == "had" {
		if (FILENAME ~ /files\.list$/)
			row[$4] = $1 " " $2 " " $3
		else if (placed())
			had[path] = hash
		next
	}
	at == "manifest" { if (placed()) has[path] = hash; next }
	FNR == 1 { print "set -- \\" > "work/look" }
	{
		change = $0
		sub(/^[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t/, "", change)
		is[$4 "\t" change] = 1
		print $4 "\t" change > "work/ours"
		print $4 > "work/paths"
		print quoted($4) > "work/look"
		if (!($4 in known))
			print $4 > "work/new"
		if (!(($4 "\t" change) in was))
			more[++m] = $4 "\t" change
		differs = had[$4] != has[$4]
		if (!same[$4] || !had[$4] || differs && closed[$4]) {
			print > "work/doubt"
			if (closed[$4])
				print $4 > "work/secret"
			else
				print has[$4] "  " $4 > "work/sums"
		} else if (differs || row[$4] != $1 " " $2 " " $3)
			print > "work/stale"
	}
	END {
		for (i = 1; i <= n; i++) {
			if (!(old[i] in is))
				print old[i] > "work/gone"
			if (m)
				print old[i] > "work/union"
		}
		for (i = 1; i <= m; i++)
			print more[i] > "work/union"
	}' at=installed installed at=seen work/seen at=now work/now at=had "$@" \
		at=manifest "$gen/MANIFEST" at=list "$gen/files.list"
}

# decide: sets rows to the file of what is stale, those in doubt that are not as
# they are to be among them; in their order, which is that of their commands.
decide() {
	rows=work/stale
	[ -s work/doubt ] || return 0
	rows=work/rows
	while IFS= read -r path; do
		! limited cmp -s "$gen/files$path" "$path" ||
			printf '%s: OK\n' "$path"
	done < work/secret > work/checked
	limited sha256sum -c work/sums >> work/checked 2> /dev/null
	cut -f4 work/doubt | tr '\n' '\0' |
		xargs -0 stat -c '%a %U %G %n' -- > work/modes 2> /dev/null
	awk -F '\t' '
	at == "checked" {
		if (sub(/: OK$/, ""))
			same[$0] = 1
		next
	}
	at == "modes" { is[$0] = 1; next }
	at == "stale" { stale[$0] = 1; next }
	at == "doubt" {
		if (!($4 in same) || !(($1 " " $2 " " $3 " " $4) in is))
			stale[$0] = 1
		next
	}
	$0 in stale
	' at=checked work/checked at=modes work/modes at=stale work/stale \
		at=doubt work/doubt at=list "$gen/files.list" > "$rows"
}

# remember: what is there is what the generation says; and was looked at before
# it went to the disks, while which somebody may change it.
remember() {
	[ "$as" = "${gen#gen/}" ] && [ ! -s work/stale ] && [ ! -s work/doubt ] ||
		seen=$(look)
	settle || return
	[ -z "$seen" ] || printf '%s\n' "${gen#gen/}" "$seen" > work/seen
}

# later COMMAND: it is run once, also when this run is killed.
later() {
	[ -z "$1" ] || grep -qxF -e "$1" pending 2> /dev/null || {
		printf '%s\n' "$1" >> pending && durable
	}
}

# enter DIR [MKDIR]: goes there, as root through no link in a directory where
# others may make one: at any time, so each step is looked at behind it.
enter() {
	top=/ rest=${1#/}
	[ -O / ] || top=$1/ rest=
	[ -d "$top" ] || ${2-false} -p "$top" && cd -P "$top" || return
	while [ -n "$rest" ]; do
		exec 8< .
		name=./${rest%%/*}
		case $rest in
		*/*) rest=${rest#*/} ;;
		*) rest= ;;
		esac
		[ -d "$name" ] || ${2-false} "$name" && cd -P "$name" || return
		# shellcheck disable=SC3013 # dash, bash and busybox have it
		[ .. -ef /proc/self/fd/8 ] && continue
		case $(stat -Lc %u%a /proc/self/fd/8) in
		0*[0145][0145]) ;;
		*)
			printf '%s: %s is a link others may have made\n' "$1" "$name"
			return 1
			;;
		esac
	done
}

# stage: where files are made that go to the directory we are in by rename: sets
# at, and to, the way back. On another disk that is a directory in it. It may be
# another user's, who can put a link in place of ours at any time: that the
# parent of where we get is where we were shows that it was none.
stage() {
	at=$root/work/put to=.
	[ -d "$at" ] || mkdir "$at" || return
	disk=$(stat -c '%d %m' . "$at")
	[ "${disk#*"$nl"}" != "${disk%"$nl"*}" ] || return 0
	at=. to=..
	[ ! -e .keep-new ] && [ ! -h .keep-new ] || rm -rf .keep-new
	exec 8< .
	mkdir -m 700 .keep-new && cd -P .keep-new || return
	# shellcheck disable=SC3013,SC3067 # dash, bash and busybox have it
	[ -O . ] && [ .. -ef /proc/self/fd/8 ] && exec 8<&- &&
		[ "$(stat -c %a .)" = 700 ]
}

# put MODE OWNER GROUP DIR NAME...: whole, by rename; never open to others
# before.
put() (
	mode=$1 owner=$2 group=$3 dir=$4/ from=$root/$gen/files$4
	shift 4
	enter "${dir%/}" mkdir && stage || exit
	for name; do
		printf 'file %s%s\n' "$dir" "$name"
		[ ! -d "$to/$name" ] || [ -h "$to/$name" ] ||
			rmdir "$to/$name" || exit
		set -- "$@" "$from/$name"
		shift
	done
	umask 077
	install -m "$mode" -o "$owner" -g "$group" -- "$@" "$at" && {
		for name; do
			set -- "$@" "$at/${name##*/}"
			shift
		done
		mv -f -- "$@" "$to"
	}
	status=$?
	[ "$to" = . ] || { cd .. && rm -rf .keep-new; }
	exit $status
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
			step="files in ${path%/*}/"
			like="$mode $owner $group ${path%/*}"
			set -- "$mode" "$owner" "$group" "${path%/*}"
			disks=$disks$nl${path%/*}/
		fi
		set -- "$@" "${path##*/}"
	done < "$rows"
	[ $# = 0 ] || put "$@"
}

# save_originals: what packages and people put where a file becomes ours.
save_originals() {
	while IFS= read -r path; do
		[ -f "$path" ] && [ ! -e "original$path" ] || continue
		mkdir -p "original${path%/*}" && (
			enter "${path%/*}" &&
				cp -a "./${path##*/}" "$root/original$path.new"
		) && mv -fT "original$path.new" "original$path" || return
	done < work/new
}

# remove PATH: what stood there comes back, where no directory of ours is to be.
# Through no link, as put does it.
remove() (
	old=$root/original$1
	[ -f "$old" ] || old=
	[ -d "${1%/*}/" ] || [ -n "$old" ] || exit 0
	enter "${1%/*}" mkdir && name=./${1##*/} &&
		rm -f "$name" "$name.keep-new" || exit
	[ -n "$old" ] || exit 0
	while IFS= read -r path; do
		case $path in "$1"/*) exit 0 ;; esac
	done < "$root/work/paths"
	cp -anT "$old" "$name.keep-new" && mv -fT "$name.keep-new" "$name"
)

remove_gone() {
	while IFS=$tab read -r path change; do
		! grep -qxF -e "$path" work/paths || continue
		printf 'file %s goes\n' "$path"
		disks=$disks$nl${path%/*}/ step="file $path"
		later "$change" && remove "$path" || return
	done < work/gone
}

forget_originals() {
	while IFS=$tab read -r path change; do
		grep -qxF -e "$path" work/paths || rm -f "original$path"
	done < work/gone
}

# A command of a generation that is gone may fail.
run_pending() {
	[ -f pending ] || return 0
	while IFS= read -r command; do
		printf '%s\n' "$command"
		step="on_change $command"
		limited sh -c "$command" < /dev/null && continue
		status=$?
		! cut -f5 "$gen/files.list" | grep -qxF -e "$command" ||
			return $status
	done < pending
	rm pending
}

# settle: what was put and removed is on its disks, which may be many.
settle() (
	[ -n "$disks" ] || exit 0
	set -f
	IFS=$nl
	# shellcheck disable=SC2086 # one word a directory
	sync -f -- $disks || sync
)

# Files go first: one may stand where a directory is to be, or be a new one by
# another name, through a link in its path.
files() {
	disks='' seen='' step=files
	survey && save_originals || return
	[ ! -s work/union ] || mv -f work/union installed || return
	remove_gone && decide && install_stale && remember &&
		run_pending || return
	[ -s work/gone ] || return 0
	mv -f work/ours installed && forget_originals
}

apply() {
	gen=gen/$1
	[ -d work ] || mkdir work && leave && packages && files && units &&
		each apply && each test && return
	status=$?
	printf 'failed: %s\n' "$step"
	return $status
}

# --- the work, in a session of its own ---------------------------------------
# Whoever reaches the node over a fresh connection removes the file.
confirmed() {
	value magic 0
	left=$value
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

# may_go ID: it is neither in use nor still needed.
may_go() {
	case $1 in "$want" | "$cur") return 1 ;; esac
	[ ! -f leaving ] || ! grep -q " $1\$" leaving
}

# throw ID: it goes at the end.
throw() {
	rubbish="$rubbish gen/$1 gen/$1.log" left=$((left - 1))
}

# collect: five generations stay, and none that is to be dropped.
collect() {
	set -- gen/[0-9a-f]*[0-9a-f]
	left=$#
	value drop ''
	[ -z "$value" ] || [ ! -d "gen/$value" ] || ! may_go "$value" ||
		throw "$value"
	while [ $left -gt 5 ]; do
		oldest=
		for id; do
			id=${id#gen/}
			case $rubbish in *" gen/$id "*) continue ;; esac
			may_go "$id" || continue
			# shellcheck disable=SC3013 # dash, bash and busybox have it
			[ -n "$oldest" ] && [ ! "gen/$id" -ot "gen/$oldest" ] ||
				oldest=$id
		done
		[ -n "$oldest" ] && throw "$oldest" || break
	done
	for id in gen/.[!.]*.*; do
		start_of "${id##*.}"
		[ -n "$start" ] || [ ! -e "$id" ] || rubbish="$rubbish $id"
	done
}

# leaving A B: the services of A that B has not are to be removed.
leaving() {
	[ "$1" != none ] && [ -s "gen/$1/recipes/list" ] || return 0
	without "gen/$2/recipes/list" \
		"gen/$1/recipes/list" | sed "s/\$/ $1/" >> leaving
}

stay() {
	clock
	applied "$want" "$1"
	note "$want" "$cur" "$commit" "fail:$1"
	durable
	exit 5
}

# go_back STATUS: to what was there before, if that can be. What fails stays
# written down until a deploy does not, which therefore applies again.
go_back() {
	[ "$1 $cur" != "75 none" ] || script base remove "gen/$want"
	case $cur in none | "$want") stay "$1" ;; esac
	printf 'going back to %s\n' "$cur"
	set -- "$1" "$(told "$cur")" back
	leaving "$want" "$cur"
	applied "$cur" - && switch "$cur" || stay "$1"
	sh "gen/$cur/run" apply "$cur" "$want" "$deploy" "$who" - "$flags,back" ||
		set -- "$1" "$2" broken
	clock
	applied "$cur" "$1"
	note "$cur" "$want" "${2%% *}" "$3:$1"
	durable
	exit 6
}

work() {
	clock
	read -r pid _ < /proc/self/stat
	start_of "$pid"
	me="$deploy $who $now $boot $pid $start"
	! flag break || end_holder
	take || {
		status=$?
		case $status in 3 | 4 | 8 | 9) exit $status ;; esac
		exit 7
	}
	exec > "gen/$want.log" 2>&1
	trap release EXIT
	trap 'exit 143' HUP INT TERM
	leaving "$cur" "$want" || exit 7
	if flag previous; then
		commit=$(told "$want") commit=${commit%% *}
	fi
	# shellcheck disable=SC3013 # dash, bash and busybox have it
	[ "gen/$want" -nt "gen/$cur" ] || touch -c "gen/$want"
	note "$want" "$cur" "$commit" start && applied "$want" - &&
		switch "$want" || exit 7
	(apply "$want") && confirmed || go_back $?
	clock
	applied "$want" 0 && note "$want" "$cur" "$commit" ok || exit 7
	durable
	collect
}

# --- what the client sees ----------------------------------------------------
# show: what is new in the log.
show() {
	[ -n "$log" ] || {
		log=gen/$want.log
		[ -e "$log" ] || log=/dev/null
		exec 3< "$log"
	}
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		IFS= read -r line <&3 || [ -n "$line" ] || break
		printf 'K1| %s\n' "$line"
	done
	[ "$n" != 20 ] || sed 's/^/K1| /' <&3
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

# waits: there may be something to wait for, or to be ended.
waits() {
	[ -s "gen/$want/recipes/list" ] || [ -s "gen/$cur/recipes/list" ] ||
		[ -f pending ] || [ -f leaving ] || flag 'magic=[1-9]*' ||
		grep -qs "$tab.*$tab.*$tab.*$tab." "gen/$want/files.list" \
			"gen/$cur/files.list"
}

begin() {
	if waits; then
		setsid sh "gen/$want/run" work "$want" "$cur" "$deploy" "$who" \
			"$commit" "$flags" &
		runner=$!
		while sleep 1 && kill -USR1 $$; do :; done &
		ticker=$!
	else
		work &
		runner=$!
	fi
}

start() {
	trap : USR1
	begin < /dev/null > /dev/null 2>&1
	while wait $runner; status=$?; [ $status -gt 128 ] &&
		kill -0 $runner 2> /dev/null; do
		! held || [ "$holder" != "$deploy" ] || show
	done
	[ -z "$ticker" ] || kill $ticker
	ticker=
	case $status in
	3) need "$(current)" ;;
	4)
		line=$(cat lock 2> /dev/null)
		[ -n "$line" ] || { start && return; }
		marker locked "$line" && exit 4
		;;
	7) marker space && exit 7 ;;
	8) marker same "$want" && return ;;
	9) follow ;;
	esac
	show
	[ $status != 0 ] || { marker ok "$want" && return; }
	result
}

case $verb in
need) need "$want" ;;
work) work ;;
apply) apply "$want" ;;
check | test)
	gen=gen/$want
	every "$verb"
	;;
follow | previous | find | result | start) $verb ;;
esac
