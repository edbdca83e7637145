/* SPDX-License-Identifier: Apache-2.0 */
/* loss.h: what damage hides of a file: how many bytes, and which offsets. */
#ifndef KMETA_CHECK_LOSS_H
#define KMETA_CHECK_LOSS_H

#include "base/findings.h"
#include "kmeta/check.h"

/* Damage that is not followed by a sound batch yet. */
struct hole {
	bool open;
	int64_t first; /* first missing offset, -1: unknown */
	/* the offset after the missing ones, by the damaged batch's header; -1: unknown */
	int64_t behind;
	size_t finding; /* the number of the damage's finding */
};

/* Initialize first and last to -1. */
struct loss {
	int64_t bytes, gaps;
	int64_t first, last; /* missing offsets; first -1: none; last -1: all to the end */
	struct hole hole;
};

/* True if Kafka is just writing the damaged batch. May wait a moment to find out. */
bool loss_is_being_written(const char *path, const struct kmeta_finding *why);

/* Damage begins; its finding is the next one that is kept. */
void loss_begin(struct loss *loss, const struct findings *findings, int64_t first, int64_t behind);

/*
 * Damage ends at the offset "behind"; -1: the file ends in it. Adds what it hides to its finding.
 */
void loss_end(struct loss *loss, struct findings *findings, int64_t bytes, int64_t behind);

/* A loss up to the end of a segment ends where the next segment begins. */
void loss_bound(struct loss *loss, int64_t begin);

#endif
