/* Files as they are, in read-only data. */
#include "scripts.h"

#define FILE_AS(name, path) \
	__asm__(".pushsection .rodata\n" \
		#name "_begin: .incbin \"" path "\"\n" \
		#name "_end: .popsection\n"); \
	extern const char name##_begin[], name##_end[]

FILE_AS(keep_node_sh, "cmd/deploy/generation/node.sh");
FILE_AS(keep_run_pl, "cmd/deploy/generation/run.pl");
FILE_AS(keep_take_pl, "cmd/deploy/generation/take.pl");
FILE_AS(keep_files_pl, "cmd/deploy/generation/files.pl");
FILE_AS(keep_rest_pl, "cmd/deploy/generation/rest.pl");
FILE_AS(keep_room_pl, "cmd/deploy/generation/room.pl");
FILE_AS(keep_services_sh, "cmd/deploy/generation/services.sh");

static struct keep_slice between(const char *begin, const char *end)
{
	return (struct keep_slice){begin, (size_t)(end - begin)};
}

struct keep_slice keep_node_script(void)
{
	return between(keep_node_sh_begin, keep_node_sh_end);
}

void keep_runner(struct keep_parts *p)
{
	const struct {
		const char *path, *begin, *end;
	} parts[] = {
		{"run", keep_run_pl_begin, keep_run_pl_end},
		{"run.files", keep_files_pl_begin, keep_files_pl_end},
		{"run.rest", keep_rest_pl_begin, keep_rest_pl_end},
		{"run.room", keep_room_pl_begin, keep_room_pl_end},
		{"run.services", keep_services_sh_begin, keep_services_sh_end},
		{"run.take", keep_take_pl_begin, keep_take_pl_end},
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(parts); i++)
		keep_parts_share(p, keep_slice(parts[i].path),
				 between(parts[i].begin, parts[i].end));
}

bool keep_is_runner(struct keep_slice path)
{
	return keep_slice_is(path, "run") || keep_slice_starts(path, "run.");
}
