/* SPDX-License-Identifier: Apache-2.0 */
/* diff_view.c: what changed between a mark and the log's cursor. */
#include <string.h>

#include "../changes.h"
#include "browser.h"

void diff_release(struct browser *b)
{
	outline_release(&b->diff.outline);
	content_release(&b->diff.made);
}

/* ---- the task ---- */

static bool see(void *context, const struct kmeta_change *change)
{
	static const unsigned colors[] = { [ADDED] = GREEN, [REMOVED] = RED, [CHANGED] = YELLOW };
	struct browser *b = context;
	struct content *content = &b->diff.made;
	const struct changes changes = { .out = &content->bytes, .flags = b->common.flags };
	struct kmeta_buffer path = { 0 };
	struct outline_line *line;

	kmeta_entity_path(&path, changes_entity(change), b->common.flags);
	line = content_begin(content, 0,
	                     (struct kmeta_bytes){ (const uint8_t *)path.at, path.size });
	kmeta_buffer_release(&path);
	if (!line)
		return false;
	line->style = colors[changes_what(change)];
	changes_text(&changes, change);
	content_end(content);
	b->diff.changes++;
	return !job_should_stop(&b->task.job);
}

static enum kmeta_status compare(struct browser *b)
{
	const struct kmeta_reach_options options = { .size = sizeof(options),
		                                     .progress = browser_go_on,
		                                     .context = b };
	const int64_t ends[2] = { b->diff.from, b->diff.to };
	struct kmeta_image *images[2] = { NULL, NULL };
	enum kmeta_status status = KMETA_OK;

	for (int i = 0; i < 2 && status == KMETA_OK; i++)
		status = kmeta_timeline_state(b->index->timeline, b->task.pages,
		                              (struct kmeta_point){ KMETA_POINT_OFFSET, ends[i] },
		                              &images[i], &options, &b->task.why);
	if (status == KMETA_OK)
		status = kmeta_diff(images[0], images[1], see, b, &b->task.why);
	kmeta_image_free(images[0]);
	kmeta_image_free(images[1]);
	return status;
}

static void work(struct job *job, void *context)
{
	struct browser *b = context;

	(void)job;
	content_clear(&b->diff.made);
	b->diff.changes = 0;
	b->task.failed = compare(b) != KMETA_OK;
}

static void done(struct browser *b)
{
	struct content content = { 0 };
	struct outline_line *head;

	if (b->task.failed) {
		content_clear(&b->diff.made);
		head = content_line(&b->diff.made, 0, "", "they cannot be compared: %s",
		                    b->task.why.message);
		if (head)
			head->style = STYLE_BOLD | (unsigned)RED;
	} else {
		browser_say(b, "%lld differences between @%lld and @%lld",
		            (long long)b->diff.changes, (long long)b->diff.from,
		            (long long)b->diff.to);
		if (!b->diff.changes)
			content_line(&b->diff.made, 0, "",
			             "nothing differs between @%lld and @%lld",
			             (long long)b->diff.from, (long long)b->diff.to);
	}
	content = b->diff.made;
	b->diff.made = (struct content){ 0 };
	outline_take(&b->diff.outline, &content);
}

static void explain(struct browser *b, const char *text)
{
	struct content content = { 0 };

	content_text(&content, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
	outline_take(&b->diff.outline, &content);
}

static void follow(struct browser *b)
{
	int64_t from, to;

	browser_stop(b);
	if (b->is_checkpoint) {
		explain(b, "A checkpoint holds one state: nothing changes in it.");
		return;
	}
	if (b->last_mark < 0) {
		explain(b, "Nothing is marked: mark a place in the log by m and a letter,\n"
		           "go to another, and what changed between the two stands here.");
		return;
	}
	from = b->marks[b->last_mark].end_offset;
	to = b->log.end_offset;
	if (!b->log.there || from < 0 || to < 0)
		return;
	b->diff.from = from < to ? from : to;
	b->diff.to = from < to ? to : from;
	browser_begin(b, "comparing", work, done);
}

static void draw(struct browser *b, struct area area)
{
	outline_draw(&b->diff.outline, &b->grid, area, b->focus == FOCUS_VIEW, b->search.pattern);
}

const struct view diff_view = {
	.title = "changes between the mark and the cursor",
	.draw = draw,
	.open = follow,
	.follow = follow,
	.hint = "j k change  h l sideways  Tab to the log, whose cursor is the other end  q close",
};
