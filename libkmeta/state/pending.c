/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pending.c: keeps the records of an open transaction, each as a header, the name of its file where
 * that is another than before, and its value. What is more than some megabytes goes to a temporary
 * file, which images with the same transaction share.
 */
#include "state/pending.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "log/spool.h"

enum { MEMORY = 4 << 20, WINDOW = 1 << 20 };

/* What is written is never changed. An image has the first "spilled" bytes of it. */
struct pending_file {
	int fd;
	atomic_int users;
	_Atomic int64_t size;
};

struct pending_header {
	const struct kmeta_schema *schema;
	int64_t offset, timestamp, position, value_position;
	int32_t epoch, frame;
	uint32_t body, name_size, value_size;
};

/* ---- the temporary file ---- */

static void leave_file(struct pending_file *file)
{
	if (!file || atomic_fetch_sub(&file->users, 1) > 1)
		return;
	close(file->fd);
	free(file);
}

static struct pending_file *new_file(struct kmeta_finding *why)
{
	struct pending_file *file = calloc(1, sizeof(*file));

	if (!file) {
		(void)finding_memory(why);
		return NULL;
	}
	file->users = 1;
	file->fd = spool_new_file();
	if (file->fd >= 0)
		return file;
	finding_system(why, NULL, errno, "cannot make a temporary file for a transaction");
	free(file);
	return NULL;
}

static enum kmeta_status write_at(const struct pending_file *file, const void *data, size_t size,
                                  int64_t at, struct kmeta_finding *why)
{
	if (spool_write(file->fd, data, size, at))
		return KMETA_OK;
	return finding_system(why, NULL, errno, "cannot write a transaction to a temporary file");
}

static enum kmeta_status read_at(const struct pending_file *file, void *data, size_t size,
                                 int64_t at, struct kmeta_finding *why)
{
	uint8_t *to = data;

	while (size) {
		const ssize_t n = pread(file->fd, to, size, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return finding_system(why, NULL, n ? errno : EIO,
			                      "cannot read a transaction from a temporary file");
		to += n;
		size -= (size_t)n;
		at += n;
	}
	return KMETA_OK;
}

/* Copies what the image has of its file to one of its own. */
static enum kmeta_status take_own_file(struct kmeta_image *image, struct kmeta_finding *why)
{
	struct pending_file *own = new_file(why);
	uint8_t *piece = own ? malloc(WINDOW) : NULL;
	enum kmeta_status status = piece ? KMETA_OK : KMETA_FAILED;

	if (own && !piece)
		status = finding_memory(why);
	for (int64_t at = 0; status == KMETA_OK && at < image->spilled;) {
		const int64_t left = image->spilled - at;
		const size_t size = left < WINDOW ? (size_t)left : WINDOW;

		status = read_at(image->spill, piece, size, at, why);
		if (status == KMETA_OK)
			status = write_at(own, piece, size, at, why);
		at += (int64_t)size;
	}
	free(piece);
	if (status != KMETA_OK) {
		leave_file(own);
		return status;
	}
	own->size = image->spilled;
	leave_file(image->spill);
	image->spill = own;
	return KMETA_OK;
}

/* Only one of the images that share a file may write behind what they all have. */
static bool claim(struct kmeta_image *image, size_t size)
{
	int64_t expected = image->spilled;

	return image->spill && atomic_compare_exchange_strong(&image->spill->size, &expected,
	                                                      expected + (int64_t)size);
}

static enum kmeta_status spill(struct kmeta_image *image, struct kmeta_finding *why)
{
	struct kmeta_buffer *pending = &image->pending;
	enum kmeta_status status = KMETA_OK;

	if (!claim(image, pending->size)) {
		status = take_own_file(image, why);
		if (status != KMETA_OK)
			return status;
		image->spill->size += (int64_t)pending->size;
	}
	status = write_at(image->spill, pending->at, pending->size, image->spilled, why);
	image->spilled += (int64_t)pending->size;
	pending->size = 0;
	return status;
}

/* ---- writing ---- */

/* The bytes of a file's name that are to be kept: none if it is that of the record before. */
static size_t new_name(struct kmeta_image *image, const char *file)
{
	const size_t size = file ? strlen(file) + 1 : 1;
	struct kmeta_buffer *last = &image->pending_name;

	if (last->size == size && !memcmp(last->at, file ? file : "", size))
		return 0;
	last->size = 0;
	buffer_add(last, file ? file : "", size);
	return size;
}

enum kmeta_status pending_keep(struct kmeta_image *image, const struct kmeta_batch *batch,
                               const struct kmeta_record *record, const struct kmeta_fields *fields,
                               struct kmeta_finding *why)
{
	struct kmeta_buffer *pending = &image->pending;
	struct pending_header header = { .schema = fields->schema,
		                         .offset = record->offset,
		                         .timestamp = record->timestamp,
		                         .position = record->position,
		                         .value_position = record->value_position,
		                         .epoch = batch ? batch->epoch : -1,
		                         .frame = record->frame,
		                         .body = record->body,
		                         .value_size = (uint32_t)record->value.size };

	assert(record->value.size <= UINT32_MAX && !record->control);
	header.name_size = (uint32_t)new_name(image, batch ? batch->file : NULL);
	if (image->pending_name.failed)
		return finding_memory(why);
	buffer_add(pending, &header, sizeof(header));
	buffer_add(pending, image->pending_name.at, header.name_size);
	buffer_add(pending, record->value.data, record->value.size);
	if (pending->failed)
		return finding_memory(why);
	return pending->size < MEMORY ? KMETA_OK : spill(image, why);
}

/* ---- reading ---- */

/* Some bytes at the cursor, in the file or behind it in memory. NULL: "why" says why not. */
static const uint8_t *pending_bytes(const struct kmeta_image *image, struct pending_cursor *c,
                                    size_t size, struct kmeta_finding *why)
{
	const int64_t behind = c->window_at + (int64_t)c->window.size;
	const int64_t left = image->spilled - c->at;
	size_t wanted;

	if (c->at >= image->spilled)
		return (const uint8_t *)image->pending.at + (c->at - image->spilled);
	if (c->at >= c->window_at && c->at + (int64_t)size <= behind)
		return (const uint8_t *)c->window.at + (c->at - c->window_at);
	wanted = left < WINDOW ? (size_t)left : size > WINDOW ? size : WINDOW;
	c->window.size = 0;
	if (!buffer_room(&c->window, wanted)) {
		(void)finding_memory(why);
		return NULL;
	}
	if (read_at(image->spill, c->window.at, wanted, c->at, why) != KMETA_OK)
		return NULL;
	c->window.size = wanted;
	c->window_at = c->at;
	return (const uint8_t *)c->window.at;
}

/* A name that stays as long as the image. Neighbours mostly have the same file. */
static bool pending_keep_name(struct kmeta_image *image, const char *name, size_t size)
{
	char *copy;

	if (image->kept_name && !strcmp(image->kept_name, name))
		return true;
	copy = pool_get(&image->pool, size);
	if (copy)
		image->kept_name = memcpy(copy, name, size);
	return copy;
}

enum kmeta_status pending_next(struct kmeta_image *image, struct pending_cursor *cursor,
                               struct pending *p, struct kmeta_finding *why)
{
	struct pending_header header;
	const uint8_t *at;

	if (cursor->at == image->spilled + (int64_t)image->pending.size)
		return KMETA_END;
	at = pending_bytes(image, cursor, sizeof(header), why);
	if (!at)
		return KMETA_FAILED;
	memcpy(&header, at, sizeof(header));
	cursor->at += (int64_t)sizeof(header);
	at = pending_bytes(image, cursor, (size_t)header.name_size + header.value_size, why);
	if (!at)
		return KMETA_FAILED;
	if (header.name_size && !pending_keep_name(image, (const char *)at, header.name_size))
		return finding_memory(why);
	*p = (struct pending){ .schema = header.schema, .epoch = header.epoch };
	p->file = *image->kept_name ? image->kept_name : NULL;
	p->record = (struct kmeta_record){ .offset = header.offset,
		                           .timestamp = header.timestamp,
		                           .position = header.position,
		                           .value_position = header.value_position,
		                           .frame = header.frame,
		                           .type = header.schema->type,
		                           .version = header.schema->version,
		                           .body = header.body,
		                           .value = { at + header.name_size, header.value_size } };
	cursor->at += header.name_size + header.value_size;
	return KMETA_OK;
}

void pending_cursor_release(struct pending_cursor *cursor)
{
	kmeta_buffer_release(&cursor->window);
}

/* ---- all of them ---- */

void pending_drop(struct kmeta_image *image)
{
	leave_file(image->spill);
	image->spill = NULL;
	image->spilled = 0;
	image->pending.size = image->pending_name.size = 0;
}

bool pending_copy(struct kmeta_image *to, const struct kmeta_image *from)
{
	buffer_add(&to->pending, from->pending.at, from->pending.size);
	buffer_add(&to->pending_name, from->pending_name.at, from->pending_name.size);
	to->spill = from->spill;
	to->spilled = from->spilled;
	if (to->spill)
		atomic_fetch_add(&to->spill->users, 1);
	return !to->pending.failed && !to->pending_name.failed;
}
