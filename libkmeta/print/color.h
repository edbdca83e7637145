/* SPDX-License-Identifier: Apache-2.0 */
/* color.h: the colours of a terminal, by what they mean in a line. */
#ifndef KMETA_PRINT_COLOR_H
#define KMETA_PRINT_COLOR_H

#include "base/buffer.h"
#include "kmeta/print.h"

enum color { COLOR_PLAIN, COLOR_DIM, COLOR_BOLD, COLOR_YELLOW, COLOR_RED };

/* Changes to a colour, if the flags want any. COLOR_PLAIN ends all others. */
void color_put(struct kmeta_buffer *out, unsigned flags, enum color color);

/* The colour of the name of a type. */
enum color color_of_type(bool control, int type);

/* The colour of a field of the record itself: what is wrong is red, what may become so yellow. */
enum color color_of_field(const struct kmeta_fields *fields, const struct kmeta_field *field);

#endif
