/* SPDX-License-Identifier: Apache-2.0 */
/*
 * info_partitions.c: compares the directories of partitions in a log directory with the state, as the
 * broker's LogManager does when it starts.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/wire.h"
#include "check/info.h"
#include "check/side_text.h"
#include "print/scalar.h"
#include "state/image.h"

/* ---- names ---- */

char *info_join(const char *directory, const char *name)
{
	const size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);

	if (path)
		snprintf(path, size, "%s/%s", directory, name);
	return path;
}

void info_tame(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

static const struct {
	const char *text;
	enum kmeta_stray is;
} name_suffixes[] = { { "-delete", KMETA_STRAY_DELETED },
	              { "-future", KMETA_STRAY_FUTURE },
	              { "-stray", KMETA_STRAY_MARKED } };

bool info_take_name(struct info_name *parts, const char *name)
{
	size_t size = strlen(name), dash;
	int64_t number;

	parts->suffix = KMETA_STRAY_NONE;
	for (size_t i = 0; i < sizeof(name_suffixes) / sizeof(name_suffixes[0]); i++) {
		const size_t suffix = strlen(name_suffixes[i].text);

		if (size <= suffix || strcmp(name + size - suffix, name_suffixes[i].text) != 0)
			continue;
		parts->suffix = name_suffixes[i].is;
		/* A dot and a random id stand before it. */
		for (size -= suffix; size > 0 && name[size - 1] != '.';)
			size--;
		size -= size > 0;
		break;
	}
	for (dash = size; dash > 0 && name[dash - 1] != '-';)
		dash--;
	if (dash < 2 ||
	    !side_text_number((struct kmeta_bytes){ (const uint8_t *)name + dash, size - dash }, 0,
	                      INT32_MAX, &number))
		return false;
	parts->topic = (struct kmeta_bytes){ (const uint8_t *)name, dash - 1 };
	parts->partition = (int32_t)number;
	return true;
}

/* ---- the directories ---- */

struct partition_place {
	char *name;
	uint8_t id[IMAGE_ID]; /* of the topic */
	bool has_id;
	bool unreadable;        /* its partition.metadata */
	struct info_name parts; /* of the name */
};

struct places_found {
	const struct kmeta_image *image;
	const char *path;
	int32_t node_id;
	uint8_t directory_id[IMAGE_ID];
	bool has_directory_id;
	struct partition_place *at;
	size_t count, capacity;
	struct kmeta_buffer message, topic, name;
	kmeta_partition_directory_seen *seen;
	void *context;
	bool stopped;
};

/* The topic id in partition.metadata: Kafka's PartitionMetadataFile. */
static void read_topic_id(const struct places_found *d, struct partition_place *place)
{
	static const char key[] = "topic_id:";
	char *directory = info_join(d->path, place->name);
	char *path = directory ? info_join(directory, "partition.metadata") : NULL;
	struct side_text text = { 0 };
	struct kmeta_bytes left, line;
	struct kmeta_finding why;
	const enum kmeta_status status = side_text_read(&text, path, &why);

	place->unreadable = status == KMETA_FAILED;
	left = (struct kmeta_bytes){ (const uint8_t *)text.at, text.size };
	while (status == KMETA_OK && side_text_line(&left, &line)) {
		size_t at = sizeof(key) - 1;

		if (line.size <= at || memcmp(line.data, key, at) != 0)
			continue;
		while (at < line.size && line.data[at] == ' ')
			at++;
		place->has_id = uuid_parse((const char *)line.data + at, line.size - at, place->id);
	}
	place->unreadable |= status == KMETA_OK && !place->has_id;
	side_text_release(&text);
	free(path);
	free(directory);
}

static bool add_place(struct places_found *d, const char *name)
{
	struct partition_place place = { .name = strdup(name) };
	struct partition_place *more;

	if (!place.name)
		return false;
	if (!info_take_name(&place.parts, place.name)) {
		free(place.name);
		return true;
	}
	if (d->count == d->capacity || !d->at) {
		more = array_grow(d->at, &d->capacity, d->count + 1, sizeof(*d->at));
		if (!more) {
			free(place.name);
			return false;
		}
		d->at = more;
	}
	read_topic_id(d, &place);
	d->at[d->count++] = place;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct partition_place *x = a, *y = b;
	const int order = kmeta_bytes_compare(x->parts.topic, y->parts.topic);

	if (order)
		return order;
	if (x->parts.partition != y->parts.partition)
		return x->parts.partition < y->parts.partition ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool is_metadata(const char *name)
{
	return !strcmp(name, "__cluster_metadata-0") || !strcmp(name, "@metadata-0");
}

static enum kmeta_status list_places(struct places_found *d, struct kmeta_finding *why)
{
	DIR *dir = opendir(d->path);
	const struct dirent *entry;
	bool room = true;

	if (!dir)
		return finding_system(why, NULL, errno, "cannot open");
	while (room && (entry = readdir(dir)) != NULL)
		room = is_metadata(entry->d_name) || add_place(d, entry->d_name);
	closedir(dir);
	if (d->count)
		qsort(d->at, d->count, sizeof(*d->at), by_place);
	return room ? KMETA_OK : finding_memory(why);
}

/* ---- judging ---- */

static int32_t replica_at(const struct partition_state *state, size_t index)
{
	return (int32_t)wire_get32(state->arrays[PARTITION_REPLICAS].data + index * 4);
}

/* The directory that the state gives a replica on this broker. False: it has no replica here. */
static bool own_replica(const struct places_found *d, const struct partition *partition,
                        const uint8_t **directory)
{
	struct partition_state state;

	partition_unpack(&state, partition);
	*directory = NULL;
	for (size_t i = 0; i < state.arrays[PARTITION_REPLICAS].size / 4; i++) {
		if (replica_at(&state, i) != d->node_id)
			continue;
		if ((i + 1) * IMAGE_ID <= state.arrays[PARTITION_DIRECTORIES].size)
			*directory = state.arrays[PARTITION_DIRECTORIES].data + i * IMAGE_ID;
		return true;
	}
	return false;
}

/* Ids below 100 stand for no directory (DirectoryId.reserved()). */
static bool is_real_directory(const uint8_t *id)
{
	return id && (wire_get64(id) || wire_get64(id + 8) >= 100);
}

static void say_id(struct kmeta_buffer *out, const uint8_t *id)
{
	char text[UUID_TEXT + 1];

	*uuid_print(text, id) = '\0';
	buffer_text(out, text);
}

static enum kmeta_stray judge_replica(struct places_found *d, const struct partition *partition)
{
	const uint8_t *directory;

	if (d->node_id >= 0 && !own_replica(d, partition, &directory)) {
		buffer_format(&d->message, "the partition has no replica on broker %d", d->node_id);
		return KMETA_STRAY_NO_REPLICA;
	}
	if (d->node_id >= 0 && d->has_directory_id && is_real_directory(directory) &&
	    memcmp(directory, d->directory_id, IMAGE_ID) != 0) {
		buffer_text(&d->message, "the state has the replica in directory ");
		say_id(&d->message, directory);
		return KMETA_STRAY_OTHER_DIRECTORY;
	}
	buffer_text(&d->message, "it belongs here");
	return KMETA_STRAY_NONE;
}

static enum kmeta_stray judge_suffix(struct places_found *d, enum kmeta_stray suffix)
{
	buffer_text(&d->message, suffix == KMETA_STRAY_DELETED ? "the broker was removing it"
	                         : suffix == KMETA_STRAY_FUTURE
	                                 ? "a copy that was being moved here"
	                                 : "a broker has put it aside as a stray");
	return suffix;
}

/* A topic is known by its id; a directory without one, from before 2.8, by its name. */
static enum kmeta_stray judge_place(struct places_found *d, const struct partition_place *place)
{
	const struct topic *named = image_topic_named(d->image, place->parts.topic);
	const struct topic *topic = place->has_id ? image_topic(d->image, place->id) : named;
	const struct partition *partition =
		topic ? image_partition(d->image, topic, place->parts.partition) : NULL;

	if (place->parts.suffix != KMETA_STRAY_NONE)
		return judge_suffix(d, place->parts.suffix);
	if (place->unreadable) {
		buffer_text(&d->message, "its partition.metadata cannot be read");
		return KMETA_STRAY_UNKNOWN;
	}
	if (!topic && named) {
		buffer_text(&d->message, "its topic id is gone: the topic was deleted, and created "
		                         "again with the id ");
		say_id(&d->message, named->id);
		return KMETA_STRAY_OTHER_ID;
	}
	if (!topic) {
		buffer_text(&d->message, "no topic has its name and id: the topic was deleted");
		return KMETA_STRAY_NO_TOPIC;
	}
	if (!partition) {
		buffer_format(&d->message, "the topic has no partition %d", place->parts.partition);
		return KMETA_STRAY_NO_PARTITION;
	}
	return judge_replica(d, partition);
}

/* ---- telling ---- */

static const char *ended(struct kmeta_buffer *buffer)
{
	buffer_char(buffer, '\0');
	if (buffer->failed)
		return "";
	info_tame(buffer->at);
	return buffer->at;
}

static void tell_partition_place(struct places_found *d, enum kmeta_stray is, const char *name,
                                 struct kmeta_bytes topic, const uint8_t *id)
{
	char text[UUID_TEXT + 1] = "";
	struct kmeta_partition_directory directory = { .is = is };

	d->name.size = 0;
	buffer_text(&d->name, name);
	directory.name = ended(&d->name);
	if (id)
		*uuid_print(text, id) = '\0';
	d->topic.size = 0;
	buffer_add(&d->topic, topic.data, topic.size);
	directory.topic = ended(&d->topic);
	directory.topic_id = text;
	directory.message = ended(&d->message);
	d->stopped = !d->seen(d->context, &directory);
	d->message.size = 0;
}

static void tell_places(struct places_found *d)
{
	for (size_t i = 0; i < d->count && !d->stopped; i++) {
		const struct partition_place *place = &d->at[i];
		const enum kmeta_stray is = judge_place(d, place);

		tell_partition_place(d, is, place->name, place->parts.topic,
		                     place->has_id ? place->id : NULL);
	}
}

/* A directory of this name that is in use. One with another topic id was told as such. */
static bool has_own_place(const struct places_found *d, const struct partition *partition)
{
	const struct partition_place wanted = { .name = (char *)(uintptr_t) "",
		                                .parts = { .topic = { partition->topic->name,
		                                                      partition->topic->name_size },
		                                           .partition = partition->id } };
	size_t low = 0, high = d->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (by_place(&d->at[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < d->count && d->at[low].parts.partition == partition->id &&
	       !kmeta_bytes_compare(d->at[low].parts.topic, wanted.parts.topic);
	     low++)
		if (d->at[low].parts.suffix == KMETA_STRAY_NONE &&
		    (!d->at[low].has_id || !memcmp(d->at[low].id, partition->topic->id, IMAGE_ID)))
			return true;
	return false;
}

/* Only a replica whose directory the state names is surely missing: else another one may have it. */
static void tell_missing(struct places_found *d, const struct topic *topic)
{
	const struct partition *partition;
	const uint8_t *directory;
	struct kmeta_buffer name = { 0 };
	size_t at = 0;

	while (!d->stopped && (partition = topic_next(topic, &at)) != NULL) {
		if (!own_replica(d, partition, &directory) || !is_real_directory(directory) ||
		    memcmp(directory, d->directory_id, IMAGE_ID) != 0 ||
		    has_own_place(d, partition))
			continue;
		name.size = 0;
		buffer_add(&name, topic->name, topic->name_size);
		buffer_format(&name, "-%d", partition->id);
		buffer_text(&d->message,
		            "the state has this replica here: the broker will copy it from others");
		tell_partition_place(d, KMETA_STRAY_MISSING, ended(&name),
		                     (struct kmeta_bytes){ topic->name, topic->name_size },
		                     topic->id);
	}
	kmeta_buffer_release(&name);
}

static int topics_in_order(const void *a, const void *b)
{
	return topic_order(*(const struct topic *const *)a, *(const struct topic *const *)b);
}

static enum kmeta_status tell_all_missing(struct places_found *d, struct kmeta_finding *why)
{
	const struct table *table = &d->image->topics;
	const struct topic **topics = calloc(table->count + 1, sizeof(const struct topic *));
	size_t count = 0;

	if (!topics)
		return finding_memory(why);
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].value)
			topics[count++] = table->slots[i].value;
	qsort(topics, count, sizeof(const struct topic *), topics_in_order);
	for (size_t i = 0; i < count && !d->stopped; i++)
		tell_missing(d, topics[i]);
	free(topics);
	return KMETA_OK;
}

enum kmeta_status kmeta_partition_directories(const struct kmeta_image *image, const char *path,
                                              int32_t node_id, const char *directory_id,
                                              kmeta_partition_directory_seen *seen, void *context,
                                              struct kmeta_finding *why)
{
	struct places_found d = {
		.image = image, .path = path, .node_id = node_id, .seen = seen, .context = context
	};
	enum kmeta_status status;

	d.has_directory_id = uuid_parse(directory_id, strlen(directory_id), d.directory_id);
	status = list_places(&d, why);
	if (status == KMETA_OK)
		tell_places(&d);
	if (status == KMETA_OK && d.has_directory_id && node_id >= 0)
		status = tell_all_missing(&d, why);
	if (status == KMETA_OK && (d.message.failed || d.topic.failed || d.name.failed))
		status = finding_memory(why);
	for (size_t i = 0; i < d.count; i++)
		free(d.at[i].name);
	free(d.at);
	kmeta_buffer_release(&d.message);
	kmeta_buffer_release(&d.topic);
	kmeta_buffer_release(&d.name);
	return status;
}
