/* SPDX-License-Identifier: Apache-2.0 */
/* state_view.c: the state after the record under the log's cursor, as a tree. */
#include <stdlib.h>
#include <string.h>

#include "../../changes.h"
#include "state.h"
#include "way.h"

/* In which row of the view what was jumped to comes. */
enum { AIM_ROW = 2 };

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
	view->number++;
	return kmeta_timeline_state(s->model->index->timeline, s->model->task.pages, point,
	                            &view->image, &options, &s->model->task.why);
}

bool state_have(struct screen *s, struct job *job)
{
	struct state_state *view = state_of(s);
	const unsigned flags = s->model->flags;

	if (view->shown == view->wanted && view->shown_flags == flags && view->image)
		return true;
	s->model->task.failed = find_state(s) != KMETA_OK;
	if (s->model->task.failed || job_should_stop(job))
		return false;
	view->shown = view->wanted;
	view->shown_flags = flags;
	return true;
}

static void state_work(struct job *job, void *context)
{
	struct screen *s = context;

	if (state_have(s, job))
		state_tree_build(state_of(s), s->model, job);
}

/* Goes to where a jump leads. False: nowhere. */
static bool take_aim(struct screen *s)
{
	struct state_state *state = state_of(s);
	struct outline *o = &state->outline;
	const char *aim = state->aim;
	bool found;

	if (!aim)
		return false;
	found = outline_go(o, (struct kmeta_bytes){ (const uint8_t *)aim, strlen(aim) });
	if (found && state->aim_above)
		o->top = o->cursor > AIM_ROW ? o->cursor - AIM_ROW : 0;
	else if (state->aim_above)
		model_say(s->model, "the state here does not have %s", aim);
	free(state->aim);
	state->aim = NULL;
	state->aim_above = false;
	return found;
}

static void state_done(void *context)
{
	struct screen *s = context;
	struct outline_line *line;
	bool first, aimed;

	if (s->model->task.failed) {
		content_clear(&state_of(s)->made);
		line = content_line(&state_of(s)->made, 0, "", "the state here is unknown: %s",
		                    s->model->task.why.message);
		if (line)
			line->style = STYLE_BOLD | (unsigned)RED;
	}
	first = !state_of(s)->outline.content.count;
	outline_take(&state_of(s)->outline, &state_of(s)->made);
	aimed = take_aim(s);
	/* Begin with the changes of the record: users look for them first. */
	if (first && !aimed && state_of(s)->outline.content.count > 1)
		state_of(s)->outline.cursor = 1;
	state_steps_stay(state_of(s));
}

static void state_refresh(struct screen *s)
{
	task_begin(s->model, "finding the state", state_work, state_done, s);
}

bool state_want(struct screen *s)
{
	if (!s->model->cursor.there || s->model->cursor.end_offset < 0)
		return false;
	task_stop(s->model);
	state_of(s)->wanted = s->model->cursor.end_offset;
	state_of(s)->watched = s->model->cursor.is_damage ? INT64_MAX : s->model->cursor.offset;
	return true;
}

static void state_follow(struct screen *s)
{
	if (state_want(s))
		state_refresh(s);
}

/* ---- keys ---- */

static void state_move(struct screen *s, enum motion motion, int64_t count)
{
	state_of(s)->steps.left |= motion != TO_LEFT && motion != TO_RIGHT;
	outline_move(&state_of(s)->outline, motion, count);
}

/* The key of a field is the path of its entity, a newline, and its name. */
static bool open_above(struct outline *o, const char *path)
{
	for (size_t i = 1; *path && path[i]; i++) {
		const struct kmeta_bytes key = { (const uint8_t *)path, i };

		if ((path[i] == '/' || path[i] == '\n') && !key_set_has(&o->toggled, key) &&
		    !key_set_toggle(&o->toggled, key))
			return false;
	}
	return true;
}

/*
 * Goes to the line with a key, or a number if it has none. A line is in the tree only if all lines
 * above it are open.
 */
static void state_go(struct screen *s, const char *key, size_t number)
{
	if (!open_above(&state_of(s)->outline, key))
		return;
	state_of(s)->steps.left = true;
	if (!*key)
		state_of(s)->outline.cursor = number;
	free(state_of(s)->aim);
	state_of(s)->aim = *key ? strdup(key) : NULL;
	state_refresh(s);
}

/* Goes to the entity that a jump leads to. */
static void state_open(struct screen *s)
{
	struct outline *o = &state_of(s)->outline;
	char *path = s->wish.path;
	const struct kmeta_bytes key = { (const uint8_t *)path, path ? strlen(path) : 0 };

	task_stop(s->model);
	if (path && open_above(o, path)) {
		if (s->wish.unfolded && !key_set_has(&o->toggled, key) &&
		    !key_set_toggle(&o->toggled, key))
			model_complain(s->model, "out of memory");
		state_of(s)->steps.left = true;
		free(state_of(s)->aim);
		state_of(s)->aim = path;
		state_of(s)->aim_above = true;
		s->wish.path = NULL;
	}
	state_follow(s);
}

static char *state_path(struct screen *s)
{
	const struct outline *o = &state_of(s)->outline;
	const struct outline_line *line = outline_at(o);
	const struct kmeta_bytes key =
		line ? content_key_of(&o->content, line) : (struct kmeta_bytes){ 0 };
	char *path = key.size ? strndup((const char *)key.data, key.size) : NULL;
	const char *of_problem = path ? state_problem_path(path) : NULL;

	if (of_problem)
		memmove(path, of_problem, strlen(of_problem) + 1);
	if (path)
		path[strcspn(path, "\n")] = '\0';
	return path;
}

/* The tree knows paths only, so find the entity in the state, which no task may change meanwhile. */
static bool state_choose(struct screen *s, struct choice *choice)
{
	char *path = state_path(s);
	bool found = false;

	if (path && !job_is_running(&s->model->task.job) && state_of(s)->image)
		found = choice_find(choice, state_of(s)->image, path, s->model->flags);
	free(path);
	return found;
}

static void state_keep(struct screen *s, struct wish *wish)
{
	wish->path = state_path(s);
}

/* In a line of changes, the path follows the sign. */
static bool leads_to(struct kmeta_bytes change, const char *path)
{
	const size_t size = strlen(path);

	return change.size >= size + 2 && !memcmp(change.data + 2, path, size) &&
	       (change.size == size + 2 || change.data[size + 2] == ' ');
}

static void go_to_changed(struct screen *s, struct kmeta_bytes change)
{
	const struct key_set *changed = &state_of(s)->changed;
	size_t i = 0;

	while (i < changed->count && !leads_to(change, changed->keys[i]))
		i++;
	if (i < changed->count)
		state_go(s, changed->keys[i], 0);
}

/* From a problem to the entity that has it. */
static void go_to_entity(struct screen *s, struct kmeta_bytes key)
{
	char *copy = strndup((const char *)key.data, key.size);
	const char *path = copy ? state_problem_path(copy) : NULL;

	if (path && *path)
		state_go(s, path, 0);
	free(copy);
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
		if (line->key_size)
			go_to_entity(s, content_key_of(&o->content, line));
		else
			go_to_changed(s, content_text_of(&o->content, line));
		return;
	}
	if (key_set_toggle(&o->toggled, content_key_of(&o->content, line)))
		state_refresh(s);
}

/* ---- searching ---- */

static void search_state_work(struct job *job, void *context)
{
	struct screen *s = context;

	if (state_have(s, job))
		state_tree_search(state_of(s), s->model, job);
}

static void search_state_done(void *context)
{
	struct screen *s = context;
	struct tree_search *search = &state_of(s)->search;

	if (s->model->task.failed) {
		model_complain(s->model, "the state cannot be told here: %s",
		               s->model->task.why.message);
		return;
	}
	kmeta_buffer_add(&search->found, "", 1);
	if (search->was_found && !search->found.failed)
		state_go(s, search->found.at, search->found_number);
	search_say(s->model, search->was_found, search->wrapped);
}

static void tree_search_release(struct tree_search *search)
{
	pattern_free(search->pattern);
	free(search->from);
	kmeta_buffer_release(&search->found);
	*search = (struct tree_search){ 0 };
}

/* Closed branches are not built, so the image is searched and not the lines. */
static void state_search(struct screen *s, bool backwards)
{
	const struct outline *o = &state_of(s)->outline;
	const struct outline_line *line = outline_at(o);
	struct tree_search *search = &state_of(s)->search;
	char why[64];

	task_stop(s->model);
	tree_search_release(search);
	search->backwards = backwards;
	search->pattern = pattern_new(pattern_text(s->model->search.pattern), why, sizeof(why));
	search->from_number = o->cursor;
	if (line && line->key_size)
		search->from = strndup((const char *)content_key_of(&o->content, line).data,
		                       line->key_size);
	if (!search->pattern || (line && line->key_size && !search->from))
		model_complain(s->model, "out of memory");
	else
		task_begin(s->model, "searching", search_state_work, search_state_done, s);
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
	{ '\n', "Enter", "fold or unfold; from a change or a problem, to what it is of",
	  state_toggle, "open" },
	{ 'J', "J K", "the record behind, the one before: the state goes along", log_down,
	  "next-record" },
	{ 'K', NULL, NULL, log_up, "previous-record" },
	WAY_KEYS,
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
	tree_search_release(&state->search);
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
	.hint = "Enter open  [ ] its changes  b p l o jumps  J K record  / search  q close  ? help",
	.state_size = sizeof(struct state_state),
	.bindings = { state_keys, sizeof(state_keys) / sizeof(state_keys[0]) },
	.open = state_open,
	.follow = state_follow,
	.choose = state_choose,
	.keep = state_keep,
	.draw = state_draw,
	.move = state_move,
	.search = state_search,
	.step = state_step,
	.outline = state_outline,
	.forget = state_forget,
	.close = state_close,
};
