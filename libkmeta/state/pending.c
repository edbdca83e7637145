/* SPDX-License-Identifier: Apache-2.0 */
/* pending.c: keeps the records of an open transaction, each as a header and its value. */
#include "state/pending.h"

#include <string.h>

#include "base/buffer.h"

bool pending_keep(struct kmeta_image *image, const struct kmeta_batch *batch,
                  const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	struct kmeta_buffer *pending = &image->pending;
	struct pending p = { *record, fields->schema, batch ? batch->file : NULL,
		             batch ? batch->epoch : -1 };

	p.record.key = p.record.headers = (struct kmeta_bytes){ 0 };
	p.record.header_count = 0;
	buffer_add(pending, &p, sizeof(p));
	buffer_add(pending, p.record.value.data, p.record.value.size);
	return !pending->failed;
}

bool pending_next(const struct kmeta_image *image, size_t *at, struct pending *p)
{
	if (*at == image->pending.size)
		return false;
	memcpy(p, image->pending.at + *at, sizeof(*p));
	*at += sizeof(*p);
	p->record.value.data = (const uint8_t *)image->pending.at + *at;
	*at += p->record.value.size;
	return true;
}

/* Neighbours mostly have the same file: copy its name once. */
bool pending_keep_files(struct kmeta_image *image)
{
	const char *borrowed = NULL, *kept = NULL;
	size_t at = 0, next = 0;
	struct pending p;

	for (; pending_next(image, &next, &p); at = next) {
		if (!p.file)
			continue;
		if (p.file != borrowed) {
			const size_t size = strlen(p.file) + 1;
			char *name = pool_get(&image->pool, size);

			if (!name)
				return false;
			borrowed = p.file;
			kept = memcpy(name, p.file, size);
		}
		p.file = kept;
		memcpy(image->pending.at + at, &p, sizeof(p));
	}
	return true;
}
