/* SPDX-License-Identifier: Apache-2.0 */
/* events_run.c: puts records together to events: which belong to one, and what ends what. */
#include "state/events_run.h"

#include <fnmatch.h>
#include <string.h>

#include "base/buffer.h"
#include "kmeta/types.h"
#include "record/kind.h"

enum {
	/* An act of so many records may go on in the next batch, if that comes within a second. */
	LONG_RUN = 1000,
	RUN_GAP = 1000,
};

static struct open_event *open_of(struct event_runs *runs)
{
	return &runs->events[runs->current];
}

/* ---- what ends what ---- */

static struct away *away_of(struct event_runs *runs, int32_t broker)
{
	for (size_t i = 0; i < runs->away_count; i++)
		if (runs->away[i].broker == broker)
			return &runs->away[i];
	return NULL;
}

static void note_away(struct event_runs *runs, const struct kmeta_story_event *e)
{
	if (away_of(runs, e->broker) || runs->away_count == AWAY)
		return;
	runs->away[runs->away_count++] = (struct away){ e->broker, e->first_offset, e->first_time };
}

static void note_back(struct event_runs *runs, struct kmeta_story_event *e)
{
	struct away *away = away_of(runs, e->broker);

	if (!away)
		return;
	e->ends_offset = away->offset;
	e->after = e->first_time - away->time;
	*away = runs->away[--runs->away_count];
}

static uint64_t name_hash(const struct event_runs *runs, struct kmeta_bytes name)
{
	return table_hash(runs->image->seed, name.data, name.size);
}

static bool was_deleted(const struct event_runs *runs, struct kmeta_bytes name)
{
	const uint64_t hash = name_hash(runs, name);

	for (size_t i = 0; i < runs->deleted_count && i < DELETED; i++)
		if (runs->deleted[i] == hash)
			return true;
	return false;
}

/* What an event means for later ones, once it is whole. */
static void finish_event(struct event_runs *runs, struct open_event *o)
{
	struct kmeta_story_event *e = &o->event;

	if (e->cause == KMETA_CAUSE_BROKER_FENCED || e->cause == KMETA_CAUSE_BROKER_SHUTTING_DOWN ||
	    e->cause == KMETA_CAUSE_BROKER_RESTARTED)
		note_away(runs, e);
	if (e->cause == KMETA_CAUSE_BROKER_UNFENCED)
		note_back(runs, e);
	if (e->cause == KMETA_CAUSE_TOPIC_DELETED)
		runs->deleted[runs->deleted_count++ % DELETED] =
			name_hash(runs, kmeta_buffer_bytes(&o->topic));
	e->severity =
		e->effects.lost || e->effects.unclean ? KMETA_ERROR : event_severity(e->cause);
	e->leaderless = runs->downtimes->leaderless;
	e->under_replicated = runs->downtimes->under_replicated;
	buffer_char(&o->about, '\0');
	buffer_char(&o->detail, '\0');
	e->about = o->about.failed ? "" : o->about.at;
	e->detail = o->detail.failed ? "" : o->detail.at;
	e->topic = o->topic.size ? kmeta_buffer_bytes(&o->topic) : (struct kmeta_bytes){ 0 };
}

/* ---- adding a record ---- */

static bool is_partition_change(const struct event_record *r)
{
	return r->fields && !r->record->control && r->record->type == KMETA_PARTITION_CHANGE_RECORD;
}

/* No topic of Kafka has a longer name. */
enum { NAME_ROOM = 250 };

static bool is_of_topic(const struct event_runs *runs, const struct event_record *r)
{
	const struct kmeta_bytes name = event_topic_name(r);
	char text[NAME_ROOM];

	if (!runs->topic)
		return true;
	if (!name.size || name.size >= sizeof(text))
		return false;
	memcpy(text, name.data, name.size);
	text[name.size] = '\0';
	return !fnmatch(runs->topic, text, 0);
}

/* A run of changes that is not of one partition is named by the topic, or by nothing. */
static void widen_run(struct open_event *o, const struct event_record *r)
{
	const uint8_t *id = event_topic_id(r);
	const bool is_same = id && !memcmp(id, o->topic_id, IMAGE_ID);

	if (!is_same)
		o->topic.size = 0;
	if (!o->rule && o->about.size) {
		o->about.size = 0;
		if (is_same && o->topic.size)
			event_about(&o->about, &(struct event_rule){ .about = ABOUT_TOPIC }, r);
	}
}

static void add_to_event(struct event_runs *runs, struct open_event *o,
                         const struct event_record *r)
{
	struct kmeta_story_event *e = &o->event;

	if (e->records && is_partition_change(r))
		widen_run(o, r);
	e->touches_topic |= is_of_topic(runs, r);
	e->last_offset = r->record->offset;
	if (r->record->timestamp > e->last_time)
		e->last_time = r->record->timestamp;
	e->records++;
	if (o->batch_offset != r->batch->base_offset)
		o->batch_records = 0;
	o->batch_records++;
	o->batch_offset = r->batch->base_offset;
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
	const struct kmeta_bytes name = event_topic_name(r);
	const uint8_t *id = event_topic_id(r);

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

static void begin_event(struct event_runs *runs, const struct event_rule *rule,
                        const struct event_record *r)
{
	struct open_event *o = open_of(runs);
	struct kmeta_story_event *e = &o->event;

	*e = (struct kmeta_story_event){ .first_offset = r->record->offset,
		                         .first_time = r->record->timestamp,
		                         .last_time = r->record->timestamp,
		                         .epoch = r->batch->epoch,
		                         .broker = -1,
		                         .ends_offset = -1,
		                         .after = -1 };
	o->is_open = true;
	o->batch_offset = -1;
	note_topic(o, r);
	if (!is_partition_change(r)) {
		name_event(o, rule, r);
		if (e->cause == KMETA_CAUSE_TOPIC_MADE && was_deleted(runs, event_topic_name(r)))
			e->cause = KMETA_CAUSE_TOPIC_MADE_AGAIN;
		if (e->cause == KMETA_CAUSE_CONTROLLER_ELECTED && r->last_time >= 0 &&
		    r->record->offset > 0) {
			e->after = r->record->timestamp - r->last_time;
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
	add_to_event(runs, o, r);
}

/* ---- does a record belong to the open event? ---- */

/* The record stands where the run of the event may still go on. */
static bool run_goes_on(const struct open_event *o, const struct event_record *r)
{
	return o->batch_offset == r->batch->base_offset ||
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
	const uint8_t *id = event_topic_id(r);
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
static bool takes(struct event_runs *runs, struct open_event *o, const struct event_rule *rule,
                  const struct event_record *r)
{
	struct kmeta_story_event *e = &o->event;

	if (!o->is_open)
		return false;
	if (e->cause == KMETA_CAUSE_TRANSACTION &&
	    (runs->image->in_transaction || is_empty_transaction_mark(r))) {
		if (ends_transaction(o, r))
			e->cause = KMETA_CAUSE_TRANSACTION_ABORTED;
		return true;
	}
	if (rule->cause == KMETA_CAUSE_NO_OP || e->cause == KMETA_CAUSE_NO_OP)
		return rule->cause == e->cause;
	if (!run_goes_on(o, r))
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

/* ---- one after another ---- */

bool runs_end(struct event_runs *runs)
{
	struct open_event *o = open_of(runs);

	if (!o->is_open)
		return false;
	finish_event(runs, o);
	o->is_open = false;
	runs->current = !runs->current;
	return true;
}

const struct kmeta_story_event *runs_ended(const struct event_runs *runs)
{
	return &runs->events[!runs->current].event;
}

bool runs_take(struct event_runs *runs, const struct event_record *r)
{
	struct open_event *o = open_of(runs);
	const struct event_rule *rule = event_rule_of(r);
	bool ended;

	if (takes(runs, o, rule, r)) {
		add_to_event(runs, o, r);
		return true;
	}
	ended = runs_end(runs);
	begin_event(runs, rule, r);
	return !ended;
}

void runs_release(struct event_runs *runs)
{
	for (size_t i = 0; i < 2; i++) {
		kmeta_buffer_release(&runs->events[i].about);
		kmeta_buffer_release(&runs->events[i].detail);
		kmeta_buffer_release(&runs->events[i].topic);
	}
}
