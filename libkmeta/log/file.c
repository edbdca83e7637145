/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c: walks the batches of one file, checks each one, and finds the next sound batch after
 * damage.
 */
#include "log/file.h"

#include <string.h>

#include "base/finding.h"
#include "record/batch.h"
#include "record/codec.h"

enum {
	SCAN_CHUNK = 64 << 10,
	UNPACKED_KEPT = 16 << 20,
	BISECT_ENOUGH = 512 << 10, /* a range this small is read faster than bisected */
	SEEK_BUDGET = 8 << 20,     /* Kafka writes no larger batch */
	ZEROS_ENOUGH = 1 << 30, /* Kafka's largest segment by default: nothing follows more zeros */
	BEYOND_ENOUGH = 2 /* one base offset past the range may be a flipped bit, two are not */
};

/*
 * The search for a sound batch may compute checksums over this many bytes for each byte that it
 * passes, and over SCAN_START bytes to begin with.
 */
#define SCAN_COST  ((size_t)64)
#define SCAN_START ((size_t)1 << 30)

enum kmeta_status file_open(struct log_file *f, const char *path, const char *name,
                            const struct file_window *wanted, bool member, bool growing,
                            struct kmeta_finding *why)
{
	*f = (struct log_file){ .wanted = wanted, .growing = growing, .next_offset = -1 };
	return stream_open(&f->stream, path, name, member, why);
}

void file_close(struct log_file *f)
{
	stream_close(&f->stream);
	kmeta_buffer_release(&f->unpacked);
}

int64_t file_position(const struct log_file *f)
{
	return f->stream.position + f->pending;
}

void file_seek(struct log_file *f, int64_t position)
{
	stream_seek(&f->stream, position);
	f->pending = 0;
	f->beyond = 0;
	f->lost = f->failure_told = f->given_up = false;
}

bool file_is_past(const struct log_file *f)
{
	return f->beyond >= BEYOND_ENOUGH;
}

/* ---- behind damage ---- */

struct scan {
	size_t passed, cost;
	int64_t end;   /* position where the search ends, 0: the end of the file */
	int64_t zeros; /* bytes read as zeros, one after the other */
	bool given_up; /* because there were too many of them */
};

static bool is_zeros(const uint8_t *at, size_t size)
{
	return !size || (!*at && !memcmp(at, at + 1, size - 1));
}

/* Passes over "size" bytes that are zeros, and over a hole that begins with them. */
static void skip_empty(struct stream *s, size_t size, int64_t *read)
{
	const int64_t hole = size ? stream_hole(s) : 0;

	*read += hole ? 0 : (int64_t)size;
	/* The data behind the hole may begin inside a batch header that begins with zeros. */
	stream_skip(s, hole > (int64_t)size + BATCH_HEADER ? hole - BATCH_HEADER : (int64_t)size);
}

/* A batch that costs more than is left to spend is passed over. */
static bool is_sound_at(struct stream *s, size_t at, struct scan *scan)
{
	const size_t budget = SCAN_START + scan->passed * SCAN_COST - scan->cost;
	struct kmeta_batch batch;
	size_t size;

	if (stream_need(s, at + BATCH_HEADER) < at + BATCH_HEADER ||
	    !batch_may_be_sound(&batch, stream_at(s) + at))
		return false;
	size = (size_t)batch.size;
	if (size > budget || stream_need(s, at + size) < at + size)
		return false;
	scan->cost += size;
	return batch_crc(stream_at(s) + at, size) == batch.crc;
}

/*
 * Moves to the next sound batch that begins "from" bytes from here or later. False: there is none
 * before the end.
 */
static bool scan_forward(struct stream *s, size_t from, struct scan *scan)
{
	size_t at = from;

	for (;;) {
		const size_t have = stream_need(s, at + SCAN_CHUNK);
		const uint8_t *magic;

		if (have < at + BATCH_HEADER) {
			stream_skip(s, (int64_t)have);
			return false;
		}
		if (scan->end && s->position + (int64_t)at >= scan->end)
			return false;
		magic = memchr(stream_at(s) + at + 16, 2, have - at - 16);
		if (!magic) {
			scan->passed += have - at - 16;
			if (!is_zeros(stream_at(s) + at, have - at))
				scan->zeros = 0;
			else if (scan->zeros > ZEROS_ENOUGH)
				scan->given_up = true;
			if (scan->given_up)
				return false;
			skip_empty(s, have - 16, &scan->zeros);
			at = 0;
			continue;
		}
		scan->passed += (size_t)(magic - 16 - stream_at(s)) - at;
		at = (size_t)(magic - 16 - stream_at(s));
		if (is_sound_at(s, at, scan)) {
			stream_skip(s, (int64_t)at);
			return true;
		}
		at++;
		scan->passed++;
		if (at >= SCAN_CHUNK) {
			stream_skip(s, (int64_t)at);
			at = 0;
		}
	}
}

bool file_find_sound(struct log_file *f, int64_t end)
{
	struct scan scan = { .end = end };

	return scan_forward(&f->stream, 0, &scan) && f->stream.position < end;
}

/* Try the damaged batch's own length first: most damage leaves it intact. */
static void find_sound(struct log_file *f)
{
	struct stream *s = &f->stream;
	struct scan scan = { 0 };
	const size_t size = (size_t)f->lost_size;

	if (size && (is_sound_at(s, size, &scan) || stream_need(s, size + 1) == size))
		stream_skip(s, (int64_t)size);
	else
		scan_forward(s, 1, &scan);
	f->given_up = scan.given_up;
}

/* ---- damage ---- */

static enum kmeta_status file_damaged(struct log_file *f, const struct kmeta_batch *batch,
                                      int64_t size, struct kmeta_finding *why)
{
	why->file = f->stream.name;
	why->position = f->stream.position;
	why->size = size;
	why->offset = batch ? batch->base_offset : f->next_offset;
	f->lost = true;
	f->lost_from = f->stream.position;
	f->lost_size = 0;
	return KMETA_DAMAGED;
}

/* What follows a batch, if it is zeros. */
enum zeros_end { ZEROS_END_OF_FILE, ZEROS_END_AT_DATA, ZEROS_WITHOUT_END };

/* Passes over zeros: a batch can begin only in their last bytes. */
static enum zeros_end skip_zeros(struct stream *s)
{
	int64_t read = 0;
	size_t have;

	while ((have = stream_need(s, SCAN_CHUNK)) > 0) {
		const size_t keep = have == SCAN_CHUNK || !s->ended ? BATCH_HEADER : 0;

		if (!is_zeros(stream_at(s), have))
			return ZEROS_END_AT_DATA;
		if (read > ZEROS_ENOUGH)
			return ZEROS_WITHOUT_END;
		skip_empty(s, have - keep, &read);
		if (!keep)
			break;
	}
	return ZEROS_END_OF_FILE;
}

static enum kmeta_status zeros(struct log_file *f, struct kmeta_finding *why)
{
	const int64_t start = f->stream.position;
	const enum zeros_end end = skip_zeros(&f->stream);
	const int64_t size = f->stream.position - start;
	const bool tail = end == ZEROS_END_OF_FILE && start;
	enum kmeta_status status;

	if (end == ZEROS_END_AT_DATA)
		finding_set(why, KMETA_BAD_LENGTH, "zeros where a batch should begin");
	else if (end == ZEROS_WITHOUT_END)
		finding_set(
			why, KMETA_BAD_LENGTH,
			"zeros where a batch should begin, for %lld bytes: the rest of the file "
			"was not looked at",
			(long long)size);
	else if (!start)
		finding_set(why, KMETA_BAD_LENGTH, "the file is %lld zero bytes and nothing else",
		            (long long)size);
	else
		finding_set(why, KMETA_ZERO_TAIL,
		            "%lld zero bytes up to the end: a preallocated or unclean end",
		            (long long)size);
	status = file_damaged(f, NULL, size, why);
	why->position = start;
	/* A tail of zeros holds no records, so nothing is lost. */
	f->lost_from = tail ? f->stream.position : start;
	f->given_up = end == ZEROS_WITHOUT_END;
	return status;
}

/* The end of a file whose rest is not looked at: all of that is lost. */
static enum kmeta_status end_early(struct log_file *f, struct kmeta_batch *batch)
{
	const struct stream *s = &f->stream;
	const int64_t end = s->seekable ? s->size : s->position;

	*batch = (struct kmeta_batch){ .file = s->name,
		                       .position = end,
		                       .skipped = f->lost ? end - f->lost_from : 0 };
	f->lost = false;
	return KMETA_END;
}

/* Behind other damage there was nothing but zeros for very long. */
static enum kmeta_status give_up(struct log_file *f, struct kmeta_finding *why)
{
	const int64_t from = f->lost_from;
	enum kmeta_status status;

	finding_set(why, KMETA_BAD_LENGTH,
	            "zeros for very long: the rest of the file was not looked at");
	status = file_damaged(f, NULL, BATCH_HEADER, why);
	f->lost_from = from;
	return status;
}

static int64_t left_in_file(const struct log_file *f, size_t have)
{
	return f->stream.seekable && f->stream.size > f->stream.position
	               ? f->stream.size - f->stream.position
	               : (int64_t)have;
}

/* The file has fewer bytes than a header, or than the header promises. */
static enum kmeta_status ends_early(struct log_file *f, const struct kmeta_batch *batch,
                                    size_t have, struct kmeta_finding *why)
{
	if (stream_failure(&f->stream) && f->failure_told)
		return KMETA_END;
	if (stream_failure(&f->stream)) {
		*why = *stream_failure(&f->stream);
		f->lost = true;
		f->lost_from = f->stream.position;
		f->lost_size = 0;
		stream_skip(&f->stream, (int64_t)have);
		f->failure_told = true;
		return why->code == KMETA_BAD_PAYLOAD ? KMETA_DAMAGED : KMETA_FAILED;
	}
	if (!have || f->growing)
		return KMETA_END;
	if (batch)
		finding_set(why, KMETA_TRUNCATED, "the file ends %zu byte%s into a batch of %lld",
		            have, have == 1 ? "" : "s", (long long)batch->size);
	else
		finding_set(why, KMETA_TRUNCATED, "the file ends %zu byte%s into a batch header%s",
		            have, have == 1 ? "" : "s",
		            is_zeros(stream_at(&f->stream), have) ? ", all zeros" : "");
	return file_damaged(f, batch, left_in_file(f, have), why);
}

/* ---- batches ---- */

static int64_t higher_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The last offset by the number of records. */
static int64_t last_counted(const struct kmeta_batch *batch)
{
	const int64_t more = batch->count > 0 ? batch->count - 1 : 0;

	return batch->base_offset > INT64_MAX - more ? INT64_MAX : batch->base_offset + more;
}

/* A batch is skipped only if no field of its header says that a wanted record may be in it. */
static bool is_outside(struct log_file *f, const struct kmeta_batch *batch)
{
	const struct file_window *w = f->wanted;
	const int64_t last = higher_of(batch->last_offset, last_counted(batch));
	const int64_t latest = higher_of(batch->base_timestamp, batch->max_timestamp);

	if (batch->base_offset > w->offsets.last) {
		f->beyond++;
		return true;
	}
	f->beyond = 0;
	return last < w->offsets.first || batch->epoch < w->epochs.first ||
	       batch->epoch > w->epochs.last || latest < w->times.first ||
	       (batch->base_timestamp > w->times.last && batch->max_timestamp > w->times.last);
}

static enum kmeta_status unpack(struct log_file *f, struct kmeta_batch *batch,
                                struct kmeta_finding *why)
{
	const unsigned codec = batch->attributes & KMETA_BATCH_CODEC;
	const struct kmeta_bytes packed = batch->records;
	enum kmeta_status status;

	if (codec == KMETA_NONE)
		return KMETA_OK;
	/* Do not keep the memory of an unusually large batch. */
	if (f->unpacked.capacity > UNPACKED_KEPT)
		kmeta_buffer_release(&f->unpacked);
	f->unpacked.size = 0;
	status = codec_unpack(codec, packed, &f->unpacked, KMETA_BATCH_LIMIT, why);
	batch->records = (struct kmeta_bytes){ (uint8_t *)f->unpacked.at, f->unpacked.size };
	if (status == KMETA_OK)
		return KMETA_OK;
	/* Drop the bytes that came out before the fault: they may be cut or wrong anywhere. */
	batch->records = (struct kmeta_bytes){ 0 };
	batch->count = 0;
	if (status == KMETA_FAILED && why->code != KMETA_BAD_CODEC)
		return status;
	return file_damaged(f, batch, batch->size, why);
}

/* The whole batch is in the window: its checksum decides whether to trust it. */
static enum kmeta_status trust(struct log_file *f, struct kmeta_batch *batch,
                               struct kmeta_finding *why)
{
	const uint8_t *at = stream_at(&f->stream);
	enum kmeta_status status;

	batch->records =
		(struct kmeta_bytes){ at + BATCH_HEADER, (size_t)batch->size - BATCH_HEADER };
	batch->computed_crc = batch_crc(at, (size_t)batch->size);
	batch->valid = batch->computed_crc == batch->crc;
	if (batch->valid) {
		status = unpack(f, batch, why);
		if (status == KMETA_DAMAGED)
			f->lost_size = batch->size;
		if (status == KMETA_OK)
			f->pending = batch->size;
		return status;
	}
	if (batch->attributes & KMETA_BATCH_CODEC) {
		batch->records = (struct kmeta_bytes){ 0 };
		batch->count = 0;
	}
	finding_set(why, KMETA_CRC_MISMATCH, "CRC-32C is %08x, but the batch says %08x",
	            batch->computed_crc, batch->crc);
	status = file_damaged(f, batch, batch->size, why);
	f->lost_size = batch->size;
	return status;
}

enum kmeta_status file_next(struct log_file *f, struct kmeta_batch *batch,
                            struct kmeta_finding *why)
{
	struct stream *s = &f->stream;
	int64_t skipped = 0;

	stream_skip(s, f->pending);
	f->pending = 0;
	if (f->given_up)
		return end_early(f, batch);
	if (f->lost) {
		f->lost = false;
		find_sound(f);
		if (f->given_up)
			return give_up(f, why);
		skipped = s->position - f->lost_from;
	}
	for (;;) {
		const size_t have = stream_need(s, BATCH_HEADER);

		*batch = (struct kmeta_batch){ .file = s->name,
			                       .position = s->position,
			                       .skipped = skipped };
		if (have < BATCH_HEADER)
			return ends_early(f, NULL, have, why);
		if (is_zeros(stream_at(s), BATCH_HEADER))
			return zeros(f, why);
		batch_read_header(batch, stream_at(s));
		if (batch_check_header(batch, why) != KMETA_OK) {
			const struct kmeta_batch wrong = *batch;

			batch->size = 0;
			return file_damaged(f, &wrong, BATCH_HEADER, why);
		}
		if (!is_outside(f, batch))
			break;
		if (file_is_past(f) || (f->growing && s->position + batch->size > s->size))
			return KMETA_END;
		stream_skip(s, batch->size);
	}
	if (stream_need(s, (size_t)batch->size) < (size_t)batch->size) {
		const struct kmeta_batch cut = *batch;

		batch->size = 0;
		return ends_early(f, &cut, stream_need(s, 1), why);
	}
	f->next_offset = batch_behind(batch->last_offset);
	return trust(f, batch, why);
}

/* ---- going to an offset ---- */

/* True if the file has no batch before "offset". */
static bool begins_behind(struct log_file *f, int64_t offset)
{
	struct kmeta_batch first;

	if (stream_need(&f->stream, BATCH_HEADER) < BATCH_HEADER)
		return true;
	batch_read_header(&first, stream_at(&f->stream));
	return first.base_offset >= offset;
}

void file_seek_offset(struct log_file *f, int64_t offset)
{
	struct stream *s = &f->stream;
	int64_t low = 0, high = s->size;

	if (!s->seekable || begins_behind(f, offset))
		return;
	while (high - low > BISECT_ENOUGH) {
		const int64_t middle = low + (high - low) / 2;
		struct kmeta_batch batch;
		/*
		 * Kafka writes no larger batch: bytes that look like the header of one are not
		 * worth reading that far.
		 */
		struct scan scan = { .cost = SCAN_START - SEEK_BUDGET };
		bool found;

		stream_seek(s, middle);
		found = scan_forward(s, 0, &scan) && s->position < high;
		if (found)
			batch_read_header(&batch, stream_at(s));
		if (found && batch.base_offset <= offset)
			low = s->position;
		else
			high = middle;
	}
	file_seek(f, low);
}
