/* SPDX-License-Identifier: Apache-2.0 */
/* amounts.c: times and sizes with their units. */
#include <stdlib.h>
#include <string.h>

#include "fetch.h"

struct unit {
	const char *name;
	int64_t times;
};

/* A number in front of one of the units, which end with a NULL; -1: it is none. */
static int64_t amount_in(const char *text, const struct unit *units)
{
	char *end;
	const long long number = strtoll(text, &end, 10);

	if (end == text || number < 0 || *text < '0' || *text > '9')
		return -1;
	for (; units->name; units++)
		if (!strcmp(units->name, end))
			return number <= INT64_MAX / units->times ? number * units->times : -1;
	return -1;
}

int64_t amount_time(const char *text)
{
	static const struct unit units[] = { { "ms", 1 },       { "s", 1000 },
		                             { "m", 60000 },    { "h", 3600000 },
		                             { "d", 86400000 }, { "w", 604800000 },
		                             { NULL, 0 } };

	return amount_in(text, units);
}

int64_t amount_bytes(const char *text)
{
	static const struct unit units[] = {
		{ "", 1 },          { "B", 1 },           { "K", 1 << 10 }, { "KiB", 1 << 10 },
		{ "M", 1 << 20 },   { "MiB", 1 << 20 },   { "G", 1 << 30 }, { "GiB", 1 << 30 },
		{ "T", 1LL << 40 }, { "TiB", 1LL << 40 }, { NULL, 0 }
	};

	return amount_in(text, units);
}
