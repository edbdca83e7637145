/* SPDX-License-Identifier: Apache-2.0 */
/* state_view.c: the state that the records up to the log's cursor make, as a tree. */
#include <stdlib.h>
#include <string.h>

#include "../changes.h"
#include "browser.h"

void state_release(struct browser *b)
{
	outline_release(&b->state.outline);
	content_release(&b->state.made);
	key_set_release(&b->state.changed);
	kmeta_buffer_release(&b->state.changes);
	kmeta_image_free(b->state.image);
	b->state.image = NULL;
	free(b->state.aim);
	history_forget(b);
}

void state_forget(struct browser *b)
{
	kmeta_image_free(b->state.image);
	b->state.image = NULL;
	b->state.shown = b->state.wanted = -1;
}

/* ---- the tree ---- */

/* What the tree is built from and into: all of it is the task's while it runs. */
struct builder {
	struct state_view *view;
	struct content *content;
	const struct kmeta_image *image;
	unsigned flags;
	struct job *job;
	struct kmeta_buffer path;
	bool is_checkpoint;
};

static struct kmeta_bytes bytes_of(const struct kmeta_buffer *buffer)
{
	return (struct kmeta_bytes){ (const uint8_t *)buffer->at, buffer->size };
}

static bool is_open(const struct builder *t, struct kmeta_bytes key)
{
	return key_set_has(&t->view->outline.toggled, key);
}

/* Whether the record under the cursor changed this, or something below it. */
static bool is_changed(const struct builder *t, struct kmeta_bytes key, bool below)
{
	const struct key_set *changed = &t->view->changed;

	for (size_t i = 0; i < changed->count; i++)
		if (!strncmp(changed->keys[i], (const char *)key.data, key.size) &&
		    (!changed->keys[i][key.size] || (below && changed->keys[i][key.size] == '/')))
			return true;
	return false;
}

/* A line for what a path leads to, with "name" as it is called there; true: it is open. */
static bool put_branch(struct builder *t, int depth, struct kmeta_bytes path, const char *name,
                       size_t name_size, bool foldable)
{
	struct outline_line *line = content_begin(t->content, depth, path);

	if (!line)
		return false;
	line->foldable = foldable;
	line->open = foldable && is_open(t, path);
	if (is_changed(t, path, true))
		line->style = STYLE_BOLD | (unsigned)CYAN;
	kmeta_buffer_add(&t->content->bytes, name, name_size);
	return line->open;
}

static void put_fields(struct builder *t, int depth, const struct kmeta_entity *entity)
{
	const struct kmeta_fields *fields = entity->fields;

	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		struct outline_line *line;

		t->path.size = 0;
		kmeta_entity_path(&t->path, entity, t->flags);
		kmeta_buffer_format(&t->path, "\n%s", fields->at[i].schema->name);
		line = content_begin(t->content, depth, bytes_of(&t->path));
		if (!line)
			return;
		kmeta_buffer_format(&t->content->bytes, "%s=", fields->at[i].schema->name);
		kmeta_field_text(&t->content->bytes, fields, &fields->at[i], t->flags);
		content_end(t->content);
	}
}

static void put_partitions(struct builder *t, const struct kmeta_entity *topic);

/* What an operator should see of a partition first. */
static unsigned alarm_of(const struct builder *t, const struct kmeta_entity *partition)
{
	static const struct kmeta_query leaderless = { .leaderless = true };
	static const struct kmeta_query behind = { .under_replicated = true };

	if (kmeta_query_matches(&leaderless, t->image, partition))
		return (unsigned)RED;
	return kmeta_query_matches(&behind, t->image, partition) ? (unsigned)YELLOW : 0;
}

/* A changed partition stays bold, whatever its colour. */
static void mark_alarm(struct outline_line *line, unsigned color)
{
	if (color)
		line->style = (line->style & ~(unsigned)STYLE_COLOR) | color;
}

static void put_entity(struct builder *t, int depth, const struct kmeta_entity *entity,
                       const char *group)
{
	const size_t cut = *group ? strlen(group) + 1 : 0;
	struct kmeta_bytes path, name;
	bool open;

	t->path.size = 0;
	kmeta_entity_path(&t->path, entity, t->flags);
	path = name = bytes_of(&t->path);
	if (!path.data)
		return;
	if (path.size > cut) {
		name.data += cut;
		name.size -= cut;
	}
	open = put_branch(t, depth, path, (const char *)name.data, name.size, true);
	if (t->content->count && entity->kind == KMETA_PARTITION)
		mark_alarm(&t->content->lines[t->content->count - 1], alarm_of(t, entity));
	kmeta_buffer_format(&t->content->bytes, "  ");
	kmeta_entity_text(&t->content->bytes, entity, t->flags);
	content_end(t->content);
	if (!open)
		return;
	if (entity->kind == KMETA_TOPIC)
		put_partitions(t, entity);
	else
		put_fields(t, depth + 1, entity);
}

static void put_kind_of(struct builder *t, int depth, enum kmeta_entity_kind kind,
                        const uint8_t *topic_id, const char *group)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;

	if (kmeta_walk_open_kind(&walk, t->image, kind, topic_id, 0, &why) != KMETA_OK)
		return;
	while (!job_should_stop(t->job) && kmeta_walk_next(walk, &entity, &why) == KMETA_OK)
		put_entity(t, depth, &entity, group);
	kmeta_walk_close(walk);
}

static void put_partitions(struct builder *t, const struct kmeta_entity *topic)
{
	const struct kmeta_field *id = kmeta_fields_find(topic->fields, "topicId");
	struct kmeta_buffer group = { 0 };
	uint8_t copy[16];

	if (!id || id->value.bytes.size != sizeof(copy))
		return;
	/* The walk that gave the topic goes on, but what it gave lasts only to its next step. */
	memcpy(copy, id->value.bytes.data, sizeof(copy));
	kmeta_entity_path(&group, topic, t->flags);
	kmeta_buffer_add(&group, "", 1);
	if (!group.failed)
		put_kind_of(t, 2, KMETA_PARTITION, copy, group.at);
	kmeta_buffer_release(&group);
}

/* The groups in the order in which people look for them. */
static const struct {
	enum kmeta_entity_kind kind;
	const char *path;
} groups[] = {
	{ KMETA_TOPIC, "topics" },
	{ KMETA_BROKER, "brokers" },
	{ KMETA_CONTROLLER, "controllers" },
	{ KMETA_CONFIG, "configs" },
	{ KMETA_ACL, "acls" },
	{ KMETA_QUOTA, "quotas" },
	{ KMETA_SCRAM, "scram" },
	{ KMETA_TOKEN, "tokens" },
	{ KMETA_FEATURE, "features" },
	{ KMETA_PRODUCER_IDS, "producer-ids" },
	{ KMETA_ZK_MIGRATION, "zk-migration" },
};

static void put_group(struct builder *t, enum kmeta_entity_kind kind, const char *path)
{
	const size_t count = kmeta_image_count(t->image, kind);
	const struct kmeta_bytes key = { (const uint8_t *)path, strlen(path) };
	bool open;

	if (!count)
		return;
	/* What there is only one of has no group of its own. */
	if (kind == KMETA_PRODUCER_IDS || kind == KMETA_ZK_MIGRATION) {
		put_kind_of(t, 0, kind, NULL, "");
		return;
	}
	open = put_branch(t, 0, key, path, key.size, true);
	kmeta_buffer_format(&t->content->bytes, " (%zu)", count);
	content_end(t->content);
	if (open)
		put_kind_of(t, 1, kind, NULL, path);
}

static void put_head(struct builder *t)
{
	const struct kmeta_moment moment = kmeta_image_moment(t->image);
	const int64_t transaction = kmeta_image_open_transaction(t->image);
	const struct kmeta_quorum quorum = kmeta_image_quorum(t->image);
	struct outline_line *line = content_begin(t->content, 0, (struct kmeta_bytes){ 0 });

	if (!line)
		return;
	line->style = STYLE_BOLD;
	kmeta_buffer_format(&t->content->bytes, "state @%lld", (long long)moment.end_offset);
	if (quorum.leader >= 0)
		kmeta_buffer_format(&t->content->bytes, "  active controller %d, epoch %d",
		                    quorum.leader, moment.epoch);
	if (transaction >= 0)
		kmeta_buffer_format(&t->content->bytes,
		                    "  inside a transaction begun at offset %lld",
		                    (long long)transaction);
	content_end(t->content);
}

/* What the record did, one line a change, each leading to what it changed. */
static void put_changes(struct builder *t)
{
	const struct kmeta_bytes text = bytes_of(&t->view->changes);
	const size_t before = t->content->count;

	if (!text.size) {
		struct outline_line *line =
			content_line(t->content, 0, "", "%s",
		                     t->is_checkpoint ? "as the checkpoint holds it"
		                                      : "this record changed nothing");

		if (line)
			line->style = STYLE_DIM;
		return;
	}
	content_text(t->content, text);
	for (size_t i = before; i < t->content->count; i++)
		t->content->lines[i].style = (unsigned)CYAN;
}

static void build(struct builder *t)
{
	content_clear(t->content);
	put_head(t);
	put_changes(t);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		put_group(t, groups[i].kind, groups[i].path);
	kmeta_buffer_release(&t->path);
}

/* ---- the task ---- */

static bool see(void *context, const struct kmeta_event *event)
{
	struct browser *b = context;
	const struct changes changes = { .out = &b->state.changes, .flags = b->common.flags };
	struct kmeta_buffer path = { 0 };

	kmeta_entity_path(&path, changes_entity(&event->change), b->common.flags);
	if (!path.failed && !key_set_has(&b->state.changed, bytes_of(&path)))
		path.failed = !key_set_toggle(&b->state.changed, bytes_of(&path));
	changes_text(&changes, &event->change);
	kmeta_buffer_add(&b->state.changes, "\n", 1);
	kmeta_buffer_release(&path);
	return true;
}

static enum kmeta_status find_state(struct browser *b)
{
	struct state_view *view = &b->state;
	const struct kmeta_reach_options options = { .size = sizeof(options),
		                                     .seen = see,
		                                     .watched = view->watched,
		                                     .progress = browser_go_on,
		                                     .context = b };
	const struct kmeta_point point = { b->is_checkpoint ? KMETA_POINT_END : KMETA_POINT_OFFSET,
		                           view->wanted };

	key_set_release(&view->changed);
	view->changes.size = 0;
	view->shown = -1;
	/* A checkpoint holds one state, whatever row of it is looked at. */
	if (b->is_checkpoint && view->image)
		return KMETA_OK;
	return kmeta_timeline_state(b->index->timeline, b->task.pages, point, &view->image,
	                            &options, &b->task.why);
}

static void work(struct job *job, void *context)
{
	struct browser *b = context;
	struct state_view *view = &b->state;
	struct builder builder = { .view = view,
		                   .content = &view->made,
		                   .flags = b->common.flags,
		                   .job = job,
		                   .is_checkpoint = b->is_checkpoint };

	if ((view->shown != view->wanted || !view->image) && find_state(b) != KMETA_OK) {
		b->task.failed = true;
		return;
	}
	builder.image = view->image;
	build(&builder);
	if (!job_should_stop(job))
		view->shown = view->wanted;
}

static void done(struct browser *b)
{
	struct outline_line *line;
	bool first;

	if (b->task.failed) {
		content_clear(&b->state.made);
		line = content_line(&b->state.made, 0, "", "the state cannot be told here: %s",
		                    b->task.why.message);
		if (line)
			line->style = STYLE_BOLD | (unsigned)RED;
	}
	first = !b->state.outline.content.count;
	outline_take(&b->state.outline, &b->state.made);
	if (b->state.aim)
		outline_go(&b->state.outline, (struct kmeta_bytes){ (const uint8_t *)b->state.aim,
		                                                    strlen(b->state.aim) });
	free(b->state.aim);
	b->state.aim = NULL;
	/* What the record did is what is looked for first. */
	if (first && b->state.outline.content.count > 1)
		b->state.outline.cursor = 1;
	history_stay(b);
}

static void refresh(struct browser *b)
{
	browser_begin(b, "finding the state", work, done);
}

static void follow(struct browser *b)
{
	if (!b->log.there || b->log.end_offset < 0)
		return;
	browser_stop(b);
	b->state.wanted = b->log.end_offset;
	b->state.watched = b->log.is_damage ? INT64_MAX : b->log.offset;
	refresh(b);
}

/* ---- keys ---- */

static void move(struct browser *b, enum motion motion, int64_t count)
{
	b->state.history.left |= motion != TO_LEFT && motion != TO_RIGHT;
	outline_move(&b->state.outline, motion, count);
}

static bool search(struct browser *b, bool backwards)
{
	b->state.history.left = true;
	return outline_search(&b->state.outline, b->search.pattern, backwards);
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

/* The path in a line of changes is what stands behind its sign. */
static bool leads_to(struct kmeta_bytes change, const char *path)
{
	const size_t size = strlen(path);

	return change.size >= size + 2 && !memcmp(change.data + 2, path, size) &&
	       (change.size == size + 2 || change.data[size + 2] == ' ');
}

/* Everything above what was changed has to be open for it to be there. */
static void go_to_changed(struct browser *b, struct kmeta_bytes change)
{
	const struct key_set *changed = &b->state.changed;
	size_t i = 0;

	while (i < changed->count && !leads_to(change, changed->keys[i]))
		i++;
	if (i == changed->count || !open_above(&b->state.outline, changed->keys[i]))
		return;
	b->state.history.left = true;
	free(b->state.aim);
	b->state.aim = strdup(changed->keys[i]);
	refresh(b);
}

static void toggle(struct browser *b)
{
	struct outline *o = &b->state.outline;
	const struct outline_line *line = outline_at(o);

	if (!line)
		return;
	/* A task may be reading what is open, and finding out what the record changed. */
	browser_stop(b);
	if (!line->foldable) {
		if (!line->key_size)
			go_to_changed(b, content_text_of(&o->content, line));
		return;
	}
	if (key_set_toggle(&o->toggled, content_key_of(&o->content, line)))
		refresh(b);
}

static void log_down(struct browser *b)
{
	log_move(b, LINE_DOWN, b->count > 0 ? b->count : 1);
}

static void log_up(struct browser *b)
{
	log_move(b, LINE_UP, b->count > 0 ? b->count : 1);
}

static const struct binding keys[] = {
	{ '\n', "Enter", "fold or unfold; from a change, to what it changed", toggle },
	{ 'J', "J K", "the record behind, the one before: the state goes along", log_down },
	{ 'K', NULL, NULL, log_up },
};

static void draw(struct browser *b, struct area area)
{
	outline_draw(&b->state.outline, &b->grid, area, b->focus == FOCUS_VIEW, b->search.pattern);
}

const struct view state_view = {
	.title = "state",
	.draw = draw,
	.move = move,
	.open = follow,
	.follow = follow,
	.search = search,
	.bindings = { keys, sizeof(keys) / sizeof(keys[0]) },
	.hint = "Enter open  [ ] its changes  J K record  / search  z alone  q close  ? help",
};
