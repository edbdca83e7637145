/* SPDX-License-Identifier: Apache-2.0 */
/* diff.h: what was asked of kmeta-diff. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "../changes.h"
#include "../common.h"

enum diff_format { DIFF_TEXT, DIFF_JSON };

struct diff {
	struct common common;
	enum diff_format format;
	bool stat, log;
	unsigned kinds;               /* bits; 0: all */
	int64_t limit, printed, more; /* changes; no limit: -1 */
	struct changes changes;
	struct kmeta_load_options load;
	struct kmeta_image *images[2];
	size_t counts[KMETA_ENTITY_KINDS][3]; /* by enum what */
};

enum kmeta_status diff_states(struct diff *d, struct kmeta_finding *why);

/* With --log. */
enum kmeta_status diff_logs(struct diff *d, struct kmeta_finding *why);

#endif
