/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.h: the parts of kmeta-fetch. */
#ifndef FETCH_H
#define FETCH_H

#include "../common.h"
#include "disk.h"

enum fetch_format { FETCH_TEXT, FETCH_JSON };

struct fetch {
	struct common common;

	/* What the command line says; times in milliseconds. */
	const char *out, *properties, *cluster_id;
	bool latest, over_gap, follow, checkpoints, show_status;
	enum fetch_format format;
	int64_t segment_bytes, sync_every, timeout, most_per_second;
	int64_t retain_time, retain_bytes; /* 0: no limit */
	bool to_stdout;

	struct kmeta_quorum *quorum;
	struct copy copy;
	char cluster[64]; /* of the copy; empty: unknown */
	int stop;         /* readable once a signal wants the end */

	/* What this run did. */
	bool is_gap;                       /* in front of the next batch */
	struct kmeta_checkpoint_id newest; /* the newest checkpoint that is there */
	int64_t first_offset;              /* -1: no batch came */
	int64_t batches, bytes, began;
	int64_t flushed, synced, noted, looked; /* when, by common_steady() */
};

/* ---- amounts.c ---- */

/* "30s", "500ms", "7d": milliseconds; "10GiB", "64K": bytes. -1: it is neither. */
int64_t amount_time(const char *text);
int64_t amount_bytes(const char *text);

/* ---- stop.c ---- */

/* A descriptor that becomes readable at the first SIGINT, SIGTERM or SIGHUP; -1: there is none. */
int stop_on_signals(void);

/* ---- about.c: fetch.json ---- */

/* Reads the id of the cluster that the copy is of. END: there is no fetch.json. */
enum kmeta_status about_read(struct fetch *f, struct kmeta_finding *why);
enum kmeta_status about_write(struct fetch *f, struct kmeta_finding *why);

/* ---- checkpoints.c ---- */

/* Fetches a checkpoint into its place, or to standard output. END: the leader has not got it. */
enum kmeta_status checkpoint_fetch(struct fetch *f, struct kmeta_checkpoint_id id,
                                   struct kmeta_finding *why);

/* The same with the newest one, if it is not there yet. */
enum kmeta_status checkpoint_fetch_newest(struct fetch *f, struct kmeta_finding *why);

/* ---- retain.c ---- */

/* Removes what is older or more than is to be kept. */
enum kmeta_status retain_run(struct fetch *f, struct kmeta_finding *why);

/* ---- copy.c and status.c: what the command does ---- */

enum kmeta_status copy_run(struct fetch *f, struct kmeta_finding *why);
enum kmeta_status status_run(struct fetch *f, struct kmeta_finding *why);

#endif
