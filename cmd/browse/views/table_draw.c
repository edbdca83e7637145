/* SPDX-License-Identifier: Apache-2.0 */
/* table_draw.c: draws the rows of a table that the screen has room for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/columns.h"
#include "table_view.h"

enum { HEAD_LINE = 1, TABLE_HEAD = 2, GAP = 2, WORTH_CUTTING = 6 };

/* The text of a cell that is made once, measured, and then drawn. */
struct cell_text {
	size_t start, size;
	int width;
	unsigned style;
};

/* The rows on the screen. */
struct cells {
	struct kmeta_buffer text;
	struct cell_text *at; /* of each column of the look, row by row */
	size_t rows;
};

static int text_width(struct kmeta_bytes text)
{
	int width = 0;

	while (text.size)
		width += wcwidth(columns_next_character(&text)) == 2 ? 2 : 1;
	return width;
}

/* ---- cells ---- */

/* Returns the colour of a cell that says what should not be. */
static unsigned wrong_of(const struct column *column, const struct table_value *value)
{
	const bool some =
		(value->kind == VALUE_NUMBER || value->kind == VALUE_LIST) && value->number > 0;

	if (column->flags & COLUMN_WRONG_SOME && some)
		return column->color;
	if (column->flags & COLUMN_WRONG_NONE && value->kind == VALUE_NUMBER && value->number < 0)
		return column->color;
	return value->kind == VALUE_NONE || value->kind == VALUE_UNKNOWN ? STYLE_DIM : 0;
}

static void make_row(struct table_state *v, struct cells *cells, size_t number,
                     const struct table_row *row)
{
	struct table_look *look = look_of(v);

	for (size_t i = 0; i < look->count; i++) {
		const struct column *column = &v->table.about->columns[look->columns[i]];
		struct cell_text *cell = &cells->at[number * look->count + i];
		struct table_value value;

		cell->start = cells->text.size;
		table_cell(row, column, &value, &cells->text);
		cell->size = cells->text.size - cell->start;
		cell->style = wrong_of(column, &value);
		if (cells->text.failed)
			return;
		cell->width = text_width((struct kmeta_bytes){
			(const uint8_t *)cells->text.at + cell->start, cell->size });
		if (cell->width > look->widths[look->columns[i]])
			look->widths[look->columns[i]] = cell->width;
	}
}

/* False: out of memory. */
static bool make_cells(struct table_state *v, struct cells *cells, int rows)
{
	struct table_row row;

	*cells = (struct cells){ 0 };
	if (rows < 0 || v->top >= v->table.count)
		return true;
	cells->rows = v->table.count - v->top;
	cells->rows = cells->rows < (size_t)rows ? cells->rows : (size_t)rows;
	cells->at = calloc(cells->rows * look_of(v)->count + 1, sizeof(*cells->at));
	for (size_t i = 0; cells->at && i < cells->rows; i++)
		if (table_row(&v->table, v->top + i, &row))
			make_row(v, cells, i, &row);
	return cells->at && !cells->text.failed;
}

/* ---- columns ---- */

static const struct column *column_at(const struct table_state *v, size_t at)
{
	return &v->table.about->columns[v->looks[v->kind].columns[at]];
}

/* The room that a column wants: for its head, and its widest cell. */
static int wanted_width(const struct table_state *v, size_t at)
{
	const int head = (int)strlen(column_at(v, at)->name);
	const int cell = v->looks[v->kind].widths[v->looks[v->kind].columns[at]];

	return cell > head ? cell : head;
}

/* What it gets while others want room too. */
static int modest_width(const struct table_state *v, size_t at)
{
	const int wanted = wanted_width(v, at);
	const int head = (int)strlen(column_at(v, at)->name);
	const int most = column_at(v, at)->width > head ? column_at(v, at)->width : head;

	return wanted < most ? wanted : most;
}

static size_t keys_in_front(const struct table_state *v)
{
	const struct table_look *look = &v->looks[v->kind];
	size_t keys = 0;

	while (keys < look->count && column_at(v, keys)->flags & COLUMN_KEY)
		keys++;
	return keys;
}

/* Takes a column in, cut if only part of it has room. False: it has none. */
static bool take_column(struct table_state *v, size_t at, int width, int *x)
{
	const int room = width - *x, modest = modest_width(v, at);
	const int given = modest < room ? modest : room;

	if (given < modest && given < WORTH_CUTTING)
		return false;
	v->slots[v->slots_count++] = (struct table_slot){ at, *x, given };
	*x += given + GAP;
	return given == modest;
}

/* Those of the key, and behind them as many as fit. True: the chosen one is whole. */
static bool take_columns(struct table_state *v, size_t keys, int width)
{
	const struct table_look *look = look_of(v);
	bool fits = true;
	int x = 0;

	v->slots_count = 0;
	for (size_t i = 0; fits && i < keys; i++)
		fits = take_column(v, i, width, &x);
	for (size_t i = look->first; fits && i < look->count; i++) {
		fits = take_column(v, i, width, &x);
		if (fits && i == look->chosen)
			return true;
	}
	return look->chosen < keys || (fits && look->chosen >= look->first);
}

static void spread_room(struct table_state *v, int width)
{
	const struct table_slot *last = &v->slots[v->slots_count - 1];
	int spare = width - last->x - last->width, moved = 0;

	for (size_t i = 0; i < v->slots_count; i++) {
		const int wanted = wanted_width(v, v->slots[i].at) - v->slots[i].width;
		const int more = wanted < 0 ? 0 : wanted < spare ? wanted : spare;

		v->slots[i].x += moved;
		v->slots[i].width += more;
		moved += more;
		spare -= more;
	}
}

static void arrange_columns(struct table_state *v, int width)
{
	struct table_look *look = look_of(v);
	const size_t keys = keys_in_front(v);

	if (look->first < keys || look->first >= look->count || look->chosen < keys)
		look->first = keys;
	if (look->chosen >= keys && look->chosen < look->first)
		look->first = look->chosen;
	while (!take_columns(v, keys, width) && look->first < look->chosen)
		look->first++;
	/* The loop ends at the chosen one: take in those behind it. */
	if (v->slots_count) {
		const struct table_slot *last = &v->slots[v->slots_count - 1];
		int x = last->x + last->width + GAP;
		bool fits = last->width == modest_width(v, last->at);

		for (size_t i = last->at + 1; fits && i < look->count; i++)
			if (i >= keys && i >= look->first)
				fits = take_column(v, i, width, &x);
		spread_room(v, width);
	}
}

/* ---- drawing ---- */

static void draw_table_cell(struct screen *s, struct area rows, int y,
                            const struct table_slot *slot, struct kmeta_bytes text, int width,
                            bool right, unsigned style)
{
	const int indent = right && width < slot->width ? slot->width - width : 0;
	const struct area inside = { rows.y, rows.x + slot->x + indent, rows.height,
		                     slot->width - indent };

	grid_put(&s->grid, inside, y, 0, text, style);
	if (s->model->search.pattern)
		pattern_mark(s->model->search.pattern, &s->grid, inside, y, 0, text);
}

static void draw_cells(struct screen *s, const struct cells *cells, struct area rows)
{
	struct table_state *v = table_of(s);

	for (size_t row = 0; row < cells->rows; row++) {
		for (size_t i = 0; i < v->slots_count; i++) {
			const struct table_slot *slot = &v->slots[i];
			const struct cell_text *cell =
				&cells->at[row * look_of(v)->count + slot->at];

			draw_table_cell(
				s, rows, (int)row, slot,
				(struct kmeta_bytes){ (const uint8_t *)cells->text.at + cell->start,
			                              cell->size },
				cell->width, column_at(v, slot->at)->flags & COLUMN_RIGHT,
				cell->style);
		}
		if (v->top + row == v->cursor)
			grid_select_row(&s->grid, rows, (int)row, s->focus == FOCUS_VIEW);
	}
}

/* The mark behind the name, which has room in the gap, is the key that sorts in this way. */
static void draw_columns(struct screen *s, struct area area)
{
	struct table_state *v = table_of(s);
	const struct table_look *look = look_of(v);

	for (size_t i = 0; i < v->slots_count; i++) {
		const struct table_slot *slot = &v->slots[i];
		const struct column *column = column_at(v, slot->at);
		const bool sorts = look->sorted && look->by == look->columns[slot->at];
		const int width = (int)strlen(column->name);
		const int indent = column->flags & COLUMN_RIGHT && width < slot->width
		                           ? slot->width - width
		                           : 0;
		const struct area head = { area.y, area.x + slot->x + indent, 1,
			                   slot->width - indent + 1 };

		grid_format(&s->grid, head, 0, sorts ? STYLE_BOLD : 0, "%s%s", column->name,
		            !sorts       ? ""
		            : look->down ? ">"
		                         : "<");
		if (slot->at == look->chosen)
			grid_mark(&s->grid, head, 0, 0, width,
			          STYLE_BOLD | (s->focus == FOCUS_VIEW ? STYLE_REVERSE : 0u));
	}
	/* More of them are on the right. */
	if (v->slots_count && v->slots[v->slots_count - 1].at + 1 < look->count)
		grid_format(&s->grid, (struct area){ area.y, area.x + area.width - 1, 1, 1 }, 0,
		            STYLE_BOLD, "…");
	grid_mark_row(&s->grid, area, 0, STYLE_UNDERLINE);
}

static const struct {
	const char *name;
	unsigned color;
	bool always; /* and not only where it is not 0 */
} totals[TABLE_TOTALS] = {
	[TOTAL_TOPICS] = { "topics", 0, true },
	[TOTAL_PARTITIONS] = { "partitions", 0, true },
	[TOTAL_LEADERLESS] = { "leaderless", RED, true },
	[TOTAL_UNDER_REPLICATED] = { "under-replicated", YELLOW, true },
	[TOTAL_REASSIGNING] = { "reassigning", YELLOW, false },
	[TOTAL_BROKERS] = { "brokers", 0, true },
	[TOTAL_FENCED] = { "fenced", RED, false },
};

/* Returns how wide the text is, which has colours in it. */
static int put_totals(const struct table *t, struct kmeta_buffer *out)
{
	int width = 0;

	for (size_t i = 0; i < TABLE_TOTALS; i++) {
		const bool some = t->totals[i] != 0;

		if (!some && !totals[i].always)
			continue;
		if (some && totals[i].color)
			kmeta_buffer_format(out, "\x1b[1;%um", 30 + totals[i].color);
		width += snprintf(NULL, 0, "%s %zu  ", totals[i].name, t->totals[i]);
		kmeta_buffer_format(out, "%s %zu", totals[i].name, t->totals[i]);
		kmeta_buffer_format(out, some && totals[i].color ? "\x1b[0m  " : "  ");
	}
	return width;
}

static void draw_headline(struct screen *s, struct area area)
{
	const struct table_state *v = table_of(s);
	const size_t all = kmeta_list_count(v->table.list), count = look_of(table_of(s))->count;
	struct kmeta_buffer text = { 0 }, note = { 0 };
	int width;

	/* What was asked for comes first: the line may be cut. */
	if (v->terms.count)
		kmeta_buffer_format(&text, "%zu of %zu rows  ", v->table.count, all);
	width = (int)text.size;
	if (v->table.about->counts_partitions)
		width += put_totals(&v->table, &text);
	else
		kmeta_buffer_format(&text, "%s %zu  ", kmeta_entity_kind_group(v->kind), all);
	if (!v->table.about->counts_partitions)
		width = (int)text.size;
	kmeta_buffer_format(&note, "%zu of %zu columns", v->slots_count, count);
	grid_put(&s->grid, area, 0, 0, kmeta_buffer_bytes(&text), 0);
	/* The mark in the line below says the same where this has no room. */
	if (v->slots_count < count && width + (int)note.size <= area.width)
		grid_put(&s->grid, (struct area){ area.y, area.x + width, 1, area.width - width },
		         0, 0, kmeta_buffer_bytes(&note), 0);
	kmeta_buffer_release(&note);
	kmeta_buffer_release(&text);
}

static void scroll_rows(struct table_state *v, int height)
{
	const size_t rows = height > 0 ? (size_t)height : 1;

	if (v->cursor >= v->table.count)
		v->cursor = v->table.count ? v->table.count - 1 : 0;
	if (v->cursor < v->top)
		v->top = v->cursor;
	if (v->cursor >= v->top + rows)
		v->top = v->cursor - rows + 1;
	if (v->top + rows > v->table.count)
		v->top = v->table.count > rows ? v->table.count - rows : 0;
}

/* ---- the picture ---- */

static void keep_picture(struct screen *s, struct area area)
{
	struct grid *picture = &table_of(s)->picture;

	if (area.width < 1 || area.height < 1 || !grid_resize(picture, area.width, area.height))
		return;
	for (int y = 0; y < area.height; y++)
		memcpy(&picture->cells[y * area.width],
		       &s->grid.cells[(area.y + y) * s->grid.width + area.x],
		       (size_t)area.width * sizeof(*picture->cells));
}

static void draw_picture(struct screen *s, struct area area)
{
	const struct grid *picture = &table_of(s)->picture;

	if (!picture->cells || picture->width != area.width)
		return;
	for (int y = 0; y < area.height && y < picture->height; y++)
		memcpy(&s->grid.cells[(area.y + y) * s->grid.width + area.x],
		       &picture->cells[y * area.width],
		       (size_t)area.width * sizeof(*picture->cells));
}

static void draw_rows(struct screen *s, struct area area)
{
	struct table_state *v = table_of(s);
	const struct area head = { area.y + HEAD_LINE, area.x, 1, area.width };
	struct cells cells;

	v->rows =
		(struct area){ area.y + TABLE_HEAD, area.x, area.height - TABLE_HEAD, area.width };
	scroll_rows(v, v->rows.height);
	if (make_cells(v, &cells, v->rows.height)) {
		arrange_columns(v, area.width);
		draw_headline(s, area);
		if (area.height > HEAD_LINE)
			draw_columns(s, head);
		if (!cells.rows)
			grid_format(&s->grid, v->rows, 0, STYLE_DIM, "%s",
			            v->terms.count ? "no row meets the terms"
			                           : "the state here has none");
		draw_cells(s, &cells, v->rows);
	}
	free(cells.at);
	kmeta_buffer_release(&cells.text);
}

void table_draw(struct screen *s, struct area area)
{
	if (table_is_free(s)) {
		draw_rows(s, area);
		keep_picture(s, area);
	} else if (job_is_running(&s->model->task.job)) {
		draw_picture(s, area);
	} else {
		grid_format(&s->grid, area, 0, STYLE_DIM, "there is no table here: Enter makes it");
	}
}
