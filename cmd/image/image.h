/* SPDX-License-Identifier: Apache-2.0 */
/* image.h: what was asked of kmeta-image, and the state that it prints. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "../common.h"

enum image_format { IMAGE_TEXT, IMAGE_JSON, IMAGE_RECORDS, IMAGE_HASH, IMAGE_ARROW };

/* A path or name that was asked for. */
struct image_word {
	const char *text; /* as it was given */
	char *glob;       /* of paths */
	bool by_id;       /* the topic is named by its id */
	bool found;
};

struct image {
	struct common common;
	enum image_format format;
	unsigned walk_flags, kinds; /* bits 1 << enum kmeta_entity_kind; 0: all kinds */
	struct kmeta_arrow *arrow;  /* of IMAGE_ARROW */
	struct kmeta_query query;
	struct kmeta_load_options load;
	struct image_word *words;
	size_t words_count;
	bool any_by_id;
	bool matches;           /* an entity is what was asked for */
	int64_t limit, printed; /* entities; no limit: -1 */
	struct kmeta_image *state;
	struct kmeta_buffer path;
	/* --problems */
	bool problems, strict;
	enum kmeta_severity severity; /* the least that is wanted */
	struct kmeta_problem_counts counts;
	int group;                /* the enum kmeta_problem_code that is being printed; -1: none */
	size_t shown;             /* problems of it */
	struct kmeta_buffer next; /* the command for the first of them */
};

bool image_chooses_partitions(const struct image *i);

/* A kmeta_wanted whose context is the struct image: an entity that was asked for. */
bool image_wants(void *context, const struct kmeta_entity *entity);

/* Says what was asked for and is not there. */
void image_say_absent(struct image *i);

/* All of it, or what was chosen. */
enum kmeta_status image_print(struct image *i, struct kmeta_finding *why);

/* Takes paths and names from the command line; a mistake ends the process. */
void image_take_words(struct image *i, const char *const *texts, size_t count);
void image_release_words(struct image *i);

/* The stream of IMAGE_ARROW; what does not go with it ends the process. */
void image_begin_arrow(struct image *i);

void image_print_overview(struct image *i);

/* What is wrong with the state. */
enum kmeta_status image_print_problems(struct image *i, struct kmeta_finding *why);

#endif
