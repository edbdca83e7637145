/* SPDX-License-Identifier: Apache-2.0 */
/* problems_cluster.c: what is wrong with brokers, controllers, and the levels of features. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "record/dialect.h"
#include "record/kind.h"
#include "state/problem.h"

/* Controllers register from this metadata.version on, 3.7-IV0 (KIP-919). */
enum { FIRST_REGISTERED_CONTROLLERS = 15 };

/* ZkMigrationState of Kafka, where the migration goes on. */
enum { MIGRATION = 1, PRE_MIGRATION = 2 };

static bool is_feature_name(struct kmeta_bytes name, const char *text)
{
	return name.size == strlen(text) && !memcmp(name.data, text, name.size);
}

static void entity_path(struct problems *p, const struct kmeta_entity *entity)
{
	kmeta_entity_path(&p->path, entity, 0);
}

/* ---- brokers ---- */

static bool find_broker(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const int32_t id = (int32_t)problem_number(entity, "brokerId", -1);
	const struct problem_broker *broker = problem_broker(p, id);
	const bool fenced = p->code == KMETA_PROBLEM_BROKER_FENCED,
		   zookeeper = p->code == KMETA_PROBLEM_BROKER_OF_ZOOKEEPER;

	(void)context;
	if (!broker || kmeta_entity_is_unknown(entity, "fenced") ||
	    !(fenced      ? broker->fenced
	      : zookeeper ? broker->of_zookeeper
	                  : broker->shutting_down && !broker->fenced) ||
	    !problem_begin(p))
		return true;
	entity_path(p, entity);
	if (fenced)
		problem_say(p,
		            "broker %d is fenced%s: it leads nothing until it sends heartbeats "
		            "and has caught up",
		            id, broker->shutting_down ? " after its shutdown" : "");
	else if (zookeeper)
		problem_say(p,
		            "broker %d is still registered as a broker of ZooKeeper: restart it "
		            "as a broker of KRaft",
		            id);
	else
		problem_say(p, "broker %d is shutting down", id);
	problem_put_own(p, "kmeta-history", kmeta_buffer_bytes(&p->path));
	problem_end(p, fenced ? problem_since_broker(p, id) : problem_always());
	return true;
}

enum kmeta_status problems_brokers(struct problems *p)
{
	return problem_each(p, KMETA_BROKER, find_broker, NULL);
}

/* ---- controllers and voters ---- */

/* The ids of the voters: those of the log, or those that the last election names. */
static struct kmeta_bytes voters(const struct problems *p)
{
	const struct kmeta_buffer *ids =
		p->image->voters.size ? &p->image->voters : &p->image->electors;

	return kmeta_buffer_bytes(ids);
}

static int32_t voter_at(struct kmeta_bytes ids, size_t at)
{
	int32_t id;

	memcpy(&id, ids.data + at, sizeof(id));
	return id;
}

static bool is_voter(const struct problems *p, int32_t id)
{
	const struct kmeta_bytes ids = voters(p);

	for (size_t at = 0; at < ids.size; at += sizeof(id))
		if (voter_at(ids, at) == id)
			return true;
	return false;
}

static struct item *controller(struct problems *p, int32_t id)
{
	p->key.size = 0;
	image_key_number(&p->key, id);
	return p->key.failed ? NULL
	                     : image_item(p->image, KMETA_CONTROLLER, kmeta_buffer_bytes(&p->key));
}

enum kmeta_status problems_voters(struct problems *p)
{
	const struct kmeta_bytes ids = voters(p);

	/* Where none is registered, all of them wait for the same. */
	if (p->image->moment.level < FIRST_REGISTERED_CONTROLLERS || p->image->is_partial ||
	    !p->image->counts[KMETA_CONTROLLER])
		return KMETA_OK;
	for (size_t at = 0; at < ids.size; at += sizeof(int32_t)) {
		const int32_t id = voter_at(ids, at);

		if (controller(p, id) || !problem_begin(p))
			continue;
		buffer_format(&p->path, "voters/%d", id);
		problem_say(p,
		            "voter %d has never registered as a controller: it may not run, or "
		            "may not have this metadata.version",
		            id);
		problem_command(p, "kafka-metadata-quorum.sh " BOOTSTRAP " describe --replication");
		problem_end(p, problem_always());
	}
	return KMETA_OK;
}

static bool find_controller(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const int32_t id = (int32_t)problem_number(entity, "controllerId", -1);
	const bool ready = p->code == KMETA_PROBLEM_CONTROLLER_NOT_READY;

	(void)context;
	if ((ready ? problem_number(entity, "zkMigrationReady", 1) != 0 : is_voter(p, id)) ||
	    !problem_begin(p))
		return true;
	entity_path(p, entity);
	if (ready) {
		problem_say(p,
		            "controller %d is not ready for the migration from ZooKeeper: set "
		            "zookeeper.metadata.migration.enable and zookeeper.connect there",
		            id);
		problem_put_own(p, "kmeta-history", kmeta_buffer_bytes(&p->path));
	} else {
		problem_say(p, "controller %d is registered, but not among the voters [", id);
		for (size_t at = 0; at < voters(p).size; at += sizeof(int32_t))
			problem_say(p, "%s%d", at ? "," : "", voter_at(voters(p), at));
		problem_say(p, "]: it may wait to become one, or be gone");
		problem_command(p, "kafka-metadata-quorum.sh " BOOTSTRAP " describe --replication");
	}
	problem_end(p, problem_since_item(p, KMETA_CONTROLLER, entity->key));
	return true;
}

static bool take_migration(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	(void)p;
	*(int64_t *)context = problem_number(entity, "zkMigrationState", 0);
	return false;
}

enum kmeta_status problems_controllers(struct problems *p)
{
	int64_t state = 0;
	enum kmeta_status status = KMETA_OK;

	if (p->code == KMETA_PROBLEM_CONTROLLER_NOT_READY) {
		status = problem_each(p, KMETA_ZK_MIGRATION, take_migration, &state);
		if (status != KMETA_OK || (state != MIGRATION && state != PRE_MIGRATION))
			return status;
	} else if (!voters(p).size) {
		return KMETA_OK;
	}
	return problem_each(p, KMETA_CONTROLLER, find_controller, NULL);
}

/* ---- the migration from ZooKeeper ---- */

/* Appends those that it waits for; the context counts them. */
static bool put_unready(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const bool broker = entity->kind == KMETA_BROKER;
	size_t *count = context;

	if (broker ? !problem_number(entity, "isMigratingZkBroker", 0)
	           : problem_number(entity, "zkMigrationReady", 1) != 0)
		return true;
	problem_say(p, "%s%s %lld", (*count)++ ? ", " : "; waits for ",
	            broker ? "broker" : "controller",
	            (long long)problem_number(entity, broker ? "brokerId" : "controllerId", -1));
	return true;
}

static bool find_migration(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const int64_t state = problem_number(entity, "zkMigrationState", 0);
	size_t waits = 0;
	enum kmeta_status *status = context;

	if ((state != MIGRATION && state != PRE_MIGRATION) || !problem_begin(p))
		return true;
	entity_path(p, entity);
	problem_say(p, "the migration from ZooKeeper is in the state %s",
	            state == MIGRATION ? "migration" : "pre-migration");
	*status = problem_each(p, KMETA_BROKER, put_unready, &waits);
	if (*status == KMETA_OK)
		*status = problem_each(p, KMETA_CONTROLLER, put_unready, &waits);
	if (!waits)
		problem_say(p, "; no node keeps it: %s",
		            state == MIGRATION ? "it can be finished by restarting the controllers "
		                                 "without zookeeper.metadata.migration.enable"
		                               : "the controller still copies from ZooKeeper");
	problem_put_own(p, "kmeta-stat", (struct kmeta_bytes){ (const uint8_t *)"--utc", 5 });
	problem_end(p, problem_since_item(p, KMETA_ZK_MIGRATION, entity->key));
	return true;
}

enum kmeta_status problems_migration(struct problems *p)
{
	enum kmeta_status inner = KMETA_OK;
	const enum kmeta_status status =
		problem_each(p, KMETA_ZK_MIGRATION, find_migration, &inner);

	return status == KMETA_OK ? inner : status;
}

/* ---- levels of features ---- */

/* What a node supports of a feature. */
struct support {
	int64_t lowest, highest;
	bool named; /* the registration names the feature */
};

static struct support support_of(const struct kmeta_entity *entity, struct kmeta_bytes feature)
{
	const struct kmeta_field *features = kmeta_fields_find(entity->fields, "features");
	const struct kmeta_fields *fields = entity->fields;
	size_t at = features ? (size_t)(features - fields->at) + 1 : 0;
	const size_t end = features ? at - 1 + features->span : 0;

	for (; at < end; at += fields->at[at].span)
		/* A feature's name, and the lowest and highest supported level. */
		if (!kmeta_bytes_compare(fields->at[at + 1].value.bytes, feature))
			return (struct support){ fields->at[at + 2].value.integer,
				                 fields->at[at + 3].value.integer, true };
	return (struct support){ 0 };
}

/* A feature among all nodes. */
struct feature {
	struct kmeta_bytes name;
	int64_t level;
	size_t nodes;
	int64_t all;  /* the highest level that all nodes support */
	int64_t some; /* the highest that any does */
	size_t listed;
	bool put_unsupported; /* list those that do not support the level, not those that are behind */
};

/* Brokers of ZooKeeper support the level that they have. A node that names no feature says nothing. */
static bool counts_for(const struct kmeta_entity *node, struct support support)
{
	return support.named && !problem_number(node, "isMigratingZkBroker", 0);
}

static bool sum_support(struct problems *p, const struct kmeta_entity *node, void *context)
{
	struct feature *feature = context;
	const struct support support = support_of(node, feature->name);

	(void)p;
	if (!counts_for(node, support))
		return true;
	if (!feature->nodes++ || support.highest < feature->all)
		feature->all = support.highest;
	if (support.highest > feature->some)
		feature->some = support.highest;
	return true;
}

static bool is_unsupported(const struct feature *feature, struct support support)
{
	return feature->level && support.named &&
	       (feature->level < support.lowest || feature->level > support.highest);
}

static bool put_node(struct problems *p, const struct kmeta_entity *node, void *context)
{
	enum { SHOWN = 20 };
	struct feature *feature = context;
	const bool broker = node->kind == KMETA_BROKER;
	const struct support support = support_of(node, feature->name);
	const int32_t id = (int32_t)problem_number(node, broker ? "brokerId" : "controllerId", -1);

	if (feature->put_unsupported
	            ? !is_unsupported(feature, support)
	            : !counts_for(node, support) || support.highest == feature->some)
		return true;
	if (feature->listed++ < SHOWN)
		problem_say(p, "%s%s %d (%lld to %lld%s)", feature->listed > 1 ? ", " : "",
		            broker ? "broker" : "controller", id, (long long)support.lowest,
		            (long long)support.highest,
		            !broker && voters(p).size && !is_voter(p, id) ? ", no voter" : "");
	return true;
}

static enum kmeta_status each_node(struct problems *p, problem_entity *function,
                                   struct feature *feature)
{
	const enum kmeta_status status = problem_each(p, KMETA_BROKER, function, feature);

	return status == KMETA_OK ? problem_each(p, KMETA_CONTROLLER, function, feature) : status;
}

static bool find_unsupporting(struct problems *p, const struct kmeta_entity *node, void *context)
{
	struct feature *feature = context;

	(void)p;
	feature->listed += is_unsupported(feature, support_of(node, feature->name));
	return true;
}

static void put_feature_level(struct problems *p, const struct feature *feature, int64_t level)
{
	const char *name = is_feature_name(feature->name, "metadata.version")
	                           ? kmeta_metadata_version_name(level)
	                           : NULL;

	problem_say(p, "%lld%s%s%s", (long long)level, name ? " (" : "", name ? name : "",
	            name ? ")" : "");
}

static enum kmeta_status say_level(struct problems *p, struct feature *feature,
                                   const struct kmeta_entity *entity)
{
	enum kmeta_status status = KMETA_OK;

	if (!problem_begin(p))
		return KMETA_OK;
	entity_path(p, entity);
	problem_say(p, "%.*s is ", (int)feature->name.size, (const char *)feature->name.data);
	put_feature_level(p, feature, feature->level);
	feature->listed = 0;
	switch (p->code) {
	case KMETA_PROBLEM_LEVEL_UNSUPPORTED:
		feature->put_unsupported = true;
		problem_say(p, "; not supported by ");
		status = each_node(p, put_node, feature);
		problem_put_own(p, "kmeta-image",
		                (struct kmeta_bytes){ (const uint8_t *)"brokers", 7 });
		problem_command(p, " controllers");
		break;
	case KMETA_PROBLEM_LEVEL_HELD_BACK:
		problem_say(p, " and can be ");
		put_feature_level(p, feature, feature->all);
		problem_say(p, " at most, though others support ");
		put_feature_level(p, feature, feature->some);
		problem_say(p, "; held back by ");
		status = each_node(p, put_node, feature);
		problem_command(p, "kafka-features.sh " BOOTSTRAP " describe");
		break;
	default:
		problem_say(p, ", and all nodes support up to ");
		put_feature_level(p, feature, feature->all);
		problem_command(p,
		                "kafka-features.sh " BOOTSTRAP
		                " upgrade --feature metadata.version=%lld",
		                (long long)feature->all);
	}
	problem_end(p, p->code == KMETA_PROBLEM_LEVEL_CAN_RISE
	                       ? problem_since_item(p, KMETA_FEATURE, entity->key)
	                       : problem_always());
	return status;
}

static bool find_level(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	enum kmeta_status *status = context;
	const struct kmeta_field *name = kmeta_fields_find(entity->fields, "name");
	struct feature feature = { .name = name ? name->value.bytes : (struct kmeta_bytes){ 0 },
		                   .level = problem_number(entity, "featureLevel", 0) };
	bool is = false;

	*status = each_node(p, sum_support, &feature);
	if (*status == KMETA_OK && p->code == KMETA_PROBLEM_LEVEL_UNSUPPORTED) {
		*status = each_node(p, find_unsupporting, &feature);
		is = feature.listed > 0;
	} else if (p->code == KMETA_PROBLEM_LEVEL_HELD_BACK) {
		is = feature.nodes && feature.all < feature.some && feature.level < feature.some;
	} else {
		is = feature.nodes && feature.level < feature.all &&
		     is_feature_name(feature.name, "metadata.version");
	}
	if (*status == KMETA_OK && is)
		*status = say_level(p, &feature, entity);
	return *status == KMETA_OK;
}

enum kmeta_status problems_levels(struct problems *p)
{
	enum kmeta_status inner = KMETA_OK;
	const enum kmeta_status status = problem_each(p, KMETA_FEATURE, find_level, &inner);

	return status == KMETA_OK ? inner : status;
}

static size_t newest_release(void)
{
	size_t release = 0;

	while (kmeta_release_name(release + 1))
		release++;
	return release;
}

/* The newest release decides what new ones start with. */
enum kmeta_status problems_old_level(struct problems *p)
{
	const int64_t level = p->image->moment.level;
	const char *name = kmeta_metadata_version_name(level);
	const size_t newest = newest_release();
	int64_t lowest = level + 1;

	if (dialect_accepts_level(newest, level) || p->image->is_partial || (level && !name) ||
	    !problem_begin(p))
		return KMETA_OK;
	while (kmeta_metadata_version_name(lowest) && !dialect_accepts_level(newest, lowest))
		lowest++;
	buffer_format(&p->path, "features/metadata.version");
	if (level)
		problem_say(p, "metadata.version is %lld (%s)", (long long)level, name);
	else
		problem_say(p, "the log sets no metadata.version, as those of releases before 3.3");
	problem_say(p, ": release 4.0 and later do not start, they need %lld (%s) or a later one",
	            (long long)lowest, kmeta_metadata_version_name(lowest));
	problem_command(p, "kafka-features.sh " BOOTSTRAP " upgrade --metadata 3.9");
	problem_end(p, problem_always());
	return KMETA_OK;
}
