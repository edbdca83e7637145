/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partial.h: what is unknown of an entity in the state of a log that begins late. The first record
 * that changes the entity makes it known in part: it has the fields that records set since.
 */
#ifndef KMETA_STATE_PARTIAL_H
#define KMETA_STATE_PARTIAL_H

#include "state/image.h"

/* The state is that of a log whose part before "offset" is unknown. */
void partial_begin(struct kmeta_image *image, int64_t offset);

/*
 * The unknown fields of an entity, as bits by their number in the newest layout of its kind. 0: it is
 * known. "key" is that of an item, or as partial_key() makes it.
 */
uint64_t partial_unknown(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                         struct kmeta_bytes key);

/* Notes what is unknown of an entity; 0 makes it known. False: out of memory. */
KMETA_CHECKED bool partial_set(struct kmeta_image *image, enum kmeta_entity_kind kind,
                               struct kmeta_bytes key, uint64_t unknown);

/* The key of a topic, or with a number of 0 and above, of one of its partitions. */
enum { PARTIAL_KEY = IMAGE_ID + sizeof(int32_t) };
struct kmeta_bytes partial_key(uint8_t bytes[PARTIAL_KEY], const uint8_t *topic_id,
                               int32_t partition);

/* Adds a topic of which only the id is known, named by it. NULL: out of memory. */
struct topic *partial_topic(struct kmeta_image *image, const uint8_t *id);

/* True if a finding is of no weight where what came before is unknown. */
bool partial_excuses(const struct kmeta_image *image, enum kmeta_code code);

/* Takes unknown fields out. */
void partial_strip(struct kmeta_fields *fields, enum kmeta_entity_kind kind, uint64_t unknown);

/* Takes the unknown fields out of an entity, and says in it which they are. */
void partial_hide(const struct kmeta_image *image, struct kmeta_bytes key,
                  struct kmeta_fields *fields, struct kmeta_entity *entity);

#endif
