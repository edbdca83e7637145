/* SPDX-License-Identifier: Apache-2.0 */
/* states.c: what changed between two states, entity by entity, or only how much. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diff.h"

/* The other side has a topic of the same name with another id. */
static bool is_recreated(const struct diff *d, const struct kmeta_change *change)
{
	const struct kmeta_entity *entity = changes_entity(change);
	const struct kmeta_image *other = d->images[change->after ? 0 : 1];
	const struct kmeta_field *own;
	uint8_t id[16];

	if (entity->kind != KMETA_TOPIC || changes_what(change) == CHANGED ||
	    !kmeta_image_topic_id(other, entity->topic_name, id))
		return false;
	own = kmeta_fields_find(entity->fields, "topicId");
	assert(own); /* every version of the record has it */
	return memcmp(id, own->value.bytes.data, sizeof(id)) != 0;
}

static void put_change(struct diff *d, const struct kmeta_change *change)
{
	const bool recreated = is_recreated(d, change);
	struct kmeta_buffer *out = &d->common.out.buffer;

	if (d->format == DIFF_JSON) {
		kmeta_buffer_format(out, "{");
		changes_json(&d->changes, change);
		kmeta_buffer_format(out, recreated ? ",\"recreated\":true}\n" : "}\n");
		return;
	}
	changes_text(&d->changes, change);
	if (recreated)
		kmeta_buffer_format(out,
		                    changes_what(change) == REMOVED
		                            ? "  (and created again under another id)"
		                            : "  (a new topic under a name that was there before)");
	kmeta_buffer_format(out, "\n");
}

static bool see_change(void *context, const struct kmeta_change *change)
{
	struct diff *d = context;
	const enum kmeta_entity_kind kind = changes_entity(change)->kind;

	if ((d->kinds && !(d->kinds >> kind & 1)) || !changes_any(&d->changes, change))
		return true;
	d->common.different = true;
	d->counts[kind][changes_what(change)]++;
	if (d->stat || d->common.quiet)
		return true;
	if (d->limit >= 0 && d->printed >= d->limit) {
		d->more++;
		return true;
	}
	progress_hide(&d->common.progress);
	put_change(d, change);
	d->printed++;
	return output_drain(&d->common.out);
}

static void put_stat(struct diff *d)
{
	struct kmeta_buffer *out = &d->common.out.buffer;

	for (size_t k = 0; k < KMETA_ENTITY_KINDS; k++) {
		const size_t *counts = d->counts[k];

		if (!counts[ADDED] && !counts[REMOVED] && !counts[CHANGED])
			continue;
		if (d->format == DIFF_JSON)
			kmeta_buffer_format(
				out,
				"{\"entity\":\"%s\",\"added\":%zu,\"removed\":%zu,\"changed\":%zu}\n",
				kmeta_entity_kind_name((enum kmeta_entity_kind)k), counts[ADDED],
				counts[REMOVED], counts[CHANGED]);
		else
			kmeta_buffer_format(out, "%-13s %zu added, %zu removed, %zu changed\n",
			                    kmeta_entity_kind_name((enum kmeta_entity_kind)k),
			                    counts[ADDED], counts[REMOVED], counts[CHANGED]);
	}
}

/* ---- loading ---- */

struct diff_side {
	char *path;
	struct kmeta_point point;
};

/* The second of two states of one log is often near the first: a timeline goes on from there. */
static enum kmeta_status load_from_one_log(struct diff *d, const struct diff_side sides[2],
                                           struct kmeta_finding *why)
{
	const struct kmeta_timeline_options options = { .size = sizeof(options),
		                                        .dialect = d->load.dialect };
	const struct kmeta_reach_options reach = { .size = sizeof(reach),
		                                   .report = d->load.report,
		                                   .progress = d->load.progress,
		                                   .context = d->load.context };
	struct kmeta_timeline *timeline = NULL;
	struct kmeta_pages *pages = NULL;
	enum kmeta_status status = kmeta_pages_open(&pages, sides[0].path, why);

	if (status == KMETA_OK)
		status = kmeta_timeline_open(&timeline, pages, &options, why);
	for (size_t i = 0; i < 2 && status == KMETA_OK; i++) {
		d->common.address = d->common.operands[i];
		status = kmeta_timeline_state(timeline, pages, sides[i].point, &d->images[i],
		                              &reach, why);
	}
	kmeta_timeline_close(timeline);
	kmeta_pages_close(pages);
	return status;
}

static enum kmeta_status load_one_by_one(struct diff *d, const struct diff_side sides[2],
                                         struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < 2 && status == KMETA_OK; i++) {
		d->common.address = d->common.operands[i];
		status = kmeta_image_load(&d->images[i], sides[i].path, sides[i].point, &d->load,
		                          why);
	}
	return status;
}

static bool is_one_log(const struct diff *d, const struct diff_side sides[2])
{
	struct stat st;

	return !d->load.from_log && !strcmp(sides[0].path, sides[1].path) &&
	       stat(sides[0].path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum kmeta_status load_both(struct diff *d, struct kmeta_finding *why)
{
	struct diff_side sides[2] = { { 0 } };
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < 2 && status == KMETA_OK; i++) {
		d->common.address = d->common.operands[i];
		status = common_address(&d->common, d->common.address, &sides[i].path,
		                        &sides[i].point, why);
	}
	if (status == KMETA_OK)
		status = is_one_log(d, sides) ? load_from_one_log(d, sides, why)
		                              : load_one_by_one(d, sides, why);
	free(sides[0].path);
	free(sides[1].path);
	return status;
}

enum kmeta_status diff_states(struct diff *d, struct kmeta_finding *why)
{
	enum kmeta_status status = load_both(d, why);

	if (status != KMETA_OK)
		return status;
	status = kmeta_diff(d->images[0], d->images[1], see_change, d, why);
	if (d->stat)
		put_stat(d);
	common_note_more(&d->common, d->more);
	return status;
}
