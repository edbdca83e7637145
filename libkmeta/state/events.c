/* SPDX-License-Identifier: Apache-2.0 */
/* events.c: puts the records of a log together to events, one after another. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "kmeta/types.h"
#include "record/batch.h"
#include "record/encode.h"
#include "record/kind.h"
#include "state/ahead.h"
#include "state/events_rules.h"
#include "state/partial.h"

enum {
	/* An act of so many records may go on in the next batch, if that comes within a second. */
	LONG_RUN = 1000,
	RUN_GAP = 1000,
	/* Names of deleted topics, and brokers, that are remembered. */
	DELETED = 256,
	AWAY = 1024,
};

/* ---- constants of causes ---- */

#define CAUSE_NAME(identifier, severity, name, meaning)     name,
#define CAUSE_MEANING(identifier, severity, name, meaning)  meaning,
#define CAUSE_SEVERITY(identifier, severity, name, meaning) KMETA_##severity,

static const char *const names[] = { KMETA_CAUSES(CAUSE_NAME) };
static const char *const meanings[] = { KMETA_CAUSES(CAUSE_MEANING) };
static const uint8_t severities[] = { KMETA_CAUSES(CAUSE_SEVERITY) };

const char *kmeta_cause_name(enum kmeta_cause cause)
{
	return (unsigned)cause < KMETA_CAUSE_COUNT ? names[cause] : "";
}

const char *kmeta_cause_meaning(enum kmeta_cause cause)
{
	return (unsigned)cause < KMETA_CAUSE_COUNT ? meanings[cause] : "";
}

/* ---- the story ---- */

/* An event that records are still added to. */
struct open_event {
	bool is_open;
	struct kmeta_story_event event;
	const struct event_rule *rule; /* NULL: a run of changes of partitions */
	struct kmeta_buffer about, detail, topic;
	uint8_t topic_id[IMAGE_ID];
	int64_t batch_records; /* in the batch that was read last */
	int64_t batch_offset;  /* of that batch */
};

/* A broker that is out of service. */
struct away {
	int32_t broker;
	int64_t offset, time;
};

struct kmeta_story {
	struct kmeta_story_options options;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_source *source;
	struct ahead *ahead;
	char *path;
	struct kmeta_batch batch;
	bool has_batch, is_over;
	int64_t from, end_offset, last_time;
	struct open_event events[2];
	size_t current; /* of events; the other one was returned */
	struct downtimes downtimes;
	struct kmeta_buffer before; /* the partition before the record */
	struct kmeta_fields registered;
	uint64_t deleted[DELETED];
	size_t deleted_count;
	struct away away[AWAY];
	size_t away_count;
};

static struct open_event *open_of(struct kmeta_story *s)
{
	return &s->events[s->current];
}

/* ---- what ends what ---- */

static struct away *away_of(struct kmeta_story *s, int32_t broker)
{
	for (size_t i = 0; i < s->away_count; i++)
		if (s->away[i].broker == broker)
			return &s->away[i];
	return NULL;
}

static void note_away(struct kmeta_story *s, const struct kmeta_story_event *e)
{
	if (away_of(s, e->broker) || s->away_count == AWAY)
		return;
	s->away[s->away_count++] = (struct away){ e->broker, e->first_offset, e->first_time };
}

static void story_note_back(struct kmeta_story *s, struct kmeta_story_event *e)
{
	struct away *away = away_of(s, e->broker);

	if (!away)
		return;
	e->ends_offset = away->offset;
	e->after = e->first_time - away->time;
	*away = s->away[--s->away_count];
}

static uint64_t name_hash(const struct kmeta_story *s, struct kmeta_bytes name)
{
	return table_hash(s->image->seed, name.data, name.size);
}

static bool was_deleted(const struct kmeta_story *s, struct kmeta_bytes name)
{
	const uint64_t hash = name_hash(s, name);

	for (size_t i = 0; i < s->deleted_count && i < DELETED; i++)
		if (s->deleted[i] == hash)
			return true;
	return false;
}

/* What an event means for later ones, once it is whole. */
static void finish_event(struct kmeta_story *s, struct open_event *o)
{
	struct kmeta_story_event *e = &o->event;

	if (e->cause == KMETA_CAUSE_BROKER_FENCED || e->cause == KMETA_CAUSE_BROKER_SHUTTING_DOWN ||
	    e->cause == KMETA_CAUSE_BROKER_RESTARTED)
		note_away(s, e);
	if (e->cause == KMETA_CAUSE_BROKER_UNFENCED)
		story_note_back(s, e);
	if (e->cause == KMETA_CAUSE_TOPIC_DELETED)
		s->deleted[s->deleted_count++ % DELETED] =
			name_hash(s, kmeta_buffer_bytes(&o->topic));
	e->severity = e->effects.lost || e->effects.unclean
	                      ? KMETA_ERROR
	                      : (enum kmeta_severity)severities[e->cause];
	e->leaderless = s->downtimes.leaderless;
	e->under_replicated = s->downtimes.under_replicated;
	buffer_char(&o->about, '\0');
	buffer_char(&o->detail, '\0');
	e->about = o->about.failed ? "" : o->about.at;
	e->detail = o->detail.failed ? "" : o->detail.at;
	e->topic = o->topic.size ? kmeta_buffer_bytes(&o->topic) : (struct kmeta_bytes){ 0 };
}

/* ---- adding a record ---- */

static struct kmeta_bytes topic_name_of(const struct event_record *r)
{
	const struct kmeta_field *name = NULL;

	if (r->topic)
		return (struct kmeta_bytes){ r->topic->name, r->topic->name_size };
	if (r->fields && !r->record->control && r->record->type == KMETA_TOPIC_RECORD)
		name = kmeta_fields_find(r->fields, "name");
	else if (r->fields && !r->record->control && r->record->type == KMETA_CONFIG_RECORD &&
	         event_integer(r->fields, "resourceType", 0) == RESOURCE_TOPIC)
		name = kmeta_fields_find(r->fields, "resourceName");
	return name ? name->value.bytes : (struct kmeta_bytes){ 0 };
}

static const uint8_t *topic_id_of(const struct event_record *r)
{
	const struct kmeta_field *id =
		r->fields && !r->record->control ? kmeta_fields_find(r->fields, "topicId") : NULL;

	return id && id->value.bytes.size == IMAGE_ID ? id->value.bytes.data : NULL;
}

static bool is_partition_change(const struct event_record *r)
{
	return r->fields && !r->record->control && r->record->type == KMETA_PARTITION_CHANGE_RECORD;
}

/* No topic of Kafka has a longer name. */
enum { NAME_ROOM = 250 };

static bool is_of_topic(const struct kmeta_story *s, const struct event_record *r)
{
	const struct kmeta_bytes name = topic_name_of(r);
	char text[NAME_ROOM];

	if (!s->options.topic)
		return true;
	if (!name.size || name.size >= sizeof(text))
		return false;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	return !fnmatch(s->options.topic, text, 0);
}

/* A run of changes that is not of one partition is named by the topic, or by nothing. */
static void widen_run(struct open_event *o, const struct event_record *r)
{
	const uint8_t *id = topic_id_of(r);
	const bool is_same = id && !memcmp(id, o->topic_id, IMAGE_ID);

	if (!is_same)
		o->topic.size = 0;
	if (!o->rule && o->about.size) {
		o->about.size = 0;
		if (is_same && o->topic.size)
			event_about(&o->about, &(struct event_rule){ .about = ABOUT_TOPIC }, r);
	}
}

static void story_add(struct kmeta_story *s, struct open_event *o, const struct event_record *r)
{
	struct kmeta_story_event *e = &o->event;

	if (e->records && is_partition_change(r))
		widen_run(o, r);
	e->touches_topic |= is_of_topic(s, r);
	e->last_offset = r->record->offset;
	if (r->record->timestamp > e->last_time)
		e->last_time = r->record->timestamp;
	e->records++;
	if (o->batch_offset != s->batch.base_offset)
		o->batch_records = 0;
	o->batch_records++;
	o->batch_offset = s->batch.base_offset;
	if (!r->fields || r->record->control)
		return;
	if (r->record->type == KMETA_PARTITION_CHANGE_RECORD)
		event_count_effects(&e->effects, &r->change);
	else if (r->record->type == KMETA_PARTITION_RECORD)
		e->effects.partitions++;
	else if (r->record->type == KMETA_REMOVE_TOPIC_RECORD && r->topic)
		e->effects.partitions += (int64_t)r->topic->partitions;
}

static void note_topic(struct open_event *o, const struct event_record *r)
{
	const struct kmeta_bytes name = topic_name_of(r);
	const uint8_t *id = topic_id_of(r);

	o->topic.size = 0;
	buffer_add(&o->topic, name.data, name.size);
	memset(o->topic_id, 0, IMAGE_ID);
	if (id)
		memcpy(o->topic_id, id, IMAGE_ID);
}

static void name_event(struct open_event *o, const struct event_rule *rule,
                       const struct event_record *r)
{
	struct kmeta_story_event *e = &o->event;

	o->rule = rule;
	e->cause = rule->cause;
	o->about.size = o->detail.size = 0;
	if (!r->fields)
		return;
	event_about(&o->about, rule, r);
	event_detail(&o->detail, rule, r);
	if (rule->about == ABOUT_BROKER)
		e->broker = event_broker(r->fields);
	else if (rule->about == ABOUT_CONTROLLER)
		e->broker = (int32_t)event_integer(
			r->fields, r->record->control ? "leaderId" : "controllerId", -1);
}

static void begin_event(struct kmeta_story *s, const struct event_rule *rule,
                        const struct event_record *r)
{
	struct open_event *o = open_of(s);
	struct kmeta_story_event *e = &o->event;

	*e = (struct kmeta_story_event){ .first_offset = r->record->offset,
		                         .first_time = r->record->timestamp,
		                         .last_time = r->record->timestamp,
		                         .epoch = s->batch.epoch,
		                         .broker = -1,
		                         .ends_offset = -1,
		                         .after = -1 };
	o->is_open = true;
	o->batch_offset = -1;
	note_topic(o, r);
	if (!is_partition_change(r)) {
		name_event(o, rule, r);
		if (e->cause == KMETA_CAUSE_TOPIC_MADE && was_deleted(s, topic_name_of(r)))
			e->cause = KMETA_CAUSE_TOPIC_MADE_AGAIN;
		if (e->cause == KMETA_CAUSE_CONTROLLER_ELECTED && s->last_time >= 0 &&
		    r->record->offset > 0) {
			e->after = r->record->timestamp - s->last_time;
			e->ends_offset = r->record->offset - 1;
		}
	} else {
		o->rule = NULL;
		o->about.size = o->detail.size = 0;
		e->cause = r->change.cause;
		e->broker = r->change.broker;
		if (o->topic.size) {
			event_about(&o->about, &(struct event_rule){ .about = ABOUT_TOPIC }, r);
			buffer_char(&o->about, '/');
			buffer_integer(&o->about, event_integer(r->fields, "partitionId", -1));
		}
	}
	story_add(s, o, r);
}

/* ---- does a record belong to the open event? ---- */

/* The record stands where the run of the event may still go on. */
static bool run_goes_on(const struct kmeta_story *s, const struct open_event *o,
                        const struct event_record *r)
{
	return o->batch_offset == s->batch.base_offset ||
	       (o->batch_records >= LONG_RUN &&
	        r->record->timestamp - o->event.last_time <= RUN_GAP);
}

static bool is_loss_run(const struct open_event *o)
{
	return !o->rule && (o->event.cause == KMETA_CAUSE_ISR_SHRUNK ||
	                    o->event.cause == KMETA_CAUSE_LEADERS_MOVED ||
	                    o->event.cause == KMETA_CAUSE_LEADERS_LOST ||
	                    o->event.cause == KMETA_CAUSE_LEADERS_PREFERRED ||
	                    o->event.cause == KMETA_CAUSE_ELR_CHANGED ||
	                    o->event.cause == KMETA_CAUSE_EPOCHS_RAISED);
}

/* In the order of weight: the worst names a run. */
static bool is_worse(enum kmeta_cause a, enum kmeta_cause b)
{
	static const enum kmeta_cause order[] = {
		KMETA_CAUSE_EPOCHS_RAISED,     KMETA_CAUSE_ELR_CHANGED,   KMETA_CAUSE_ISR_SHRUNK,
		KMETA_CAUSE_LEADERS_PREFERRED, KMETA_CAUSE_LEADERS_MOVED, KMETA_CAUSE_LEADERS_LOST
	};
	size_t at_a = 0, at_b = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		at_a = order[i] == a ? i : at_a;
		at_b = order[i] == b ? i : at_b;
	}
	return at_a > at_b;
}

/* A change of a partition as an effect of the open event, or as part of the open run. */
static bool takes_change(struct open_event *o, const struct event_record *r)
{
	const unsigned effects = event_effects_of(&r->change);
	struct kmeta_story_event *e = &o->event;

	if (o->rule)
		return (o->rule->after & effects & EFFECT_FOUND) ||
		       (o->rule->after & effects & EFFECT_LOSS && r->change.broker == e->broker);
	if (is_loss_run(o) && effects & EFFECT_LOSS && e->broker == r->change.broker) {
		if (is_worse(r->change.cause, e->cause))
			e->cause = r->change.cause;
		return true;
	}
	return e->cause == r->change.cause &&
	       (e->broker == r->change.broker ||
	        !(is_loss_run(o) || e->cause == KMETA_CAUSE_ISR_GROWN));
}

/* The ELR of a topic is cleared when min.insync.replicas of it is set, even as it is made. */
static bool clears_same_topic(const struct open_event *o, const struct event_record *r)
{
	const struct kmeta_field *name = kmeta_fields_find(r->fields, "topicName");

	return r->record->type == KMETA_CLEAR_ELR_RECORD && name &&
	       !kmeta_bytes_compare(name->value.bytes, kmeta_buffer_bytes(&o->topic));
}

/* PARTITION and CONFIG records of a topic that was just made. */
static bool takes_of_topic(const struct open_event *o, const struct event_record *r)
{
	const uint8_t *id = topic_id_of(r);
	const struct kmeta_field *name;

	if (r->record->type == KMETA_PARTITION_RECORD)
		return id && !memcmp(id, o->topic_id, IMAGE_ID);
	if (r->record->type != KMETA_CONFIG_RECORD || o->event.cause == KMETA_CAUSE_TOPIC_GROWN)
		return false;
	name = kmeta_fields_find(r->fields, "resourceName");
	return event_integer(r->fields, "resourceType", 0) == RESOURCE_TOPIC && name &&
	       !kmeta_bytes_compare(name->value.bytes, kmeta_buffer_bytes(&o->topic));
}

static bool is_of_topics(enum kmeta_cause cause)
{
	return cause == KMETA_CAUSE_TOPIC_MADE || cause == KMETA_CAUSE_TOPIC_MADE_AGAIN ||
	       cause == KMETA_CAUSE_TOPIC_GROWN;
}

/* The open run of losses is the effect of this record: it becomes its event. */
static bool explains(const struct open_event *o, const struct event_rule *rule,
                     const struct event_record *r)
{
	return is_loss_run(o) && rule->before & EFFECT_LOSS &&
	       o->event.broker == event_broker(r->fields);
}

static bool ends_transaction(const struct open_event *o, const struct event_record *r)
{
	return o->event.cause == KMETA_CAUSE_TRANSACTION && r->fields && !r->record->control &&
	       r->record->type == KMETA_ABORT_TRANSACTION_RECORD;
}

static bool is_empty_transaction_mark(const struct event_record *r)
{
	return r->fields && !r->record->control &&
	       (r->record->type == KMETA_END_TRANSACTION_RECORD ||
	        r->record->type == KMETA_ABORT_TRANSACTION_RECORD);
}

/* Everything up to the end of a transaction is one event; no-ops are one up to what comes next. */
static bool takes(struct kmeta_story *s, struct open_event *o, const struct event_rule *rule,
                  const struct event_record *r)
{
	struct kmeta_story_event *e = &o->event;

	if (!o->is_open)
		return false;
	if (e->cause == KMETA_CAUSE_TRANSACTION &&
	    (s->image->in_transaction || is_empty_transaction_mark(r))) {
		if (ends_transaction(o, r))
			e->cause = KMETA_CAUSE_TRANSACTION_ABORTED;
		return true;
	}
	if (rule->cause == KMETA_CAUSE_NO_OP || e->cause == KMETA_CAUSE_NO_OP)
		return rule->cause == e->cause;
	if (!run_goes_on(s, o, r))
		return false;
	if (is_partition_change(r))
		return takes_change(o, r);
	if (explains(o, rule, r)) {
		name_event(o, rule, r);
		return true;
	}
	if (!r->fields || r->record->control)
		return false;
	if ((is_of_topics(e->cause) || e->cause == KMETA_CAUSE_SETTING) && clears_same_topic(o, r))
		return true;
	return is_of_topics(e->cause) && takes_of_topic(o, r);
}

/* ---- the log ---- */

/* The broker's registration before a record that names one. */
static const struct kmeta_fields *registration_of(struct kmeta_story *s,
                                                  const struct kmeta_record *record,
                                                  const struct kmeta_fields *fields)
{
	struct kmeta_buffer key = { 0 };
	struct kmeta_finding ignored; /* without it the broker is a new one */
	const struct item *item;
	bool found = false;

	if (record->control || (record->type != KMETA_REGISTER_BROKER_RECORD &&
	                        record->type != KMETA_BROKER_REGISTRATION_CHANGE_RECORD))
		return NULL;
	image_key_number(&key, event_integer(fields, "brokerId", -1));
	item = key.failed ? NULL : image_item(s->image, KMETA_BROKER, kmeta_buffer_bytes(&key));
	if (item)
		found = encode_reread(kind_newest_schema(KMETA_BROKER),
		                      (struct kmeta_bytes){ item->value, item->value_size },
		                      &s->registered, &ignored) == KMETA_OK;
	kmeta_buffer_release(&key);
	return found ? &s->registered : NULL;
}

static const struct topic *story_topic(const struct kmeta_story *s, const struct event_record *r)
{
	const uint8_t *id = topic_id_of(r);

	return id ? image_topic(s->image, id) : NULL;
}

/* A copy of the partition before the record. NULL: there was none. */
static const struct partition *keep_before(struct kmeta_story *s, const struct topic *topic,
                                           int32_t number)
{
	const struct partition *p = topic ? image_partition(s->image, topic, number) : NULL;

	s->before.size = 0;
	if (!p)
		return NULL;
	buffer_add(&s->before, p, partition_size(p));
	return s->before.failed ? NULL : (const struct partition *)(void *)s->before.at;
}

/* What a record did to the downtimes of the partitions of a deleted topic, before it is applied. */
static bool note_deleted(struct kmeta_story *s, const struct topic *topic, int64_t time)
{
	const struct partition *p;
	size_t slot = 0;

	while (topic && (p = topic_next(topic, &slot)) != NULL)
		if (!downtimes_note(&s->downtimes, s->image, p, NULL, time))
			return false;
	return true;
}

static bool story_report(void *context, const struct kmeta_finding *finding)
{
	const struct kmeta_story *s = context;

	return !s->options.report || s->options.report(s->options.context, finding);
}

static enum kmeta_status apply(struct kmeta_story *s, const struct ahead_record *r,
                               struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (!r->fields) {
		*why = *r->fault;
		return story_report(s, why) ? KMETA_OK : KMETA_FAILED;
	}
	status = kmeta_image_apply(s->image, &s->batch, r->record, r->fields, story_report, s, why);
	if (status == KMETA_OK)
		kmeta_image_reach(s->image, &s->batch, r->record->offset + 1);
	return status;
}

/* Adds the record to the open event, or ends that and begins another. False: one is ended. */
static bool assign_record(struct kmeta_story *s, const struct event_record *r)
{
	struct open_event *o = open_of(s);
	const struct event_rule *rule = event_rule_of(r);
	bool ended;

	if (takes(s, o, rule, r)) {
		story_add(s, o, r);
		return true;
	}
	ended = o->is_open;
	if (ended) {
		finish_event(s, o);
		o->is_open = false;
		s->current = !s->current;
	}
	begin_event(s, rule, r);
	return !ended;
}

/* A record whose effect on a partition says what it is: assign it when it is applied. */
static bool tells_by_effect(const struct kmeta_story *s, const struct ahead_record *a)
{
	return a->fields && !a->record->control && !s->image->in_transaction &&
	       (a->record->type == KMETA_PARTITION_CHANGE_RECORD ||
	        a->record->type == KMETA_PARTITION_RECORD);
}

/* Applies a record, and puts it into the open event or begins the next. END: an event is whole. */
static enum kmeta_status story_take(struct kmeta_story *s, const struct ahead_record *a,
                                    struct kmeta_finding *why)
{
	const struct kmeta_record *record = a->record;
	const bool was_in_transaction = s->image->in_transaction;
	const bool by_effect = tells_by_effect(s, a);
	struct event_record r = { .image = s->image,
		                  .record = record,
		                  .fields = a->fields,
		                  .flags = s->options.flags,
		                  .change.broker = -1 };
	const int32_t number =
		by_effect ? (int32_t)event_integer(a->fields, "partitionId", -1) : -1;
	const struct partition *before = NULL, *after = NULL;
	enum kmeta_status status;
	bool goes_on = true;

	r.topic = story_topic(s, &r);
	r.registered = a->fields ? registration_of(s, record, a->fields) : NULL;
	if (by_effect) {
		before = keep_before(s, r.topic, number);
	} else {
		/* The topic is gone once the record is applied, so what is said of it is said now. */
		goes_on = assign_record(s, &r);
		if (a->fields && !record->control && record->type == KMETA_REMOVE_TOPIC_RECORD &&
		    !was_in_transaction && !note_deleted(s, r.topic, record->timestamp))
			return finding_memory(why);
	}
	status = apply(s, a, why);
	if (status != KMETA_OK)
		return status;
	if (was_in_transaction && !s->image->in_transaction &&
	    !downtimes_scan(&s->downtimes, s->image, record->timestamp))
		return finding_memory(why);
	if (by_effect) {
		r.topic = story_topic(s, &r);
		after = r.topic ? image_partition(s->image, r.topic, number) : NULL;
		r.change = event_change_of(before, after);
		goes_on = assign_record(s, &r);
		if ((before || after) &&
		    !downtimes_note(&s->downtimes, s->image, before, after, record->timestamp))
			return finding_memory(why);
	}
	if (record->timestamp > s->last_time)
		s->last_time = record->timestamp;
	return goes_on ? KMETA_OK : KMETA_END;
}

static bool story_is_past(const struct kmeta_story *s, const struct kmeta_record *record)
{
	return s->options.until.kind == KMETA_POINT_OFFSET &&
	       record->offset >= s->options.until.value;
}

/* Records that are missing end the story, as what follows rests upon them. */
static enum kmeta_status events_next_batch(struct kmeta_story *s, struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (s->has_batch && !ahead_go_on(s->ahead, s->options.progress, s->options.context))
		return finding_stopped(why);
	status = ahead_batch(s->ahead, &s->batch, why);
	s->has_batch = status == KMETA_OK;
	if (status != KMETA_OK)
		return status;
	if (s->end_offset < 0 && !s->from && s->batch.base_offset > 0)
		partial_begin(s->image, s->batch.base_offset);
	else if (s->end_offset < 0)
		s->end_offset = s->from;
	if (s->end_offset >= 0 && s->batch.base_offset > s->end_offset) {
		finding_set(why, KMETA_MISSING_RECORDS, "the records %lld to %lld are missing",
		            (long long)s->end_offset, (long long)s->batch.base_offset - 1);
		why->file = s->batch.file;
		why->position = s->batch.position;
		why->offset = s->end_offset;
		return KMETA_DAMAGED;
	}
	s->end_offset = batch_behind(s->batch.last_offset);
	return KMETA_OK;
}

/* OK: nothing is whole yet. END: an event is, or the log has ended, which "is_over" tells. */
static enum kmeta_status story_step(struct kmeta_story *s, struct kmeta_finding *why)
{
	struct ahead_record r;
	enum kmeta_status status = s->has_batch ? ahead_record(s->ahead, &r, why) : KMETA_END;

	if (status == KMETA_END) {
		status = events_next_batch(s, why);
		s->is_over = status != KMETA_OK;
		return status;
	}
	if (status != KMETA_OK) {
		s->is_over = true;
		return status;
	}
	if (story_is_past(s, r.record)) {
		s->is_over = true;
		return KMETA_END;
	}
	return r.record->offset < s->from ? KMETA_OK : story_take(s, &r, why);
}

/* Damage is told behind the last event. */
enum kmeta_status kmeta_story_next(struct kmeta_story *s, struct kmeta_story_event *event,
                                   struct kmeta_finding *why)
{
	enum kmeta_status status = s->is_over ? KMETA_END : KMETA_OK;
	struct kmeta_finding damage;

	while (status == KMETA_OK)
		status = story_step(s, &damage);
	if (status == KMETA_FAILED) {
		*why = damage;
		s->is_over = true;
		finding_detach(why, s->path);
		return status;
	}
	if (status == KMETA_DAMAGED && !story_report(s, &damage)) {
		*why = damage;
		return KMETA_FAILED;
	}
	if (!s->is_over) {
		*event = s->events[!s->current].event;
		return KMETA_OK;
	}
	if (!open_of(s)->is_open)
		return KMETA_END;
	finish_event(s, open_of(s));
	open_of(s)->is_open = false;
	*event = open_of(s)->event;
	return KMETA_OK;
}

const struct kmeta_image *kmeta_story_image(const struct kmeta_story *story)
{
	return story->image;
}

enum kmeta_status kmeta_story_count(const struct kmeta_story *story,
                                    struct kmeta_story_counts *counts, struct kmeta_finding *why)
{
	const struct kmeta_image *image = story->image;
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open_kind(&walk, image, KMETA_BROKER, NULL, 0, why);

	*counts = (struct kmeta_story_counts){
		.brokers = (int64_t)kmeta_image_count(image, KMETA_BROKER),
		.controllers = (int64_t)kmeta_image_count(image, KMETA_CONTROLLER),
		.topics = (int64_t)kmeta_image_count(image, KMETA_TOPIC),
		.partitions = (int64_t)kmeta_image_count(image, KMETA_PARTITION),
		.leaderless = story->downtimes.leaderless,
		.under_replicated = story->downtimes.under_replicated,
	};
	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK)
		counts->fenced += event_integer(entity.fields, "fenced", 0) > 0;
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

void kmeta_story_downtime(struct kmeta_story *story, enum kmeta_downtime_kind kind,
                          struct kmeta_downtime *downtime)
{
	downtimes_sum(&story->downtimes, kind, story->last_time, downtime);
}

/* ---- opening ---- */

static enum kmeta_status open_log(struct kmeta_story *s, struct kmeta_finding *why)
{
	const struct kmeta_range from = { s->from, INT64_MAX };
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .offsets = &from,
		                                     .until = &s->options.until };
	enum kmeta_status status = kmeta_source_open(&s->source, s->path, &window, why);

	if (status != KMETA_OK)
		return status;
	s->ahead = ahead_open(s->source, &s->dialect, &(struct ahead_options){ .image = s->image });
	return s->ahead ? KMETA_OK : finding_memory(why);
}

/* Standard input cannot be read twice, so its story begins where it begins. */
static enum kmeta_status load_begin(struct kmeta_story *s, const char *path,
                                    struct kmeta_finding *why)
{
	const struct kmeta_point start = { .kind = KMETA_POINT_START };
	const struct kmeta_load_options load = { .size = sizeof(load),
		                                 .partial = true,
		                                 .dialect = s->options.dialect,
		                                 .report = story_report,
		                                 .context = s };

	if (strcmp(path, "-") != 0)
		return kmeta_image_load(&s->image, path,
		                        s->options.has_from ? s->options.from : start, &load, why);
	if (s->options.has_from)
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "standard input is read once: a range needs a file");
	s->image = kmeta_image_new();
	return s->image ? KMETA_OK : finding_memory(why);
}

static enum kmeta_status begin(struct kmeta_story *s, const char *path, struct kmeta_finding *why)
{
	enum kmeta_status status;

	s->path = strdup(path);
	if (!s->path)
		return finding_memory(why);
	if (!kmeta_dialect_init(&s->dialect, s->options.dialect))
		return finding_set(why, KMETA_BAD_ARGUMENT, "no release '%s' is known",
		                   s->options.dialect);
	status = load_begin(s, path, why);
	if (status != KMETA_OK)
		return status;
	s->from = s->image->moment.end_offset;
	s->last_time = s->image->moment.timestamp;
	if (!downtimes_scan(&s->downtimes, s->image, s->last_time))
		return finding_memory(why);
	return open_log(s, why);
}

enum kmeta_status kmeta_story_open(struct kmeta_story **story, const char *path,
                                   const struct kmeta_story_options *options,
                                   struct kmeta_finding *why)
{
	struct kmeta_story *s = calloc(1, sizeof(*s));
	enum kmeta_status status;

	*story = NULL;
	if (!s)
		return finding_memory(why);
	s->end_offset = -1;
	status = options_take(&s->options, sizeof(s->options), options, why);
	if (status == KMETA_OK)
		status = begin(s, path, why);
	if (status == KMETA_OK) {
		*story = s;
		return KMETA_OK;
	}
	finding_detach(why, path);
	kmeta_story_close(s);
	return status;
}

void kmeta_story_close(struct kmeta_story *s)
{
	if (!s)
		return;
	ahead_close(s->ahead);
	kmeta_source_close(s->source);
	kmeta_image_free(s->image);
	downtimes_release(&s->downtimes);
	for (size_t i = 0; i < 2; i++) {
		kmeta_buffer_release(&s->events[i].about);
		kmeta_buffer_release(&s->events[i].detail);
		kmeta_buffer_release(&s->events[i].topic);
	}
	kmeta_buffer_release(&s->before);
	kmeta_fields_release(&s->registered);
	free(s->path);
	free(s);
}
