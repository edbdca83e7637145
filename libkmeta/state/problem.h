/* SPDX-License-Identifier: Apache-2.0 */
/* problem.h: a search for problems: what it knows, and how it reports one. */
#ifndef KMETA_STATE_PROBLEM_H
#define KMETA_STATE_PROBLEM_H

#include "state/image.h"
#include "state/since.h"
#include "state/snapshot.h"

/* Where commands ask a broker. */
#define BOOTSTRAP "--bootstrap-server HOST:PORT"

/* A registered broker. */
struct problem_broker {
	int32_t id;
	bool fenced, shutting_down, of_zookeeper;
	struct kmeta_bytes directories; /* ids, borrowed from the image */
};

/* Brokers whose number is below this are found at once. */
enum { NEAR_BROKERS = 4096 };

struct problem_brokers {
	struct problem_broker *at; /* by id */
	size_t count;
	int32_t near[NEAR_BROKERS]; /* numbers in "at"; -1: none */
};

struct problems {
	const struct kmeta_image *image;
	const struct since *since; /* NULL: unknown */
	struct kmeta_problem_options options;
	struct kmeta_problem_counts *counts;
	struct problem_brokers brokers;
	uint16_t *partitions; /* what each is, in the order of a walk: see problems_partition.c */
	const struct topic **topics; /* in that order */
	struct partition_list list;  /* the partitions of one topic */
	struct snapshot snapshot;
	struct kmeta_buffer path, message, command, key;
	enum kmeta_problem_code code; /* that is being looked for */
	bool stopped;
	struct kmeta_finding *why;
};

/* Finds the problems of one code. */
typedef enum kmeta_status problem_find(struct problems *p);

/* Partitions. */
enum kmeta_status problems_judge_partitions(struct problems *p);
problem_find problems_of_partitions;

/* Configurations. */
problem_find problems_configs, problems_settings;

/* The log. */
problem_find problems_transaction, problems_producer_ids, problems_checkpoints, problems_no_ops;

/* Everything else. */
problem_find problems_levels, problems_old_level, problems_brokers, problems_voters,
	problems_controllers, problems_migration;

/* Counts a problem. True: it is wanted, so fill path, message and command, and end it. */
bool problem_begin(struct problems *p);
void problem_end(struct problems *p, struct since_mark since);

/* A mark for what has no beginning, or none that is known. */
struct since_mark problem_always(void);

/* Since when an item is as it is. */
struct since_mark problem_since_item(struct problems *p, enum kmeta_entity_kind kind,
                                     struct kmeta_bytes key);
struct since_mark problem_since_broker(struct problems *p, int32_t id);

#define problem_say(p, ...)     kmeta_buffer_format(&(p)->message, __VA_ARGS__)
#define problem_command(p, ...) kmeta_buffer_format(&(p)->command, __VA_ARGS__)

/* "kmeta-NAME ADDRESS", and behind it what is given, unless it is empty. */
void problem_put_own(struct problems *p, const char *command, struct kmeta_bytes word);

/* NULL: no broker of this id is registered. */
const struct problem_broker *problem_broker(const struct problems *p, int32_t id);

/* It is registered and not fenced. */
bool problem_is_online(const struct problems *p, int32_t id);

/* Appends why a broker is not online: "fenced", "not registered"; "online" if it is. */
const char *problem_standing(const struct problems *p, int32_t id);

/* Calls a function for each entity of a kind, in order, until it returns false. */
typedef bool problem_entity(struct problems *p, const struct kmeta_entity *entity, void *context);
enum kmeta_status problem_each(struct problems *p, enum kmeta_entity_kind kind,
                               problem_entity *function, void *context);

/* A number or boolean of an entity's record; "absent" if the field is not there. */
int64_t problem_number(const struct kmeta_entity *entity, const char *name, int64_t absent);

#endif
