/* SPDX-License-Identifier: Apache-2.0 */
/* history.h: what was asked of kmeta-history. */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include "../changes.h"
#include "../common.h"

enum history_format { HISTORY_TEXT, HISTORY_JSON };

/* Lines that are printed at the end, the newest first. */
struct kept_lines {
	struct kmeta_buffer *at;
	size_t count, capacity, oldest;
	int64_t most; /* keep the newest ones; 0: keep all */
};

struct history {
	struct common common;
	enum history_format format;
	bool leaders, brokers, elections, unclean, follow, reverse, partial;
	int64_t limit;          /* of lines; negative: none */
	size_t addresses_count; /* of the operands */
	const char *since_text;
	struct kmeta_point since; /* KMETA_POINT_START: everything */
	struct kmeta_point until;
	const char *const *targets;
	size_t targets_count;
	bool *found; /* for each of them: it is, or was, there */
	struct changes changes;
	struct kmeta_text *text;
	int64_t events;   /* that were printed */
	int64_t at_start; /* targets that the oldest state holds */
	int64_t changed;  /* events of the targets, printed or not */
	bool start_only;  /* print these, and nothing else */
	struct kmeta_history_span span;
	int32_t leader; /* -1: not known */
	struct kept_lines kept;
};

enum kmeta_status history_entities(struct history *h, struct kmeta_finding *why);
enum kmeta_status history_leaders(struct history *h, struct kmeta_finding *why);

/* ---- what both need ---- */

bool history_is_since(const struct history *h, const struct kmeta_record *record);

/* {"offset":5,"timestamp":...,"epoch":1, and before that the address, if there are several. */
void history_put_json_head(struct history *h, const struct kmeta_batch *batch,
                           const struct kmeta_record *record);

/* Takes a line that is in the output's buffer; false: no more are wanted. */
bool history_end_line(struct history *h);

/* Nothing comes for now; false: nobody reads any more. */
bool history_idle(void *context);

/* ---- elections ---- */

/* A change of a partition's leader, or of having one. */
bool history_is_election(const struct kmeta_change *change);

/* An election of a replica that was neither in the ISR nor in the ELR, so that records were lost. */
bool history_is_unclean(const struct kmeta_change *change);

/* ---- the newest first ---- */

/* Takes a line out of its buffer. False: out of memory. */
bool kept_lines_take(struct kept_lines *kept, struct kmeta_buffer *line);
void kept_lines_print(const struct kept_lines *kept, struct output *out);
void kept_lines_release(struct kept_lines *kept);

#endif
