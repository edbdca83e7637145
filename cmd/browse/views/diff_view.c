/* SPDX-License-Identifier: Apache-2.0 */
/* diff_view.c: the changes between a mark and the log's cursor. */
#include <string.h>

#include "../../changes.h"
#include "view.h"

struct diff_state {
	struct outline outline;
	struct content made; /* built by the task, shown when it is done */
	int64_t from, to, changes;
};

static struct diff_state *diff_of(const struct screen *s)
{
	return s->states[VIEW_DIFF];
}

static void diff_close(struct screen *s)
{
	outline_release(&diff_of(s)->outline);
	content_release(&diff_of(s)->made);
}

/* ---- the task ---- */

static bool see_difference(void *context, const struct kmeta_change *change)
{
	static const unsigned colors[] = { [ADDED] = GREEN, [REMOVED] = RED, [CHANGED] = YELLOW };
	struct screen *s = context;
	struct content *content = &diff_of(s)->made;
	const struct changes changes = { .out = &content->bytes, .flags = s->model->flags };
	struct kmeta_buffer path = { 0 };
	struct outline_line *line;

	kmeta_entity_path(&path, changes_entity(change), s->model->flags);
	line = content_begin(content, 0, kmeta_buffer_bytes(&path));
	kmeta_buffer_release(&path);
	if (!line)
		return false;
	line->style = colors[changes_what(change)];
	changes_text(&changes, change);
	content_end(content);
	diff_of(s)->changes++;
	return !job_should_stop(&s->model->task.job);
}

static bool diff_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static enum kmeta_status diff_compare(struct screen *s)
{
	const struct kmeta_reach_options options = { .size = sizeof(options),
		                                     .progress = diff_progress,
		                                     .context = s };
	const int64_t ends[2] = { diff_of(s)->from, diff_of(s)->to };
	struct kmeta_image *images[2] = { NULL, NULL };
	enum kmeta_status status = KMETA_OK;

	for (int i = 0; i < 2 && status == KMETA_OK; i++)
		status = kmeta_timeline_state(
			s->model->index->timeline, s->model->task.pages,
			(struct kmeta_point){ .kind = KMETA_POINT_OFFSET, .value = ends[i] },
			&images[i], &options, &s->model->task.why);
	if (status == KMETA_OK)
		status = kmeta_diff(images[0], images[1], see_difference, s, &s->model->task.why);
	kmeta_image_free(images[0]);
	kmeta_image_free(images[1]);
	return status;
}

static void diff_work(struct job *job, void *context)
{
	struct screen *s = context;

	(void)job;
	content_clear(&diff_of(s)->made);
	diff_of(s)->changes = 0;
	s->model->task.failed = diff_compare(s) != KMETA_OK;
}

static void diff_done(void *context)
{
	struct screen *s = context;
	struct content content = { 0 };
	struct outline_line *head;

	if (s->model->task.failed) {
		content_clear(&diff_of(s)->made);
		head = content_line(&diff_of(s)->made, 0, "", "they cannot be compared: %s",
		                    s->model->task.why.message);
		if (head)
			head->style = STYLE_BOLD | (unsigned)RED;
	} else {
		model_say(s->model, "%lld differences between @%lld and @%lld",
		          (long long)diff_of(s)->changes, (long long)diff_of(s)->from,
		          (long long)diff_of(s)->to);
		if (!diff_of(s)->changes)
			content_line(&diff_of(s)->made, 0, "",
			             "nothing differs between @%lld and @%lld",
			             (long long)diff_of(s)->from, (long long)diff_of(s)->to);
	}
	content = diff_of(s)->made;
	diff_of(s)->made = (struct content){ 0 };
	outline_take(&diff_of(s)->outline, &content);
}

static void diff_explain(struct screen *s, const char *text)
{
	struct content content = { 0 };

	content_text(&content, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
	outline_take(&diff_of(s)->outline, &content);
}

static void diff_follow(struct screen *s)
{
	int64_t from, to;

	task_stop(s->model);
	if (s->model->is_checkpoint) {
		diff_explain(s, "A checkpoint holds one state: nothing changes in it.");
		return;
	}
	if (s->model->marks.last < 0) {
		diff_explain(s, "Nothing is marked: mark a place in the log by m and a letter,\n"
		                "go to another, and what changed between the two stands here.");
		return;
	}
	from = s->model->marks.at[s->model->marks.last].end_offset;
	to = s->model->cursor.end_offset;
	if (!s->model->cursor.there || from < 0 || to < 0)
		return;
	diff_of(s)->from = from < to ? from : to;
	diff_of(s)->to = from < to ? to : from;
	task_begin(s->model, "comparing", diff_work, diff_done, s);
}

static void diff_draw(struct screen *s, struct area area)
{
	outline_draw(&diff_of(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

static struct outline *diff_outline(struct screen *s)
{
	return &diff_of(s)->outline;
}

const struct view diff_view = {
	.title = "changes between the mark and the cursor",
	.hint = "j k change  h l sideways  Tab to the log, whose cursor is the other end  q close",
	.state_size = sizeof(struct diff_state),
	.open = diff_follow,
	.follow = diff_follow,
	.draw = diff_draw,
	.outline = diff_outline,
	.close = diff_close,
};
