/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: parses PATH@POINT: a file or directory, and a moment of its log. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "print/timestamp.h"

static bool parse_offset(const char *text, int64_t *offset)
{
	int64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *text - '0', &n))
			return false;
	*offset = n;
	return true;
}

static bool parse_point(const char *text, struct kmeta_clock clock, bool last,
                        struct kmeta_point *point)
{
	struct kmeta_point p = { .kind = KMETA_POINT_END };

	if (!strcmp(text, "end")) {
		p.value = 0;
	} else if (!strcmp(text, "start")) {
		p.kind = KMETA_POINT_START;
	} else if (parse_offset(text, &p.value)) {
		p.kind = KMETA_POINT_OFFSET;
	} else if (time_parse(text, strlen(text), clock, last, &p.value)) {
		p.kind = KMETA_POINT_TIME;
		p.is_of_day = time_is_of_day(text, strlen(text));
	} else {
		return false;
	}
	*point = p;
	return true;
}

enum kmeta_status kmeta_point_parse(const char *text, struct kmeta_clock clock, bool last,
                                    struct kmeta_point *point, struct kmeta_finding *why)
{
	if (parse_point(text, clock, last, point))
		return KMETA_OK;
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "'%s' is neither an end offset nor a time, start or end", text);
}

/* A time of day is the last one that the log covers, or of today if nobody can tell. */
static void settle_day(const char *path, const char *text, int64_t now, struct kmeta_point *point)
{
	struct kmeta_clock clock = { now, now };
	struct kmeta_finding ignored; /* the log will be opened again, and then reported */
	int64_t end_offset, time;

	if (!point->is_of_day || kmeta_log_end(path, &end_offset, &time, &ignored) != KMETA_OK ||
	    time >= now)
		return;
	clock.latest = time;
	parse_point(text, clock, true, point);
}

enum kmeta_status kmeta_address_parse(const char *address, int64_t now, char **path,
                                      struct kmeta_point *point, struct kmeta_finding *why)
{
	const struct kmeta_clock clock = { now, now };
	const char *at = strrchr(address, '@'), *text;
	struct stat st;

	text = at ? at + 1 : NULL;
	/* PATH@@MILLISECONDS */
	if (at && at > address && at[-1] == '@') {
		at--;
		text--;
	}
	*point = (struct kmeta_point){ .kind = KMETA_POINT_END };
	/* Release 2.8 named the directory itself @metadata-0. */
	if (!at || stat(address, &st) == 0) {
		*path = strdup(address);
	} else if (parse_point(text, clock, true, point)) {
		*path = strndup(address, (size_t)(at - address));
		if (*path)
			settle_day(*path, text, now, point);
	} else {
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "'%s' is no such file, nor is what follows its @ an end offset, "
		                   "a time, start or end",
		                   address);
	}
	return *path ? KMETA_OK : finding_memory(why);
}
