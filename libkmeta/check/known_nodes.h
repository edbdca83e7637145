/* SPDX-License-Identifier: Apache-2.0 */
/* known_nodes.h: the nodes that were registered in a log so far, and their directories. */
#ifndef KMETA_CHECK_KNOWN_NODES_H
#define KMETA_CHECK_KNOWN_NODES_H

#include "base/table.h"
#include "kmeta/state.h"

/* Set it to { 0 }. */
struct known_nodes {
	struct table table;
	struct pool pool;
	uint64_t seed;
};

/* "directory": 16 bytes, or NULL for the node itself. False: out of memory. */
KMETA_CHECKED bool known_nodes_add(struct known_nodes *k, int32_t id, const uint8_t *directory);
bool known_nodes_has(const struct known_nodes *k, int32_t id, const uint8_t *directory);

/* Adds what a registration, or a change of one, names. False: out of memory. */
KMETA_CHECKED bool known_nodes_learn(struct known_nodes *k, const struct kmeta_fields *fields);

/* Forgets all, and adds those of a state. False: out of memory. */
KMETA_CHECKED bool known_nodes_begin(struct known_nodes *k, const struct kmeta_image *image);

void known_nodes_release(struct known_nodes *k);

#endif
