/* SPDX-License-Identifier: Apache-2.0 */
/* judged.c: kmeta_findings(), what kmeta-verify finds, and kmeta_state(), a state in one row. */
#include <stdio.h>

#include "pulled.h"

/* ---- findings ---- */

static void pull_put_known(struct pull *p, int64_t number)
{
	if (number >= 0)
		pull_put_number(p, number);
	else
		pull_put_null(p);
}

static bool see_finding(void *context, const struct kmeta_finding *finding)
{
	struct pulled_cursor *c = context;
	struct pull *p = &c->pull;

	pull_put_text(p, kmeta_severity_name(kmeta_code_severity(finding->code)));
	pull_put_text(p, kmeta_code_name(finding->code));
	pull_put_text(p, finding->file);
	pull_put_known(p, finding->position);
	pull_put_known(p, finding->offset);
	pull_put_text(p, finding->message);
	return pull_end_row(p);
}

static int prepare_findings(struct pulled_cursor *c)
{
	return sql_address(&c->common, c->arguments[0], &c->path, &c->point);
}

/* An address or file that cannot be read is a finding too. */
static bool run_findings(struct pull *pull, void *context, struct kmeta_finding *why)
{
	struct pulled_cursor *c = context;
	const char *const paths[] = { c->path };
	const struct kmeta_verify_options options = { .size = sizeof(options),
		                                      .checks = KMETA_CHECK_ALL,
		                                      .dialect = c->common.sql->options.dialect,
		                                      .points = &c->point };
	struct kmeta_verify_totals totals = { 0 };

	(void)pull;
	return kmeta_verify(paths, 1, &options, see_finding, c, &totals, why) == KMETA_OK ||
	       totals.unreadable;
}

const struct pulled_kind pulled_findings = {
	.declaration = "CREATE TABLE findings(severity TEXT, code TEXT, file TEXT,"
		       " position INTEGER, \"offset\" INTEGER, message TEXT, address HIDDEN)",
	.columns = 6,
	.time = -1,
	.arguments = { .first = 6, .names = { "address" }, .needed = 1 },
	.prepare = prepare_findings,
	.run = run_findings,
};

/* ---- the state as a whole ---- */

static int prepare_state(struct pulled_cursor *c)
{
	return sql_state_take(&c->common, c->arguments[0], &c->states[0]);
}

static void pull_put_moment(struct pull *p, const struct kmeta_image *image)
{
	const struct kmeta_moment moment = kmeta_image_moment(image);

	pull_put_number(p, moment.end_offset);
	pull_put_known(p, moment.timestamp);
	pull_put_known(p, moment.timestamp);
	pull_put_known(p, moment.epoch);
	pull_put_known(p, moment.level ? moment.level : -1);
	pull_put_text(p, kmeta_metadata_version_name(moment.level));
}

static void pull_put_quorum(struct pull *p, const struct kmeta_image *image)
{
	const struct kmeta_quorum quorum = kmeta_image_quorum(image);

	pull_put_known(p, quorum.leader);
	pull_put_known(p, quorum.leader_epoch);
	pull_put_known(p, quorum.kraft_version);
	pull_put_known(p, kmeta_image_open_transaction(image));
}

/* The one field that there is of an entity of which there is one at most. */
static void pull_put_single(struct pull *p, const struct kmeta_image *image,
                            enum kmeta_entity_kind kind, const char *name)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_finding ignored; /* out of memory: the buffer of rows will say so */
	struct kmeta_entity entity;
	const struct kmeta_field *field = NULL;
	const char *word;

	if (kmeta_walk_open_kind(&walk, image, kind, NULL, 0, &ignored) == KMETA_OK &&
	    kmeta_walk_next(walk, &entity, &ignored) == KMETA_OK)
		field = kmeta_fields_find(entity.fields, name);
	word = field ? kmeta_field_word(entity.fields->schema, field->schema, field->value.integer)
	             : NULL;
	if (word)
		pull_put_text(p, word);
	else if (field)
		pull_put_number(p, field->value.integer);
	else
		pull_put_null(p);
	kmeta_walk_close(walk);
}

static bool run_state(struct pull *pull, void *context, struct kmeta_finding *why)
{
	static const enum kmeta_entity_kind counted[] = {
		KMETA_TOPIC, KMETA_PARTITION, KMETA_BROKER, KMETA_CONTROLLER, KMETA_CONFIG,
		KMETA_ACL,   KMETA_QUOTA,     KMETA_SCRAM,  KMETA_TOKEN
	};
	struct pulled_cursor *c = context;
	const struct kmeta_image *image = sql_state_image(c->states[0]);

	(void)why;
	pull_put_moment(pull, image);
	pull_put_quorum(pull, image);
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		pull_put_number(pull, (int64_t)kmeta_image_count(image, counted[i]));
	pull_put_single(pull, image, KMETA_PRODUCER_IDS, "nextProducerId");
	pull_put_single(pull, image, KMETA_ZK_MIGRATION, "zkMigrationState");
	pull_end_row(pull);
	return true;
}

const struct pulled_kind pulled_state = {
	.declaration = "CREATE TABLE state(end_offset INTEGER, timestamp INTEGER, time TEXT,"
		       " epoch INTEGER, metadata_level INTEGER, metadata_version TEXT,"
		       " leader INTEGER, leader_epoch INTEGER, kraft_version INTEGER,"
		       " open_transaction INTEGER, topics INTEGER, partitions INTEGER,"
		       " brokers INTEGER, controllers INTEGER, configs INTEGER, acls INTEGER,"
		       " quotas INTEGER, scram INTEGER, tokens INTEGER,"
		       " next_producer_id INTEGER, zk_migration_state TEXT, address HIDDEN)",
	.columns = 21,
	.time = 2,
	.arguments = { .first = 21, .names = { "address" }, .needed = 1 },
	.prepare = prepare_state,
	.run = run_state,
};
