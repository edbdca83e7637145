/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_directory.c: checks the files of one address, one after another or in parallel, and whether
 * they fit together.
 */
#include "check/check_directory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "base/threads.h"
#include "check/check_replay.h"
#include "record/batch.h"

enum { JOBS_LIMIT = 64 };

/* ---- what it holds ---- */

static struct check_file file_of(const struct check_directory *d, const char *path,
                                 bool is_checkpoint)
{
	const struct check_wishes *wishes = d->wishes;

	return (struct check_file){ .path = path,
		                    .is_member = d->is_directory,
		                    .until = is_checkpoint ? NULL : &d->until,
		                    .is_checkpoint = is_checkpoint,
		                    .checks = wishes->checksum_only ? KMETA_CHECK_BYTES
		                                                    : wishes->checks,
		                    .checksum_only = wishes->checksum_only,
		                    .alone = wishes->jobs < 2,
		                    .dialect = wishes->dialect,
		                    .progress = wishes->progress,
		                    .progress_context = wishes->context,
		                    .findings = { .limit = wishes->findings_limit },
		                    .meaning = { .limit = wishes->findings_limit } };
}

/* Drops the files that lie behind an end offset. */
static void cut_list(struct logdir_files *files, int64_t end)
{
	while (files->count && files->at[files->count - 1].offset >= end)
		free(files->at[--files->count].path);
}

/* True if the file's first batch, damaged or not, is later than a time. */
static bool begins_later(const char *path, int64_t time)
{
	const struct kmeta_source_options plain = { .size = sizeof(plain), .regular = true };
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch = { 0 };
	struct kmeta_finding ignored; /* the file is then checked, and reported */
	bool later = false;

	if (kmeta_source_open(&source, path, &plain, &ignored) == KMETA_OK &&
	    kmeta_source_next(source, &batch, &ignored) <= KMETA_DAMAGED)
		later = batch.size && batch.max_timestamp > time;
	kmeta_source_close(source);
	return later;
}

/* Drops the segments that lie behind a time. */
static void cut_segments(struct logdir_files *segments, int64_t time)
{
	while (segments->count > 1 && begins_later(segments->at[segments->count - 1].path, time))
		free(segments->at[--segments->count].path);
}

/*
 * The checkpoint beside meta.properties, with what a new cluster begins with. Kafka reads it at every
 * start (BootstrapDirectory). NULL: there is none.
 */
static char *find_bootstrap(const char *directory)
{
	char *path = identity_beside(directory, "bootstrap.checkpoint");
	struct stat st;

	/* One that cannot be looked at is checked, and says so. */
	if (path && (lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR)))
		return path;
	free(path);
	return NULL;
}

static enum kmeta_status list_directory(struct check_directory *d, const char *path,
                                        struct kmeta_finding *why)
{
	const struct logdir *dir = &d->dir;
	enum kmeta_status status = logdir_open(&d->dir, path, false, why);

	/* Kafka begins a log where there is none. Whether it starts can be told, and nothing else. */
	d->is_new = status != KMETA_OK && why->code == KMETA_NOT_A_LOG && d->wishes->start_alone;
	if (status != KMETA_OK && !d->is_new)
		return KMETA_FAILED;
	if (d->is_new)
		d->dir.path = identity_metadata(path);
	if (!dir->path || !identity_read(&d->identity, dir->path))
		return finding_memory(why);
	if (d->is_new && d->identity.is_missing)
		return KMETA_FAILED;
	d->is_directory = true;
	if (d->until.kind == KMETA_POINT_OFFSET) {
		cut_list(&d->dir.segments, d->until.value);
		cut_list(&d->dir.checkpoints, d->until.value + 1);
	} else if (d->until.kind == KMETA_POINT_TIME) {
		cut_segments(&d->dir.segments, d->until.value);
	}
	d->has_log_directory = strlen(dir->path) > strlen(path);
	d->parent = strdup(path);
	if (!d->parent)
		return finding_memory(why);
	if (d->until.kind == KMETA_POINT_END)
		d->bootstrap = find_bootstrap(dir->path);
	d->files = calloc(dir->segments.count + dir->checkpoints.count + 1, sizeof(*d->files));
	if (!d->files)
		return finding_memory(why);
	d->segments = dir->segments.count;
	for (size_t i = 0; i < dir->segments.count; i++)
		d->files[d->count++] = file_of(d, dir->segments.at[i].path, false);
	for (size_t i = 0; i < dir->checkpoints.count; i++)
		d->files[d->count++] = file_of(d, dir->checkpoints.at[i].path, true);
	if (d->bootstrap)
		d->files[d->count++] = file_of(d, d->bootstrap, true);
	return KMETA_OK;
}

static bool has_ending(const char *path, const char *suffix)
{
	const size_t size = strlen(path), end = strlen(suffix);

	return size > end && !strcmp(path + size - end, suffix);
}

static enum kmeta_status list_file(struct check_directory *d, const char *path,
                                   struct kmeta_finding *why)
{
	d->files = calloc(1, sizeof(*d->files));
	if (!d->files)
		return finding_memory(why);
	d->files[0] = file_of(d, path, has_ending(path, ".checkpoint"));
	d->files[0].is_nameless = !d->files[0].is_checkpoint && !has_ending(path, ".log");
	d->count = 1;
	d->segments = !d->files[0].is_checkpoint;
	return KMETA_OK;
}

enum kmeta_status check_directory_open(struct check_directory *d, const struct check_wishes *wishes,
                                       const char *path, struct kmeta_point until,
                                       struct kmeta_finding *why)
{
	struct stat st;
	enum kmeta_status status;

	*d = (struct check_directory){ .wishes = wishes,
		                       .until = until,
		                       .findings = { .limit = wishes->findings_limit },
		                       .comparisons = { .limit = wishes->findings_limit } };
	pthread_mutex_init(&d->lock, NULL);
	if (strcmp(path, "-") != 0 && stat(path, &st) < 0)
		return finding_system(why, NULL, errno, "cannot open");
	status = strcmp(path, "-") != 0 && S_ISDIR(st.st_mode) ? list_directory(d, path, why)
	                                                       : list_file(d, path, why);
	/* Kafka appends to the last segment only. */
	if (status == KMETA_OK && d->segments)
		d->files[d->segments - 1].may_grow =
			has_ending(d->files[d->segments - 1].path, ".log");
	return status;
}

int64_t check_directory_size(const struct check_directory *d)
{
	int64_t size = 0;
	struct stat st;

	for (size_t i = 0; i < d->count; i++)
		if (stat(d->files[i].path, &st) == 0 && S_ISREG(st.st_mode))
			size += st.st_size;
	return size;
}

bool check_directory_is_stale(const struct check_directory *d)
{
	for (size_t i = 0; d->is_directory && i < d->count; i++)
		if (d->files[i].why.system_error == ENOENT)
			return true;
	return false;
}

void check_directory_release(struct check_directory *d)
{
	for (size_t i = 0; i < d->count; i++)
		check_file_release(&d->files[i]);
	free(d->files);
	free(d->bootstrap);
	free(d->parent);
	free(d->epochs.at);
	findings_release(&d->findings);
	findings_release(&d->comparisons);
	side_files_release(&d->side_files);
	companions_release(&d->companions);
	identity_release(&d->identity);
	quorum_end_release(&d->quorum);
	logdir_release(&d->dir);
	pthread_mutex_destroy(&d->lock);
}

/* ---- replay ---- */

static bool replays(const struct check_directory *d)
{
	return d->wishes->checks &
	               (KMETA_CHECK_MEANING | KMETA_CHECK_REPLAY_MATCH | KMETA_CHECK_START) &&
	       !d->wishes->checksum_only;
}

/*
 * The checkpoint that holds the state where the segments begin, or soon after. If all are older, the
 * newest, and records are missing. A new cluster's checkpoint at offset 0 holds its first voters
 * (KIP-853). NULL: the segments begin with an empty state.
 */
static const struct logdir_file *base_of(const struct logdir *dir, int64_t start)
{
	const struct logdir_files *checkpoints = &dir->checkpoints;

	if (!start)
		return checkpoints->count && !checkpoints->at[0].offset ? checkpoints->at : NULL;
	for (size_t i = 0; i < checkpoints->count; i++)
		if (checkpoints->at[i].offset >= start || i + 1 == checkpoints->count)
			return &checkpoints->at[i];
	return NULL;
}

static enum kmeta_status begin_replay(struct check_directory *d, struct replay_check *m)
{
	const char *path = d->files[0].path;
	int64_t start = 0;

	*m = (struct replay_check){ .findings = &d->files[0].meaning,
		                    .comparisons = &d->comparisons,
		                    .violations = d->wishes->checks & KMETA_CHECK_MEANING,
		                    .starts = d->wishes->checks & KMETA_CHECK_START,
		                    .dialect = d->wishes->dialect };
	m->rejoin.dir = d->is_directory ? &d->dir : NULL;
	m->compares = d->is_directory && d->wishes->checks & KMETA_CHECK_REPLAY_MATCH;
	if (logdir_segment_name(path, &start) && start > 0 && !d->dir.checkpoints.count) {
		replay_check_give_up(m, path, start);
		return KMETA_OK;
	}
	return replay_check_begin(m, base_of(&d->dir, start));
}

/*
 * Replays the segments in order into one state, and makes all other checks of them in the same
 * pass.
 */
static enum kmeta_status replay_segments(struct check_directory *d)
{
	struct replay_check replay;
	struct check_observer observer;
	enum kmeta_status status = begin_replay(d, &replay);

	observer = replay_check_observer(&replay);
	for (size_t i = 0; i < d->segments; i++) {
		struct check_file *f = &d->files[i];

		replay.findings = &f->meaning;
		f->observer = &observer;
		if (check_file(f) != KMETA_OK) {
			status = KMETA_FAILED;
			/* A single file that cannot be read has said so already. */
			if (d->is_directory)
				observer.lost(&replay, &f->why);
		}
		f->observer = NULL;
	}
	if (!d->files[0].is_checkpoint)
		replay_check_end(&replay, d->files[d->segments - 1].path);
	if (d->is_directory && !replay.stopped && replay.image &&
	    !quorum_check_end(&replay.quorum, replay.image, d->identity.says.node, &d->quorum))
		d->findings.failed = true;
	replay_check_release(&replay);
	return status;
}

/* ---- files ---- */

/* Kafka's BootstrapMetadata needs a metadata.version, one that the release knows, of 3.3 or later. */
static void check_bootstrap_level(struct check_file *f, int64_t level)
{
	if (!f->batches || f->damaged)
		return;
	if (!level)
		findings_add(&f->meaning, KMETA_BAD_VALUE, f->path, -1, -1,
		             "it holds no metadata.version, and Kafka does not start on it");
	else if (!kmeta_metadata_version_name(level))
		findings_add(&f->meaning, KMETA_BAD_VALUE, f->path, -1, -1,
		             "no release is known that starts on its metadata.version %lld",
		             (long long)level);
}

static enum kmeta_status check_checkpoint(struct check_directory *d, struct check_file *f)
{
	struct replay_check replay = { .findings = &f->meaning,
		                       .violations = d->wishes->checks & KMETA_CHECK_MEANING,
		                       .meaning.is_checkpoint = true };
	const struct check_observer observer = replay_check_observer(&replay);
	enum kmeta_status status = KMETA_OK;

	if (replays(d)) {
		status = replay_check_begin(&replay, NULL);
		f->observer = &observer;
	}
	if (check_file(f) != KMETA_OK)
		status = KMETA_FAILED;
	else if (f->path == d->bootstrap && replay.image)
		check_bootstrap_level(f, kmeta_image_moment(replay.image).level);
	f->observer = NULL;
	replay_check_release(&replay);
	return status;
}

static enum kmeta_status check_one(struct check_directory *d, size_t i)
{
	return d->files[i].is_checkpoint ? check_checkpoint(d, &d->files[i])
	                                 : check_file(&d->files[i]);
}

/*
 * Each file is a task of its own. Segments that are replayed build one state, so together they are
 * one task.
 */
static size_t count_tasks(const struct check_directory *d)
{
	return replays(d) && d->segments ? d->count - d->segments + 1 : d->count;
}

static enum kmeta_status do_task(struct check_directory *d, size_t task)
{
	if (!replays(d) || !d->segments)
		return check_one(d, task);
	return task ? check_one(d, d->segments + task - 1) : replay_segments(d);
}

/* ---- side by side ---- */

/* False: no task is left. */
static bool next_task(struct check_directory *d, size_t *task)
{
	bool left;

	pthread_mutex_lock(&d->lock);
	left = d->next_task < count_tasks(d);
	*task = left ? d->next_task++ : 0;
	pthread_mutex_unlock(&d->lock);
	return left;
}

/* Returns NULL, or the directory if a check failed. */
static void *run_tasks(void *argument)
{
	struct check_directory *d = argument;
	void *failed = NULL;
	size_t task;

	while (next_task(d, &task))
		if (do_task(d, task) != KMETA_OK)
			failed = d;
	return failed;
}

static enum kmeta_status check_files(struct check_directory *d)
{
	pthread_t threads[JOBS_LIMIT];
	unsigned started = 0;
	void *failed, *also;

	while (started + 1 < d->wishes->jobs && started < JOBS_LIMIT &&
	       started + 1 < count_tasks(d) && thread_start(&threads[started], run_tasks, d))
		started++;
	failed = run_tasks(d);
	while (started > 0) {
		pthread_join(threads[--started], &also);
		failed = failed ? failed : also;
	}
	return failed ? KMETA_FAILED : KMETA_OK;
}

/* ---- segments among each other ---- */

static int64_t begin_of(const struct check_file *f)
{
	int64_t named;

	if (f->first_offset >= 0 && !f->lost_start)
		return f->first_offset;
	return logdir_segment_name(f->path, &named) ? named : -1;
}

static int64_t base_offset(const struct check_directory *d)
{
	const struct logdir_files *checkpoints = &d->dir.checkpoints;

	return checkpoints->count ? checkpoints->at[checkpoints->count - 1].offset : 0;
}

/* Kafka takes the name of the last segment for the end of the log if it holds no record. */
static bool is_end_of_log(const struct check_directory *d, const struct check_file *f)
{
	return f->last_offset < 0 && f == &d->files[d->segments - 1] &&
	       begin_of(f) > base_offset(d);
}

/* "lost": damage hid records between the two files. */
static void check_succession(struct check_directory *d, const struct check_file *before,
                             const struct check_file *f, bool lost)
{
	const int64_t expected = batch_behind(before->last_offset), begin = begin_of(f);

	/* A gap after damage is what the damage hid. */
	if (begin < 0 || before->last_offset < 0 || begin == expected || (lost && begin > expected))
		return;
	findings_add(&d->findings,
	             begin < expected      ? KMETA_OFFSET_OVERLAP
	             : is_end_of_log(d, f) ? KMETA_GAP_AT_END
	                                   : KMETA_OFFSET_GAP,
	             f->path, 0, begin,
	             "the segment begins at offset %lld, but the one before it ends at %lld",
	             (long long)begin, (long long)before->last_offset);
}

static bool join_epochs(struct check_directory *d, const struct check_file *f)
{
	struct check_epochs *all = &d->epochs;
	struct check_epoch *at = realloc(all->at, (all->count + f->epochs.count + 1) * sizeof(*at));

	if (!at)
		return false;
	all->at = at;
	for (size_t i = 0; i < f->epochs.count; i++)
		if (!all->count || f->epochs.at[i].epoch > all->at[all->count - 1].epoch)
			all->at[all->count++] = f->epochs.at[i];
	return true;
}

static void check_epoch_order(struct check_directory *d, const struct check_file *f)
{
	const struct check_epochs *all = &d->epochs;

	if (all->count && f->epochs.count &&
	    f->epochs.at[0].epoch < all->at[all->count - 1].epoch &&
	    d->wishes->checks & KMETA_CHECK_ORDER)
		findings_add(&d->findings, KMETA_EPOCH_BACK, f->path, 0, f->first_offset,
		             "leader epoch %d follows %d of the segment before",
		             f->epochs.at[0].epoch, all->at[all->count - 1].epoch);
}

static enum kmeta_status check_segments_together(struct check_directory *d)
{
	const struct check_file *before = NULL;
	bool lost = false;

	for (size_t i = 0; i < d->segments; i++) {
		struct check_file *f = &d->files[i];

		if (check_file_ends_early(f) && !f->batches && !f->damaged)
			break;
		if (before && d->wishes->checks & KMETA_CHECK_ORDER)
			check_succession(d, before, f, lost);
		if (i)
			loss_bound(&d->files[i - 1].lost, begin_of(f));
		check_epoch_order(d, f);
		if (!join_epochs(d, f))
			return KMETA_FAILED;
		lost = f->damaged || (lost && f->last_offset < 0);
		before = f->last_offset >= 0 ? f : before;
		d->damaged |= f->damaged;
	}
	return KMETA_OK;
}

/* ---- the directory ---- */

static int64_t end_offset(const struct check_directory *d)
{
	for (size_t i = d->segments; i-- > 0;) {
		int64_t named;

		if (d->files[i].last_offset >= 0)
			return batch_behind(d->files[i].last_offset);
		if (logdir_segment_name(d->files[i].path, &named))
			return named;
	}
	return -1;
}

/* True if Kafka began a new segment after the directory was listed. */
static bool has_rolled(const struct check_directory *d)
{
	const struct logdir_files *seen = &d->dir.segments;
	struct kmeta_finding ignored; /* a directory that is gone has not rolled */
	struct logdir now;
	bool rolled;

	if (logdir_open(&now, d->dir.path, true, &ignored) != KMETA_OK)
		return false;
	rolled = now.segments.count &&
	         now.segments.at[now.segments.count - 1].offset > seen->at[seen->count - 1].offset;
	logdir_release(&now);
	return rolled;
}

/*
 * KafkaMetadataLog.truncateToLatestSnapshot() drops the whole log at start if the newest checkpoint
 * has a higher epoch, or the same one and a higher end offset.
 */
static bool is_log_dropped(const struct check_directory *d, const struct logdir_file *checkpoint)
{
	const struct check_epochs *epochs = &d->epochs;

	return !epochs->count || checkpoint->epoch >= epochs->at[epochs->count - 1].epoch;
}

/* -1: what lies behind the end cannot be told from the names of files. */
static int64_t settled_end(const struct check_directory *d)
{
	if (!d->segments || d->damaged || d->until.kind != KMETA_POINT_END)
		return -1;
	return end_offset(d);
}

static void check_checkpoint_names(struct check_directory *d, int64_t end)
{
	for (size_t i = 0; end >= 0 && i < d->dir.checkpoints.count; i++) {
		const struct logdir_file *checkpoint = &d->dir.checkpoints.at[i];
		const bool dropped = is_log_dropped(d, checkpoint);

		if (checkpoint->offset > end && !has_rolled(d))
			findings_add(
				&d->findings, dropped ? KMETA_LOG_BEHIND : KMETA_PAST_LOG,
				checkpoint->path, 0, checkpoint->offset,
				"the checkpoint is named for end offset %lld, but the log ends at "
				"%lld%s",
				(long long)checkpoint->offset, (long long)end,
				dropped ? ": Kafka drops the log for it at the next start" : "");
	}
}

/* Kafka starts on another directory than the voter's, as an observer (KIP-853). */
static void check_identity(struct check_directory *d)
{
	const struct identity *identity = &d->identity;
	const char *voter = d->quorum.voter_directory;

	if (voter[0] && identity->says.directory_id[0] &&
	    strcmp(voter, identity->says.directory_id) != 0)
		findings_add(&d->findings, KMETA_OTHER_DIRECTORY, identity->path, -1, -1,
		             "voter %s of the quorum has directory %s, but directory.id is %s",
		             identity->says.node_id, voter, identity->says.directory_id);
}

static enum kmeta_status check_directory(struct check_directory *d)
{
	const int64_t end = settled_end(d);
	struct kmeta_finding ignored; /* memory ran out, as the status says */

	d->side_files =
		(struct side_files){ .directory = d->dir.path,
		                     .epochs = &d->epochs,
		                     .first_offset = d->segments ? begin_of(&d->files[0]) : -1,
		                     .checkpoints = &d->dir.checkpoints,
		                     .damaged = d->damaged || !d->segments,
		                     .quorum = &d->quorum,
		                     .findings = &d->findings };
	side_files_check(&d->side_files);
	check_identity(d);
	check_checkpoint_names(d, end);
	if (d->is_new)
		return KMETA_OK;
	d->companions = (struct companions){ .directory = d->dir.path,
		                             .segments = &d->dir.segments,
		                             .end_offset = end >= 0 && has_rolled(d) ? -1 : end,
		                             .findings = &d->findings };
	return companions_check(&d->companions, &ignored);
}

/* Takes over the quorum of a directory without segments. */
static bool take_quorum(struct check_directory *d, const struct kmeta_image *image)
{
	struct quorum_check nothing = { 0 };

	return d->quorum.is_known ||
	       quorum_check_end(&nothing, image, d->identity.says.node, &d->quorum);
}

/* Why it cannot be loaded is reported elsewhere. */
static enum kmeta_status load_as_kafka(struct check_directory *d, const char *path,
                                       struct start_state *state)
{
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = d->wishes->dialect };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	enum kmeta_status status = kmeta_image_load(&image, path, end, &options, &why);

	if (status != KMETA_OK)
		return why.code == KMETA_OUT_OF_MEMORY ? KMETA_FAILED : KMETA_OK;
	status = start_state_take(state, image) && take_quorum(d, image) ? KMETA_OK : KMETA_FAILED;
	kmeta_image_free(image);
	return status;
}

/*
 * Kafka loads the newest checkpoint and what follows it. An active controller that finds no record
 * there writes those of bootstrap.checkpoint (ActivationRecordsGenerator).
 */
static enum kmeta_status load_start_state(struct check_directory *d)
{
	struct start_state log, begin = { 0 };
	enum kmeta_status status = KMETA_OK;

	if (d->is_new)
		d->state = (struct start_state){ .is_known = true, .is_new = true };
	else
		status = load_as_kafka(d, d->dir.path, &d->state);

	if (status != KMETA_OK || !d->state.is_new || !d->bootstrap)
		return status;
	log = d->state;
	status = load_as_kafka(d, d->bootstrap, &begin);
	if (!begin.is_known)
		return status;
	d->state = begin;
	d->state.is_new = true;
	d->state.kraft_version = log.kraft_version;
	d->state.voters = log.voters;
	return status;
}

static int stopped_from(const struct check_directory *d, const struct kmeta_finding *finding)
{
	const struct logdir_files *checkpoints = &d->dir.checkpoints;

	return start_stopped_from(
		finding, checkpoints->count ? &checkpoints->at[checkpoints->count - 1] : NULL);
}

static bool concerns_start(void *context, const struct kmeta_finding *finding)
{
	const struct check_directory *d = context;
	const int from = stopped_from(d, finding);

	return (from >= 0 && (d->wishes->release < 0 || from <= d->wishes->release)) ||
	       (start_allowed_from(finding) > 0 &&
	        d->wishes->release < start_allowed_from(finding)) ||
	       finding_is_fatal(finding->code);
}

static void bound_releases(struct check_directory *d, struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const int from = stopped_from(d, &findings->at[i]);

		const int again = start_allowed_from(&findings->at[i]);

		if (from >= 0 && d->last_release >= from)
			d->last_release = from - 1;
		if (d->first_release < again)
			d->first_release = again;
	}
}

static void keep_start_alone(struct check_directory *d)
{
	for (size_t i = 0; i < d->count; i++)
		findings_select(&d->files[i].findings, concerns_start, d);
	findings_select(&d->findings, concerns_start, d);
}

/* Once all other findings are there. */
static enum kmeta_status check_start(struct check_directory *d)
{
	struct start_check check = { .dir = &d->dir,
		                     .identity = &d->identity,
		                     .has_log_directory = d->has_log_directory,
		                     .state = &d->state,
		                     .release = d->wishes->release,
		                     .quorum = &d->quorum,
		                     .quorum_voters =
		                             kmeta_buffer_bytes(&d->side_files.quorum_voters),
		                     .static_voters = d->wishes->static_voters,
		                     .findings = &d->findings,
		                     .directory = d->parent };

	if (load_start_state(d) != KMETA_OK)
		return KMETA_FAILED;
	d->state.has_later_quorum_state = d->side_files.has_later_quorum_state;
	d->state.has_quorum_records = d->quorum.is_known && d->quorum.last_record >= base_offset(d);
	if (d->wishes->start_alone)
		keep_start_alone(d);
	start_check(&check);
	start_releases(&d->state, d->wishes->release, &d->first_release, &d->last_release);
	for (size_t i = 0; i < d->count; i++)
		bound_releases(d, &d->files[i].findings);
	bound_releases(d, &d->findings);
	return KMETA_OK;
}

/* Findings about a checkpoint are reported with it, also those of its comparison with the log. */
static void sort_findings(struct check_directory *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct check_file *f = &d->files[i];

		findings_move(&f->findings, &f->meaning);
		for (size_t j = 0; j < d->comparisons.count; j++)
			if (d->comparisons.at[j].file == f->path)
				findings_keep(&f->findings, &d->comparisons.at[j]);
		findings_sort(&f->findings);
	}
}

bool check_directory_is_judged(const struct check_directory *d)
{
	return d->is_directory && d->until.kind == KMETA_POINT_END &&
	       d->wishes->checks & KMETA_CHECK_START && !d->wishes->checksum_only;
}

enum kmeta_status check_directory_run(struct check_directory *d)
{
	enum kmeta_status status = check_files(d);

	/* A single file counts as a segment until its first record was read. */
	if (d->count == 1 && d->files[0].is_checkpoint)
		d->segments = 0;
	if (check_segments_together(d) != KMETA_OK)
		return KMETA_FAILED;
	if (d->is_directory && d->wishes->checks & KMETA_CHECK_DIRECTORY &&
	    !d->wishes->checksum_only && check_directory(d) != KMETA_OK)
		return KMETA_FAILED;
	sort_findings(d);
	if (check_directory_is_judged(d) && check_start(d) != KMETA_OK)
		return KMETA_FAILED;
	return status;
}
