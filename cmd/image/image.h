/* SPDX-License-Identifier: Apache-2.0 */
/* image.h: what was asked of kmeta-image, and the state that it prints. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "../common.h"

enum image_format { IMAGE_TEXT, IMAGE_JSON, IMAGE_RECORDS, IMAGE_HASH };

/* What chooses entities. */
struct image_glob {
	char *path;        /* as paths are printed */
	const char *topic; /* the word, if it should begin with a topic's name; NULL: it need not */
};

struct image {
	struct common common;
	enum image_format format;
	unsigned walk_flags;
	struct kmeta_query query;
	struct kmeta_load_options load;
	struct image_glob *globs;
	size_t globs_count;
	int64_t limit, printed; /* entities; no limit: -1 */
	struct kmeta_image *state;
	struct kmeta_buffer path;
};

bool image_chooses_partitions(const struct image *i);

/* Takes the words of the command line. False: out of memory. */
bool image_take_paths(struct image *i, const char *const *words, size_t count);
void image_release_paths(struct image *i);

/* FAILED: the state has no topic of a name that was given, and the name means nothing else. */
enum kmeta_status image_find_topics(const struct image *i, struct kmeta_finding *why);

/* All of it, or what was chosen. */
enum kmeta_status image_print(struct image *i, struct kmeta_finding *why);

void image_print_overview(struct image *i);

#endif
