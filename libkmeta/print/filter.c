/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c: reads the conditions of a filter. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "print/filter.h"
#include "print/scalar.h"
#include "print/timestamp.h"
#include "record/kind.h"

enum { DAY = 24 * 60 * 60 * 1000 };

struct kmeta_filter *kmeta_filter_new(void)
{
	struct kmeta_filter *filter = calloc(1, sizeof(*filter));

	if (filter)
		filter->is_empty = true;
	return filter;
}

static void free_words(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->at[i]);
	free(words->at);
}

void kmeta_filter_free(struct kmeta_filter *filter)
{
	if (!filter)
		return;
	free(filter->types.others.at);
	free(filter->not_types.others.at);
	free(filter->offsets.at);
	free(filter->times.at);
	free(filter->epochs.at);
	free(filter->partitions.at);
	free(filter->brokers.at);
	free_words(&filter->topics);
	free_words(&filter->greps);
	kmeta_buffer_release(&filter->ids);
	free(filter);
}

/* ---- reading conditions ---- */

/* One of the values between commas. */
struct value {
	const char *at;
	size_t size;
	struct kmeta_clock clock;
};

static enum kmeta_status add_range(struct ranges *ranges, int64_t first, int64_t last,
                                   struct kmeta_finding *why)
{
	struct kmeta_range *at = realloc(ranges->at, (ranges->count + 1) * sizeof(*at));

	if (!at)
		return finding_memory(why);
	ranges->at = at;
	ranges->at[ranges->count++] = (struct kmeta_range){ first, last };
	if (ranges->count == 1 || first < ranges->hull.first)
		ranges->hull.first = first;
	if (ranges->count == 1 || last > ranges->hull.last)
		ranges->hull.last = last;
	return KMETA_OK;
}

static enum kmeta_status add_word(struct words *words, struct value value,
                                  struct kmeta_finding *why)
{
	char **at = realloc(words->at, (words->count + 1) * sizeof(*at));

	if (!at)
		return finding_memory(why);
	words->at = at;
	words->at[words->count] = strndup(value.at, value.size);
	if (!words->at[words->count])
		return finding_memory(why);
	words->count++;
	return KMETA_OK;
}

bool filter_decimal(const char *text, size_t size, int64_t *number)
{
	int64_t n = 0;
	size_t i = size && text[0] == '-' ? 1 : 0;
	const bool negative = i;

	if (i == size)
		return false;
	for (; i < size; i++) {
		if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, text[i] - '0', &n))
			return false;
	}
	*number = negative ? -n : n;
	return true;
}

static bool parse_decimal(const char *text, size_t size, struct kmeta_clock clock, bool last,
                          int64_t *number)
{
	(void)clock;
	(void)last;
	return filter_decimal(text, size, number);
}

typedef bool parser(const char *text, size_t size, struct kmeta_clock clock, bool last,
                    int64_t *result);

/* A, A..B, A.. or ..B; both ends are included. */
static enum kmeta_status parse_range(struct ranges *ranges, const char *term, struct value value,
                                     parser *parse, struct kmeta_finding *why)
{
	const char *dots = memmem(value.at, value.size, "..", 2);
	const char *second = dots ? dots + 2 : value.at;
	const size_t first_size = dots ? (size_t)(dots - value.at) : value.size;
	const size_t second_size = (size_t)(value.at + value.size - second);
	int64_t first = INT64_MIN, last = INT64_MAX;

	if ((first_size && !parse(value.at, first_size, value.clock, false, &first)) ||
	    (second_size && !parse(second, second_size, value.clock, true, &last)) ||
	    (!first_size && !second_size))
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   parse == time_parse
		                           ? "%s '%.*s' is no time or range of times: use "
		                             "2026-11-24T14:05[:00][Z], -10m, now, A..B, A.. or ..B"
		                           : "%s '%.*s' is no number or range: use A, A..B, A.. "
		                             "or ..B",
		                   term, (int)value.size, value.at);
	/* "-10m" alone means since then. */
	if (parse == time_parse && !dots && value.at[0] == '-')
		last = INT64_MAX;
	/* From the evening to the morning. */
	if (parse == time_parse && first > last && time_is_of_day(value.at, first_size) &&
	    time_is_of_day(second, second_size))
		last += DAY;
	if (first > last)
		return finding_set(why, KMETA_BAD_ARGUMENT, "%s '%.*s' begins after its end", term,
		                   (int)value.size, value.at);
	return add_range(ranges, first, last, why);
}

/* Accepts "partition_change" for PARTITION_CHANGE_RECORD; both forms may be globs. */
static bool type_matches(const char *pattern, const char *name)
{
	static const char suffix[] = "_RECORD";
	char shorter[64];
	const size_t size = strlen(name), cut = sizeof(suffix) - 1;

	if (fnmatch(pattern, name, FNM_CASEFOLD) == 0)
		return true;
	if (size <= cut || size - cut >= sizeof(shorter) || strcmp(name + size - cut, suffix) != 0)
		return false;
	memcpy(shorter, name, size - cut);
	shorter[size - cut] = '\0';
	return fnmatch(pattern, shorter, FNM_CASEFOLD) == 0;
}

static uint64_t matching_types(bool control, const char *pattern)
{
	uint64_t bits = 0;

	for (int32_t type = 0; type < FILTER_TYPES; type++) {
		const char *name = kmeta_type_name(control, type);

		if (name && type_matches(pattern, name))
			bits |= (uint64_t)1 << type;
	}
	return bits;
}

/* A name in another number, or a kind of entity: all types about it. */
static uint64_t types_of_word(bool control, const char *word)
{
	const size_t size = strlen(word);
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(word, size);
	uint64_t named = 0, about = 0;

	for (int32_t type = 0; type < FILTER_TYPES; type++) {
		const struct record_kind *record = record_kind(control, type);

		if (kind_word_is_type(word, size, control, type))
			named |= (uint64_t)1 << type;
		if (record && record->has_entity && record->entity == kind)
			about |= (uint64_t)1 << type;
	}
	return named ? named : about;
}

/* A word that is an id is kept as both. */
static enum kmeta_status add_topic_word(struct kmeta_filter *f, struct value value,
                                        struct kmeta_finding *why)
{
	uint8_t id[FILTER_ID];

	if (uuid_parse(value.at, value.size, id))
		buffer_add(&f->ids, id, sizeof(id));
	return f->ids.failed ? finding_memory(why) : add_word(&f->topics, value, why);
}

static enum kmeta_status add_grep(struct kmeta_filter *f, struct value value,
                                  struct kmeta_finding *why)
{
	if (f->greps.count == f->needles_count && f->needles_count < FILTER_NEEDLES &&
	    needle_make(&f->needles[f->needles_count], value.at))
		f->needles_count++;
	return add_word(&f->greps, value, why);
}

static enum kmeta_status parse_type(struct types *types, const char *term, struct value value,
                                    struct kmeta_finding *why)
{
	char pattern[64];
	int64_t number;
	uint64_t metadata, control;

	types->any = true;
	if (filter_decimal(value.at, value.size, &number)) {
		if (number >= 0 && number < FILTER_TYPES)
			types->metadata |= (uint64_t)1 << number;
		else
			return add_range(&types->others, number, number, why);
		return KMETA_OK;
	}
	/* No type has a name of this length. */
	if (value.size >= sizeof(pattern))
		return finding_set(why, KMETA_BAD_ARGUMENT, "%s '%.60s...' matches no record type",
		                   term, value.at);
	memcpy(pattern, value.at, value.size);
	pattern[value.size] = '\0';
	metadata = matching_types(false, pattern);
	control = matching_types(true, pattern);
	if (!metadata && !control) {
		metadata = types_of_word(false, pattern);
		control = types_of_word(true, pattern);
	}
	if (!metadata && !control)
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "%s '%s' matches no record type: use a name such as "
		                   "PARTITION_CHANGE, a glob such as 'TOPIC*', or a number",
		                   term, pattern);
	types->metadata |= metadata;
	types->control |= control;
	return KMETA_OK;
}

static enum kmeta_status add_value(struct kmeta_filter *f, const char *term, struct value value,
                                   struct kmeta_finding *why)
{
	const struct {
		const char *term;
		struct ranges *ranges;
		parser *parse;
	} ranges[] = {
		{ "offset", &f->offsets, parse_decimal },
		{ "time", &f->times, time_parse },
		{ "epoch", &f->epochs, parse_decimal },
		{ "partition", &f->partitions, parse_decimal },
		{ "broker", &f->brokers, parse_decimal },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (!strcmp(term, ranges[i].term))
			return parse_range(ranges[i].ranges, term, value, ranges[i].parse, why);
	if (!strcmp(term, "type"))
		return parse_type(&f->types, term, value, why);
	if (!strcmp(term, "not-type"))
		return parse_type(&f->not_types, term, value, why);
	if (!strcmp(term, "topic"))
		return add_topic_word(f, value, why);
	return finding_set(why, KMETA_BAD_ARGUMENT, "no filter is called '%s'", term);
}

enum kmeta_status kmeta_filter_add(struct kmeta_filter *filter, const char *term, const char *value,
                                   struct kmeta_clock clock, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	filter->is_empty = false;
	if (!strcmp(term, "control")) {
		filter->control = true;
		return KMETA_OK;
	}
	if (!value || !*value)
		return finding_set(why, KMETA_BAD_ARGUMENT, "%s needs a value", term);
	if (!strcmp(term, "grep"))
		return add_grep(filter, (struct value){ value, strlen(value), clock }, why);
	while (status == KMETA_OK && value) {
		const char *comma = strchr(value, ',');
		const size_t size = comma ? (size_t)(comma - value) : strlen(value);

		status = add_value(filter, term, (struct value){ value, size, clock }, why);
		value = comma ? comma + 1 : NULL;
	}
	return status;
}
