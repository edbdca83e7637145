/* SPDX-License-Identifier: Apache-2.0 */
/* releases.c: the levels of features that each release of Kafka knows. */
#include "check/releases.h"

#include "kmeta/check.h"

#include <stdio.h>
#include <string.h>

static const struct release releases[] = {
	{ "3.3", 1, 7, 7 },   { "3.4", 1, 8, 8 },   { "3.5", 1, 11, 11 }, { "3.6", 1, 14, 14 },
	{ "3.7", 1, 20, 19 }, { "3.8", 1, 21, 20 }, { "3.9", 1, 23, 21 }, { "4.0", 7, 26, 25 },
	{ "4.1", 7, 29, 27 }, { "4.2", 7, 30, 29 }, { "4.3", 7, 31, 30 }, { "4.4", 7, 34, 33 },
};

enum { RELEASES = sizeof(releases) / sizeof(releases[0]) };

/* The first release that knows a level of a feature, in order of levels. */
static const struct {
	const char *name;
	int64_t level;
	const char *release;
} feature_releases[] = {
	{ "transaction.version", 2, "3.9" },
	{ "group.version", 1, "3.9" },
	{ "eligible.leader.replicas.version", 1, "4.0" },
	{ "share.version", 1, "4.1" },
	{ "share.version", 2, "4.4" },
	{ "streams.version", 1, "4.1" },
};

const struct release *release_at(size_t number)
{
	return number < RELEASES ? &releases[number] : NULL;
}

const char *kmeta_start_release(size_t number)
{
	return number < RELEASES ? releases[number].name : NULL;
}

int release_find(const char *name)
{
	for (int i = 0; i < RELEASES; i++) {
		const size_t size = strlen(releases[i].name);

		if (!strncmp(name, releases[i].name, size) && (!name[size] || name[size] == '.'))
			return i;
	}
	return -1;
}

/* The number of the first release that knows this level. -1: none does. */
static int first_release(struct kmeta_bytes name, int64_t level)
{
	if (!level)
		return 0;
	for (size_t i = 0; i < sizeof(feature_releases) / sizeof(feature_releases[0]); i++)
		if (strlen(feature_releases[i].name) == name.size &&
		    !memcmp(feature_releases[i].name, name.data, name.size) &&
		    level <= feature_releases[i].level)
			return release_find(feature_releases[i].release);
	return -1;
}

static void take_feature(struct start_state *s, struct kmeta_bytes name, int64_t level)
{
	static const char own[] = "metadata.version";
	int first;

	/* kraft.version is no feature of the image, but of the quorum. */
	if (name.size == sizeof(own) - 1 && !memcmp(name.data, own, name.size))
		return;
	first = first_release(name, level);
	if (s->oldest < 0 || (first >= 0 && first <= s->oldest))
		return;
	s->oldest = first;
	s->feature_level = level;
	snprintf(s->feature, sizeof(s->feature), "%.*s", (int)name.size, (const char *)name.data);
}

/* Nothing but control records was read. A migration from ZooKeeper always has a state. */
static bool is_empty(const struct kmeta_image *image)
{
	for (int kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		if (kind != KMETA_VOTER && kind != KMETA_ZK_MIGRATION &&
		    kmeta_image_count(image, (enum kmeta_entity_kind)kind))
			return false;
	return true;
}

bool start_state_take(struct start_state *s, const struct kmeta_image *image)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	enum kmeta_status status =
		kmeta_walk_open_kind(&walk, image, KMETA_FEATURE, NULL, KMETA_WALK_NEWEST, &why);

	*s = (struct start_state){ .is_known = true,
		                   .is_new = is_empty(image),
		                   .level = kmeta_image_moment(image).level,
		                   .kraft_version = kmeta_image_quorum(image).kraft_version,
		                   .voters = kmeta_image_count(image, KMETA_VOTER) };
	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, &why)) == KMETA_OK)
		take_feature(s, kmeta_fields_find(entity.fields, "name")->value.bytes,
		             kmeta_fields_find(entity.fields, "featureLevel")->value.integer);
	kmeta_walk_close(walk);
	return status == KMETA_END;
}

/* Voters in the log, and quorum-state of version 1 (KIP-853). */
#define WITH_VOTERS "3.9"

/* Their control records were known before. */
#define WITH_QUORUM_RECORDS "3.8"

static bool is_before(size_t release, const char *other)
{
	return (int)release < release_find(other);
}

bool release_refuses(const struct start_state *s, size_t release, char *why, size_t room)
{
	const struct release *r = &releases[release];
	/* Up to 3.9 a log without metadata.version has the first. */
	const int64_t level = s->level || r->lowest > 1 ? s->level : 1;

	if (!level && !s->is_new)
		snprintf(why, room, "no metadata.version is set, and it takes %d to %d", r->lowest,
		         r->highest);
	else if (level && (level < r->lowest || level > r->highest))
		snprintf(
			why, room,
			"No MetadataVersion with feature level %lld. Valid feature levels are from "
			"%d to %d.",
			(long long)level, r->lowest, r->highest);
	else if (s->oldest < 0 || (size_t)s->oldest > release)
		snprintf(why, room, "it does not know %s %lld", s->feature,
		         (long long)s->feature_level);
	else if (s->kraft_version > 0 && is_before(release, WITH_VOTERS))
		snprintf(why, room, "it does not know kraft.version %d", s->kraft_version);
	else if (s->has_quorum_records && is_before(release, WITH_QUORUM_RECORDS))
		snprintf(why, room, "\"Unknown control record type UNKNOWN\", of kraft.version");
	else if (s->has_later_quorum_state && is_before(release, WITH_VOTERS))
		snprintf(why, room,
		         "\"QuorumStateData: unable to locate field\": it does not read this "
		         "quorum-state");
	else
		return false;
	return true;
}

bool release_is_unstable(const struct start_state *s, size_t release)
{
	return s->level > releases[release].stable && s->level <= releases[release].highest;
}
