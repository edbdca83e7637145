/* SPDX-License-Identifier: Apache-2.0 */
/* history_view.c: every change of an entity as a list, from which a record can be gone to. */
#include <stdlib.h>
#include <string.h>

#include "../../changes.h"
#include "state.h"
#include "way.h"

/* So many changes are kept, and up to twice as many while they are looked for. */
enum { CHANGES_KEPT = 20000 };

struct history_state {
	struct outline outline;
	struct content made; /* built by the task, shown when it is done */
	char *path;          /* of the entity; NULL: none yet */
	size_t left_out;     /* older changes that are not kept */
};

static struct history_state *shown_history(const struct screen *s)
{
	return s->states[VIEW_HISTORY];
}

/* ---- the task ---- */

/* Drops the older half of the changes. False: out of memory. */
static bool drop_older(struct history_state *h)
{
	struct content kept = { 0 };

	for (size_t i = h->made.count - CHANGES_KEPT; i < h->made.count; i++) {
		const struct outline_line *line = &h->made.lines[i];
		const struct kmeta_bytes text = content_text_of(&h->made, line);
		struct outline_line *copy = content_begin(&kept, 0, content_key_of(&h->made, line));

		if (!copy) {
			content_release(&kept);
			return false;
		}
		copy->style = line->style;
		copy->from = line->from;
		kmeta_buffer_add(&kept.bytes, text.data, text.size);
		content_end(&kept);
	}
	h->left_out += h->made.count - CHANGES_KEPT;
	content_release(&h->made);
	h->made = kept;
	return true;
}

static bool see_history(void *context, const struct kmeta_event *event)
{
	static const unsigned colors[] = { [ADDED] = GREEN, [REMOVED] = RED, [CHANGED] = 0 };
	struct screen *s = context;
	struct history_state *h = shown_history(s);
	const unsigned flags = s->model->flags | KMETA_SHOW_NARROW;
	const struct changes changes = { .out = &h->made.bytes, .flags = s->model->flags };
	struct kmeta_buffer key = { 0 };
	struct outline_line *line;

	if (h->made.count == 2 * CHANGES_KEPT && !drop_older(h))
		return false;
	kmeta_buffer_format(&key, "%lld ", (long long)event->record->offset);
	kmeta_entity_path(&key, changes_entity(&event->change), s->model->flags);
	line = content_begin(&h->made, 0, kmeta_buffer_bytes(&key));
	kmeta_buffer_release(&key);
	if (!line)
		return false;
	/* What no record of the log did is no place to go to. */
	line->from = event->by ? event->record->offset : -1;
	line->style = event->by ? colors[changes_what(&event->change)] : STYLE_DIM;
	kmeta_buffer_format(&h->made.bytes, "%10lld  ", (long long)event->record->offset);
	kmeta_print_time(&h->made.bytes, event->record->timestamp, flags);
	kmeta_buffer_format(&h->made.bytes, "  ");
	if (!event->by)
		kmeta_buffer_format(&h->made.bytes, "(there at the start) ");
	changes_text(&changes, &event->change);
	content_end(&h->made);
	return !job_should_stop(&s->model->task.job);
}

static bool history_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static void history_work(struct job *job, void *context)
{
	struct screen *s = context;
	struct history_state *h = shown_history(s);
	const char *targets[] = { h->path };
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = targets,
		                                       .targets_count = 1,
		                                       .dialect = s->model->dialect,
		                                       .seen = see_history,
		                                       .progress = history_progress,
		                                       .context = s };
	struct kmeta_history_span span;

	(void)job;
	content_clear(&h->made);
	h->left_out = 0;
	s->model->task.failed = kmeta_history(s->model->index->address, &options, &span,
	                                      &s->model->task.why) != KMETA_OK;
}

/* The change that made the state at the log's cursor. */
static size_t change_at_cursor(const struct screen *s, const struct content *content)
{
	size_t at = 0;

	for (size_t i = 0; i < content->count; i++)
		if (content->lines[i].from < s->model->cursor.end_offset)
			at = i;
	return at;
}

static void history_done(void *context)
{
	struct screen *s = context;
	struct history_state *h = shown_history(s);
	const size_t changes = h->made.count;

	if (s->model->task.failed) {
		struct outline_line *line;

		content_clear(&h->made);
		line = content_line(&h->made, 0, "", "its history is unknown: %s",
		                    s->model->task.why.message);
		if (line)
			line->style = STYLE_BOLD | (unsigned)RED;
	} else if (!changes) {
		content_line(&h->made, 0, "", "no record that is left changed it");
	} else if (h->left_out) {
		model_say(s->model, "the last %zu of %zu changes: kmeta-history tells all", changes,
		          changes + h->left_out);
	} else {
		model_say(s->model, changes == 1 ? "%zu change" : "%zu changes", changes);
	}
	outline_take(&h->outline, &h->made);
	h->outline.cursor = change_at_cursor(s, &h->outline.content);
}

static void history_start(struct screen *s)
{
	task_stop(s->model);
	if (shown_history(s)->path)
		task_begin(s->model, "looking for its changes", history_work, history_done, s);
}

static void history_open(struct screen *s)
{
	struct history_state *h = shown_history(s);

	if (s->wish.path) {
		task_stop(s->model);
		free(h->path);
		h->path = s->wish.path;
		s->wish.path = NULL;
		outline_release(&h->outline);
		h->outline = (struct outline){ 0 };
	}
	history_start(s);
}

/* ---- keys ---- */

static void go_to_change(struct screen *s)
{
	const struct outline_line *line = outline_at(&shown_history(s)->outline);

	if (!line || line->from < 0) {
		model_say(s->model, "no record of this log did that");
		return;
	}
	way_push(s);
	cursor_go_offset(s->model, line->from);
	s->wanted = VIEW_RECORD;
}

static const struct binding history_keys[] = {
	{ '\n', "Enter", "the record that made the change", go_to_change, "open" },
	WAY_KEYS,
};

/* ---- the view ---- */

static void history_name(const struct screen *s, struct kmeta_buffer *out)
{
	const struct history_state *h = shown_history(s);

	kmeta_buffer_format(out, "history of %s", h->path ? h->path : "nothing");
}

/* The state knows it only if it is still there. */
static bool history_choose(struct screen *s, struct choice *choice)
{
	const struct state_state *state = state_of(s);

	return shown_history(s)->path && state->image && !job_is_running(&s->model->task.job) &&
	       choice_find(choice, state->image, shown_history(s)->path, s->model->flags);
}

static void history_keep(struct screen *s, struct wish *wish)
{
	wish->path = shown_history(s)->path ? strdup(shown_history(s)->path) : NULL;
}

static struct outline *history_outline(struct screen *s)
{
	return &shown_history(s)->outline;
}

static void history_draw(struct screen *s, struct area area)
{
	outline_draw(&shown_history(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

static void history_close(struct screen *s)
{
	free(shown_history(s)->path);
	outline_release(&shown_history(s)->outline);
	content_release(&shown_history(s)->made);
}

const struct view history_view = {
	.title = "history",
	.hint = "Enter its record  b p l jumps  / search  Backspace back  q close  ? help",
	.state_size = sizeof(struct history_state),
	.bindings = { history_keys, sizeof(history_keys) / sizeof(history_keys[0]) },
	.open = history_open,
	.draw = history_draw,
	.choose = history_choose,
	.keep = history_keep,
	.name = history_name,
	.outline = history_outline,
	.close = history_close,
};
