/* SPDX-License-Identifier: Apache-2.0 */
/* log.c: the segments of the log that is put together. */
#include <stdio.h>
#include <stdlib.h>

#include "salvage.h"

/* Kafka's segments have 1 GiB at most, and its positions 31 bits. */
enum { WRITE_AT = 1 << 20, SEGMENT_LIMIT = 1 << 30 };

static void segment_name(char name[64], int64_t offset)
{
	snprintf(name, 64, "__cluster_metadata-0/%020lld.log", (long long)offset);
}

static enum kmeta_status write_buffer(struct salvage *s, struct kmeta_finding *why)
{
	if (s->buffer.failed)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (!s->dry_run && !place_write(&s->segment, s->buffer.at, s->buffer.size))
		return place_close_file(&s->segment, why);
	s->buffer.size = 0;
	return KMETA_OK;
}

enum kmeta_status log_end_segment(struct salvage *s, struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (!s->has_segment)
		return KMETA_OK;
	status = write_buffer(s, why);
	s->has_segment = false;
	if (s->dry_run || status != KMETA_OK)
		return status;
	return place_close_file(&s->segment, why);
}

static enum kmeta_status begin_segment(struct salvage *s, int64_t offset, struct kmeta_finding *why)
{
	int64_t *segments = realloc(s->segments, (s->segments_count + 1) * sizeof(*segments));
	char name[64];

	if (!segments)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	s->segments = segments;
	segments[s->segments_count++] = offset;
	segment_name(name, offset);
	s->segment_bytes = 0;
	if (!s->dry_run && place_make_file(&s->place, &s->segment, name, why) != KMETA_OK)
		return KMETA_FAILED;
	s->has_segment = true;
	return KMETA_OK;
}

/* Segments begin where those of the first input do, or those of the input that has the batch. */
static bool begins_segment(const struct salvage *s, const struct input *in)
{
	return !s->has_segment || s->segment_bytes + in->head.size > SEGMENT_LIMIT ||
	       input_has_segment(in, in->head.base) ||
	       input_has_segment(&s->inputs[0], in->head.base);
}

enum kmeta_status log_append(struct salvage *s, struct input *in, struct kmeta_finding *why)
{
	const struct piece *piece = &in->head;

	if (begins_segment(s, in) &&
	    (log_end_segment(s, why) != KMETA_OK || begin_segment(s, piece->base, why) != KMETA_OK))
		return KMETA_FAILED;
	if (!input_copy_head(in, &s->buffer)) {
		if (s->buffer.failed)
			return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
		return common_fault(why, KMETA_CANNOT_READ, input_file_name(in, piece->file),
		                    "the file changed while it was read");
	}
	s->segment_bytes += piece->size;
	if (!s->has_log)
		s->begin = piece->base;
	s->has_log = true;
	s->behind = piece->last + 1;
	s->epoch = piece->epoch;
	s->time = piece->time;
	checkpoints_hold(s, piece);
	report_piece(s, in, piece);
	return s->buffer.size >= WRITE_AT ? write_buffer(s, why) : KMETA_OK;
}

enum kmeta_status log_drop(struct salvage *s, struct kmeta_finding *why)
{
	const enum kmeta_status status = log_end_segment(s, why);

	for (size_t i = 0; i < s->segments_count && !s->dry_run; i++) {
		char name[64];

		segment_name(name, s->segments[i]);
		place_drop_file(&s->place, name);
	}
	s->segments_count = 0;
	s->has_log = false;
	s->begin = s->behind = -1;
	return status;
}
