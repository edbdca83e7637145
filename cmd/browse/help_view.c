/* SPDX-License-Identifier: Apache-2.0 */
/* help_view.c: which keys do what, where the reader is. */
#include "browser.h"

enum { KEYS_COLUMN = 26 };

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
			content_line(content, 1, "", "%-*s %s", KEYS_COLUMN, bindings.at[i].keys,
			             bindings.at[i].help);
	content_line(content, 0, "", "%s", "");
}

static void open_help(struct browser *b)
{
	const struct view *view = view_of(b->kind_before_help);
	struct content content = { 0 };

	if (view)
		put_bindings(&content, view->title, view->bindings);
	put_bindings(&content, "in the log", log_bindings);
	put_bindings(&content, "everywhere", browser_bindings);
	b->help.cursor = b->help.top = 0;
	outline_take(&b->help, &content);
	b->zoomed = true;
}

static void draw(struct browser *b, struct area area)
{
	outline_draw(&b->help, &b->grid, area, true, b->search.pattern);
}

const struct view help_view = {
	.title = "keys",
	.draw = draw,
	.open = open_help,
	.hint = "j k Space  down and up  / search  q back",
};
