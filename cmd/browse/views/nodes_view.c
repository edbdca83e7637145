/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nodes_view.c: how the logs of other nodes stand to this one, and their records at the offset of the
 * cursor.
 */
#include <stdlib.h>
#include <string.h>

#include "view.h"
#include "way.h"

/* Records around the cursor that are shown of each node. */
enum { SIGHTS = 7, SIGHTS_BEFORE = 2, ADDRESS_SIZE = 32 /* bytes of one */ };

/* How another log stands to this one, as a task found out. */
struct standing {
	bool is_known;
	enum kmeta_status status;
	struct kmeta_logs logs;
	struct kmeta_finding why;
};

struct nodes_state {
	struct outline outline;
	struct standing *standings; /* one for each other log; NULL: not compared */
};

static struct nodes_state *nodes_of(const struct screen *s)
{
	return s->states[VIEW_NODES];
}

static void nodes_forget(struct screen *s)
{
	free(nodes_of(s)->standings);
	nodes_of(s)->standings = NULL;
}

static void nodes_close(struct screen *s)
{
	nodes_forget(s);
	outline_release(&nodes_of(s)->outline);
}

/* ---- the task: where the logs part ---- */

static void compare_with(const struct model *m, const struct other *other,
                         struct standing *standing)
{
	const struct kmeta_point points[2] = { { .kind = KMETA_POINT_END }, other->point };

	standing->status = kmeta_compare_logs(m->index->address, other->path, points,
	                                      &standing->logs, &standing->why);
	standing->is_known = true;
}

static void nodes_work(struct job *job, void *context)
{
	struct screen *s = context;

	for (size_t i = 0; i < s->model->others_count && !job_should_stop(job); i++)
		compare_with(s->model, &s->model->others[i], &nodes_of(s)->standings[i]);
}

/* ---- the records around the cursor ---- */

/* A record as it is in one log. Its bytes and its line are in the bytes of all. */
struct sight {
	bool is_there;
	int32_t epoch;
	int64_t timestamp;
	size_t value, value_size, line, line_size;
};

struct sights {
	int64_t first;
	unsigned flags; /* KMETA_SHOW_ */
	bool is_read, is_damaged;
	struct sight at[SIGHTS];
	struct kmeta_buffer bytes;
};

static void put_sight(const struct model *m, struct sights *sights, const struct kmeta_batch *batch,
                      const struct kmeta_record *record, struct kmeta_text *text)
{
	struct sight *at = &sights->at[record->offset - sights->first];
	struct kmeta_dialect dialect = kmeta_timeline_dialect(m->index->timeline);
	struct kmeta_fields fields = { 0 };
	struct kmeta_line line = { .batch = batch, .record = record };
	struct kmeta_finding why;

	*at = (struct sight){ .is_there = true,
		              .epoch = batch->epoch,
		              .timestamp = record->timestamp,
		              .value = sights->bytes.size,
		              .value_size = record->value.size };
	kmeta_buffer_add(&sights->bytes, record->value.data, record->value.size);
	at->line = sights->bytes.size;
	if (kmeta_decode(&dialect, record, &fields, &why) == KMETA_OK)
		line.fields = &fields;
	else
		line.error = &why;
	line.topics = kmeta_timeline_lock_topics(m->index->timeline);
	kmeta_text(&sights->bytes, text, &line, sights->flags);
	kmeta_timeline_unlock_topics(m->index->timeline);
	at->line_size = sights->bytes.size - at->line;
	kmeta_fields_release(&fields);
}

static void put_sights_of(const struct model *m, struct sights *sights,
                          const struct kmeta_batch *batch, struct kmeta_text *text)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding ignored; /* that a record is damaged is all that is shown */
	enum kmeta_status status;

	while ((status = kmeta_batch_next(batch, &cursor, &record, &ignored)) == KMETA_OK)
		if (record.offset >= sights->first && record.offset < sights->first + SIGHTS)
			put_sight(m, sights, batch, &record, text);
	sights->is_damaged |= status == KMETA_DAMAGED;
}

static void look_into(const struct model *m, const char *path, const struct kmeta_point *until,
                      struct sights *sights, struct kmeta_text *text)
{
	const struct kmeta_range offsets = { sights->first, sights->first + SIGHTS - 1 };
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .offsets = &offsets,
		                                     .until = until };
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	struct kmeta_finding ignored; /* the comparison says what is wrong with a log */
	enum kmeta_status status = kmeta_source_open(&source, path, &window, &ignored);

	sights->is_read = status == KMETA_OK;
	while (status == KMETA_OK || status == KMETA_DAMAGED) {
		status = kmeta_source_next(source, &batch, &ignored);
		sights->is_damaged |= status == KMETA_DAMAGED || status == KMETA_FAILED;
		if (status == KMETA_OK)
			put_sights_of(m, sights, &batch, text);
	}
	kmeta_source_close(source);
}

static bool sights_equal(const struct sights *a, const struct sights *b, size_t i)
{
	const struct sight *x = &a->at[i], *y = &b->at[i];

	return x->is_there == y->is_there &&
	       (!x->is_there ||
	        (x->epoch == y->epoch && x->timestamp == y->timestamp &&
	         x->value_size == y->value_size &&
	         !memcmp(a->bytes.at + x->value, b->bytes.at + y->value, x->value_size)));
}

/* ---- the lines ---- */

static void put_how_far(struct kmeta_buffer *out, const struct kmeta_logs *logs)
{
	const int64_t behind = logs->first_end - logs->second_end;

	kmeta_buffer_format(out, "  ends @%lld", (long long)logs->second_end);
	if (behind > 0)
		kmeta_buffer_format(out, ", %lld before this log", (long long)behind);
	else if (behind < 0)
		kmeta_buffer_format(out, ", %lld behind this log's end", (long long)-behind);
}

/* Returns the style of the line, and the offset to go to in "from". */
static unsigned put_how_it_stands(struct kmeta_buffer *out, const struct standing *standing,
                                  int64_t *from)
{
	const struct kmeta_logs *logs = &standing->logs;

	if (standing->status != KMETA_OK) {
		kmeta_buffer_format(out, "  cannot be compared: %s", standing->why.message);
		return STYLE_BOLD | (unsigned)RED;
	}
	put_how_far(out, logs);
	if (logs->differ) {
		*from = logs->first.base_offset < logs->second.base_offset
		                ? logs->first.base_offset
		                : logs->second.base_offset;
		kmeta_buffer_format(out, ": another log from offset %lld on, epoch %d and not %d",
		                    (long long)*from, logs->second.epoch, logs->first.epoch);
		return STYLE_BOLD | (unsigned)RED;
	}
	if (logs->last_common < 0) {
		kmeta_buffer_format(out, ": no batch is in both");
		return YELLOW;
	}
	*from = logs->last_common;
	kmeta_buffer_format(out, ": the same from offset %lld to %lld",
	                    (long long)logs->first_common, (long long)logs->last_common);
	return logs->first_end != logs->second_end ? YELLOW : GREEN;
}

/* The end of an address tells nodes apart. */
static void put_address_end(struct kmeta_buffer *out, const char *address)
{
	const size_t size = strlen(address);
	const char *at = size > ADDRESS_SIZE ? address + (size - ADDRESS_SIZE) : address;

	while ((*at & 0xc0) == 0x80)
		at++;
	kmeta_buffer_format(out, "%s%s", at > address ? "…" : "", at);
}

static void put_other_log(struct screen *s, struct content *content, size_t number)
{
	const char *address = s->model->others[number].address;
	const struct standing *standings = nodes_of(s)->standings;
	struct outline_line *line = content_begin(
		content, 0, (struct kmeta_bytes){ (const uint8_t *)address, strlen(address) });

	if (!line)
		return;
	line->from = -1;
	line->style = STYLE_BOLD;
	put_address_end(&content->bytes, address);
	/* A task that was stopped may have left some of them out. */
	if (standings && !job_is_running(&s->model->task.job) && standings[number].is_known)
		line->style = put_how_it_stands(&content->bytes, &standings[number], &line->from);
	content_end(content);
}

/* = the same, ! another one, - there is none, + there is one only there, ? damage hides it */
static char mark_of_sight(const struct sight *mine, const struct sight *other, bool same,
                          bool hidden)
{
	if (same)
		return '=';
	if (hidden)
		return '?';
	return !other->is_there ? '-' : !mine->is_there ? '+' : '!';
}

static void put_record(struct content *content, const struct sights *here,
                       const struct sights *there, size_t number)
{
	const struct sight *mine = &here->at[number], *other = &there->at[number];
	const bool same = sights_equal(here, there, number);
	const bool hidden = !other->is_there && there->is_damaged;
	struct outline_line *line;

	if (!mine->is_there && !other->is_there)
		return;
	line = content_begin(content, 1, (struct kmeta_bytes){ 0 });
	if (!line)
		return;
	line->from = here->first + (int64_t)number;
	line->style = same ? STYLE_DIM : (unsigned)YELLOW;
	kmeta_buffer_format(&content->bytes, "%c ", mark_of_sight(mine, other, same, hidden));
	if (other->is_there)
		kmeta_buffer_add(&content->bytes, there->bytes.at + other->line, other->line_size);
	else
		kmeta_buffer_format(&content->bytes, "%10lld  %s", (long long)line->from,
		                    hidden ? "cannot be read: that log is damaged here"
		                           : "is not there");
	while (content->bytes.size && content->bytes.at[content->bytes.size - 1] == '\n')
		content->bytes.size--;
	content_end(content);
}

static void list_nodes(struct screen *s)
{
	struct model *m = s->model;
	struct content content = { 0 };
	struct kmeta_text *text = kmeta_text_new();
	struct sights here = { .first = m->cursor.offset - SIGHTS_BEFORE, .flags = m->flags };

	here.first = here.first > 0 ? here.first : 0;
	here.flags |= s->grid.width < WIDE ? (unsigned)KMETA_SHOW_NARROW : 0;
	if (text && m->cursor.offset >= 0)
		look_into(m, m->index->address, NULL, &here, text);
	for (size_t i = 0; i < m->others_count; i++) {
		struct sights there = { .first = here.first, .flags = here.flags };

		put_other_log(s, &content, i);
		if (text && m->cursor.offset >= 0)
			look_into(m, m->others[i].path, &m->others[i].point, &there, text);
		for (size_t j = 0; j < SIGHTS && there.is_read; j++)
			put_record(&content, &here, &there, j);
		kmeta_buffer_release(&there.bytes);
	}
	if (!m->others_count)
		content_line(&content, 0, "",
		             "there is no other log: kmeta-browse LOG OTHER... compares");
	kmeta_buffer_release(&here.bytes);
	kmeta_text_free(text);
	outline_take(&nodes_of(s)->outline, &content);
}

static void nodes_done(void *context)
{
	list_nodes(context);
}

static void open_nodes(struct screen *s)
{
	task_stop(s->model);
	nodes_forget(s);
	if (s->model->others_count) {
		nodes_of(s)->standings =
			calloc(s->model->others_count, sizeof(*nodes_of(s)->standings));
		if (nodes_of(s)->standings)
			task_begin(s->model, "comparing", nodes_work, nodes_done, s);
	}
	list_nodes(s);
}

/* ---- keys ---- */

static void go_to_part(struct screen *s)
{
	const struct outline_line *line = outline_at(&nodes_of(s)->outline);

	if (!line || line->from < 0 || !s->model->others_count)
		return;
	way_push(s);
	cursor_go_offset(s->model, line->from);
}

/* ---- the view ---- */

static void nodes_draw(struct screen *s, struct area area)
{
	outline_draw(&nodes_of(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

static struct outline *nodes_outline(struct screen *s)
{
	return &nodes_of(s)->outline;
}

static const struct binding nodes_keys[] = {
	{ '\n', "Enter", "to where the logs part, or end; to the record", go_to_part, "open" },
};

const struct view nodes_view = {
	.title = "other logs",
	.hint = "Enter to where they part  = same  ! another  - not there  + only there  ? help",
	.state_size = sizeof(struct nodes_state),
	.bindings = { nodes_keys, sizeof(nodes_keys) / sizeof(nodes_keys[0]) },
	.open = open_nodes,
	.follow = list_nodes,
	.draw = nodes_draw,
	.outline = nodes_outline,
	.forget = nodes_forget,
	.close = nodes_close,
};
