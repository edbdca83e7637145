/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.h: which batches of two logs are the same. */
#ifndef KMETA_CHECK_NODES_H
#define KMETA_CHECK_NODES_H

#include "kmeta/log.h"

/*
 * True if two batches are the same by their headers: offsets, size, epoch and checksum, which
 * covers everything else.
 */
bool nodes_same_batch(const struct kmeta_batch *a, const struct kmeta_batch *b);

#endif
