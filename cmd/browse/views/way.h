/* SPDX-License-Identifier: Apache-2.0 */
/* way.h: the places that the user came from, and the jumps from an entity to what belongs to it. */
#ifndef BROWSE_VIEWS_WAY_H
#define BROWSE_VIEWS_WAY_H

#include "view.h"

/* ---- wishes ---- */

void wish_release(struct wish *wish);

/* ---- the way ---- */

/* Keeps the place where the user is, before a jump. */
void way_push(struct screen *s);

/* Takes the last place off the way. False: there is none. The caller releases its wish and name. */
bool way_pop(struct screen *s, struct crumb *crumb);
void way_clear(struct way *way);

/* Forgets the views that lead to this one, which closes, but not where the log was before. */
void way_leave_views(struct screen *s);

/* Appends the places and then that of the view that is open: "partitions > history of brokers/1 > state". */
void way_print(const struct screen *s, struct kmeta_buffer *out);

/* Opens another view, and keeps the place before it. */
void way_open(struct screen *s, enum view_kind kind);

/* ---- entities ---- */

/* Copies what jumps need of an entity. False: out of memory. */
bool choice_take(struct choice *choice, const struct kmeta_entity *entity, unsigned flags);

/* Finds the entity of a path in a state. False: the state does not have it. */
bool choice_find(struct choice *choice, const struct kmeta_image *image, const char *path,
                 unsigned flags);
void choice_release(struct choice *choice);

/* The word for entities of a kind: of partitions too, whose paths begin with that of topics. */
const char *choice_word(enum kmeta_entity_kind kind);

/* Their keys, in each view that has entities. */
void jump_to_leader(struct screen *s);
void jump_to_partitions(struct screen *s);
void jump_to_change(struct screen *s);
void jump_to_history(struct screen *s);

/* clang-format off */
#define WAY_KEYS \
	{ 'b', "b", "of a partition, its leader's broker", jump_to_leader, "go-to-leader" }, \
	{ 'p', "p", "the partitions of a broker or a topic, as a table", jump_to_partitions, "go-to-partitions" }, \
	{ 'l', "l", "the record that changed it last", jump_to_change, "last-change" }, \
	{ 'o', "o", "its history: all its changes as a list", jump_to_history, "history" }
/* clang-format on */

#endif
