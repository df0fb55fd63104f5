/* Results and events as text, JSON or CBOR. */
#include "form.h"
#include "print.h"

static bool is_hidden(const struct keep_printer *p)
{
	return p->terminal && !p->show;
}

static int take_struct(const struct keep_printer *p,
		       const struct keep_schema *s, struct keep_slice item,
		       struct keep_view *view, struct keep_err *e)
{
	void *in = keep_mem_alloc(p->mem, s->size);

	if (!in)
		return keep_no_memory(e);
	view->result = in;
	return keep_schema_decode(p->mem, s, item, false, in, e);
}

static int take_list(const struct keep_printer *p,
		     const struct keep_schema *s, struct keep_slice list,
		     struct keep_view *view, struct keep_err *e)
{
	struct keep_cbor_head h = keep_cbor_next(&list);
	char *items;
	size_t i;
	int r = 0;

	if (h.kind != KEEP_CBOR_LIST || h.v > list.len)
		return keep_fail(e, KEEP_E_INTERNAL, "the result is no list");
	items = keep_mem_array(p->mem, h.v, s->size);
	if (!items)
		return keep_no_memory(e);
	for (i = 0; r == 0 && i < h.v; i++)
		r = keep_schema_decode(p->mem, s, keep_cbor_skip(&list), false,
				       items + i * s->size, e);
	view->items = (struct keep_list){items, h.v};
	return r;
}

static int take_item(const struct keep_printer *p, struct keep_slice item,
		     struct keep_view *view, struct keep_err *e)
{
	struct keep_slice *s = KEEP_NEW(p->mem, struct keep_slice);

	if (!s)
		return keep_no_memory(e);
	*s = item;
	view->result = s;
	return 0;
}

static int take(const struct keep_printer *p, const struct keep_verb *v,
		struct keep_slice result, struct keep_view *view,
		struct keep_err *e)
{
	if (v->kind == KEEP_R_ITEM)
		return take_item(p, result, view, e);
	if (!v->result)
		return keep_fail(e, KEEP_E_INTERNAL, "%s has no result",
				 v->path);
	if (v->kind == KEEP_R_LIST)
		return take_list(p, v->result, result, view, e);
	return take_struct(p, v->result, result, view, e);
}

static struct keep_json json_of_list(struct keep_former *m,
				     const struct keep_schema *s,
				     const struct keep_list *l)
{
	struct keep_json *list = KEEP_NEWS(m->mem, l->n, struct keep_json);
	size_t i;

	m->failed |= !list;
	for (i = 0; list && i < l->n; i++)
		list[i] = keep_form_struct(m, s,
					   (const char *)l->v + i * s->size);
	return (struct keep_json){.type = KEEP_JSON_LIST, .list = list,
				  .n = list ? (uint32_t)l->n : 0};
}

static struct keep_json json_of(struct keep_former *m,
				const struct keep_verb *v,
				const struct keep_view *view)
{
	if (v->kind == KEEP_R_ITEM)
		return keep_form_item(
			m, *(const struct keep_slice *)view->result);
	if (v->kind == KEEP_R_LIST)
		return json_of_list(m, v->result, &view->items);
	return keep_form_struct(m, v->result, view->result);
}

static void print_json(const struct keep_printer *p, const struct keep_verb *v,
		       const struct keep_view *view, struct keep_buf *out)
{
	struct keep_former m = {.mem = p->mem, .hide = is_hidden(p)};
	struct keep_json value = json_of(&m, v, view);
	bool pretty = p->format == KEEP_FORMAT_TEXT ||
		      (p->terminal && !v->event);
	bool wrap = v->event && p->format == KEEP_FORMAT_JSON;

	keep_buf_text(out, wrap ? "{\"result\":" : "");
	keep_json_put(out, &value,
		      pretty ? KEEP_JSON_PRETTY : KEEP_JSON_COMPACT);
	keep_buf_text(out, wrap ? "}\n" : "\n");
	out->failed |= m.failed;
}

/* The only field of a struct, when it is bytes that go out as they are. */
static const struct keep_field *raw_field(const struct keep_printer *p,
					  const struct keep_schema *s)
{
	const struct keep_field *f = s->fields;

	if (s->n != 1 || f->shape != KEEP_ONE)
		return NULL;
	if (f->type == KEEP_T_SECRET)
		return is_hidden(p) ? NULL : f;
	return f->type == KEEP_T_BLOB ? f : NULL;
}

static void print_struct(const struct keep_printer *p,
			 const struct keep_schema *s, const void *in,
			 struct keep_buf *out)
{
	const struct keep_field *raw = raw_field(p, s);

	if (raw)
		keep_buf_slice(out, *(const struct keep_slice *)
					keep_form_member(raw, in));
	else
		keep_print_lines(p, s, in, out);
}

static void print_text(const struct keep_printer *p, const struct keep_verb *v,
		       const struct keep_view *view, struct keep_buf *out)
{
	if (v->text)
		v->text(view, out);
	else if (v->kind == KEEP_R_ITEM)
		print_json(p, v, view, out);
	else if (v->kind == KEEP_R_LIST)
		keep_print_table(p, v->result, &view->items, out);
	else
		print_struct(p, v->result, view->result, out);
}

/* Secrets are for the verb alone. */
static int take_args(const struct keep_printer *p, const struct keep_verb *v,
		     struct keep_view *view, struct keep_err *e)
{
	void *args;

	if (!p->args.p || !v->args || v->flags & KEEP_V_SECRET)
		return 0;
	args = keep_mem_alloc(p->mem, v->args->size);
	view->args = args;
	return args ? keep_schema_decode(p->mem, v->args, p->args, true, args,
					 e) : keep_no_memory(e);
}

int keep_print_result(const struct keep_printer *p, const struct keep_verb *v,
		      struct keep_slice result, struct keep_buf *out,
		      struct keep_err *e)
{
	struct keep_view view = {.mem = p->mem, .terminal = p->terminal,
				 .color = p->color, .now_s = p->now_s};
	int r;

	if (!result.len)
		return 0;
	if (p->format == KEEP_FORMAT_CBOR) {
		keep_buf_slice(out, result);
		return keep_buf_check(out, e);
	}
	r = take(p, v, result, &view, e);
	if (!r && v->text)
		r = take_args(p, v, &view, e);
	if (r)
		return r;
	(p->format == KEEP_FORMAT_JSON ? print_json : print_text)(p, v, &view,
								  out);
	return keep_buf_check(out, e);
}

int keep_named_put(struct keep_mem *m, const struct keep_verb *v,
		   struct keep_slice value, bool event, struct keep_buf *out,
		   struct keep_err *e)
{
	struct keep_printer p = {.mem = m};
	struct keep_former f = {.mem = m};
	struct keep_view view = {.mem = m};
	struct keep_json json;
	int rc;

	if (event && !v->event)
		return keep_fail(e, KEEP_E_INTERNAL, "%s has no events",
				 v->path);
	rc = event ? take_struct(&p, v->event, value, &view, e) :
	     take(&p, v, value, &view, e);
	if (rc)
		return rc;
	json = event ? keep_form_struct(&f, v->event, view.result) :
	       json_of(&f, v, &view);
	if (f.failed)
		return keep_no_memory(e);
	keep_json_to_cbor(&json, out);
	return keep_buf_check(out, e);
}

static void event_json(const struct keep_printer *p,
		       const struct keep_schema *s, const void *in,
		       struct keep_buf *out)
{
	struct keep_former m = {.mem = p->mem, .hide = is_hidden(p)};
	struct keep_json value = keep_form_struct(&m, s, in);

	keep_buf_text(out, "{\"item\":");
	keep_json_put(out, &value, KEEP_JSON_COMPACT);
	keep_buf_text(out, "}\n");
	out->failed |= m.failed;
}

/* WIRE 3: item = [1, any]. */
static int event_cbor(struct keep_slice item, struct keep_buf *out,
		      struct keep_err *e)
{
	keep_cbor_put_list(out, 2);
	keep_cbor_put_uint(out, 1);
	keep_buf_slice(out, item);
	return keep_buf_check(out, e);
}

int keep_print_event(const struct keep_printer *p, const struct keep_verb *v,
		     struct keep_slice item, struct keep_buf *out,
		     struct keep_err *e)
{
	struct keep_view view = {.mem = p->mem, .terminal = p->terminal,
				 .color = p->color, .live = p->live,
				 .now_s = p->now_s};
	int r;

	if (p->format == KEEP_FORMAT_CBOR)
		return event_cbor(item, out, e);
	if (!v->event)
		return keep_fail(e, KEEP_E_INTERNAL, "%s has no events",
				 v->path);
	r = take_struct(p, v->event, item, &view, e);
	if (r)
		return r;
	if (p->format == KEEP_FORMAT_JSON)
		event_json(p, v->event, view.result, out);
	else if (v->event_text)
		v->event_text(&view, out);
	else
		keep_print_line(p, v->event, view.result, out);
	return keep_buf_check(out, e);
}
