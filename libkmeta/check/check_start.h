/* SPDX-License-Identifier: Apache-2.0 */
/* check_start.h: whether Kafka starts on a directory, by its own rules at start, release by release. */
#ifndef KMETA_CHECK_CHECK_START_H
#define KMETA_CHECK_CHECK_START_H

#include "base/findings.h"
#include "check/check_quorum.h"
#include "check/identity.h"
#include "check/releases.h"
#include "log/logdir.h"

struct start_check {
	const struct logdir *dir;
	const struct identity *identity;
	bool has_log_directory; /* the address is the directory above, or beside other logs */
	const struct start_state *state;
	/* The voters of quorum-state, and those of the configuration, as int32_t, sorted; none: not known. */
	struct kmeta_bytes quorum_voters, static_voters;
	const struct quorum_end *quorum;
	int release; /* judge for this one; -1: for all that are known */
	struct findings *findings;
	const char *directory; /* the one above; findings borrow it */
};

/* Adds findings for what keeps Kafka from starting, whatever the records say. */
void start_check(struct start_check *c);

/*
 * The releases that start on a state, as numbers; "first" above "last": none. Those that only take its
 * level as an unstable one count if "release" is one to judge for, or there is no other.
 */
void start_releases(const struct start_state *state, int release, int *first, int *last);

/*
 * The first release, as a number, that does not start on what a finding says; those after it do not
 * either. Kafka reads the newest checkpoint, which may be NULL, and the records behind it. -1: all
 * start.
 */
int start_stopped_from(const struct kmeta_finding *finding, const struct logdir_file *newest);

/* The first release, as a number, that starts in spite of a finding. 0: it matters for none, or all. */
int start_allowed_from(const struct kmeta_finding *finding);

#endif
