/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h: the settings of Kafka's brokers, topics and groups, by name. */
#ifndef KMETA_RECORD_SETTINGS_H
#define KMETA_RECORD_SETTINGS_H

#include "kmeta/base.h"

/* In order. Plugins have others, and so do listeners, whose settings have a prefix. */
extern const char *const setting_names[];
extern const size_t setting_count;

/*
 * A setting whose name is this one but for a single character. NULL: there is none, or the name is a
 * setting's itself.
 */
const char *setting_near(struct kmeta_bytes name);

#endif
