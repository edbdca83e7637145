/* SPDX-License-Identifier: Apache-2.0 */
/* releases.h: which releases of Kafka can read what a state says, by metadata.version and features. */
#ifndef KMETA_CHECK_RELEASES_H
#define KMETA_CHECK_RELEASES_H

#include "kmeta/state.h"

/* Releases with KRaft for production, by number from 0 on. */
struct release {
	const char *name; /* "4.3" */
	/* Levels of metadata.version: those that it takes, and the highest without
	   unstable.feature.versions.enable (MetadataVersion). */
	int16_t lowest, highest, stable;
};

/* NULL: past the last. */
const struct release *release_at(size_t number);

/* The number of a release by its name, "4.3" or "4.3.1". -1: it is not known. */
int release_find(const char *name);

/* What of a state decides which releases start on it. */
struct start_state {
	bool is_known;
	bool is_new; /* nothing is set yet: Kafka begins with bootstrap.checkpoint, or its own levels */
	int64_t level; /* of metadata.version; 0: none is set */
	int kraft_version;
	size_t voters;
	/* The oldest release that knows the other features, as a number, and which one asks for it.
	   -1: no release does. */
	int oldest;
	char feature[64];
	int64_t feature_level;
	bool has_quorum_records;     /* of kraft.version or voters, behind the newest checkpoint */
	bool has_later_quorum_state; /* quorum-state is JSON, but not what releases before 3.9 wrote */
};

/* Takes what an image says of the log. False: out of memory. */
KMETA_CHECKED bool start_state_take(struct start_state *s, const struct kmeta_image *image);

/* Why a release does not start on a state, as its server says. False: it does. */
bool release_refuses(const struct start_state *s, size_t release, char *why, size_t room);

/* True if the level is one of those that a release takes with unstable.feature.versions.enable only. */
bool release_is_unstable(const struct start_state *s, size_t release);

#endif
