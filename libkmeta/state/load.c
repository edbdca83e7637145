/* SPDX-License-Identifier: Apache-2.0 */
/* load.c: loads the state at a moment: a checkpoint, and the records after it. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "base/options.h"
#include "log/logdir.h"
#include "record/batch.h"
#include "state/ahead.h"
#include "state/image.h"
#include "state/load.h"
#include "state/partial.h"
#include "state/since.h"

/*
 * At these levels Kafka's snapshots depend on the release that writes them: see
 * image_note_software().
 */
enum { FIRST_UNSURE_LEVEL = 8, LAST_UNSURE_LEVEL = 21 };

struct loader {
	struct kmeta_load_options options;
	struct kmeta_point point;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_source *source;
	struct ahead *ahead; /* reads the source */
	struct kmeta_finding *why;
	bool stopped; /* the report asked to stop */
	/* About the checkpoint that is being read. */
	bool has_header, has_footer;
	bool has_migration;     /* the state of the migration from ZooKeeper */
	int64_t contained_time; /* of the last batch in it */
};

/* ---- records ---- */

static bool load_report_violation(void *context, const struct kmeta_finding *finding)
{
	struct loader *l = context;
	const bool serious = kmeta_code_severity(finding->code) == KMETA_ERROR;

	if (l->options.report && !l->options.report(l->options.context, finding))
		l->stopped = true;
	if (l->options.strict && serious)
		l->stopped = true;
	return !l->stopped;
}

/* Reports the finding in "why". False: stop. */
static bool load_report(struct loader *l)
{
	return load_report_violation(l, l->why);
}

/*
 * Applies the records of the current batch from "first" to below "end". DAMAGED: the batch is
 * damaged inside.
 */
static enum kmeta_status apply_batch(struct loader *l, const struct kmeta_batch *batch,
                                     int64_t first, int64_t end)
{
	struct ahead_record r;
	enum kmeta_status status;

	while ((status = ahead_record(l->ahead, &r, l->why)) == KMETA_OK) {
		if (r.record->offset < first || r.record->offset >= end)
			continue;
		l->has_migration |=
			!r.record->control && r.record->type == KMETA_ZK_MIGRATION_STATE_RECORD;
		if (r.fields)
			status = kmeta_image_apply(l->image, batch, r.record, r.fields,
			                           load_report_violation, l, l->why);
		else if (!load_report_violation(l, r.fault)) {
			*l->why = *r.fault;
			status = KMETA_FAILED;
		}
		if (status != KMETA_OK)
			return status;
	}
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status load_progress(const struct loader *l)
{
	return ahead_go_on(l->ahead, l->options.progress, l->options.context)
	               ? KMETA_OK
	               : finding_stopped(l->why);
}

/* ---- files ---- */

static enum kmeta_status open_source(struct loader *l, const char *path,
                                     const struct kmeta_source_options *window)
{
	const struct ahead_options options = { .image = l->image };
	const enum kmeta_status status = kmeta_source_open(&l->source, path, window, l->why);

	if (status != KMETA_OK)
		return status;
	l->ahead = ahead_open(l->source, &l->dialect, &options);
	return l->ahead ? KMETA_OK : finding_memory(l->why);
}

static void close_source(struct loader *l)
{
	ahead_close(l->ahead);
	kmeta_source_close(l->source);
	l->ahead = NULL;
	l->source = NULL;
}

/* ---- checkpoints ---- */

static void note_frame(struct loader *l, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding ignored; /* what cannot be read is no frame of a checkpoint */
	const struct kmeta_field *time = NULL;

	if (!(batch->attributes & KMETA_BATCH_CONTROL) ||
	    kmeta_batch_next(batch, &cursor, &record, &ignored) != KMETA_OK)
		return;
	l->has_footer = record.type == KMETA_CONTROL_SNAPSHOT_FOOTER;
	if (record.type != KMETA_CONTROL_SNAPSHOT_HEADER)
		return;
	/* Release 2.8 wrote leader changes with this type. */
	if (kmeta_dialect_init(&dialect, l->options.dialect) &&
	    kmeta_decode(&dialect, &record, &fields, &ignored) == KMETA_OK)
		time = kmeta_fields_find(&fields, "lastContainedLogTimestamp");
	if (time) {
		l->has_header = true;
		l->contained_time = time->value.integer;
	}
	kmeta_fields_release(&fields);
}

/*
 * DAMAGED: the checkpoint is not whole; "why" tells the reason. "behind" is for a stream, in which
 * the log may follow: its first batch, or one of size 0. NULL: nothing may follow.
 */
static enum kmeta_status read_checkpoint(struct loader *l, struct kmeta_batch *behind)
{
	struct kmeta_batch batch;
	enum kmeta_status status;

	while ((status = ahead_batch(l->ahead, &batch, l->why)) == KMETA_OK) {
		if (behind && l->has_footer) {
			*behind = batch;
			return KMETA_OK;
		}
		note_frame(l, &batch);
		if (!l->has_header)
			break;
		status = apply_batch(l, &batch, INT64_MIN, INT64_MAX);
		if (status == KMETA_OK)
			status = load_progress(l);
		if (status != KMETA_OK)
			return status;
	}
	if (status == KMETA_FAILED || status == KMETA_DAMAGED)
		return status;
	if (!l->has_header || !l->has_footer)
		return finding_set(l->why, KMETA_UNUSABLE_CHECKPOINT, "the checkpoint has no %s",
		                   l->has_header ? "footer: it is not whole" : "header");
	return KMETA_OK;
}

static bool is_unsure(const struct loader *l)
{
	const int64_t level = kmeta_image_moment(l->image).level;

	return level >= FIRST_UNSURE_LEVEL && level <= LAST_UNSURE_LEVEL;
}

static void place_at_checkpoint(struct loader *l, int64_t end_offset, int32_t epoch)
{
	const struct kmeta_batch last = { .epoch = epoch, .max_timestamp = l->contained_time };

	kmeta_image_reach(l->image, &last, end_offset);
	image_note_base(l->image);
	/* Up to 3.9 every snapshot has that state; what a new log begins with does not. */
	if (end_offset > 0 && is_unsure(l) && !l->has_migration)
		l->image->past_zookeeper = true;
}

static enum kmeta_status load_start_over(struct loader *l)
{
	l->has_header = l->has_footer = l->has_migration = false;
	kmeta_image_free(l->image);
	l->image = kmeta_image_new();
	return l->image ? KMETA_OK : finding_memory(l->why);
}

static bool is_past(const struct loader *l, const struct logdir_file *checkpoint)
{
	return l->point.kind == KMETA_POINT_OFFSET && checkpoint->offset > l->point.value;
}

/* END: the checkpoint is past the point, or unusable, which was reported. */
static enum kmeta_status try_checkpoint(struct loader *l, const struct logdir_file *checkpoint)
{
	const struct kmeta_source_options plain = { .size = sizeof(plain), .regular = true };
	enum kmeta_status status = load_start_over(l);

	if (status == KMETA_OK)
		status = open_source(l, checkpoint->path, &plain);
	if (status == KMETA_OK)
		status = read_checkpoint(l, NULL);
	if (status == KMETA_OK)
		place_at_checkpoint(l, checkpoint->offset, checkpoint->epoch);
	if (status == KMETA_OK && l->point.kind == KMETA_POINT_TIME &&
	    l->contained_time > l->point.value)
		status = KMETA_END;
	if (status == KMETA_DAMAGED ||
	    (status == KMETA_FAILED && !l->stopped && l->why->system_error)) {
		l->why->code = KMETA_UNUSABLE_CHECKPOINT;
		l->why->file = checkpoint->path;
		status = load_report(l) ? KMETA_END : KMETA_FAILED;
	}
	close_source(l);
	return status;
}

/* True if the segments go on where a checkpoint ends, or no segment is missing before. */
static bool is_followed(const struct logdir *dir, int64_t end_offset)
{
	return dir->segments.count && dir->segments.at[0].offset <= end_offset;
}

/*
 * Loads the oldest usable checkpoint from which the log goes on, or an empty image if it begins at 0.
 * Kafka's log starts at that checkpoint, though the first segment may begin before it.
 */
static enum kmeta_status load_oldest_base(struct loader *l, const struct logdir *dir)
{
	for (size_t i = 0; i < dir->checkpoints.count && !is_followed(dir, 0); i++) {
		enum kmeta_status status;

		if (is_past(l, &dir->checkpoints.at[i]) ||
		    !is_followed(dir, dir->checkpoints.at[i].offset))
			continue;
		status = try_checkpoint(l, &dir->checkpoints.at[i]);
		if (status != KMETA_END)
			return status;
	}
	return load_start_over(l);
}

/* Loads the newest usable checkpoint, or an empty image at offset 0 if there is none. */
static enum kmeta_status load_base(struct loader *l, const struct logdir *dir)
{
	if (l->options.from_log)
		return load_oldest_base(l, dir);
	for (size_t i = dir->checkpoints.count; i-- > 0;) {
		enum kmeta_status status;

		if (is_past(l, &dir->checkpoints.at[i]))
			continue;
		status = try_checkpoint(l, &dir->checkpoints.at[i]);
		if (status != KMETA_END)
			return status;
	}
	return load_start_over(l);
}

/* ---- segments ---- */

/* The offset at which to stop inside a batch. At or below its first record: skip the batch. */
static int64_t end_of(const struct loader *l, const struct kmeta_batch *batch)
{
	switch (l->point.kind) {
	case KMETA_POINT_OFFSET:
		return l->point.value;
	case KMETA_POINT_TIME:
		return batch->max_timestamp <= l->point.value ? INT64_MAX : INT64_MIN;
	default:
		return INT64_MAX;
	}
}

/*
 * Release 4.0 and later write other snapshots than 3.9. The rest of the log tells which one ran
 * last.
 */
static void note_software(struct loader *l)
{
	struct kmeta_finding ignored; /* damage behind the point does not matter */
	struct ahead_record r;

	while (ahead_record(l->ahead, &r, &ignored) == KMETA_OK)
		if (r.fields && !r.record->control &&
		    (r.record->type == KMETA_REGISTER_BROKER_RECORD ||
		     r.record->type == KMETA_REGISTER_CONTROLLER_RECORD))
			image_note_software(l->image, r.fields);
}

/* Reports that records are missing before "offset", the first one that is there. */
static enum kmeta_status missing(struct loader *l, int64_t offset)
{
	const int64_t have = kmeta_image_moment(l->image).end_offset;

	if (have)
		finding_set(l->why, KMETA_MISSING_RECORDS,
		            "the records %lld to %lld are missing; the state is known up to @%lld",
		            (long long)have, (long long)offset - 1, (long long)have);
	else
		finding_set(
			l->why, KMETA_MISSING_RECORDS,
			"the log begins at offset %lld, and no usable checkpoint tells the state "
			"there",
			(long long)offset);
	l->why->offset = offset;
	return KMETA_FAILED;
}

static bool is_reached(const struct loader *l)
{
	return l->point.kind == KMETA_POINT_OFFSET &&
	       kmeta_image_moment(l->image).end_offset >= l->point.value;
}

/* Begins with nothing at the first batch of a log that begins late, if that will do. */
static bool begin_partial(struct loader *l, const struct kmeta_batch *batch)
{
	if (!l->options.partial || kmeta_image_moment(l->image).end_offset)
		return false;
	partial_begin(l->image, batch->base_offset);
	return true;
}

static enum kmeta_status follow_batch(struct loader *l, const struct kmeta_batch *batch, bool *done)
{
	const int64_t have = kmeta_image_moment(l->image).end_offset;
	const int64_t end = end_of(l, batch);
	enum kmeta_status status;

	if (batch->last_offset < have)
		return KMETA_OK;
	/* What is missing may hold the point, even if this batch is past it. */
	if (batch->base_offset > have && !is_reached(l) && !begin_partial(l, batch))
		return missing(l, batch->base_offset);
	*done = batch->base_offset >= end;
	if (*done)
		return KMETA_OK;
	status = apply_batch(l, batch, have, end);
	if (status == KMETA_OK)
		kmeta_image_reach(l->image, batch,
		                  end <= batch->last_offset ? end
		                                            : batch_behind(batch->last_offset));
	return status;
}

static enum kmeta_status load_damaged(struct loader *l)
{
	const int64_t have = kmeta_image_moment(l->image).end_offset;
	char cause[120];

	memcpy(cause, l->why->message, sizeof(cause));
	cause[sizeof(cause) - 1] = '\0';
	l->why->code = KMETA_MISSING_RECORDS;
	snprintf(l->why->message, sizeof(l->why->message), "%s; the state is known up to @%lld",
	         cause, (long long)have);
	return KMETA_FAILED;
}

static enum kmeta_status read_segments(struct loader *l)
{
	struct kmeta_batch batch;
	enum kmeta_status status;
	bool done = false;

	while ((status = ahead_batch(l->ahead, &batch, l->why)) != KMETA_END) {
		if (status == KMETA_DAMAGED && kmeta_code_severity(l->why->code) != KMETA_ERROR)
			continue;
		if (done && status == KMETA_OK)
			note_software(l);
		else if (status == KMETA_OK)
			status = follow_batch(l, &batch, &done);
		done |= is_reached(l);
		/* Damage after the point does not matter. */
		if (status == KMETA_DAMAGED && !done)
			return load_damaged(l);
		if (status == KMETA_FAILED)
			return status;
		if (done && !is_unsure(l))
			break;
		if (load_progress(l) != KMETA_OK)
			return KMETA_FAILED;
	}
	return KMETA_OK;
}

static enum kmeta_status load_segments(struct loader *l, const char *path)
{
	const struct kmeta_range from = { kmeta_image_moment(l->image).end_offset, INT64_MAX };
	const struct kmeta_source_options window = { .size = sizeof(window), .offsets = &from };
	enum kmeta_status status = open_source(l, path, &window);

	if (status == KMETA_OK)
		status = read_segments(l);
	if (status == KMETA_FAILED)
		finding_detach(l->why, path);
	close_source(l);
	return status;
}

/* ---- what an address may be ---- */

/* @start is the first state of a directory: its oldest checkpoint, or an empty state. */
static void settle_start(struct loader *l, const struct logdir *dir)
{
	const bool from_zero = dir->segments.count && !dir->segments.at[0].offset;

	if (l->point.kind != KMETA_POINT_START)
		return;
	l->point.kind = KMETA_POINT_OFFSET;
	l->point.value = from_zero || !dir->checkpoints.count ? 0 : dir->checkpoints.at[0].offset;
}

/*
 * Loads the first usable checkpoint after the point, since the state at the point is unknown. END:
 * there is none.
 */
static enum kmeta_status load_nearest(struct loader *l, const struct logdir *dir)
{
	const struct kmeta_point wanted = l->point;
	enum kmeta_status status = KMETA_END;

	l->point = (struct kmeta_point){ .kind = KMETA_POINT_END };
	for (size_t i = 0; i < dir->checkpoints.count && status == KMETA_END; i++)
		status = try_checkpoint(l, &dir->checkpoints.at[i]);
	l->point = wanted;
	if (status != KMETA_OK)
		return status == KMETA_END && load_start_over(l) != KMETA_OK ? KMETA_FAILED
		                                                             : status;
	finding_set(
		l->why, KMETA_MISSING_RECORDS,
		"the state %s%lld is unknown, since the log begins at offset %lld: this is the next one "
		"that is known, @%lld",
		wanted.kind == KMETA_POINT_OFFSET ? "@" : "at time @", (long long)wanted.value,
		(long long)dir->segments.at[0].offset,
		(long long)kmeta_image_moment(l->image).end_offset);
	return load_report(l) ? KMETA_OK : KMETA_FAILED;
}

/* True if only a checkpoint after the point can be shown. */
static bool wants_nearest(const struct loader *l, const struct logdir *dir)
{
	return l->options.nearest && !l->options.from_log && l->point.kind != KMETA_POINT_END &&
	       dir->segments.count && dir->segments.at[0].offset > 0 &&
	       !kmeta_image_moment(l->image).end_offset;
}

/*
 * Replays the log before the loaded checkpoint and lets what has watched it watch the image. Where that
 * part cannot be replayed, nothing before the checkpoint is known. FAILED: out of memory, or stopped.
 */
static enum kmeta_status watch_from_oldest(struct loader *l, const struct logdir *dir,
                                           const char *path)
{
	const int64_t end_offset = kmeta_image_moment(l->image).end_offset;
	struct kmeta_finding unknown; /* the state itself is known */
	struct loader older = { .point = { .kind = KMETA_POINT_OFFSET, .value = end_offset },
		                .options = l->options,
		                .dialect = l->dialect,
		                .why = &unknown };
	enum kmeta_status status;

	if (!since_watch(l->image))
		return finding_memory(l->why);
	if (!end_offset || !dir->segments.count)
		return KMETA_OK;
	older.options.report = NULL;
	older.options.strict = older.options.partial = false;
	status = load_oldest_base(&older, dir);
	if (status == KMETA_OK && kmeta_image_moment(older.image).end_offset < end_offset) {
		status = since_watch(older.image) ? load_segments(&older, path)
		                                  : finding_memory(&unknown);
		if (status == KMETA_OK && kmeta_image_moment(older.image).end_offset == end_offset)
			since_move(older.image, l->image);
	}
	kmeta_image_free(older.image);
	if (status != KMETA_FAILED ||
	    (unknown.code != KMETA_STOPPED && unknown.code != KMETA_OUT_OF_MEMORY))
		return KMETA_OK;
	*l->why = unknown;
	return KMETA_FAILED;
}

static enum kmeta_status load_directory(struct loader *l, const char *path)
{
	struct logdir dir;
	enum kmeta_status status = logdir_open(&dir, path, false, l->why);

	if (status != KMETA_OK)
		return status;
	settle_start(l, &dir);
	status = load_base(l, &dir);
	if (status == KMETA_OK && l->options.since)
		status = watch_from_oldest(l, &dir, path);
	if (status == KMETA_OK)
		status = wants_nearest(l, &dir) ? load_nearest(l, &dir) : KMETA_END;
	if (status == KMETA_END && dir.segments.count)
		status = load_segments(l, path);
	else if (status == KMETA_END)
		status = KMETA_OK;
	if (status != KMETA_OK)
		finding_detach(l->why, path);
	logdir_release(&dir);
	return status;
}

/* A checkpoint holds one state and cannot show an earlier one. */
static enum kmeta_status check_not_before(struct loader *l, int64_t end_offset)
{
	if (l->point.kind != KMETA_POINT_OFFSET || l->point.value >= end_offset)
		return KMETA_OK;
	finding_set(l->why, KMETA_MISSING_RECORDS,
	            "the state @%lld is unknown: this checkpoint is the state @%lld",
	            (long long)l->point.value, (long long)end_offset);
	return KMETA_FAILED;
}

/* A stream may be a checkpoint, and the log that goes on where it ends. */
static enum kmeta_status read_log_behind(struct loader *l, const struct kmeta_batch *first)
{
	bool done = false;
	enum kmeta_status status = check_not_before(l, first->base_offset);

	place_at_checkpoint(l, first->base_offset, first->epoch);
	if (status == KMETA_OK)
		status = follow_batch(l, first, &done);
	return status == KMETA_OK ? read_segments(l) : status;
}

/* The first record decides whether a file is a checkpoint, not its name. */
static enum kmeta_status read_whole_file(struct loader *l, const char *path)
{
	const bool is_stream = !strcmp(path, "-");
	struct kmeta_batch batch, behind = { .size = 0 };
	enum kmeta_status status = ahead_batch(l->ahead, &batch, l->why);
	int64_t end_offset = 0;
	int32_t epoch = -1;
	bool done = false;

	if (status == KMETA_OK)
		note_frame(l, &batch);
	if (status == KMETA_OK && l->has_header) {
		/* A checkpoint is one moment: nothing in it changes. */
		image_unwatch(l->image);
		status = apply_batch(l, &batch, INT64_MIN, INT64_MAX);
		if (status == KMETA_OK)
			status = read_checkpoint(l, is_stream ? &behind : NULL);
		if (status == KMETA_OK && behind.size)
			return read_log_behind(l, &behind);
		if (logdir_checkpoint_name(path, &end_offset, &epoch) && status == KMETA_OK)
			status = check_not_before(l, end_offset);
		place_at_checkpoint(l, end_offset, epoch);
		if (status == KMETA_OK && l->options.since && !since_watch(l->image))
			status = finding_memory(l->why);
		return status;
	}
	if (l->point.kind == KMETA_POINT_START)
		l->point = (struct kmeta_point){ .kind = KMETA_POINT_OFFSET };
	if (status == KMETA_OK)
		status = follow_batch(l, &batch, &done);
	if (status == KMETA_OK)
		status = read_segments(l);
	return status == KMETA_DAMAGED ? load_damaged(l) : status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status load_file(struct loader *l, const char *path)
{
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .regular = l->options.regular };
	enum kmeta_status status = load_start_over(l);

	if (status == KMETA_OK && l->options.since && !since_watch(l->image))
		status = finding_memory(l->why);
	if (status == KMETA_OK)
		status = open_source(l, path, &window);
	if (status == KMETA_OK)
		status = read_whole_file(l, path);
	if (status != KMETA_OK)
		finding_detach(l->why, path);
	close_source(l);
	return status;
}

enum kmeta_status load_advance(struct kmeta_image *image, const char *path,
                               struct kmeta_point point, const struct kmeta_load_options *options,
                               struct kmeta_finding *why)
{
	struct loader l = { .point = point, .image = image, .why = why };
	enum kmeta_status status = options_take(&l.options, sizeof(l.options), options, why);

	if (status != KMETA_OK)
		return status;
	if (!kmeta_dialect_init(&l.dialect, l.options.dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   l.options.dialect);
	return load_segments(&l, path);
}

enum kmeta_status kmeta_image_load(struct kmeta_image **image, const char *path,
                                   struct kmeta_point point,
                                   const struct kmeta_load_options *options,
                                   struct kmeta_finding *why)
{
	struct loader l = { .point = point, .why = why };
	enum kmeta_status status = options_take(&l.options, sizeof(l.options), options, why);
	struct stat st;

	if (status != KMETA_OK)
		return status;
	if (!kmeta_dialect_init(&l.dialect, l.options.dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   l.options.dialect);
	if (strcmp(path, "-") != 0 && !l.options.regular && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		status = load_directory(&l, path);
	else
		status = load_file(&l, path);
	if (status == KMETA_OK)
		*image = l.image;
	else
		kmeta_image_free(l.image);
	return status == KMETA_OK ? KMETA_OK : KMETA_FAILED;
}
