/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: a copy is begun, gone on with, and followed. */
#include <stdio.h>
#include <string.h>

#include "fetch.h"

enum {
	BEGIN_TRIES = 3,    /* as a checkpoint may go away */
	LONG_POLL = 500,    /* milliseconds; also how soon a sync may be late */
	FLUSH_EVERY = 200,  /* so that readers of the copy see it */
	NOTE_EVERY = 10000, /* fetch.json while following */
	LOOK_EVERY = 10000  /* for a new checkpoint */
};

/* ---- where to go on ---- */

static enum kmeta_status take_cluster(struct fetch *f, struct kmeta_finding *why)
{
	const char *id = kmeta_quorum_about(f->quorum).cluster_id;

	if (*id && *f->cluster && strcmp(id, f->cluster) != 0)
		return common_fault(why, KMETA_OTHER_CLUSTER, f->out,
		                    "the copy is of cluster %s, and this is %s: nothing was "
		                    "touched",
		                    f->cluster, id);
	if (*id)
		snprintf(f->cluster, sizeof(f->cluster), "%s", id);
	return KMETA_OK;
}

/* The directory says of which cluster it is before anything else is in it. */
static enum kmeta_status prepare_copy(struct fetch *f, struct kmeta_finding *why)
{
	enum kmeta_status status = take_cluster(f, why);

	if (status != KMETA_OK || f->to_stdout)
		return status;
	status = copy_make(&f->copy, why);
	return status == KMETA_OK ? about_write(f, why) : status;
}

/* The checkpoint to begin with, which may go away while it is fetched. */
static enum kmeta_status begin_copy(struct fetch *f, bool newest, struct kmeta_finding *why)
{
	struct kmeta_checkpoint_id from;
	enum kmeta_status status = KMETA_END;

	for (int i = 0; i < BEGIN_TRIES && status == KMETA_END; i++) {
		status = kmeta_quorum_begin(f->quorum, newest, &from, why);
		if (status == KMETA_OK)
			status = prepare_copy(f, why);
		if (status == KMETA_OK && from.end_offset > 0 &&
		    !copy_has_checkpoint(&f->copy, from))
			status = checkpoint_fetch(f, from, why);
	}
	if (status == KMETA_END)
		return common_fault(why, KMETA_LOG_GONE, NULL,
		                    "the leader's checkpoints go away while they are fetched");
	if (status != KMETA_OK)
		return status;
	f->copy.offset = from.end_offset;
	f->copy.epoch = from.epoch;
	kmeta_quorum_seek(f->quorum, from.end_offset, from.epoch);
	return KMETA_OK;
}

/* The last batch that the copy has is fetched again: another log may have the same offsets. */
static enum kmeta_status prove_copy(struct fetch *f, struct kmeta_finding *why)
{
	const struct copy *c = &f->copy;
	struct kmeta_batch batch;
	enum kmeta_status status;

	if (!c->has_last)
		return KMETA_OK;
	kmeta_quorum_seek(f->quorum, c->last_offset, c->before_epoch);
	status = kmeta_quorum_next(f->quorum, 0, &batch, NULL, why);
	/* It was dropped, or a new leader does not know yet that it is committed. */
	if (status == KMETA_END || (status == KMETA_FAILED && why->code == KMETA_LOG_GONE))
		return KMETA_OK;
	if (status != KMETA_OK)
		return status;
	if (batch.base_offset == c->last_offset && batch.size == c->last_size &&
	    batch.crc == c->last_crc)
		return KMETA_OK;
	return common_fault(why, KMETA_DIVERGING, NULL,
	                    "the batch at offset %lld is another one in this quorum: another "
	                    "cluster, or it has lost committed records",
	                    (long long)c->last_offset);
}

/* What to do, for the faults that are about the copy. */
static enum kmeta_status explain(struct fetch *f, enum kmeta_status status,
                                 struct kmeta_finding *why)
{
	char message[sizeof(why->message)];

	if (status != KMETA_FAILED || f->to_stdout ||
	    (why->code != KMETA_LOG_GONE && why->code != KMETA_DIVERGING))
		return status;
	memcpy(message, why->message, sizeof(message));
	snprintf(why->message, sizeof(why->message), "%.300s; the copy in %.80s is as it was: %s",
	         message, f->out,
	         why->code == KMETA_LOG_GONE
	                 ? "--over-gap goes on behind the newest checkpoint"
	                 : "fetch into another directory, and see kmeta-diff --log");
	return KMETA_FAILED;
}

static enum kmeta_status resume_copy(struct fetch *f, struct kmeta_finding *why)
{
	enum kmeta_status status = prove_copy(f, why);

	if (status == KMETA_OK)
		status = take_cluster(f, why);
	if (status == KMETA_OK)
		kmeta_quorum_seek(f->quorum, f->copy.offset, f->copy.epoch);
	return status;
}

/* ---- batches ---- */

static enum kmeta_status take_fetched(struct fetch *f, const struct kmeta_batch *batch,
                                      struct kmeta_bytes bytes, struct kmeta_finding *why)
{
	const bool new_segment = f->is_gap;

	f->is_gap = false;
	if (f->first_offset < 0)
		f->first_offset = batch->base_offset;
	f->batches++;
	f->bytes += (int64_t)bytes.size;
	common_progress(&f->common, f->bytes, -1);
	if (!f->to_stdout)
		return copy_append(&f->copy, batch, bytes, new_segment, why);
	f->copy.offset = batch->last_offset + 1;
	f->copy.epoch = batch->epoch;
	kmeta_buffer_add(&f->common.out.buffer, bytes.data, bytes.size);
	output_drain(&f->common.out);
	return KMETA_OK;
}

/* True if something is due again; it is then done now. */
static bool copy_is_due(int64_t *last, int64_t now, int64_t every)
{
	if (now - *last < every)
		return false;
	*last = now;
	return true;
}

/* What is due by the clock, also where batches come without a pause. */
static enum kmeta_status keep_up(struct fetch *f, bool is_idle, struct kmeta_finding *why)
{
	const int64_t now = common_steady();
	enum kmeta_status status = KMETA_OK;

	if (f->to_stdout) {
		if (is_idle || copy_is_due(&f->flushed, now, FLUSH_EVERY))
			output_flush(&f->common.out);
		return KMETA_OK;
	}
	if (is_idle || copy_is_due(&f->flushed, now, FLUSH_EVERY))
		status = copy_flush(&f->copy, why);
	if (status == KMETA_OK && copy_is_due(&f->synced, now, f->sync_every))
		status = copy_sync(&f->copy, why);
	if (status == KMETA_OK && copy_is_due(&f->noted, now, NOTE_EVERY))
		status = about_write(f, why);
	if (status == KMETA_OK && f->checkpoints && copy_is_due(&f->looked, now, LOOK_EVERY)) {
		status = checkpoint_fetch_newest(f, why);
		if (status == KMETA_OK)
			status = retain_run(f, why);
	}
	return status;
}

/* The quorum's log begins behind the copy's end, and the user wants to go on all the same. */
static enum kmeta_status step_over_gap(struct fetch *f, struct kmeta_finding *why)
{
	const int64_t end = f->copy.offset;
	enum kmeta_status status = begin_copy(f, true, why);

	f->is_gap = true;
	if (status == KMETA_OK)
		common_note(&f->common,
		            "offsets %lld to %lld are gone: the copy goes on behind the checkpoint",
		            (long long)end, (long long)f->copy.offset - 1);
	return status;
}

static enum kmeta_status fetch_batches(struct fetch *f, struct kmeta_finding *why)
{
	for (;;) {
		struct kmeta_batch batch;
		struct kmeta_bytes bytes;
		enum kmeta_status status = kmeta_quorum_next(f->quorum, f->follow ? LONG_POLL : 0,
		                                             &batch, &bytes, why);

		if (status == KMETA_FAILED && why->code == KMETA_LOG_GONE && f->over_gap)
			status = step_over_gap(f, why);
		else if (status == KMETA_OK)
			status = take_fetched(f, &batch, bytes, why);
		else if (status == KMETA_END && !f->follow)
			return KMETA_OK;
		if (status != KMETA_FAILED && f->follow)
			status = keep_up(f, status == KMETA_END, why);
		if (status != KMETA_OK)
			return status;
		if (f->common.out.closed || f->common.out.failed)
			return KMETA_OK;
	}
}

/* ---- the whole ---- */

/* What was fetched is kept, whatever ended the work. */
static enum kmeta_status finish_copy(struct fetch *f, bool is_done, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	progress_hide(&f->common.progress);
	if (f->to_stdout) {
		output_flush(&f->common.out);
		return KMETA_OK;
	}
	if (f->copy.lock < 0 || f->copy.offset < 0 || f->copy.has_failed)
		return KMETA_OK;
	if (f->copy.fd >= 0)
		status = copy_sync(&f->copy, why);
	/* A quorum that was refused is not what the copy is of. */
	if (status == KMETA_OK && (is_done || f->batches))
		status = about_write(f, why);
	return status;
}

static void report_copy(struct fetch *f)
{
	const struct kmeta_quorum_info about = kmeta_quorum_about(f->quorum);
	struct kmeta_buffer count = { 0 };

	output_count(&count, f->batches, "batch", "batches");
	common_note(&f->common,
	            "fetched %.*s, %lld bytes: %s ends at offset %lld, epoch %d, the high "
	            "watermark is %lld",
	            (int)count.size, count.at, (long long)f->bytes,
	            f->to_stdout ? "the output" : f->out, (long long)f->copy.offset, f->copy.epoch,
	            (long long)about.high_watermark);
	kmeta_buffer_release(&count);
}

/* Being told to stop is how following ends; otherwise it is before the end. */
static enum kmeta_status judge_stop(struct fetch *f, enum kmeta_status status,
                                    struct kmeta_finding *why)
{
	if (status != KMETA_FAILED || why->code != KMETA_STOPPED || f->stop <= 0)
		return status;
	if (f->follow)
		return KMETA_OK;
	return common_fault(why, KMETA_CANNOT_CONNECT, NULL,
	                    "stopped before the end: run it again to go on");
}

static enum kmeta_status fetch_all(struct fetch *f, struct kmeta_finding *why)
{
	enum kmeta_status status =
		f->copy.offset < 0 ? begin_copy(f, f->latest, why) : resume_copy(f, why);

	if (status == KMETA_OK)
		status = fetch_batches(f, why);
	if (status == KMETA_OK && f->checkpoints && !f->to_stdout)
		status = checkpoint_fetch_newest(f, why);
	if (status == KMETA_OK && !f->to_stdout)
		status = retain_run(f, why);
	return status;
}

enum kmeta_status copy_run(struct fetch *f, struct kmeta_finding *why)
{
	struct kmeta_finding second;
	enum kmeta_status status, end;

	status = judge_stop(f, fetch_all(f, why), why);
	end = finish_copy(f, status == KMETA_OK, status == KMETA_OK ? why : &second);
	if (status == KMETA_OK)
		status = end;
	if (status == KMETA_OK)
		report_copy(f);
	return explain(f, status, why);
}
