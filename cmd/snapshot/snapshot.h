/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.h: what was asked of kmeta-snapshot, the state, and what is made of it. */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "../common.h"
#include "../common/place.h"

enum out_kind { OUT_DIRECTORY, OUT_FILE, OUT_STREAM };
enum voters_choice { VOTERS_KEEP, VOTERS_STATIC, VOTERS_GIVEN };

/* The voters that are written, or those of the state. */
struct voters {
	struct kmeta_voter *at;
	size_t count;
	char **texts; /* what the voters borrow */
	size_t texts_count;
};

struct snapshot {
	struct common common;

	/* what was asked for */
	const char *out;
	enum out_kind out_kind;
	const char *mode_text;
	mode_t mode;
	const char *voters_text; /* NULL: keep */
	enum voters_choice voters_choice;
	int32_t epoch, node_id; /* -1: not given */
	const char *cluster_id, *directory_id;
	unsigned only, ignored; /* bits of kinds */
	bool force, dry_run, no_verify;
	struct kmeta_load_options load;

	/* the source */
	char *path;
	struct kmeta_image *state;
	struct kmeta_moment moment;
	struct kmeta_node node; /* meta.properties of the source, then of the result */
	struct voters voters_of_state;

	/* the result */
	struct voters voters_given;
	const struct kmeta_voter *voters; /* of the result; NULL: it is static */
	size_t voters_count;
	int32_t kraft_version, epoch_written;
	bool directory_id_from_voter;
	char name[48]; /* of the checkpoint */
	struct kmeta_checkpoint_totals totals;
	int64_t bytes_written;

	/* about entities that are left out */
	bool is_counting;
	int64_t left_out[KMETA_ENTITY_KINDS];
	int64_t topics_without_partitions, partitions_without_brokers, configs_without_brokers;
	bool lost; /* the state is not all that there was */
};

/* ---- voters.c ---- */

/* Parses --voters; a mistake ends the process. */
void snapshot_take_voters(struct snapshot *s);

/* Decides who votes in the result. */
enum kmeta_status snapshot_settle_voters(struct snapshot *s, struct kmeta_finding *why);
void voters_release(struct voters *voters);

/* The number of nodes that have to agree. */
size_t voters_majority(const struct snapshot *s);

/* True if other nodes than before elect the leader. */
bool snapshot_changes_voters(const struct snapshot *s);

/* Where the quorum begins to search, as the configuration has it: "host:port,host:port". */
void voters_put_servers(struct kmeta_buffer *out, const struct snapshot *s);
void voters_put_ids(struct kmeta_buffer *out, const struct snapshot *s);

/* Appends why no node can ever lead from the result; nothing if one can. */
void snapshot_put_obstacle(const struct snapshot *s, struct kmeta_buffer *out);

/* The last epoch that the source knows of. */
int32_t snapshot_known_epoch(const struct snapshot *s);

/* ---- choose.c ---- */

/* A kmeta_wanted whose context is the struct snapshot. */
bool snapshot_wants(void *context, const struct kmeta_entity *entity);
void snapshot_check_kinds(const struct snapshot *s);

/* ---- write.c ---- */

enum kmeta_status snapshot_write(struct snapshot *s, struct kmeta_finding *why);

/* ---- compare.c ---- */

/* Holds the checkpoint in a file against the state. FAILED: it is another one. */
enum kmeta_status snapshot_compare(struct snapshot *s, const char *file, struct kmeta_finding *why);

/* ---- report.c ---- */

void snapshot_report(struct snapshot *s);

#endif
