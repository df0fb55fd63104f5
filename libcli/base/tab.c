#include <keep/text.h>

void keep_tab_cell(struct keep_tab *t, struct keep_slice cell)
{
	size_t cap = t->cap ? t->cap : 64;
	struct keep_slice *cells;

	if (t->n == t->cap) {
		if (t->cap && !keep_mul(cap, 2, &cap))
			cap = SIZE_MAX;
		cells = KEEP_NEWS(t->mem, cap, struct keep_slice);
		if (t->failed || !cells) {
			t->failed = true;
			return;
		}
		if (t->n)
			memcpy(cells, t->cells, t->n * sizeof *cells);
		t->cells = cells;
		t->cap = cap;
	}
	t->cells[t->n++] = cell;
}

static void measure(const struct keep_tab *t, size_t *widths)
{
	size_t i, width;

	for (i = 0; i < t->n; i++) {
		width = keep_text_width(t->cells[i]);
		if (width > widths[i % t->n_columns])
			widths[i % t->n_columns] = width;
	}
}

static void put_row(const struct keep_slice *cells, size_t n,
		    const size_t *widths, struct keep_buf *out)
{
	size_t i, blanks = 0;

	for (i = 0; i < n; i++) {
		if (cells[i].len) {
			keep_buf_print(out, "%*s", (int)blanks, "");
			keep_buf_slice(out, cells[i]);
			blanks = 0;
		}
		blanks += widths[i] + 2 - keep_text_width(cells[i]);
	}
}

void keep_tab_put(struct keep_tab *t, struct keep_buf *out)
{
	size_t *widths = KEEP_NEWS(t->mem, t->n_columns, size_t), i, left;

	if (t->failed || !widths) {
		t->failed = out->failed = true;
		return;
	}
	measure(t, widths);
	for (i = 0; i < t->n; i += t->n_columns) {
		bool bold = t->heading && i == 0;

		left = t->n - i;
		keep_buf_text(out, bold ? KEEP_BOLD : "");
		put_row(t->cells + i, left < t->n_columns ? left : t->n_columns,
			widths, out);
		keep_buf_text(out, bold ? KEEP_PLAIN "\n" : "\n");
	}
}
