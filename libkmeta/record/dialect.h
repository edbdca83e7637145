/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.h: chooses the layout to read a record by, where releases differ. */
#ifndef KMETA_RECORD_DIALECT_H
#define KMETA_RECORD_DIALECT_H

#include "kmeta/record.h"

/* At most so many layouts share a type and version. */
enum { DIALECT_CANDIDATES = 8 };

/*
 * Lists the layouts to try, best first, and returns their number. 0: no release knows the record.
 */
size_t dialect_candidates(const struct kmeta_dialect *dialect, const struct kmeta_record *record,
                          const struct kmeta_schema *candidates[DIALECT_CANDIDATES]);

/*
 * Learns that a record fits "schema" and, if that is not the newest layout, does not fit the
 * newest.
 */
void dialect_learn(struct kmeta_dialect *dialect, const struct kmeta_schema *schema, bool only);

/* The first release that knows a metadata.version level; 0 if its name is not known. */
size_t dialect_release_of_level(int64_t level);

/* True if a release starts on a log that sets this metadata.version. */
bool dialect_accepts_level(size_t release, int64_t level);

/* "3.9" for release 3.9.2. NULL: there is no release of this number. */
const char *dialect_release_series(size_t release);

/* Learns that the stream has this metadata.version from here on. */
void dialect_learn_level(struct kmeta_dialect *dialect, int64_t level);

#endif
