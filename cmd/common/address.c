/* SPDX-License-Identifier: Apache-2.0 */
/* address.c: the addresses of the command line, PATH[@POINT], and what their points mean. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"

int64_t common_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is given as a time of day may be of another day. */
static void say_day(struct common *c, const char *address, int64_t time)
{
	const time_t then = (time_t)(time / 1000), now = (time_t)(common_now() / 1000);
	struct kmeta_buffer text = { 0 };
	struct tm day, today;

	if (!localtime_r(&then, &day) || !localtime_r(&now, &today) ||
	    (day.tm_year == today.tm_year && day.tm_yday == today.tm_yday))
		return;
	kmeta_print_time(&text, time, c->flags);
	common_note(c, "%s is of another day: %.*s", address, (int)text.size,
	            text.at ? text.at : "");
	kmeta_buffer_release(&text);
}

/* A point behind the end of the log is its end. */
static void settle_end(struct common *c, const char *address, const char *path,
                       struct kmeta_point *point)
{
	const bool is_offset = point->kind == KMETA_POINT_OFFSET;
	struct kmeta_buffer text = { 0 };
	struct kmeta_finding ignored; /* the command opens the log, and reports why it cannot */
	int64_t end_offset, time;

	if ((!is_offset && point->kind != KMETA_POINT_TIME) ||
	    kmeta_log_end(path, &end_offset, &time, &ignored) != KMETA_OK ||
	    point->value <= (is_offset ? end_offset : time))
		return;
	kmeta_print_time(&text, time, c->flags);
	if (strcmp(address + strlen(path), "@now") != 0)
		common_note(c, "%s is behind the end of the log, @%lld at %.*s: this is the end",
		            address, (long long)end_offset, (int)text.size, text.at ? text.at : "");
	kmeta_buffer_release(&text);
	*point = (struct kmeta_point){ .kind = KMETA_POINT_END };
}

enum kmeta_status common_address(struct common *c, const char *address, char **path,
                                 struct kmeta_point *point, struct kmeta_finding *why)
{
	const enum kmeta_status status =
		kmeta_address_parse(address, common_now(), path, point, why);

	if (status != KMETA_OK)
		return status;
	if (point->is_of_day)
		say_day(c, address, point->value);
	settle_end(c, address, *path, point);
	return KMETA_OK;
}

void common_check_follow(const struct common *c, const char *address,
                         const struct kmeta_point *point)
{
	if (point->kind != KMETA_POINT_END)
		common_usage(c, "--follow waits for more, but %s ends at a point", address);
}

enum kmeta_status common_log_end(const char *address, int64_t *end_offset, int64_t *time)
{
	struct kmeta_finding ignored; /* the command opens the log, and reports why it cannot */
	struct kmeta_point point;
	char *path = NULL;
	enum kmeta_status status =
		kmeta_address_parse(address, common_now(), &path, &point, &ignored);

	if (status == KMETA_OK)
		status = kmeta_log_end(path, end_offset, time, &ignored);
	free(path);
	return status;
}

struct kmeta_clock common_clock(const char *const *addresses, size_t count)
{
	struct kmeta_clock clock = { common_now(), INT64_MIN };

	for (size_t i = 0; i < count; i++) {
		int64_t end_offset, time;

		if (common_log_end(addresses[i], &end_offset, &time) != KMETA_OK)
			time = clock.now;
		clock.latest = time > clock.latest ? time : clock.latest;
	}
	if (!count || clock.latest > clock.now)
		clock.latest = clock.now;
	return clock;
}

enum kmeta_status common_load(struct common *c, struct kmeta_image **image, const char *address,
                              const struct kmeta_load_options *options, struct kmeta_finding *why)
{
	struct kmeta_point point;
	char *path = NULL;
	enum kmeta_status status = common_address(c, address, &path, &point, why);

	if (status == KMETA_OK)
		status = kmeta_image_load(image, path, point, options, why);
	free(path);
	return status;
}
