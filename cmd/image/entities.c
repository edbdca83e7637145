/* SPDX-License-Identifier: Apache-2.0 */
/* entities.c: the entities of a state that were chosen, in each format. */
#include <unistd.h>

#include "image.h"

/* ---- formats ---- */

void image_begin_arrow(struct image *i)
{
	enum kmeta_entity_kind kind = 0;

	if (isatty(STDOUT_FILENO))
		common_usage(&i->common, "--output=arrow is for programs and not for a terminal: "
		                         "send standard output to a file or a pipe");
	while (kind < KMETA_ENTITY_KINDS && i->kinds != 1u << kind)
		kind++;
	if (kind == KMETA_ENTITY_KINDS)
		common_usage(&i->common,
		             "--output=arrow is a table of one kind of entity: name it, "
		             "as in --kind=partition");
	i->arrow = kmeta_arrow_new_entities(kind, i->common.flags);
	if (!i->arrow)
		common_usage(&i->common, "out of memory");
}

static void image_put_entity(struct image *i, const struct kmeta_entity *entity)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	if (i->format == IMAGE_ARROW) {
		kmeta_arrow_entity(i->arrow, out, entity);
		return;
	}
	if (i->format == IMAGE_RECORDS) {
		kmeta_entity_json(out, entity, i->common.flags);
	} else {
		if (i->common.flags & KMETA_SHOW_COLOR)
			kmeta_buffer_format(out, "\x1b[1m");
		kmeta_entity_path(out, entity, i->common.flags);
		if (i->common.flags & KMETA_SHOW_COLOR)
			kmeta_buffer_format(out, "\x1b[0m");
		kmeta_buffer_add(out, "  ", 2);
		kmeta_entity_text(out, entity, i->common.flags);
		while (out->size && out->at[out->size - 1] == ' ')
			out->size--;
	}
	kmeta_buffer_add(out, "\n", 1);
}

static enum kmeta_status put_entities(struct image *i, struct kmeta_finding *why)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, i->state, i->walk_flags, why);
	int64_t more = 0;

	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		if (!image_wants(i, &entity))
			continue;
		if (i->limit >= 0 && i->printed >= i->limit) {
			more++;
			continue;
		}
		image_put_entity(i, &entity);
		i->printed++;
		if (!output_drain(&i->common.out))
			break;
	}
	kmeta_walk_close(walk);
	common_note_more(&i->common, more);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status put_hash(struct image *i, struct kmeta_finding *why)
{
	uint8_t hash[32];
	const enum kmeta_status status = kmeta_image_hash(i->state, hash, why);

	for (size_t b = 0; status == KMETA_OK && b < sizeof(hash); b++)
		kmeta_buffer_format(&i->common.out.buffer, "%02x", hash[b]);
	if (status == KMETA_OK)
		kmeta_buffer_format(&i->common.out.buffer, "  @%lld  %s\n",
		                    (long long)kmeta_image_moment(i->state).end_offset,
		                    i->common.address);
	return status;
}

static bool drain_document(void *context, struct kmeta_buffer *out)
{
	struct image *i = context;

	(void)out;
	return output_drain(&i->common.out);
}

static enum kmeta_status print_format(struct image *i, struct kmeta_finding *why)
{
	switch (i->format) {
	case IMAGE_HASH:
		return put_hash(i, why);
	case IMAGE_JSON:
		return kmeta_image_json(i->state, image_wants, drain_document, i,
		                        &i->common.out.buffer, i->common.flags, why);
	case IMAGE_TEXT:
		if (!i->words_count && !i->kinds && !image_chooses_partitions(i)) {
			image_print_overview(i);
			return KMETA_OK;
		}
		return put_entities(i, why);
	case IMAGE_RECORDS:
	case IMAGE_ARROW:
		return put_entities(i, why);
	}
	return KMETA_OK;
}

enum kmeta_status image_print(struct image *i, struct kmeta_finding *why)
{
	const enum kmeta_status status =
		i->problems ? image_print_problems(i, why) : print_format(i, why);

	output_flush(&i->common.out);
	if (status == KMETA_OK)
		image_say_absent(i);
	return status;
}
