/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_side_files.c: checks leader-epoch-checkpoint, quorum-state, partition.metadata,
 * meta.properties and leftovers.
 */
#include "check/check_side_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "check/identity.h"
#include "print/scalar.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- files as text ---- */

/* One file that is checked; findings about it have this code. */
struct side_file {
	struct side_files *of;
	enum kmeta_code code;
	const char *path;
	struct side_text text;
};

#define OBJECT(file, ...) \
	findings_add((file)->of->findings, (file)->code, (file)->path, 0, -1, __VA_ARGS__)

/* The file is sound, and does not fit the log. */
#define MISFIT(file, ...) \
	findings_add((file)->of->findings, KMETA_OTHER_EPOCHS, (file)->path, 0, -1, __VA_ARGS__)

/* Lets a path live as long as the findings. NULL: out of memory. */
static const char *keep_side_path(struct side_files *d, char *path)
{
	assert(d->paths_count < COUNT_OF(d->paths));
	return path ? d->paths[d->paths_count++] = path : NULL;
}

static char *member_path(const struct side_files *d, const char *name)
{
	char *path = malloc(strlen(d->directory) + strlen(name) + 2);

	if (path)
		sprintf(path, "%s/%s", d->directory, name);
	return path;
}

/* Reads a file whose path it frees. False: it does not exist, or cannot be read, which is reported. */
static bool open_text(struct side_file *file, struct side_files *d, char *path,
                      enum kmeta_code code)
{
	struct kmeta_finding why;
	enum kmeta_status status;

	*file = (struct side_file){ .of = d, .code = code, .path = keep_side_path(d, path) };
	status = side_text_read(&file->text, file->path, &why);
	if (status == KMETA_FAILED) {
		why.file = file->path;
		findings_keep(d->findings, &why);
	}
	if (status == KMETA_OK && file->text.is_cut)
		OBJECT(file, "it is larger than %zu bytes, and only these were looked at",
		       file->text.size);
	return status == KMETA_OK;
}

static struct kmeta_bytes content_of(const struct side_file *file)
{
	return (struct kmeta_bytes){ (const uint8_t *)file->text.at, file->text.size };
}

/* ---- leader-epoch-checkpoint: Kafka's CheckpointFile and LeaderEpochCheckpointFile ---- */

/*
 * After Kafka cut the beginning of the log up to a checkpoint, the file's first line starts at that
 * checkpoint, and the first segment may begin before.
 */
static bool is_cut(const struct side_files *d, int64_t start)
{
	for (size_t i = 0; i < d->checkpoints->count; i++)
		if (d->checkpoints->at[i].offset == start)
			return true;
	return false;
}

/* An epoch begins with its first batch. An epoch without batches is no fault. */
static void check_epoch_line(const struct side_file *file, int64_t epoch, int64_t start, bool first)
{
	const struct side_files *d = file->of;

	for (size_t i = 0; i < d->epochs->count; i++) {
		const struct check_epoch *e = &d->epochs->at[i];

		if (e->epoch != epoch)
			continue;
		if (e->offset != start &&
		    !(start < d->first_offset && e->offset == d->first_offset) &&
		    !(first && start > e->offset && is_cut(d, start)))
			MISFIT(file,
			       "epoch %lld begins at offset %lld, but its first batch is at %lld",
			       (long long)epoch, (long long)start, (long long)e->offset);
		return;
	}
}

/* Kafka writes a new epoch to this file before the first batch of it to the log. */
static void check_last_epoch(const struct side_file *file, int64_t last_epoch)
{
	const struct side_files *d = file->of;
	const struct check_epoch *last =
		d->epochs->count ? &d->epochs->at[d->epochs->count - 1] : NULL;

	if (!last || last_epoch >= last->epoch || d->damaged)
		return;
	if (last_epoch < 0)
		MISFIT(file, "it is empty, but a batch at offset %lld has epoch %d",
		       (long long)last->offset, last->epoch);
	else
		MISFIT(file, "it ends with epoch %lld, but a batch at offset %lld has %d",
		       (long long)last_epoch, (long long)last->offset, last->epoch);
}

/* A new log has an empty file, and Kafka takes a version alone as well. False: Kafka throws. */
static bool take_version_and_count(struct kmeta_bytes *left, int64_t *count)
{
	struct kmeta_bytes line;
	int64_t version;

	*count = 0;
	if (!side_text_line(left, &line))
		return true;
	if (!side_text_number(line, INT32_MIN, INT32_MAX, &version) || version != 0)
		return false;
	return !side_text_line(left, &line) || side_text_number(line, 0, INT32_MAX, count);
}

static bool take_epoch(struct kmeta_bytes line, int64_t *epoch, int64_t *start)
{
	struct kmeta_bytes first, second;

	return side_text_word(&line, &first) && side_text_word(&line, &second) && !line.size &&
	       side_text_number(first, INT32_MIN, INT32_MAX, epoch) &&
	       side_text_number(second, INT64_MIN, INT64_MAX, start);
}

/* False: a line is malformed or does not follow the one before, which was reported. */
static bool check_epoch_lines(const struct side_file *file, struct kmeta_bytes left, int64_t count,
                              int64_t *last_epoch)
{
	int64_t lines = 0, epoch, start, last_start = -1;
	struct kmeta_bytes line;

	while (side_text_line(&left, &line)) {
		if (!take_epoch(line, &epoch, &start)) {
			OBJECT(file, "line %lld of %lld is no epoch and start offset",
			       (long long)lines + 1, (long long)count);
			return false;
		}
		if (epoch <= *last_epoch || start < last_start) {
			OBJECT(file, "epoch %lld at %lld follows epoch %lld at %lld",
			       (long long)epoch, (long long)start, (long long)*last_epoch,
			       (long long)last_start);
			return false;
		}
		if (!file->of->damaged)
			check_epoch_line(file, epoch, start, !lines);
		*last_epoch = epoch;
		last_start = start;
		lines++;
	}
	if (lines == count)
		return true;
	OBJECT(file, "it announces %lld line%s, but has %lld", (long long)count,
	       count == 1 ? "" : "s", (long long)lines);
	return false;
}

static void check_epoch_file(struct side_files *d)
{
	struct side_file file;
	struct kmeta_bytes left;
	int64_t count, last_epoch = -1;

	if (open_text(&file, d, member_path(d, "leader-epoch-checkpoint"), KMETA_BAD_EPOCHS)) {
		left = content_of(&file);
		if (!side_text_is_utf8(&file.text))
			OBJECT(&file, "it is not UTF-8");
		else if (!take_version_and_count(&left, &count))
			OBJECT(&file, "it does not begin with a version of 0 and a count");
		else if (check_epoch_lines(&file, left, count, &last_epoch))
			check_last_epoch(&file, last_epoch);
	}
	side_text_release(&file.text);
}

/* ---- quorum-state: Kafka's FileQuorumStateStore and QuorumStateData ---- */

/* The fields that each data_version must have. */
static const struct {
	const char *name;
	json_type type;
	int first, last; /* data_versions */
} quorum_fields[] = {
	{ "clusterId", JSON_STRING, 0, 0 },        { "leaderId", JSON_INTEGER, 0, 1 },
	{ "leaderEpoch", JSON_INTEGER, 0, 1 },     { "votedId", JSON_INTEGER, 0, 1 },
	{ "votedDirectoryId", JSON_STRING, 1, 1 }, { "appliedOffset", JSON_INTEGER, 0, 0 },
	{ "currentVoters", JSON_ARRAY, 0, 0 },
};

static const char *type_name(json_type type)
{
	return type == JSON_INTEGER ? "number" : type == JSON_ARRAY ? "list" : "text";
}

static bool is_type(const json_t *value, json_type type)
{
	return value && (json_typeof(value) == type || (type == JSON_ARRAY && json_is_null(value)));
}

static json_int_t quorum_number(const json_t *state, const char *name)
{
	const json_t *value = json_object_get(state, name);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

/* True if the file has no list of voters, or the list has this one. */
static bool is_listed(const json_t *state, json_int_t id)
{
	const json_t *voters = json_object_get(state, "currentVoters");
	size_t i;
	const json_t *voter;

	if (!json_is_array(voters))
		return true;
	json_array_foreach(voters, i, voter) if (quorum_number(voter, "voterId") == id) return true;
	return false;
}

/*
 * Leader and vote are voters. Voters may have been added in a later epoch, in records that this log
 * does not have.
 */
static void check_quorum_voters(const struct side_file *file, const json_t *state)
{
	static const char *const names[] = { "leaderId", "votedId" };
	const struct quorum_end *quorum = file->of->quorum;
	const json_int_t epoch = quorum_number(state, "leaderEpoch"),
			 leader = quorum_number(state, "leaderId");
	const bool is_last = quorum->is_known && epoch == quorum->leader_epoch;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const json_int_t id = quorum_number(state, names[i]);

		if (id >= 0 &&
		    (!is_listed(state, id) || (is_last && !quorum_end_is_voter(quorum, id))))
			findings_add(file->of->findings, KMETA_ODD_VALUE, file->path, 0, -1,
			             "%s %lld is no voter", names[i], (long long)id);
	}
	if (is_last && leader >= 0 && leader != quorum->leader)
		findings_add(file->of->findings, KMETA_ODD_VALUE, file->path, 0, -1,
		             "the leader of epoch %lld is %lld, but in the log %d",
		             (long long)epoch, (long long)leader, quorum->leader);
}

static void take_quorum_voters(const struct side_file *file, const json_t *state)
{
	struct kmeta_buffer *taken = &file->of->quorum_voters;
	const json_t *voters = json_object_get(state, "currentVoters"), *voter;
	size_t i;

	json_array_foreach(voters, i, voter)
	{
		const int32_t id = (int32_t)quorum_number(voter, "voterId");

		buffer_add(taken, &id, sizeof(id));
	}
	numbers_sort(taken->at, taken->size / sizeof(int32_t));
	file->of->findings->failed |= taken->failed;
}

static void check_quorum_fields(const struct side_file *file, const json_t *state)
{
	const json_t *version_of = json_object_get(state, "data_version");
	const json_int_t version = json_integer_value(version_of);
	const struct check_epochs *epochs = file->of->epochs;
	const struct check_epoch *last = epochs->count ? &epochs->at[epochs->count - 1] : NULL;
	json_int_t epoch;

	file->of->has_later_quorum_state = true;
	if (!json_is_integer(version_of) || version < 0 || version > 1) {
		OBJECT(file, "data_version is neither 0 nor 1");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(quorum_fields); i++) {
		const char *name = quorum_fields[i].name;

		if (version < quorum_fields[i].first || version > quorum_fields[i].last ||
		    is_type(json_object_get(state, name), quorum_fields[i].type))
			continue;
		OBJECT(file, "%s is no %s", name, type_name(quorum_fields[i].type));
		return;
	}
	file->of->has_later_quorum_state = version > 0;
	take_quorum_voters(file, state);
	epoch = json_integer_value(json_object_get(state, "leaderEpoch"));
	if (last && epoch < last->epoch)
		MISFIT(file, "the leader epoch is %lld, but a batch at offset %lld has %d",
		       (long long)epoch, (long long)last->offset, last->epoch);
	check_quorum_voters(file, state);
}

/* Kafka reads the first line, and of that the first value. */
static void check_quorum_state(struct side_files *d)
{
	struct side_file file;
	struct kmeta_bytes left, line = { 0 };
	json_error_t error;
	json_t *state = NULL;

	if (open_text(&file, d, member_path(d, "quorum-state"), KMETA_BAD_QUORUM_STATE)) {
		left = content_of(&file);
		if (side_text_line(&left, &line) && side_text_is_utf8(&file.text))
			state = json_loadb((const char *)line.data, line.size,
			                   JSON_DISABLE_EOF_CHECK, &error);
		if (json_is_object(state))
			check_quorum_fields(&file, state);
		else
			OBJECT(&file, file.text.size ? "it is no JSON object" : "it is empty");
		json_decref(state);
	}
	side_text_release(&file.text);
}

/* ---- partition.metadata: Kafka's PartitionMetadataFile ---- */

/* Takes what follows the colon and blanks of a line. False: it does not have them. */
static bool take_line_value(struct kmeta_bytes *left, struct kmeta_bytes *value)
{
	struct kmeta_bytes line, blanks;
	const uint8_t *colon;

	if (!side_text_line(left, &line))
		return false;
	colon = memchr(line.data, ':', line.size);
	if (!colon)
		return false;
	line.size -= (size_t)(colon + 1 - line.data);
	line.data = colon + 1;
	/* A line that begins with blanks has an empty first word. */
	if (!side_text_word(&line, &blanks) || blanks.size)
		return false;
	*value = line;
	return line.size;
}

/* The metadata topic has the fixed id Uuid.METADATA_TOPIC_ID. */
static void check_partition_metadata(struct side_files *d)
{
	static const char id[] = "AAAAAAAAAAAAAAAAAAAAAQ";
	struct side_file file;
	struct kmeta_bytes left, value;
	int64_t version;

	if (open_text(&file, d, member_path(d, "partition.metadata"), KMETA_BAD_PROPERTIES)) {
		left = content_of(&file);
		if (!side_text_is_utf8(&file.text))
			OBJECT(&file, "it is not UTF-8");
		else if (!take_line_value(&left, &value) ||
		         !side_text_number(value, 0, INT32_MAX, &version))
			OBJECT(&file, "its version is not 0");
		else if (!take_line_value(&left, &value) || value.size != strlen(id) ||
		         memcmp(value.data, id, value.size) != 0)
			OBJECT(&file, "its topic_id is not that of the metadata topic, %s", id);
	}
	side_text_release(&file.text);
}

/* ---- meta.properties: Kafka's MetaProperties ---- */

static bool is_node_id(const char *text)
{
	const struct kmeta_bytes word = { (const uint8_t *)text, strlen(text) };
	int64_t number;

	return side_text_number(word, INT32_MIN, INT32_MAX, &number);
}

/*
 * Brokers under ZooKeeper wrote version 0, KRaft nodes write version 1. Kafka takes an empty
 * cluster.id.
 */
static void check_properties(const struct side_file *file)
{
	const struct side_text *text = &file->text;
	char version[8], value[128];
	uint8_t uuid[16];
	const char *node;

	if (!side_text_property(text, "version", version, sizeof(version)) ||
	    (strcmp(version, "0") && strcmp(version, "1"))) {
		OBJECT(file, "its version is neither 0 nor 1");
		return;
	}
	node = version[0] == '0' ? "broker.id" : "node.id";
	if (!side_text_property(text, node, value, sizeof(value)))
		OBJECT(file, "it has no %s", node);
	else if (!is_node_id(value))
		OBJECT(file, "its %s is no number", node);
	if (!side_text_property(text, "cluster.id", value, sizeof(value)))
		OBJECT(file, "it has no cluster.id");
	if (side_text_property(text, "directory.id", value, sizeof(value)) &&
	    !uuid_parse(value, strlen(value), uuid))
		OBJECT(file, "its directory.id is no uuid");
}

static void check_meta_properties(struct side_files *d)
{
	struct side_file file;

	if (open_text(&file, d, identity_beside(d->directory, "meta.properties"),
	              KMETA_BAD_PROPERTIES))
		check_properties(&file);
	side_text_release(&file.text);
}

/* ---- leftovers ---- */

static bool ends_with(const char *name, const char *suffix)
{
	const size_t size = strlen(name), end = strlen(suffix);

	return size > end && !strcmp(name + size - end, suffix);
}

static void note_leftovers(struct side_files *d)
{
	static const char *const suffixes[] = { ".deleted", ".part", ".swap", ".tmp", ".cleaned" };
	DIR *directory = opendir(d->directory);
	const struct dirent *entry;
	struct kmeta_finding why;
	size_t count = 0;

	if (!directory && errno != ENOENT) {
		finding_system(&why, d->directory, errno, "cannot open directory");
		findings_keep(d->findings, &why);
	}
	while (directory && (entry = readdir(directory)) != NULL)
		for (size_t i = 0; i < COUNT_OF(suffixes); i++)
			count += ends_with(entry->d_name, suffixes[i]);
	if (directory)
		closedir(directory);
	if (count)
		findings_add(
			d->findings, KMETA_LEFTOVER, d->directory, -1, -1,
			"%zu %s of an interrupted write or a deletion, which the next start removes",
			count, count == 1 ? "file" : "files");
}

void side_files_check(struct side_files *d)
{
	check_epoch_file(d);
	check_quorum_state(d);
	check_partition_metadata(d);
	check_meta_properties(d);
	note_leftovers(d);
}

void side_files_release(struct side_files *d)
{
	for (size_t i = 0; i < d->paths_count; i++)
		free(d->paths[i]);
	d->paths_count = 0;
	kmeta_buffer_release(&d->quorum_voters);
}
