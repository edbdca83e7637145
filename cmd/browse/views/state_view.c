/* SPDX-License-Identifier: Apache-2.0 */
/* state_view.c: the state after the record under the log's cursor, as a tree. */
#include <stdlib.h>
#include <string.h>

#include "../../changes.h"
#include "state.h"

/* ---- the task ---- */

static bool see_change_of_record(void *context, const struct kmeta_event *event)
{
	struct screen *s = context;
	const struct changes changes = { .out = &state_of(s)->changes, .flags = s->model->flags };
	struct kmeta_buffer path = { 0 };

	kmeta_entity_path(&path, changes_entity(&event->change), s->model->flags);
	if (!path.failed && !key_set_has(&state_of(s)->changed, kmeta_buffer_bytes(&path)))
		path.failed = !key_set_toggle(&state_of(s)->changed, kmeta_buffer_bytes(&path));
	changes_text(&changes, &event->change);
	kmeta_buffer_add(&state_of(s)->changes, "\n", 1);
	kmeta_buffer_release(&path);
	return true;
}

static bool state_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static enum kmeta_status find_state(struct screen *s)
{
	struct state_state *view = state_of(s);
	const struct kmeta_reach_options options = { .size = sizeof(options),
		                                     .seen = see_change_of_record,
		                                     .watched = view->watched,
		                                     .progress = state_progress,
		                                     .context = s };
	const struct kmeta_point point = { .kind = s->model->is_checkpoint ? KMETA_POINT_END
		                                                           : KMETA_POINT_OFFSET,
		                           .value = view->wanted };

	key_set_release(&view->changed);
	view->changes.size = 0;
	view->shown = 0;
	/* A checkpoint has the same state on every row. */
	if (s->model->is_checkpoint && view->image)
		return KMETA_OK;
	return kmeta_timeline_state(s->model->index->timeline, s->model->task.pages, point,
	                            &view->image, &options, &s->model->task.why);
}

static void state_work(struct job *job, void *context)
{
	struct screen *s = context;
	struct state_state *view = state_of(s);
	const unsigned flags = s->model->flags;

	if ((view->shown != view->wanted || view->shown_flags != flags || !view->image) &&
	    find_state(s) != KMETA_OK) {
		s->model->task.failed = true;
		return;
	}
	state_tree_build(view, s->model, job);
	if (!job_should_stop(job)) {
		view->shown = view->wanted;
		view->shown_flags = flags;
	}
}

static void state_done(void *context)
{
	struct screen *s = context;
	struct outline_line *line;
	bool first;

	if (s->model->task.failed) {
		content_clear(&state_of(s)->made);
		line = content_line(&state_of(s)->made, 0, "", "the state here is unknown: %s",
		                    s->model->task.why.message);
		if (line)
			line->style = STYLE_BOLD | (unsigned)RED;
	}
	first = !state_of(s)->outline.content.count;
	outline_take(&state_of(s)->outline, &state_of(s)->made);
	if (state_of(s)->aim)
		outline_go(&state_of(s)->outline,
		           (struct kmeta_bytes){ (const uint8_t *)state_of(s)->aim,
		                                 strlen(state_of(s)->aim) });
	free(state_of(s)->aim);
	state_of(s)->aim = NULL;
	/* Begin with the changes of the record: users look for them first. */
	if (first && state_of(s)->outline.content.count > 1)
		state_of(s)->outline.cursor = 1;
	state_steps_stay(state_of(s));
}

static void state_refresh(struct screen *s)
{
	task_begin(s->model, "finding the state", state_work, state_done, s);
}

static void state_follow(struct screen *s)
{
	if (!s->model->cursor.there || s->model->cursor.end_offset < 0)
		return;
	task_stop(s->model);
	state_of(s)->wanted = s->model->cursor.end_offset;
	state_of(s)->watched = s->model->cursor.is_damage ? INT64_MAX : s->model->cursor.offset;
	state_refresh(s);
}

/* ---- keys ---- */

static void state_move(struct screen *s, enum motion motion, int64_t count)
{
	state_of(s)->steps.left |= motion != TO_LEFT && motion != TO_RIGHT;
	outline_move(&state_of(s)->outline, motion, count);
}

static bool state_search(struct screen *s, bool backwards)
{
	state_of(s)->steps.left = true;
	return outline_search(&state_of(s)->outline, s->model->search.pattern, backwards);
}

static bool open_above(struct outline *o, const char *path)
{
	for (size_t i = 1; path[i]; i++) {
		const struct kmeta_bytes key = { (const uint8_t *)path, i };

		if (path[i] == '/' && !key_set_has(&o->toggled, key) &&
		    !key_set_toggle(&o->toggled, key))
			return false;
	}
	return true;
}

/* In a line of changes, the path follows the sign. */
static bool leads_to(struct kmeta_bytes change, const char *path)
{
	const size_t size = strlen(path);

	return change.size >= size + 2 && !memcmp(change.data + 2, path, size) &&
	       (change.size == size + 2 || change.data[size + 2] == ' ');
}

/* A line is in the tree only if all lines above it are open. */
static void go_to_changed(struct screen *s, struct kmeta_bytes change)
{
	const struct key_set *changed = &state_of(s)->changed;
	size_t i = 0;

	while (i < changed->count && !leads_to(change, changed->keys[i]))
		i++;
	if (i == changed->count || !open_above(&state_of(s)->outline, changed->keys[i]))
		return;
	state_of(s)->steps.left = true;
	free(state_of(s)->aim);
	state_of(s)->aim = strdup(changed->keys[i]);
	state_refresh(s);
}

static void state_toggle(struct screen *s)
{
	struct outline *o = &state_of(s)->outline;
	const struct outline_line *line = outline_at(o);

	if (!line)
		return;
	/* A task may be using the set of open lines and the list of changes. */
	task_stop(s->model);
	if (!line->foldable) {
		if (!line->key_size)
			go_to_changed(s, content_text_of(&o->content, line));
		return;
	}
	if (key_set_toggle(&o->toggled, content_key_of(&o->content, line)))
		state_refresh(s);
}

static void log_down(struct screen *s)
{
	cursor_move(s->model, LINE_DOWN, s->count > 0 ? s->count : 1);
}

static void log_up(struct screen *s)
{
	cursor_move(s->model, LINE_UP, s->count > 0 ? s->count : 1);
}

static const struct binding state_keys[] = {
	{ '\n', "Enter", "fold or unfold; from a change, to what it changed", state_toggle },
	{ 'J', "J K", "the record behind, the one before: the state goes along", log_down },
	{ 'K', NULL, NULL, log_up },
};

/* ---- the view ---- */

static struct outline *state_outline(struct screen *s)
{
	return &state_of(s)->outline;
}

static void state_forget(struct screen *s)
{
	struct state_state *state = state_of(s);

	kmeta_image_free(state->image);
	state->image = NULL;
	state->shown = state->wanted = 0;
	free(state->steps.target);
	state->steps = (struct steps){ 0 };
}

static void state_close(struct screen *s)
{
	struct state_state *state = state_of(s);

	state_forget(s);
	outline_release(&state->outline);
	content_release(&state->made);
	key_set_release(&state->changed);
	kmeta_buffer_release(&state->changes);
	free(state->aim);
}

static void state_draw(struct screen *s, struct area area)
{
	outline_draw(&state_of(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

const struct view state_view = {
	.title = "state",
	.hint = "Enter open  [ ] its changes  J K record  / search  z alone  q close  ? help",
	.state_size = sizeof(struct state_state),
	.bindings = { state_keys, sizeof(state_keys) / sizeof(state_keys[0]) },
	.open = state_follow,
	.follow = state_follow,
	.draw = state_draw,
	.move = state_move,
	.search = state_search,
	.step = state_step,
	.outline = state_outline,
	.forget = state_forget,
	.close = state_close,
};
