/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.h: which layout of a record to read by, where releases differ. */
#ifndef KMETA_RECORD_DIALECT_H
#define KMETA_RECORD_DIALECT_H

#include "kmeta/record.h"

/* At most so many layouts share a type and version. */
enum { DIALECT_CANDIDATES = 8 };

/* The layouts to try, best first; returns how many. 0: no release knows such a record. */
size_t dialect_candidates(const struct kmeta_dialect *dialect, const struct kmeta_record *record,
                          const struct kmeta_schema *candidates[DIALECT_CANDIDATES]);

/* Takes in that a record fitted "schema" and that the newest layout did not fit, if it is not that
 * one. */
void dialect_learn(struct kmeta_dialect *dialect, const struct kmeta_schema *schema, bool only);

/* The first release that knows a metadata.version, 0 where its name is not known. */
size_t dialect_release_of_level(int64_t level);

/* Takes in that the stream is at this metadata.version from here on. */
void dialect_learn_level(struct kmeta_dialect *dialect, int64_t level);

#endif
