/* SPDX-License-Identifier: Apache-2.0 */
/* table_view.c: the state as tables: its rows, how they are sorted and chosen, and the keys for it. */
#include "table_view.h"

#include <stdlib.h>
#include <string.h>

#include "way.h"

/* ---- columns ---- */

/* Sorting stays: a task may be at it. */
static void look_reset(struct table_look *look, const struct table_kind *about)
{
	look->count = look->chosen = look->first = 0;
	for (size_t i = 0; i < about->count && i < TABLE_COLUMNS; i++)
		if (!(about->columns[i].flags & COLUMN_HIDDEN))
			look->columns[look->count++] = i;
}

/* ---- the tasks: what they need is the view's, and not the table's ---- */

/* What a task has to do. */
enum { MAKE_TABLE, CHOOSE_ROWS, SORT_ROWS };

static bool make_table(struct screen *s, struct job *job)
{
	struct table_state *v = table_of(s);
	const unsigned long before = state_of(s)->number;

	/* A state that steps on leaves nothing of the table. */
	if (v->table.list && v->number != before)
		table_close(&v->table);
	if (!state_have(s, job))
		return false;
	if (v->table.list && v->number == state_of(s)->number && v->table.kind == v->kind &&
	    v->table.flags == (s->model->flags & ~(unsigned)KMETA_SHOW_COLOR))
		return true;
	table_close(&v->table);
	v->number = state_of(s)->number;
	return table_open(&v->table, state_of(s)->image, v->kind, s->model->flags, job);
}

/* Without either, at the row where the cursor was. */
static void go_to_entity_row(struct table_state *v)
{
	struct kmeta_buffer path = { 0 };
	struct table_row row;
	size_t found;

	for (size_t i = 0; v->path && i < v->table.count; i++) {
		path.size = 0;
		if (!table_row(&v->table, i, &row))
			break;
		kmeta_entity_path(&path, row.entity, v->table.flags);
		if (path.size != strlen(v->path) || memcmp(path.at, v->path, path.size) != 0)
			continue;
		v->cursor = i;
		break;
	}
	if (!v->path && table_row_of(&v->table, kmeta_buffer_bytes(&v->key), &found))
		v->cursor = found;
	kmeta_buffer_release(&path);
}

static void run_table(struct screen *s, struct job *job, int from)
{
	struct table_state *v = table_of(s);
	const struct table_look *look = look_of(v);
	bool made = from > MAKE_TABLE || make_table(s, job);

	if (made && from <= CHOOSE_ROWS)
		made = table_choose(&v->table, &v->terms, job);
	if (made && look->sorted)
		made = table_sort(&v->table, look->by, look->down, job);
	/* What is sorted is read from its beginning. */
	if (made && from == SORT_ROWS)
		v->cursor = 0;
	else if (made)
		go_to_entity_row(v);
	if (!made && !s->model->task.failed && !job_should_stop(job)) {
		s->model->task.failed = true;
		s->model->task.why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
			                                     .message = "out of memory" };
	}
}

static void make_table_work(struct job *job, void *context)
{
	run_table(context, job, MAKE_TABLE);
}

static void choose_rows_work(struct job *job, void *context)
{
	run_table(context, job, CHOOSE_ROWS);
}

static void sort_rows_work(struct job *job, void *context)
{
	run_table(context, job, SORT_ROWS);
}

static void table_done(void *context)
{
	struct screen *s = context;
	struct table_state *v = table_of(s);

	v->ready = !s->model->task.failed;
	if (!v->ready)
		model_complain(s->model, "the table cannot be made: %s",
		               s->model->task.why.message);
	free(v->path);
	v->path = NULL;
	v->key.size = 0;
}

/* Keeps the cursor on its entity, whatever row that will be. */
static void keep_entity(struct screen *s)
{
	struct table_state *v = table_of(s);
	struct table_row row;

	if (!table_is_free(s) || !table_row(&v->table, v->cursor, &row))
		return;
	v->key.size = 0;
	kmeta_buffer_add(&v->key, row.entity->key.data, row.entity->key.size);
}

static void table_start(struct screen *s, int from)
{
	static const struct {
		const char *what;
		job_work *work;
	} tasks[] = { [MAKE_TABLE] = { "making the table", make_table_work },
		      [CHOOSE_ROWS] = { "choosing rows", choose_rows_work },
		      [SORT_ROWS] = { "sorting", sort_rows_work } };
	struct table_state *v = table_of(s);

	keep_entity(s);
	task_stop(s->model);
	v->ready &= from > MAKE_TABLE;
	/* Stopped before it was there: make it first. */
	if (!v->ready && from > MAKE_TABLE)
		from = MAKE_TABLE;
	if (from == MAKE_TABLE && !state_want(s))
		return;
	task_begin(s->model, tasks[from].what, tasks[from].work, table_done, s);
}

/* After a step to a change of an entity, the cursor is to be on that one again. */
static void table_follow(struct screen *s)
{
	const struct steps *steps = &state_of(s)->steps;
	struct table_state *v = table_of(s);

	if (steps->target && !steps->left) {
		task_stop(s->model);
		free(v->path);
		v->path = strdup(steps->target);
	}
	table_start(s, MAKE_TABLE);
}

/* ---- terms ---- */

static bool set_terms(struct screen *s, const char *text)
{
	struct table_state *v = table_of(s);
	struct table_terms terms;
	char why[400];

	if (!table_terms_parse(&terms, table_kind(v->kind), text ? text : "", why, sizeof(why))) {
		model_complain(s->model, "%s", why);
		return false;
	}
	task_stop(s->model);
	table_terms_release(&v->terms);
	v->terms = terms;
	free(v->text);
	v->text = terms.count ? strdup(text) : NULL;
	return true;
}

/* ---- opening ---- */

static void take_wish(struct screen *s)
{
	struct table_state *v = table_of(s);
	struct wish *wish = &s->wish;

	if (wish->table == KMETA_ENTITY_KINDS)
		return;
	task_stop(s->model);
	if (wish->table != v->kind || !v->ready) {
		v->ready = false;
		v->cursor = v->top = 0;
	}
	v->kind = wish->table;
	if (!look_of(v)->count)
		look_reset(look_of(v), table_kind(v->kind));
	if (!set_terms(s, wish->terms))
		set_terms(s, NULL);
	v->key.size = 0;
	free(v->path);
	v->path = wish->path;
	wish->path = NULL;
}

static void table_view_open(struct screen *s)
{
	struct table_state *v = table_of(s);

	take_wish(s);
	state_of(s)->steps.left = true;
	if (!look_of(v)->count)
		look_reset(look_of(v), table_kind(v->kind));
	if (v->path) {
		task_stop(s->model);
		v->ready = false;
	}
	table_start(s, MAKE_TABLE);
}

/* ---- keys ---- */

/* Says that the table is not there yet, for keys that need it. */
static bool have_table(struct screen *s)
{
	if (table_is_free(s))
		return true;
	model_say(s->model, "the table is not ready yet");
	return false;
}

static bool table_choice(struct screen *s, struct choice *choice)
{
	struct table_row row;

	return table_is_free(s) && table_row(&table_of(s)->table, table_of(s)->cursor, &row) &&
	       choice_take(choice, row.entity, s->model->flags);
}

static void open_entity(struct screen *s)
{
	struct choice choice;

	if (!table_of(s)->ready && !job_is_running(&s->model->task.job)) {
		table_start(s, MAKE_TABLE);
		return;
	}
	if (!have_table(s) || !table_choice(s, &choice))
		return;
	way_push(s);
	wish_release(&s->wish);
	s->wish.path = choice.path;
	s->wish.unfolded = true;
	s->wanted = VIEW_STATE;
	choice.path = NULL;
	choice_release(&choice);
}

static void choose_column(struct screen *s, bool right)
{
	struct table_look *look = look_of(table_of(s));
	const int64_t by = s->count > 0 ? s->count : 1;

	for (int64_t i = 0; i < by; i++)
		if (right ? look->chosen + 1 < look->count : look->chosen > 0)
			look->chosen += right ? 1 : (size_t)-1;
		else
			break;
}

static void column_left(struct screen *s)
{
	choose_column(s, false);
}

static void column_right(struct screen *s)
{
	choose_column(s, true);
}

static void sort_by(struct screen *s, size_t column, bool down)
{
	struct table_look *look = look_of(table_of(s));

	if (!have_table(s))
		return;
	look->sorted = true;
	look->by = column;
	look->down = down;
	table_start(s, SORT_ROWS);
}

static void sort_up(struct screen *s)
{
	const struct table_look *look = look_of(table_of(s));

	sort_by(s, look->columns[look->chosen], false);
}

static void sort_down(struct screen *s)
{
	const struct table_look *look = look_of(table_of(s));

	sort_by(s, look->columns[look->chosen], true);
}

/* A table that is not sorted stands in the order of its first column. */
static void sort_other_way(struct screen *s)
{
	const struct table_look *look = look_of(table_of(s));

	sort_by(s, look->sorted ? look->by : look->columns[0], !look->sorted || !look->down);
}

static void hide_column(struct screen *s)
{
	struct table_look *look = look_of(table_of(s));
	const struct column *column;

	if (look->count < 2) {
		model_say(s->model, "it is the last column");
		return;
	}
	column = &table_kind(table_of(s)->kind)->columns[look->columns[look->chosen]];
	model_say(s->model, "%s is hidden: + shows it again", column->name);
	look->count--;
	memmove(look->columns + look->chosen, look->columns + look->chosen + 1,
	        (look->count - look->chosen) * sizeof(look->columns[0]));
	if (look->chosen == look->count)
		look->chosen--;
}

/* Behind the chosen one, or to where it is already. */
static void add_column(struct screen *s, const char *name)
{
	struct table_state *v = table_of(s);
	const struct table_kind *about = table_kind(v->kind);
	struct table_look *look = look_of(v);
	struct kmeta_buffer known = { 0 };
	size_t column, at = 0;

	if (!*name) {
		look_reset(look, about);
		return;
	}
	if (!table_column(about, name, strlen(name), &column)) {
		table_terms_known(&known, about);
		kmeta_buffer_add(&known, "", 1);
		model_complain(s->model, "there is no column '%s': known are %s", name,
		               known.failed ? "" : known.at);
		kmeta_buffer_release(&known);
		return;
	}
	while (at < look->count && look->columns[at] != column)
		at++;
	if (at == look->count) {
		at = look->chosen + 1;
		memmove(look->columns + at + 1, look->columns + at,
		        (look->count - at) * sizeof(look->columns[0]));
		look->columns[at] = column;
		look->count++;
	}
	look->chosen = at;
}

static void ask_column(struct screen *s)
{
	s->asks = '+';
}

static void ask_terms(struct screen *s)
{
	s->asks = '&';
}

static void table_enter(struct screen *s, char lead, const char *text)
{
	if (lead == '+')
		add_column(s, text);
	else if (set_terms(s, text))
		table_start(s, CHOOSE_ROWS);
}

static void table_log_down(struct screen *s)
{
	cursor_move(s->model, LINE_DOWN, s->count > 0 ? s->count : 1);
}

static void table_log_up(struct screen *s)
{
	cursor_move(s->model, LINE_UP, s->count > 0 ? s->count : 1);
}

static const struct binding table_keys[] = {
	{ '\n', "Enter", "the entity in the tree of the state", open_entity, "open" },
	WAY_KEYS,
	{ PRESS_LEFT, "Left Right, h", "choose a column", column_left, "column-left" },
	{ PRESS_RIGHT, NULL, NULL, column_right, "column-right" },
	{ 'h', NULL, NULL, column_left, NULL },
	{ '<', "< >", "sort by the chosen column, the smallest or the largest first", sort_up,
	  "sort" },
	{ '>', NULL, NULL, sort_down, "sort-down" },
	{ 'r', "r", "sort the other way round", sort_other_way, "reverse" },
	{ 'H', "H", "hide the chosen column", hide_column, "hide-column" },
	{ '+', "+", "show a column by its name; none: the columns as they were", ask_column,
	  "add-column" },
	{ '&', "&", "only rows that meet terms: leader=none rf<3 topic~svc isr<replicas", ask_terms,
	  "filter" },
	{ 'J', "J K", "the record behind, the one before: the table goes along", table_log_down,
	  "next-record" },
	{ 'K', NULL, NULL, table_log_up, "previous-record" },
};

/* ---- moving ---- */

static void table_step(struct table_state *v, int64_t rows)
{
	const int64_t last = (int64_t)v->table.count - 1;
	int64_t to = (int64_t)v->cursor + rows;

	to = to > last ? last : to;
	v->cursor = to < 0 ? 0 : (size_t)to;
}

static void table_move(struct screen *s, enum motion motion, int64_t count)
{
	struct table_state *v = table_of(s);
	const int64_t page = v->rows.height > 1 ? v->rows.height - 1 : 1;

	if (!table_is_free(s))
		return;
	state_of(s)->steps.left |= motion != TO_LEFT && motion != TO_RIGHT;
	/* The screen moves along, so that the cursor stays in its row of it. */
	if (motion == PAGE_DOWN || motion == PAGE_UP) {
		const int64_t top = (int64_t)v->top + (motion == PAGE_DOWN ? page : -page) * count;

		v->top = top < 0 ? 0 : (size_t)top;
	}
	switch (motion) {
	case LINE_DOWN:
	case LINE_UP:
		table_step(v, motion == LINE_DOWN ? count : -count);
		break;
	case HALF_DOWN:
	case HALF_UP:
		table_step(v, (motion == HALF_DOWN ? count : -count) * (page / 2 + 1));
		break;
	case PAGE_DOWN:
	case PAGE_UP:
		table_step(v, (motion == PAGE_DOWN ? count : -count) * page);
		break;
	case TO_START:
		v->cursor = 0;
		break;
	case TO_END:
		v->cursor = v->table.count ? v->table.count - 1 : 0;
		break;
	case TO_LEFT:
	case TO_RIGHT:
		choose_column(s, motion == TO_RIGHT);
		break;
	}
}

/* A click on a head sorts by its column; another one turns the order round. */
static void table_click(struct screen *s, int y, int x)
{
	struct table_state *v = table_of(s);
	struct table_look *look = look_of(v);

	if (!table_is_free(s))
		return;
	if (y >= v->rows.y && v->top + (size_t)(y - v->rows.y) < v->table.count)
		v->cursor = v->top + (size_t)(y - v->rows.y);
	state_of(s)->steps.left = true;
	for (size_t i = 0; i < v->slots_count && y <= v->rows.y; i++) {
		const struct table_slot *slot = &v->slots[i];
		const size_t column = look->columns[slot->at];

		if (x < slot->x || x >= slot->x + slot->width + 1)
			continue;
		look->chosen = slot->at;
		if (y == v->rows.y - 1)
			sort_by(s, column, look->sorted && look->by == column && !look->down);
		return;
	}
}

/* ---- searching ---- */

static void find_work(struct job *job, void *context)
{
	struct screen *s = context;

	table_look(&table_of(s)->table, &table_of(s)->search, job);
}

static void find_done(void *context)
{
	struct screen *s = context;
	struct table_state *v = table_of(s);

	if (v->search.found)
		v->cursor = v->search.row;
	search_say(s->model, v->search.found, v->search.wrapped);
}

static void table_search(struct screen *s, bool backwards)
{
	struct table_state *v = table_of(s);
	const struct table_look *look = look_of(v);
	char why[64];

	if (!have_table(s))
		return;
	pattern_free(v->pattern);
	v->pattern = pattern_new(pattern_text(s->model->search.pattern), why, sizeof(why));
	if (!v->pattern) {
		model_complain(s->model, "out of memory");
		return;
	}
	memcpy(v->searched, look->columns, sizeof(v->searched));
	v->search = (struct table_search){ .pattern = v->pattern,
		                           .columns = v->searched,
		                           .columns_count = look->count,
		                           .from = v->cursor,
		                           .backwards = backwards };
	task_begin(s->model, "searching", find_work, find_done, s);
}

/* ---- the view ---- */

static void table_name(const struct screen *s, struct kmeta_buffer *out)
{
	const struct table_state *v = table_of(s);

	kmeta_buffer_format(out, "%s", choice_word(v->kind));
	if (v->text)
		kmeta_buffer_format(out, " %s", v->text);
}

static void table_keep(struct screen *s, struct wish *wish)
{
	const struct table_state *v = table_of(s);
	struct choice choice;

	wish->table = v->kind;
	wish->terms = v->text ? strdup(v->text) : NULL;
	if (!table_choice(s, &choice))
		return;
	wish->path = choice.path;
	choice.path = NULL;
	choice_release(&choice);
}

static void table_forget(struct screen *s)
{
	table_of(s)->ready = false;
	table_close(&table_of(s)->table);
}

static void table_view_close(struct screen *s)
{
	struct table_state *v = table_of(s);

	table_forget(s);
	table_terms_release(&v->terms);
	pattern_free(v->pattern);
	free(v->text);
	free(v->path);
	kmeta_buffer_release(&v->key);
	grid_release(&v->picture);
}

const struct view table_view = {
	.title = "table",
	.hint = "Enter open  b p l o jumps  < > sort  & choose  / search  Backspace back  ? help",
	.state_size = sizeof(struct table_state),
	.bindings = { table_keys, sizeof(table_keys) / sizeof(table_keys[0]) },
	.log_share = 20,
	.open = table_view_open,
	.follow = table_follow,
	.draw = table_draw,
	.move = table_move,
	.search = table_search,
	.step = state_step,
	.choose = table_choice,
	.keep = table_keep,
	.name = table_name,
	.enter = table_enter,
	.click = table_click,
	.forget = table_forget,
	.close = table_view_close,
};
