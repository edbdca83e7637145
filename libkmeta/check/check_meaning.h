/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_meaning.h: finds values that no Kafka writes, while records are replayed. Those that Kafka's
 * image throws on are found by replay itself.
 */
#ifndef KMETA_CHECK_CHECK_MEANING_H
#define KMETA_CHECK_CHECK_MEANING_H

#include "check/check_partition.h"
#include "kmeta/state.h"

struct meaning_check {
	struct kmeta_image *image;
	bool is_checkpoint;       /* the records are those of a checkpoint, in its order */
	bool is_real, is_made_up; /* by the epoch of the first broker that the log registers */
	struct known_nodes known;
	struct partition_check partition;
	kmeta_report *report;
	void *context;
	/* the record that is checked, and whether its partition is new */
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
	bool is_new;
};

/*
 * Watches the records that an image replays from now on, until the image is freed. "image" keeps its
 * address. Begin again when it was given another state. FAILED: out of memory.
 */
KMETA_CHECKED enum kmeta_status meaning_check_begin(struct meaning_check *m,
                                                    struct kmeta_image *image,
                                                    struct kmeta_finding *why);

/* Checks the state where the records end, in this file. */
void meaning_check_end(struct meaning_check *m, const char *file);
void meaning_check_release(struct meaning_check *m);

#endif
