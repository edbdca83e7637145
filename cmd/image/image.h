/* SPDX-License-Identifier: Apache-2.0 */
/* image.h: what was asked of kmeta-image, and the state that it prints. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "../common.h"

enum image_format { IMAGE_TEXT, IMAGE_JSON, IMAGE_RECORDS, IMAGE_HASH };

struct image {
	struct common common;
	enum image_format format;
	unsigned walk_flags;
	struct kmeta_query query;
	struct kmeta_load_options load;
	const char *const *globs;
	size_t globs_count;
	struct kmeta_image *state;
	struct kmeta_buffer path;
};

bool image_chooses_partitions(const struct image *i);

/* All of it, or what was chosen. */
enum kmeta_status image_print(struct image *i, struct kmeta_finding *why);

void image_print_overview(struct image *i);

#endif
