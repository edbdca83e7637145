/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: kmeta-history tells every change of one thing. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "common.h"

enum format { FORMAT_TEXT, FORMAT_JSON };

enum { OPTION_SINCE = OPTION_OWN, OPTION_IGNORE, OPTION_LEADERS, OPTION_BROKERS };

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT", "text (default), json (a line a change)" },
	{ OPTION_SINCE, "since", "POINT", "only changes from this offset or time on" },
	{ OPTION_IGNORE, "ignore", "FIELD,...", "pass over these fields, as partitionEpoch" },
	{ OPTION_LEADERS, "leaders", NULL, "the active controllers, one after another" },
	{ OPTION_BROKERS, "brokers", NULL, "registrations, fencing and restarts of all brokers" },
	{ 'f', "follow", NULL, "wait for more" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-history",
	.synopsis = "[options] ADDRESS ENTITY...",
	.about =
		"Tells every change of topics (orders, 'orders*', an id), partitions (orders/3), and of whatever\n"
		"has a path: brokers/11, configs/broker/*, acls, quotas/user:alice, scram/alice, features, ...",
	.notes = "The log does not record who asked for a change.\n"
		 "Exit status: 0 done; 2 trouble.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

struct history {
	struct common common;
	enum format format;
	bool leaders, brokers;
	struct kmeta_point since; /* KMETA_POINT_START: everything */
	struct kmeta_history_options library;
	struct changes changes;
	const char *address;
	struct kmeta_text text;
	struct output out;
	struct progress progress;
	int64_t events;
	int32_t leader;
	int status;
};

static bool is_since(const struct history *h, const struct kmeta_record *record)
{
	switch (h->since.kind) {
	case KMETA_POINT_OFFSET:
		return record->offset >= h->since.value;
	case KMETA_POINT_TIME:
		return record->timestamp >= h->since.value;
	default:
		return true;
	}
}

/* ---- events ---- */

static void put_json_head(struct history *h, const struct kmeta_batch *batch,
                          const struct kmeta_record *record)
{
	kmeta_buffer_format(&h->out.buffer, "{\"offset\":%lld,\"timestamp\":%lld,\"epoch\":%d,",
	                    (long long)record->offset, (long long)record->timestamp, batch->epoch);
}

/* As kmeta-dump has it: without the suffix that nearly all types have. */
static void put_type(struct kmeta_buffer *out, const char *type)
{
	static const char suffix[] = "_RECORD";
	const size_t size = strlen(type), cut = sizeof(suffix) - 1;
	const bool has = size > cut && !strcmp(type + size - cut, suffix);

	kmeta_buffer_format(out, "%-26.*s  ", (int)(has ? size - cut : size), type);
}

static bool see(void *context, const struct kmeta_event *event)
{
	struct history *h = context;
	struct kmeta_buffer *out = &h->out.buffer;

	if (!is_since(h, event->record) || !changes_any(&h->changes, &event->change))
		return true;
	progress_hide(&h->progress);
	h->events++;
	if (h->format == FORMAT_JSON) {
		put_json_head(h, event->batch, event->record);
		kmeta_buffer_format(out, "\"by\":\"%s\",", event->by);
		changes_json(&h->changes, &event->change);
		kmeta_buffer_format(out, "}\n");
	} else {
		kmeta_text_head(out, &h->text, event->record->offset, event->record->timestamp,
		                event->batch->epoch, h->common.flags);
		put_type(out, event->by);
		changes_text(&h->changes, &event->change);
		kmeta_buffer_format(out, "\n");
	}
	return output_drain(&h->out, &h->common);
}

static bool idle(void *context)
{
	struct history *h = context;

	return output_flush(&h->out, &h->common);
}

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct history *h = context;

	progress_hide(&h->progress);
	common_report(&h->common, h->address, finding);
	if (kmeta_code_severity(finding->code) == KMETA_ERROR)
		h->status = EXIT_TROUBLE;
	return true;
}

static bool show_progress(void *context, int64_t done, int64_t total)
{
	struct history *h = context;

	progress_show(&h->progress, &h->common, done, total);
	return true;
}

/* ---- what is told ---- */

static void note_span(struct history *h, const struct kmeta_history_span *span)
{
	struct kmeta_buffer time = { 0 };

	kmeta_print_time(&time, span->first_time, h->common.flags);
	kmeta_buffer_add(&time, "", 1);
	if (span->first_offset > 0)
		common_note(&h->common,
		            "what is kept begins at offset %lld%s%s: what was before is not known",
		            (long long)span->first_offset,
		            span->first_time >= 0 && !time.failed ? ", " : "",
		            span->first_time >= 0 && !time.failed ? time.at : "");
	if (!h->events)
		common_note(&h->common, "no change of that between offsets %lld and %lld",
		            (long long)span->first_offset, (long long)span->end_offset);
	kmeta_buffer_release(&time);
}

static void tell_history(struct history *h, struct kmeta_finding *why, enum kmeta_status *status)
{
	struct kmeta_history_span span;

	*status = kmeta_history(h->address, &h->library, &span, why);
	output_flush(&h->out, &h->common);
	if (*status == KMETA_OK)
		note_span(h, &span);
}

/* ---- the active controllers ---- */

static void put_leader(struct history *h, const struct kmeta_batch *batch,
                       const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	const int32_t leader = (int32_t)kmeta_fields_find(fields, "leaderId")->value.integer;
	struct kmeta_buffer *out = &h->out.buffer;

	if (is_since(h, record)) {
		h->events++;
		if (h->format == FORMAT_JSON) {
			put_json_head(h, batch, record);
			kmeta_buffer_format(out, "\"leader\":[%d,%d],\"voters\":", h->leader,
			                    leader);
			kmeta_field_json(out, fields, kmeta_fields_find(fields, "voters"), 0);
			kmeta_buffer_format(out, "}\n");
		} else {
			kmeta_text_head(out, &h->text, record->offset, record->timestamp,
			                batch->epoch, h->common.flags);
			kmeta_buffer_format(out, "leader ");
			if (h->leader >= 0)
				kmeta_buffer_format(out, "%d -> ", h->leader);
			kmeta_buffer_format(out, "%d  voters ", leader);
			kmeta_field_text(out, fields, kmeta_fields_find(fields, "voters"), 0);
			kmeta_buffer_format(out, "\n");
		}
	}
	h->leader = leader;
}

static void look_for_leader(struct history *h, struct kmeta_dialect *dialect,
                            struct kmeta_fields *fields, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding ignored;

	while (batch->attributes & KMETA_BATCH_CONTROL &&
	       kmeta_batch_next(batch, &cursor, &record, &ignored) == KMETA_OK)
		if (kmeta_decode(dialect, &record, fields, &ignored) == KMETA_OK &&
		    !strcmp(fields->schema->name, "LEADER_CHANGE"))
			put_leader(h, batch, &record, fields);
}

static void tell_leaders(struct history *h, struct kmeta_finding *why, enum kmeta_status *status)
{
	const struct kmeta_source_options window = { .follow = h->library.follow };
	struct kmeta_source *source = NULL;
	struct kmeta_fields fields = { 0 };
	struct kmeta_dialect dialect;
	bool going = kmeta_dialect_init(&dialect, h->library.dialect);

	*status = kmeta_source_open(&source, h->address, &window, why);
	while (going && *status == KMETA_OK) {
		struct kmeta_batch batch;

		*status = kmeta_source_next(source, &batch, why);
		if (*status == KMETA_OK)
			look_for_leader(h, &dialect, &fields, &batch);
		if (*status == KMETA_DAMAGED)
			report(h, why);
		if (*status == KMETA_END && h->library.follow)
			*status = idle(h) ? kmeta_source_wait(source, 1000, why) : KMETA_FAILED;
		else
			going = *status != KMETA_END;
		if (*status != KMETA_FAILED)
			*status = KMETA_OK;
		progress_step(&h->progress, &h->common, source);
	}
	output_flush(&h->out, &h->common);
	kmeta_source_close(source);
	kmeta_fields_release(&fields);
}

/* ---- the command line ---- */

static void parse_since(struct history *h, const char *text)
{
	struct kmeta_finding why;

	if (kmeta_point_parse(text, common_now(), false, &h->since, &why) != KMETA_OK)
		common_usage(&h->common, "--since: %s", why.message);
}

static void take_option(struct history *h, int id, const char **since)
{
	static const char *const formats[] = { "text", "json" };

	switch (id) {
	case 'o':
		h->format = (enum format)common_word(&h->common, "output", optarg, formats, 2);
		break;
	case OPTION_SINCE:
		*since = optarg;
		break;
	case OPTION_IGNORE:
		h->changes.ignored = optarg;
		break;
	case OPTION_LEADERS:
		h->leaders = true;
		break;
	case OPTION_BROKERS:
		h->brokers = true;
		break;
	case 'f':
		h->library.follow = true;
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	static const char *const all_brokers[] = { "brokers" };
	struct history h = { .common = { .command = &command },
		             .since = { .kind = KMETA_POINT_START },
		             .leader = -1,
		             .library = { .seen = see,
		                          .report = report,
		                          .idle = idle,
		                          .progress = show_progress } };
	const char *since = NULL;
	struct kmeta_finding why;
	enum kmeta_status status;
	int id;

	signal(SIGPIPE, SIG_IGN);
	while ((id = common_next_option(&h.common, argc, argv)) != -1)
		take_option(&h, id, &since);
	if (since)
		parse_since(&h, since);
	if (optind == argc || (argc - optind < 2 && !h.leaders && !h.brokers))
		common_usage(&h.common, "name a directory, and of what the history is wanted");
	if (argc - optind > 1 && (h.leaders || h.brokers))
		common_usage(&h.common, "--%s takes no ENTITY, but '%s' is given",
		             h.leaders ? "leaders" : "brokers", argv[optind + 1]);
	h.address = argv[optind];
	h.changes.out = &h.out.buffer;
	h.changes.flags = h.common.flags;
	h.library.context = &h;
	h.library.targets = h.brokers ? all_brokers : (const char *const *)argv + optind + 1;
	h.library.targets_count = h.brokers ? 1 : (size_t)(argc - optind - 1);
	h.library.dialect = h.common.dialect;
	progress_begin(&h.progress, &h.common);
	if (h.leaders)
		tell_leaders(&h, &why, &status);
	else
		tell_history(&h, &why, &status);
	progress_hide(&h.progress);
	if (status != KMETA_OK && !h.out.closed)
		common_report(&h.common, h.address, &why);
	kmeta_buffer_release(&h.out.buffer);
	return (status != KMETA_OK && !h.out.closed) || h.out.failed ? EXIT_TROUBLE : h.status;
}
