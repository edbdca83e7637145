/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: one event a line, and a summary behind them. */
#include "report.h"

static void member_number(struct kmeta_buffer *out, const char *key, int64_t number)
{
	kmeta_buffer_format(out, ",\"%s\":%lld", key, (long long)number);
}

static void member_effects(struct kmeta_buffer *out, const struct kmeta_effects *e)
{
	kmeta_buffer_format(out, ",\"effects\":{\"partitions\":%lld", (long long)e->partitions);
	member_number(out, "moved", e->moved);
	member_number(out, "lost", e->lost);
	member_number(out, "found", e->found);
	member_number(out, "unclean", e->unclean);
	member_number(out, "shrunk", e->shrunk);
	member_number(out, "grown", e->grown);
	kmeta_buffer_format(out, ",\"to\":{");
	for (size_t i = 0; i < e->to_count; i++)
		kmeta_buffer_format(out, "%s\"%d\":%lld", i ? "," : "", e->to[i].broker,
		                    (long long)e->to[i].leaders);
	kmeta_buffer_format(out, "},\"toOthers\":%lld}", (long long)e->to_others);
}

static void member_text(struct kmeta_buffer *out, const char *key, const char *text)
{
	kmeta_buffer_format(out, ",\"%s\":", key);
	kmeta_string_json(out, text);
}

void report_json_event(struct report *r, const struct kmeta_story_event *e)
{
	struct kmeta_buffer *out = &r->common.out.buffer;

	kmeta_buffer_format(out, "{\"event\":\"%s\",\"severity\":\"%s\"",
	                    kmeta_cause_name(e->cause), kmeta_severity_name(e->severity));
	if (r->common.operands_count > 1)
		member_text(out, "address", r->common.address);
	member_number(out, "offset", e->first_offset);
	member_number(out, "lastOffset", e->last_offset);
	member_number(out, "records", e->records);
	member_number(out, "timestamp", e->first_time);
	member_number(out, "lastTimestamp", e->last_time);
	member_number(out, "epoch", e->epoch);
	if (e->broker >= 0)
		member_number(out, "broker", e->broker);
	member_text(out, "about", e->about);
	member_text(out, "detail", e->detail);
	if (e->effects.partitions)
		member_effects(out, &e->effects);
	if (e->after >= 0) {
		member_number(out, "endsOffset", e->ends_offset);
		member_number(out, "after", e->after);
	}
	member_number(out, "leaderless", e->leaderless);
	member_number(out, "underReplicated", e->under_replicated);
	kmeta_buffer_format(out, "}\n");
}

static void member_counts(struct kmeta_buffer *out, const char *key,
                          const struct kmeta_story_counts *c)
{
	kmeta_buffer_format(out, ",\"%s\":{\"brokers\":%lld", key, (long long)c->brokers);
	member_number(out, "fenced", c->fenced);
	member_number(out, "topics", c->topics);
	member_number(out, "partitions", c->partitions);
	member_number(out, "leaderless", c->leaderless);
	member_number(out, "underReplicated", c->under_replicated);
	kmeta_buffer_format(out, "}");
}

static void member_downtime(struct report *r, const char *key, enum kmeta_downtime_kind kind)
{
	struct kmeta_buffer *out = &r->common.out.buffer;
	struct kmeta_downtime d;

	kmeta_story_downtime(r->story, kind, &d);
	kmeta_buffer_format(out, ",\"%s\":{\"partitions\":%lld", key, (long long)d.partitions);
	member_number(out, "still", d.still);
	member_number(out, "milliseconds", d.total);
	kmeta_buffer_format(out, ",\"worst\":[");
	for (size_t i = 0; i < d.worst_count; i++) {
		kmeta_buffer_format(out, "%s{\"topic\":", i ? "," : "");
		kmeta_topic_json(out, &(struct kmeta_topic_count){ .name = d.worst[i].name });
		kmeta_buffer_format(out, ",\"partition\":%d,\"milliseconds\":%lld,\"still\":%s",
		                    d.worst[i].partition, (long long)d.worst[i].milliseconds,
		                    d.worst[i].still ? "true" : "false");
		member_number(out, "lasting", d.worst[i].lasting);
		kmeta_buffer_format(out, "}");
	}
	kmeta_buffer_format(out, "]}");
}

enum kmeta_status report_json_summary(struct report *r, struct kmeta_finding *why)
{
	struct kmeta_buffer *out = &r->common.out.buffer, verdict = { 0 };

	(void)why;
	report_verdict(&verdict, r);
	kmeta_buffer_add(&verdict, "", 1);
	kmeta_buffer_format(out, "{\"summary\":{\"events\":%lld", (long long)r->events);
	if (r->common.operands_count > 1)
		member_text(out, "address", r->common.address);
	member_number(out, "records", r->records);
	member_number(out, "firstOffset", r->first_offset);
	member_number(out, "lastOffset", r->last_offset);
	member_number(out, "firstTimestamp", r->first_time);
	member_number(out, "lastTimestamp", r->last_time);
	member_text(out, "verdict", verdict.failed ? "" : verdict.at);
	member_counts(out, "before", &r->before);
	member_counts(out, "after", &r->after);
	member_downtime(r, "withoutLeader", KMETA_DOWNTIME_LEADERLESS);
	member_downtime(r, "underMinIsr", KMETA_DOWNTIME_UNDER_MIN_ISR);
	kmeta_buffer_format(out, ",\"complete\":%s", r->is_broken ? "false" : "true");
	if (r->is_broken) {
		kmeta_buffer_format(out, ",\"damage\":{\"code\":\"%s\"",
		                    kmeta_code_name(r->damage.code));
		member_number(out, "position", r->damage.position);
		member_number(out, "offset", r->damage.offset);
		kmeta_buffer_format(out, "}");
	}
	kmeta_buffer_format(out, "}}\n");
	kmeta_buffer_release(&verdict);
	return KMETA_OK;
}
