/* SPDX-License-Identifier: Apache-2.0 */
/* rejoin.c: goes through a directory's checkpoints while batches behind lost records are passed. */
#include "state/rejoin.h"

#include "record/batch.h"

void rejoin_lose(struct rejoin *r)
{
	r->next_offset = -1;
}

bool rejoin_is_ahead(const struct rejoin *r, int64_t offset)
{
	const struct logdir_files *checkpoints = r->dir ? &r->dir->checkpoints : NULL;

	return checkpoints && checkpoints->count > r->next &&
	       checkpoints->at[checkpoints->count - 1].offset >= offset;
}

const struct logdir_file *rejoin_find(struct rejoin *r, const struct kmeta_batch *batch)
{
	const int64_t behind = batch_behind(batch->last_offset);

	if (batch->base_offset != r->next_offset && behind != r->next_offset)
		r->whole_from = batch->base_offset;
	r->next_offset = behind;
	while (r->dir && r->next < r->dir->checkpoints.count) {
		const struct logdir_file *checkpoint = &r->dir->checkpoints.at[r->next];

		if (checkpoint->offset > batch->last_offset)
			return NULL;
		r->next++;
		if (checkpoint->offset >= r->whole_from)
			return checkpoint;
	}
	return NULL;
}

enum kmeta_status rejoin_load(struct kmeta_image **image, const struct logdir_file *checkpoint,
                              const char *dialect, struct kmeta_finding *why)
{
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .regular = true,
		                                    .dialect = dialect };

	return kmeta_image_load(image, checkpoint->path, end, &options, why);
}
