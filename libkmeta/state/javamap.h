/* SPDX-License-Identifier: Apache-2.0 */
/* javamap.h: puts elements into the order in which Kafka's hash maps iterate over them. */
#ifndef KMETA_STATE_JAVAMAP_H
#define KMETA_STATE_JAVAMAP_H

#include "kmeta/state.h"

/*
 * Sorts the elements of an array of structs, with the key as their first field, into the iteration
 * order of a java.util.HashMap to which they were added one by one or, with "copied", of a copy of
 * that map. Kafka's registrations keep endpoints and features in such maps, and write them in that
 * order. False: out of memory.
 */
KMETA_CHECKED bool javamap_order(struct kmeta_fields *fields, const char *array, bool copied);

/* Sorts uuids as Java does: as pairs of signed numbers. */
void javamap_sort_uuids(uint8_t *uuids, size_t count);

#endif
