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

/*
 * Two steps that bring a name into the cache before it is looked up: the first returns what the second
 * takes. Between them the processor needs time.
 */
uint64_t topics_fetch(const struct kmeta_topics *topics, const uint8_t *id);
void topics_fetch_name(const struct kmeta_topics *topics, uint64_t fetched);

#endif
