/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: the timeline of the log, scanned in the background, and which stretches match a filter. */
#include "index.h"

#include <stdlib.h>
#include <string.h>

struct index *index_new(const struct kmeta_pages *pages, const char *address, const char *dialect,
                        struct kmeta_finding *why)
{
	const struct kmeta_timeline_options options = { .size = sizeof(options),
		                                        .dialect = dialect };
	struct index *index = calloc(1, sizeof(*index));

	*why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
		                       .position = -1,
		                       .offset = -1,
		                       .message = "out of memory" };
	if (!index)
		return NULL;
	pthread_mutex_init(&index->lock, NULL);
	index->address = strdup(address);
	if (index->address &&
	    kmeta_timeline_open(&index->timeline, pages, &options, why) == KMETA_OK)
		return index;
	index_free(index);
	return NULL;
}

void index_free(struct index *index)
{
	if (!index)
		return;
	job_stop(&index->job);
	kmeta_timeline_close(index->timeline);
	pthread_mutex_destroy(&index->lock);
	free(index->address);
	free(index->matches);
	free(index);
}

/* ---- the scan ---- */

static bool scan_progress(void *context, int64_t done, int64_t total)
{
	struct job *job = context;

	job_progress(job, done, total);
	return !job_should_stop(job);
}

static void scan(struct job *job, void *context)
{
	struct index *index = context;
	struct kmeta_finding ignored; /* what the scan did not reach takes longer to find */

	if (kmeta_timeline_scan(index->timeline, scan_progress, job, &ignored) != KMETA_OK)
		return;
}

bool index_start(struct index *index, int wake)
{
	return job_start(&index->job, "indexing", scan, index, wake);
}

bool index_renew(struct index *index, const struct kmeta_pages *pages, bool replaced, int wake)
{
	job_stop(&index->job);
	if (!kmeta_timeline_renew(index->timeline, pages, replaced))
		return false;
	/* The scan begins with the last stretch, which may have grown. */
	if (replaced)
		index_clear_matches(index);
	else
		index_set_match(index, kmeta_timeline_count(index->timeline), MATCH_UNKNOWN);
	return index_start(index, wake);
}

/* ---- what a filter found ---- */

enum match index_match(struct index *index, size_t number)
{
	enum match match = MATCH_UNKNOWN;

	pthread_mutex_lock(&index->lock);
	if (number < index->matches_count)
		match = (enum match)index->matches[number];
	pthread_mutex_unlock(&index->lock);
	return match;
}

/* If memory runs out, the stretch stays unknown and is filtered again when it is shown. */
void index_set_match(struct index *index, size_t number, enum match match)
{
	pthread_mutex_lock(&index->lock);
	if (number >= index->matches_count) {
		const size_t count = (number + 1) * 2;
		uint8_t *matches = realloc(index->matches, count);

		if (matches) {
			memset(matches + index->matches_count, MATCH_UNKNOWN,
			       count - index->matches_count);
			index->matches = matches;
			index->matches_count = count;
		}
	}
	if (number < index->matches_count)
		index->matches[number] = (uint8_t)match;
	pthread_mutex_unlock(&index->lock);
}

void index_clear_matches(struct index *index)
{
	pthread_mutex_lock(&index->lock);
	index->matches_count = 0;
	pthread_mutex_unlock(&index->lock);
}
