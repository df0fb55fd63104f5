/* A directory of what may be lost at any time does not grow for ever. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/file.h>

struct aged {
	const char *name;
	struct timespec at;
	uint64_t size;
};

static int by_age(const void *a, const void *b)
{
	const struct aged *x = a, *y = b;

	if (x->at.tv_sec != y->at.tv_sec)
		return x->at.tv_sec < y->at.tv_sec ? -1 : 1;
	return (x->at.tv_nsec > y->at.tv_nsec) -
	       (x->at.tv_nsec < y->at.tv_nsec);
}

static size_t look(int dir, const struct keep_names *names, struct aged *v,
		   uint64_t *bytes)
{
	struct stat st;
	size_t i, n = 0;

	for (i = 0; i < names->n; i++) {
		if (names->v[i].type != DT_REG ||
		    fstatat(dir, names->v[i].name.p, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		v[n++] = (struct aged){names->v[i].name.p, st.st_mtim,
				       (uint64_t)st.st_size};
		*bytes += (uint64_t)st.st_size;
	}
	return n;
}

void keep_dir_trim(int fd, const char *path, size_t n, uint64_t bytes)
{
	KEEP_AUTO(keep_mem) mem = {0};
	KEEP_AUTO(keep_fd) dir = {0};
	struct keep_names names;
	struct aged *v;
	uint64_t sum = 0;
	size_t i, have;

	if (keep_open(fd, path, O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS, &dir,
		      NULL) ||
	    keep_dir_list(&mem, keep_fd_get(&dir), ".", &names, NULL))
		return;
	v = KEEP_NEWS(&mem, names.n + 1, struct aged);
	if (!v)
		return;
	have = look(keep_fd_get(&dir), &names, v, &sum);
	if (have <= n && sum <= bytes)
		return;
	qsort(v, have, sizeof *v, by_age);
	for (i = 0; i < have && (have - i > n - n / 4 ||
				 sum > bytes - bytes / 4); i++) {
		sum -= v[i].size;
		keep_ignore(unlinkat(keep_fd_get(&dir), v[i].name, 0),
			    "the next time, then");
	}
}
