/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_file.c: checks one segment or checkpoint: bytes, records, their order, and a checkpoint's
 * header and footer.
 */
#include "check/check_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "check/check_index.h"
#include "log/logdir.h"
#include "print/scalar.h"
#include "record/batch.h"
#include "record/kind.h"
#include "state/ahead.h"

enum {
	HEADER_VALUE = 11, /* bytes of a snapshot header; a leader change of 2.8 has its type */
	EPOCHS_LIMIT = 1 << 20,
	PROGRESS_STEP = 1 << 20, /* bytes */
	FORMATTING = 3600000     /* milliseconds that formatting a directory surely does not take */
};

struct checker {
	struct check_file *f;
	struct kmeta_dialect dialect;
	struct kmeta_source *source;
	struct ahead *ahead;               /* NULL: records are not read */
	const struct kmeta_fields *fields; /* of the current record */
	struct index_check index;
	bool has_header, has_footer;
	int64_t header_time;
	int32_t name_epoch; /* by a checkpoint's name, -1: unknown */
	bool lost;          /* damage precedes the current batch */
	int64_t latest;     /* of the times of its records */
	int64_t untold;     /* bytes of progress not reported yet */
};

#define ADD(c, code, batch, ...)                                                       \
	findings_add(&(c)->f->findings, KMETA_##code, (c)->f->path, (batch)->position, \
	             (batch)->base_offset, __VA_ARGS__)

static bool wants(const struct checker *c, unsigned check)
{
	return c->f->checks & check;
}

/* ---- order ---- */

static void check_offsets(struct checker *c, const struct kmeta_batch *batch)
{
	const struct check_file *f = c->f;
	const int64_t expected = batch_behind(f->last_offset);

	if (batch->base_offset < 0 || batch->last_offset < batch->base_offset - 1)
		ADD(c, BAD_BASE, batch, "base offset %lld with %d more",
		    (long long)batch->base_offset, batch->last_offset_delta);
	if (batch->last_offset_delta != (int64_t)batch->count - 1)
		ADD(c, BAD_DELTA, batch, "the last offset is %d above the first, for %d record%s",
		    batch->last_offset_delta, batch->count, batch->count == 1 ? "" : "s");
	/* A gap after damage is what the damage hid. */
	if (!f->batches || (c->lost && batch->base_offset > expected))
		return;
	if (batch->base_offset > expected)
		ADD(c, OFFSET_GAP, batch,
		    "begins at offset %lld, but the batch before it ends at %lld",
		    (long long)batch->base_offset, (long long)f->last_offset);
	else if (batch->base_offset < expected)
		ADD(c, OFFSET_OVERLAP, batch,
		    "begins at offset %lld, but the batch before it ends at %lld",
		    (long long)batch->base_offset, (long long)f->last_offset);
}

static bool keep_epoch(struct check_epochs *epochs, int32_t epoch, int64_t offset)
{
	if (epochs->count == epochs->capacity) {
		const size_t capacity = epochs->capacity ? epochs->capacity * 2 : 16;
		struct check_epoch *at = capacity > EPOCHS_LIMIT
		                                 ? NULL
		                                 : realloc(epochs->at, capacity * sizeof(*at));

		if (!at)
			return false;
		epochs->at = at;
		epochs->capacity = capacity;
	}
	epochs->at[epochs->count++] = (struct check_epoch){ epoch, offset };
	return true;
}

static void check_epoch(struct checker *c, const struct kmeta_batch *batch)
{
	struct check_epochs *epochs = &c->f->epochs;
	const bool first = !epochs->count;
	const int32_t last = first ? -1 : epochs->at[epochs->count - 1].epoch;

	if (batch->epoch < 0 || (!first && batch->epoch < last)) {
		if (wants(c, KMETA_CHECK_ORDER))
			ADD(c, EPOCH_BACK, batch, "leader epoch %d follows %d", batch->epoch, last);
		return;
	}
	if ((first || batch->epoch > last) && !keep_epoch(epochs, batch->epoch, batch->base_offset))
		c->f->findings.failed = true;
}

/* ---- records ---- */

static void check_irregular(struct checker *c, const struct kmeta_record *record)
{
	static const struct {
		unsigned bit;
		enum kmeta_code code;
	} codes[] = {
		{ KMETA_IRREGULAR_ORDER, KMETA_TAGS_UNSORTED },
		{ KMETA_IRREGULAR_REPEAT, KMETA_TAG_REPEATED },
		{ KMETA_IRREGULAR_DEFAULT, KMETA_TAG_DEFAULT },
		{ KMETA_IRREGULAR_BOOLEAN, KMETA_BAD_BOOLEAN },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (c->fields->irregular & codes[i].bit)
			findings_add(&c->f->findings, codes[i].code, c->f->path, record->position,
			             record->offset, "%s: %s", c->fields->schema->name,
			             kmeta_code_meaning(codes[i].code));
}

static bool is_utf8(struct kmeta_bytes text)
{
	size_t i = 0;

	while (i < text.size) {
		bool valid;

		i += utf8_step(text.data + i, text.size - i, &valid);
		if (!valid)
			return false;
	}
	return true;
}

static void check_strings(struct checker *c, const struct kmeta_record *record)
{
	for (size_t i = 0; i < c->fields->count; i++) {
		const struct kmeta_field *field = &c->fields->at[i];
		const bool array = field->schema->flags & KMETA_FIELD_ARRAY &&
		                   !(field->flags & KMETA_VALUE_ELEMENT);

		if (field->schema->kind == KMETA_STRING && !array && !is_utf8(field->value.bytes))
			findings_add(&c->f->findings, KMETA_BAD_UTF8, c->f->path, record->position,
			             record->offset, "%s: %s is not UTF-8", c->fields->schema->name,
			             field->schema->name);
	}
}

/*
 * True for the records of Kafka's snapshots (MetadataImage.write, and the header and footer of the
 * raft layer).
 */
static bool belongs_in_snapshot(const struct kmeta_record *record)
{
	if (record->control)
		return record->type >= KMETA_CONTROL_SNAPSHOT_HEADER &&
		       record->type <= KMETA_CONTROL_KRAFT_VOTERS;
	return kind_of_snapshot_record(record->type) != KMETA_ENTITY_KINDS;
}

static const char *file_name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A new cluster begins with it. */
static bool is_of_nothing(const struct check_file *f)
{
	int64_t end_offset;
	int32_t epoch;

	return (logdir_checkpoint_name(f->path, &end_offset, &epoch) && !end_offset) ||
	       !strcmp(file_name_of(f->path), "bootstrap.checkpoint");
}

static void check_frame(struct checker *c, const struct kmeta_batch *batch,
                        const struct kmeta_record *record)
{
	/* Release 2.8 wrote leader changes with this type. */
	const struct kmeta_field *time =
		record->control && record->type == KMETA_CONTROL_SNAPSHOT_HEADER
			? kmeta_fields_find(c->fields, "lastContainedLogTimestamp")
			: NULL;
	const bool header = time, first = !c->f->records;

	if (first && !header)
		ADD(c, NO_HEADER, batch, "the checkpoint begins with %s, not with its header",
		    c->fields->schema->name);
	if (header && !first)
		ADD(c, SECOND_HEADER, batch, "another header at record %lld",
		    (long long)record->offset);
	if (c->has_footer)
		ADD(c, BEHIND_FOOTER, batch, "%s behind the footer", c->fields->schema->name);
	if (wants(c, KMETA_CHECK_MEANING) && !belongs_in_snapshot(record))
		ADD(c, NOT_FOR_SNAPSHOT, batch, "%s has no place in a checkpoint",
		    c->fields->schema->name);
	if (header) {
		c->has_header = true;
		c->header_time = time->value.integer;
		if (is_of_nothing(c->f) && c->header_time &&
		    record->timestamp - c->header_time > FORMATTING)
			ADD(c, BAD_TIME, batch,
			    "its header has time %lld, long before its own records: no log is "
			    "contained",
			    (long long)c->header_time);
	}
	if (record->timestamp < c->header_time)
		ADD(c, BAD_TIME, batch, "time %lld is before the checkpoint's own, %lld",
		    (long long)record->timestamp, (long long)c->header_time);
	c->has_footer = record->control && record->type == KMETA_CONTROL_SNAPSHOT_FOOTER;
}

static void tell_lost(struct checker *c, const struct kmeta_finding *why)
{
	if (c->f->observer)
		c->f->observer->lost(c->f->observer->context, why);
}

static void lose(struct checker *c, const struct kmeta_finding *why)
{
	c->lost = c->f->damaged = true;
	tell_lost(c, why);
}

static enum kmeta_status check_record(struct checker *c, const struct kmeta_batch *batch,
                                      const struct ahead_record *r, struct kmeta_finding *why)
{
	const struct kmeta_record *record = r->record;

	c->fields = r->fields;
	if (r->fault) {
		struct kmeta_finding fault = *r->fault;

		/* Report it for every class of checks: the record may hold what they look for. */
		fault.file = c->f->path;
		findings_keep(&c->f->findings, &fault);
		/* Nobody knows what an unknown record does, and later records may build on it. */
		tell_lost(c, &fault);
		c->f->records++;
		return KMETA_OK;
	}
	c->latest = record->timestamp > c->latest ? record->timestamp : c->latest;
	if (wants(c, KMETA_CHECK_RECORDS)) {
		if (c->fields->irregular)
			check_irregular(c, record);
		check_strings(c, record);
		if (record->timestamp < 0)
			ADD(c, BAD_TIME, batch, "record %lld has time %lld",
			    (long long)record->offset, (long long)record->timestamp);
	}
	if (c->f->is_checkpoint && wants(c, KMETA_CHECK_CHECKPOINT))
		check_frame(c, batch, record);
	c->f->records++;
	return c->f->observer ? c->f->observer->record(c->f->observer->context, batch, record,
	                                               c->fields, why)
	                      : KMETA_OK;
}

/* False: only the frames of records are checked. */
static bool decodes(const struct check_file *f)
{
	return f->observer || f->checks & KMETA_CHECK_RECORDS ||
	       (f->is_checkpoint && f->checks & KMETA_CHECK_CHECKPOINT);
}

static enum kmeta_status check_records(struct checker *c, const struct kmeta_batch *batch,
                                       struct kmeta_finding *why)
{
	struct ahead_record record;
	enum kmeta_status status;

	while ((status = ahead_record(c->ahead, &record, why)) != KMETA_END) {
		if (status == KMETA_OK && decodes(c->f))
			status = check_record(c, batch, &record, why);
		if (status == KMETA_FAILED)
			return status;
		if (status == KMETA_DAMAGED) {
			why->file = c->f->path;
			findings_keep(&c->f->findings, why);
			lose(c, why);
		}
	}
	return KMETA_OK;
}

/* ---- batches ---- */

static void check_attributes(struct checker *c, const struct kmeta_batch *batch)
{
	enum { KNOWN = KMETA_BATCH_CODEC | KMETA_BATCH_CONTROL };

	if (batch->attributes & (unsigned)~KNOWN)
		ADD(c, BAD_ATTRIBUTES, batch, "attributes %04x", batch->attributes);
	if (batch->producer_id != -1 || batch->producer_epoch != -1 || batch->base_sequence != -1)
		ADD(c, BAD_ATTRIBUTES, batch,
		    "producer id %lld, producer epoch %d, base sequence %d: Kafka writes -1 here",
		    (long long)batch->producer_id, batch->producer_epoch, batch->base_sequence);
}

/* Kafka's BatchAccumulator gives all records of a batch the time at which it appends them. */
static void check_times(struct checker *c, const struct kmeta_batch *batch)
{
	if (c->latest > INT64_MIN && c->latest != batch->max_timestamp)
		ADD(c, BAD_TIME, batch,
		    "the latest of its records is of %lld, but its header says %lld",
		    (long long)c->latest, (long long)batch->max_timestamp);
}

static void note_batch(struct checker *c, const struct kmeta_batch *batch)
{
	struct check_file *f = c->f;

	if (f->first_offset < 0) {
		f->first_offset = batch->base_offset;
		f->first_time = batch->max_timestamp;
	}
	f->last_offset = batch->last_offset;
	f->last_position = batch->position;
	if (batch->max_timestamp > f->last_time)
		f->last_time = batch->max_timestamp;
	f->batches++;
}

static void check_name_epoch(struct checker *c, const struct kmeta_batch *batch)
{
	if (c->name_epoch >= 0 && batch->epoch != c->name_epoch)
		ADD(c, OTHER_NAME, batch, "the batch has epoch %d, the file's name says %d",
		    batch->epoch, c->name_epoch);
	/* Report it once. */
	if (batch->epoch != c->name_epoch)
		c->name_epoch = -1;
}

static void check_checkpoint_name(struct checker *c);

/* A file whose name does not tell is a checkpoint if it begins with a header. */
static void tell_kind(struct checker *c, const struct kmeta_batch *batch)
{
	struct kmeta_record record;
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_finding ignored; /* the check of the batch reports it */

	c->f->is_nameless = false;
	c->f->is_checkpoint = kmeta_batch_next(batch, &cursor, &record, &ignored) == KMETA_OK &&
	                      record.control && record.type == KMETA_CONTROL_SNAPSHOT_HEADER &&
	                      record.value.size == HEADER_VALUE;
	if (c->f->is_checkpoint)
		check_checkpoint_name(c);
}

static enum kmeta_status check_batch(struct checker *c, const struct kmeta_batch *batch,
                                     struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	if (c->f->is_nameless)
		tell_kind(c, batch);
	if (wants(c, KMETA_CHECK_BYTES))
		check_attributes(c, batch);
	if (wants(c, KMETA_CHECK_ORDER))
		check_offsets(c, batch);
	check_epoch(c, batch);
	if (c->f->is_checkpoint && wants(c, KMETA_CHECK_CHECKPOINT))
		check_name_epoch(c, batch);
	if (wants(c, KMETA_CHECK_DIRECTORY))
		index_check_batch(&c->index, batch);
	c->lost = false;
	c->latest = INT64_MIN;
	if (c->ahead)
		status = check_records(c, batch, why);
	if (wants(c, KMETA_CHECK_RECORDS) && !c->lost)
		check_times(c, batch);
	note_batch(c, batch);
	if (c->f->observer)
		c->f->observer->batch_done(c->f->observer->context, batch);
	return status;
}

/* ---- files ---- */

static void check_segment_name(struct checker *c)
{
	struct check_file *f = c->f;
	int64_t named;

	if (!f->bytes)
		return;
	if (!logdir_segment_name(f->path, &named)) {
		findings_add(&f->findings, KMETA_ODD_NAME, f->path, -1, -1,
		             "a segment is called by its first offset in 20 digits, and .log");
		return;
	}
	if (f->batches && f->first_offset != named && !f->damaged)
		findings_add(&f->findings, KMETA_OTHER_NAME, f->path, 0, f->first_offset,
		             "the file is named for offset %lld, but begins at %lld",
		             (long long)named, (long long)f->first_offset);
}

static void check_end_of_checkpoint(struct checker *c)
{
	struct check_file *f = c->f;

	if (!f->records && !f->damaged)
		findings_add(&f->findings, KMETA_NO_HEADER, f->path, 0, -1,
		             "the checkpoint is empty");
	else if (!c->has_footer)
		findings_add(&f->findings, KMETA_NO_FOOTER, f->path, f->bytes, f->last_offset,
		             "the checkpoint ends without its footer: it is not whole");
	if (f->batches && f->first_offset > 0 && !f->damaged)
		findings_add(&f->findings, KMETA_OFFSET_GAP, f->path, 0, f->first_offset,
		             "the checkpoint begins at record %lld, not at 0",
		             (long long)f->first_offset);
}

static void check_checkpoint_name(struct checker *c)
{
	struct check_file *f = c->f;
	int64_t end_offset;

	if (!logdir_checkpoint_name(f->path, &end_offset, &c->name_epoch) &&
	    strcmp(file_name_of(f->path), "bootstrap.checkpoint") != 0 &&
	    strcmp(f->path, "-") != 0 && wants(c, KMETA_CHECK_CHECKPOINT))
		findings_add(
			&f->findings, KMETA_ODD_NAME, f->path, -1, -1,
			"a checkpoint is called by its end offset in 20 digits and its epoch in 10");
}

static void begin_file(struct checker *c)
{
	struct check_file *f = c->f;

	c->name_epoch = -1;
	c->header_time = INT64_MIN;
	if (f->is_checkpoint)
		check_checkpoint_name(c);
	if (!f->is_checkpoint && wants(c, KMETA_CHECK_DIRECTORY))
		index_check_open(&c->index, f->path, &f->findings);
}

static void end_file(struct checker *c)
{
	struct check_file *f = c->f;

	if (f->is_checkpoint && wants(c, KMETA_CHECK_CHECKPOINT) && !f->failed)
		check_end_of_checkpoint(c);
	else if (!f->is_checkpoint && wants(c, KMETA_CHECK_ORDER) && strcmp(f->path, "-") != 0)
		check_segment_name(c);
	if (!f->is_checkpoint && wants(c, KMETA_CHECK_DIRECTORY))
		index_check_close(&c->index, f->damaged || check_file_ends_early(f));
	f->index_paths[0] = c->index.offsets.path;
	f->index_paths[1] = c->index.times.path;
}

/* ---- damage ---- */

/* The next offset, by the batch before or by the name; -1: unknown. */
static int64_t next_offset(const struct check_file *f)
{
	int64_t named;

	if (f->last_offset >= 0)
		return batch_behind(f->last_offset);
	if (f->is_checkpoint)
		return 0;
	return logdir_segment_name(f->path, &named) ? named : -1;
}

/*
 * Damage to a batch, or between batches, is reported for every class of checks: it hides records
 * from all of them.
 */
static void check_damage(struct checker *c, const struct kmeta_batch *batch,
                         const struct kmeta_finding *why)
{
	struct findings *findings = &c->f->findings;
	const bool error = kmeta_code_severity(why->code) == KMETA_ERROR;
	/* If the batch's frame is readable, the next offset is known. */
	const bool framed = batch->size && why->code != KMETA_CRC_MISMATCH;
	const int64_t first = next_offset(c->f);

	if (c->f->may_grow && loss_is_being_written(c->f->path, why))
		return;
	c->f->lost_start |= error && !c->f->batches;
	if (error)
		loss_begin(&c->f->lost, findings, framed ? batch->base_offset : first,
		           framed ? batch_behind(batch->last_offset) : -1);
	if (error || wants(c, KMETA_CHECK_BYTES))
		findings_keep(findings, why);
	if (framed)
		note_batch(c, batch);
	if (error)
		lose(c, why);
}

/* ---- the stream ---- */

static void report_bytes(struct checker *c)
{
	struct check_file *f = c->f;
	const int64_t told = f->bytes;
	int64_t total;

	if (c->ahead)
		ahead_progress(c->ahead, &f->bytes, &total);
	else
		kmeta_source_progress(c->source, &f->bytes, &total);
	if (!f->progress)
		return;
	c->untold += f->bytes - told;
	if (c->untold < PROGRESS_STEP)
		return;
	f->progress(f->progress_context, c->untold);
	c->untold = 0;
}

static enum kmeta_status check_fail(struct checker *c, const struct kmeta_finding *why)
{
	c->f->why = *why;
	c->f->why.file = c->f->path;
	c->f->failed = c->f->damaged = true;
	findings_keep(&c->f->findings, &c->f->why);
	return KMETA_FAILED;
}

/* Without records there is nothing to read ahead. */
static enum kmeta_status check_next_batch(struct checker *c, struct kmeta_batch *batch,
                                          struct kmeta_finding *why)
{
	return c->ahead ? ahead_batch(c->ahead, batch, why)
	                : kmeta_source_next(c->source, batch, why);
}

static enum kmeta_status check_stream(struct checker *c)
{
	struct loss *lost = &c->f->lost;
	struct kmeta_batch batch = { 0 };
	struct kmeta_finding why;
	enum kmeta_status status = KMETA_OK;

	while (status != KMETA_END) {
		status = check_next_batch(c, &batch, &why);
		/* Findings outlive the source, which owns the name in the batch. */
		batch.file = why.file = c->f->path;
		if (lost->hole.open)
			loss_end(lost, &c->f->findings, batch.skipped,
			         status == KMETA_OK || (status == KMETA_DAMAGED && batch.size)
			                 ? batch.base_offset
			                 : lost->hole.behind);
		if (status == KMETA_DAMAGED)
			check_damage(c, &batch, &why);
		else if (status == KMETA_FAILED)
			return check_fail(c, &why);
		else if (status == KMETA_OK && check_batch(c, &batch, &why) != KMETA_OK)
			return check_fail(c, &why);
		report_bytes(c);
	}
	return KMETA_OK;
}

static enum kmeta_status check_open(struct checker *c, struct kmeta_finding *why)
{
	const struct check_file *f = c->f;
	const struct ahead_options options = { .undecoded = !decodes(f) && !f->is_nameless,
		                               .alone = f->alone || !f->observer,
		                               .image = f->observer ? f->observer->image : NULL };
	const struct kmeta_source_options plain = { .size = sizeof(plain),
		                                    .until = f->until,
		                                    .regular = f->is_member };
	const enum kmeta_status status = kmeta_source_open(&c->source, f->path, &plain, why);

	if (status != KMETA_OK || f->checksum_only)
		return status;
	c->ahead = ahead_open(c->source, &c->dialect, &options);
	return c->ahead ? KMETA_OK : finding_memory(why);
}

enum kmeta_status check_file(struct check_file *f)
{
	struct checker c = { .f = f };
	struct kmeta_finding why;
	enum kmeta_status status;

	f->first_offset = f->last_offset = f->first_time = f->last_time = f->last_position = -1;
	f->lost.first = f->lost.last = -1;
	if (!kmeta_dialect_init(&c.dialect, f->dialect)) {
		finding_set(&why, KMETA_BAD_ARGUMENT, "no release '%s' is known", f->dialect);
		return check_fail(&c, &why);
	}
	begin_file(&c);
	status = check_open(&c, &why) == KMETA_OK ? check_stream(&c) : check_fail(&c, &why);
	end_file(&c);
	ahead_close(c.ahead);
	kmeta_source_close(c.source);
	return status;
}

bool check_file_ends_early(const struct check_file *f)
{
	return f->until && f->until->kind != KMETA_POINT_END;
}

void check_file_release(struct check_file *f)
{
	findings_release(&f->findings);
	findings_release(&f->meaning);
	free(f->epochs.at);
	free(f->index_paths[0]);
	free(f->index_paths[1]);
	f->epochs = (struct check_epochs){ 0 };
}
