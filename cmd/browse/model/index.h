/* SPDX-License-Identifier: Apache-2.0 */
/* index.h: the timeline of the log, scanned in the background, and which stretches match a filter. */
#ifndef BROWSE_INDEX_H
#define BROWSE_INDEX_H

#include <kmeta.h>

#include "job.h"

/* How many bytes of the log one read takes where the scan has not come to. */
enum { PAGE_STEP = 64 << 10 };

/* Whether a stretch has rows that the filter accepts. */
enum match { MATCH_UNKNOWN, MATCH_NONE, MATCH_SOME };

struct index {
	struct kmeta_timeline *timeline;
	char *address; /* as kmeta_image_load() takes it */
	struct job job;
	pthread_mutex_t lock; /* guards the next members */
	uint8_t *matches;     /* an enum match each; later stretches are unknown */
	size_t matches_count;
};

/* NULL: "why" says what is wrong. */
struct index *index_new(const struct kmeta_pages *pages, const char *address, const char *dialect,
                        struct kmeta_finding *why);
void index_free(struct index *index);

/* Scans the log in the background and writes a byte to "wake" at the end. False: no thread. */
bool index_start(struct index *index, int wake);

/* True until the scan has ended: what the timeline does not know yet, it may know later. */
static inline bool index_is_coming(const struct index *index)
{
	return !atomic_load(&index->job.finished);
}

/* Takes over pages that have grown or, if "replaced", are of other files. False: no memory. */
bool index_renew(struct index *index, const struct kmeta_pages *pages, bool replaced, int wake);

/* Keeps the result of the filter for a stretch. */
enum match index_match(struct index *index, size_t number);
void index_set_match(struct index *index, size_t number, enum match match);
void index_clear_matches(struct index *index);

#endif
