/* SPDX-License-Identifier: Apache-2.0 */
/* help_view.c: the keys of the view that has the focus. */
#include "view.h"

enum { KEYS_COLUMN = 26 };

/* The bindings behind one, up to the next that has help, belong to it. */
static void put_binding(struct content *content, struct bindings bindings, size_t first)
{
	struct outline_line *line = content_begin(content, 1, (struct kmeta_bytes){ 0 });

	if (!line)
		return;
	kmeta_buffer_format(&content->bytes, "%-*s %s ", KEYS_COLUMN, bindings.at[first].keys,
	                    bindings.at[first].help);
	for (size_t i = first; i < bindings.count && (i == first || !bindings.at[i].keys); i++)
		if (bindings.at[i].name)
			kmeta_buffer_format(&content->bytes, " :%s", bindings.at[i].name);
	content_end(content);
}

static void put_own_keys(struct content *content, const struct own_keys *own)
{
	struct outline_line *line;
	char name[16];

	if (!own->count)
		return;
	line = content_line(content, 0, "", "of your own");
	if (line)
		line->style = STYLE_BOLD;
	for (size_t i = 0; i < own->count; i++)
		content_line(content, 1, "", "%-*s  :%s", KEYS_COLUMN,
		             press_name(own->at[i].key, name, sizeof(name)), own->at[i].name);
	content_line(content, 0, "", "%s", "");
}

static void put_bindings(struct content *content, const char *title, struct bindings bindings)
{
	struct outline_line *line;

	if (!bindings.count)
		return;
	line = content_line(content, 0, "", "%s", title);
	if (line)
		line->style = STYLE_BOLD;
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].keys)
			put_binding(content, bindings, i);
	content_line(content, 0, "", "%s", "");
}

static void open_help(struct screen *s)
{
	const struct view *view = s->views[s->kind_before_help];
	struct outline *outline = s->states[VIEW_HELP];
	struct content content = { 0 };

	if (view != &log_view)
		put_bindings(&content, view->title, view->bindings);
	put_own_keys(&content, s->own);
	put_bindings(&content, "in the log", log_view.bindings);
	put_bindings(&content, "everywhere", s->everywhere);
	outline->cursor = outline->top = 0;
	outline_take(outline, &content);
	s->zoomed = true;
}

static void help_draw(struct screen *s, struct area area)
{
	outline_draw(s->states[VIEW_HELP], &s->grid, area, true, s->model->search.pattern);
}

static struct outline *help_outline(struct screen *s)
{
	return s->states[VIEW_HELP];
}

static void help_close(struct screen *s)
{
	outline_release(s->states[VIEW_HELP]);
}

const struct view help_view = {
	.title = "keys",
	.hint = "j k Space  down and up  / search  q back",
	.state_size = sizeof(struct outline),
	.open = open_help,
	.draw = help_draw,
	.outline = help_outline,
	.close = help_close,
};
