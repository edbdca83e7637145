/* SPDX-License-Identifier: Apache-2.0 */
/* loss.h: what damage took away of a file: how many bytes, and which offsets. */
#ifndef KMETA_CHECK_LOSS_H
#define KMETA_CHECK_LOSS_H

#include "base/findings.h"
#include "kmeta/check.h"

/* Damage that no sound batch has followed yet. */
struct hole {
	bool open;
	int64_t first;  /* offset that is missing, -1: not known */
	int64_t behind; /* the next, if the damaged batch tells, or -1 */
	size_t finding; /* of the damage, among those that were kept */
};

/* Start with first and last -1. */
struct loss {
	int64_t bytes, places;
	int64_t first, last; /* offsets that are missing there; -1: none, and to the end */
	struct hole hole;
};

/* A batch that is just being written is no fault: waits a moment for it if need be. */
bool loss_is_being_written(const char *path, const struct kmeta_finding *why);

/* Damage begins, and will be the next finding that is kept. */
void loss_begin(struct loss *loss, const struct findings *findings, int64_t first, int64_t behind);

/* It ends, or the file does, where "behind" is -1. What it took is added to what was told of it. */
void loss_end(struct loss *loss, struct findings *findings, int64_t bytes, int64_t behind);

/* What is lost up to the end of a segment ends where the next begins. */
void loss_bound(struct loss *loss, int64_t begin);

#endif
