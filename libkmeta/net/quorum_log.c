/* SPDX-License-Identifier: Apache-2.0 */
/* quorum_log.c: the log of a quorum as a stream of committed batches. */
#include <string.h>

#include "base/finding.h"
#include "net/quorum.h"
#include "net/waiting.h"
#include "record/batch.h"

enum { BAD_LIMIT = 5, SHORTEST_LOOK = 20, LONGEST_LOOK = 500 };

void kmeta_quorum_seek(struct kmeta_quorum *q, int64_t offset, int32_t last_epoch)
{
	q->offset = offset;
	q->last_epoch = last_epoch;
	q->records = (struct kmeta_bytes){ 0 };
	q->is_fresh = false;
}

/* ---- the batches of a response ---- */

static enum kmeta_status wrong_batch(struct kmeta_finding *why, enum kmeta_code code,
                                     int64_t offset, const char *what)
{
	finding_set(why, code, "%s", what);
	why->offset = offset;
	return KMETA_DAMAGED;
}

/* Checks what the header and the checksum say, and that it is the next one. */
static enum kmeta_status check_fetched(const struct kmeta_quorum *q, struct kmeta_batch *batch,
                                       struct kmeta_finding *why)
{
	batch->computed_crc = batch_crc(q->records.data, (size_t)batch->size);
	batch->valid = batch->computed_crc == batch->crc;
	if (!batch->valid)
		return wrong_batch(why, KMETA_CRC_MISMATCH, batch->base_offset,
		                   "the CRC of a batch is wrong as the server sent it");
	/* Below it a checkpoint may end, inside of a batch. */
	if (batch->base_offset > q->offset)
		return wrong_batch(why, KMETA_BAD_RESPONSE, q->offset,
		                   "the server left out records");
	if (batch->epoch < q->last_epoch)
		return wrong_batch(why, KMETA_BAD_RESPONSE, batch->base_offset,
		                   "the epoch of a batch goes back");
	return KMETA_OK;
}

/*
 * The next batch that is committed and not known yet. END: there is none, and the rest of the
 * response is of no use.
 */
static enum kmeta_status next_in_response(struct kmeta_quorum *q, struct kmeta_batch *batch,
                                          struct kmeta_finding *why)
{
	while (q->records.size >= BATCH_HEADER) {
		*batch = (struct kmeta_batch){ .file = q->at ? q->at->text : NULL };
		if (!batch_may_be_sound(batch, q->records.data) ||
		    batch->last_offset < batch->base_offset || batch->last_offset == INT64_MAX)
			return wrong_batch(why, KMETA_BAD_RESPONSE, q->offset,
			                   "the server sent what is no batch");
		if ((uint64_t)batch->size > q->records.size ||
		    batch->last_offset >= q->high_watermark)
			return KMETA_END;
		if (batch->last_offset >= q->offset)
			return check_fetched(q, batch, why);
		q->records.data += batch->size;
		q->records.size -= (size_t)batch->size;
	}
	return KMETA_END;
}

static void take_committed(struct kmeta_quorum *q, struct kmeta_batch *batch,
                           struct kmeta_bytes *bytes)
{
	const struct kmeta_bytes all = { q->records.data, (size_t)batch->size };

	if (bytes)
		*bytes = all;
	if (!(batch->attributes & KMETA_BATCH_CODEC))
		batch->records =
			(struct kmeta_bytes){ all.data + BATCH_HEADER, all.size - BATCH_HEADER };
	q->records.data += all.size;
	q->records.size -= all.size;
	q->offset = batch->last_offset + 1;
	q->last_epoch = batch->epoch;
	q->has_given = true;
	q->bad = 0;
}

/* ---- responses ---- */

static enum kmeta_status log_is_other(const struct kmeta_quorum *q,
                                      const struct fetch_response *response,
                                      struct kmeta_finding *why)
{
	finding_set(why, KMETA_DIVERGING,
	            "offset %lld after epoch %d is not in the log of this quorum, which ends epoch "
	            "%d at %lld: another cluster, or it has lost committed records",
	            (long long)q->offset, q->last_epoch, response->diverging_epoch,
	            (long long)response->diverging_end);
	why->offset = -1;
	why->file = q->at ? q->at->text : NULL;
	return KMETA_FAILED;
}

static enum kmeta_status log_is_gone(const struct kmeta_quorum *q,
                                     const struct fetch_response *response,
                                     struct kmeta_finding *why)
{
	finding_set(why, KMETA_LOG_GONE,
	            "the leader has dropped what follows offset %lld: its log begins at %lld, and "
	            "its newest checkpoint ends at %lld",
	            (long long)q->offset, (long long)response->log_start,
	            (long long)response->snapshot_end);
	why->file = q->at ? q->at->text : NULL;
	return KMETA_FAILED;
}

static enum kmeta_status fetch_more(struct kmeta_quorum *q, int64_t wait, struct kmeta_finding *why)
{
	struct fetching f = { .offset = q->offset, .last_epoch = q->last_epoch, .wait = wait };
	const struct fetch_response *response = &f.response;
	enum kmeta_status status = quorum_fetch(q, &f, why);

	if (status != KMETA_OK)
		return status;
	q->high_watermark = response->high_watermark;
	q->log_start = response->log_start;
	if (response->diverging)
		return log_is_other(q, response, why);
	if (response->has_snapshot)
		return log_is_gone(q, response, why);
	q->records = response->records;
	q->is_fresh = true;
	q->has_given = false;
	return KMETA_OK;
}

/* A response that was changed on the way, or is nonsense: asks again on another connection. */
static enum kmeta_status after_wrong_batch(struct kmeta_quorum *q, struct kmeta_finding *why)
{
	if (++q->bad >= BAD_LIMIT && !q->options.endless) {
		why->file = q->at ? q->at->text : NULL;
		return KMETA_FAILED;
	}
	quorum_note(q, "%s: offset %lld: %s; asking again", q->at ? q->at->text : "",
	            (long long)why->offset, why->message);
	quorum_drop(q, why);
	return waiting_pause(q->options.stop, (int64_t)SHORTEST_LOOK << (q->bad < 5 ? q->bad : 5),
	                     why);
}

/* A new leader does not know at once what is committed. */
static bool lacks_committed(const struct kmeta_quorum *q)
{
	return q->high_watermark < 0 || q->high_watermark > q->offset;
}

/* Of a call of kmeta_quorum_next(). */
struct look {
	int64_t until;    /* when it ends if there is nothing */
	int64_t patience; /* when it fails if there should be something */
	int64_t pause;    /* before it looks again */
};

/*
 * After a response of which there is no more to take. OK: another one is to be fetched; END: there
 * is nothing yet. A leader hands out at once what is not committed yet, so the waiting is ours.
 */
static enum kmeta_status judge_response(struct kmeta_quorum *q, struct look *look,
                                        struct kmeta_finding *why)
{
	const int64_t now = waiting_now(), end = lacks_committed(q) ? look->patience : look->until;
	const int64_t pause = look->pause < end - now ? look->pause : end - now;

	if (!lacks_committed(q) && now >= look->until)
		return KMETA_END;
	if (q->has_given)
		return KMETA_OK;
	if (now >= end && q->options.endless)
		return KMETA_END;
	if (now >= end) {
		finding_set(why, KMETA_CANNOT_CONNECT,
		            "the leader does not hand out what is committed");
		return KMETA_FAILED;
	}
	look->pause = look->pause * 2 < LONGEST_LOOK ? look->pause * 2 : LONGEST_LOOK;
	return waiting_pause(q->options.stop, pause, why);
}

enum kmeta_status kmeta_quorum_next(struct kmeta_quorum *q, int64_t wait, struct kmeta_batch *batch,
                                    struct kmeta_bytes *bytes, struct kmeta_finding *why)
{
	const int64_t now = waiting_now();
	const int64_t longer = wait > q->options.timeout ? wait : q->options.timeout;
	struct look look = { .until = now + wait,
		             .patience = now + longer,
		             .pause = SHORTEST_LOOK };
	enum kmeta_status status;

	for (;;) {
		int64_t left;

		status = next_in_response(q, batch, why);
		if (status == KMETA_OK) {
			take_committed(q, batch, bytes);
			return KMETA_OK;
		}
		if (status == KMETA_DAMAGED)
			status = after_wrong_batch(q, why);
		else
			status = q->is_fresh ? judge_response(q, &look, why) : KMETA_OK;
		if (status != KMETA_OK)
			break;
		left = look.until - waiting_now();
		status = fetch_more(q, left > 0 ? left : 0, why);
		if (status != KMETA_OK)
			break;
	}
	q->is_fresh = false;
	return status;
}
