/* SPDX-License-Identifier: Apache-2.0 */
/* findings.h: findings of one check, kept until they can be reported in order. */
#ifndef KMETA_BASE_FINDINGS_H
#define KMETA_BASE_FINDINGS_H

#include "kmeta/base.h"

struct findings {
	struct kmeta_finding *at;
	size_t count, capacity, limit;
	int64_t severities[3];       /* findings by severity, including those beyond the limit */
	int64_t unread;              /* findings that something was not looked at, likewise */
	bool failed;                 /* out of memory */
	struct findings_name *names; /* of files that findings have as copies */
};

/* Keeps a finding, or only counts it beyond the limit. */
void findings_keep(struct findings *f, const struct kmeta_finding *finding);

/* The same with a copy of the file's name, which need not stay. */
void findings_keep_copy(struct findings *f, const struct kmeta_finding *finding);

/* Fills in a finding and keeps it. */
__attribute__((format(printf, 6, 7))) void findings_add(struct findings *f, enum kmeta_code code,
                                                        const char *file, int64_t position,
                                                        int64_t offset, const char *format, ...);

/* Moves all of "from" to "to". */
void findings_move(struct findings *to, struct findings *from);

/* Sorts by position; findings of indexes come last. */
/* Keeps the findings for which "keep" is true, and forgets the others and their counts. */
void findings_select(struct findings *f,
                     bool (*keep)(void *context, const struct kmeta_finding *finding),
                     void *context);

void findings_sort(struct findings *f);
void findings_release(struct findings *f);

#endif
