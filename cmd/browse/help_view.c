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
	static const struct view *const views[VIEWS] = {
		[VIEW_RECORD] = &record_view,
		[VIEW_STATE] = &state_view,
		[VIEW_DIFF] = &diff_view,
		[VIEW_STATISTICS] = &statistics_view,
	};
	const struct view *view = views[b->kind_before_help];
	struct content content = { 0 };

	if (view)
		put_bindings(&content, view->title, view->bindings);
	put_bindings(&content, "in the log", log_bindings);
	put_bindings(&content, "everywhere", browser_bindings);
	b->help.cursor = b->help.top = 0;
	outline_take(&b->help, &content);
	b->zoomed = true;
}

static void move(struct browser *b, enum motion motion, int64_t count)
{
	outline_move(&b->help, motion, count);
}

static bool search(struct browser *b, bool backwards)
{
	return outline_search(&b->help, b->search.pattern, backwards);
}

static void draw(struct browser *b, struct area area)
{
	outline_draw(&b->help, &b->grid, area, true, b->search.pattern);
}

const struct view help_view = {
	.title = "keys",
	.draw = draw,
	.move = move,
	.open = open_help,
	.search = search,
	.hint = "j k Space  down and up  / search  q back",
};
