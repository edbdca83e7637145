/* SPDX-License-Identifier: Apache-2.0 */
/* diff_view.c: the changes between a mark and the log's cursor. */
#include <string.h>

#include "../../changes.h"
#include "view.h"
#include "way.h"

/* Kinds with more changes are folded at first. */
enum { UNFOLDED = 50, WHATS = CHANGED + 1 };

struct diff_state {
	struct outline outline;
	struct content
		made; /* all changes, in lines whose "from" is their kind; built by the task */
	int64_t from, to, changes;
	int64_t counts[KMETA_ENTITY_KINDS][WHATS];
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
	const enum kmeta_entity_kind kind = changes_entity(change)->kind;
	struct screen *s = context;
	struct content *content = &diff_of(s)->made;
	const struct changes changes = { .out = &content->bytes, .flags = s->model->flags };
	struct kmeta_buffer path = { 0 };
	struct outline_line *line;

	kmeta_entity_path(&path, changes_entity(change), s->model->flags);
	line = content_begin(content, 1, kmeta_buffer_bytes(&path));
	kmeta_buffer_release(&path);
	if (!line)
		return false;
	line->style = colors[changes_what(change)];
	line->from = kind;
	diff_of(s)->counts[kind][changes_what(change)]++;
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
	memset(diff_of(s)->counts, 0, sizeof(diff_of(s)->counts));
	s->model->task.failed = diff_compare(s) != KMETA_OK;
}

/* ---- the tree ---- */

static void put_kind_counts(struct kmeta_buffer *out, const int64_t *counts)
{
	static const char *const words[WHATS] = {
		[ADDED] = "added", [REMOVED] = "removed", [CHANGED] = "changed"
	};
	const char *between = " (";

	for (size_t what = 0; what < WHATS; what++) {
		if (!counts[what])
			continue;
		kmeta_buffer_format(out, "%s%lld %s", between, (long long)counts[what],
		                    words[what]);
		between = ", ";
	}
	kmeta_buffer_format(out, ")");
}

static bool put_kind_of_change(struct screen *s, struct content *content,
                               enum kmeta_entity_kind kind, int64_t count)
{
	const char *name = choice_word(kind);
	const struct kmeta_bytes key = { (const uint8_t *)name, strlen(name) };
	struct outline_line *line = content_begin(content, 0, key);

	if (!line)
		return false;
	line->foldable = true;
	line->open = (count <= UNFOLDED) != key_set_has(&diff_of(s)->outline.toggled, key);
	line->style = STYLE_BOLD;
	kmeta_buffer_format(&content->bytes, "%s", name);
	put_kind_counts(&content->bytes, diff_of(s)->counts[kind]);
	content_end(content);
	return content->lines[content->count - 1].open;
}

static void copy_change_line(struct content *content, const struct content *from,
                             const struct outline_line *line)
{
	struct outline_line *copy = content_begin(content, line->depth, content_key_of(from, line));
	const struct kmeta_bytes text = content_text_of(from, line);

	if (!copy)
		return;
	copy->style = line->style;
	kmeta_buffer_add(&content->bytes, text.data, text.size);
	content_end(content);
}

/* The changes of one kind after the other, each kind below a line that counts them. */
static void list_changes(struct screen *s)
{
	const struct content *made = &diff_of(s)->made;
	struct content content = { 0 };

	for (size_t kind = 0; kind < KMETA_ENTITY_KINDS; kind++) {
		const int64_t *counts = diff_of(s)->counts[kind];
		const int64_t count = counts[ADDED] + counts[REMOVED] + counts[CHANGED];

		if (!count || !put_kind_of_change(s, &content, (enum kmeta_entity_kind)kind, count))
			continue;
		for (size_t i = 0; i < made->count; i++)
			if (made->lines[i].from == (int64_t)kind)
				copy_change_line(&content, made, &made->lines[i]);
	}
	outline_take(&diff_of(s)->outline, &content);
}

static void diff_done(void *context)
{
	struct screen *s = context;
	struct content content = { 0 };
	struct outline_line *head;

	if (!s->model->task.failed && diff_of(s)->changes) {
		model_say(s->model, "%lld differences between @%lld and @%lld",
		          (long long)diff_of(s)->changes, (long long)diff_of(s)->from,
		          (long long)diff_of(s)->to);
		list_changes(s);
		return;
	}
	content_clear(&diff_of(s)->made);
	if (s->model->task.failed)
		head = content_line(&content, 0, "", "they cannot be compared: %s",
		                    s->model->task.why.message);
	else
		head = content_line(&content, 0, "", "nothing differs between @%lld and @%lld",
		                    (long long)diff_of(s)->from, (long long)diff_of(s)->to);
	if (head && s->model->task.failed)
		head->style = STYLE_BOLD | (unsigned)RED;
	outline_take(&diff_of(s)->outline, &content);
}

/* Folds a kind, or opens the entity of a change in the state. */
static void diff_open(struct screen *s)
{
	struct outline *o = &diff_of(s)->outline;
	const struct outline_line *line = outline_at(o);
	struct kmeta_bytes key;

	if (!line || !line->key_size || job_is_running(&s->model->task.job))
		return;
	key = content_key_of(&o->content, line);
	if (line->foldable) {
		if (key_set_toggle(&o->toggled, key))
			list_changes(s);
		return;
	}
	way_push(s);
	wish_release(&s->wish);
	s->wish.path = strndup((const char *)key.data, key.size);
	s->wish.unfolded = true;
	s->wanted = VIEW_STATE;
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

static const struct binding diff_keys[] = {
	{ '\n', "Enter", "fold or unfold a kind; from a change, to the entity in the state",
	  diff_open, "open" },
};

const struct view diff_view = {
	.title = "changes between the mark and the cursor",
	.hint = "Enter fold, open  h l sideways  Tab to the log: its cursor is the other end  q close",
	.state_size = sizeof(struct diff_state),
	.bindings = { diff_keys, sizeof(diff_keys) / sizeof(diff_keys[0]) },
	.open = diff_follow,
	.follow = diff_follow,
	.draw = diff_draw,
	.outline = diff_outline,
	.close = diff_close,
};
