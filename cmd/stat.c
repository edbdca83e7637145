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

enum format { FORMAT_TEXT, FORMAT_JSON };

enum { OPTION_TOP = OPTION_OWN, DEFAULT_TOP = 10, DEFAULT_WIDTH = 80, SMALLEST_BAR = 8 };

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

static const char *const migration_states[] = { "none", "migration", "pre-migration",
	                                        "post-migration", "zk" };

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

/* ---- text ---- */

#define PUT(c, ...) kmeta_buffer_format(&(c)->out.buffer, __VA_ARGS__)

static void put_title(struct stat_command *c, const char *title)
{
	if (c->common.flags & KMETA_SHOW_COLOR)
		PUT(c, "\n\x1b[1m%s\x1b[0m\n", title);
	else
		PUT(c, "\n%s\n", title);
}

/* What is left of the line behind "used" columns, filled as "part" is of "whole". */
static void put_bar(struct stat_command *c, size_t used, int64_t part, int64_t whole)
{
	const size_t room = c->width > used + SMALLEST_BAR ? c->width - used : SMALLEST_BAR;
	const size_t filled =
		whole > 0 ? (size_t)((double)part / (double)whole * (double)room + 0.5) : 0;

	PUT(c, filled ? "  " : "");
	for (size_t i = 0; i < filled && i < room; i++)
		PUT(c, "#");
	PUT(c, "\n");
}

static void put_row(struct stat_command *c, const char *name, size_t size, struct kmeta_count count,
                    int64_t most)
{
	enum { NAME = 38, USED = NAME + 30 };

	PUT(c, "  %-*.*s %11lld %13lld", NAME, (int)size, name, (long long)count.records,
	    (long long)count.bytes);
	put_bar(c, USED, count.bytes, most);
}

static void put_types(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	put_title(c, "by type                                    records         bytes");
	for (size_t i = 0; i < s->types_count; i++) {
		const struct kmeta_schema *schema = s->types[i].schema;
		char name[64];

		if (schema)
			snprintf(name, sizeof(name), "%s v%d", schema->name, schema->version);
		else
			snprintf(name, sizeof(name), "(not decoded)");
		put_row(c, name, strlen(name), s->types[i].count, s->types[0].count.bytes);
	}
}

static void put_topics(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	if (!s->topics_count)
		return;
	put_title(c, "by topic                                   records         bytes");
	for (size_t i = 0; i < s->topics_count && i < c->top; i++) {
		struct kmeta_buffer name = { 0 };

		kmeta_topic_text(&name, &s->topics[i]);
		put_row(c, name.at ? name.at : "", name.size, s->topics[i].count,
		        s->topics[0].count.bytes);
		kmeta_buffer_release(&name);
	}
	if (s->topics_count > c->top)
		PUT(c, "  and %zu more (--top)\n", s->topics_count - c->top);
}

static void put_brokers(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	if (!s->brokers_count)
		return;
	put_title(c, "by broker     registrations       changes  became leader");
	for (size_t i = 0; i < s->brokers_count && i < c->top; i++)
		PUT(c, "  %-10d  %13lld %13lld  %13lld\n", s->brokers[i].broker,
		    (long long)s->brokers[i].registrations, (long long)s->brokers[i].changes,
		    (long long)s->brokers[i].leaderships);
	if (s->brokers_count > c->top)
		PUT(c, "  and %zu more (--top)\n", s->brokers_count - c->top);
}

static void put_times(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;
	int64_t most = 0;
	size_t last = 0;

	for (size_t i = 0; i < KMETA_STAT_TIMES; i++) {
		most = s->times[i].records > most ? s->times[i].records : most;
		last = s->times[i].records ? i : last;
	}
	if (!most)
		return;
	put_title(c, "over time                          records");
	for (size_t i = 0; i <= last; i++) {
		PUT(c, "  ");
		kmeta_print_time(&c->out.buffer, s->time_start + (int64_t)i * s->time_width,
		                 c->common.flags);
		PUT(c, " %11lld", (long long)s->times[i].records);
		put_bar(c, 45, s->times[i].records, most);
	}
}

static void put_sizes(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;
	int64_t most = 0;

	for (size_t i = 0; i < KMETA_STAT_SIZES; i++)
		most = s->batch_sizes[i] > most ? s->batch_sizes[i] : most;
	if (!most)
		return;
	put_title(c, "batch sizes, in bytes     batches");
	for (size_t i = 0; i < KMETA_STAT_SIZES; i++) {
		if (!s->batch_sizes[i])
			continue;
		PUT(c, "  from %-11lld %13lld", 1LL << i, (long long)s->batch_sizes[i]);
		put_bar(c, 34, s->batch_sizes[i], most);
	}
	PUT(c, "  the largest: ");
	output_count(&c->out.buffer, s->largest_batch, "byte", "bytes");
	PUT(c, "\n");
}

static void put_checkpoints(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	if (!s->checkpoints_count)
		return;
	put_title(
		c,
		"checkpoints       end offset   epoch         bytes   offsets since the one before");
	for (size_t i = 0; i < s->checkpoints_count; i++) {
		PUT(c, "  %26lld %7d %13lld", (long long)s->checkpoints[i].end_offset,
		    s->checkpoints[i].epoch, (long long)s->checkpoints[i].bytes);
		if (i)
			PUT(c, "   %lld",
			    (long long)(s->checkpoints[i].end_offset -
			                s->checkpoints[i - 1].end_offset));
		PUT(c, "\n");
	}
}

static const char *migration_word(int32_t state)
{
	return state >= 0 && (size_t)state < sizeof(migration_states) / sizeof(migration_states[0])
	               ? migration_states[state]
	               : "unknown";
}

static void put_migration(struct stat_command *c)
{
	enum { POST_MIGRATION = 3 };
	const struct kmeta_stats *s = c->stats;

	if (s->migration_state < 0)
		return;
	PUT(c, "ZooKeeper          state %s since offset %lld, ",
	    migration_word(s->migration_state), (long long)s->migration_offset);
	kmeta_print_time(&c->out.buffer, s->migration_time, c->common.flags);
	if (s->migration_state == POST_MIGRATION && !s->migrating_brokers)
		PUT(c, ": the migration is finished\n");
	else if (s->migration_state > 0)
		PUT(c,
		    ": the migration is not finished; %lld broker%s still registered as migrating\n",
		    (long long)s->migrating_brokers, s->migrating_brokers == 1 ? " is" : "s are");
	else
		PUT(c, ": never migrated\n");
}

static void put_level(struct stat_command *c, int64_t level)
{
	const char *name = kmeta_metadata_version_name(level);

	PUT(c, "%lld%s%s%s", (long long)level, name ? " (" : "", name ? name : "", name ? ")" : "");
}

static void put_size(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;
	struct kmeta_buffer *out = &c->out.buffer;

	PUT(c, "log                ");
	output_count(out, s->files, "file", "files");
	PUT(c, ", ");
	output_count(out, s->bytes, "byte", "bytes");
	PUT(c, ", ");
	output_count(out, s->batches, "batch", "batches");
	PUT(c, " (%lld compressed), ", (long long)s->compressed_batches);
	output_count(out, s->records, "record", "records");
	PUT(c, "\n");
}

static void put_text(struct stat_command *c)
{
	const struct kmeta_stats *s = c->stats;

	put_size(c);
	if (s->first_offset >= 0) {
		PUT(c, "offsets            %lld to %lld, epochs %d to %d, ",
		    (long long)s->first_offset, (long long)s->last_offset, s->first_epoch,
		    s->last_epoch);
		output_count(&c->out.buffer, s->leader_changes, "leader change", "leader changes");
		PUT(c, "\n");
		PUT(c, "time               ");
		kmeta_print_time(&c->out.buffer, s->first_time, c->common.flags);
		PUT(c, " to ");
		kmeta_print_time(&c->out.buffer, s->last_time, c->common.flags);
		PUT(c, "\n");
	}
	PUT(c, "metadata.version   ");
	if (s->metadata_version)
		put_level(c, s->metadata_version);
	else
		PUT(c, "not set in what is kept");
	PUT(c, "\nto read it         release %s", kmeta_release_name(s->lowest_release));
	if (s->lowest_level) {
		PUT(c, ", metadata.version ");
		put_level(c, s->lowest_level);
	}
	PUT(c, " or later\n");
	if (s->open_transaction >= 0)
		PUT(c, "transaction        open since offset %lld\n",
		    (long long)s->open_transaction);
	put_migration(c);
	put_types(c);
	put_topics(c);
	put_brokers(c);
	put_times(c);
	put_sizes(c);
	put_checkpoints(c);
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
		    migration_word(s->migration_state), (long long)s->migration_offset,
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

static void show_progress(void *context, const struct kmeta_source *source)
{
	struct stat_command *c = context;

	progress_step(&c->progress, &c->common, source);
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
			put_text(&c);
		output_flush(&c.out, &c.common);
	} else {
		common_report(&c.common, c.address, &why);
	}
	kmeta_stats_free(stats);
	kmeta_buffer_release(&c.out.buffer);
	return status != KMETA_OK || c.out.failed ? EXIT_TROUBLE : c.status;
}
