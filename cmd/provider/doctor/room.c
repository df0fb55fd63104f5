/* What the file system below an instance lets one do. */
#include <inttypes.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "doctor.h"

enum { LEAST_BYTES = 1 << 20, LEAST_FILES = 16 };

static int look(const struct keep_doctor *d, struct statvfs *fs,
		struct keep_err *e)
{
	return fstatvfs(d->dir, fs) == 0 ? 0 : keep_fail_errno(e, "%.*s",
				KEEP_F(d->c->instance_path));
}

static int read_only(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_doctor hinted = *d;
	struct statvfs fs;
	int rc = look(d, &fs, e);

	if (rc || !(fs.f_flag & ST_RDONLY))
		return rc;
	if (!top.p)
		return keep_no_memory(e);
	hinted.hint = KEEP_S("after an error of the disk the kernel makes it "
			     "so: `dmesg` tells");
	return keep_doctor_tell(&hinted, KEEP_S("the file system of the "
				"instance is read-only"), e, "%smount -o "
				"remount,rw \"$(findmnt -no TARGET -T %.*s)\"",
				geteuid() ? "sudo " : "", KEEP_F(top));
}

/* Only a person knows what may go: DU shows what there is. */
static int tell_full(const struct keep_doctor *d, struct keep_slice fault,
		     const char *du, struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_doctor hinted = *d;

	hinted.hint = keep_mem_print(d->m, "`du -xa%s \"$(findmnt -no TARGET "
				     "-T %.*s)\" | sort -n | tail` shows what "
				     "takes most", du, KEEP_F(top));
	if (!top.p || !hinted.hint.p)
		return keep_no_memory(e);
	return keep_doctor_warn(&hinted, fault, e);
}

static int room(const struct keep_doctor *d, struct keep_err *e)
{
	bool root = geteuid() == 0; /* what is kept back is for root */
	struct statvfs fs;
	int rc = look(d, &fs, e);
	uint64_t blocks, files;

	if (rc || fs.f_flag & ST_RDONLY)
		return rc;
	blocks = root ? fs.f_bfree : fs.f_bavail;
	files = root ? fs.f_ffree : fs.f_favail;
	if (blocks < LEAST_BYTES / fs.f_frsize)
		rc = tell_full(d, keep_mem_print(d->m, "the disk is full: %ju "
			       "KiB are left for the instance",
			       (uintmax_t)(blocks * fs.f_frsize >> 10)), "k",
			       e);
	/* some count no files */
	if (!rc && fs.f_files && files < LEAST_FILES)
		rc = tell_full(d, keep_mem_print(d->m, "the disk takes %ju "
			       "more files only", (uintmax_t)files),
			       " --inodes", e);
	return rc;
}

KEEP_CHECK(read_only)
KEEP_CHECK(room)
