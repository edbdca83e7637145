/* SPDX-License-Identifier: Apache-2.0 */
/* events_rules.h: which record means what, and which changes of partitions belong to it. */
#ifndef KMETA_STATE_EVENTS_RULES_H
#define KMETA_STATE_EVENTS_RULES_H

#include "state/events_partition.h"

/* A record, and what the state says of what it is about. */
struct event_record {
	const struct kmeta_image *image; /* before the record */
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	int64_t last_time;                     /* of the records before it; -1: unknown */
	const struct kmeta_fields *fields;     /* NULL: not decoded */
	const struct kmeta_fields *registered; /* the broker's registration before it; NULL: none */
	struct event_change change;            /* of a partition */
	const struct topic *topic;             /* before the record; NULL: not known */
	unsigned flags;
};

/* Changes of partitions that may be the effects of something, as bits. */
enum {
	EFFECT_LOSS = 1,  /* the broker falls out of ISR or ELR, or does not lead any more */
	EFFECT_FOUND = 2, /* a partition without leader gets one */
	EFFECT_ANY = 4    /* any change of a partition */
};

/* How the record names what the event is about. */
enum event_about { ABOUT_NOTHING, ABOUT_BROKER, ABOUT_CONTROLLER, ABOUT_TOPIC, ABOUT_ENTITY };

struct event_rule {
	enum kmeta_cause cause;
	bool control;
	int16_t type;
	enum event_about about;
	bool (*when)(const struct event_record *r); /* NULL: always */
	unsigned before, after; /* EFFECT_ bits of what stands before and behind the record */
};

/* The first rule that explains a record. Never NULL: the last one takes all. */
const struct event_rule *event_rule_of(const struct event_record *r);

/* The EFFECT_ bits that a change of a partition is. */
unsigned event_effects_of(const struct event_change *change);

/* An integer field, or "otherwise" if the record has none of that name. */
int64_t event_integer(const struct kmeta_fields *fields, const char *name, int64_t otherwise);

/* The broker that a record of one names; those of early releases call it otherwise. */
int32_t event_broker(const struct kmeta_fields *fields);

/* The topic that a record is of: its name, which is null where it is unknown, and its id or NULL. */
struct kmeta_bytes event_topic_name(const struct event_record *r);
const uint8_t *event_topic_id(const struct event_record *r);

/* How bad a cause is by itself. */
enum kmeta_severity event_severity(enum kmeta_cause cause);

/* What the record is about, as a path, and what became of it. Appends texts without NUL. */
void event_about(struct kmeta_buffer *out, const struct event_rule *rule,
                 const struct event_record *r);
void event_detail(struct kmeta_buffer *out, const struct event_rule *rule,
                  const struct event_record *r);

#endif
