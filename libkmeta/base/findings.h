/* SPDX-License-Identifier: Apache-2.0 */
/* findings.h: what was found, kept until it can be told in order. */
#ifndef KMETA_BASE_FINDINGS_H
#define KMETA_BASE_FINDINGS_H

#include "kmeta/base.h"

struct findings {
	struct kmeta_finding *at;
	size_t count, capacity, limit;
	int64_t severities[3]; /* how many of each, those beyond the limit too */
	bool failed;           /* out of memory */
};

/* Keeps a finding, or only counts it beyond the limit. */
void findings_keep(struct findings *f, const struct kmeta_finding *finding);

/* Makes and keeps one. */
__attribute__((format(printf, 6, 7))) void findings_add(struct findings *f, enum kmeta_code code,
                                                        const char *file, int64_t position,
                                                        int64_t offset, const char *format, ...);

/* Moves all of "from" to "to". */
void findings_move(struct findings *to, struct findings *from);

/* By position, those of indexes last. */
void findings_sort(struct findings *f);
void findings_release(struct findings *f);

#endif
