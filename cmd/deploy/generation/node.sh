#!/bin/sh
# What `keep deploy` runs on a node, in one exec: it takes a generation and
# starts its runner. Source: DEPLOY 2. These lines are left out when it is
# sent, and no single quote may stand in it: it is one argument of `sh -c`, or of
# a runner that is there already (`direct` in run.pl), which mostly can spare it.
#
#	sh -c SCRIPT keep WANT BASE DEPLOY WHO COMMIT FLAGS [PACK]
#
# WANT and BASE are ids (BASE: what the client takes the node to have, or none;
# ask: nothing is sent, or written), DEPLOY names this deploy, WHO is user@host,
# COMMIT the instance's; they hold no blanks. FLAGS, by commas:
#	previous	go back to WANT, or (none) to what was there before
#	find,previous	go back to that which begins with WANT
#	any		go on whatever the node has
#	wait		say `K1 send` before stdin is read
#	size=N		of stdin, so many bytes are what BASE lacks
#	stay		behind `need` say `K1 send`; stdin is then a line of further
#			flags, and what ID lacks
#	result		how did DEPLOY end? if it never began: deploy
#	await		and if it never began: need none
#	confirm		end the wait of a deploy with magic=
#	break repair magic=S timeout=S drop=ID	see run.pl
# stdin, or PACK in base64, is a gzip'd tar of what BASE lacks, MANIFEST first:
# whole, or what `diff -n` tells is other than in BASE's, where BASE has a runner
# that takes it. With PACK, also `-` for nothing, stdin is not read. stdout, of
# which only lines that begin with K1 count, ends with one of
#	same ID | ok ID | need ID COMMIT WHO TIME (a manifest follows) | space
#	locked HOLDER | veto TEXT | fail STATUS kept|back|TEXT
# and before it may stand: need | send | running | confirm | lines `K1| OUTPUT`.
want=$1 base=$2 deploy=$3 who=$4 commit=$5 flags=$6 pack=${7-} size=""
case $flags in *size=*) size=${flags#*size=} size=${size%%,*} ;; esac
umask 077
unset PERL5OPT PERL5LIB PERL_UNICODE PERLIO
export LC_ALL=C "PATH=$PATH:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

# The newline ends what a shell's profile may have printed.
answer() {
	rc=$1
	shift
	printf "\nK1 %s\n" "$*"
	exit "$rc"
}
broken() {
	case $1 in
	*"No space"* | *quota* | *"Wrote only"*) answer 7 space ;;
	esac
	answer 7 fail 1 "$(printf %s "$1" | tr "\n" " ")"
}
flag() {
	case ,$flags, in
	*,$1,*) ;;
	*) false ;;
	esac
}
# What came is whole when its runner is: which looks at the rest.
receive() (
	mkdir "$new" && cd "$new" || exit
	if [ -n "$pack" ]; then
		printf %s "$pack" | base64 -d | tar -xzof -
	elif [ -n "$size" ]; then
		head -c "$size" | tar -xzof -
	else
		tar -xzof -
	fi && {
		echo "$want  MANIFEST"
		sed -n "s/^0644 [0-9]* \([0-9a-f]*\) run\$/\1  run/p" MANIFEST
	} | sha256sum -c > /dev/null && [ -f run ]
)

[ ! -f /etc/keep/no-deploy ] ||
	answer 8 veto "$(head -c 400 /etc/keep/no-deploy | tr "\n" " ")"
root=${KEEP_ROOT:-/var/lib/keep}
[ "$base" != ask ] || [ -d "$root/gen" ] || answer 3 need none
[ -d "$root/gen" ] || why=$(mkdir -p "$root/gen" 2>&1) || broken "$why"
cd "$root" || broken "$root"
id="" rc="" held="" boot="" pid="" told="" cur=none
[ ! -f applied ] || read -r id rc rest < applied
[ ! -f lock ] || read -r held rest rest boot pid rest < lock
if flag previous && [ ${#want} != 64 ]; then
	[ ! -f current/run ] || cur=$(readlink current)
	want=$(perl "$cur/run" "${flags%%,*}" "$want" "${cur#gen/}" "$deploy" 2> /dev/null)
	case $want in
	"" | *[!0-9a-f]*) answer 5 fail 1 "${want:-it has nothing to go back to}" ;;
	esac
	shift
	set -- "$want" "$@"
fi
to=gen/$want run=$to/run
if flag confirm; then
	read -r now < /proc/sys/kernel/random/boot_id
	[ "$held $boot" = "$deploy $now" ] && [ -d "/proc/${pid:-none}" ] &&
		rm "confirm/$deploy" 2> /dev/null && answer 0 ok "$want"
	answer 5 fail 1 "too late"
fi
if [ "$held" = "$deploy" ]; then
	told=follow
elif flag result && grep -q " $deploy " journal 2> /dev/null; then
	told=result
fi
if [ "$told" ] && [ -f "$run" ]; then
	perl "$run" "$told" "$@"
	end=$?
	[ $end = 9 ] || exit $end
fi
! flag await || answer 3 need none
# No process was started so far where nothing is to be done.
# shellcheck disable=SC3013 # dash, bash and busybox have it
[ "$id $rc" != "$want 0" ] || [ ! current -ef "$to" ] || flag repair ||
	answer 0 same "$want"
cur=$id
# shellcheck disable=SC3013
if [ ! -f current/run ]; then
	cur=none
elif [ -z "$id" ] || [ ! current -ef "gen/$id" ]; then
	cur=$(readlink current) cur=${cur#gen/}
fi
for tool in perl tar gzip base64 sha256sum setsid timeout; do
	command -v $tool > /dev/null || answer 7 fail 127 "no $tool"
done
if [ "$base" != "$cur" ] && ! flag any && ! flag previous; then
	if [ -n "$size" ]; then
		head -c "$size" > /dev/null
		flags=${flags%%size=*}${flags#*size="$size"}
	fi
	base=$cur pack="" size=""
	if [ "$cur" = none ]; then
		printf "\nK1 need none\n"
	else
		perl "gen/$cur/run" need "$cur"
	fi
	flag stay || exit 3
	printf "\nK1 send\n"
	read -r more || exit 3
	flags=$flags,$more
fi
# The runner that is there does the rest, unless somebody wrote to it. Where
# none is, that which comes does.
set -- "$want" "$cur" "$deploy" "$who" "$commit" "$flags" "$base" "$pack"
for run in "gen/$base/run" "$run"; do
	# shellcheck disable=SC3013 # dash, bash and busybox have it
	[ ! -s "$run.take" ] || [ "$run" -nt "${run%run}MANIFEST" ] ||
		exec perl "$run" take "$@"
done
! flag previous || answer 5 fail 1 "$want is not there any more"
[ "$base" = none ] || answer 3 need none
new=gen/.new.$$
# shellcheck disable=SC2064 # no single quotes here
trap "rm -rf $new" 0
trap "exit 1" 1 2 15 PIPE
[ ! -e "$new" ] || rm -rf "$new"
! flag wait || printf "\nK1 send\n"
why=$(receive 2>&1) || broken "it came damaged${why:+: $why}"
exec perl "$new/run" take "$@"
