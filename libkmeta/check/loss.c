/* SPDX-License-Identifier: Apache-2.0 */
/* loss.c: counts what damage hides, and tells damage from a batch that Kafka is just writing. */
#include "check/loss.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Milliseconds after which a started write is complete, and between looks. */
enum { WRITE_TIME = 100, WRITE_LOOK = 5 };

/* ---- what is being written ---- */

static int64_t milliseconds_since(struct timespec then)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((int64_t)now.tv_sec - then.tv_sec) * 1000 + (now.tv_nsec - then.tv_nsec) / 1000000;
}

/* The file grows beyond what was read, or may still grow because its last change is recent. */
bool loss_is_being_written(const char *path, const struct kmeta_finding *why)
{
	const struct timespec pause = { 0, WRITE_LOOK * 1000000L };
	struct stat st;

	if (why->code != KMETA_TRUNCATED)
		return false;
	while (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		const int64_t age = milliseconds_since(st.st_mtim);

		if (st.st_size > why->position + why->size)
			return true;
		if (age < 0 || age >= WRITE_TIME)
			break;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* ---- what is lost ---- */

/* The fields of a damaged header may hold anything. */
static int64_t known(int64_t offset)
{
	return offset < 0 ? -1 : offset;
}

void loss_begin(struct loss *loss, const struct findings *findings, int64_t first, int64_t behind)
{
	loss->hole = (struct hole){ .open = true,
		                    .first = known(first),
		                    .behind = known(behind),
		                    .finding = findings->count };
}

__attribute__((format(printf, 2, 3))) static void add(struct kmeta_finding *told,
                                                      const char *format, ...)
{
	const size_t used = strlen(told->message);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(told->message + used, sizeof(told->message) - used, format, arguments);
	va_end(arguments);
}

static void describe_loss(struct kmeta_finding *told, int64_t bytes, int64_t first, int64_t behind)
{
	add(told, "; %lld byte%s lost", (long long)bytes, bytes == 1 ? "" : "s");
	if (first < 0 && behind >= 0)
		add(told, ", offsets below %lld", (long long)behind);
	else if (first >= 0 && behind < 0)
		add(told, ", offsets from %lld on", (long long)first);
	else if (first >= 0 && behind <= first)
		add(told, ", no offset is missing");
	else if (first >= 0 && behind - 1 == first)
		add(told, ", offset %lld", (long long)first);
	else if (first >= 0)
		add(told, ", offsets %lld..%lld", (long long)first, (long long)behind - 1);
}

void loss_end(struct loss *loss, struct findings *findings, int64_t bytes, int64_t behind)
{
	const int64_t first = loss->hole.first;

	behind = known(behind);
	loss->hole.open = false;
	loss->bytes += bytes;
	loss->gaps++;
	if (loss->hole.finding < findings->count)
		describe_loss(&findings->at[loss->hole.finding], bytes, first, behind);
	if (first < 0 || (behind >= 0 && behind <= first))
		return;
	if (loss->first < 0)
		loss->first = first;
	loss->last = behind < 0 ? -1 : behind - 1;
}

void loss_bound(struct loss *loss, int64_t begin)
{
	if (loss->first < 0 || loss->last >= 0 || begin < 0)
		return;
	if (begin <= loss->first)
		loss->first = -1;
	else
		loss->last = begin - 1;
}
