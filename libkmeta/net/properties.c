/* SPDX-License-Identifier: Apache-2.0 */
/* properties.c: reads what java.util.Properties reads. */
#include "net/properties.h"

#include <string.h>

struct properties properties_over(char *text, size_t size)
{
	return (struct properties){ text, text + size };
}

static bool is_property_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static void skip_blank(struct properties *p, bool lines_too)
{
	while (p->at < p->end && (is_property_blank(*p->at) || (lines_too && is_line_end(*p->at))))
		p->at++;
}

static void skip_line(struct properties *p)
{
	while (p->at < p->end && !is_line_end(*p->at))
		p->at++;
}

/* A backslash at the end of a line: the next line goes on, without its leading blanks. */
static void skip_line_break(struct properties *p)
{
	const char first = *p->at++;

	if (first == '\r' && p->at < p->end && *p->at == '\n')
		p->at++;
	skip_blank(p, false);
}

static int digit_of_unit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* The four digits behind \u; the text that they stand for is shorter than they are. */
static char *decode_unit(struct properties *p, char *to)
{
	unsigned unit = 0;

	for (int i = 0; i < 4; i++) {
		const int digit = p->at < p->end ? digit_of_unit(*p->at) : -1;

		if (digit < 0)
			return to;
		unit = unit << 4 | (unsigned)digit;
		p->at++;
	}
	if (unit < 0x80) {
		*to++ = (char)unit;
	} else if (unit < 0x800) {
		*to++ = (char)(0xc0 | unit >> 6);
		*to++ = (char)(0x80 | (unit & 0x3f));
	} else {
		*to++ = (char)(0xe0 | unit >> 12);
		*to++ = (char)(0x80 | (unit >> 6 & 0x3f));
		*to++ = (char)(0x80 | (unit & 0x3f));
	}
	return to;
}

static char *decode_escape(struct properties *p, char *to)
{
	char c;

	if (p->at == p->end)
		return to;
	if (is_line_end(*p->at)) {
		skip_line_break(p);
		return to;
	}
	c = *p->at++;
	if (c == 'u')
		return decode_unit(p, to);
	*to = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
	return to + 1;
}

/* Decodes up to the end of the line, or of the name; writes behind what was read already. */
static char *decode_part(struct properties *p, bool is_name)
{
	char *to = p->at;

	while (p->at < p->end && !is_line_end(*p->at)) {
		const char c = *p->at;

		if (is_name && (c == '=' || c == ':' || is_property_blank(c)))
			break;
		p->at++;
		if (c == '\\')
			to = decode_escape(p, to);
		else
			*to++ = c;
	}
	return to;
}

static void skip_property_separator(struct properties *p)
{
	skip_blank(p, false);
	if (p->at < p->end && (*p->at == '=' || *p->at == ':'))
		p->at++;
	skip_blank(p, false);
}

bool properties_next(struct properties *p, struct property *property)
{
	char *name_end, *value_end;

	skip_blank(p, true);
	while (p->at < p->end && (*p->at == '#' || *p->at == '!')) {
		skip_line(p);
		skip_blank(p, true);
	}
	if (p->at == p->end)
		return false;
	property->name = p->at;
	name_end = decode_part(p, true);
	skip_property_separator(p);
	property->value = p->at;
	value_end = decode_part(p, false);
	if (p->at < p->end)
		p->at++;
	/* A name at the very end has an empty value, which is the same NUL. */
	if (property->value <= name_end)
		property->value = name_end;
	*name_end = *value_end = '\0';
	return true;
}
