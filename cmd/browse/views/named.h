/* SPDX-License-Identifier: Apache-2.0 */
/* named.h: the entities that a record names. */
#ifndef BROWSE_VIEWS_NAMED_H
#define BROWSE_VIEWS_NAMED_H

#include "view.h"

/*
 * Says where the state of an entity is that a record names: in a field of it, or, if "field" is NULL
 * or names none, what the record is about. False: none is named.
 */
bool named_find(const struct kmeta_fields *fields, const struct kmeta_field *field,
                struct kmeta_timeline *timeline, unsigned flags, struct wish *wish,
                enum view_kind *view);

#endif
