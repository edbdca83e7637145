/* SPDX-License-Identifier: Apache-2.0 */
/* state_tree.c: builds the tree of a state, without its closed branches. */
#include <stdlib.h>
#include <string.h>

#include "tree.h"

static void put_entity_fields(struct tree *t, int depth, const struct kmeta_entity *entity)
{
	const struct kmeta_fields *fields = entity->fields;

	for (size_t i = 0; i < fields->count && !tree_is_enough(t); i += fields->at[i].span) {
		struct outline_line *line;

		t->path.size = 0;
		kmeta_entity_path(&t->path, entity, t->flags);
		kmeta_buffer_format(&t->path, "\n%s", fields->at[i].schema->name);
		line = content_begin(t->content, depth, kmeta_buffer_bytes(&t->path));
		if (!line)
			return;
		kmeta_buffer_format(&t->content->bytes, "%s=", fields->at[i].schema->name);
		kmeta_field_text(&t->content->bytes, fields, &fields->at[i], t->flags);
		tree_end_line(t);
	}
}

static void put_partitions(struct tree *t, const struct kmeta_entity *topic);

/* Returns the colour of a partition in trouble. 0: all is well. */
static unsigned alarm_of(const struct tree *t, const struct kmeta_entity *partition)
{
	static const struct kmeta_query leaderless = { .leaderless = true };
	static const struct kmeta_query behind = { .under_replicated = true };

	if (kmeta_query_matches(&leaderless, t->image, partition))
		return (unsigned)RED;
	return kmeta_query_matches(&behind, t->image, partition) ? (unsigned)YELLOW : 0;
}

static void put_state_entity(struct tree *t, int depth, const struct kmeta_entity *entity,
                             const char *group)
{
	const size_t cut = *group ? strlen(group) + 1 : 0;
	struct kmeta_bytes path, name;
	bool open;

	t->path.size = 0;
	kmeta_entity_path(&t->path, entity, t->flags);
	path = name = kmeta_buffer_bytes(&t->path);
	if (!path.data)
		return;
	if (path.size > cut) {
		name.data += cut;
		name.size -= cut;
	}
	open = tree_branch(t, depth, path, (const char *)name.data, name.size, true);
	if (!t->search && entity->kind == KMETA_PARTITION)
		tree_color(t, alarm_of(t, entity));
	kmeta_buffer_format(&t->content->bytes, "  ");
	kmeta_entity_text(&t->content->bytes, entity, t->flags);
	tree_end_line(t);
	if (!open || tree_is_enough(t))
		return;
	if (entity->kind == KMETA_TOPIC)
		put_partitions(t, entity);
	else
		put_entity_fields(t, depth + 1, entity);
}

static void put_kind_of(struct tree *t, int depth, enum kmeta_entity_kind kind,
                        const uint8_t *topic_id, const char *group)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;

	if (kmeta_walk_open_kind(&walk, t->image, kind, topic_id, 0, &why) != KMETA_OK)
		return;
	while (!tree_is_enough(t) && kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		put_state_entity(t, depth, &entity, group);
		if (t->search)
			job_progress(t->job, ++t->done, t->total);
	}
	kmeta_walk_close(walk);
}

static void put_partitions(struct tree *t, const struct kmeta_entity *topic)
{
	const struct kmeta_field *id = kmeta_fields_find(topic->fields, "topicId");
	struct kmeta_buffer group = { 0 };
	uint8_t copy[16];

	if (!id || id->value.bytes.size != sizeof(copy))
		return;
	/* The topic is valid only until the next step of its walk: use another walk here. */
	memcpy(copy, id->value.bytes.data, sizeof(copy));
	kmeta_entity_path(&group, topic, t->flags);
	kmeta_buffer_add(&group, "", 1);
	if (!group.failed)
		put_kind_of(t, 2, KMETA_PARTITION, copy, group.at);
	kmeta_buffer_release(&group);
}

/* The groups, the ones that users look at most first. */
static const enum kmeta_entity_kind groups[] = {
	KMETA_TOPIC,  KMETA_BROKER,  KMETA_CONTROLLER,   KMETA_VOTER,
	KMETA_CONFIG, KMETA_ACL,     KMETA_QUOTA,        KMETA_SCRAM,
	KMETA_TOKEN,  KMETA_FEATURE, KMETA_PRODUCER_IDS, KMETA_ZK_MIGRATION,
};

static void put_group(struct tree *t, enum kmeta_entity_kind kind, const char *path)
{
	const size_t count = kmeta_image_count(t->image, kind);
	const struct kmeta_bytes key = { (const uint8_t *)path, strlen(path) };
	bool open;

	if (!count)
		return;
	/* A kind with one entity at most needs no group. */
	if (kmeta_entity_kind_is_single(kind)) {
		put_kind_of(t, 0, kind, NULL, "");
		return;
	}
	open = tree_branch(t, 0, key, path, key.size, true);
	kmeta_buffer_format(&t->content->bytes, " (%zu)", count);
	tree_end_line(t);
	if (open)
		put_kind_of(t, 1, kind, NULL, path);
}

static void put_head(struct tree *t)
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
	tree_end_line(t);
}

/* Adds the record's changes, one on a line. Enter on a line goes to the entity. */
static void put_changes(struct tree *t)
{
	const struct kmeta_bytes text = kmeta_buffer_bytes(&t->view->changes);
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

static void put_tree(struct tree *t)
{
	content_clear(t->content);
	put_head(t);
	put_changes(t);
	if (t->search)
		tree_look(t);
	if (!tree_is_enough(t))
		tree_problems(t);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && !tree_is_enough(t); i++)
		put_group(t, groups[i], kmeta_entity_kind_group(groups[i]));
	kmeta_buffer_release(&t->path);
}

void state_tree_build(struct state_state *state, const struct model *m, struct job *job)
{
	struct tree t = { .view = state,
		          .content = &state->made,
		          .image = state->image,
		          .flags = m->flags,
		          .job = job,
		          .is_checkpoint = m->is_checkpoint };

	put_tree(&t);
}

void state_tree_search(struct state_state *state, const struct model *m, struct job *job)
{
	struct tree t = { .view = state,
		          .content = &state->made,
		          .image = state->image,
		          .flags = m->flags,
		          .job = job,
		          .is_checkpoint = m->is_checkpoint,
		          .search = &state->search };

	t.total = (int64_t)kmeta_image_count(t.image, KMETA_PARTITION);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		t.total += (int64_t)kmeta_image_count(t.image, groups[i]);
	put_tree(&t);
}
