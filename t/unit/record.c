/* What .keep/deploys tells of deploys. */
/* uses: deploy provider zlib */
#include <keep/hash.h>
#include "../../cmd/deploy/push/record.h"
#include "site.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_record(void)
{
	struct site s;
	struct keep_slice id = KEEP_S("abcdefghij12");
	struct keep_record r;
	struct keep_record_nodes all;
	const struct keep_record_node *n;

	need(site_begin(&s));
	is_int(keep_record_read(&s.c, id, &all, &s.e), -KEEP_E_NOT_FOUND,
	       "a deploy that nobody made is not found");
	is_int(keep_record_read(&s.c, KEEP_S("../../secret"), &all, &s.e),
	       -KEEP_E_BAD_ARGS, "an id is no path");
	need(!keep_record_begin(&s.c, id, &r, &s.e));
	need(!keep_record_add(&r, "begin", KEEP_S("a"), KEEP_S(ID), &s.e));
	need(!keep_record_add(&r, "begin", KEEP_S("b"), KEEP_S(ID), &s.e));
	need(!keep_record_add(&r, "changed", KEEP_S("a"), KEEP_S(ID), &s.e));
	need(!keep_fd_write(keep_fd_get(&r.fd), KEEP_S("changed b 01"), &s.e));
	keep_record_end(&r);
	need(!keep_record_read(&s.c, id, &all, &s.e));
	n = keep_record_find(&all, KEEP_S("a"));
	ok(n && n->good && !n->begun, "the last line of a node counts");
	n = keep_record_find(&all, KEEP_S("b"));
	ok(n && n->begun && !n->good, "one that was torn does not");
	is_text(n ? n->want : KEEP_S(""), ID, "what a node was to get is told");
	need(!keep_record_begin(&s.c, id, &r, &s.e));
	need(!keep_record_add(&r, "failed", KEEP_S("b"), KEEP_S(ID), &s.e));
	keep_record_end(&r);
	need(!keep_record_read(&s.c, id, &all, &s.e));
	n = keep_record_find(&all, KEEP_S("b"));
	ok(n && !n->begun && !n->good, "a record is gone on with");
	site_end(&s);
}

/* The last 200 stay, give or take a quarter; one that is gone on with is the
 * last. */
static void test_records(void)
{
	struct site s;
	struct keep_slice first = KEEP_S("aaaaaaaaaaaa"), second;
	struct keep_record_nodes all;
	struct keep_record r;
	char id[13];
	int i;

	need(site_begin(&s));
	for (i = 0; i < 300; i++) {
		snprintf(id, sizeof id, "aaaaaaaaa%c%c%c", 'a' + i / 26 / 26,
			 'a' + i / 26 % 26, 'a' + i % 26);
		need(!keep_record_begin(&s.c, keep_slice(id), &r, &s.e));
		keep_record_end(&r);
		need(!keep_record_begin(&s.c, first, &r, &s.e));
		keep_record_end(&r);
	}
	second = KEEP_S("aaaaaaaaaaab");
	is_int(keep_record_read(&s.c, second, &all, &s.e), -KEEP_E_NOT_FOUND,
	       "records of long ago go");
	ok(!keep_record_read(&s.c, keep_slice(id), &all, &s.e) &&
	   !keep_record_read(&s.c, first, &all, &s.e),
	   "that of the last deploy, and one that is gone on with, stay");
	site_sh(&s, "test $(ls .keep/deploys | wc -l) -le 200 && "
		"test $(ls .keep/deploys | wc -l) -ge 150");
	site_end(&s);
}

int main(void)
{
	test_record();
	test_records();
	return done();
}
