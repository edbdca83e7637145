/* SPDX-License-Identifier: Apache-2.0 */
/* logs.c: where two logs part, batch by batch. */
#include <stdlib.h>

#include "diff.h"

static void put_place_json(struct diff *d, const char *name, const struct kmeta_batch *batch)
{
	struct kmeta_buffer *out = &d->common.out.buffer;

	kmeta_buffer_format(out, ",\"%s\":{\"file\":", name);
	kmeta_string_json(out, batch->file);
	kmeta_buffer_format(
		out,
		",\"position\":%lld,\"baseOffset\":%lld,\"lastOffset\":%lld,\"epoch\":%d,\"crc\":%u}",
		(long long)batch->position, (long long)batch->base_offset,
		(long long)batch->last_offset, batch->epoch, batch->crc);
}

static void put_logs_json(struct diff *d, const struct kmeta_logs *logs)
{
	struct kmeta_buffer *out = &d->common.out.buffer;

	kmeta_buffer_format(
		out,
		"{\"firstCommonOffset\":%lld,\"lastCommonOffset\":%lld,\"lastCommonEpoch\":%d,"
		"\"endOffsets\":[%lld,%lld],\"differ\":%s",
		(long long)logs->first_common, (long long)logs->last_common, logs->last_epoch,
		(long long)logs->first_end, (long long)logs->second_end,
		logs->differ ? "true" : "false");
	if (logs->differ) {
		put_place_json(d, "first", &logs->first);
		put_place_json(d, "second", &logs->second);
	}
	kmeta_buffer_format(out, "}\n");
}

static void put_logs_text(struct diff *d, const struct kmeta_logs *logs)
{
	struct kmeta_buffer *out = &d->common.out.buffer;

	if (logs->last_common < 0)
		kmeta_buffer_format(out, "no batch in common\n");
	else
		kmeta_buffer_format(out, "in common: offsets %lld to %lld, the last in epoch %d\n",
		                    (long long)logs->first_common, (long long)logs->last_common,
		                    logs->last_epoch);
	for (size_t i = 0; i < 2 && logs->differ; i++) {
		const struct kmeta_batch *batch = i ? &logs->second : &logs->first;

		kmeta_buffer_format(
			out, "%s then %s byte %lld: offsets %lld to %lld, epoch %d, crc %08x\n",
			i ? "+" : "-", batch->file, (long long)batch->position,
			(long long)batch->base_offset, (long long)batch->last_offset, batch->epoch,
			batch->crc);
	}
	for (size_t i = 0; i < 2; i++)
		kmeta_buffer_format(out, "%s ends @%lld\n", d->common.operands[i],
		                    (long long)(i ? logs->second_end : logs->first_end));
}

/* A log that only ends earlier differs too. */
enum kmeta_status diff_logs(struct diff *d, struct kmeta_finding *why)
{
	struct kmeta_logs logs;
	struct kmeta_point points[2];
	char *paths[2] = { NULL, NULL };
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < 2 && status == KMETA_OK; i++)
		status = common_address(&d->common, d->common.operands[i], &paths[i], &points[i],
		                        why);
	if (status == KMETA_OK)
		status = kmeta_compare_logs(paths[0], paths[1], points, &logs, why);
	/* The finding may borrow the name of a path. */
	if (status != KMETA_OK)
		common_report(&d->common, why);
	free(paths[0]);
	free(paths[1]);
	if (status != KMETA_OK)
		return KMETA_OK;
	d->common.different =
		logs.differ || logs.last_common < 0 || logs.first_end != logs.second_end;
	if (d->common.quiet)
		return KMETA_OK;
	if (d->format == DIFF_JSON)
		put_logs_json(d, &logs);
	else
		put_logs_text(d, &logs);
	return KMETA_OK;
}
