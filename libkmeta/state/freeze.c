/* SPDX-License-Identifier: Apache-2.0 */
/* freeze.c: keeps a state compressed, for callers that keep many and rarely need one. */
#include "state/freeze.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "state/pending.h"

enum { CHUNK = 256 << 10 };

/* Topics, partitions and items are compressed. The rest is kept as an image without them. */
struct kmeta_frozen {
	struct kmeta_image *rest;
	struct kmeta_buffer bytes; /* topics, partitions and items, compressed */
};

/* ---- what is not compressed ---- */

static bool copy_rest(struct kmeta_image *to, const struct kmeta_image *from)
{
	memcpy(to->attributes, from->attributes, sizeof(to->attributes));
	to->moment = from->moment;
	to->quorum = from->quorum;
	to->in_transaction = from->in_transaction;
	to->transaction_offset = from->transaction_offset;
	to->past_zookeeper = from->past_zookeeper;
	buffer_add(&to->voters, from->voters.at, from->voters.size);
	buffer_add(&to->electors, from->electors.at, from->electors.size);
	return pending_copy(to, from) && !to->voters.failed && !to->electors.failed;
}

static struct kmeta_image *copy_of_rest(const struct kmeta_image *image)
{
	struct kmeta_image *copy = image_new_seeded(image->seed);

	if (copy && copy_rest(copy, image))
		return copy;
	kmeta_image_free(copy);
	return NULL;
}

size_t kmeta_image_memory(const struct kmeta_image *image)
{
	const struct table *const tables[] = { &image->topics, &image->names, &image->resources,
		                               &image->items };
	size_t bytes = sizeof(*image) + image->pool.bytes + image->voters.capacity +
	               image->electors.capacity + image->pending.capacity +
	               image->scratch.capacity + image->directories.capacity +
	               image->cordoned.capacity +
	               image->fields.capacity * sizeof(*image->fields.at);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		bytes += tables[i]->capacity * sizeof(struct table_slot);
	for (size_t i = 0; i < image->topics.capacity; i++) {
		const struct topic *topic = image->topics.slots[i].value;

		bytes += topic ? topic->far.capacity * sizeof(struct table_slot) : 0;
	}
	return bytes;
}

void frozen_free(struct kmeta_frozen *frozen)
{
	if (!frozen)
		return;
	kmeta_image_free(frozen->rest);
	kmeta_buffer_release(&frozen->bytes);
	free(frozen);
}

size_t frozen_memory(const struct kmeta_frozen *frozen)
{
	return sizeof(*frozen) + frozen->bytes.capacity + kmeta_image_memory(frozen->rest);
}

/* ---- writing ---- */

struct writer {
	struct isal_zstream stream;
	struct kmeta_buffer *out;
	uint8_t level[ISAL_DEF_LVL1_DEFAULT];
	uint8_t in[CHUNK], packed[CHUNK];
	size_t size;
};

static void compress_chunk(struct writer *w, bool end)
{
	w->stream.next_in = w->in;
	w->stream.avail_in = (uint32_t)w->size;
	w->stream.end_of_stream = end;
	do {
		w->stream.next_out = w->packed;
		w->stream.avail_out = CHUNK;
		if (isal_deflate(&w->stream) != COMP_OK)
			w->out->failed = true;
		buffer_add(w->out, w->packed, CHUNK - w->stream.avail_out);
	} while (!w->stream.avail_out && !w->out->failed);
	w->size = 0;
}

static void write_bytes(struct writer *w, const void *data, size_t size)
{
	const uint8_t *at = data;

	while (size) {
		const size_t room = CHUNK - w->size, part = size < room ? size : room;

		memcpy(w->in + w->size, at, part);
		w->size += part;
		at += part;
		size -= part;
		if (w->size == CHUNK)
			compress_chunk(w, false);
	}
}

static void write_size(struct writer *w, size_t size)
{
	write_bytes(w, &size, sizeof(size));
}

static void put_topic(struct writer *w, const struct kmeta_image *image, const struct topic *topic)
{
	const struct kmeta_bytes name = { topic->name, topic->name_size };
	const bool named = image_topic_named(image, name) == topic;
	const struct partition *p;
	size_t at = 0;

	write_bytes(w, topic->id, sizeof(topic->id));
	write_bytes(w, &named, sizeof(named));
	write_size(w, name.size);
	write_bytes(w, name.data, name.size);
	write_size(w, topic->partitions);
	while ((p = topic_next(topic, &at)) != NULL) {
		const size_t size = partition_size(p);

		write_size(w, size);
		write_bytes(w, p, size);
	}
}

static void put_item(struct writer *w, const struct item *item)
{
	write_size(w, (size_t)item->kind);
	write_size(w, item->key_size);
	write_size(w, item->value_size);
	write_bytes(w, item->key, item->key_size);
	write_bytes(w, item->value, item->value_size);
}

/*
 * Writes the configs of a resource from the oldest on, so that thawing restores the order of their
 * list.
 */
static void put_configs(struct writer *w, const struct resource *resource)
{
	const struct item *item = resource->first;

	while (item && item->next)
		item = item->next;
	for (; item; item = item->previous)
		put_item(w, item);
}

static void put_all(struct writer *w, const struct kmeta_image *image)
{
	write_size(w, image->topics.count);
	for (size_t i = 0; i < image->topics.capacity; i++)
		if (image->topics.slots[i].value)
			put_topic(w, image, image->topics.slots[i].value);
	write_size(w, image->items.count);
	for (size_t i = 0; i < image->items.capacity; i++) {
		const struct item *item = image->items.slots[i].value;

		if (item && !item->resource)
			put_item(w, item);
	}
	for (size_t i = 0; i < image->resources.capacity; i++)
		if (image->resources.slots[i].value)
			put_configs(w, image->resources.slots[i].value);
}

struct kmeta_frozen *image_freeze(const struct kmeta_image *image)
{
	struct kmeta_frozen *frozen = calloc(1, sizeof(*frozen));
	struct writer *w = malloc(sizeof(*w));
	bool whole = frozen && w;

	if (whole) {
		isal_deflate_init(&w->stream);
		w->stream.level = 1;
		w->stream.level_buf = w->level;
		w->stream.level_buf_size = sizeof(w->level);
		w->out = &frozen->bytes;
		w->size = 0;
		put_all(w, image);
		compress_chunk(w, true);
		frozen->rest = copy_of_rest(image);
		whole = frozen->rest && !frozen->bytes.failed;
	}
	free(w);
	if (whole)
		return frozen;
	frozen_free(frozen);
	return NULL;
}

/* ---- reading: these bytes never left the process ---- */

struct reader {
	struct inflate_state state;
	struct kmeta_buffer scratch;
	uint8_t out[CHUNK];
	size_t at, have;
	bool failed;
};

static void decompress_chunk(struct reader *r)
{
	r->state.next_out = r->out;
	r->state.avail_out = CHUNK;
	if (isal_inflate(&r->state) != ISAL_DECOMP_OK)
		r->failed = true;
	r->at = 0;
	r->have = CHUNK - r->state.avail_out;
	r->failed |= !r->have;
}

static void get(struct reader *r, void *data, size_t size)
{
	uint8_t *to = data;

	while (size && !r->failed) {
		const size_t left = r->have - r->at, part = size < left ? size : left;

		memcpy(to, r->out + r->at, part);
		r->at += part;
		to += part;
		size -= part;
		if (size)
			decompress_chunk(r);
	}
	if (r->failed)
		memset(to, 0, size);
}

static size_t get_size(struct reader *r)
{
	size_t size;

	get(r, &size, sizeof(size));
	return size;
}

/* Bytes that are valid until the next call, aligned for any type. */
static const uint8_t *get_bytes(struct reader *r, size_t size)
{
	r->scratch.size = 0;
	if (!buffer_room(&r->scratch, size + 1))
		r->failed = true;
	else
		get(r, r->scratch.at, size);
	return r->failed ? NULL : (const uint8_t *)r->scratch.at;
}

static bool get_partitions(struct reader *r, struct kmeta_image *image, struct topic *topic)
{
	for (size_t left = get_size(r); left; left--) {
		const struct partition *p =
			(const struct partition *)(const void *)get_bytes(r, get_size(r));
		struct partition_state state;

		if (!p)
			return false;
		partition_unpack(&state, p);
		if (!image_put_partition(image, topic, p->id, &state))
			return false;
	}
	return !r->failed;
}

static bool get_topic(struct reader *r, struct kmeta_image *image)
{
	uint8_t id[IMAGE_ID];
	struct kmeta_bytes name;
	struct topic *topic;
	bool named;

	get(r, id, sizeof(id));
	get(r, &named, sizeof(named));
	name.size = get_size(r);
	name.data = get_bytes(r, name.size);
	topic = name.data ? image_new_topic(image, id, name) : NULL;
	return topic && (!named || image_name_topic(image, topic)) &&
	       get_partitions(r, image, topic);
}

static bool get_item(struct reader *r, struct kmeta_image *image)
{
	const enum kmeta_entity_kind kind = (enum kmeta_entity_kind)get_size(r);
	struct kmeta_bytes key = { 0 }, value = { 0 };

	key.size = get_size(r);
	value.size = get_size(r);
	key.data = get_bytes(r, key.size + value.size);
	value.data = key.data + key.size;
	return key.data && image_put_item(image, kind, key, value);
}

static bool get_all(struct reader *r, struct kmeta_image *image)
{
	size_t left;

	for (left = get_size(r); left && !r->failed; left--)
		if (!get_topic(r, image))
			return false;
	for (left = get_size(r); left && !r->failed; left--)
		if (!get_item(r, image))
			return false;
	return !r->failed;
}

struct kmeta_image *image_thaw(const struct kmeta_frozen *frozen)
{
	struct kmeta_image *image = copy_of_rest(frozen->rest);
	struct reader *r = malloc(sizeof(*r));
	bool whole = image && r;

	if (whole) {
		isal_inflate_init(&r->state);
		r->state.next_in = (uint8_t *)frozen->bytes.at;
		r->state.avail_in = (uint32_t)frozen->bytes.size;
		r->scratch = (struct kmeta_buffer){ 0 };
		r->at = r->have = 0;
		r->failed = false;
		whole = get_all(r, image);
		kmeta_buffer_release(&r->scratch);
	}
	free(r);
	if (whole)
		return image;
	kmeta_image_free(image);
	return NULL;
}
