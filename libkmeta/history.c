/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: every change of some entities, by looking at them before and after each record that
 * may change them. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "buffer.h"
#include "encode.h"
#include "finding.h"
#include "scalar.h"
#include "view.h"

enum { RESOURCE_TOPIC = 2, NUMBER_TEXT = 16, WAIT_MILLISECONDS = 1000 };

/* ---- targets ---- */

/* A topic or partition by name, glob or id; or any entity by its path. */
struct target {
	char *topic;     /* NULL: a path */
	char *partition; /* NULL: the topic with all that belongs to it */
	char *path;
	bool by_id, is_glob, any_partition;
	int64_t number; /* of a partition that is given as one, -1: not so */
	uint8_t id[IMAGE_ID];
};

/* What an entity looked like before a record, and how to find it again. */
struct look {
	enum kmeta_entity_kind kind;
	uint8_t topic_id[IMAGE_ID];
	int32_t partition;
	struct kmeta_buffer key; /* of an item */
	bool existed;
	struct kmeta_entity entity; /* as it was: borrows from the rest */
	struct kmeta_buffer value, entity_key, topic_name;
	struct kmeta_fields fields;
};

struct history {
	const struct kmeta_history_options *options;
	struct target *targets;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct view view;
	struct look *looks; /* of the record at hand */
	size_t looks_count, looks_capacity;
	struct kmeta_buffer path;
	struct kmeta_history_span *span;
	bool stopped;
	bool damaged; /* in front of the batch at hand */
};

static bool begins_with_group(const char *word)
{
	static const char *const groups[] = { "topics",  "brokers",      "controllers", "features",
		                              "configs", "quotas",       "acls",        "scram",
		                              "tokens",  "producer-ids", "zk-migration" };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const size_t size = strlen(groups[i]);

		if (!strncmp(word, groups[i], size) && (word[size] == '/' || word[size] == '\0'))
			return true;
	}
	return false;
}

static bool parse_topic(struct target *t, const char *word)
{
	const char *slash = strchr(word, '/');

	t->topic = slash ? strndup(word, (size_t)(slash - word)) : strdup(word);
	if (slash && slash[1])
		t->partition = strdup(slash + 1);
	if (!t->topic || (slash && slash[1] && !t->partition))
		return false;
	t->is_glob = strpbrk(t->topic, "*?[\\");
	t->any_partition = !t->partition;
	t->number = -1;
	if (t->partition && *t->partition && !t->partition[strspn(t->partition, "0123456789")])
		t->number = strtoll(t->partition, NULL, 10);
	t->by_id = uuid_parse(t->topic, strlen(t->topic), t->id);
	return true;
}

static bool parse_target(struct target *t, const char *word)
{
	if (!strncmp(word, "topics/", 7))
		return parse_topic(t, word + 7);
	if (!strcmp(word, "topics"))
		return parse_topic(t, "*");
	if (!begins_with_group(word))
		return parse_topic(t, word);
	t->path = strdup(word);
	return t->path;
}

static void free_targets(struct history *h)
{
	for (size_t i = 0; h->targets && i < h->options->targets_count; i++) {
		free(h->targets[i].topic);
		free(h->targets[i].partition);
		free(h->targets[i].path);
	}
	free(h->targets);
}

static bool names_topic(const struct target *t, const uint8_t *id, struct kmeta_bytes name)
{
	char text[INT16_MAX + 1];

	if (t->by_id && !memcmp(t->id, id, IMAGE_ID))
		return true;
	if (!t->is_glob)
		return strlen(t->topic) == name.size && !memcmp(t->topic, name.data, name.size);
	if (name.size >= sizeof(text))
		return false;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	return fnmatch(t->topic, text, 0) == 0;
}

static bool wants_topic(const struct history *h, const uint8_t *id, struct kmeta_bytes name,
                        bool whole)
{
	for (size_t i = 0; i < h->options->targets_count; i++)
		if (h->targets[i].topic && !(whole && h->targets[i].partition) &&
		    names_topic(&h->targets[i], id, name))
			return true;
	return false;
}

static bool names_partition(const struct target *t, int32_t id)
{
	char number[NUMBER_TEXT];

	if (t->any_partition || t->number >= 0)
		return t->any_partition || t->number == id;
	*digits_signed(number, id) = '\0';
	return fnmatch(t->partition, number, 0) == 0;
}

static bool wants_partition(const struct history *h, const struct topic *topic, int32_t id)
{
	for (size_t i = 0; i < h->options->targets_count; i++) {
		const struct target *t = &h->targets[i];

		if (t->topic && names_partition(t, id) &&
		    names_topic(t, topic->id,
		                (struct kmeta_bytes){ topic->name, topic->name_size }))
			return true;
	}
	return false;
}

/* False if no target can be a partition of this number: most are told apart by it alone. */
static bool wants_number(const struct history *h, int32_t id)
{
	for (size_t i = 0; i < h->options->targets_count; i++)
		if (h->targets[i].topic && names_partition(&h->targets[i], id))
			return true;
	return false;
}

/* A path stands for all that lies in it. */
static bool path_matches(const char *glob, const char *path)
{
	return fnmatch(glob, path, FNM_LEADING_DIR) == 0;
}

/* The configs of a topic belong to it. */
static bool is_config_of_topic(const struct history *h, const struct kmeta_entity *entity)
{
	static const uint8_t no_id[IMAGE_ID] = { 0 };

	return entity->kind == KMETA_CONFIG &&
	       kmeta_fields_find(entity->fields, "resourceType")->value.integer == RESOURCE_TOPIC &&
	       wants_topic(h, no_id, kmeta_fields_find(entity->fields, "resourceName")->value.bytes,
	                   true);
}

static bool wants_item(struct history *h, const struct kmeta_entity *entity)
{
	if (is_config_of_topic(h, entity))
		return true;
	h->path.size = 0;
	kmeta_entity_path(&h->path, entity, KMETA_SHOW_SECRETS);
	buffer_add(&h->path, "", 1);
	for (size_t i = 0; i < h->options->targets_count && !h->path.failed; i++)
		if (h->targets[i].path && path_matches(h->targets[i].path, h->path.at))
			return true;
	return false;
}

/* ---- looks ---- */

static struct kmeta_bytes bytes_of(const struct kmeta_buffer *buffer)
{
	return (struct kmeta_bytes){ (const uint8_t *)buffer->at, buffer->size };
}

static void copy(struct kmeta_buffer *to, struct kmeta_bytes from)
{
	to->size = 0;
	buffer_add(to, from.data, from.size);
}

/* The entity as it is now; END: it is not there. */
static enum kmeta_status see(struct history *h, const struct look *look,
                             struct kmeta_entity *entity, struct kmeta_finding *why)
{
	const struct topic *topic;
	const struct partition *partition;
	const struct item *item;

	if (look->kind == KMETA_TOPIC) {
		topic = image_topic(h->image, look->topic_id);
		if (!topic)
			return KMETA_END;
		return view_topic(&h->view, topic, entity) ? KMETA_OK : finding_memory(why);
	}
	if (look->kind == KMETA_PARTITION) {
		partition = image_partition(h->image, look->topic_id, look->partition);
		if (!partition)
			return KMETA_END;
		return view_partition(&h->view, partition, entity) ? KMETA_OK : finding_memory(why);
	}
	item = image_item(h->image, look->kind, bytes_of(&look->key));
	return item ? view_item(&h->view, item, entity, why) : KMETA_END;
}

/* Keeps what an entity looks like, in memory of the look's own. */
static enum kmeta_status keep(struct look *look, const struct kmeta_entity *entity,
                              struct kmeta_finding *why)
{
	const struct kmeta_schema *schema = entity->fields->schema;

	copy(&look->entity_key, entity->key);
	copy(&look->topic_name, entity->topic_name);
	look->value.size = 0;
	encode_fields(&look->value, schema, entity->fields);
	if (look->entity_key.failed || look->topic_name.failed || look->value.failed)
		return finding_memory(why);
	look->entity = (struct kmeta_entity){ entity->kind, bytes_of(&look->entity_key),
		                              bytes_of(&look->topic_name), &look->fields };
	return encode_reread(schema, bytes_of(&look->value), &look->fields, why);
}

static struct look *new_look(struct history *h, enum kmeta_entity_kind kind)
{
	struct look *look;

	if (h->looks_count == h->looks_capacity) {
		const size_t capacity = h->looks_capacity ? h->looks_capacity * 2 : 8;
		struct look *looks = realloc(h->looks, capacity * sizeof(*looks));

		if (!looks)
			return NULL;
		memset(looks + h->looks_capacity, 0,
		       (capacity - h->looks_capacity) * sizeof(*looks));
		h->looks = looks;
		h->looks_capacity = capacity;
	}
	look = &h->looks[h->looks_count++];
	look->kind = kind;
	look->existed = false;
	/* Its memory may have moved since it was last used. */
	look->entity.fields = &look->fields;
	return look;
}

static enum kmeta_status finish_look(struct history *h, struct look *look,
                                     struct kmeta_finding *why)
{
	struct kmeta_entity entity;
	enum kmeta_status status = see(h, look, &entity, why);

	if (status == KMETA_END)
		return KMETA_OK;
	look->existed = status == KMETA_OK;
	return status == KMETA_OK ? keep(look, &entity, why) : status;
}

static void free_looks(struct history *h)
{
	for (size_t i = 0; i < h->looks_capacity; i++) {
		kmeta_buffer_release(&h->looks[i].key);
		kmeta_buffer_release(&h->looks[i].value);
		kmeta_buffer_release(&h->looks[i].entity_key);
		kmeta_buffer_release(&h->looks[i].topic_name);
		kmeta_fields_release(&h->looks[i].fields);
	}
	free(h->looks);
}

/* ---- what a record may change ---- */

static enum kmeta_status look_at_partition(struct history *h, const struct topic *topic, int32_t id,
                                           struct kmeta_finding *why)
{
	struct look *look;

	if (!wants_partition(h, topic, id))
		return KMETA_OK;
	look = new_look(h, KMETA_PARTITION);
	if (!look)
		return finding_memory(why);
	memcpy(look->topic_id, topic->id, IMAGE_ID);
	look->partition = id;
	return finish_look(h, look, why);
}

static enum kmeta_status look_at_partitions(struct history *h, const struct topic *topic,
                                            struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	for (const struct partition *p = topic->first; p && status == KMETA_OK; p = p->next)
		status = look_at_partition(h, topic, p->id, why);
	return status;
}

static enum kmeta_status look_at_topic(struct history *h, const uint8_t *id,
                                       struct kmeta_bytes name, struct kmeta_finding *why)
{
	struct look *look;

	if (!wants_topic(h, id, name, false))
		return KMETA_OK;
	look = new_look(h, KMETA_TOPIC);
	if (!look)
		return finding_memory(why);
	memcpy(look->topic_id, id, IMAGE_ID);
	return finish_look(h, look, why);
}

static enum kmeta_status look_at_item(struct history *h, enum kmeta_entity_kind kind,
                                      struct kmeta_bytes key, struct kmeta_finding *why)
{
	struct look *look = new_look(h, kind);

	if (!look)
		return finding_memory(why);
	copy(&look->key, key);
	return look->key.failed ? finding_memory(why) : finish_look(h, look, why);
}

/* A topic that goes takes its partitions and configs with it. */
static enum kmeta_status look_at_removal(struct history *h, const struct topic *topic,
                                         struct kmeta_finding *why)
{
	const struct kmeta_bytes name = { topic->name, topic->name_size };
	const struct resource *resource = image_resource(h->image, RESOURCE_TOPIC, name);
	enum kmeta_status status = look_at_topic(h, topic->id, name, why);

	if (status == KMETA_OK)
		status = look_at_partitions(h, topic, why);
	for (const struct item *item = resource ? resource->first : NULL;
	     item && status == KMETA_OK; item = item->next)
		status = look_at_item(h, KMETA_CONFIG,
		                      (struct kmeta_bytes){ item->key, item->key_size }, why);
	return status;
}

static const struct kmeta_field *field(const struct kmeta_fields *fields, const char *name)
{
	return kmeta_fields_find(fields, name);
}

static enum kmeta_status look_at_clearing(struct history *h, struct kmeta_bytes name,
                                          struct kmeta_finding *why)
{
	const struct topic *topic = name.size ? image_topic_named(h->image, name) : NULL;
	enum kmeta_status status = KMETA_OK;

	if (topic)
		return look_at_partitions(h, topic, why);
	for (size_t i = 0; !name.size && i < h->image->topics.capacity && status == KMETA_OK; i++)
		if (h->image->topics.slots[i].value)
			status = look_at_partitions(h, h->image->topics.slots[i].value, why);
	return status;
}

/* Which kind of item a record is about, and the field that numbers it where that is not the kind's
 * own key. */
static const struct {
	int16_t type;
	enum kmeta_entity_kind kind;
	const char *number;
} items[] = {
	{ 0, KMETA_BROKER, "brokerId" },
	{ 1, KMETA_BROKER, "brokerId" },
	{ 4, KMETA_CONFIG, NULL },
	{ 7, KMETA_BROKER, "id" },
	{ 8, KMETA_BROKER, "id" },
	{ 10, KMETA_TOKEN, NULL },
	{ 11, KMETA_SCRAM, NULL },
	{ 12, KMETA_FEATURE, NULL },
	{ 14, KMETA_QUOTA, NULL },
	{ 15, KMETA_PRODUCER_IDS, NULL },
	{ 16, KMETA_FEATURE, NULL },
	{ 17, KMETA_BROKER, "brokerId" },
	{ 18, KMETA_ACL, NULL },
	{ 19, KMETA_ACL, NULL },
	{ 21, KMETA_ZK_MIGRATION, NULL },
	{ 22, KMETA_SCRAM, NULL },
	{ 26, KMETA_TOKEN, NULL },
	{ 27, KMETA_CONTROLLER, "controllerId" },
	{ 29, KMETA_CONTROLLER, "controllerId" },
};

static enum kmeta_status look_at_named(struct history *h, const struct kmeta_record *record,
                                       const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct kmeta_buffer key = { 0 };
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (items[i].type != record->type)
			continue;
		if (items[i].number)
			image_key_number(&key, field(fields, items[i].number)->value.integer);
		if ((items[i].number || image_key(&key, items[i].kind, fields)) && !key.failed)
			status = look_at_item(h, items[i].kind, bytes_of(&key), why);
	}
	kmeta_buffer_release(&key);
	return status;
}

enum { TOPIC = 2, PARTITION = 3, PARTITION_CHANGE = 5, REMOVE_TOPIC = 9, CLEAR_ELR = 28 };

static enum kmeta_status before(void *context, const struct kmeta_batch *batch,
                                const struct kmeta_record *record,
                                const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct history *h = context;
	const struct topic *topic;

	(void)batch;
	h->looks_count = 0;
	switch (record->type) {
	case PARTITION:
	case PARTITION_CHANGE:
		if (!wants_number(h, (int32_t)field(fields, "partitionId")->value.integer))
			return KMETA_OK;
		topic = image_topic(h->image, field(fields, "topicId")->value.bytes.data);
		return topic ? look_at_partition(
				       h, topic,
				       (int32_t)field(fields, "partitionId")->value.integer, why)
		             : KMETA_OK;
	case TOPIC:
		return look_at_topic(h, field(fields, "topicId")->value.bytes.data,
		                     field(fields, "name")->value.bytes, why);
	case REMOVE_TOPIC:
		topic = image_topic(h->image, field(fields, "topicId")->value.bytes.data);
		return topic ? look_at_removal(h, topic, why) : KMETA_OK;
	case CLEAR_ELR:
		return look_at_clearing(h, field(fields, "topicName")->value.bytes, why);
	default:
		return look_at_named(h, record, fields, why);
	}
}

/* Topics and partitions were chosen before; items are by their path, which they have only now. */
static bool is_wanted(struct history *h, const struct kmeta_change *change)
{
	const struct kmeta_entity *entity = change->after ? change->after : change->before;

	return entity->kind == KMETA_TOPIC || entity->kind == KMETA_PARTITION ||
	       wants_item(h, entity);
}

static enum kmeta_status after(void *context, const struct kmeta_batch *batch,
                               const struct kmeta_record *record, const struct kmeta_fields *fields,
                               struct kmeta_finding *why)
{
	struct history *h = context;

	for (size_t i = 0; i < h->looks_count && !h->stopped; i++) {
		struct look *look = &h->looks[i];
		struct kmeta_entity now;
		const enum kmeta_status status = see(h, look, &now, why);
		struct kmeta_event event = { batch, record, fields->schema->name, { NULL, NULL } };

		if (status != KMETA_OK && status != KMETA_END)
			return status;
		look->entity.fields = &look->fields;
		event.change.before = look->existed ? &look->entity : NULL;
		event.change.after = status == KMETA_OK ? &now : NULL;
		if ((!event.change.before && !event.change.after) ||
		    (event.change.before && event.change.after &&
		     kmeta_entity_same(&look->entity, &now)) ||
		    !is_wanted(h, &event.change))
			continue;
		h->stopped = !h->options->seen(h->options->context, &event);
	}
	return KMETA_OK;
}

/* ---- the log ---- */

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct history *h = context;

	return !h->options->report || h->options->report(h->options->context, finding);
}

static enum kmeta_status replay_batch(struct history *h, const struct kmeta_batch *batch,
                                      int64_t from, struct kmeta_finding *why)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	enum kmeta_status status;

	while (!h->stopped &&
	       (status = kmeta_batch_next(batch, &cursor, &record, why)) != KMETA_END) {
		if (status == KMETA_OK && record.offset < from)
			continue;
		if (status == KMETA_OK)
			status = kmeta_decode(&h->dialect, &record, &h->fields, why);
		if (status == KMETA_OK)
			status = kmeta_image_apply(h->image, batch, &record, &h->fields, report, h,
			                           why);
		else if (status == KMETA_DAMAGED)
			status = report(h, why) ? KMETA_OK : KMETA_FAILED;
		if (status != KMETA_OK)
			return status;
	}
	return KMETA_OK;
}

static void note_span(struct history *h, const struct kmeta_batch *batch)
{
	struct kmeta_history_span *span = h->span;

	if (span->first_time < 0)
		span->first_time = batch->max_timestamp;
	if (batch->max_timestamp > span->last_time)
		span->last_time = batch->max_timestamp;
	span->end_offset = batch_behind(batch->last_offset);
}

/* What lies in front of the first batch is not kept; what is missing between two is told. */
static bool check_gap(struct history *h, const struct kmeta_batch *batch, struct kmeta_finding *why)
{
	struct kmeta_history_span *span = h->span;

	if (!span->end_offset)
		span->first_offset = batch->base_offset;
	else if (batch->base_offset > span->end_offset && !h->damaged) {
		finding_set(why, KMETA_MISSING_RECORDS, "the records %lld to %lld are missing",
		            (long long)span->end_offset, (long long)batch->base_offset - 1);
		why->file = batch->file;
		why->position = batch->position;
		why->offset = span->end_offset;
		if (!report(h, why))
			return false;
	}
	h->damaged = false;
	return true;
}

static bool wait_for_more(struct history *h, struct kmeta_source *source, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_END;

	while (status == KMETA_END && (!h->options->idle || h->options->idle(h->options->context)))
		status = kmeta_source_wait(source, WAIT_MILLISECONDS, why);
	if (status == KMETA_DAMAGED)
		report(h, why);
	return status == KMETA_OK || status == KMETA_DAMAGED;
}

/* Damage is told of; what it hides may make what follows look odd. */
static enum kmeta_status read_log(struct history *h, struct kmeta_source *source,
                                  struct kmeta_finding *why)
{
	const int64_t from = h->span->first_offset;
	enum kmeta_status status;

	while (!h->stopped) {
		struct kmeta_batch batch;

		status = kmeta_source_next(source, &batch, why);
		if (status == KMETA_END) {
			if (!h->options->follow || !wait_for_more(h, source, why))
				return KMETA_OK;
			continue;
		}
		if (status == KMETA_OK) {
			status = check_gap(h, &batch, why) ? KMETA_OK : KMETA_FAILED;
			note_span(h, &batch);
			if (status == KMETA_OK)
				status = replay_batch(h, &batch, from, why);
		} else if (status == KMETA_DAMAGED && report(h, why)) {
			h->damaged = true;
			status = KMETA_OK;
		}
		if (status != KMETA_OK)
			return KMETA_FAILED;
		if (h->options->progress)
			h->options->progress(h->options->context, source);
	}
	return KMETA_OK;
}

static enum kmeta_status begin(struct history *h, const char *path, struct kmeta_finding *why)
{
	const struct kmeta_point start = { .kind = KMETA_POINT_START };
	const struct kmeta_load_options options = { .dialect = h->options->dialect,
		                                    .report = report,
		                                    .context = h };
	enum kmeta_status status;

	h->targets = calloc(h->options->targets_count + 1, sizeof(*h->targets));
	if (!h->targets)
		return finding_memory(why);
	for (size_t i = 0; i < h->options->targets_count; i++)
		if (!parse_target(&h->targets[i], h->options->targets[i]))
			return finding_memory(why);
	if (!kmeta_dialect_init(&h->dialect, h->options->dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   h->options->dialect);
	status = kmeta_image_load(&h->image, path, start, &options, why);
	if (status != KMETA_OK)
		return status;
	h->image->watcher = (struct image_watcher){ before, after, h };
	h->view = (struct view){ .image = h->image, .flags = KMETA_WALK_NEWEST };
	h->span->first_offset = h->span->end_offset = h->image->place.end_offset;
	return KMETA_OK;
}

enum kmeta_status kmeta_history(const char *path, const struct kmeta_history_options *options,
                                struct kmeta_history_span *span, struct kmeta_finding *why)
{
	struct history h = { .options = options, .span = span };
	struct kmeta_source *source = NULL;
	struct kmeta_range from;
	const struct kmeta_source_options window = { .offsets = &from, .follow = options->follow };
	enum kmeta_status status;

	*span = (struct kmeta_history_span){ .first_time = -1, .last_time = -1 };
	status = begin(&h, path, why);
	from = (struct kmeta_range){ span->first_offset, INT64_MAX };
	if (status == KMETA_OK)
		status = kmeta_source_open(&source, path, &window, why);
	if (status == KMETA_OK)
		status = read_log(&h, source, why);
	if (status != KMETA_OK)
		finding_detach(why, path);
	kmeta_source_close(source);
	free_targets(&h);
	free_looks(&h);
	view_release(&h.view);
	kmeta_buffer_release(&h.path);
	kmeta_fields_release(&h.fields);
	kmeta_image_free(h.image);
	return status;
}
