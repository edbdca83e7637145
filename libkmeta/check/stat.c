/* SPDX-License-Identifier: Apache-2.0 */
/* stat.c: counts what fills a log, by type, topic, broker and time, in one pass. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "base/table.h"
#include "kmeta/check.h"
#include "log/logdir.h"
#include "print/scalar.h"
#include "print/text.h"
#include "record/decode.h"
#include "record/dialect.h"
#include "record/kind.h"
#include "record/schema.h"
#include "state/ahead.h"

/* Kafka's longest name of a topic has 249 bytes. Much longer ones are not kept. */
enum { LONGEST_NAME = 1000 };

/*
 * Times are counted in more buckets than are told, so that the widths that people like can be made
 * of them at the end: 15 s of three times 5 s.
 */
enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
enum { FINE_TIMES = 4 * KMETA_STAT_TIMES };

/* Each is a multiple of the one before. Behind the last, widths double. */
static const int64_t fine_widths[] = { SECOND,      5 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE,
	                               30 * MINUTE, HOUR,       6 * HOUR,    DAY,    7 * DAY };

/* Those that are told. */
static const int64_t widths[] = { SECOND,      2 * SECOND,  5 * SECOND, 10 * SECOND, 15 * SECOND,
	                          30 * SECOND, MINUTE,      2 * MINUTE, 5 * MINUTE,  10 * MINUTE,
	                          15 * MINUTE, 30 * MINUTE, HOUR,       2 * HOUR,    3 * HOUR,
	                          6 * HOUR,    12 * HOUR,   DAY,        2 * DAY,     7 * DAY };

/* Times by the clock that the user sees. */
struct times {
	struct kmeta_count counts[FINE_TIMES];
	int64_t start, width; /* width 0: nothing was counted */
	int64_t origin;       /* buckets of every width could begin here */
};

struct topic {
	struct kmeta_topic_count count; /* its "name" belongs to this struct */
};

/* The tables of brokers and controllers find both by the id, which comes first. */
struct broker {
	struct kmeta_broker_count count;
	bool is_migrating;
};

struct controller {
	int32_t id;
	bool is_unready; /* for the migration from ZooKeeper */
};

struct counter {
	struct kmeta_stat_options options;
	struct kmeta_stats *stats;
	struct kmeta_dialect dialect, any;
	const struct kmeta_fields *fields; /* of the current record */
	struct kmeta_fields trial;
	struct table topics, brokers, controllers;
	bool is_directory;
	int64_t least_level, most_level; /* of metadata.version, as a node replays it; 0: not set */
	uint64_t seed;
	struct times times;
	size_t types_capacity;
	struct kmeta_finding *why;
};

/* ---- types ---- */

static void note_level(struct kmeta_stats *stats, const struct kmeta_schema *schema)
{
	const int64_t level = schema->control ? 0 : record_level(schema->type, schema->version);

	if (level > stats->lowest_level)
		stats->lowest_level = level;
}

/* Notes which releases have a layout for the record. */
static void note_release(struct counter *c, const struct kmeta_record *record)
{
	const struct kmeta_schema *candidates[DIALECT_CANDIDATES];
	const size_t count = dialect_candidates(&c->any, record, candidates);
	size_t lowest = c->fields->schema->first_release;
	size_t highest = c->fields->schema->last_release;
	struct kmeta_finding ignored; /* of a layout that does not fit */

	for (size_t i = 0; i < count; i++) {
		const struct kmeta_schema *s = candidates[i];

		if ((s->first_release >= lowest && s->last_release <= highest) ||
		    decode_as(s, record, &c->trial, &ignored) != KMETA_OK)
			continue;
		lowest = s->first_release < lowest ? s->first_release : lowest;
		highest = s->last_release > highest ? s->last_release : highest;
	}
	if (lowest > c->stats->lowest_release)
		c->stats->lowest_release = lowest;
	if (highest < c->stats->highest_release)
		c->stats->highest_release = highest;
}

static bool count_type(struct counter *c, const struct kmeta_schema *schema, int64_t bytes)
{
	struct kmeta_stats *stats = c->stats;
	size_t i = 0;

	while (i < stats->types_count && stats->types[i].schema != schema)
		i++;
	if (i == c->types_capacity) {
		const size_t capacity = i ? i * 2 : 32;
		struct kmeta_type_count *types = realloc(stats->types, capacity * sizeof(*types));

		if (!types)
			return false;
		stats->types = types;
		c->types_capacity = capacity;
	}
	if (i == stats->types_count) {
		stats->types[i] = (struct kmeta_type_count){ .schema = schema };
		stats->types_count++;
		if (schema)
			note_level(stats, schema);
	}
	stats->types[i].count.records++;
	stats->types[i].count.bytes += bytes;
	return true;
}

/* ---- topics ---- */

static bool is_topic(const void *value, const void *id)
{
	const struct topic *topic = value;

	return !memcmp(topic->count.id, id, sizeof(topic->count.id));
}

static struct topic *topic_counter(struct counter *c, const uint8_t *id)
{
	const uint64_t hash = table_hash(c->seed, id, sizeof(((struct topic *)0)->count.id));
	struct topic *topic = table_find(&c->topics, hash, is_topic, id);

	if (topic)
		return topic;
	topic = calloc(1, sizeof(*topic));
	if (!topic)
		return NULL;
	memcpy(topic->count.id, id, sizeof(topic->count.id));
	if (table_add(&c->topics, hash, topic))
		return topic;
	free(topic);
	return NULL;
}

static bool name_topic(struct topic *topic, struct kmeta_bytes name)
{
	uint8_t *copy;

	if (name.size > LONGEST_NAME)
		return true;
	copy = malloc(name.size + 1);
	if (!copy)
		return false;
	memcpy(copy, name.data, name.size);
	free((void *)(uintptr_t)topic->count.name.data);
	topic->count.name = (struct kmeta_bytes){ copy, name.size };
	return true;
}

static bool count_topic(struct counter *c, const struct kmeta_record *record)
{
	const struct kmeta_field *id = kmeta_fields_find(c->fields, "topicId");
	struct topic *topic;

	if (!id)
		return true;
	topic = topic_counter(c, id->value.bytes.data);
	if (!topic)
		return false;
	topic->count.count.records++;
	topic->count.count.bytes += (int64_t)record->value.size;
	return record->type != KMETA_TOPIC_RECORD ||
	       name_topic(topic, fields_must_have(c->fields, "name")->value.bytes);
}

/* ---- brokers ---- */

static bool has_node_id(const void *value, const void *id)
{
	return *(const int32_t *)value == *(const int32_t *)id;
}

/* The broker or controller with this id, of so many bytes; a new one is zero. NULL: out of memory. */
static void *node_of(struct counter *c, struct table *nodes, int32_t id, size_t size)
{
	const uint64_t hash = table_hash(c->seed, &id, sizeof(id));
	void *node = table_find(nodes, hash, has_node_id, &id);

	if (node)
		return node;
	node = calloc(1, size);
	if (!node)
		return NULL;
	memcpy(node, &id, sizeof(id));
	if (table_add(nodes, hash, node))
		return node;
	free(node);
	return NULL;
}

/* The field with the broker that the record is about, or that it makes leader. */
static const struct kmeta_field *broker_field(const struct counter *c,
                                              const struct kmeta_record *record)
{
	const struct record_kind *kind = record_kind(record->control, record->type);

	if (!kind || !kind->has_entity || kind->entity != KMETA_BROKER)
		return kmeta_fields_find(c->fields, "leader");
	return kmeta_fields_find(c->fields,
	                         kind->number ? kind->number : kinds[KMETA_BROKER].keys[0].field);
}

static bool count_broker(struct counter *c, const struct kmeta_record *record)
{
	const struct kmeta_field *field = broker_field(c, record), *migrating;
	struct broker *broker;

	if (!field || field->value.integer < 0)
		return true;
	broker = node_of(c, &c->brokers, (int32_t)field->value.integer, sizeof(*broker));
	if (!broker)
		return false;
	if (record->type == KMETA_REGISTER_BROKER_RECORD) {
		migrating = kmeta_fields_find(c->fields, "isMigratingZkBroker");
		broker->is_migrating = migrating && migrating->value.integer;
		broker->count.registrations++;
	} else if (field->schema->name[0] == 'l') {
		broker->count.leaderships++;
	} else {
		broker->count.changes++;
		broker->is_migrating &= record->type != KMETA_UNREGISTER_BROKER_RECORD;
	}
	return true;
}

/* ---- controllers ---- */

/* False: out of memory. */
static bool note_controller(struct counter *c, const struct kmeta_record *record)
{
	const struct kmeta_field *id, *ready;
	struct controller *controller;

	if (record->type != KMETA_REGISTER_CONTROLLER_RECORD &&
	    record->type != KMETA_UNREGISTER_CONTROLLER_RECORD)
		return true;
	id = kmeta_fields_find(c->fields, "controllerId");
	ready = kmeta_fields_find(c->fields, "zkMigrationReady");
	controller = node_of(c, &c->controllers, (int32_t)id->value.integer, sizeof(*controller));
	if (controller)
		controller->is_unready = ready && !ready->value.integer;
	return controller;
}

/* ---- times ---- */

static int64_t next_width(const int64_t *list, size_t count, int64_t width)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] > width)
			return list[i];
	return 2 * width;
}

static int64_t round_down(int64_t time, int64_t width, int64_t origin)
{
	const int64_t rest = (time - origin) % width;

	return time - (rest < 0 ? rest + width : rest);
}

/* A midnight from Sunday to Monday, in the zone of this time. */
static int64_t origin_near(int64_t time)
{
	const time_t seconds = (time_t)(time / SECOND);
	const int64_t monday = 4 * (int64_t)DAY; /* 1970 began with a Thursday */
	struct tm local;

	return localtime_r(&seconds, &local) ? monday - (int64_t)local.tm_gmtoff * SECOND : monday;
}

static void add_count(struct kmeta_count *sum, const struct kmeta_count *count)
{
	sum->records += count->records;
	sum->bytes += count->bytes;
}

/* Makes the buckets wider, so that a later time fits. A sum never stands behind its parts. */
static void widen(struct times *t)
{
	const int64_t width =
		next_width(fine_widths, sizeof(fine_widths) / sizeof(*fine_widths), t->width);
	const int64_t start = round_down(t->start, width, t->origin);

	for (int64_t i = 0; i < FINE_TIMES; i++) {
		const struct kmeta_count count = t->counts[i];

		t->counts[i] = (struct kmeta_count){ 0, 0 };
		add_count(&t->counts[(t->start - start + i * t->width) / width], &count);
	}
	t->start = start;
	t->width = width;
}

/* A time before the first one counts for the first bucket, and one that no clock shows is cut. */
static void count_time(struct times *t, const struct kmeta_batch *batch)
{
	const int64_t latest = INT64_MAX / 8;
	int64_t time = batch->max_timestamp < 0 ? 0 : batch->max_timestamp;

	time = time < latest ? time : latest;
	if (!t->width) {
		t->width = fine_widths[0];
		t->origin = origin_near(time);
		t->start = round_down(time, t->width, t->origin);
	}
	time = time > t->start ? time : t->start;
	while ((time - t->start) / t->width >= FINE_TIMES)
		widen(t);
	add_count(&t->counts[(time - t->start) / t->width],
	          &(struct kmeta_count){ batch->count, batch->size });
}

/* Tells the times in the narrowest buckets of which there are enough. */
static void tell_times(const struct times *t, struct kmeta_stats *stats)
{
	int64_t last = 0, width = t->width, start;

	if (!t->width)
		return;
	for (int64_t i = 0; i < FINE_TIMES; i++)
		last = t->counts[i].records || t->counts[i].bytes ? t->start + i * t->width : last;
	start = round_down(t->start, width, t->origin);
	while (width % t->width || (last - start) / width >= KMETA_STAT_TIMES) {
		width = next_width(widths, sizeof(widths) / sizeof(*widths), width);
		start = round_down(t->start, width, t->origin);
	}
	for (int64_t i = 0; i < FINE_TIMES && t->start + i * t->width <= last; i++)
		add_count(&stats->times[(t->start + i * t->width - start) / width], &t->counts[i]);
	stats->time_start = start;
	stats->time_width = width;
}

/* ---- records and batches ---- */

/* A node replays what its newest checkpoint does not hold. */
static void note_set_level(struct counter *c, int64_t offset, int64_t level)
{
	const struct kmeta_stats *stats = c->stats;
	const int64_t replayed =
		stats->checkpoints_count
			? stats->checkpoints[stats->checkpoints_count - 1].end_offset
			: 0;

	if (!c->least_level || offset < replayed || level < c->least_level)
		c->least_level = level;
	if (offset < replayed || level > c->most_level)
		c->most_level = level;
	c->stats->metadata_version = level;
}

static void note_state(struct counter *c, const struct kmeta_record *record,
                       const struct kmeta_fields *fields)
{
	struct kmeta_stats *stats = c->stats;
	const struct kmeta_field *field;

	switch (record->type) {
	case KMETA_BEGIN_TRANSACTION_RECORD:
		stats->open_transaction = record->offset;
		break;
	case KMETA_END_TRANSACTION_RECORD:
	case KMETA_ABORT_TRANSACTION_RECORD:
		stats->open_transaction = -1;
		break;
	case KMETA_FEATURE_LEVEL_RECORD:
		field = kmeta_fields_find(fields, "name");
		if (field->value.bytes.size == 16 &&
		    !memcmp(field->value.bytes.data, "metadata.version", 16)) {
			field = kmeta_fields_find(fields, "featureLevel");
			note_set_level(c, record->offset, field ? field->value.integer : 0);
		}
		break;
	case KMETA_ZK_MIGRATION_STATE_RECORD:
		stats->migration_state =
			(int32_t)fields_must_have(fields, "zkMigrationState")->value.integer;
		stats->migration_offset = record->offset;
		stats->migration_time = record->timestamp;
		break;
	default:
		break;
	}
}

/* False: out of memory. */
static bool count_record(struct counter *c, const struct ahead_record *r)
{
	const struct kmeta_record *record = r->record;
	const struct kmeta_fields *fields = r->fields;
	const int64_t size = (int64_t)record->value.size;

	c->fields = fields;
	c->stats->records++;
	c->stats->control_records += record->control;
	if (!fields) {
		if (c->options.report)
			c->options.report(c->options.context, r->fault);
		return count_type(c, NULL, size);
	}
	note_release(c, record);
	if (record->control)
		c->stats->leader_changes += !strcmp(fields->schema->name, "LEADER_CHANGE");
	else
		note_state(c, record, fields);
	return count_type(c, fields->schema, size) &&
	       (record->control ||
	        (count_topic(c, record) && count_broker(c, record) && note_controller(c, record)));
}

static void count_size(struct kmeta_stats *stats, int64_t size)
{
	size_t i = 0;

	while (i + 1 < KMETA_STAT_SIZES && size >> (i + 1))
		i++;
	stats->batch_sizes[i]++;
	if (size > stats->largest_batch)
		stats->largest_batch = size;
}

static void count_batch(struct counter *c, const struct kmeta_batch *batch)
{
	struct kmeta_stats *stats = c->stats;

	stats->batches++;
	stats->bytes += batch->size;
	stats->compressed_batches += (batch->attributes & KMETA_BATCH_CODEC) != 0;
	count_size(stats, batch->size);
	count_time(&c->times, batch);
	if (stats->first_offset < 0) {
		stats->first_offset = batch->base_offset;
		stats->first_time = batch->max_timestamp;
		stats->first_epoch = batch->epoch;
	}
	stats->last_offset = batch->last_offset;
	stats->last_epoch = batch->epoch;
	if (batch->max_timestamp > stats->last_time)
		stats->last_time = batch->max_timestamp;
}

static void report_damage(const struct counter *c)
{
	if (c->options.report)
		c->options.report(c->options.context, c->why);
}

/* A batch that the end is in is read whole. */
static bool is_behind_end(const struct counter *c, const struct kmeta_record *record)
{
	return c->options.until.kind == KMETA_POINT_OFFSET &&
	       record->offset >= c->options.until.value;
}

static enum kmeta_status count_records(struct counter *c, struct ahead *ahead)
{
	struct ahead_record record;
	enum kmeta_status status;

	while ((status = ahead_record(ahead, &record, c->why)) != KMETA_END) {
		if (status == KMETA_FAILED)
			return status;
		if (status == KMETA_DAMAGED)
			report_damage(c);
		else if (is_behind_end(c, record.record))
			continue;
		else if (!count_record(c, &record))
			return finding_memory(c->why);
	}
	return KMETA_OK;
}

/* Reports damage and counts the records around it. */
static enum kmeta_status count_log(struct counter *c, struct ahead *ahead)
{
	struct kmeta_batch batch;
	enum kmeta_status status;

	while ((status = ahead_batch(ahead, &batch, c->why)) != KMETA_END) {
		if (status == KMETA_OK) {
			count_batch(c, &batch);
			status = count_records(c, ahead);
		}
		if (status == KMETA_FAILED)
			return status;
		if (status == KMETA_DAMAGED)
			report_damage(c);
		if (!ahead_go_on(ahead, c->options.progress, c->options.context))
			return finding_stopped(c->why);
	}
	return KMETA_OK;
}

/* ---- lists ---- */

static int by_type_bytes(const void *a, const void *b)
{
	const struct kmeta_type_count *x = a, *y = b;

	return (x->count.bytes < y->count.bytes) - (x->count.bytes > y->count.bytes);
}

static int by_topic_bytes(const void *a, const void *b)
{
	const struct kmeta_topic_count *x = a, *y = b;

	if (x->count.bytes != y->count.bytes)
		return x->count.bytes < y->count.bytes ? 1 : -1;
	return memcmp(x->id, y->id, sizeof(x->id));
}

static int64_t broker_records(const struct kmeta_broker_count *b)
{
	return b->registrations + b->changes + b->leaderships;
}

static int by_broker_records(const void *a, const void *b)
{
	const int64_t x = broker_records(a), y = broker_records(b);

	if (x != y)
		return x < y ? 1 : -1;
	return ((const struct kmeta_broker_count *)a)->broker <
	                       ((const struct kmeta_broker_count *)b)->broker
	               ? -1
	               : 1;
}

/* The list takes over the names. */
static bool list_topics(struct counter *c)
{
	struct kmeta_stats *stats = c->stats;

	stats->topics = calloc(c->topics.count + 1, sizeof(*stats->topics));
	if (!stats->topics)
		return false;
	for (size_t i = 0; i < c->topics.capacity; i++) {
		struct topic *topic = c->topics.slots[i].value;

		if (!topic)
			continue;
		stats->topics[stats->topics_count++] = topic->count;
		topic->count.name.data = NULL;
	}
	qsort(stats->topics, stats->topics_count, sizeof(*stats->topics), by_topic_bytes);
	return true;
}

/* The nodes that the migration from ZooKeeper waits for. */
static bool list_migration(struct counter *c)
{
	struct kmeta_stats *stats = c->stats;

	stats->migrating_brokers = calloc(c->brokers.count + 1, sizeof(int32_t));
	stats->unready_controllers = calloc(c->controllers.count + 1, sizeof(int32_t));
	if (!stats->migrating_brokers || !stats->unready_controllers)
		return false;
	for (size_t i = 0; i < c->brokers.capacity; i++) {
		const struct broker *broker = c->brokers.slots[i].value;

		if (broker && broker->is_migrating)
			stats->migrating_brokers[stats->migrating_brokers_count++] =
				broker->count.broker;
	}
	for (size_t i = 0; i < c->controllers.capacity; i++) {
		const struct controller *controller = c->controllers.slots[i].value;

		if (controller && controller->is_unready)
			stats->unready_controllers[stats->unready_controllers_count++] =
				controller->id;
	}
	numbers_sort(stats->migrating_brokers, stats->migrating_brokers_count);
	numbers_sort(stats->unready_controllers, stats->unready_controllers_count);
	return true;
}

static bool list_brokers(struct counter *c)
{
	struct kmeta_stats *stats = c->stats;

	stats->brokers = calloc(c->brokers.count + 1, sizeof(*stats->brokers));
	if (!stats->brokers)
		return false;
	for (size_t i = 0; i < c->brokers.capacity; i++) {
		const struct broker *broker = c->brokers.slots[i].value;

		if (!broker)
			continue;
		stats->brokers[stats->brokers_count++] = broker->count;
	}
	qsort(stats->brokers, stats->brokers_count, sizeof(*stats->brokers), by_broker_records);
	return true;
}

static enum kmeta_status list_checkpoints(struct counter *c, const char *path,
                                          struct kmeta_finding *why)
{
	struct kmeta_stats *stats = c->stats;
	struct logdir dir;
	struct stat st;
	enum kmeta_status status;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		stats->files = 1;
		return KMETA_OK;
	}
	status = logdir_open(&dir, path, false, why);
	if (status != KMETA_OK)
		return status;
	c->is_directory = true;
	stats->files = (int64_t)dir.segments.count;
	stats->checkpoints = calloc(dir.checkpoints.count + 1, sizeof(*stats->checkpoints));
	for (size_t i = 0; stats->checkpoints && i < dir.checkpoints.count; i++)
		stats->checkpoints[stats->checkpoints_count++] = (struct kmeta_checkpoint_file){
			dir.checkpoints.at[i].offset, dir.checkpoints.at[i].epoch,
			stat(dir.checkpoints.at[i].path, &st) == 0 ? st.st_size : 0
		};
	logdir_release(&dir);
	return stats->checkpoints ? KMETA_OK : finding_memory(why);
}

void kmeta_topic_text(struct kmeta_buffer *out, const struct kmeta_topic_count *topic)
{
	char *at;

	if (topic->name.data) {
		text_string(out, topic->name);
		return;
	}
	at = buffer_room(out, UUID_TEXT);
	if (at)
		buffer_wrote(out, uuid_print(at, topic->id));
}

void kmeta_topic_json(struct kmeta_buffer *out, const struct kmeta_topic_count *topic)
{
	if (topic->name.data) {
		scalar_string(out, topic->name);
		return;
	}
	buffer_char(out, '"');
	kmeta_topic_text(out, topic);
	buffer_char(out, '"');
}

/* ---- the whole ---- */

static void release_counter(struct counter *c)
{
	for (size_t i = 0; i < c->topics.capacity; i++) {
		struct topic *topic = c->topics.slots[i].value;

		if (topic)
			free((void *)(uintptr_t)topic->count.name.data);
		free(topic);
	}
	for (size_t i = 0; i < c->brokers.capacity; i++)
		free(c->brokers.slots[i].value);
	table_release(&c->topics);
	table_release(&c->brokers);
	for (size_t i = 0; i < c->controllers.capacity; i++)
		free(c->controllers.slots[i].value);
	table_release(&c->controllers);
	kmeta_fields_release(&c->trial);
}

void kmeta_stats_free(struct kmeta_stats *stats)
{
	if (!stats)
		return;
	for (size_t i = 0; i < stats->topics_count; i++)
		free((void *)(uintptr_t)stats->topics[i].name.data);
	free(stats->types);
	free(stats->topics);
	free(stats->brokers);
	free(stats->migrating_brokers);
	free(stats->unready_controllers);
	free(stats->checkpoints);
	free(stats);
}

static bool accepts_levels(const struct counter *c, size_t release)
{
	return (!c->least_level || dialect_accepts_level(release, c->least_level)) &&
	       (!c->most_level || dialect_accepts_level(release, c->most_level));
}

/*
 * True if a directory's log sets no metadata.version from its beginning on. Kafka 3 takes that for
 * level 1, Kafka 4 throws.
 */
static bool is_without_level(const struct counter *c)
{
	const struct kmeta_stats *stats = c->stats;

	return c->is_directory && !stats->checkpoints_count && !stats->first_offset &&
	       !stats->metadata_version;
}

/* A release reads a log only if it knows each metadata.version that it replays. */
static void narrow_releases(struct counter *c)
{
	struct kmeta_stats *stats = c->stats;
	size_t lowest, highest, release;

	if (is_without_level(c))
		c->least_level = 1;
	/* A release may know levels of the next one, but does not start on them by default. */
	release = dialect_release_of_level(
		c->most_level > stats->lowest_level ? c->most_level : stats->lowest_level);
	lowest = release > stats->lowest_release ? release : stats->lowest_release;
	highest = stats->highest_release;
	while (lowest <= highest && !accepts_levels(c, lowest))
		lowest++;
	while (highest > lowest && !accepts_levels(c, highest))
		highest--;
	stats->lowest_release = lowest;
	stats->highest_release = highest;
}

enum kmeta_status kmeta_stat(struct kmeta_stats **stats, const char *path,
                             const struct kmeta_stat_options *options, struct kmeta_finding *why)
{
	struct counter c = { .why = why };
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .until = &c.options.until };
	const struct ahead_options everything = { 0 };
	struct kmeta_source *source = NULL;
	struct ahead *ahead = NULL;
	enum kmeta_status status = options_take(&c.options, sizeof(c.options), options, why);

	if (status != KMETA_OK)
		return status;
	c.stats = calloc(1, sizeof(*c.stats));
	if (!c.stats)
		return finding_memory(why);
	c.seed = (uint64_t)(uintptr_t)c.stats;
	*c.stats = (struct kmeta_stats){ .highest_release = schema_releases_count - 1,
		                         .first_offset = -1,
		                         .last_offset = -1,
		                         .first_time = -1,
		                         .last_time = -1,
		                         .first_epoch = -1,
		                         .last_epoch = -1,
		                         .open_transaction = -1,
		                         .migration_state = -1,
		                         .migration_offset = -1,
		                         .migration_time = -1 };
	if (!kmeta_dialect_init(&c.any, NULL) || !kmeta_dialect_init(&c.dialect, c.options.dialect))
		status = finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                     c.options.dialect);
	else
		status = list_checkpoints(&c, path, why);
	if (status == KMETA_OK)
		status = kmeta_source_open(&source, path, &window, why);
	if (status == KMETA_OK) {
		ahead = ahead_open(source, &c.dialect, &everything);
		status = ahead ? count_log(&c, ahead) : finding_memory(why);
	}
	if (status == KMETA_OK && (!list_topics(&c) || !list_brokers(&c) || !list_migration(&c)))
		status = finding_memory(why);
	if (status == KMETA_OK) {
		tell_times(&c.times, c.stats);
		narrow_releases(&c);
		if (c.stats->types_count)
			qsort(c.stats->types, c.stats->types_count, sizeof(*c.stats->types),
			      by_type_bytes);
		*stats = c.stats;
	} else {
		finding_detach(why, path);
		kmeta_stats_free(c.stats);
	}
	ahead_close(ahead);
	kmeta_source_close(source);
	release_counter(&c);
	return status;
}
