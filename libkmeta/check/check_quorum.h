/* SPDX-License-Identifier: Apache-2.0 */
/* check_quorum.h: checks control records against those before: leaders, kraft.version, voters. */
#ifndef KMETA_CHECK_CHECK_QUORUM_H
#define KMETA_CHECK_CHECK_QUORUM_H

#include "base/findings.h"
#include "kmeta/state.h"

/* What the records before say. Set it to { 0 }, and release it. */
struct quorum_check {
	bool has_leader; /* a LEADER_CHANGE was read, in this epoch */
	int32_t epoch;
	bool has_voters; /* the voters are not those of the checkpoint at offset 0 any more */
	bool has_record, has_voters_record;
	int64_t last_record;       /* of kraft.version or voters, its offset */
	struct kmeta_buffer named; /* the ids of voters in the last LEADER_CHANGE, as int32_t */
};

/* The quorum at the end of a log, to hold other files against. */
struct quorum_end {
	bool is_known;
	int32_t leader, leader_epoch;
	struct kmeta_buffer voters; /* their ids, as int32_t */
	char voter_directory[32];   /* of the voter that a node is; "": none, or unknown */
	int32_t only_voter;         /* where there is one voter only, whose directory is known */
	char only_directory[32];    /* "": there is none, or there are others */
	bool has_voters;            /* a record of voters was read */
	int64_t last_record;        /* the last one of kraft.version or voters; -1: there is none */
};

/* "image" is the state before the record. */
void quorum_check_record(struct quorum_check *q, const struct kmeta_image *image,
                         struct findings *findings, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields);

/*
 * Takes over what is known where the log ends. "node_id" is the directory's own, or -1. False: out of
 * memory.
 */
KMETA_CHECKED bool quorum_check_end(struct quorum_check *q, const struct kmeta_image *image,
                                    int32_t node_id, struct quorum_end *end);
void quorum_check_release(struct quorum_check *q);

/* True if there is a voter with this id, or no voter is known. */
bool quorum_end_is_voter(const struct quorum_end *end, int64_t id);
void quorum_end_release(struct quorum_end *end);

#endif
