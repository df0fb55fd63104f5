/* How alike two names are, for "did you mean". */
#include <keep/text.h>

enum { LONGEST = 64 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

struct table {
	unsigned d[LONGEST + 1][LONGEST + 1];
};

/* Edits between the first I bytes of a and the first J of b: the last of them
 * leaves out, puts in, replaces, or swaps two neighbours. */
static unsigned edits(const struct table *t, const char *a, size_t i,
		      const char *b, size_t j)
{
	unsigned n;

	if (i == 0 || j == 0)
		return (unsigned)(i + j);
	n = least(t->d[i - 1][j], t->d[i][j - 1]) + 1;
	n = least(n, t->d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
		n = least(n, t->d[i - 2][j - 2] + 1);
	return n;
}

unsigned keep_text_distance(struct keep_slice a, struct keep_slice b)
{
	struct table t;
	size_t i, j;

	if (a.len > LONGEST || b.len > LONGEST)
		return keep_slice_eq(a, b) ? 0 : LONGEST + 1;
	for (i = 0; i <= a.len; i++)
		for (j = 0; j <= b.len; j++)
			t.d[i][j] = edits(&t, a.p, i, b.p, j);
	return t.d[a.len][b.len];
}

void keep_guess_offer(struct keep_guess *g, struct keep_slice name)
{
	size_t longer = g->wanted.len > name.len ? g->wanted.len : name.len;
	unsigned distance = keep_text_distance(g->wanted, name);

	if (distance > 2 || distance > longer / 3 ||
	    (g->best.p && distance >= g->distance))
		return;
	g->best = name;
	g->distance = distance;
}
