/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_start.c: what Kafka looks at when it starts: MetaPropertiesEnsemble, LogManager,
 * KafkaMetadataLog and the levels that its controller supports.
 */
#include "check/check_start.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"

/* ---- what keeps it from starting ---- */

/* Later releases do not compare the voters of quorum-state with their configuration (KIP-853). */
#define FREE_VOTERS "3.9"

/* Earlier releases clear a quorum-state that they cannot read. */
#define QUORUM_STATE_KEPT "3.9"

/* From here on the quorum reads its log to the end before it elects a leader (KIP-853). */
#define LOG_READ_TO_END "3.8"

/* Codes that Kafka ends on wherever they are, and in a checkpoint that it loads. */
static const struct {
	enum kmeta_code code;
	bool in_checkpoint;
	const char *from; /* the first release that ends; NULL: all do */
} stops[] = {
	{ .code = KMETA_CRC_MISMATCH, .in_checkpoint = true },
	{ .code = KMETA_BAD_LENGTH, .in_checkpoint = true },
	{ .code = KMETA_BAD_MAGIC, .in_checkpoint = true },
	{ .code = KMETA_TRUNCATED, .in_checkpoint = true },
	{ .code = KMETA_BAD_PAYLOAD, .in_checkpoint = true },
	{ .code = KMETA_BAD_COUNT, .in_checkpoint = true },
	{ .code = KMETA_BAD_RECORD, .in_checkpoint = true },
	{ .code = KMETA_NO_HEADER, .in_checkpoint = true },
	{ .code = KMETA_NO_VALUE },
	{ .code = KMETA_BAD_FRAME },
	{ .code = KMETA_UNKNOWN_FRAME },
	{ .code = KMETA_BAD_FIELD },
	{ .code = KMETA_BAD_CONTROL_KEY },
	{ .code = KMETA_UNKNOWN_RECORD },
	{ .code = KMETA_UNKNOWN_VERSION },
	{ .code = KMETA_TRAILING_BYTES },
	{ .code = KMETA_UNKNOWN_TOPIC },
	{ .code = KMETA_UNKNOWN_PARTITION },
	{ .code = KMETA_UNKNOWN_BROKER },
	{ .code = KMETA_STALE_EPOCH },
	{ .code = KMETA_UNKNOWN_ACL },
	{ .code = KMETA_BAD_VALUE },
	{ .code = KMETA_NO_TRANSACTION },
	{ .code = KMETA_NESTED_TRANSACTION },
	{ .code = KMETA_UNSUPPORTED },
	{ .code = KMETA_BAD_EPOCHS },
	{ .code = KMETA_BAD_QUORUM_STATE, .from = QUORUM_STATE_KEPT },
	{ .code = KMETA_BAD_PROPERTIES },
	{ .code = KMETA_NO_CHECKPOINT },
	{ .code = KMETA_INSIDE_BATCH },
	{ .code = KMETA_WRONG_RELEASE },
	{ .code = KMETA_NO_VOTERS },
	{ .code = KMETA_NO_PROPERTIES },
	{ .code = KMETA_NEVER_LEADS },
	{ .code = KMETA_PAST_LOG, .in_checkpoint = true },
	{ .code = KMETA_GAP_AT_END, .from = LOG_READ_TO_END },
};

enum { STOPS = sizeof(stops) / sizeof(stops[0]) };

static bool is_checkpoint_path(const char *path)
{
	static const char ending[] = ".checkpoint";
	const size_t size = strlen(path), end = sizeof(ending) - 1;

	return size > end && !strcmp(path + size - end, ending);
}

static bool is_bootstrap(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, "bootstrap.checkpoint");
}

int start_stopped_from(const struct kmeta_finding *finding, const struct logdir_file *newest)
{
	const bool in_checkpoint = finding->file && is_checkpoint_path(finding->file);
	size_t i = 0;
	bool reads;

	while (i < STOPS && stops[i].code != finding->code)
		i++;
	if (i == STOPS)
		return -1;
	if (in_checkpoint)
		reads = is_bootstrap(finding->file) ||
		        (newest && !strcmp(finding->file, newest->path));
	else
		reads = !stops[i].in_checkpoint &&
		        (finding->offset < 0 || !newest || finding->offset >= newest->offset);
	if (!reads)
		return -1;
	return stops[i].from ? release_find(stops[i].from) : 0;
}

int start_allowed_from(const struct kmeta_finding *finding)
{
	return finding->code == KMETA_OTHER_VOTERS ? release_find(FREE_VOTERS) : 0;
}

/* ---- the log and its checkpoints: Kafka's KafkaMetadataLog ---- */

static bool reaches_start(const struct logdir *dir)
{
	const struct logdir_files *segments = &dir->segments, *checkpoints = &dir->checkpoints;

	return !segments->count || !segments->at[0].offset ||
	       (checkpoints->count &&
	        checkpoints->at[checkpoints->count - 1].offset >= segments->at[0].offset);
}

/* Kafka may have written a checkpoint and removed a segment while the directory was listed. */
static bool reaches_start_now(const struct logdir *dir)
{
	struct kmeta_finding ignored; /* a directory that is gone has no start */
	struct logdir now;
	bool reaches;

	if (reaches_start(dir))
		return true;
	if (logdir_open(&now, dir->path, true, &ignored) != KMETA_OK)
		return false;
	reaches = reaches_start(&now);
	logdir_release(&now);
	return reaches;
}

static void check_log_start(struct start_check *c)
{
	const struct logdir_file *first = c->dir->segments.at;

	if (!reaches_start_now(c->dir))
		findings_add(c->findings, KMETA_NO_CHECKPOINT, first->path, -1, first->offset,
		             "the log starts at offset %lld, and no checkpoint reaches there: "
		             "\"there must be a snapshot at an offset larger than the current log "
		             "start offset\"",
		             (long long)first->offset);
}

/* ---- the directory: Kafka's MetaPropertiesEnsemble and LogManager ---- */

/* Behind a partition that is being deleted, moved or was found astray: UUID-delete and the like. */
static bool is_renamed(const char *ending)
{
	static const char *const words[] = { "-delete", "-future", "-stray" };
	const size_t digits = strspn(ending, "0123456789abcdef");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (digits == 32 && !strcmp(ending + digits, words[i]))
			return true;
	return false;
}

/* topic-partition, or what Kafka makes of one. */
static bool is_partition_folder(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *end = dot && is_renamed(dot + 1) ? dot : name + strlen(name);
	const char *dash = end;

	while (dash > name && dash[-1] >= '0' && dash[-1] <= '9')
		dash--;
	return dash < end && dash > name + 1 && dash[-1] == '-';
}

static bool is_folder(const char *directory, const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* kmeta-fetch tells beside a copy where it came from. */
static bool is_fetched(const char *directory)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/fetch.json", directory);
	return stat(path, &st) == 0;
}

static void check_folders(struct start_check *c)
{
	DIR *directory = opendir(c->directory);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, "remote-log-index-cache") != 0 &&
		    !is_partition_folder(entry->d_name) && is_folder(c->directory, entry->d_name))
			findings_add(c->findings, KMETA_STRAY_FOLDER, c->directory, -1, -1,
			             "a broker does not start: '%.100s' \"is not in the form of "
			             "topic-partition\"",
			             entry->d_name);
	if (directory)
		closedir(directory);
}

static void check_properties_exist(struct start_check *c)
{
	if (!c->identity->is_missing)
		return;
	if (c->has_log_directory && is_fetched(c->directory))
		findings_add(c->findings, KMETA_NOT_CHECKED, c->directory, -1, -1,
		             "start: a copy that kmeta-fetch made has no meta.properties: "
		             "kmeta-snapshot writes a directory that starts");
	else if (c->has_log_directory)
		findings_add(c->findings, KMETA_NO_PROPERTIES, c->directory, -1, -1,
		             "\"No readable meta.properties files found.\"");
	else
		findings_add(c->findings, KMETA_NOT_CHECKED, c->dir->path, -1, -1,
		             "start: meta.properties is not here, and Kafka needs it");
}

/* ---- what the records say ---- */

/* Kafka's QuorumState.initialize(), up to release 3.8. */
static void check_static_voters(struct start_check *c)
{
	const struct kmeta_bytes own = c->quorum_voters, wanted = c->static_voters;

	if (!own.size || !wanted.size || c->release >= release_find(FREE_VOTERS) ||
	    (own.size == wanted.size && !memcmp(own.data, wanted.data, own.size)))
		return;
	findings_add(
		c->findings, KMETA_OTHER_VOTERS, c->dir->path, -1, -1,
		"quorum-state does not name the voters of the configuration: \"Configured voter "
		"set is different from the voter set read from the state file\"");
}

/* A voter of the log is a node and a directory. */
static void check_only_voter(struct start_check *c)
{
	const char *voter = c->quorum->only_directory, *own = c->identity->says.directory_id;
	const bool is_node = c->quorum->only_voter == c->identity->says.node,
		   is_directory = !strcmp(voter, own);

	if (c->state->kraft_version < 1 || !voter[0] || is_node == is_directory)
		return;
	findings_add(c->findings, KMETA_NEVER_LEADS, c->dir->path, -1, -1,
	             "the only voter is node %d with directory %s, and this is node %s with "
	             "directory %s",
	             c->quorum->only_voter, voter,
	             c->identity->says.node_id[0] ? c->identity->says.node_id : "none",
	             own[0] ? own : "none");
}

static void check_any_voter(struct start_check *c)
{
	const bool expects = c->state->kraft_version > 0 || c->quorum->has_voters;

	if (c->state->voters)
		return;
	if (expects)
		findings_add(
			c->findings, KMETA_NO_VOTERS, c->dir->path, -1, -1,
			"the voters of the log are the quorum's, and there are none: no node can "
			"lead");
	else if (c->state->is_new && !c->static_voters.size)
		findings_add(
			c->findings, KMETA_NOT_CHECKED, c->dir->path, -1, -1,
			"start: the log is empty and names no voter, so controller.quorum.voters "
			"has to");
}

/* The releases that start, with the unstable levels or without them. */
static void find_releases(const struct start_state *state, bool unstable, int *first, int *last)
{
	char why[200];

	*first = 0;
	*last = -1;
	for (size_t i = 0; release_at(i); i++) {
		if (state->is_known && (release_refuses(state, i, why, sizeof(why)) ||
		                        (!unstable && release_is_unstable(state, i))))
			continue;
		*first = *last < 0 ? (int)i : *first;
		*last = (int)i;
	}
}

void start_releases(const struct start_state *state, int release, int *first, int *last)
{
	find_releases(state, release >= 0, first, last);
	if (*last < 0)
		find_releases(state, true, first, last);
}

static void check_release(struct start_check *c)
{
	char why[200];
	int first, last;

	start_releases(c->state, c->release, &first, &last);
	if (c->release >= 0 && release_refuses(c->state, (size_t)c->release, why, sizeof(why)))
		findings_add(c->findings, KMETA_WRONG_RELEASE, c->dir->path, -1, -1, "Kafka %s: %s",
		             release_at((size_t)c->release)->name, why);
	else if (last >= 0 &&
	         release_is_unstable(c->state, (size_t)(c->release < 0 ? last : c->release)))
		findings_add(
			c->findings, KMETA_NOT_CHECKED, c->dir->path, -1, -1,
			"start: metadata.version %lld is not for production in Kafka %s, which "
			"needs unstable.feature.versions.enable=true for it",
			(long long)c->state->level,
			release_at((size_t)(c->release < 0 ? last : c->release))->name);
	else if (c->release < 0 && last < 0)
		findings_add(c->findings, KMETA_WRONG_RELEASE, c->dir->path, -1, -1,
		             "no release is known that starts on metadata.version %lld with its "
		             "other features",
		             (long long)c->state->level);
}

void start_check(struct start_check *c)
{
	check_properties_exist(c);
	if (c->has_log_directory)
		check_folders(c);
	check_log_start(c);
	check_static_voters(c);
	check_only_voter(c);
	if (!c->state->is_known)
		return;
	check_any_voter(c);
	check_release(c);
}
