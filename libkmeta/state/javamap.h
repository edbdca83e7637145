/* SPDX-License-Identifier: Apache-2.0 */
/* javamap.h: puts elements into the order in which Kafka's hash maps iterate over them. */
#ifndef KMETA_STATE_JAVAMAP_H
#define KMETA_STATE_JAVAMAP_H

#include "kmeta/state.h"

/* How a java.util.HashMap came by its size, on which its order depends. */
enum javamap_size {
	JAVAMAP_GROWN, /* new HashMap(), and elements were added one by one */
	JAVAMAP_SIZED, /* such a map was added to a new HashMap(size) */
	JAVAMAP_COPIED /* such a map was copied by new HashMap(map) */
};

/*
 * Sorts the elements of an array of structs, with the key as their first field, into the order in
 * which a java.util.HashMap iterates over them. Kafka keeps endpoints, features and the entities of
 * quotas in such maps, and writes them in that order. False: out of memory.
 */
KMETA_CHECKED bool javamap_order(struct kmeta_fields *fields, const char *array,
                                 enum javamap_size size);

/* Sorts uuids as Java does: as pairs of signed numbers. */
void javamap_sort_uuids(uint8_t *uuids, size_t count);

#endif
