/* SPDX-License-Identifier: Apache-2.0 */
/* javamap.h: the order in which Kafka's hash maps give back what a record put into them. */
#ifndef KMETA_STATE_JAVAMAP_H
#define KMETA_STATE_JAVAMAP_H

#include "kmeta/state.h"

/*
 * Puts the elements of an array of structs, each with its key as first field, into the order in
 * which a java.util.HashMap gives them after they were put into it one by one, and, with "copied",
 * a copy of that map. Kafka's registrations keep endpoints and features so, and write them in that
 * order. False: out of memory.
 */
KMETA_CHECKED bool javamap_order(struct kmeta_fields *fields, const char *array, bool copied);

/* Sorts uuids as Java does: as pairs of signed numbers. */
void javamap_sort_uuids(uint8_t *uuids, size_t count);

#endif
