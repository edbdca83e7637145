/* SPDX-License-Identifier: Apache-2.0 */
/* stat.c: kmeta-stat says what fills a log. */
#include <stdio.h>
#include <stdlib.h>

#include "common.h"
#include "stats.h"

enum stat_format { STAT_TEXT, STAT_JSON };

enum { DEFAULT_TOP = 10, DEFAULT_WIDTH = 80 };

struct stat_command {
	struct common common;
	enum stat_format format;
	size_t top;
	size_t width;    /* of the terminal, in columns */
	size_t sections; /* that were printed, one an address */
	const struct kmeta_stats *stats;
};

static const struct option_word stat_formats[] = { [STAT_TEXT] = { "text",
	                                                           "for people, the default" },
	                                           [STAT_JSON] = { "json", "a line an address" },
	                                           { "", NULL } };

static const struct command_option stat_options[] = {
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}.",
	  TO_WORD(struct stat_command, format),
	  .words = stat_formats,
	  .value = "format" },
	{ .name = "top",
	  .argument = "N",
	  .group = GROUP_OUTPUT,
	  .help = "the first N topics and brokers; default 10",
	  .manual = "The first *N* topics and brokers; by default 10.",
	  TO_NUMBER(struct stat_command, top, 0, 0),
	  .value = "number of topics and brokers" },
};

static const struct command_operand stat_operands[] = {
	{ .title = "segment, checkpoint or directory", .many = true }, { .title = NULL }
};

#define PUT(c, ...) kmeta_buffer_format(&(c)->common.out.buffer, __VA_ARGS__)

static void print_stats(struct stat_command *c)
{
	const struct stats_text text = { .out = &c->common.out.buffer,
		                         .stats = c->stats,
		                         .top = c->top,
		                         .width = c->width,
		                         .flags = c->common.flags };

	stats_print(&text);
}

/* ---- JSON ---- */

static void put_json_lists(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	PUT(c, ",\"types\":[");
	for (size_t i = 0; i < s->types_count; i++) {
		const struct kmeta_schema *schema = s->types[i].schema;

		PUT(c, "%s{\"type\":", i ? "," : "");
		if (schema)
			PUT(c, "\"%s\",\"version\":%d", schema->name, schema->version);
		else
			PUT(c, "null,\"version\":null");
		PUT(c, ",\"records\":%lld,\"bytes\":%lld}", (long long)s->types[i].count.records,
		    (long long)s->types[i].count.bytes);
	}
	PUT(c, "],\"topics\":[");
	for (size_t i = 0; i < s->topics_count && i < c->top; i++) {
		PUT(c, "%s{\"topic\":", i ? "," : "");
		kmeta_topic_json(&c->common.out.buffer, &s->topics[i]);
		PUT(c, ",\"records\":%lld,\"bytes\":%lld}", (long long)s->topics[i].count.records,
		    (long long)s->topics[i].count.bytes);
	}
	PUT(c, "],\"brokers\":[");
	for (size_t i = 0; i < s->brokers_count && i < c->top; i++)
		PUT(c,
		    "%s{\"broker\":%d,\"registrations\":%lld,\"changes\":%lld,\"leaderships\":%lld}",
		    i ? "," : "", s->brokers[i].broker, (long long)s->brokers[i].registrations,
		    (long long)s->brokers[i].changes, (long long)s->brokers[i].leaderships);
	PUT(c, "],\"checkpoints\":[");
	for (size_t i = 0; i < s->checkpoints_count; i++)
		PUT(c, "%s{\"endOffset\":%lld,\"epoch\":%d,\"bytes\":%lld}", i ? "," : "",
		    (long long)s->checkpoints[i].end_offset, s->checkpoints[i].epoch,
		    (long long)s->checkpoints[i].bytes);
	PUT(c, "],\"batchSizes\":[");
	for (size_t i = 0, n = 0; i < KMETA_STAT_SIZES; i++)
		if (s->batch_sizes[i])
			PUT(c, "%s{\"from\":%lld,\"batches\":%lld}", n++ ? "," : "", 1LL << i,
			    (long long)s->batch_sizes[i]);
	PUT(c, "],\"times\":[");
	for (size_t i = 0, n = 0; i < KMETA_STAT_TIMES; i++)
		if (s->times[i].records)
			PUT(c, "%s{\"from\":%lld,\"records\":%lld,\"bytes\":%lld}", n++ ? "," : "",
			    (long long)(s->time_start + (int64_t)i * s->time_width),
			    (long long)s->times[i].records, (long long)s->times[i].bytes);
	PUT(c, "]}\n");
}

static void put_json_ids(struct stat_command *c, const char *key, const int32_t *ids, size_t count)
{
	PUT(c, ",\"%s\":[", key);
	for (size_t i = 0; i < count; i++)
		PUT(c, "%s%d", i ? "," : "", ids[i]);
	PUT(c, "]");
}

static void put_json_migration(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	if (s->migration_state < 0)
		return;
	PUT(c,
	    ",\"zkMigration\":{\"state\":\"%s\",\"offset\":%lld,\"timestamp\":%lld,\"migratingBrokers\":%zu",
	    stats_migration(s->migration_state), (long long)s->migration_offset,
	    (long long)s->migration_time, s->migrating_brokers_count);
	put_json_ids(c, "migratingBrokerIds", s->migrating_brokers, s->migrating_brokers_count);
	put_json_ids(c, "unreadyControllerIds", s->unready_controllers,
	             s->unready_controllers_count);
	PUT(c, "}");
}

/* The name of a release as JSON; null: there is no such bound. */
static const char *release_json(char text[32], size_t release, bool is_bound)
{
	const char *name = is_bound ? kmeta_release_name(release) : NULL;

	if (name)
		snprintf(text, 32, "\"%s\"", name);
	return name ? text : "null";
}

static void put_json(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;
	const bool any = s->lowest_release <= s->highest_release;
	char low[32], high[32];
	const char *lowest = release_json(low, s->lowest_release, any);
	const char *highest = release_json(high, s->highest_release,
	                                   any && kmeta_release_name(s->highest_release + 1));

	PUT(c, "{\"address\":");
	kmeta_string_json(&c->common.out.buffer, c->common.address);
	PUT(c,
	    ",\"files\":%lld,\"bytes\":%lld,\"batches\":%lld,\"compressedBatches\":%lld,\"records\":%lld,"
	    "\"controlRecords\":%lld,\"firstOffset\":%lld,\"lastOffset\":%lld,\"firstTimestamp\":%lld,"
	    "\"lastTimestamp\":%lld,\"firstEpoch\":%d,\"lastEpoch\":%d,\"leaderChanges\":%lld,"
	    "\"metadataVersion\":%lld,\"lowestRelease\":%s,\"highestRelease\":%s,"
	    "\"lowestMetadataVersion\":%lld,"
	    "\"openTransaction\":%lld,\"largestBatch\":%lld,\"timeWidth\":%lld",
	    (long long)s->files, (long long)s->bytes, (long long)s->batches,
	    (long long)s->compressed_batches, (long long)s->records, (long long)s->control_records,
	    (long long)s->first_offset, (long long)s->last_offset, (long long)s->first_time,
	    (long long)s->last_time, s->first_epoch, s->last_epoch, (long long)s->leader_changes,
	    (long long)s->metadata_version, lowest, highest, (long long)s->lowest_level,
	    (long long)s->open_transaction, (long long)s->largest_batch, (long long)s->time_width);
	put_json_migration(c);
	put_json_lists(c);
}

/* ---- the command line ---- */

/* Any finding is trouble: the numbers lack what it is about. */
static bool stat_report(void *context, const struct kmeta_finding *finding)
{
	struct common *c = context;

	common_say(c, finding);
	c->trouble = true;
	return true;
}

static void print_statistics(struct stat_command *c)
{
	if (c->format == STAT_JSON) {
		put_json(c);
		return;
	}
	if (c->common.operands_count > 1)
		PUT(c, "%s%s:\n", c->sections++ ? "\n" : "", c->common.address);
	print_stats(c);
}

/* An address that cannot be read is reported, and the others are counted. */
static void count_address(struct stat_command *c, const char *address, struct kmeta_finding *why)
{
	struct common *common = &c->common;
	struct kmeta_stat_options library = { .size = sizeof(library),
		                              .dialect = common->dialect,
		                              .report = stat_report,
		                              .progress = common_progress,
		                              .context = common };
	struct kmeta_stats *stats = NULL;
	char *path = NULL;
	enum kmeta_status status = common_address(common, address, &path, &library.until, why);

	common->address = address;
	if (status == KMETA_OK)
		status = kmeta_stat(&stats, path, &library, why);
	progress_hide(&common->progress);
	if (status == KMETA_OK) {
		c->stats = stats;
		print_statistics(c);
	} else {
		/* The finding may borrow the path. */
		common_report(common, why);
	}
	kmeta_stats_free(stats);
	free(path);
}

static enum kmeta_status stat_run(struct common *common, struct kmeta_finding *why)
{
	struct stat_command *c = (struct stat_command *)common;

	for (size_t i = 0; i < common->operands_count; i++)
		count_address(c, common->operands[i], why);
	return KMETA_OK;
}

static const struct command stat_command = {
	.name = "kmeta-stat",
	.synopsis = "[options] ADDRESS...",
	.about =
		"Says what fills a log: records and bytes by type, topic and broker, and over time; "
		"batch sizes; leader changes; checkpoints; what it takes to read it; the migration "
		"from ZooKeeper.",
	.notes = "Exit status: 0 done; 2 something could not be read.",
	.options = stat_options,
	.options_count = sizeof(stat_options) / sizeof(stat_options[0]),
	.operands = stat_operands,
	.least = 1,
	.missing = "name a directory, segment or checkpoint",
	.run = stat_run,
};

int main(int argc, char **argv)
{
	const size_t width = columns_of_terminal();
	struct stat_command c = { .common.command = &stat_command,
		                  .top = DEFAULT_TOP,
		                  .width = width ? width : DEFAULT_WIDTH };

	return common_main(&c.common, argc, argv);
}
