/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: what topics were called before the first record that is read. */
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* False: out of memory. */
static bool learn_batch(const struct names *n, const struct kmeta_batch *batch,
                        struct kmeta_fields *fields)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding ignored; /* a topic without a name is printed by its id */

	while (kmeta_batch_next(batch, &cursor, &record, &ignored) == KMETA_OK) {
		if (!kmeta_topics_wants(&record) ||
		    kmeta_decode(n->dialect, &record, fields, &ignored) != KMETA_OK)
			continue;
		if (n->backwards && !kmeta_fields_find(fields, "name"))
			continue;
		if (!kmeta_topics_learn(n->topics, &record, fields))
			return false;
	}
	return true;
}

/* Finds as many names as it can. Damage is no matter here: nobody asked for these records, and a
 * topic without a name is printed by its id. */
static void learn_from(const struct names *n, const char *address, bool regular,
                       struct kmeta_range offsets)
{
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .offsets = &offsets,
		                                     .regular = regular };
	struct kmeta_source *source = NULL;
	struct kmeta_fields fields = { 0 };
	struct kmeta_batch batch;
	struct kmeta_finding ignored; /* a topic without a name is printed by its id */
	enum kmeta_status status;
	int64_t bytes = 0;

	if (kmeta_source_open(&source, address, &window, &ignored) != KMETA_OK)
		return;
	do {
		status = kmeta_source_next(source, &batch, &ignored);
		bytes += status == KMETA_OK ? batch.size : 0;
		if (status == KMETA_OK && !learn_batch(n, &batch, &fields))
			break;
		progress_step(n->progress, source);
	} while ((status == KMETA_OK || status == KMETA_DAMAGED) && bytes < n->limit);
	kmeta_fields_release(&fields);
	kmeta_source_close(source);
}

/* The directory that a file lies in, or the directory itself. The caller frees it. */
static char *directory_of(const char *address)
{
	const char *slash = strrchr(address, '/');
	struct stat st;

	if (stat(address, &st) == 0 && S_ISDIR(st.st_mode))
		return strdup(address);
	return slash ? strndup(address, (size_t)(slash - address) + 1) : strdup(".");
}

void names_learn(const struct names *names, const char *address, int64_t first_offset)
{
	const struct kmeta_range everything = { INT64_MIN, INT64_MAX };
	struct kmeta_finding ignored; /* without a checkpoint, all of the log is read */
	int64_t begin = INT64_MIN;
	char *checkpoint = NULL, *directory = directory_of(address);

	if (directory && kmeta_newest_checkpoint(directory, first_offset, &checkpoint, &begin,
	                                         &ignored) == KMETA_OK)
		learn_from(names, checkpoint, true, everything);
	/* Topics that were removed before the checkpoint had names too. */
	if (names->backwards)
		begin = INT64_MIN;
	if (directory && begin < first_offset)
		learn_from(names, directory, false,
		           (struct kmeta_range){ begin, first_offset - 1 });
	free(checkpoint);
	free(directory);
}
