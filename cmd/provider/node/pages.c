/* Pages of `keep help` about what many verbs share. */
#include <keep/provider.h>
#include <keep/text.h>

static const char filter[] =
	"A FILTER is words that select nodes, read from left to right.\n"
	"\n"
	"Nodes are added by\n"
	"  web1               a node by its name\n"
	"  web                a service, or a tag: all nodes that have it\n"
	"  all                all nodes that are not disabled\n"
	"  node:web*          nodes whose names fit\n"
	"  service:web        not what else is called so; tag:web, too\n"
	"  ssh.port=2222      nodes whose property has that value, or is a\n"
	"                     list that holds it\n"
	"\n"
	"and taken away by\n"
	"  +WORD              those stay that WORD selects, too\n"
	"  not:WORD           those go that WORD selects; from all, if it\n"
	"                     stands first\n"
	"\n"
	"An environment (production, env:production) limits the whole to\n"
	"its nodes, wherever it stands; alone it is all of them. A disabled\n"
	"node is selected by its own name only.\n"
	"\n"
	"  web dns                 web servers and name servers\n"
	"  web +eu not:web3        web servers that are tagged eu, but web3\n"
	"  production not:dns      all of production but its name servers\n"
	"\n"
	"keep node list FILTER shows the nodes. Verbs that reach nodes want\n"
	"a FILTER: they do not take its absence for `all`. A user's scope\n"
	"is a FILTER, too: see keep help users.\n";

static const char users[] =
	"A user is a directory of the instance:\n"
	"\n"
	"  users/ada/ssh.pub      her public keys, a line each, as in\n"
	"                         ~/.ssh/id_ed25519.pub\n"
	"  users/ada/user.json    which nodes, and how long; without it\n"
	"                         all, for ever\n"
	"\n"
	"  {\"scope\": [\"web\", \"not:web3\"], \"expires\": \"2031-01-31\"}\n"
	"\n"
	"  scope      a FILTER as a list of words (keep help filter); an\n"
	"             empty list is no node\n"
	"  expires    the day from which on the keys are refused\n"
	"  admin      true or false, for services that ask\n"
	"\n"
	"The next deploy lets her in where she is meant; keep plan begins\n"
	"with who gains and who loses that. Keys that others put on a node\n"
	"go, but where ssh.authorized_keys is \"shared\". A node that nobody\n"
	"would reach keeps what it has.\n"
	"\n"
	"A deploy is recorded under the user who has the key that signs it.\n";

static int show(struct keep_ctx *c, const char *page,
		struct keep_expr_help_result *r, struct keep_err *e)
{
	r->text = keep_mem_copy(c->mem, keep_slice(page));
	return r->text.p ? 0 : keep_no_memory(e);
}

int keep_help_filter(struct keep_ctx *c, const void *a,
		     struct keep_expr_help_result *r, struct keep_err *e)
{
	(void)a;
	return show(c, filter, r, e);
}

int keep_help_users(struct keep_ctx *c, const void *a,
		    struct keep_expr_help_result *r, struct keep_err *e)
{
	(void)a;
	return show(c, users, r, e);
}
