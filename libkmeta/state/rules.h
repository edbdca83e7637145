/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h: the rules of replay and their helpers. */
#ifndef KMETA_STATE_RULES_H
#define KMETA_STATE_RULES_H

#include "kmeta/state.h"
#include "state/image.h"

struct rule;

/* One record being replayed. */
struct replay {
	struct kmeta_image *image;
	const struct kmeta_batch *batch;
	const struct kmeta_record *record;
	const struct kmeta_fields *fields;
	const struct rule *rule;     /* of the record's type */
	enum kmeta_entity_kind kind; /* the kind that the record is about */
	kmeta_report *report;
	void *context;
	struct kmeta_finding *why;
};

/* What a type of record does to the state. */
struct rule {
	enum kmeta_status (*apply)(struct replay *r);
	enum kmeta_code missing; /* the finding if the entity does not exist; KMETA_SOUND: none */
};

/* ---- rules ---- */

enum kmeta_status rule_put(struct replay *r);
enum kmeta_status rule_drop(struct replay *r);
enum kmeta_status rule_put_config(struct replay *r);
enum kmeta_status rule_put_quota(struct replay *r);
enum kmeta_status rule_put_enumerated(struct replay *r);
enum kmeta_status rule_put_feature(struct replay *r);
enum kmeta_status rule_put_migration(struct replay *r);
enum kmeta_status rule_put_producer_ids(struct replay *r);
enum kmeta_status rule_put_registration(struct replay *r);
enum kmeta_status rule_drop_broker(struct replay *r);
enum kmeta_status rule_fence(struct replay *r);
enum kmeta_status rule_unfence(struct replay *r);
enum kmeta_status rule_change_broker(struct replay *r);
enum kmeta_status rule_put_topic(struct replay *r);
enum kmeta_status rule_drop_topic(struct replay *r);
enum kmeta_status rule_put_partition(struct replay *r);
enum kmeta_status rule_change_partition(struct replay *r);
enum kmeta_status rule_clear_elr(struct replay *r);
enum kmeta_status rule_control(struct replay *r);
enum kmeta_status rule_unsupported(struct replay *r);
enum kmeta_status rule_nothing(struct replay *r);

/* ---- what they share ---- */

/*
 * Reports a violation. The record has no effect, and replay goes on unless the report asks to stop.
 */
__attribute__((format(printf, 3, 4))) enum kmeta_status rule_object(struct replay *r,
                                                                    enum kmeta_code code,
                                                                    const char *format, ...);

/* A field of the record by name. If it is absent: NULL, "absent", or null bytes. */
const struct kmeta_field *rule_field(const struct replay *r, const char *name);
int64_t rule_integer(const struct replay *r, const char *name, int64_t absent);
struct kmeta_bytes rule_bytes(const struct replay *r, const char *name);

/* Copies the record's fields, which belong to the caller, to those of the image. False: out of memory. */
KMETA_CHECKED bool rule_copy_fields(struct replay *r);

/* The item of this kind that the record names, or NULL. */
struct item *rule_named_item(struct replay *r, enum kmeta_entity_kind kind);

/* Puts an item with these fields, which may belong to the record or to the image. */
enum kmeta_status rule_put_fields(struct replay *r, enum kmeta_entity_kind kind,
                                  const struct kmeta_fields *fields);

#endif
