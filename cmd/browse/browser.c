/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c: the views of kmeta-browse, and the loop that shows them. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "browser.h"
#include "past.h"

enum { BUSY_MILLISECONDS = 50, IDLE_MILLISECONDS = 500 };

static const struct view *const browser_views[VIEWS] = {
	[VIEW_LOG] = &log_view,
	[VIEW_RECORD] = &record_view,
	[VIEW_STATE] = &state_view,
	[VIEW_TABLE] = &table_view,
	[VIEW_HISTORY] = &history_view,
	[VIEW_DIFF] = &diff_view,
	[VIEW_STATISTICS] = &statistics_view,
	[VIEW_EVENTS] = &events_view,
	[VIEW_NODES] = &nodes_view,
	[VIEW_HELP] = &help_view,
};

bool browser_has_action(const char *name)
{
	for (size_t i = 0; i < VIEWS + 1; i++) {
		const struct bindings bindings =
			i < VIEWS ? browser_views[i]->bindings : browser_bindings;

		for (size_t j = 0; j < bindings.count; j++)
			if (bindings.at[j].name && !strcmp(bindings.at[j].name, name))
				return true;
	}
	return false;
}

/* ---- beginning and end ---- */

static bool new_states(struct screen *s)
{
	bool room = true;

	for (size_t i = 0; i < VIEWS; i++) {
		if (!browser_views[i]->state_size)
			continue;
		s->states[i] = calloc(1, browser_views[i]->state_size);
		room &= s->states[i] != NULL;
	}
	return room;
}

enum kmeta_status browser_open(struct browser *b, struct kmeta_finding *why)
{
	struct screen *s = &b->screen;

	s->model = &b->model;
	s->views = browser_views;
	s->everywhere = browser_bindings;
	s->own = &b->own_keys;
	s->count = -1;
	s->wanted = VIEWS;
	s->wish.table = KMETA_ENTITY_KINDS;
	b->prompt.complete = complete_prompt;
	b->model.address = b->common.address;
	b->model.dialect = b->common.dialect;
	b->model.flags = b->common.flags;
	if (new_states(s))
		return model_open(&b->model, why);
	*why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
		                       .position = -1,
		                       .offset = -1,
		                       .message = "out of memory" };
	return KMETA_FAILED;
}

/* The task may use the memory of a view, so stop it first. */
void browser_close(struct browser *b)
{
	task_stop(&b->model);
	for (size_t i = 0; i < VIEWS; i++) {
		if (b->screen.states[i] && browser_views[i]->close)
			browser_views[i]->close(&b->screen);
		free(b->screen.states[i]);
	}
	prompt_release(&b->prompt);
	wish_release(&b->screen.wish);
	way_clear(&b->screen.way);
	free(b->screen.sought.path);
	model_close(&b->model);
	grid_release(&b->screen.grid);
}

/* ---- the loop ---- */

static bool browser_tick(struct browser *b, bool wait)
{
	const bool news = model_tick(&b->model, wait);

	browser_settle(b);
	return news;
}

/*
 * Presses the next key of --command if the one before it, and what is read behind the screen, has
 * had all of its effect. The screen was drawn since: some keys depend on its size.
 */
static bool press_next(struct browser *b)
{
	struct script *script = &b->script;

	if (!script->keys || !*script->keys || browser_is_busy(b))
		return false;
	browser_press(b, press_parse(&script->keys));
	return true;
}

/* The log is all that is shown, and all that goes on is the index. */
static bool awaits_index_alone(const struct browser *b)
{
	const struct model *m = &b->model;

	return b->screen.kind == VIEW_LOG && !(b->script.keys && *b->script.keys) &&
	       !b->screen.search_waits && !job_is_running(&m->task.job) &&
	       !job_is_running(&m->filter.job) && !job_is_running(&m->search.job) &&
	       !m->cursor.aim.reach;
}

static void press_without_terminal(struct browser *b)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	do {
		const bool looks_at_start = awaits_index_alone(b);

		browser_tick(b, !looks_at_start);
		browser_draw(b);
		/* The rest of a large log would change nothing on the screen. */
		if (looks_at_start && b->screen.is_certain)
			job_stop(&b->model.index->job);
		else if (looks_at_start && browser_is_busy(b))
			nanosleep(&pause, NULL);
	} while (!b->quit && (browser_is_busy(b) || press_next(b)));
	browser_draw(b);
}

/*
 * Keys that are typed while those of --command are pressed come behind them. Esc and ^C leave out
 * the rest of the command.
 */
static void take_key(struct browser *b, int key)
{
	struct script *script = &b->script;
	const bool waits = script->keys != NULL;

	if (waits && (key == PRESS_ESCAPE || key == CONTROL('c'))) {
		script->keys = NULL;
		script->typed_count = 0;
		key = CONTROL('c');
	} else if (waits) {
		if (key < PRESS_RESIZE && script->typed_count < TYPED_LIMIT)
			script->typed[script->typed_count++] = key;
		return;
	}
	browser_press(b, key);
}

static bool take_keys(struct browser *b)
{
	struct script *script = &b->script;
	bool any = false;
	int key;

	if (script->keys && !*script->keys && !browser_is_busy(b)) {
		script->keys = NULL;
		for (size_t i = 0; i < script->typed_count && !b->quit; i++)
			browser_press(b, script->typed[i]);
	}
	while (!b->quit && (key = terminal_key(b->terminal)) != PRESS_NONE) {
		take_key(b, key);
		any = true;
	}
	return any;
}

static void run_in_terminal(struct browser *b)
{
	bool changed = true;

	while (!b->quit && !terminal_ended()) {
		int width, height;

		terminal_size(b->terminal, &width, &height);
		if (!grid_resize(&b->screen.grid, width, height))
			return;
		if (changed) {
			browser_draw(b);
			terminal_draw(b->terminal, &b->screen.grid);
		}
		changed = press_next(b);
		if (!changed)
			terminal_wait(b->terminal, b->model.wake[0],
			              browser_is_busy(b) ? BUSY_MILLISECONDS : IDLE_MILLISECONDS);
		changed |= browser_tick(b, false);
		changed |= take_keys(b);
	}
}

static bool open_terminal(struct browser *b, const struct browser_wishes *wishes, int *width,
                          int *height)
{
	char why[160];

	*width = wishes->width;
	*height = wishes->height;
	if (wishes->print)
		return true;
	b->terminal = terminal_open(wishes->ground, why, sizeof(why));
	if (!b->terminal) {
		common_note(&b->common, "%s", why);
		return false;
	}
	terminal_size(b->terminal, width, height);
	b->model.is_interactive = true;
	return true;
}

/* A mistake in the file must not keep anyone from the log. */
static void take_own_keys(struct browser *b)
{
	struct kmeta_buffer path = { 0 };
	struct kmeta_finding why;

	if (own_keys_path(&path) && access(path.at, F_OK) == 0 &&
	    own_keys_read(&b->own_keys, path.at, browser_has_action, &why) != KMETA_OK)
		model_complain(&b->model, "%s: %s", path.at, why.message);
	kmeta_buffer_release(&path);
}

int browser_run(struct browser *b, const struct browser_wishes *wishes)
{
	int width, height;

	/* A time may be far ahead of the index: until then the start is shown. */
	cursor_move(&b->model, TO_START, 1);
	cursor_go_point(&b->model, wishes->point);
	browser_settle(b);
	if (!open_terminal(b, wishes, &width, &height) ||
	    !grid_resize(&b->screen.grid, width, height))
		return EXIT_TROUBLE;
	if (b->model.others_count)
		browser_show(b, VIEW_NODES);
	b->screen.focus = FOCUS_LOG;
	if (!wishes->print && !wishes->keys_file)
		take_own_keys(b);
	b->script.keys = wishes->keys && *wishes->keys ? wishes->keys : NULL;
	if (wishes->print) {
		press_without_terminal(b);
		grid_print(&b->screen.grid, 0, b->screen.grid.height, &b->common.out.buffer);
		return EXIT_CLEAN;
	}
	b->shows_hints = past_is_none();
	past_load(&b->prompt);
	run_in_terminal(b);
	terminal_close(b->terminal);
	return EXIT_CLEAN;
}
