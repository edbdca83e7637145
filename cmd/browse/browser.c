/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c: the views of kmeta-browse, and the loop that shows them. */
#include <stdlib.h>

#include "browser.h"

enum { BUSY_MILLISECONDS = 50, IDLE_MILLISECONDS = 500 };

static const struct view *const browser_views[VIEWS] = {
	[VIEW_LOG] = &log_view,   [VIEW_RECORD] = &record_view,         [VIEW_STATE] = &state_view,
	[VIEW_DIFF] = &diff_view, [VIEW_STATISTICS] = &statistics_view, [VIEW_HELP] = &help_view,
};

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
	s->count = -1;
	s->wanted = VIEWS;
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

/* Each key waits for the work that the key before it began. */
static void press_keys(struct browser *b, const char *keys)
{
	while (*keys && !b->quit) {
		const int key = press_parse(&keys);

		browser_tick(b, !b->terminal);
		browser_draw(b);
		browser_press(b, key);
		browser_tick(b, !b->terminal);
	}
}

static void run_in_terminal(struct browser *b)
{
	bool changed = true;

	while (!b->quit && !terminal_ended()) {
		int width, height, key;

		terminal_size(b->terminal, &width, &height);
		if (!grid_resize(&b->screen.grid, width, height))
			return;
		if (changed) {
			browser_draw(b);
			terminal_draw(b->terminal, &b->screen.grid);
		}
		terminal_wait(b->terminal, b->model.wake[0],
		              changed && model_is_busy(&b->model) ? BUSY_MILLISECONDS
		                                                  : IDLE_MILLISECONDS);
		changed = browser_tick(b, false);
		while ((key = terminal_key(b->terminal)) != PRESS_NONE && !b->quit) {
			browser_press(b, key);
			changed = true;
		}
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
	b->terminal = terminal_open(wishes->color, why, sizeof(why));
	if (!b->terminal) {
		common_note(&b->common, "%s", why);
		return false;
	}
	terminal_size(b->terminal, width, height);
	b->model.is_interactive = true;
	return true;
}

int browser_run(struct browser *b, const struct browser_wishes *wishes)
{
	int width, height;

	/* Nobody can try again before there is a screen, so wait for the index. */
	if (wishes->point.kind == KMETA_POINT_TIME)
		job_wait(&b->model.index->job, -1);
	cursor_go_point(&b->model, wishes->point);
	browser_settle(b);
	if (!open_terminal(b, wishes, &width, &height) ||
	    !grid_resize(&b->screen.grid, width, height))
		return EXIT_TROUBLE;
	if (wishes->keys)
		press_keys(b, wishes->keys);
	browser_tick(b, wishes->print);
	if (wishes->print) {
		browser_draw(b);
		grid_print(&b->screen.grid, 0, b->screen.grid.height, &b->common.out.buffer);
		return EXIT_CLEAN;
	}
	run_in_terminal(b);
	terminal_close(b->terminal);
	return EXIT_CLEAN;
}
