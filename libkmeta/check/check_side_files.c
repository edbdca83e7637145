/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_side_files.c: checks leader-epoch-checkpoint, quorum-state, partition.metadata,
 * meta.properties and leftovers.
 */
#include "check/check_side_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { TEXT_LIMIT = 1 << 20 };

/* ---- files as text ---- */

/* A path that lives as long as the findings. NULL: out of memory. */
static const char *path_of(struct side_files *d, const char *directory, const char *name)
{
	char *path;

	if (d->paths_count == sizeof(d->paths) / sizeof(d->paths[0]))
		return NULL;
	path = malloc(strlen(directory) + strlen(name) + 2);
	if (!path)
		return NULL;
	sprintf(path, "%s/%s", directory, name);
	return d->paths[d->paths_count++] = path;
}

/* Reads a whole small file, NUL-terminated; the caller frees it. NULL: there is none. */
static char *read_text(const char *path)
{
	FILE *file = path ? fopen(path, "re") : NULL;
	char *text = file ? malloc(TEXT_LIMIT + 1) : NULL;
	size_t size;

	if (text) {
		size = fread(text, 1, TEXT_LIMIT, file);
		text[size] = '\0';
	}
	if (file)
		fclose(file);
	return text;
}

#define OBJECT(d, code, path, ...) \
	findings_add((d)->findings, KMETA_##code, path, 0, -1, __VA_ARGS__)

/* ---- leader-epoch-checkpoint: Kafka's CheckpointFile ---- */

static bool take_number(char **at, int64_t *number)
{
	char *end;
	const long long n = strtoll(*at, &end, 10);

	if (end == *at)
		return false;
	*at = end;
	*number = n;
	return true;
}

static bool take_line(char **at)
{
	if (**at == '\r')
		(*at)++;
	if (**at != '\n' && **at != '\0')
		return false;
	*at += **at == '\n';
	return true;
}

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
static void check_epoch_line(struct side_files *d, const char *path, int64_t epoch, int64_t start,
                             bool first)
{
	for (size_t i = 0; i < d->epochs->count; i++) {
		const struct check_epoch *e = &d->epochs->at[i];

		if (e->epoch != epoch)
			continue;
		if (e->offset != start &&
		    !(start < d->first_offset && e->offset == d->first_offset) &&
		    !(first && start > e->offset && is_cut(d, start)))
			OBJECT(d, BAD_EPOCHS, path,
			       "epoch %lld begins at offset %lld, but its first batch is at %lld",
			       (long long)epoch, (long long)start, (long long)e->offset);
		return;
	}
}

/* Kafka writes a new epoch to this file before the first batch of it to the log. */
static void check_last_epoch(struct side_files *d, const char *path, int64_t last_epoch)
{
	const struct check_epoch *last =
		d->epochs->count ? &d->epochs->at[d->epochs->count - 1] : NULL;

	if (!last || last_epoch >= last->epoch || d->damaged)
		return;
	if (last_epoch < 0)
		OBJECT(d, BAD_EPOCHS, path, "it is empty, but a batch at offset %lld has epoch %d",
		       (long long)last->offset, last->epoch);
	else
		OBJECT(d, BAD_EPOCHS, path,
		       "it ends with epoch %lld, but a batch at offset %lld has %d",
		       (long long)last_epoch, (long long)last->offset, last->epoch);
}

static void check_epoch_file(struct side_files *d)
{
	const char *path = path_of(d, d->directory, "leader-epoch-checkpoint");
	char *text = read_text(path), *at = text;
	int64_t version, count, epoch, start, last_epoch = -1, last_start = -1;
	bool sound = true;

	if (!text)
		return;
	/* A new log has an empty file. */
	if (!*text)
		count = 0;
	else if (!take_number(&at, &version) || !take_line(&at) || version != 0 ||
	         !take_number(&at, &count) || !take_line(&at) || count < 0) {
		OBJECT(d, BAD_EPOCHS, path, "it does not begin with a version of 0 and a count");
		count = 0;
		at += strlen(at);
		sound = false;
	}
	for (int64_t i = 0; i < count; i++) {
		if (!take_number(&at, &epoch) || !take_number(&at, &start) || !take_line(&at)) {
			OBJECT(d, BAD_EPOCHS, path,
			       "line %lld of %lld is no epoch and start offset", (long long)i + 1,
			       (long long)count);
			at += strlen(at);
			sound = false;
			break;
		}
		sound &= epoch > last_epoch && start >= last_start;
		if (!sound)
			OBJECT(d, BAD_EPOCHS, path, "epoch %lld at %lld follows epoch %lld at %lld",
			       (long long)epoch, (long long)start, (long long)last_epoch,
			       (long long)last_start);
		else if (!d->damaged)
			check_epoch_line(d, path, epoch, start, !i);
		last_epoch = epoch;
		last_start = start;
	}
	if (sound)
		check_last_epoch(d, path, last_epoch);
	if (*at)
		OBJECT(d, BAD_EPOCHS, path, "there is more than the %lld lines announced",
		       (long long)count);
	free(text);
}

/* ---- quorum-state: Kafka's QuorumStateData ---- */

static bool has_integer(const json_t *object, const char *key)
{
	return json_is_integer(json_object_get(object, key));
}

static void check_quorum_fields(struct side_files *d, const char *path, const json_t *state)
{
	static const char *const integers[] = { "leaderId", "leaderEpoch", "votedId" };
	const json_int_t version = json_integer_value(json_object_get(state, "data_version"));
	const struct check_epoch *last =
		d->epochs->count ? &d->epochs->at[d->epochs->count - 1] : NULL;
	json_int_t epoch;

	if (!has_integer(state, "data_version") || version < 0 || version > 1) {
		OBJECT(d, BAD_QUORUM_STATE, path, "data_version is neither 0 nor 1");
		return;
	}
	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++) {
		if (has_integer(state, integers[i]))
			continue;
		OBJECT(d, BAD_QUORUM_STATE, path, "%s is no number", integers[i]);
		return;
	}
	if (version == 1 && !json_is_string(json_object_get(state, "votedDirectoryId")))
		OBJECT(d, BAD_QUORUM_STATE, path, "votedDirectoryId is no text");
	epoch = json_integer_value(json_object_get(state, "leaderEpoch"));
	if (last && epoch < last->epoch)
		OBJECT(d, BAD_QUORUM_STATE, path,
		       "the leader epoch is %lld, but a batch at offset %lld has %d",
		       (long long)epoch, (long long)last->offset, last->epoch);
}

static void check_quorum_state(struct side_files *d)
{
	const char *path = path_of(d, d->directory, "quorum-state");
	char *text = read_text(path);
	json_error_t error;
	json_t *state;

	if (!text)
		return;
	state = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(state))
		check_quorum_fields(d, path, state);
	else
		OBJECT(d, BAD_QUORUM_STATE, path, "it is no JSON object");
	json_decref(state);
	free(text);
}

/* ---- lines of names and values ---- */

/* Copies the value of a line "name<separator>value" to "value". NULL: there is no such line. */
static const char *find_value(const char *text, const char *name, char separator, char value[128])
{
	const size_t size = strlen(name);

	for (const char *line = text; line && *line;) {
		const char *end = strpbrk(line, "\r\n");
		const char *at = line;

		while (*at == ' ' || *at == '\t')
			at++;
		if (!strncmp(at, name, size)) {
			at += size;
			while (*at == ' ')
				at++;
			if (*at == separator) {
				at++;
				while (*at == ' ')
					at++;
				snprintf(value, 128, "%.*s",
				         (int)(end ? end - at : (long)strlen(at)), at);
				return value;
			}
		}
		line = end ? end + strspn(end, "\r\n") : NULL;
	}
	return NULL;
}

/* The metadata topic has the fixed id Uuid.METADATA_TOPIC_ID. */
static void check_partition_metadata(struct side_files *d)
{
	static const char id[] = "AAAAAAAAAAAAAAAAAAAAAQ";
	const char *path = path_of(d, d->directory, "partition.metadata");
	char *text = read_text(path), version[128], topic[128];

	if (!text)
		return;
	if (!find_value(text, "version", ':', version) || strcmp(version, "0") != 0)
		OBJECT(d, BAD_PROPERTIES, path, "its version is not 0");
	else if (!find_value(text, "topic_id", ':', topic) || strcmp(topic, id) != 0)
		OBJECT(d, BAD_PROPERTIES, path,
		       "its topic_id is not that of the metadata topic, %s", id);
	free(text);
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Brokers under ZooKeeper wrote version 0, KRaft nodes write version 1. */
static void check_properties(struct side_files *d, const char *path, const char *text)
{
	char version[128], node[128], cluster[128];

	if (!find_value(text, "version", '=', version) ||
	    (strcmp(version, "0") && strcmp(version, "1"))) {
		OBJECT(d, BAD_PROPERTIES, path, "its version is neither 0 nor 1");
		return;
	}
	if (!find_value(text, version[0] == '0' ? "broker.id" : "node.id", '=', node) ||
	    !is_number(node))
		OBJECT(d, BAD_PROPERTIES, path, "it has no %s",
		       version[0] == '0' ? "broker.id" : "node.id");
	if (!find_value(text, "cluster.id", '=', cluster) || !*cluster)
		OBJECT(d, BAD_PROPERTIES, path, "it has no cluster.id");
}

static void check_meta_properties(struct side_files *d)
{
	const char *path = path_of(d, d->directory, "../meta.properties");
	char *text = read_text(path);

	if (text)
		check_properties(d, path, text);
	free(text);
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
	size_t count = 0;

	while (directory && (entry = readdir(directory)) != NULL)
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
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
}
