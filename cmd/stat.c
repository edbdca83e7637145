/* SPDX-License-Identifier: Apache-2.0 */
/* stat.c: kmeta-stat says what fills a log. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common.h"
#include "stats.h"

enum format { FORMAT_TEXT, FORMAT_JSON };

enum { OPTION_TOP = OPTION_OWN, DEFAULT_TOP = 10, DEFAULT_WIDTH = 80 };

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT", "text (default), json (one document)" },
	{ OPTION_TOP, "top", "N", "the first N topics and brokers; default 10" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-stat",
	.synopsis = "[options] ADDRESS",
	.about =
		"Says what fills a log: records and bytes by type, topic and broker, and over time; batch sizes;\n"
		"leader changes; checkpoints; what it takes to read it; the migration from ZooKeeper.",
	.notes = "Exit status: 0 done; 2 something could not be read.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

struct stat_command {
	struct common common;
	enum format format;
	size_t top;
	size_t width; /* of the terminal, in columns */
	const char *address;
	const struct kmeta_stats *stats;
	struct output out;
	struct progress progress;
	int status;
};

#define PUT(c, ...) kmeta_buffer_format(&(c)->out.buffer, __VA_ARGS__)

static void print_text(struct stat_command *c)
{
	const struct stats_text text = { .out = &c->out.buffer,
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
		kmeta_topic_json(&c->out.buffer, &s->topics[i]);
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

static void put_json(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	PUT(c,
	    "{\"files\":%lld,\"bytes\":%lld,\"batches\":%lld,\"compressedBatches\":%lld,\"records\":%lld,"
	    "\"controlRecords\":%lld,\"firstOffset\":%lld,\"lastOffset\":%lld,\"firstTimestamp\":%lld,"
	    "\"lastTimestamp\":%lld,\"firstEpoch\":%d,\"lastEpoch\":%d,\"leaderChanges\":%lld,"
	    "\"metadataVersion\":%lld,\"lowestRelease\":\"%s\",\"lowestMetadataVersion\":%lld,"
	    "\"openTransaction\":%lld,\"largestBatch\":%lld,\"timeWidth\":%lld",
	    (long long)s->files, (long long)s->bytes, (long long)s->batches,
	    (long long)s->compressed_batches, (long long)s->records, (long long)s->control_records,
	    (long long)s->first_offset, (long long)s->last_offset, (long long)s->first_time,
	    (long long)s->last_time, s->first_epoch, s->last_epoch, (long long)s->leader_changes,
	    (long long)s->metadata_version, kmeta_release_name(s->lowest_release),
	    (long long)s->lowest_level, (long long)s->open_transaction, (long long)s->largest_batch,
	    (long long)s->time_width);
	if (s->migration_state >= 0)
		PUT(c,
		    ",\"zkMigration\":{\"state\":\"%s\",\"offset\":%lld,\"timestamp\":%lld,\"migratingBrokers\":%lld}",
		    stats_migration(s->migration_state), (long long)s->migration_offset,
		    (long long)s->migration_time, (long long)s->migrating_brokers);
	put_json_lists(c);
}

/* ---- the command line ---- */

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct stat_command *c = context;

	progress_hide(&c->progress);
	common_report(&c->common, c->address, finding);
	c->status = EXIT_TROUBLE;
	return true;
}

static bool show_progress(void *context, int64_t done, int64_t total)
{
	struct stat_command *c = context;

	progress_show(&c->progress, &c->common, done, total);
	return true;
}

static size_t terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	const int given = columns ? atoi(columns) : 0;
	struct winsize size;

	if (given > 0 && given < 10000)
		return (size_t)given;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return DEFAULT_WIDTH;
}

static void take_option(struct stat_command *c, int id)
{
	static const char *const formats[] = { "text", "json" };
	char *end;

	switch (id) {
	case 'o':
		c->format = (enum format)common_word(&c->common, "output", optarg, formats, 2);
		break;
	case OPTION_TOP:
		c->top = strtoul(optarg, &end, 10);
		if (end == optarg || *end || optarg[0] == '-')
			common_usage(&c->common, "--top takes a number, not '%s'", optarg);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	struct stat_command c = { .common = { .command = &command },
		                  .top = DEFAULT_TOP,
		                  .width = terminal_width() };
	struct kmeta_stat_options library = { .report = report,
		                              .progress = show_progress,
		                              .context = &c };
	struct kmeta_stats *stats = NULL;
	struct kmeta_finding why;
	enum kmeta_status status;
	int id;

	signal(SIGPIPE, SIG_IGN);
	while ((id = common_next_option(&c.common, argc, argv)) != -1)
		take_option(&c, id);
	if (argc - optind != 1)
		common_usage(&c.common, "name one directory, segment or checkpoint");
	c.address = argv[optind];
	library.dialect = c.common.dialect;
	progress_begin(&c.progress, &c.common);
	status = kmeta_stat(&stats, c.address, &library, &why);
	progress_hide(&c.progress);
	if (status == KMETA_OK) {
		c.stats = stats;
		if (c.format == FORMAT_JSON)
			put_json(&c);
		else
			print_text(&c);
		output_flush(&c.out, &c.common);
	} else {
		common_report(&c.common, c.address, &why);
	}
	kmeta_stats_free(stats);
	kmeta_buffer_release(&c.out.buffer);
	return status != KMETA_OK || c.out.failed ? EXIT_TROUBLE : c.status;
}
