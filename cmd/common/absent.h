/* SPDX-License-Identifier: Apache-2.0 */
/* absent.h: says that there is nothing of a name, and what is called nearly so. */
#ifndef COMMON_ABSENT_H
#define COMMON_ABSENT_H

#include "command.h"
#include "near.h"

/* Ends the process if a word cannot name an entity. */
void absent_check_word(const struct common *c, const char *word);

/* Ends the process if a list of fields has a name that no record has; NULL is fine. */
void absent_check_fields(const struct common *c, const char *option, const char *list);

/*
 * Says that no entity is what "word" means, with the nearest names of a state, which may be NULL.
 * The exit status becomes EXIT_DIFFERENT.
 */
void absent_say(struct common *c, const struct kmeta_image *state, const char *word);

/* Offers the topics of a state as names like the one that is missing. */
void absent_near_topics(struct near *near, const struct kmeta_image *state);

/* Says that nothing matches at all, with the same status. */
__attribute__((format(printf, 2, 3))) void absent_nothing(struct common *c, const char *format,
                                                          ...);

#endif
