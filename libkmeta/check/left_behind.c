/* SPDX-License-Identifier: Apache-2.0 */
/* left_behind.c: finds the records that set what Kafka kept of a topic that is gone. */
#include "check/left_behind.h"

#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/decode.h"
#include "record/kind.h"
#include "state/image.h"

bool left_behind_may_be(const struct kmeta_entity *entity)
{
	return entity->kind == KMETA_CONFIG &&
	       fields_must_have(entity->fields, "resourceType")->value.integer == RESOURCE_TOPIC;
}

bool left_behind_add(struct left_behind *l, const struct kmeta_image *checkpoint,
                     const struct kmeta_entity *entity)
{
	const struct item *item = image_item(checkpoint, entity->kind, entity->key);

	if (!l->settings)
		l->settings = kmeta_image_new();
	return l->settings && item &&
	       image_put_item(l->settings, KMETA_CONFIG, entity->key,
	                      (struct kmeta_bytes){ item->value, item->value_size });
}

static enum kmeta_status note_setting(struct left_behind *l, const struct kmeta_batch *batch,
                                      const struct kmeta_record *record,
                                      const struct kmeta_fields *fields, struct kmeta_buffer *key,
                                      struct kmeta_finding *why)
{
	key->size = 0;
	if (!image_key(key, KMETA_CONFIG, fields))
		return KMETA_OK;
	if (key->failed)
		return finding_memory(why);
	if (!image_item(l->settings, KMETA_CONFIG, kmeta_buffer_bytes(key)))
		return KMETA_OK;
	return kmeta_image_apply(l->set, batch, record, fields, NULL, NULL, why);
}

struct look {
	struct left_behind *l;
	struct kmeta_range offsets;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_buffer key;
};

/* Damage was reported where the log was checked. */
static enum kmeta_status look_at_batch(struct look *k, const struct kmeta_batch *batch,
                                       struct kmeta_finding *why)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	enum kmeta_status status;

	while ((status = kmeta_batch_next(batch, &cursor, &record, why)) == KMETA_OK) {
		if (record.control || record.type != KMETA_CONFIG_RECORD ||
		    record.offset < k->offsets.first || record.offset > k->offsets.last ||
		    kmeta_decode(&k->dialect, &record, &k->fields, why) != KMETA_OK)
			continue;
		status = note_setting(k->l, batch, &record, &k->fields, &k->key, why);
		if (status != KMETA_OK)
			return status;
	}
	return status == KMETA_FAILED ? KMETA_FAILED : KMETA_OK;
}

enum kmeta_status left_behind_look(struct left_behind *l, const char *directory,
                                   struct kmeta_range offsets, const char *dialect,
                                   struct kmeta_finding *why)
{
	const struct kmeta_source_options window = { .size = sizeof(window), .offsets = &offsets };
	struct look k = { .l = l, .offsets = offsets };
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	enum kmeta_status status;

	l->set = kmeta_image_new();
	if (!l->set || !kmeta_dialect_init(&k.dialect, dialect))
		return finding_memory(why);
	status = kmeta_source_open(&source, directory, &window, why);
	while (status != KMETA_FAILED &&
	       (status = kmeta_source_next(source, &batch, why)) != KMETA_END)
		if (status == KMETA_OK)
			status = look_at_batch(&k, &batch, why);
	kmeta_source_close(source);
	kmeta_fields_release(&k.fields);
	kmeta_buffer_release(&k.key);
	return status == KMETA_FAILED ? KMETA_FAILED : KMETA_OK;
}

bool left_behind_is(const struct left_behind *l, const struct kmeta_entity *entity)
{
	const struct item *is = image_item(l->settings, entity->kind, entity->key);
	const struct item *was = l->set ? image_item(l->set, entity->kind, entity->key) : NULL;

	return is && was && is->value_size == was->value_size &&
	       !memcmp(is->value, was->value, is->value_size);
}

void left_behind_release(struct left_behind *l)
{
	kmeta_image_free(l->settings);
	kmeta_image_free(l->set);
	*l = (struct left_behind){ 0 };
}
