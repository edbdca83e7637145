/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: kmeta-diff says what changed between two states, or where two logs part. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "common.h"

enum format { FORMAT_TEXT, FORMAT_JSON };

enum { OPTION_STAT = OPTION_OWN, OPTION_ONLY, OPTION_IGNORE, OPTION_LOG, OPTION_FROM_LOG };

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT", "text (default), json (a line a change)" },
	{ OPTION_STAT, "stat", NULL, "only how many of each kind changed" },
	{ OPTION_ONLY, "only", "KIND,...",
	  "only these kinds: topic, partition, config, broker, ..." },
	{ OPTION_IGNORE, "ignore", "FIELD,...",
	  "pass over these fields, as brokerEpoch or directories" },
	{ OPTION_LOG, "log", NULL, "compare two logs batch by batch instead" },
	{ OPTION_FROM_LOG, "from-log", NULL,
	  "replay directories' segments alone, whatever checkpoints there are" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-diff",
	.synopsis = "[options] ADDRESS[@POINT] ADDRESS[@POINT]",
	.about =
		"Says what was added, removed and changed between two states: of checkpoints, directories at\n"
		"any offset or time, or different nodes. With --log: where two logs part.",
	.notes =
		"Kinds: feature zk-migration broker controller topic partition config quota producer-ids\n"
		"acl scram token.\n"
		"Exit status: 0 the same; 1 different; 2 trouble.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

struct diff {
	struct common common;
	enum format format;
	bool stat, log;
	unsigned kinds; /* bits; 0: all */
	struct changes changes;
	struct kmeta_load_options load;
	const char *addresses[2];
	size_t loading; /* which of them */
	struct kmeta_image *images[2];
	struct output out;
	struct progress progress;
	size_t counts[KMETA_ENTITY_KINDS][3]; /* added, removed, changed */
	bool different, doubtful;
};

/* ---- changes ---- */

/* A topic that is there on the other side too, under another id. */
static bool is_recreated(const struct diff *d, const struct kmeta_change *change)
{
	const struct kmeta_entity *entity = changes_entity(change);
	const struct kmeta_image *other = d->images[change->after ? 0 : 1];
	uint8_t id[16];

	return entity->kind == KMETA_TOPIC && changes_what(change) != CHANGED &&
	       kmeta_image_topic_id(other, entity->topic_name, id) &&
	       memcmp(id, kmeta_fields_find(entity->fields, "topicId")->value.bytes.data,
	              sizeof(id)) != 0;
}

static void put_change(struct diff *d, const struct kmeta_change *change)
{
	const bool recreated = is_recreated(d, change);
	struct kmeta_buffer *out = &d->out.buffer;

	if (d->format == FORMAT_JSON) {
		kmeta_buffer_format(out, "{");
		changes_json(&d->changes, change);
		kmeta_buffer_format(out, recreated ? ",\"recreated\":true}\n" : "}\n");
		return;
	}
	changes_text(&d->changes, change);
	if (recreated)
		kmeta_buffer_format(out,
		                    changes_what(change) == REMOVED
		                            ? "  (and created again under another id)"
		                            : "  (a new topic under a name that was there before)");
	kmeta_buffer_format(out, "\n");
}

static bool see(void *context, const struct kmeta_change *change)
{
	struct diff *d = context;
	const enum kmeta_entity_kind kind = changes_entity(change)->kind;

	if ((d->kinds && !(d->kinds >> kind & 1)) || !changes_any(&d->changes, change))
		return true;
	d->different = true;
	d->counts[kind][changes_what(change)]++;
	if (d->stat || d->common.quiet)
		return true;
	progress_hide(&d->progress);
	put_change(d, change);
	return output_drain(&d->out, &d->common);
}

static void put_stat(struct diff *d)
{
	struct kmeta_buffer *out = &d->out.buffer;

	for (size_t k = 0; k < KMETA_ENTITY_KINDS; k++) {
		const size_t *counts = d->counts[k];

		if (!counts[ADDED] && !counts[REMOVED] && !counts[CHANGED])
			continue;
		if (d->format == FORMAT_JSON)
			kmeta_buffer_format(
				out,
				"{\"entity\":\"%s\",\"added\":%zu,\"removed\":%zu,\"changed\":%zu}\n",
				kmeta_entity_kind_name((enum kmeta_entity_kind)k), counts[ADDED],
				counts[REMOVED], counts[CHANGED]);
		else
			kmeta_buffer_format(out, "%-13s %zu added, %zu removed, %zu changed\n",
			                    kmeta_entity_kind_name((enum kmeta_entity_kind)k),
			                    counts[ADDED], counts[REMOVED], counts[CHANGED]);
	}
}

static enum kmeta_status compare_states(struct diff *d, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	for (d->loading = 0; d->loading < 2 && status == KMETA_OK; d->loading++)
		status = common_load(&d->images[d->loading], d->addresses[d->loading], &d->load,
		                     why);
	if (status != KMETA_OK) {
		d->loading--;
		return status;
	}
	status = kmeta_diff(d->images[0], d->images[1], see, d, why);
	if (d->stat)
		put_stat(d);
	return status;
}

/* ---- logs ---- */

static void put_place_json(struct diff *d, const char *name, const struct kmeta_batch *batch)
{
	struct kmeta_buffer *out = &d->out.buffer;

	kmeta_buffer_format(out, ",\"%s\":{\"file\":", name);
	kmeta_string_json(out, batch->file);
	kmeta_buffer_format(
		out,
		",\"position\":%lld,\"baseOffset\":%lld,\"lastOffset\":%lld,\"epoch\":%d,\"crc\":%u}",
		(long long)batch->position, (long long)batch->base_offset,
		(long long)batch->last_offset, batch->epoch, batch->crc);
}

static void put_logs_json(struct diff *d, const struct kmeta_logs *logs)
{
	struct kmeta_buffer *out = &d->out.buffer;

	kmeta_buffer_format(
		out,
		"{\"firstCommonOffset\":%lld,\"lastCommonOffset\":%lld,\"lastCommonEpoch\":%d,"
		"\"endOffsets\":[%lld,%lld],\"differ\":%s",
		(long long)logs->first_common, (long long)logs->last_common, logs->last_epoch,
		(long long)logs->first_end, (long long)logs->second_end,
		logs->differ ? "true" : "false");
	if (logs->differ) {
		put_place_json(d, "first", &logs->first);
		put_place_json(d, "second", &logs->second);
	}
	kmeta_buffer_format(out, "}\n");
}

static void put_logs_text(struct diff *d, const struct kmeta_logs *logs)
{
	struct kmeta_buffer *out = &d->out.buffer;

	if (logs->last_common < 0)
		kmeta_buffer_format(out, "no batch in common\n");
	else
		kmeta_buffer_format(out, "in common: offsets %lld to %lld, the last in epoch %d\n",
		                    (long long)logs->first_common, (long long)logs->last_common,
		                    logs->last_epoch);
	for (size_t i = 0; i < 2 && logs->differ; i++) {
		const struct kmeta_batch *batch = i ? &logs->second : &logs->first;

		kmeta_buffer_format(
			out, "%s then %s byte %lld: offsets %lld to %lld, epoch %d, crc %08x\n",
			i ? "+" : "-", batch->file, (long long)batch->position,
			(long long)batch->base_offset, (long long)batch->last_offset, batch->epoch,
			batch->crc);
	}
	for (size_t i = 0; i < 2; i++)
		kmeta_buffer_format(out, "%s ends @%lld\n", d->addresses[i],
		                    (long long)(i ? logs->second_end : logs->first_end));
}

/* A log that is only shorter differs too: by what it lacks. */
static enum kmeta_status compare_logs(struct diff *d, struct kmeta_finding *why)
{
	struct kmeta_logs logs;
	const enum kmeta_status status =
		kmeta_compare_logs(d->addresses[0], d->addresses[1], &logs, why);

	if (status != KMETA_OK)
		return status;
	d->different = logs.differ || logs.last_common < 0 || logs.first_end != logs.second_end;
	if (d->common.quiet)
		return KMETA_OK;
	if (d->format == FORMAT_JSON)
		put_logs_json(d, &logs);
	else
		put_logs_text(d, &logs);
	return KMETA_OK;
}

/* ---- the command line ---- */

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct diff *d = context;

	progress_hide(&d->progress);
	common_report(&d->common, d->addresses[d->loading], finding);
	d->doubtful |= kmeta_code_severity(finding->code) == KMETA_ERROR;
	return true;
}

static bool show_progress(void *context, int64_t done, int64_t total)
{
	struct diff *d = context;

	progress_show(&d->progress, &d->common, done, total);
	return true;
}

static unsigned parse_kinds(const struct common *c, const char *text)
{
	unsigned kinds = 0;

	for (size_t k = 0; k < KMETA_ENTITY_KINDS; k++)
		if (changes_is_listed(text, kmeta_entity_kind_name((enum kmeta_entity_kind)k)))
			kinds |= 1u << k;
	for (const char *word = text; word;
	     word = strchr(word, ',') ? strchr(word, ',') + 1 : NULL) {
		const size_t size = strcspn(word, ",");
		bool known = false;

		for (size_t k = 0; k < KMETA_ENTITY_KINDS; k++) {
			const char *name = kmeta_entity_kind_name((enum kmeta_entity_kind)k);

			known |= strlen(name) == size && !strncmp(name, word, size);
		}
		if (!known)
			common_usage(c, "--only: '%.*s' is no kind of entity", (int)size, word);
	}
	return kinds;
}

static void take_option(struct diff *d, int id)
{
	static const char *const formats[] = { "text", "json" };

	switch (id) {
	case 'o':
		d->format = (enum format)common_word(&d->common, "output", optarg, formats, 2);
		break;
	case OPTION_STAT:
		d->stat = true;
		break;
	case OPTION_ONLY:
		d->kinds = parse_kinds(&d->common, optarg);
		break;
	case OPTION_IGNORE:
		d->changes.ignored = optarg;
		break;
	case OPTION_LOG:
		d->log = true;
		break;
	case OPTION_FROM_LOG:
		d->load.from_log = true;
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	struct diff d = { .common = { .command = &command } };
	struct kmeta_finding why;
	enum kmeta_status status;
	int id;

	signal(SIGPIPE, SIG_IGN);
	d.load = (struct kmeta_load_options){ .report = report,
		                              .progress = show_progress,
		                              .context = &d };
	while ((id = common_next_option(&d.common, argc, argv)) != -1)
		take_option(&d, id);
	if (argc - optind != 2)
		common_usage(&d.common,
		             "name two states, as DIRECTORY@1500 DIRECTORY@end or two checkpoints");
	d.changes.out = &d.out.buffer;
	d.changes.flags = d.common.flags;
	d.addresses[0] = argv[optind];
	d.addresses[1] = argv[optind + 1];
	d.load.dialect = d.common.dialect;
	progress_begin(&d.progress, &d.common);
	status = d.log ? compare_logs(&d, &why) : compare_states(&d, &why);
	progress_hide(&d.progress);
	output_flush(&d.out, &d.common);
	if (status != KMETA_OK)
		common_report(&d.common, d.log ? NULL : d.addresses[d.loading], &why);
	kmeta_image_free(d.images[0]);
	kmeta_image_free(d.images[1]);
	kmeta_buffer_release(&d.out.buffer);
	if (status != KMETA_OK || d.doubtful || d.out.failed)
		return EXIT_TROUBLE;
	return d.different ? EXIT_DIFFERENT : EXIT_CLEAN;
}
