/* SPDX-License-Identifier: Apache-2.0 */
/* history.h: what was asked of kmeta-history. */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include "../changes.h"
#include "../common.h"

enum history_format { HISTORY_TEXT, HISTORY_JSON };

struct history {
	struct common common;
	enum history_format format;
	bool leaders, brokers, follow;
	const char *since_text;
	struct kmeta_point since; /* KMETA_POINT_START: everything */
	struct kmeta_point until;
	const char *const *targets;
	size_t targets_count;
	struct changes changes;
	struct kmeta_text *text;
	int64_t events;
	int32_t leader; /* -1: not known */
};

enum kmeta_status history_entities(struct history *h, struct kmeta_finding *why);
enum kmeta_status history_leaders(struct history *h, struct kmeta_finding *why);

/* ---- what both need ---- */

bool history_is_since(const struct history *h, const struct kmeta_record *record);

/* "offset":5,"timestamp":...,"epoch":1, */
void history_put_json_head(struct history *h, const struct kmeta_batch *batch,
                           const struct kmeta_record *record);

/* Nothing comes for now; false: nobody reads any more. */
bool history_idle(void *context);

#endif
