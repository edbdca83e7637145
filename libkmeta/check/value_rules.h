/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value_rules.h: what the fields of each record may hold, whatever was before, as one table. Kafka's
 * controller writes nothing else, although its image would take it.
 */
#ifndef KMETA_CHECK_VALUE_RULES_H
#define KMETA_CHECK_VALUE_RULES_H

#include "kmeta/record.h"

/* Called for each field that holds what Kafka would not write, with what it should be. */
typedef void value_odd(void *context, const struct kmeta_field *field, const char *wanted);

void value_rules_check(const struct kmeta_record *record, const struct kmeta_fields *fields,
                       value_odd *odd, void *context);

#endif
