#!/bin/sh
# The part of a generation's runner that services need, which it carries as
# `services`: their packages, units and scripts. Source: DEPLOY 3.
#
#	sh gen/ID/run.services VERB ID TIMEOUT BACK SERVICE
#
# in the root that the head of run.pl tells of. VERB: before (what is to leave
# leaves, packages), after (units, apply and test of each), check, test, remove
# (that SERVICE). Each script has TIMEOUT seconds; BACK is yes on the way back.
verb=$1 gen=gen/$2 timeout=$3 back=$4 service=$5
root=$PWD step=''
umask 022

# without A B: the lines of B that A has not. Where A is empty, not all greps
# find that it matches nothing.
without() {
	if [ -s "$1" ]; then grep -vxF -f "$1" "$2"; else cat "$2"; fi
}

limited() {
	timeout -k 10 "$timeout" "$@"
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
		KEEP_DIR=$root/$3 KEEP_ROOT=$root KEEP_BACK=$back
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
			script "$service" remove "gen/$from" < /dev/null || {
			status=$?
			[ -n "$back" ] || return $status
		}
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

all() {
	case $verb in
	before) leave && packages ;;
	after) units && each apply && each test ;;
	esac
}

case $verb in
before | after)
	all && exit
	status=$?
	printf 'failed: %s\n' "$step"
	exit $status
	;;
check | test) every "$verb" ;;
remove) script "$service" remove "$gen" ;;
esac
