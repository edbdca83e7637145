/* SPDX-License-Identifier: Apache-2.0 */
/* problems.c: finds what is wrong with a state, worst first. */
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/options.h"
#include "state/problem.h"

/* ---- the codes ---- */

struct problem_kind {
	enum kmeta_severity severity;
	const char *name, *meaning;
};

#define PROBLEM_KIND(identifier, severity, name, meaning) { KMETA_##severity, name, meaning },

static const struct problem_kind problem_kinds[] = { KMETA_PROBLEMS(PROBLEM_KIND) };

static problem_find *const finders[KMETA_PROBLEM_CODES] = {
	[KMETA_PROBLEM_NO_LEADER] = problems_of_partitions,
	[KMETA_PROBLEM_LEADER_OFFLINE] = problems_of_partitions,
	[KMETA_PROBLEM_UNDER_MIN_ISR] = problems_of_partitions,
	[KMETA_PROBLEM_LEVEL_UNSUPPORTED] = problems_levels,
	[KMETA_PROBLEM_OPEN_TRANSACTION] = problems_transaction,
	[KMETA_PROBLEM_BROKER_FENCED] = problems_brokers,
	[KMETA_PROBLEM_REPLICA_WITHOUT_BROKER] = problems_of_partitions,
	[KMETA_PROBLEM_REPLICA_WITHOUT_DIRECTORY] = problems_of_partitions,
	[KMETA_PROBLEM_UNDER_REPLICATED] = problems_of_partitions,
	[KMETA_PROBLEM_REASSIGNMENT_STUCK] = problems_of_partitions,
	[KMETA_PROBLEM_UNCLEAN_ELECTION] = problems_of_partitions,
	[KMETA_PROBLEM_VOTER_NOT_REGISTERED] = problems_voters,
	[KMETA_PROBLEM_LEVEL_HELD_BACK] = problems_levels,
	[KMETA_PROBLEM_MIGRATION_UNFINISHED] = problems_migration,
	[KMETA_PROBLEM_BROKER_OF_ZOOKEEPER] = problems_brokers,
	[KMETA_PROBLEM_CONTROLLER_NOT_READY] = problems_controllers,
	[KMETA_PROBLEM_CONFIG_WITHOUT_TOPIC] = problems_configs,
	[KMETA_PROBLEM_SETTING_UNKNOWN] = problems_settings,
	[KMETA_PROBLEM_PRODUCER_IDS_END] = problems_producer_ids,
	[KMETA_PROBLEM_CHECKPOINTS_STOPPED] = problems_checkpoints,
	[KMETA_PROBLEM_REASSIGNING] = problems_of_partitions,
	[KMETA_PROBLEM_BROKER_SHUTTING_DOWN] = problems_brokers,
	[KMETA_PROBLEM_CONTROLLER_NO_VOTER] = problems_controllers,
	[KMETA_PROBLEM_CONFIG_WITHOUT_BROKER] = problems_configs,
	[KMETA_PROBLEM_SETTING_REMOVED] = problems_settings,
	[KMETA_PROBLEM_NO_OP_RATE] = problems_no_ops,
	[KMETA_PROBLEM_OLD_METADATA_VERSION] = problems_old_level,
	[KMETA_PROBLEM_LEVEL_CAN_RISE] = problems_levels,
};

const char *kmeta_problem_name(enum kmeta_problem_code code)
{
	return problem_kinds[code].name;
}

const char *kmeta_problem_meaning(enum kmeta_problem_code code)
{
	return problem_kinds[code].meaning;
}

enum kmeta_severity kmeta_problem_severity(enum kmeta_problem_code code)
{
	return problem_kinds[code].severity;
}

/* ---- the brokers that all ask for ---- */

static bool add_broker(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const struct kmeta_field *directories = kmeta_fields_find(entity->fields, "logDirs");
	struct problem_broker *broker = &p->brokers.at[p->brokers.count];

	(void)context;
	broker->id = (int32_t)problem_number(entity, "brokerId", -1);
	broker->fenced = problem_number(entity, "fenced", 0) != 0;
	broker->shutting_down = problem_number(entity, "inControlledShutdown", 0) != 0;
	broker->of_zookeeper = problem_number(entity, "isMigratingZkBroker", 0) != 0;
	if (directories)
		broker->directories = directories->value.bytes;
	if (broker->id >= 0 && broker->id < NEAR_BROKERS)
		p->brokers.near[broker->id] = (int32_t)p->brokers.count;
	p->brokers.count++;
	return true;
}

static enum kmeta_status list_registrations(struct problems *p)
{
	memset(p->brokers.near, 0xff, sizeof(p->brokers.near));
	p->brokers.at = calloc(p->image->counts[KMETA_BROKER] + 1, sizeof(*p->brokers.at));
	return p->brokers.at ? problem_each(p, KMETA_BROKER, add_broker, NULL)
	                     : finding_memory(p->why);
}

/* ---- all of them ---- */

static enum kmeta_status find_all(struct problems *p)
{
	enum kmeta_status status = list_registrations(p);

	if (status == KMETA_OK)
		status = problems_judge_partitions(p);
	for (p->code = 0; status == KMETA_OK && p->code < KMETA_PROBLEM_CODES && !p->stopped;
	     p->code++)
		status = finders[p->code](p);
	if (status == KMETA_OK &&
	    (p->path.failed || p->message.failed || p->command.failed || p->key.failed))
		status = finding_memory(p->why);
	return status;
}

static void problems_free(struct problems *p)
{
	free(p->brokers.at);
	free(p->partitions);
	free(p->topics);
	free(p->list.at);
	snapshot_release(&p->snapshot);
	kmeta_buffer_release(&p->path);
	kmeta_buffer_release(&p->message);
	kmeta_buffer_release(&p->command);
	kmeta_buffer_release(&p->key);
	free(p);
}

enum kmeta_status kmeta_problems(const struct kmeta_image *image,
                                 const struct kmeta_problem_options *options,
                                 struct kmeta_problem_counts *counts, struct kmeta_finding *why)
{
	struct problems *p = calloc(1, sizeof(*p));
	enum kmeta_status status;

	memset(counts, 0, sizeof(*counts));
	if (!p)
		return finding_memory(why);
	status = options_take(&p->options, sizeof(p->options), options, why);
	p->image = image;
	p->since = since_of(image);
	p->counts = counts;
	p->why = why;
	p->snapshot = (struct snapshot){ .image = image, .flags = KMETA_WALK_NEWEST };
	if (status == KMETA_OK)
		status = find_all(p);
	problems_free(p);
	return status;
}
