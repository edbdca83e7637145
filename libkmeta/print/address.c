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

static bool parse_point(const char *text, int64_t now, bool last, struct kmeta_point *point)
{
	struct kmeta_point p = { .kind = KMETA_POINT_END };

	if (!strcmp(text, "end")) {
		p.value = 0;
	} else if (!strcmp(text, "start")) {
		p.kind = KMETA_POINT_START;
	} else if (parse_offset(text, &p.value)) {
		p.kind = KMETA_POINT_OFFSET;
	} else if (time_parse(text, strlen(text), now, last, &p.value)) {
		p.kind = KMETA_POINT_TIME;
	} else {
		return false;
	}
	*point = p;
	return true;
}

enum kmeta_status kmeta_point_parse(const char *text, int64_t now, bool last,
                                    struct kmeta_point *point, struct kmeta_finding *why)
{
	if (parse_point(text, now, last, point))
		return KMETA_OK;
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "'%s' is neither an end offset nor a time, start or end", text);
}

enum kmeta_status kmeta_address_parse(const char *address, int64_t now, char **path,
                                      struct kmeta_point *point, struct kmeta_finding *why)
{
	const char *at = strrchr(address, '@');
	struct stat st;

	/* PATH@@MILLISECONDS */
	if (at && at > address && at[-1] == '@')
		at--;
	*point = (struct kmeta_point){ .kind = KMETA_POINT_END };
	/* Release 2.8 named the directory itself @metadata-0. */
	if (!at || stat(address, &st) == 0) {
		*path = strdup(address);
	} else if (parse_point(at + 1, now, true, point)) {
		*path = strndup(address, (size_t)(at - address));
	} else {
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "'%s' is no such file, nor is what follows its @ an end offset, "
		                   "a time, start or end",
		                   address);
	}
	return *path ? KMETA_OK : finding_memory(why);
}
