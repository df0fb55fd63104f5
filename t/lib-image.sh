# shellcheck shell=bash
# A place to try real daemons in: the tests' image (t/image) over this machine's
# root, with nothing of the host changed. Sourced behind lib.sh.

# need_image: makes the image when it is missing. Only root can. A script that
# wants other packages sets IMAGE_LIST before.
need_image() {
	[ "$(id -u)" = 0 ] || skip_all "an image of daemons needs root"
	IMAGE=$("$TOP/t/image" ${IMAGE_LIST:+"$IMAGE_LIST"}) || { fail "the tests' image can be made"; exit; }
}

# in_image COMMAND...: runs it with the image as its root, in mount, PID and
# network namespaces of its own (lo is up); all that it starts ends with it.
# $SCRATCH is there, too; what is written elsewhere is gone afterwards.
in_image() {
	local space=$SCRATCH/image
	mkdir -p "$space"
	# shellcheck disable=SC2016 # for the inner shell
	IMAGE=$IMAGE SPACE=$space SCRATCH=$SCRATCH unshare -m -p -n -f --kill-child \
		--propagation unchanged sh -euc '
		mount --make-rprivate / 2> /dev/null || :
		mount -t tmpfs -o mode=755 tmpfs "$SPACE"
		cd "$SPACE"
		mkdir work root
		cp -a "$IMAGE" up # no layer may lie within another
		mount -t overlay overlay -o "lowerdir=/,upperdir=up" \
			-o workdir=work root
		mount -t proc proc root/proc
		mount --rbind /dev root/dev
		mount -t tmpfs -o mode=755 tmpfs root/run
		mkdir -p root/run/sshd root/run/nsd "root$SCRATCH"
		mount --bind "$SCRATCH" "root$SCRATCH"
		chroot root ip link set lo up
		exec chroot root /usr/bin/env -C "$SCRATCH/work" "$@"' sh "$@"
}
