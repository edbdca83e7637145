/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matcher.c: refuses records that a filter does not want from their bytes. What is unusual is left to
 * kmeta_filter_fields() and kmeta_filter_line().
 */
#include <stdlib.h>
#include <string.h>

#include "print/filter.h"
#include "print/needle.h"
#include "print/printer.h"
#include "print/scalar.h"
#include "print/topics.h"

/* What is known of a topic's name: the filter wants it, or a line with it may hold a word. */
enum { MARK_WANTED = 1, MARK_TELLING = 2 };

/* Flags that change nothing of a record's own line, or make another one. */
enum {
	NO_MATTER = KMETA_SHOW_COLOR,
	OTHER_LINES = KMETA_SHOW_BATCH | KMETA_SHOW_NARROW,
	PLANS_KNOWN = 64
};

/* Whether the lines of a layout may say a word by themselves. */
struct silence {
	const struct kmeta_schema *schema;
	bool may_say;
};

struct kmeta_matcher {
	const struct kmeta_filter *filter;
	struct kmeta_printer *printer; /* for its plans */
	bool looks_at_lines;
	bool may_hold; /* the bytes at hand */
	struct silence silences[PLANS_KNOWN];
};

/* ---- names of topics ---- */

static bool may_spell(const struct kmeta_filter *f, struct kmeta_bytes name)
{
	if (!scalar_is_simple(name) || name.size > QUICK_NAME)
		return true;
	for (size_t i = 0; i < f->needles_count; i++)
		if (needle_is_in(&f->needles[i].text, name))
			return true;
	return false;
}

static unsigned judge_name(const void *context, struct kmeta_bytes name)
{
	const struct kmeta_filter *f = context;

	return (filter_wants_topic(f, name) ? MARK_WANTED : 0u) |
	       (f->needles_count && may_spell(f, name) ? MARK_TELLING : 0u);
}

void kmeta_matcher_mark(const struct kmeta_matcher *matcher, struct kmeta_topics *topics)
{
	topics_mark(topics, judge_name, matcher->filter);
}

static bool has_wanted_id(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                          const uint8_t *id)
{
	if (!topics || !topics_are_marked(topics, f))
		return filter_wants_topic_id(f, topics, id);
	return topics_marks(topics, id) & MARK_WANTED || filter_wants_topic_id(f, NULL, id);
}

static bool has_telling_name(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                             const uint8_t *id)
{
	if (topics_are_marked(topics, f))
		return topics_marks(topics, id) & MARK_TELLING;
	return may_spell(f, kmeta_topics_name(topics, id));
}

/* ---- fields ---- */

static bool names_wanted(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                         const struct line_plan *plan, const struct scanned *scanned)
{
	uint64_t left = scanned->present & plan->subjects.topic_ids;

	for (; left; left &= left - 1) {
		const size_t i = (size_t)__builtin_ctzll(left);

		for (size_t at = 0; at < scanned->values[i].size; at += FILTER_ID)
			if (has_wanted_id(f, topics, scanned->values[i].data + at))
				return true;
	}
	for (left = scanned->present & plan->subjects.topic_names; left; left &= left - 1) {
		const struct kmeta_bytes name = scanned->values[__builtin_ctzll(left)];

		/* An empty name means all topics. */
		if (!name.size || filter_wants_topic(f, name))
			return true;
	}
	return false;
}

static bool has_number_of(const struct ranges *ranges, uint64_t fields,
                          const struct scanned *scanned)
{
	for (uint64_t left = scanned->present & fields; left; left &= left - 1)
		if (filter_has_number(ranges, scanned->values[__builtin_ctzll(left)]))
			return true;
	return false;
}

static bool scanned_is_wanted(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                              const struct line_plan *plan, const struct scanned *scanned)
{
	const struct subjects *s = &plan->subjects;

	return (!f->topics.count || names_wanted(f, topics, plan, scanned)) &&
	       (!f->partitions.count || has_number_of(&f->partitions, s->partitions, scanned)) &&
	       (!f->brokers.count || has_number_of(&f->brokers, s->brokers, scanned));
}

/* ---- lines ---- */

void kmeta_matcher_begin(struct kmeta_matcher *matcher, struct kmeta_bytes records)
{
	const struct kmeta_filter *f = matcher->filter;

	matcher->may_hold = false;
	for (size_t i = 0; i < f->needles_count && matcher->looks_at_lines && !matcher->may_hold;
	     i++)
		matcher->may_hold = needle_may_be_in(&f->needles[i], records);
}

static bool plan_may_say(struct kmeta_matcher *m, const struct line_plan *plan,
                         const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	struct silence *known = &m->silences[(unsigned)record->type % PLANS_KNOWN];

	if (known->schema == plan->scan.schema)
		return known->may_say;
	*known = (struct silence){ .schema = plan->scan.schema };
	for (size_t i = 0; i < m->filter->needles_count && !known->may_say; i++) {
		const struct needle_bytes *text = &m->filter->needles[i].text;

		known->may_say = printer_may_say(m->printer, plan, batch, record,
		                                 (struct kmeta_bytes){ text->at, text->size });
	}
	return known->may_say;
}

/* Texts that are written otherwise than they stand in the record. */
static bool has_odd_text(const struct line_plan *plan, const struct scanned *scanned)
{
	for (uint64_t left = scanned->present & plan->subjects.texts; left; left &= left - 1) {
		const struct kmeta_bytes text = scanned->values[__builtin_ctzll(left)];

		if (!text.size || *text.data == '(' || !scalar_is_simple(text))
			return true;
	}
	return false;
}

static bool shows_telling_name(const struct kmeta_filter *f, const struct kmeta_topics *topics,
                               const struct line_plan *plan, const struct scanned *scanned)
{
	uint64_t left = topics ? scanned->present & plan->subjects.topic_ids : 0;

	for (; left; left &= left - 1) {
		const size_t i = (size_t)__builtin_ctzll(left);

		for (size_t at = 0; at < scanned->values[i].size; at += FILTER_ID)
			if (has_telling_name(f, topics, scanned->values[i].data + at))
				return true;
	}
	return false;
}

static bool may_hold_words(struct kmeta_matcher *m, const struct kmeta_topics *topics,
                           const struct line_plan *plan, const struct scanned *scanned,
                           const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	return !m->looks_at_lines || m->may_hold || plan_may_say(m, plan, batch, record) ||
	       has_odd_text(plan, scanned) || shows_telling_name(m->filter, topics, plan, scanned);
}

/* ---- records ---- */

enum kmeta_match kmeta_matcher_record(struct kmeta_matcher *matcher,
                                      const struct kmeta_dialect *dialect,
                                      const struct kmeta_batch *batch,
                                      const struct kmeta_record *record,
                                      const struct kmeta_topics *topics)
{
	const struct kmeta_filter *f = matcher->filter;
	const struct line_plan *plan;
	struct scanned scanned;

	if (!printer_takes(batch, record, topics))
		return KMETA_MATCH_UNKNOWN;
	plan = printer_plan(matcher->printer, dialect, record);
	if (!plan || (plan->subjects.has_resource && kmeta_filter_needs_fields(f)) ||
	    !scan_record(&plan->scan, record, &scanned))
		return KMETA_MATCH_UNKNOWN;
	return scanned_is_wanted(f, topics, plan, &scanned) &&
	                       may_hold_words(matcher, topics, plan, &scanned, batch, record)
	               ? KMETA_MATCH_FIELDS
	               : KMETA_MATCH_NO;
}

struct kmeta_matcher *kmeta_matcher_new(const struct kmeta_filter *filter,
                                        enum kmeta_line_format format, unsigned flags)
{
	struct kmeta_matcher *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->filter = filter;
	m->looks_at_lines = filter->needles_count == filter->greps.count && filter->greps.count &&
	                    !(flags & OTHER_LINES);
	m->printer = kmeta_printer_new(format, flags & ~(unsigned)(NO_MATTER | OTHER_LINES));
	if (m->printer)
		return m;
	free(m);
	return NULL;
}

void kmeta_matcher_free(struct kmeta_matcher *matcher)
{
	if (!matcher)
		return;
	kmeta_printer_free(matcher->printer);
	free(matcher);
}
