/* The table of checks, and how they tell. */
#include <keep/text.h>
#include "doctor.h"

enum { TELL_MAX = 16 << 10 }; /* bytes of a fault, of a command */

const struct keep_check keep_provider_checks[KEEP_N_PROVIDER_CHECKS] = {
	{"read-only", "the instance can be written", keep_doctor_read_only_row},
	{"room", "there is room to write the instance", keep_doctor_room_row},
	{"keepfile", "the Keepfile can be read", keep_doctor_keepfile_row},
	{"platform", "the platform is where the Keepfile says", keep_doctor_platform_row},
	{"json", "the files of the instance are JSON", keep_doctor_json_row},
	{"links", "no file is a link that leads out of the instance", keep_doctor_links_row},
	{"node-names", "files of nodes are named as nodes may be", keep_doctor_node_names_row},
	{"addresses", "no two nodes have one address", keep_doctor_addresses_row},
	{"environments", "files are of environments that there are", keep_doctor_environments_row},
	{"gone-facts", "facts are of nodes that there are", keep_doctor_gone_facts_row},
	{"gone-files", "files/nodes/ is of nodes that there are", keep_doctor_gone_files_row},
	{"gone-picks", "nodes that were picked are there", keep_doctor_gone_picks_row},
	{"writable", "only who should may write to the instance", keep_doctor_writable_row},
	{"owners", "the instance is one user's", keep_doctor_owners_row},
	{"dates", "no file is of a time to come", keep_doctor_dates_row},
	{"leftovers", "nothing is left of what was killed", keep_doctor_leftovers_row},
	{"secrets-json", "unsealed secrets can be read", keep_doctor_secrets_json_row},
	{"secrets-mode", "only their owner reads unsealed secrets", keep_doctor_secrets_mode_row},
	{"keys-mode", "only their owner reads private keys", keep_doctor_keys_mode_row},
	{"compiles", "what the instance says can be compiled", keep_doctor_compiles_row},
	{"strays", "below compiled/ is what compile made, and no more", keep_doctor_strays_row},
	{"compiled", "what was compiled is what the instance says", keep_doctor_compiled_row},
	{"repository", "the instance is kept by git", keep_doctor_repository_row},
	{"nested", "no other repository is in the instance", keep_doctor_nested_row},
	{"kept", "git has what others need", keep_doctor_kept_row},
	{"secrets-tracked", "git does not have unsealed secrets", keep_doctor_secrets_tracked_row},
	{"keys-tracked", "git does not have private keys", keep_doctor_keys_tracked_row},
	{"secrets-ignored", "git ignores unsealed secrets", keep_doctor_secrets_ignored_row},
	{"cache-tracked", "git does not have the cache", keep_doctor_cache_tracked_row},
	{"cache-ignored", "git ignores the cache", keep_doctor_cache_ignored_row},
	{"leftovers-ignored", "git ignores what a kill leaves", keep_doctor_leftovers_ignored_row},
};

struct keep_slice keep_doctor_word(const struct keep_doctor *d,
				   const char *path)
{
	struct keep_slice whole = keep_mem_print(d->m, "%.*s%s%s",
		KEEP_F(d->c->instance_path), *path ? "/" : "", path);

	return whole.p ? keep_shell_word(d->m, whole) : whole;
}

static int tell(const struct keep_doctor *d, struct keep_finding f)
{
	f.fault = keep_text_safe(d->m, f.fault, TELL_MAX);
	if (d->hint.p)
		f.hint = keep_text_safe(d->m, d->hint, TELL_MAX);
	/* a name that is no text makes a command that does nothing */
	if (f.mend.p)
		f.mend = keep_text_safe(d->m, f.mend, TELL_MAX);
	return d->found(d->to, &f);
}

int keep_doctor_warn(const struct keep_doctor *d, struct keep_slice fault,
		     struct keep_err *e)
{
	return fault.p ? tell(d, (struct keep_finding){.fault = fault})
		       : keep_no_memory(e);
}

int keep_doctor_tell(const struct keep_doctor *d, struct keep_slice fault,
		     struct keep_err *e, const char *mend, ...)
{
	struct keep_slice command;
	va_list ap;

	va_start(ap, mend);
	command = keep_mem_vprint(d->m, mend, ap);
	va_end(ap);
	if (!fault.p || !command.p)
		return keep_no_memory(e);
	return tell(d, (struct keep_finding){.fault = fault, .mend = command});
}

int keep_doctor_edit(const struct keep_doctor *d, const char *path,
		     uint32_t line, struct keep_slice fault,
		     struct keep_err *e)
{
	struct keep_slice word = keep_doctor_word(d, path);
	char at[16] = "";

	if (!word.p)
		return keep_no_memory(e);
	if (line)
		snprintf(at, sizeof at, "+%u ", line);
	return keep_doctor_tell(d, fault, e, "${EDITOR:-vi} %s%.*s", at,
				KEEP_F(word));
}
