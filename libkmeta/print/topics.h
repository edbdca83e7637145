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

/*
 * From now on, remembers what "judge" says of each name that is learned, as bits. "context" is borrowed
 * as long as the names are.
 */
typedef unsigned topics_judge(const void *context, struct kmeta_bytes name);

void topics_mark(struct kmeta_topics *topics, topics_judge *judge, const void *context);

/* True if names were marked with this context from the beginning. */
bool topics_are_marked(const struct kmeta_topics *topics, const void *context);

/* What the judge said of the name of this id; 0: nothing, or the name is unknown. */
unsigned topics_marks(const struct kmeta_topics *topics, const uint8_t *id);

#endif
