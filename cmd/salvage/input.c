/* SPDX-License-Identifier: Apache-2.0 */
/* input.c: a directory as a stream of sound batches, file by file. */
#include <stdlib.h>
#include <string.h>

#include "salvage.h"

/* ---- opening ---- */

const char *input_file_name(const struct input *in, size_t file)
{
	return kmeta_pages_file(in->pages, file).name;
}

static bool ends_in(const char *name, const char *suffix)
{
	const char *at = strstr(name, suffix);

	return at && (!at[strlen(suffix)] || at[strlen(suffix)] == '.');
}

/* The offset that a segment is named for; -1: its name tells none. */
static int64_t named_offset(const char *name)
{
	enum { DIGITS = 20 };
	const char *slash = strrchr(name, '/'), *file = slash ? slash + 1 : name;

	if (strspn(file, "0123456789") != DIGITS || strncmp(file + DIGITS, ".log", 4) != 0)
		return -1;
	return strtoll(file, NULL, 10);
}

/* The pages list segments in the order of their names. */
static enum kmeta_status list_named_offsets(struct input *in, struct kmeta_finding *why)
{
	size_t count = 0;
	const char *name;

	while (input_file_name(in, count))
		count++;
	in->segments = calloc(count + 1, sizeof(*in->segments));
	if (!in->segments)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	for (size_t i = 0; (name = input_file_name(in, i)) != NULL; i++)
		if (named_offset(name) >= 0)
			in->segments[in->segments_count++] = named_offset(name);
	return KMETA_OK;
}

static int compare_named_offsets(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool input_has_segment(const struct input *in, int64_t offset)
{
	return bsearch(&offset, in->segments, in->segments_count, sizeof(offset),
	               compare_named_offsets) != NULL;
}

enum kmeta_status input_open(struct input *in, struct kmeta_finding *why)
{
	struct kmeta_point point;
	enum kmeta_status status =
		kmeta_address_parse(in->address, common_now(), &in->path, &point, why);

	if (status == KMETA_OK && point.kind != KMETA_POINT_END)
		status = common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                      "a log is put together as a whole: no @POINT goes with it");
	if (status == KMETA_OK)
		status = kmeta_pages_open(&in->pages, in->path, why);
	if (status == KMETA_OK)
		status = list_named_offsets(in, why);
	if (status != KMETA_OK)
		return status;
	status = kmeta_node_read(in->path, &in->node, why);
	in->has_node = status == KMETA_OK;
	if (status == KMETA_FAILED)
		common_note(in->common, "%s: %s", in->address, why->message);
	return KMETA_OK;
}

static void close_input_source(struct input *in)
{
	kmeta_source_close(in->source);
	in->source = NULL;
}

void input_close(struct input *in)
{
	close_input_source(in);
	kmeta_pages_close(in->pages);
	free(in->segments);
	free(in->path);
}

void input_rewind(struct input *in, bool is_silent)
{
	close_input_source(in);
	in->is_silent = is_silent;
	in->file = 0;
	in->behind = -1;
	in->epoch = -1;
	in->has_next = in->is_damaged = in->damaged_behind = false;
	in->has_head = in->is_dropped = false;
}

/* ---- batches whose checksum is right ---- */

static void say_damage(struct input *in, const struct kmeta_finding *finding)
{
	if (kmeta_code_severity(finding->code) == KMETA_ERROR)
		in->is_damaged = in->damaged_behind = true;
	if (!in->is_silent)
		common_say(in->common, finding);
}

/* False: there is no further file. A file that cannot be read is like a hole. */
static bool open_next_file(struct input *in)
{
	const struct kmeta_source_options plain = { .size = sizeof(plain), .regular = true };
	struct kmeta_pages_file file;
	struct kmeta_finding why;

	while ((file = kmeta_pages_file(in->pages, in->file)).path) {
		in->file++;
		/* Of a directory without segments the newest checkpoint is there. */
		if (ends_in(file.name, ".checkpoint"))
			continue;
		if (kmeta_source_open(&in->source, file.path, &plain, &why) == KMETA_OK)
			return true;
		why.file = file.name;
		say_damage(in, &why);
	}
	return false;
}

static void take_piece(struct input *in, const struct kmeta_batch *batch, struct piece *piece)
{
	*piece = (struct piece){ .file = in->file - 1,
		                 .position = batch->position,
		                 .size = batch->size,
		                 .base = batch->base_offset,
		                 .last = batch->last_offset,
		                 .time = batch->max_timestamp,
		                 .epoch = batch->epoch,
		                 .crc = batch->crc,
		                 .is_control = batch->attributes & KMETA_BATCH_CONTROL };
}

/* Neither base offset nor epoch is under the checksum. */
static bool is_possible(const struct kmeta_batch *batch)
{
	return batch->base_offset >= 0 && batch->epoch >= 0 && batch->count > 0 &&
	       batch->last_offset_delta == batch->count - 1 &&
	       batch->base_offset < INT64_MAX - batch->count;
}

/* Reads the next batch with a right checksum into "next". */
static enum kmeta_status read_next(struct input *in, struct kmeta_finding *why)
{
	struct kmeta_batch batch;

	in->has_next = in->is_damaged = false;
	for (;;) {
		enum kmeta_status status;

		if (!in->source && !open_next_file(in))
			return KMETA_END;
		status = kmeta_source_next(in->source, &batch, why);
		if (status == KMETA_OK && is_possible(&batch)) {
			take_piece(in, &batch, &in->next);
			in->has_next = true;
			return KMETA_OK;
		}
		if (status == KMETA_FAILED && why->code == KMETA_OUT_OF_MEMORY)
			return status;
		if (status == KMETA_OK)
			common_fault(why, KMETA_BAD_BASE, NULL,
			             "a batch with an impossible header");
		if (status != KMETA_END) {
			why->file = input_file_name(in, in->file - 1);
			say_damage(in, why);
		}
		if (status == KMETA_END || status == KMETA_FAILED)
			close_input_source(in);
	}
}

/* ---- batches that fit what is around them ---- */

static void say_odd(struct input *in, const struct piece *piece, const char *what)
{
	struct kmeta_finding finding;

	common_fault(&finding, KMETA_BAD_BASE, input_file_name(in, piece->file),
	             "the batch does not fit those around it by its %s, which no checksum covers",
	             what);
	finding.position = piece->position;
	finding.offset = piece->base;
	say_damage(in, &finding);
}

/*
 * What is wrong with the header of a piece, by the pieces before and behind it; NULL: nothing. Base
 * offset and epoch may be damaged although the checksum is right. "after_damage": a hole before the
 * piece is no surprise.
 */
static const char *oddness(const struct input *in, const struct piece *piece, bool after_damage)
{
	const bool is_gap = in->behind >= 0 && piece->base > in->behind;

	if (in->behind >= 0 && piece->base < in->behind)
		return "base offset";
	if (is_gap && (in->has_next ? in->next.base <= piece->last : !after_damage))
		return "base offset";
	/* The first piece of all has only the one behind it. */
	if (in->behind < 0 && in->has_next && in->next.base <= piece->last)
		return "base offset";
	/* A leader writes a control record first. Only the last piece has none behind it to tell. */
	if (!in->has_next && piece->base == in->behind && piece->epoch > in->epoch &&
	    !piece->is_control)
		return "epoch";
	if (piece->epoch < in->epoch ||
	    (in->has_next && in->next.epoch < piece->epoch && in->next.epoch >= in->epoch))
		return "epoch";
	return NULL;
}

enum kmeta_status input_advance(struct input *in, struct kmeta_finding *why)
{
	in->has_head = false;
	for (;;) {
		const bool had_next = in->has_next, after_damage = in->is_damaged;
		const struct piece piece = in->next;
		const enum kmeta_status status = read_next(in, why);
		const char *odd;

		if (status == KMETA_FAILED)
			return status;
		if (!had_next && status == KMETA_END)
			return KMETA_OK;
		if (!had_next)
			continue;
		odd = oddness(in, &piece, after_damage);
		if (!odd) {
			in->head = piece;
			in->damaged_behind = in->is_damaged;
			in->has_head = true;
			in->behind = piece.last + 1;
			in->epoch = piece.epoch;
			return KMETA_OK;
		}
		say_odd(in, &piece, odd);
	}
}

enum kmeta_status input_survey(struct input *in, struct kmeta_finding *why)
{
	in->begin = in->end = -1;
	in->last_epoch = -1;
	input_rewind(in, true);
	for (;;) {
		if (input_advance(in, why) != KMETA_OK)
			return KMETA_FAILED;
		if (!in->has_head)
			break;
		if (in->begin < 0)
			in->begin = in->head.base;
		in->end = in->head.last + 1;
		in->last_epoch = in->head.epoch;
	}
	in->damaged_at_end = in->damaged_behind;
	input_rewind(in, false);
	return KMETA_OK;
}

bool input_copy_head(struct input *in, struct kmeta_buffer *out)
{
	enum { CHUNK = 64 << 10 };
	uint8_t bytes[CHUNK];
	int64_t done = 0;

	while (done < in->head.size && !out->failed) {
		const int64_t left = in->head.size - done;
		const size_t n =
			kmeta_pages_bytes(in->pages, in->head.file, in->head.position + done, bytes,
		                          left < CHUNK ? (size_t)left : CHUNK);

		if (!n)
			return false;
		kmeta_buffer_add(out, bytes, n);
		done += (int64_t)n;
	}
	return !out->failed;
}
