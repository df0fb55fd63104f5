/* Help, manual and completion from the tables of a small suite. */
#include <string.h>
#include "suite_small.h"
#include "tap.h"

static bool has(const struct keep_buf *b, const char *text)
{
	size_t len = strlen(text);

	return !b->failed && memmem(b->p, b->len, text, len) != NULL;
}

static void test_help(struct keep_mem *m)
{
	struct keep_buf verb = {.mem = m}, command = {.mem = m};
	struct keep_buf suite = {.mem = m};

	keep_help_verb(&small_verbs[0], &verb);
	ok(has(&verb, "usage: keep try all [OPTION...] FIRST [KEY=JSON...]\n"),
	   "usage shows words in their order, those that may miss in []");
	ok(has(&verb, "--all-secret-fd N, --all-secret-file FILE"),
	   "a secret shows the two ways in which it is given");
	ok(has(&verb, "--all-mode MODE") && has(&verb, "off, slow, very-fast"),
	   "an option shows the names that it takes");
	ok(has(&verb, "NOT_FOUND"), "errors of the verb are shown");
	keep_help_command(&small_suite, &small_commands[0], &command);
	ok(has(&command, "keep try deep two\n      the second\n"),
	   "help of a command shows its verbs");
	keep_help_suite(&small_suite, true, &suite);
	ok(has(&suite, "  try        what there is\n"),
	   "help shows the commands");
	ok(!suite.failed && !has(&suite, "x-try"), "but no plumbing");
}

static void test_man(struct keep_mem *m)
{
	struct keep_buf page = {.mem = m}, whole = {.mem = m};
	struct keep_slice about = KEEP_S("# other\n\nNot this.\n# try\n\n"
					 "Said here.\n# keep\nOf all.");

	keep_man_command(&small_suite, &small_commands[0], about, &page);
	ok(has(&page, "keep-try(1)\n\n# NAME\n\nkeep-try - what there is\n"),
	   "a page begins with its name");
	ok(has(&page, "*keep try deep one*++\n*keep try deep two*\n"),
	   "then how each verb is called");
	ok(has(&page, "# DESCRIPTION\n\n\nSaid here.\n") &&
	   !has(&page, "Not this."), "then the prose of this command only");
	ok(has(&page, "*-m*, *--all-mode* _MODE_\n") ||
	   has(&page, "*--all-mode* _MODE_\n"), "then the options");
	ok(has(&page, "*4* NOT\\_FOUND\n"), "then the exit statuses");
	keep_man_suite(&small_suite, about, &whole);
	ok(has(&whole, "Of all."), "the page of the suite has prose, too");
	ok(has(&whole, "*keep-try*(1)\n\twhat there is\n") &&
	   !has(&whole, "x-try"), "and the commands without plumbing");
}

/* The words that the last of LINE could become, with blanks between. */
static struct keep_slice complete(struct keep_mem *m, const char *line)
{
	struct keep_ctx c = {.mem = m, .item_mem = m};
	struct keep_completions out = {.mem = m};
	struct keep_slice words[16];
	struct keep_buf text = {.mem = m};
	const struct keep_completion *found;
	struct keep_err e = {0};
	size_t n = 0, len, i;

	for (; ; line += len + 1) {
		len = strcspn(line, " ");
		words[n++] = (struct keep_slice){line, len};
		if (!line[len])
			break;
	}
	if (keep_complete(&c, &small_suite, (struct keep_slices){words, n},
			  &out, &e))
		return KEEP_S("?");
	found = (const void *)keep_buf_get(&out.found).p;
	for (i = 0; i < out.found.len / sizeof *found; i++)
		keep_buf_print(&text, "%.*s ", KEEP_F(found[i].word));
	keep_buf_text(&text, out.files ? "(files)" : "");
	return keep_buf_get(&text);
}

static void test_complete(struct keep_mem *m)
{
	is_text(complete(m, ""), "try ", "an empty line is completed by the "
		"commands without plumbing");
	is_text(complete(m, "try "), "all deep ", "a command by its verbs, "
		"each word once");
	is_text(complete(m, "try deep t"), "two ", "a path by its next word");
	is_text(complete(m, "try all "), "web1 ", "a word by its completer, "
		"without names that would break the line");
	is_text(complete(m, "try all w -- "), "", "the rest by nothing known");
	is_text(complete(m, "try all --all-mode "), "off slow very-fast ",
		"an option by its names");
	is_text(complete(m, "try all --all-mode=v"), "--all-mode=very-fast ",
		"also behind =");
	is_text(complete(m, "try all --all-secret"),
		"--all-secret-fd --all-secret-file ", "a secret's two options");
	is_text(complete(m, "try all --all-secret-file "), "(files)",
		"its file by the shell");
	is_text(complete(m, "--color "), "auto always never ",
		"a global option before the command");
	is_text(complete(m, "try all --color n"), "never ", "and behind it");
	is_text(complete(m, "-C / try dee"), "deep ",
		"a directory before the command is no command");
	is_text(complete(m, "other "), "(files)",
		"an external's words by the shell");
	is_text(complete(m, "-"), "--directory --config --format --color "
		"--quiet --no-pager --usage --help --show --version "
		"--lock-timeout --args ", "a dash by the options of all");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	test_help(&mem);
	test_man(&mem);
	test_complete(&mem);
	return done();
}
