/* SPDX-License-Identifier: Apache-2.0 */
/* changes.h: prints the changes of an entity, for kmeta-diff and kmeta-history. */
#ifndef KMETA_CHANGES_H
#define KMETA_CHANGES_H

#include <kmeta.h>

enum what { ADDED, REMOVED, CHANGED };

/* How changes are printed. */
struct changes {
	struct kmeta_buffer *out;
	unsigned flags;      /* KMETA_SHOW_ */
	const char *ignored; /* fields to leave out, between commas; NULL: none */
};

enum what changes_what(const struct kmeta_change *change);

/* The entity after the change, or before it if the change removed it. */
const struct kmeta_entity *changes_entity(const struct kmeta_change *change);

/* False if a change is only in fields that are left out. */
bool changes_any(const struct changes *c, const struct kmeta_change *change);

/* "change":"changed","entity":"partition","key":{...},"fields":{"leader":[1,2]} */
void changes_json(const struct changes *c, const struct kmeta_change *change);

/* ~ topics/orders/3  leader 1 -> 2, isr [1,2] -> [2] */
void changes_text(const struct changes *c, const struct kmeta_change *change);

#endif
