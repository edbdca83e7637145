/* SPDX-License-Identifier: Apache-2.0 */
/* check_quorum.h: checks control records against those before: leaders, kraft.version, voters. */
#ifndef KMETA_CHECK_CHECK_QUORUM_H
#define KMETA_CHECK_CHECK_QUORUM_H

#include "base/findings.h"
#include "kmeta/state.h"

/* What the records before say. Set it to { 0 }. */
struct quorum_check {
	bool has_leader; /* a LEADER_CHANGE was read, in this epoch */
	int32_t epoch;
	bool has_voters; /* the voters are not those of the checkpoint at offset 0 any more */
};

/* "image" is the state before the record. */
void quorum_check_record(struct quorum_check *q, const struct kmeta_image *image,
                         struct findings *findings, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields);

#endif
