/* SPDX-License-Identifier: Apache-2.0 */
/* page.h: fills one page: batches and damage first, then the rows of both. */
#ifndef KMETA_LOG_PAGE_H
#define KMETA_LOG_PAGE_H

#include "kmeta/log.h"

/* Empties a page, which begins at "position" of a file. False: out of memory. */
KMETA_CHECKED bool page_begin(struct kmeta_page *page, size_t file, int64_t position);

/* Bytes of records so far. */
size_t page_bytes(const struct kmeta_page *page);

/* Add damage, or a batch with a copy of its records. False: out of memory. */
KMETA_CHECKED bool page_add_damage(struct kmeta_page *page, const struct kmeta_finding *finding);
KMETA_CHECKED bool page_add_batch(struct kmeta_page *page, const struct kmeta_batch *batch);

/* Adds the rows of all batches and damage, after the last of them. False: out of memory. */
KMETA_CHECKED bool page_add_rows(struct kmeta_page *page);

#endif
