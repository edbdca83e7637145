/* SPDX-License-Identifier: Apache-2.0 */
/* names.h: what topics were called before the first record that is read. */
#ifndef KMETA_NAMES_H
#define KMETA_NAMES_H

#include "../common.h"

struct names {
	struct kmeta_topics *topics;   /* that learns them */
	struct kmeta_dialect *dialect; /* that learns too */
	bool backwards; /* names are wanted as they were at any time, not only at the end */
	int64_t limit;  /* bytes that may be read of a checkpoint, and of the log */
	struct progress *progress;
};

/* By the newest checkpoint before "first_offset", of the directory or of that of the file, and by
 * the records between. What cannot be read is left. */
void names_learn(const struct names *names, const char *address, int64_t first_offset);

#endif
