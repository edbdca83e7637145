/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c: reading the records of a batch some steps before they are applied to an image. */
#include "ahead.h"

/* Damage waits until the records before it were given out, and stops the reading ahead. */
static void read_one(struct ahead *a, const struct kmeta_batch *batch,
                     const struct kmeta_image *image)
{
	struct kmeta_record *record = &a->records[a->read % AHEAD_RECORDS];

	a->status = kmeta_batch_next(batch, &a->cursor, record, &a->damage);
	if (a->status != KMETA_OK)
		return;
	a->read++;
	if (!image)
		return;
	image_expect(image, record, false);
	if (a->read >= AHEAD_SOON)
		image_expect(image, &a->records[(a->read - AHEAD_SOON) % AHEAD_RECORDS], true);
}

enum kmeta_status ahead_next(struct ahead *a, const struct kmeta_batch *batch,
                             const struct kmeta_image *image, const struct kmeta_record **record,
                             struct kmeta_finding *why)
{
	while (a->status == KMETA_OK && a->read < a->done + AHEAD_RECORDS)
		read_one(a, batch, image);
	if (a->done < a->read) {
		*record = &a->records[a->done++ % AHEAD_RECORDS];
		return KMETA_OK;
	}
	if (a->status != KMETA_DAMAGED)
		return a->status;
	*why = a->damage;
	*record = &a->records[a->read % AHEAD_RECORDS];
	/* The next call goes on behind it. */
	a->status = KMETA_OK;
	return KMETA_DAMAGED;
}
