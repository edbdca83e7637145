/* SPDX-License-Identifier: Apache-2.0 */
/* names.h: what topics were called before the first record that is read. */
#ifndef KMETA_NAMES_H
#define KMETA_NAMES_H

#include "../common.h"

struct names {
	struct kmeta_topics *topics;   /* learns them */
	struct kmeta_dialect *dialect; /* learns from the records too */
	bool backwards;                /* all names that topics ever had, not only the last */
	int64_t limit;                 /* bytes that may be read of a checkpoint, and of the log */
	struct progress *progress;
};

/* Reads the newest checkpoint before "first_offset", of the directory or beside the file, and the
 * records in between. Skips what cannot be read. */
void names_learn(const struct names *names, const char *address, int64_t first_offset);

#endif
