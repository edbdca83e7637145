/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: kmeta-image prints the state that a log makes, at any moment. */
#include <fnmatch.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_RECORDS, FORMAT_HASH };

static const char *const formats[] = { "text", "json", "records", "hash" };

enum {
	OPTION_LEADERLESS = OPTION_OWN,
	OPTION_UNDER_REPLICATED,
	OPTION_UNDER_MIN_ISR,
	OPTION_REASSIGNING,
	OPTION_ON_BROKER,
	OPTION_ON_DIRECTORY,
	OPTION_NEWEST,
	OPTION_FROM_LOG,
	OPTION_STRICT
};

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT",
	  "text (default), json (one document), records (JSON Lines), hash" },
	{ OPTION_LEADERLESS, "leaderless", NULL, "only partitions without a leader" },
	{ OPTION_UNDER_REPLICATED, "under-replicated", NULL,
	  "only partitions with replicas out of sync" },
	{ OPTION_UNDER_MIN_ISR, "under-min-isr", NULL,
	  "only partitions below min.insync.replicas" },
	{ OPTION_REASSIGNING, "reassigning", NULL, "only partitions that are being moved" },
	{ OPTION_ON_BROKER, "on-broker", "N", "only partitions with a replica on this broker" },
	{ OPTION_ON_DIRECTORY, "on-directory", "ID",
	  "only partitions with a replica in this log directory" },
	{ OPTION_NEWEST, "newest", NULL,
	  "records in their newest versions, as the hash takes them" },
	{ OPTION_FROM_LOG, "from-log", NULL,
	  "replay segments alone, whatever checkpoints there are" },
	{ OPTION_STRICT, "strict", NULL, "stop at the first record that Kafka's image throws on" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-image",
	.synopsis = "[options] ADDRESS[@POINT] [PATH-GLOB...]",
	.about =
		"Prints the state of a cluster at an end offset (@1500), at a time (@2026-11-24T14:05:00Z,\n"
		"@-10m), at the @start or the @end (default) of what is kept. A PATH-GLOB chooses entities:\n"
		"topics, 'topics/orders/*', brokers/11, 'configs/topic/*/retention.ms', quotas, acls, ...",
	.notes =
		"Exit status: 0 done; 2 the state cannot be told, or not without a doubt, as standard error says.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

struct image {
	struct common common;
	enum format format;
	bool asked; /* something of the query is given */
	unsigned walk_flags;
	struct kmeta_query query;
	struct kmeta_load_options load;
	const char *const *globs;
	size_t globs_count;
	struct kmeta_image *image;
	const char *address;
	struct output out;
	struct progress progress;
	struct kmeta_buffer path;
	bool doubtful; /* something was reported */
};

/* ---- which entities ---- */

/* A glob stands for what it matches and for all that lies in it; but "topics" for the topics alone,
 * and not for their partitions. */
static bool glob_matches(const char *glob, const char *path)
{
	const char *slash = strchr(path, '/');
	const bool deep = slash && !strncmp(path, "topics/", 7) && strchr(slash + 1, '/');

	return fnmatch(glob, path, FNM_PATHNAME | FNM_LEADING_DIR) == 0 &&
	       (strchr(glob, '/') || !deep);
}

static bool is_wanted(void *context, const struct kmeta_entity *entity)
{
	struct image *i = context;

	if (i->asked && !kmeta_query_matches(&i->query, i->image, entity))
		return false;
	if (!i->globs_count)
		return true;
	i->path.size = 0;
	kmeta_entity_path(&i->path, entity, i->common.flags);
	kmeta_buffer_add(&i->path, "", 1);
	for (size_t g = 0; g < i->globs_count && !i->path.failed; g++)
		if (glob_matches(i->globs[g], i->path.at))
			return true;
	return false;
}

/* ---- overview ---- */

struct counts {
	size_t leaderless, under_replicated, reassigning;
};

static struct counts count_partitions(struct image *i)
{
	static const struct kmeta_query leaderless = { .leaderless = true };
	static const struct kmeta_query under_replicated = { .under_replicated = true };
	static const struct kmeta_query reassigning = { .reassigning = true };
	struct counts counts = { 0 };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;

	if (kmeta_walk_open(&walk, i->image, 0, &why) != KMETA_OK)
		return counts;
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		counts.leaderless += kmeta_query_matches(&leaderless, i->image, &entity);
		counts.under_replicated +=
			kmeta_query_matches(&under_replicated, i->image, &entity);
		counts.reassigning += kmeta_query_matches(&reassigning, i->image, &entity);
	}
	kmeta_walk_close(walk);
	return counts;
}

static void put_place(struct image *i)
{
	const struct kmeta_image_place place = kmeta_image_place(i->image);
	const struct kmeta_quorum quorum = kmeta_image_quorum(i->image);
	const char *version = kmeta_metadata_version_name(place.level);
	struct kmeta_buffer *out = &i->out.buffer;

	kmeta_buffer_format(out, "%-17s @%lld, epoch %d", "state", (long long)place.end_offset,
	                    place.epoch);
	if (place.timestamp >= 0) {
		kmeta_buffer_format(out, ", ");
		kmeta_print_time(out, place.timestamp, i->common.flags);
	}
	kmeta_buffer_format(out, "\n%-17s ", "metadata.version");
	if (place.level)
		kmeta_buffer_format(out, "%lld%s%s%s\n", (long long)place.level,
		                    version ? " (" : "", version ? version : "",
		                    version ? ")" : "");
	else
		kmeta_buffer_format(out, "not told\n");
	if (quorum.leader >= 0)
		kmeta_buffer_format(out, "%-17s leader %d since epoch %d\n", "quorum",
		                    quorum.leader, quorum.leader_epoch);
	if (quorum.kraft_version >= 0)
		kmeta_buffer_format(out, "%-17s %d\n", "kraft.version", quorum.kraft_version);
}

static void put_overview(struct image *i)
{
	static const struct {
		const char *name;
		enum kmeta_entity_kind kind;
	} rows[] = {
		{ "features", KMETA_FEATURE },
		{ "brokers", KMETA_BROKER },
		{ "controllers", KMETA_CONTROLLER },
		{ "topics", KMETA_TOPIC },
		{ "configs", KMETA_CONFIG },
		{ "quotas", KMETA_QUOTA },
		{ "acls", KMETA_ACL },
		{ "scram", KMETA_SCRAM },
		{ "tokens", KMETA_TOKEN },
	};
	const struct counts counts = count_partitions(i);
	struct kmeta_buffer *out = &i->out.buffer;

	put_place(i);
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		kmeta_buffer_format(out, "%-17s %zu", rows[r].name,
		                    kmeta_image_count(i->image, rows[r].kind));
		if (rows[r].kind == KMETA_TOPIC)
			kmeta_buffer_format(
				out,
				", with %zu partitions: %zu without a leader, %zu under-replicated, "
				"%zu reassigning",
				kmeta_image_count(i->image, KMETA_PARTITION), counts.leaderless,
				counts.under_replicated, counts.reassigning);
		kmeta_buffer_format(out, "\n");
	}
	if (kmeta_image_open_transaction(i->image) >= 0)
		kmeta_buffer_format(
			out, "%-17s open since offset %lld: what is in it does not count yet\n",
			"transaction", (long long)kmeta_image_open_transaction(i->image));
}

/* ---- formats ---- */

static void put_entity(struct image *i, const struct kmeta_entity *entity)
{
	struct kmeta_buffer *out = &i->out.buffer;

	if (i->format == FORMAT_RECORDS) {
		kmeta_entity_json(out, entity, i->common.flags);
	} else {
		if (i->common.flags & KMETA_SHOW_COLOR)
			kmeta_buffer_format(out, "\x1b[1m");
		kmeta_entity_path(out, entity, i->common.flags);
		if (i->common.flags & KMETA_SHOW_COLOR)
			kmeta_buffer_format(out, "\x1b[0m");
		kmeta_buffer_add(out, "  ", 2);
		kmeta_entity_text(out, entity, i->common.flags);
		while (out->size && out->at[out->size - 1] == ' ')
			out->size--;
	}
	kmeta_buffer_add(out, "\n", 1);
}

static enum kmeta_status put_entities(struct image *i, struct kmeta_finding *why)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, i->image, i->walk_flags, why);

	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		if (is_wanted(i, &entity))
			put_entity(i, &entity);
		if (!output_drain(&i->out, &i->common))
			break;
	}
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status put_hash(struct image *i, struct kmeta_finding *why)
{
	uint8_t hash[32];
	const enum kmeta_status status = kmeta_image_hash(i->image, hash, why);

	for (size_t b = 0; status == KMETA_OK && b < sizeof(hash); b++)
		kmeta_buffer_format(&i->out.buffer, "%02x", hash[b]);
	if (status == KMETA_OK)
		kmeta_buffer_format(&i->out.buffer, "  @%lld  %s\n",
		                    (long long)kmeta_image_place(i->image).end_offset, i->address);
	return status;
}

static bool drain(void *context, struct kmeta_buffer *out)
{
	struct image *i = context;

	(void)out;
	return output_drain(&i->out, &i->common);
}

static enum kmeta_status put_image(struct image *i, struct kmeta_finding *why)
{
	switch (i->format) {
	case FORMAT_HASH:
		return put_hash(i, why);
	case FORMAT_JSON:
		return kmeta_image_json(i->image, is_wanted, drain, i, &i->out.buffer,
		                        i->common.flags, why);
	case FORMAT_TEXT:
		if (!i->globs_count && !i->asked) {
			put_overview(i);
			return KMETA_OK;
		}
		return put_entities(i, why);
	case FORMAT_RECORDS:
		return put_entities(i, why);
	}
	return KMETA_OK;
}

/* ---- the command line ---- */

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct image *i = context;

	progress_hide(&i->progress);
	common_report(&i->common, i->address, finding);
	i->doubtful |= kmeta_code_severity(finding->code) == KMETA_ERROR;
	return true;
}

static bool show_progress(void *context, int64_t done, int64_t total)
{
	struct image *i = context;

	progress_show(&i->progress, &i->common, done, total);
	return true;
}

static void take_option(struct image *i, int id)
{
	struct kmeta_query *query = &i->query;
	char *end;

	i->asked |= id >= OPTION_LEADERLESS && id <= OPTION_ON_DIRECTORY;
	switch (id) {
	case 'o':
		i->format = (enum format)common_word(&i->common, "output", optarg, formats, 4);
		break;
	case OPTION_LEADERLESS:
		query->leaderless = true;
		break;
	case OPTION_UNDER_REPLICATED:
		query->under_replicated = true;
		break;
	case OPTION_UNDER_MIN_ISR:
		query->under_min_isr = true;
		break;
	case OPTION_REASSIGNING:
		query->reassigning = true;
		break;
	case OPTION_ON_BROKER:
		query->on_broker = true;
		query->broker = (int32_t)strtol(optarg, &end, 10);
		if (end == optarg || *end)
			common_usage(&i->common, "--on-broker takes a number, not '%s'", optarg);
		break;
	case OPTION_ON_DIRECTORY:
		query->on_directory = true;
		if (!kmeta_uuid_parse(optarg, query->directory))
			common_usage(&i->common,
			             "--on-directory takes an id of 22 characters, not '%s'",
			             optarg);
		break;
	case OPTION_NEWEST:
		i->walk_flags = KMETA_WALK_NEWEST;
		break;
	case OPTION_FROM_LOG:
		i->load.from_log = true;
		break;
	case OPTION_STRICT:
		i->load.strict = true;
		break;
	default:
		break;
	}
}

/* The digest is of a whole state, and has forms of its own. */
static void check_options(const struct image *i)
{
	if (i->format == FORMAT_HASH && (i->asked || i->globs_count))
		common_usage(&i->common, "--output=hash is of the whole state: it takes neither "
		                         "PATH-GLOBs nor options that choose partitions");
	if (i->format == FORMAT_JSON && i->walk_flags)
		common_usage(&i->common, "--newest goes with --output=text and --output=records");
}

int main(int argc, char **argv)
{
	struct image i = { .common = { .command = &command } };
	struct kmeta_finding why;
	enum kmeta_status status;
	int id;

	signal(SIGPIPE, SIG_IGN);
	i.load = (struct kmeta_load_options){
		.nearest = true, .report = report, .progress = show_progress, .context = &i
	};
	while ((id = common_next_option(&i.common, argc, argv)) != -1)
		take_option(&i, id);
	if (optind == argc)
		common_usage(&i.common, "name a directory, a checkpoint or a segment");
	i.address = argv[optind];
	i.globs = (const char *const *)argv + optind + 1;
	i.globs_count = (size_t)(argc - optind - 1);
	i.load.dialect = i.common.dialect;
	check_options(&i);
	progress_begin(&i.progress, &i.common);
	status = common_load(&i.image, i.address, &i.load, &why);
	progress_hide(&i.progress);
	if (status == KMETA_OK)
		status = put_image(&i, &why);
	output_flush(&i.out, &i.common);
	if (status != KMETA_OK)
		common_report(&i.common, i.address, &why);
	kmeta_image_free(i.image);
	kmeta_buffer_release(&i.path);
	kmeta_buffer_release(&i.out.buffer);
	return status != KMETA_OK || i.doubtful || i.out.failed ? EXIT_TROUBLE : EXIT_CLEAN;
}
