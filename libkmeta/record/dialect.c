/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dialect.c: chooses the release whose layouts a stream was written with: as asked, or by what the
 * stream has shown.
 */
#include "record/dialect.h"

#include <stdio.h>
#include <string.h>

#include "record/schema.h"

/*
 * The names of metadata.version levels begin with the release that introduced them (Kafka's
 * MetadataVersion).
 */
static const char *const levels[] = {
	NULL,      "3.0-IV1", "3.1-IV0", "3.2-IV0", "3.3-IV0", "3.3-IV1", "3.3-IV2",
	"3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1",
	"3.6-IV2", "3.7-IV0", "3.7-IV1", "3.7-IV2", "3.7-IV3", "3.7-IV4", "3.8-IV0",
	"3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0", "4.1-IV1",
	"4.2-IV0", "4.2-IV1", "4.3-IV0", "4.4-IV0", "4.4-IV1", "4.4-IV2", "4.5-IV0",
};

enum { LEVELS = sizeof(levels) / sizeof(levels[0]) };

/*
 * The lowest and highest metadata.version that each release knows: the first and last constant of
 * its MetadataVersion. Releases before 3.3 had no such feature, and read the levels that were named
 * after them later.
 */
static const struct {
	const char *release;
	int16_t lowest, highest;
} release_levels[] = {
	{ "2.8", 0, 1 },  { "3.0", 0, 1 },  { "3.1", 0, 2 },  { "3.2", 0, 3 },
	{ "3.3", 1, 7 },  { "3.4", 1, 8 },  { "3.5", 1, 11 }, { "3.6", 1, 14 },
	{ "3.7", 1, 20 }, { "3.8", 1, 21 }, { "3.9", 1, 23 }, { "4.0", 7, 26 },
	{ "4.1", 7, 29 }, { "4.2", 7, 30 }, { "4.3", 7, 31 }, { "4.4", 7, 34 },
};

enum { RELEASES = sizeof(release_levels) / sizeof(release_levels[0]) };

const char *kmeta_metadata_version_name(int64_t level)
{
	return level > 0 && level < LEVELS ? levels[level] : NULL;
}

const char *kmeta_release_name(size_t release)
{
	return release < schema_releases_count ? schema_releases[release] : NULL;
}

static const struct schema_type *type_of(bool control, int32_t type)
{
	const struct schema_type *types = control ? schema_control : schema_metadata;
	const size_t count = control ? schema_control_count : schema_metadata_count;

	return type >= 0 && (size_t)type < count && types[type].name ? &types[type] : NULL;
}

const char *kmeta_type_name(bool control, int32_t type)
{
	const struct schema_type *t = type_of(control, type);

	return t ? t->name : NULL;
}

const char *kmeta_type_about(bool control, int32_t type)
{
	const struct schema_type *t = type_of(control, type);

	return t ? t->about : NULL;
}

const struct kmeta_schema *kmeta_schema_find(bool control, int32_t type, int32_t version)
{
	const struct schema_type *t = type_of(control, type);

	return t && version >= 0 && version < t->versions_count ? t->versions[version] : NULL;
}

/* ---- releases ---- */

static int dialect_newest(void)
{
	return (int)schema_releases_count - 1;
}

/* "3.2" means any 3.2.x and "4" any 4.x: the newest of them. */
static bool release_matches(const char *release, const char *asked, size_t size)
{
	return !strncmp(release, asked, size) && (release[size] == '\0' || release[size] == '.');
}

static bool is_dotted(const char *release)
{
	while (*release >= '0' && *release <= '9') {
		release += strspn(release, "0123456789");
		if (*release == '.' && release[1] != '\0')
			release++;
	}
	return *release == '\0';
}

/* major * 1000 + minor of "3.2.3"; -1: no release. Patch releases never change a layout. */
static int minor_of(const char *release)
{
	unsigned major, minor;

	if (sscanf(release, "%2u.%2u", &major, &minor) != 2)
		return -1;
	return (int)(major * 1000 + minor);
}

static int find_release(const char *asked)
{
	const int minor = minor_of(asked);

	if (!*asked || !is_dotted(asked))
		return -1;
	for (int i = dialect_newest(); i >= 0; i--)
		if (release_matches(schema_releases[i], asked, strlen(asked)) ||
		    (minor >= 0 && minor == minor_of(schema_releases[i])))
			return i;
	return -1;
}

bool kmeta_dialect_init(struct kmeta_dialect *dialect, const char *release)
{
	struct kmeta_dialect d = { .release = -1, .lowest = 0, .highest = dialect_newest() };

	if (release && strcmp(release, "auto") != 0) {
		d.release = find_release(release);
		if (d.release < 0)
			return false;
	}
	*dialect = d;
	return true;
}

/* ---- layouts ---- */

/*
 * Only 2.8, the first release in the tables, writes frame version 0. Control records have no frame.
 */
static bool fits_frame(const struct kmeta_schema *schema, const struct kmeta_record *record)
{
	if (record->control)
		return true;
	return record->frame == 0 ? schema->first_release == 0 : schema->last_release > 0;
}

/* How far a layout's releases are from the range that is asked for; 0: they meet it. */
static int distance(const struct kmeta_schema *schema, int lowest, int highest)
{
	if (schema->first_release > highest)
		return schema->first_release - highest;
	return schema->last_release < lowest ? lowest - schema->last_release : 0;
}

size_t dialect_candidates(const struct kmeta_dialect *dialect, const struct kmeta_record *record,
                          const struct kmeta_schema *candidates[DIALECT_CANDIDATES])
{
	const int lowest = dialect->release >= 0 ? dialect->release : dialect->lowest;
	const int highest = dialect->release >= 0 ? dialect->release : dialect->highest;
	const struct kmeta_schema *schema =
		kmeta_schema_find(record->control, record->type, record->version);
	size_t count = 0;

	/* Most records have one layout in all releases. */
	if (schema && !schema->older && fits_frame(schema, record)) {
		candidates[0] = schema;
		return 1;
	}
	for (; schema && count < DIALECT_CANDIDATES; schema = schema->older) {
		size_t at = count;

		if (!fits_frame(schema, record))
			continue;
		/* Of two equally near layouts, the newer one comes first. */
		while (at > 0 && distance(candidates[at - 1], lowest, highest) >
		                         distance(schema, lowest, highest)) {
			candidates[at] = candidates[at - 1];
			at--;
		}
		candidates[at] = schema;
		count++;
	}
	return dialect->release >= 0 && count > 1 ? 1 : count;
}

void dialect_learn(struct kmeta_dialect *dialect, const struct kmeta_schema *schema, bool only)
{
	if (schema->first_release > dialect->lowest)
		dialect->lowest = schema->first_release;
	/*
	 * An upgrade may follow at any time: only a record that no newer layout fits speaks against
	 * newer releases.
	 */
	if (only && schema->last_release < dialect->highest)
		dialect->highest = schema->last_release;
	if (dialect->highest < dialect->lowest)
		dialect->highest = dialect_newest();
}

size_t dialect_release_of_level(int64_t level)
{
	const char *name = kmeta_metadata_version_name(level);
	int release = 0;

	while (name && release < dialect_newest() &&
	       minor_of(schema_releases[release]) < minor_of(name))
		release++;
	return (size_t)release;
}

/* The place of a release in release_levels; RELEASES if it has none. */
static size_t levels_of(size_t release)
{
	const int minor = release < schema_releases_count ? minor_of(schema_releases[release]) : -1;
	size_t i = 0;

	while (i < RELEASES && minor_of(release_levels[i].release) != minor)
		i++;
	return i;
}

bool dialect_accepts_level(size_t release, int64_t level)
{
	const size_t i = levels_of(release);

	return i < RELEASES && level >= release_levels[i].lowest &&
	       level <= release_levels[i].highest;
}

const char *dialect_release_series(size_t release)
{
	const size_t i = levels_of(release);

	return i < RELEASES ? release_levels[i].release : NULL;
}

void dialect_learn_level(struct kmeta_dialect *dialect, int64_t level)
{
	const int release = (int)dialect_release_of_level(level);

	if (release > dialect->lowest)
		dialect->lowest = release;
	if (dialect->highest < dialect->lowest)
		dialect->highest = dialect_newest();
}
