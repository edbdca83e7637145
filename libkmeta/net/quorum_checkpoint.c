/* SPDX-License-Identifier: Apache-2.0 */
/* quorum_checkpoint.c: which checkpoints a leader has, and their bytes. */
#include <string.h>

#include "base/finding.h"
#include "net/errors.h"
#include "net/quorum.h"
#include "record/batch.h"

enum {
	CHECKPOINT_PIECE = 1 << 20,
	BEGIN_TRIES = 5,   /* as the log's start may move meanwhile */
	EPOCH_TRIES = 1000 /* leaders that left no record between two batches */
};

/* ---- where to begin ---- */

/* The epoch of the first batch of a response, -1: there is none. */
static int32_t first_epoch(const struct fetch_response *response)
{
	struct kmeta_batch batch = { 0 };

	if (response->records.size < BATCH_HEADER ||
	    !batch_may_be_sound(&batch, response->records.data))
		return -1;
	return batch.epoch;
}

/*
 * The leader accepts a fetch from where its log starts only with the epoch of the checkpoint that
 * ends there. It does not tell that epoch, which is that of the first batch, or a little below. END:
 * it was not found.
 */
static enum kmeta_status find_oldest(struct kmeta_quorum *q, int64_t log_start,
                                     struct kmeta_checkpoint_id *from, struct kmeta_finding *why)
{
	struct fetching f = { .offset = log_start + 1,
		              .last_epoch = q->epoch < 0 ? 0 : q->epoch,
		              .only_one = true };
	enum kmeta_status status = quorum_fetch(q, &f, why);

	if (status != KMETA_OK)
		return status;
	f.offset = log_start;
	f.last_epoch = first_epoch(&f.response);
	for (int i = 0; i < EPOCH_TRIES && f.last_epoch >= 0; i++, f.last_epoch--) {
		status = quorum_fetch(q, &f, why);
		if (status != KMETA_OK)
			return status;
		if (f.response.log_start != log_start)
			break;
		if (!f.response.has_snapshot && !f.response.diverging) {
			*from = (struct kmeta_checkpoint_id){ log_start, f.last_epoch };
			return KMETA_OK;
		}
	}
	return KMETA_END;
}

enum kmeta_status kmeta_quorum_begin(struct kmeta_quorum *q, bool newest,
                                     struct kmeta_checkpoint_id *from, struct kmeta_finding *why)
{
	for (int i = 0; i < BEGIN_TRIES; i++) {
		struct fetching f = { .only_one = true };
		const struct fetch_response *r = &f.response;
		enum kmeta_status status = quorum_fetch(q, &f, why);

		if (status != KMETA_OK)
			return status;
		*from = (struct kmeta_checkpoint_id){ 0, 0 };
		q->high_watermark = r->high_watermark;
		q->log_start = r->log_start;
		if (!r->has_snapshot)
			return KMETA_OK;
		*from = (struct kmeta_checkpoint_id){ r->snapshot_end, r->snapshot_epoch };
		if (newest || r->snapshot_end <= r->log_start)
			return KMETA_OK;
		status = find_oldest(q, r->log_start, from, why);
		if (status != KMETA_END)
			return status;
	}
	/* The newest one is always right, if not all that there is. */
	return KMETA_OK;
}

/* ---- its bytes ---- */

struct snapshotting {
	struct kmeta_checkpoint_id id;
	int64_t position;
	unsigned connection; /* the number of that which the bytes so far came from */
	struct snapshot_response response;
};

static bool is_gone(int16_t error)
{
	return error == SERVER_UNKNOWN || error == SERVER_NO_SNAPSHOT ||
	       error == SERVER_BAD_POSITION;
}

static enum outcome snapshot_attempt(struct kmeta_quorum *q, void *context,
                                     struct kmeta_finding *why)
{
	struct snapshotting *s = context;
	struct snapshot_request request = { .end_offset = s->id.end_offset,
		                            .epoch = s->id.epoch,
		                            .leader_epoch = q->epoch < 0 ? 0 : q->epoch,
		                            .most = CHECKPOINT_PIECE,
		                            .cluster_id = *q->cluster_id ? q->cluster_id : NULL };
	struct wire answer;

	/* Another controller made its checkpoint by itself: its bytes may be others. */
	if (s->connection != q->connections)
		s->position = 0;
	s->connection = q->connections;
	request.position = s->position;
	request_put_snapshot(connection_begin(q->connection, REQUEST_SNAPSHOT, 0), &request);
	if (quorum_call(q, 0, &answer, why) != KMETA_OK)
		return quorum_judge_failure(why);
	response_snapshot(&answer, &s->response);
	if (answer.fault) {
		connection_bad_response(q->connection, &answer, why);
		return OUTCOME_BROKEN;
	}
	if (is_gone(s->response.error))
		return OUTCOME_DONE;
	return quorum_judge(q, s->response.error, s->response.leader, s->response.leader_epoch,
	                    why);
}

/* A piece has to be where it was asked for, and not beyond the end. */
static bool piece_fits(const struct snapshotting *s, int64_t total)
{
	const struct snapshot_response *r = &s->response;

	return r->position == s->position && (s->position == 0 || r->size == total) &&
	       r->size >= s->position && (int64_t)r->bytes.size <= r->size - s->position &&
	       (r->bytes.size || r->size == s->position);
}

enum kmeta_status kmeta_quorum_checkpoint(struct kmeta_quorum *q, struct kmeta_checkpoint_id id,
                                          kmeta_checkpoint_write *write, void *context,
                                          struct kmeta_finding *why)
{
	struct snapshotting s = { .id = id };
	int64_t total = 0;

	q->records = (struct kmeta_bytes){ 0 };
	do {
		const enum kmeta_status status = quorum_ask(q, snapshot_attempt, &s, why);

		if (status != KMETA_OK)
			return status;
		if (s.response.error)
			return KMETA_END;
		if (!piece_fits(&s, total)) {
			finding_set(why, KMETA_BAD_RESPONSE,
			            "the pieces of the checkpoint do not fit each other");
			return KMETA_FAILED;
		}
		total = s.response.size;
		if (!write(context, s.position, s.response.bytes, total))
			return finding_stopped(why);
		s.position += (int64_t)s.response.bytes.size;
	} while (s.position < total);
	return KMETA_OK;
}
