/* SPDX-License-Identifier: Apache-2.0 */
/* info.h: what was asked of kmeta-info, the directories, and how they stand to each other. */
#ifndef INFO_INFO_H
#define INFO_INFO_H

#include "../common.h"

enum info_format { INFO_TEXT, INFO_JSON };

/* How a directory stands in the quorum. */
struct standing {
	bool has_log;     /* it has a metadata log, or a checkpoint */
	bool is_voter;    /* its id, and its directory's where that is known, is among the voters */
	bool is_other;    /* its id is that of a voter, but its directory is not */
	bool is_stranger; /* of another cluster than most */
	bool is_twin;     /* its node id was given before */
	bool is_blank;    /* it was formatted, while others have a log: it votes for anybody */
	size_t votes;     /* voters that are given and would vote for it, itself among them */
	bool can_win;
};

struct info {
	struct common common;
	enum info_format format;
	bool partitions;
	struct kmeta_info **at;
	struct standing *standings;
	size_t count;

	/* The voters that count, and where they are from. Borrowed. */
	const struct kmeta_info_voters *voters;
	const char *voters_from; /* NULL: nothing tells the voters */
	size_t majority, given;  /* votes that are needed, and voters that are given */
	int winner;              /* the newest of those that can win; -1: none */

	struct kmeta_buffer remarks; /* what does not fit, a line each */
	struct kmeta_buffer first;   /* what to do first */
	size_t strays;
};

/* A name for people: "node 3", or the address where there is no id. */
void info_put_name(struct kmeta_buffer *out, const struct kmeta_info *info);

bool info_is_voter_id(const struct kmeta_info_voters *voters, int32_t id);
void info_put_voter_ids(struct kmeta_buffer *out, const struct kmeta_info_voters *voters);

/* Finds how the directories stand to each other. False: out of memory. */
bool info_judge(struct info *i);

/* Finds what does not fit, and what to do first. */
void info_remark(struct info *i);
void info_advise(struct info *i);

/* "node 1 loses offsets 16..17 (2 records)", for each that would; "nothing is lost". */
void info_put_loss(const struct info *i, size_t winner, struct kmeta_buffer *out);

/* Judges by kmeta_verify(). False: nothing can be said, as part of it cannot be read. */
bool info_judge_start(const struct info *i, const struct kmeta_info *info,
                      struct kmeta_verify_totals *totals);

void info_print_screen(struct info *i, const struct kmeta_info *info);
void info_print_table(struct info *i);
void info_print_json(struct info *i);

/* The directories of partitions beside one metadata log. */
enum kmeta_status info_print_partitions(struct info *i, const struct kmeta_info *info,
                                        struct kmeta_finding *why);

#endif
