/* SPDX-License-Identifier: Apache-2.0 */
/* problems_log.c: what is wrong with the log: open ends, numbers that run out, and its rhythm. */
#include <string.h>

#include "base/buffer.h"
#include "state/problem.h"

enum kmeta_status problems_transaction(struct problems *p)
{
	const int64_t offset = kmeta_image_open_transaction(p->image);

	if (offset < 0 || !problem_begin(p))
		return KMETA_OK;
	problem_say(p, "a transaction is open since offset %lld: what is in it does not count yet",
	            (long long)offset);
	problem_command(p, "kmeta-dump --offset=%lld.. ", (long long)offset);
	kmeta_shell_word(
		&p->command,
		(struct kmeta_bytes){
			(const uint8_t *)(p->options.address ? p->options.address : "ADDRESS"),
			strlen(p->options.address ? p->options.address : "ADDRESS") });
	problem_end(p, (struct since_mark){ .offset = offset, .time = -1 });
	return KMETA_OK;
}

static bool find_producer_ids(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	enum { BLOCK = 1000, BLOCKS = 1000000000 };
	const int64_t next = problem_number(entity, "nextProducerId", 0);

	(void)context;
	if (next <= INT64_MAX - (int64_t)BLOCK * BLOCKS || !problem_begin(p))
		return true;
	kmeta_entity_path(&p->path, entity, 0);
	problem_say(p, "the next producer id is %lld: %lld are left", (long long)next,
	            (long long)(INT64_MAX - next));
	problem_put_own(p, "kmeta-history",
	                (struct kmeta_bytes){ (const uint8_t *)"producer-ids", 12 });
	problem_end(p, problem_always());
	return true;
}

enum kmeta_status problems_producer_ids(struct problems *p)
{
	return problem_each(p, KMETA_PRODUCER_IDS, find_producer_ids, NULL);
}

/*
 * A controller writes a checkpoint after metadata.log.max.record.bytes.between.snapshots, 20 MiB
 * unless it is set, and from release 3.5 on after an hour. Far more than that is no chance.
 */
enum {
	MANY_BYTES = 3 * (20 << 20),
	LONG_MILLISECONDS = 25 * 60 * 60 * 1000,
	HOUR_MILLISECONDS = 60 * 60 * 1000,
	FIRST_HOURLY_LEVEL = 9 /* 3.5-IV0 */
};

enum kmeta_status problems_checkpoints(struct problems *p)
{
	const struct kmeta_moment *base = &p->image->base, *now = &p->image->moment;
	const bool old = base->timestamp >= 0 && now->level >= FIRST_HOURLY_LEVEL &&
	                 now->timestamp - base->timestamp >= LONG_MILLISECONDS &&
	                 now->end_offset > base->end_offset;

	if (!p->options.checkpoints || p->image->is_partial ||
	    (p->image->base_bytes < MANY_BYTES && !old) || !problem_begin(p))
		return KMETA_OK;
	if (base->end_offset)
		problem_say(p,
		            "the newest checkpoint is that @%lld: ", (long long)base->end_offset);
	else
		problem_say(p, "there is no checkpoint: ");
	problem_say(p, "%lld records and %lld MiB lie behind it",
	            (long long)(now->end_offset - base->end_offset),
	            (long long)(p->image->base_bytes >> 20));
	if (base->timestamp >= 0)
		problem_say(p, ", %lld hours",
		            (long long)((now->timestamp - base->timestamp) / HOUR_MILLISECONDS));
	problem_say(p,
	            "; Kafka writes one after 20 MiB, and each hour from 3.5 on, unless it is set "
	            "otherwise");
	problem_put_own(p, "kmeta-verify", (struct kmeta_bytes){ (const uint8_t *)"--utc", 5 });
	problem_end(p, (struct since_mark){ .offset = base->end_offset, .time = base->timestamp });
	return KMETA_OK;
}

/*
 * An idle controller writes a NO_OP after metadata.max.idle.interval.ms, 500 unless it is set, from
 * metadata.version 3.3-IV1 on (KIP-835).
 */
enum { USUAL_NO_OPS = 2, MANY_NO_OPS = 2 * USUAL_NO_OPS, LONG_ENOUGH = 60 * 1000, SECOND = 1000 };

enum kmeta_status problems_no_ops(struct problems *p)
{
	const struct since_no_ops *seen = p->since ? since_no_ops(p->since) : NULL;
	const int64_t span = seen ? seen->last.time - seen->first.time : 0;
	const bool often = span >= LONG_ENOUGH && seen->count > span / SECOND * MANY_NO_OPS;

	if (!seen || (!often && seen->silence < LONG_ENOUGH) || !problem_begin(p))
		return KMETA_OK;
	if (often)
		problem_say(p,
		            "%lld NO_OP records a second, where %d are usual: "
		            "metadata.max.idle.interval.ms is far below 500",
		            (long long)(seen->count / (span / SECOND)), USUAL_NO_OPS);
	else
		problem_say(
			p,
			"no record came for %lld s behind offset %lld, where a NO_OP comes each "
			"half second: metadata.max.idle.interval.ms is 0 or large, or the active "
			"controller stood still",
			(long long)(seen->silence / SECOND),
			(long long)seen->before_silence.offset);
	problem_put_own(p, "kmeta-stat", (struct kmeta_bytes){ 0 });
	problem_end(p, often ? seen->first : seen->before_silence);
	return KMETA_OK;
}
