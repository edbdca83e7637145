/* SPDX-License-Identifier: Apache-2.0 */
/* check_companions.c: the files that Kafka's log keeps beside each segment. */
#include "check/check_companions.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/wire.h"
#include "check/side_text.h"
#include "record/batch.h"

enum {
	DIGITS = 20, /* of the offset in a name */
	BODY = 6,    /* behind version and checksum */
	WHOLE = 10,  /* a snapshot of no producer: the metadata log has none */
	LATEST_VERSION = 1
};

/* ---- producer snapshots: Kafka's ProducerStateManager ---- */

static const char *fault_of(struct kmeta_bytes bytes)
{
	if (bytes.size < WHOLE)
		return "it is cut off";
	if (wire_get16(bytes.data) != LATEST_VERSION)
		return "its version is not 1";
	if (crc32c(bytes.data + BODY, bytes.size - BODY) != wire_get32(bytes.data + 2))
		return "its checksum is wrong";
	if (bytes.size != WHOLE || wire_get32(bytes.data + BODY))
		return "it holds producers, which metadata never has";
	return NULL;
}

/* Kafka deletes one that it cannot read, and reads the log instead. */
static void check_snapshot(struct companions *c, const char *path)
{
	struct side_text text = { 0 };
	struct kmeta_finding why;
	const enum kmeta_status status = side_text_read(&text, path, &why);
	const char *fault = fault_of((struct kmeta_bytes){ (uint8_t *)text.at, text.size });

	if (status == KMETA_FAILED) {
		why.file = path;
		findings_keep(c->findings, &why);
	} else if (status == KMETA_OK && fault) {
		findings_add(c->findings, KMETA_BAD_PRODUCERS, path, 0, -1, "%s", fault);
	}
	side_text_release(&text);
}

/* ---- names ---- */

static bool is_digits(const char *name)
{
	for (size_t i = 0; i < DIGITS; i++)
		if (name[i] < '0' || name[i] > '9')
			return false;
	return true;
}

static bool has_segment(const struct companions *c, int64_t offset)
{
	for (size_t i = 0; i < c->segments->count; i++)
		if (c->segments->at[i].offset == offset)
			return true;
	return false;
}

static const struct companion {
	const char *suffix;
	bool is_snapshot; /* it is named for an end offset, otherwise for a segment's first */
} companions[] = {
	{ ".snapshot", true },
	{ ".index", false },
	{ ".timeindex", false },
	{ ".txnindex", false },
};

static const struct companion *companion_of(const char *name)
{
	if (strlen(name) <= DIGITS || !is_digits(name))
		return NULL;
	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++)
		if (!strcmp(name + DIGITS, companions[i].suffix))
			return &companions[i];
	return NULL;
}

/* Kafka creates an index with its segment, and a snapshot at the end of the log. */
static void check_offset(struct companions *c, const char *path, const struct companion *kind)
{
	const int64_t offset = strtoll(strrchr(path, '/') + 1, NULL, 10);

	if (c->end_offset < 0)
		return;
	if (kind->is_snapshot && offset > c->end_offset)
		findings_add(c->findings, KMETA_WAS_LONGER, path, -1, offset,
		             "the log went on to offset %lld, but ends at %lld", (long long)offset,
		             (long long)c->end_offset);
	else if (!kind->is_snapshot && offset >= c->end_offset && !has_segment(c, offset))
		findings_add(c->findings, KMETA_PAST_LOG, path, -1, offset,
		             "its segment is gone, and with it the end of the log");
}

static void check_path(struct companions *c, const char *path)
{
	const struct companion *kind = companion_of(strrchr(path, '/') + 1);

	assert(kind);
	check_offset(c, path, kind);
	if (kind->is_snapshot)
		check_snapshot(c, path);
}

static bool keep_path(struct companions *c, const char *name)
{
	const size_t size = strlen(c->directory) + strlen(name) + 2;
	char **paths = array_room(c->paths, &c->capacity, c->count + 1, sizeof(*paths));

	if (!paths)
		return false;
	c->paths = paths;
	paths[c->count] = malloc(size);
	if (!paths[c->count])
		return false;
	snprintf(paths[c->count++], size, "%s/%s", c->directory, name);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum kmeta_status companions_check(struct companions *c, struct kmeta_finding *why)
{
	DIR *directory = opendir(c->directory);
	const struct dirent *entry;
	bool kept = true;

	while (directory && kept && (entry = readdir(directory)) != NULL)
		kept = !companion_of(entry->d_name) || keep_path(c, entry->d_name);
	if (directory)
		closedir(directory);
	if (!kept)
		return finding_memory(why);
	if (c->count)
		qsort(c->paths, c->count, sizeof(*c->paths), by_name);
	for (size_t i = 0; i < c->count; i++)
		check_path(c, c->paths[i]);
	return KMETA_OK;
}

void companions_release(struct companions *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->paths[i]);
	free(c->paths);
	*c = (struct companions){ 0 };
}
