/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h: the settings of Kafka's topics, brokers, groups and client metrics, release by release. */
#ifndef KMETA_RECORD_SETTINGS_H
#define KMETA_RECORD_SETTINGS_H

#include <stdint.h>

#include "kmeta/base.h"
#include "record/kind.h"

/* A name that resources of a kind know, and the first and last release in which they do. */
struct setting {
	const char *name;
	uint8_t resource; /* RESOURCE_TOPIC and so on */
	const char *first, *last;
};

/* By name. Plugins have others, and so do listeners, whose settings have a prefix. */
extern const struct setting settings[];
extern const size_t settings_count;

/* NULL: no known release has such a setting for this kind of resource. */
const struct setting *setting_find(int64_t resource, struct kmeta_bytes name);

/*
 * A setting whose name is this one but for a single character, whatever it is of. NULL: there is none,
 * or the name is a setting's itself.
 */
const char *setting_near(struct kmeta_bytes name);

#endif
