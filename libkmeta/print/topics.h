/* SPDX-License-Identifier: Apache-2.0 */
/* topics.h: names of topics that need no second look before they are printed. */
#ifndef KMETA_PRINT_TOPICS_H
#define KMETA_PRINT_TOPICS_H

#include "kmeta/print.h"

/*
 * The name of a topic if every printer writes it as it is, as scalar_is_simple() says. "data" NULL: it
 * is another name, or, with *known false, none is known.
 */
struct kmeta_bytes topics_simple_name(const struct kmeta_topics *topics, const uint8_t *id,
                                      bool *known);

#endif
