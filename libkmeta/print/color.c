/* SPDX-License-Identifier: Apache-2.0 */
/* color.c: the colours of a terminal, by what they mean in a line. */
#include "print/color.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void color_put(struct kmeta_buffer *out, unsigned flags, enum color color)
{
	static const char *const codes[] = {
		[COLOR_PLAIN] = "\x1b[0m",   [COLOR_DIM] = "\x1b[2m",  [COLOR_BOLD] = "\x1b[1m",
		[COLOR_YELLOW] = "\x1b[33m", [COLOR_RED] = "\x1b[31m",
	};

	if (flags & KMETA_SHOW_COLOR)
		buffer_text(out, codes[color]);
}

enum color color_of_type(bool control, int type)
{
	static const struct {
		int type;
		enum color color;
	} colors[] = {
		{ KMETA_NO_OP_RECORD, COLOR_DIM },
		{ KMETA_FENCE_BROKER_RECORD, COLOR_RED },
	};

	for (size_t i = 0; i < COUNT(colors) && !control; i++)
		if (colors[i].type == type)
			return colors[i].color;
	return control ? COLOR_YELLOW : COLOR_BOLD;
}

/*
 * Numbers that tell of trouble: no leader, one that was chosen uncleanly, a fenced broker. A broker
 * that registers is always fenced at first, which says nothing.
 */
static const struct {
	int type;
	const char *field;
	int64_t value;
	enum color color;
} troubles[] = {
	{ KMETA_PARTITION_RECORD, "leader", -1, COLOR_RED },
	{ KMETA_PARTITION_CHANGE_RECORD, "leader", -1, COLOR_RED },
	{ KMETA_PARTITION_RECORD, "leaderRecoveryState", 1, COLOR_RED },
	{ KMETA_PARTITION_CHANGE_RECORD, "leaderRecoveryState", 1, COLOR_RED },
	{ KMETA_BROKER_REGISTRATION_CHANGE_RECORD, "fenced", 1, COLOR_RED },
};

/* A change of the ISR alone does not say how many replicas there are. */
static bool is_short_isr(const struct kmeta_fields *fields, const struct kmeta_field *isr)
{
	const struct kmeta_field *replicas = kmeta_fields_find(fields, "replicas");

	return replicas && !(replicas->flags & (KMETA_VALUE_DEFAULT | KMETA_VALUE_NULL)) &&
	       isr->value.bytes.size < replicas->value.bytes.size;
}

enum color color_of_field(const struct kmeta_fields *fields, const struct kmeta_field *field)
{
	const struct kmeta_schema *schema = fields->schema;

	if (schema->control)
		return COLOR_PLAIN;
	for (size_t i = 0; i < COUNT(troubles); i++)
		if (troubles[i].type == schema->type &&
		    !strcmp(troubles[i].field, field->schema->name) &&
		    troubles[i].value == field->value.integer)
			return troubles[i].color;
	if ((schema->type == KMETA_PARTITION_RECORD ||
	     schema->type == KMETA_PARTITION_CHANGE_RECORD) &&
	    !strcmp(field->schema->name, "isr") && is_short_isr(fields, field))
		return COLOR_YELLOW;
	return COLOR_PLAIN;
}
