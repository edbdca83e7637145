/* SPDX-License-Identifier: Apache-2.0 */
/* info.c: what a directory says of itself: the small files, the log's extent, the state. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "check/info.h"
#include "check/properties.h"
#include "log/logdir.h"
#include "print/scalar.h"
#include "record/batch.h"
#include "state/image.h"

static const char *const own_names[] = { "__cluster_metadata-0", "@metadata-0" };

/* What is being read, and where to. */
struct reader {
	struct kmeta_info *info;
	char *bootstrap; /* bootstrap.checkpoint; NULL: there is none */
	struct kmeta_info_options options;
	struct kmeta_finding *why;
};

/* ---- paths ---- */

static bool is_directory_at(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool exists_in(const char *directory, const char *name)
{
	char *path = info_join(directory, name);
	struct stat st;
	const bool exists = path && stat(path, &st) == 0;

	free(path);
	return exists;
}

static void note_unread(struct kmeta_info *info, const char *path, const char *message)
{
	buffer_format(&info->unread, "%s: %s\n", path, message);
}

/* ---- meta.properties ---- */

static void info_take_properties(struct kmeta_info *info, const struct side_text *text)
{
	struct properties says;

	properties_take(&says, text);
	info->has_properties = true;
	info->properties_version = says.version;
	info->node_id = says.node;
	info->has_cluster_id = says.has_cluster_id;
	snprintf(info->cluster_id, sizeof(info->cluster_id), "%.*s",
	         (int)sizeof(info->cluster_id) - 1, says.cluster_id);
	memcpy(info->directory_id, says.directory_id, sizeof(info->directory_id));
	info_tame(info->cluster_id);
	info_tame(info->directory_id);
}

/* Reads a small file of a directory. False: it is not there, or cannot be read, which is noted. */
static bool info_read_small(struct kmeta_info *info, const char *directory, const char *name,
                            struct side_text *text)
{
	char *path = info_join(directory, name);
	struct kmeta_finding why;
	const enum kmeta_status status = side_text_read(text, path, &why);

	if (status == KMETA_FAILED)
		note_unread(info, path ? path : name, why.message);
	free(path);
	return status == KMETA_OK;
}

static void read_properties(struct reader *r)
{
	struct side_text text = { 0 };

	if (r->info->log_directory &&
	    info_read_small(r->info, r->info->log_directory, "meta.properties", &text))
		info_take_properties(r->info, &text);
	side_text_release(&text);
}

/* ---- quorum-state ---- */

static int32_t json_id(const json_t *state, const char *name)
{
	const json_t *value = json_object_get(state, name);
	const json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;

	return number >= INT32_MIN && number <= INT32_MAX ? (int32_t)number : -1;
}

static bool take_file_voters(struct kmeta_info *info, const json_t *voters)
{
	const size_t count = json_array_size(voters);

	if (!json_is_array(voters))
		return true;
	info->file_voters.at = calloc(count + 1, sizeof(*info->file_voters.at));
	if (!info->file_voters.at)
		return false;
	info->file_voters.known = true;
	for (size_t i = 0; i < count; i++)
		info->file_voters.at[info->file_voters.count++].id =
			json_id(json_array_get(voters, i), "voterId");
	return true;
}

static bool read_quorum_state(struct kmeta_info *info)
{
	struct side_text text = { 0 };
	struct kmeta_bytes left, line = { 0 };
	const char *voted;
	json_error_t error;
	json_t *state = NULL;
	bool room = true;

	if (info_read_small(info, info->directory, "quorum-state", &text)) {
		left = (struct kmeta_bytes){ (const uint8_t *)text.at, text.size };
		if (side_text_line(&left, &line))
			state = json_loadb((const char *)line.data, line.size,
			                   JSON_DISABLE_EOF_CHECK, &error);
		info->has_quorum_state = json_is_object(state);
		if (!info->has_quorum_state)
			note_unread(info, "quorum-state", "it is no JSON object");
		info->quorum_version = json_id(state, "data_version");
		info->leader_id = json_id(state, "leaderId");
		info->leader_epoch = json_id(state, "leaderEpoch");
		info->voted_id = json_id(state, "votedId");
		voted = json_string_value(json_object_get(state, "votedDirectoryId"));
		if (voted)
			snprintf(info->voted_directory, sizeof(info->voted_directory), "%s", voted);
		info_tame(info->voted_directory);
		room = take_file_voters(info, json_object_get(state, "currentVoters"));
		json_decref(state);
	}
	side_text_release(&text);
	return room;
}

/* ---- the extent of the log ---- */

static bool add_epoch(struct kmeta_info *info, size_t *capacity, int32_t epoch, int64_t offset)
{
	if (info->epochs_count && info->epochs[info->epochs_count - 1].epoch == epoch)
		return true;
	if (info->epochs_count == *capacity || !info->epochs) {
		struct kmeta_info_epoch *more = array_grow(
			info->epochs, capacity, info->epochs_count + 1, sizeof(*info->epochs));

		if (!more)
			return false;
		info->epochs = more;
	}
	info->epochs[info->epochs_count++] = (struct kmeta_info_epoch){ epoch, offset };
	return true;
}

static void take_batch(struct kmeta_info *info, const struct kmeta_batch *batch)
{
	if (info->start_offset < 0)
		info->start_offset = batch->base_offset;
	info->end_offset = batch_behind(batch->last_offset);
	info->last_epoch = batch->epoch;
	info->last_time = batch->max_timestamp;
}

static void note_damage(struct kmeta_info *info, const char *message)
{
	snprintf(info->damage, sizeof(info->damage), "%s", message);
	info->damage_offset = info->end_offset;
}

static bool go_on(struct reader *r, const struct kmeta_source *source)
{
	int64_t done, total;

	if (!r->options.progress)
		return true;
	kmeta_source_progress(source, &done, &total);
	return r->options.progress(r->options.context, done, total);
}

/* Reads the batches of all segments up to the first damage, where Kafka cuts the log. */
static enum kmeta_status measure(struct reader *r, struct kmeta_source *source)
{
	struct kmeta_info *info = r->info;
	struct kmeta_batch batch;
	size_t capacity = 0;
	enum kmeta_status status;

	while ((status = kmeta_source_next(source, &batch, r->why)) != KMETA_END) {
		if (status == KMETA_FAILED)
			return status;
		if (status == KMETA_DAMAGED && kmeta_code_severity(r->why->code) != KMETA_ERROR)
			continue;
		if (status == KMETA_DAMAGED) {
			note_damage(info, r->why->message);
			return KMETA_OK;
		}
		if (info->end_offset >= 0 && batch.base_offset > info->end_offset) {
			note_damage(info, "records are missing before the next batch");
			return KMETA_OK;
		}
		take_batch(info, &batch);
		if (!add_epoch(info, &capacity, batch.epoch, batch.base_offset))
			return finding_memory(r->why);
		if (!go_on(r, source))
			return finding_stopped(r->why);
	}
	return KMETA_OK;
}

static enum kmeta_status measure_log(struct reader *r, const char *path)
{
	struct kmeta_source *source = NULL;
	enum kmeta_status status = kmeta_source_open(&source, path, NULL, r->why);

	if (status == KMETA_OK)
		status = measure(r, source);
	kmeta_source_close(source);
	if (status == KMETA_FAILED && r->why->code == KMETA_CANNOT_READ) {
		finding_detach(r->why, path);
		note_unread(r->info, path, r->why->message);
		return KMETA_OK;
	}
	return status;
}

/*
 * Where the newest checkpoint is past the end of the log, Kafka drops the log and begins there
 * (KafkaRaftLog.truncateToLatestSnapshot()).
 */
static enum kmeta_status begin_at_checkpoint(struct reader *r, const struct logdir_file *newest)
{
	struct kmeta_info *info = r->info;
	size_t capacity = 0;

	if (info->last_epoch > newest->epoch ||
	    (info->last_epoch == newest->epoch && info->end_offset >= newest->offset))
		return KMETA_OK;
	free(info->epochs);
	info->epochs = NULL;
	info->epochs_count = 0;
	info->start_offset = info->end_offset = newest->offset;
	info->last_epoch = newest->epoch;
	return add_epoch(info, &capacity, newest->epoch, newest->offset) ? KMETA_OK
	                                                                 : finding_memory(r->why);
}

/* ---- the state ---- */

static void put_endpoints(struct kmeta_info_voter *voter, const struct kmeta_fields *fields)
{
	const struct kmeta_field *array = kmeta_fields_find(fields, "endpoints");
	size_t at = array ? (size_t)(array - fields->at) + 1 : 0, size = 0;
	const size_t end = array ? at - 1 + array->span : 0;

	for (; at < end; at += fields->at[at].span) {
		const struct kmeta_bytes name = fields->at[at + 1].value.bytes;
		const struct kmeta_bytes host = fields->at[at + 2].value.bytes;
		const int n =
			snprintf(voter->endpoints + size, sizeof(voter->endpoints) - size,
		                 "%s%.*s://%.*s:%lld", size ? " " : "", (int)name.size,
		                 (const char *)name.data, (int)host.size, (const char *)host.data,
		                 (long long)fields->at[at + 3].value.integer);

		size += n > 0 && (size_t)n < sizeof(voter->endpoints) - size ? (size_t)n : 0;
	}
	info_tame(voter->endpoints);
}

static void info_take_voter(struct kmeta_info_voter *voter, const struct kmeta_fields *fields)
{
	const struct kmeta_field *id = kmeta_fields_find(fields, "voterId"),
				 *directory = kmeta_fields_find(fields, "voterDirectoryId");

	voter->id = id ? (int32_t)id->value.integer : -1;
	if (directory && directory->value.bytes.size == IMAGE_ID)
		*uuid_print(voter->directory, directory->value.bytes.data) = '\0';
	put_endpoints(voter, fields);
}

static enum kmeta_status take_log_voters(struct reader *r, const struct kmeta_image *image)
{
	struct kmeta_info_voters *voters = &r->info->log_voters;
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status;

	voters->at = calloc(image->counts[KMETA_VOTER] + 1, sizeof(*voters->at));
	if (!voters->at)
		return finding_memory(r->why);
	voters->known = image->counts[KMETA_VOTER] > 0;
	status = kmeta_walk_open_kind(&walk, image, KMETA_VOTER, NULL, KMETA_WALK_NEWEST, r->why);
	while (status == KMETA_OK && voters->count < image->counts[KMETA_VOTER] &&
	       (status = kmeta_walk_next(walk, &entity, r->why)) == KMETA_OK)
		info_take_voter(&voters->at[voters->count++], entity.fields);
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status take_elected_voters(struct reader *r, const struct kmeta_image *image)
{
	struct kmeta_info_voters *voters = &r->info->elected_voters;
	const size_t count = image->electors.size / sizeof(int32_t);

	voters->at = calloc(count + 1, sizeof(*voters->at));
	if (!voters->at)
		return finding_memory(r->why);
	voters->known = count > 0;
	voters->count = count;
	for (size_t i = 0; i < count; i++)
		memcpy(&voters->at[i].id, image->electors.at + i * sizeof(int32_t),
		       sizeof(int32_t));
	return KMETA_OK;
}

static enum kmeta_status take_migration_state(struct reader *r, const struct kmeta_image *image)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open_kind(&walk, image, KMETA_ZK_MIGRATION, NULL,
	                                                KMETA_WALK_NEWEST, r->why);
	const struct kmeta_field *state;

	if (status == KMETA_OK)
		status = kmeta_walk_next(walk, &entity, r->why);
	state = status == KMETA_OK ? kmeta_fields_find(entity.fields, "zkMigrationState") : NULL;
	if (state)
		r->info->migration = (int32_t)state->value.integer;
	kmeta_walk_close(walk);
	return status == KMETA_FAILED ? status : KMETA_OK;
}

static enum kmeta_status take_state(struct reader *r, const struct kmeta_image *image)
{
	struct kmeta_info *info = r->info;
	enum kmeta_status status;

	info->has_state = true;
	info->level = image->moment.level;
	info->kraft_version = image->quorum.kraft_version;
	info->brokers = image->counts[KMETA_BROKER];
	info->controllers = image->counts[KMETA_CONTROLLER];
	info->topics = image->counts[KMETA_TOPIC];
	info->partitions = image->counts[KMETA_PARTITION];
	if (info->checkpoints && image->has_base) {
		info->has_checkpoint = true;
		info->checkpoint_offset = image->base.end_offset;
		info->checkpoint_time = image->base.timestamp;
		info->records_behind = image->moment.end_offset - image->base.end_offset;
		info->bytes_behind = image->base_bytes;
	}
	status = take_log_voters(r, image);
	if (status == KMETA_OK)
		status = take_elected_voters(r, image);
	return status == KMETA_OK ? take_migration_state(r, image) : status;
}

/* A state that is known up to some damage serves as well. */
static enum kmeta_status read_state(struct reader *r, const char *path)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = r->options.dialect,
		                                    .progress = r->options.progress,
		                                    .context = r->options.context };
	struct kmeta_point point = { .kind = KMETA_POINT_END };
	struct kmeta_image *image = NULL;
	enum kmeta_status status = kmeta_image_load(&image, path, point, &options, r->why);

	if (status == KMETA_FAILED && r->why->code == KMETA_MISSING_RECORDS && r->info->damage[0]) {
		point = (struct kmeta_point){ .kind = KMETA_POINT_OFFSET,
			                      .value = r->info->damage_offset };
		status = kmeta_image_load(&image, path, point, &options, r->why);
	}
	if (status == KMETA_OK)
		status = take_state(r, image);
	else if (r->why->code != KMETA_OUT_OF_MEMORY && r->why->code != KMETA_STOPPED) {
		snprintf(r->info->state_fault, sizeof(r->info->state_fault), "%s", r->why->message);
		status = KMETA_OK;
	}
	kmeta_image_free(image);
	return status;
}

/* ---- what else is there ---- */

static const char *const metadata_suffixes[] = { ".log",      ".index",           ".timeindex",
	                                         ".txnindex", ".snapshot",        ".checkpoint",
	                                         ".deleted",  ".checkpoint.part", ".cleaned",
	                                         ".swap" };
static const char *const metadata_files[] = {
	"leader-epoch-checkpoint",     "quorum-state",     "partition.metadata",
	"leader-epoch-checkpoint.tmp", "quorum-state.tmp", "partition.metadata.tmp"
};
static const char *const log_directory_files[] = { "meta.properties",
	                                           "bootstrap.checkpoint",
	                                           ".lock",
	                                           ".kafka_cleanshutdown",
	                                           "cleaner-offset-checkpoint",
	                                           "log-start-offset-checkpoint",
	                                           "lost+found",
	                                           "recovery-point-offset-checkpoint",
	                                           "replication-offset-checkpoint" };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool belongs_to_metadata(const char *name)
{
	const size_t size = strlen(name);

	for (size_t i = 0; i < COUNT_OF(metadata_suffixes); i++) {
		const size_t suffix = strlen(metadata_suffixes[i]);

		if (size > suffix && name[0] >= '0' && name[0] <= '9' &&
		    !strcmp(name + size - suffix, metadata_suffixes[i]))
			return true;
	}
	return is_among(name, metadata_files, COUNT_OF(metadata_files));
}

static bool belongs_to_log_directory(struct kmeta_info *info, const char *name)
{
	struct info_name parts;

	if (is_among(name, own_names, COUNT_OF(own_names)) ||
	    is_among(name, log_directory_files, COUNT_OF(log_directory_files)))
		return true;
	if (!info_take_name(&parts, name))
		return false;
	info->partition_directories++;
	return true;
}

static void add_other(struct kmeta_info *info, const char *name)
{
	const size_t from = info->others.size;

	buffer_format(&info->others, "%s", name);
	buffer_char(&info->others, '\0');
	if (info->others.failed)
		return;
	info_tame(info->others.at + from);
	info->others.at[info->others.size - 1] = '\n';
}

static void list_others(struct kmeta_info *info, const char *directory, bool metadata)
{
	struct dirent **names = NULL;
	const int count = scandir(directory, &names, NULL, alphasort);

	if (count < 0)
		note_unread(info, directory, strerror(errno));
	for (int n = 0; n < count; n++) {
		const char *name = names[n]->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    !(metadata ? belongs_to_metadata(name) : belongs_to_log_directory(info, name)))
			add_other(info, name);
		free(names[n]);
	}
	free(names);
}

/* ---- kinds of addresses ---- */

static bool is_kafka(const char *directory)
{
	return exists_in(directory, "meta.properties") || exists_in(directory, own_names[0]) ||
	       exists_in(directory, own_names[1]) || exists_in(directory, "bootstrap.checkpoint");
}

/* Looks for a log directory below one that is none: volumes are often mounted a level higher. */
static char *find_below(const char *directory, int levels)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;
	char *found = NULL;

	while (dir && !found && (entry = readdir(dir)) != NULL) {
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = info_join(directory, entry->d_name);
		if (is_directory_at(path) && is_kafka(path)) {
			found = path;
			continue;
		}
		if (levels > 1 && is_directory_at(path))
			found = find_below(path, levels - 1);
		free(path);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The metadata directory is inside the log directory, unless it was copied alone. */
static char *log_directory_of(const char *address, const char *metadata)
{
	const size_t size = strlen(address);

	if (strncmp(address, metadata, size) != 0 || metadata[size] != '/')
		return exists_in(metadata, "../meta.properties") ? info_join(metadata, "..") : NULL;
	return strdup(address);
}

static enum kmeta_status read_metadata(struct reader *r, const struct logdir *dir)
{
	struct kmeta_info *info = r->info;
	enum kmeta_status status = KMETA_OK;

	info->directory = strdup(dir->path);
	r->info->log_directory = log_directory_of(info->address, dir->path);
	if (!info->directory)
		return finding_memory(r->why);
	info->segments = dir->segments.count;
	info->checkpoints = dir->checkpoints.count;
	read_properties(r);
	if (!read_quorum_state(info))
		return finding_memory(r->why);
	if (dir->segments.count)
		status = measure_log(r, dir->path);
	if (status == KMETA_OK && dir->checkpoints.count)
		status = begin_at_checkpoint(r, &dir->checkpoints.at[dir->checkpoints.count - 1]);
	if (status == KMETA_OK && (dir->segments.count || dir->checkpoints.count))
		status = read_state(r, dir->path);
	list_others(info, dir->path, true);
	if (r->info->log_directory)
		list_others(info, r->info->log_directory, false);
	info->kind = info->end_offset <= 0 ? KMETA_INFO_FORMATTED : KMETA_INFO_METADATA;
	return status;
}

/* A log directory without a metadata log: of another use, or formatted and never started. */
static enum kmeta_status read_without_metadata(struct reader *r)
{
	struct kmeta_info *info = r->info;
	enum kmeta_status status = KMETA_OK;

	r->info->log_directory = strdup(info->address);
	r->bootstrap = info_join(info->address, "bootstrap.checkpoint");
	if (!r->info->log_directory || !r->bootstrap)
		return finding_memory(r->why);
	if (!is_kafka(info->address)) {
		info->kind = KMETA_INFO_NOTHING;
		info->below = find_below(info->address, 2);
		return KMETA_OK;
	}
	read_properties(r);
	info->kind = KMETA_INFO_PARTITIONS;
	list_others(info, info->address, false);
	/* Kafka makes the metadata directory before the first record is in it. */
	if (exists_in(info->address, own_names[0]) || exists_in(info->address, own_names[1]))
		info->kind = KMETA_INFO_FORMATTED;
	if (exists_in(info->address, "bootstrap.checkpoint")) {
		info->kind = KMETA_INFO_FORMATTED;
		status = read_state(r, r->bootstrap);
	}
	return status;
}

static enum kmeta_status read_directory(struct reader *r)
{
	struct logdir dir;
	enum kmeta_status status = logdir_open(&dir, r->info->address, false, r->why);

	if (status == KMETA_OK) {
		status = read_metadata(r, &dir);
		logdir_release(&dir);
		return status;
	}
	return r->why->code == KMETA_NOT_A_LOG ? read_without_metadata(r) : status;
}

static enum kmeta_status read_file(struct reader *r)
{
	const char *path = r->info->address;
	int64_t end_offset;
	int32_t epoch;
	enum kmeta_status status = KMETA_OK;

	r->info->kind = KMETA_INFO_FILE;
	if (logdir_checkpoint_name(path, &end_offset, &epoch)) {
		const struct logdir_file file = { .offset = end_offset, .epoch = epoch };

		r->info->checkpoints = 1;
		status = begin_at_checkpoint(r, &file);
	} else {
		r->info->segments = 1;
		status = measure_log(r, path);
	}
	return status == KMETA_OK ? read_state(r, path) : status;
}

enum kmeta_status kmeta_info_read(struct kmeta_info **info, const char *address,
                                  const struct kmeta_info_options *options,
                                  struct kmeta_finding *why)
{
	struct kmeta_info *i = calloc(1, sizeof(*i));
	struct reader r = { .info = i, .why = why };
	struct stat st;
	enum kmeta_status status = options_take(&r.options, sizeof(r.options), options, why);

	if (!i || !(i->address = strdup(address))) {
		free(i);
		return finding_memory(why);
	}
	i->node_id = i->properties_version = i->quorum_version = i->leader_id = -1;
	i->leader_epoch = i->voted_id = i->last_epoch = i->kraft_version = i->migration = -1;
	i->start_offset = i->end_offset = i->last_time = i->damage_offset = -1;
	i->checkpoint_offset = i->checkpoint_time = -1;
	if (status == KMETA_OK && stat(address, &st) < 0)
		status = finding_system(why, NULL, errno, "cannot open");
	else if (status == KMETA_OK && !S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		status =
			finding_set(why, KMETA_CANNOT_READ, "it is neither a directory nor a file");
	else if (status == KMETA_OK)
		status = S_ISDIR(st.st_mode) ? read_directory(&r) : read_file(&r);
	if (status == KMETA_OK && (i->others.failed || i->unread.failed))
		status = finding_memory(why);
	free(r.bootstrap);
	if (status == KMETA_OK) {
		*info = i;
		return KMETA_OK;
	}
	kmeta_info_free(i);
	return KMETA_FAILED;
}

void kmeta_info_free(struct kmeta_info *info)
{
	if (!info)
		return;
	free(info->address);
	free(info->directory);
	free(info->log_directory);
	free(info->below);
	free(info->epochs);
	free(info->file_voters.at);
	free(info->log_voters.at);
	free(info->elected_voters.at);
	kmeta_buffer_release(&info->others);
	kmeta_buffer_release(&info->unread);
	free(info);
}

/* ---- two logs ---- */

int kmeta_info_compare(const struct kmeta_info *a, const struct kmeta_info *b)
{
	if (a->last_epoch != b->last_epoch)
		return a->last_epoch < b->last_epoch ? -1 : 1;
	return (a->end_offset > b->end_offset) - (a->end_offset < b->end_offset);
}

/* Where an epoch of a log ends. */
static int64_t epoch_end(const struct kmeta_info *info, size_t index)
{
	return index + 1 < info->epochs_count ? info->epochs[index + 1].offset : info->end_offset;
}

int64_t kmeta_info_common(const struct kmeta_info *a, const struct kmeta_info *b)
{
	size_t x = a->epochs_count, y = b->epochs_count;

	while (x > 0 && y > 0) {
		const int32_t one = a->epochs[x - 1].epoch, other = b->epochs[y - 1].epoch;

		if (one == other) {
			const int64_t ends[] = { epoch_end(a, x - 1), epoch_end(b, y - 1) };

			return ends[0] < ends[1] ? ends[0] : ends[1];
		}
		if (one > other)
			x--;
		else
			y--;
	}
	return -1;
}
