/* SPDX-License-Identifier: Apache-2.0 */
/* stats.c: statistics as people read them, for kmeta-stat and kmeta-browse. */
#include "stats.h"

#include <stdio.h>
#include <string.h>

#include "common.h"

enum { SMALLEST_BAR = 8 };

static const char *const migration_states[] = { "none", "migration", "pre-migration",
	                                        "post-migration", "zk" };

#define PUT(c, ...) kmeta_buffer_format((c)->out, __VA_ARGS__)

static void put_title(const struct stats_text *c, const char *title)
{
	if (c->flags & KMETA_SHOW_COLOR)
		PUT(c, "\n\x1b[1m%s\x1b[0m\n", title);
	else
		PUT(c, "\n%s\n", title);
}

/* Appends a bar after "used" columns; it fills the rest of the line if "part" is "whole". */
static void put_bar(const struct stats_text *c, size_t used, int64_t part, int64_t whole)
{
	const size_t room = c->width > used + SMALLEST_BAR ? c->width - used : SMALLEST_BAR;
	const size_t filled =
		whole > 0 ? (size_t)((double)part / (double)whole * (double)room + 0.5) : 0;

	PUT(c, filled ? "  " : "");
	for (size_t i = 0; i < filled && i < room; i++)
		PUT(c, "#");
	PUT(c, "\n");
}

static void put_row(const struct stats_text *c, const char *name, size_t size,
                    struct kmeta_count count, int64_t most)
{
	enum { NAME = 38, USED = NAME + 30 };

	PUT(c, "  %-*.*s %11lld %13lld", NAME, (int)size, name, (long long)count.records,
	    (long long)count.bytes);
	put_bar(c, USED, count.bytes, most);
}

static void put_types(const struct stats_text *c)
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

static void put_topics(const struct stats_text *c)
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

static void put_brokers(const struct stats_text *c)
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

static void put_times(const struct stats_text *c)
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
		kmeta_print_time(c->out, s->time_start + (int64_t)i * s->time_width, c->flags);
		PUT(c, " %11lld", (long long)s->times[i].records);
		put_bar(c, 45, s->times[i].records, most);
	}
}

static void put_sizes(const struct stats_text *c)
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
	output_count(c->out, s->largest_batch, "byte", "bytes");
	PUT(c, "\n");
}

static void put_checkpoints(const struct stats_text *c)
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

const char *stats_migration(int32_t state)
{
	return state >= 0 && (size_t)state < sizeof(migration_states) / sizeof(migration_states[0])
	               ? migration_states[state]
	               : "unknown";
}

/* "1 broker is still under ZooKeeper (5)" */
static void put_nodes(const struct stats_text *c, const char *node, const char *state,
                      const int32_t *ids, size_t count)
{
	enum { SHOWN = 20 };

	PUT(c, "%zu %s%s %s %s", count, node, count == 1 ? "" : "s", count == 1 ? "is" : "are",
	    state);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		PUT(c, "%s%d", i ? ", " : " (", ids[i]);
	if (count)
		PUT(c, "%s)", count > SHOWN ? ", ..." : "");
}

static void put_migration(const struct stats_text *c)
{
	enum { POST_MIGRATION = 3 };
	const struct kmeta_stats *s = c->stats;

	if (s->migration_state < 0)
		return;
	PUT(c, "ZooKeeper          state %s since offset %lld, ",
	    stats_migration(s->migration_state), (long long)s->migration_offset);
	kmeta_print_time(c->out, s->migration_time, c->flags);
	if (s->migration_state == POST_MIGRATION && !s->migrating_brokers_count) {
		PUT(c, ": the migration is finished\n");
	} else if (s->migration_state > 0) {
		PUT(c, ": the migration is not finished; ");
		put_nodes(c, "broker", "still registered as migrating", s->migrating_brokers,
		          s->migrating_brokers_count);
		if (s->unready_controllers_count) {
			PUT(c, "; ");
			put_nodes(c, "controller", "not ready", s->unready_controllers,
			          s->unready_controllers_count);
		}
		PUT(c, "\n");
	} else {
		PUT(c, ": never migrated\n");
	}
}

static void put_level(const struct stats_text *c, int64_t level)
{
	const char *name = kmeta_metadata_version_name(level);

	PUT(c, "%lld%s%s%s", (long long)level, name ? " (" : "", name ? name : "", name ? ")" : "");
}

/* The newest release that kmeta knows is no upper bound. */
static void put_releases(const struct stats_text *c)
{
	const struct kmeta_stats *s = c->stats;
	const char *lowest = kmeta_release_name(s->lowest_release);

	if (s->lowest_release > s->highest_release)
		PUT(c, "no release that kmeta knows");
	else if (!kmeta_release_name(s->highest_release + 1))
		PUT(c, "release %s or later", lowest);
	else if (s->lowest_release == s->highest_release)
		PUT(c, "release %s alone", lowest);
	else
		PUT(c, "releases %s to %s", lowest, kmeta_release_name(s->highest_release));
}

static void stats_put_size(const struct stats_text *c)
{
	const struct kmeta_stats *s = c->stats;

	PUT(c, "log                ");
	output_count(c->out, s->files, "file", "files");
	PUT(c, ", ");
	output_count(c->out, s->bytes, "byte", "bytes");
	PUT(c, ", ");
	output_count(c->out, s->batches, "batch", "batches");
	PUT(c, " (%lld compressed), ", (long long)s->compressed_batches);
	output_count(c->out, s->records, "record", "records");
	PUT(c, "\n");
}

void stats_print(const struct stats_text *c)
{
	const struct kmeta_stats *s = c->stats;

	stats_put_size(c);
	if (s->first_offset >= 0) {
		PUT(c, "offsets            %lld to %lld, epochs %d to %d, ",
		    (long long)s->first_offset, (long long)s->last_offset, s->first_epoch,
		    s->last_epoch);
		output_count(c->out, s->leader_changes, "leader change", "leader changes");
		PUT(c, "\n");
		PUT(c, "time               ");
		kmeta_print_time(c->out, s->first_time, c->flags);
		PUT(c, " to ");
		kmeta_print_time(c->out, s->last_time, c->flags);
		PUT(c, "\n");
	}
	PUT(c, "metadata.version   ");
	if (s->metadata_version)
		put_level(c, s->metadata_version);
	else
		PUT(c, "not set in what is kept");
	PUT(c, "\nto read it         ");
	put_releases(c);
	if (s->lowest_level) {
		PUT(c, "; metadata.version ");
		put_level(c, s->lowest_level);
		PUT(c, " or later");
	}
	PUT(c, "\n");
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
