/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_index.c: compares a segment's offset and time index with its batches while they are read.
 */
#include "check/check_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "log/logdir.h"

enum { OFFSET_ENTRY = 8, TIME_ENTRY = 12 };

/* ---- entries ---- */

static bool is_zero_entry(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

static void drop_index(struct index_file *file)
{
	file->waiting = false;
	stream_close(&file->stream);
	file->open = false;
}

/* Reports the first fault of an index and ignores the rest of it. */
static void object(struct index_check *c, struct index_file *file, const char *message)
{
	findings_add(c->findings, KMETA_BAD_INDEX, file->path, file->position, -1, "%s", message);
	drop_index(file);
}

static void take_entry(struct index_check *c, struct index_file *file, const uint8_t *at,
                       bool times)
{
	file->last_first = file->first;
	file->last_second = file->second;
	if (times) {
		file->first = (int64_t)wire_get64(at);
		file->second = c->base + (int32_t)wire_get32(at + 8);
	} else {
		file->first = c->base + (int32_t)wire_get32(at);
		file->second = (int32_t)wire_get32(at + 4);
	}
}

/* Moves to the next entry. An index ends at the zeros of a preallocated file. */
static void next_entry(struct index_check *c, struct index_file *file, bool times)
{
	const size_t size = times ? TIME_ENTRY : OFFSET_ENTRY;
	size_t have;

	file->waiting = false;
	if (!file->open)
		return;
	file->position = file->stream.position;
	have = stream_need(&file->stream, size);
	if (have < size && stream_failure(&file->stream)) {
		findings_keep(c->findings, stream_failure(&file->stream));
		drop_index(file);
		return;
	}
	if (!have ||
	    (have == size && file->position && is_zero_entry(stream_at(&file->stream), size)) ||
	    (have >= size && is_zero_entry(stream_at(&file->stream), size)))
		return;
	if (have < size) {
		if (!is_zero_entry(stream_at(&file->stream), have))
			object(c, file, "the index is not a whole number of entries long");
		return;
	}
	take_entry(c, file, stream_at(&file->stream), times);
	stream_skip(&file->stream, (int64_t)size);
	file->waiting = true;
	if (file->position && (file->first <= file->last_first || file->second < file->last_second))
		object(c, file, "the index's entries do not rise");
}

/* ---- files ---- */

static void open_index(struct index_check *c, struct index_file *file, const char *segment,
                       const char *suffix, size_t entry)
{
	const size_t size = strlen(segment) - strlen("log");
	struct kmeta_finding why;

	file->path = malloc(size + strlen(suffix) + 1);
	if (!file->path) {
		c->findings->failed = true;
		return;
	}
	memcpy(file->path, segment, size);
	strcpy(file->path + size, suffix);
	file->open = stream_open(&file->stream, file->path, file->path, true, &why) == KMETA_OK;
	if (!file->open && why.system_error != ENOENT)
		findings_keep(c->findings, &why);
	if (file->open && file->stream.size % (int64_t)entry)
		object(c, file, "the index is not a whole number of entries long");
}

void index_check_open(struct index_check *c, const char *segment, struct findings *findings)
{
	const size_t size = strlen(segment);

	*c = (struct index_check){ .findings = findings, .latest = INT64_MIN };
	if (size < 4 || strcmp(segment + size - 4, ".log") != 0 ||
	    !logdir_segment_name(segment, &c->base))
		return;
	open_index(c, &c->offsets, segment, "index", OFFSET_ENTRY);
	open_index(c, &c->times, segment, "timeindex", TIME_ENTRY);
	next_entry(c, &c->offsets, false);
	next_entry(c, &c->times, true);
}

void index_check_batch(struct index_check *c, const struct kmeta_batch *batch)
{
	if (batch->max_timestamp > c->latest)
		c->latest = batch->max_timestamp;
	while (c->offsets.waiting && c->offsets.second <= batch->position) {
		if (c->offsets.second != batch->position)
			object(c, &c->offsets,
			       "an entry of the index points into the middle of a batch");
		else if (c->offsets.first != batch->last_offset)
			object(c, &c->offsets,
			       "an entry of the index has another offset than the batch it points at");
		next_entry(c, &c->offsets, false);
	}
	while (c->times.waiting && c->times.second <= batch->last_offset) {
		if (c->times.first > c->latest)
			object(c, &c->times,
			       "an entry of the time index is later than every batch up to its offset");
		next_entry(c, &c->times, true);
	}
}

static void close_index(struct index_check *c, struct index_file *file, bool damaged,
                        const char *message)
{
	if (file->waiting && !damaged)
		object(c, file, message);
	if (file->open)
		stream_close(&file->stream);
	file->open = false;
}

void index_check_close(struct index_check *c, bool damaged)
{
	close_index(c, &c->offsets, damaged,
	            "an entry of the index points past the end of the segment");
	close_index(c, &c->times, damaged,
	            "an entry of the time index has an offset past the segment's last");
}
