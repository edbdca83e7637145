/* SPDX-License-Identifier: Apache-2.0 */
/* problems_config.c: what is wrong with configurations: whose they are, and which releases know them. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "record/dialect.h"
#include "record/kind.h"
#include "record/settings.h"
#include "state/problem.h"

/* ---- whose they are ---- */

static bool has_broker(const struct problems *p, struct kmeta_bytes resource)
{
	char text[16] = "";
	char *end;
	long id;

	if (!resource.size || resource.size >= sizeof(text))
		return false;
	memcpy(text, resource.data, resource.size);
	id = strtol(text, &end, 10);
	return !*end && id >= 0 && id <= INT32_MAX && problem_broker(p, (int32_t)id);
}

static bool find_config(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const bool topic = p->code == KMETA_PROBLEM_CONFIG_WITHOUT_TOPIC;
	const struct kmeta_field *resource = kmeta_fields_find(entity->fields, "resourceName");
	const struct kmeta_bytes name =
		resource ? resource->value.bytes : (struct kmeta_bytes){ 0 };

	(void)context;
	if (problem_number(entity, "resourceType", 0) !=
	            (topic ? RESOURCE_TOPIC : RESOURCE_BROKER) ||
	    !name.size ||
	    (topic ? image_topic_named(p->image, name) != NULL : has_broker(p, name)) ||
	    !problem_begin(p))
		return true;
	kmeta_entity_path(&p->path, entity, 0);
	problem_say(p, topic ? "there is no such topic; Kafka itself may leave this behind where a "
	                       "topic was made and deleted at once"
	                     : "no such broker is registered");
	problem_put_own(p, "kmeta-history", kmeta_buffer_bytes(&p->path));
	problem_end(p, problem_since_item(p, KMETA_CONFIG, entity->key));
	return true;
}

enum kmeta_status problems_configs(struct problems *p)
{
	return p->image->is_partial ? KMETA_OK : problem_each(p, KMETA_CONFIG, find_config, NULL);
}

/* ---- which releases know them ---- */

/* The number of a release by its name, which is one of those of the table of settings. */
static size_t release_named(const char *name)
{
	size_t release = 0;

	while (dialect_release_series(release + 1) &&
	       strcmp(dialect_release_series(release), name) != 0)
		release++;
	return release;
}

/* The first release that runs the metadata.version of the state. */
static size_t first_running(const struct problems *p)
{
	size_t release = 0;

	while (dialect_release_series(release + 1) &&
	       !dialect_accepts_level(release, p->image->moment.level))
		release++;
	return release;
}

/* What settings are held against. */
struct known_releases {
	size_t oldest;      /* that runs the metadata.version of the state */
	const char *newest; /* of all, by its name */
};

static void say_removed(struct problems *p, const struct setting *setting, size_t last)
{
	problem_say(p, "%s knew %s last: Kafka %s and later pass over it",
	            dialect_release_series(last), setting->name, dialect_release_series(last + 1));
}

static void say_unknown(struct problems *p, struct kmeta_bytes name)
{
	const char *near = setting_near(name);

	problem_say(p, "no known release has this setting");
	if (near)
		problem_say(p, "; did you mean %s?", near);
}

/* Where kafka-configs.sh finds a kind of resource. */
static const char *entity_type(int64_t resource)
{
	switch (resource) {
	case RESOURCE_TOPIC:
		return "topics";
	case RESOURCE_GROUP:
		return "groups";
	case RESOURCE_CLIENT_METRICS:
		return "client-metrics";
	default:
		return "brokers";
	}
}

static void put_delete(struct problems *p, const struct kmeta_entity *entity,
                       struct kmeta_bytes setting)
{
	const struct kmeta_field *resource = kmeta_fields_find(entity->fields, "resourceName");
	const struct kmeta_bytes name =
		resource ? resource->value.bytes : (struct kmeta_bytes){ 0 };

	problem_command(p, "kafka-configs.sh " BOOTSTRAP " --entity-type %s ",
	                entity_type(problem_number(entity, "resourceType", 0)));
	if (name.size) {
		problem_command(p, "--entity-name ");
		kmeta_shell_word(&p->command, name);
	} else {
		problem_command(p, "--entity-default");
	}
	problem_command(p, " --alter --delete-config ");
	kmeta_shell_word(&p->command, setting);
}

/* Plugins of a broker have settings of their own, and so have its listeners. */
static bool may_be_unknown(int64_t resource)
{
	return resource != RESOURCE_TOPIC && resource != RESOURCE_GROUP &&
	       resource != RESOURCE_CLIENT_METRICS;
}

static bool find_setting(struct problems *p, const struct kmeta_entity *entity, void *context)
{
	const struct known_releases *known = context;
	const bool wants_unknown = p->code == KMETA_PROBLEM_SETTING_UNKNOWN;
	const int64_t resource = problem_number(entity, "resourceType", 0);
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, "name");
	const struct kmeta_bytes name = field ? field->value.bytes : (struct kmeta_bytes){ 0 };
	const struct setting *setting = setting_find(resource, name);
	size_t last = 0;
	bool is;

	if (setting && !strcmp(setting->last, known->newest)) {
		is = false;
	} else if (setting) {
		last = release_named(setting->last);
		is = wants_unknown == (last < known->oldest);
	} else {
		is = wants_unknown && !may_be_unknown(resource);
	}
	if (!is || !problem_begin(p))
		return true;
	kmeta_entity_path(&p->path, entity, 0);
	if (setting)
		say_removed(p, setting, last);
	else
		say_unknown(p, name);
	put_delete(p, entity, name);
	problem_end(p, problem_since_item(p, KMETA_CONFIG, entity->key));
	return true;
}

enum kmeta_status problems_settings(struct problems *p)
{
	struct known_releases known = { .oldest = first_running(p) };

	for (size_t i = 0; dialect_release_series(i); i++)
		known.newest = dialect_release_series(i);
	return problem_each(p, KMETA_CONFIG, find_setting, &known);
}
