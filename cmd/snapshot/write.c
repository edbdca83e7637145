/* SPDX-License-Identifier: Apache-2.0 */
/* write.c: writes the checkpoint and its directory, and reads back what was written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/properties.h"
#include "../common/reread.h"
#include "snapshot.h"

static const char directory_name[] = "__cluster_metadata-0";

/* ---- the checkpoint ---- */

/* Where the bytes go. */
struct sink {
	struct snapshot *snapshot;
	struct place_file *file; /* NULL: nowhere, or to standard output */
};

static bool drain_checkpoint(struct sink *sink, struct kmeta_buffer *out)
{
	struct snapshot *s = sink->snapshot;

	s->bytes_written += (int64_t)out->size;
	common_progress(&s->common, s->bytes_written, 0);
	if (out->failed)
		return false;
	if (sink->file && !place_write(sink->file, out->at, out->size))
		return false;
	if (!sink->file && s->out_kind == OUT_STREAM && !s->dry_run)
		return output_flush(&s->common.out);
	out->size = 0;
	return true;
}

/* One context serves all functions of a call. */
static bool sink_wants(void *context, const struct kmeta_entity *entity)
{
	return snapshot_wants(((struct sink *)context)->snapshot, entity);
}

static bool sink_drain(void *context, struct kmeta_buffer *out)
{
	return drain_checkpoint(context, out);
}

static enum kmeta_status write_records(struct snapshot *s, struct place_file *file,
                                       struct kmeta_finding *why)
{
	const bool is_given = s->voters_choice == VOTERS_GIVEN;
	struct sink sink = { s, file };
	const struct kmeta_checkpoint_options options = {
		.size = sizeof(options),
		.epoch = s->epoch_written,
		.voters = is_given ? s->voters : NULL,
		.voters_count = is_given ? s->voters_count : 0,
		.static_voters = s->voters_choice == VOTERS_STATIC,
		.wanted = sink_wants,
		.context = &sink,
	};
	struct kmeta_buffer own = { 0 };
	enum kmeta_status status;

	s->is_counting = true;
	status = kmeta_write_checkpoint(s->state, &options, sink_drain,
	                                s->out_kind == OUT_STREAM ? &s->common.out.buffer : &own,
	                                &s->totals, why);
	s->is_counting = false;
	kmeta_buffer_release(&own);
	return status;
}

static enum kmeta_status write_checkpoint_file(struct snapshot *s, struct place *place,
                                               const char *name, struct kmeta_finding *why)
{
	struct place_file file;
	enum kmeta_status status = place_make_file(place, &file, name, why);
	struct kmeta_finding closing;

	if (status == KMETA_OK)
		status = write_records(s, &file, why);
	/* If the disk is full, that is why. */
	if (place_close_file(&file, &closing) != KMETA_OK && (file.error || status == KMETA_OK)) {
		*why = closing;
		status = KMETA_FAILED;
	}
	return status;
}

/* ---- reading back ---- */

/*
 * "inside" is the checkpoint within the place; what is verified is all of it, or that file. The records
 * are held against the state, which is more than decoding or replaying them tells.
 */
static enum kmeta_status read_back(struct snapshot *s, const struct place *place,
                                   const char *inside, struct kmeta_finding *why)
{
	enum { FRAME = KMETA_CHECK_BYTES | KMETA_CHECK_ORDER | KMETA_CHECK_DIRECTORY };
	char *file = place_inside(place, inside);
	const bool is_directory = s->out_kind == OUT_DIRECTORY;
	enum kmeta_status status;

	if (!file)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	status = reread_verify(&s->common, is_directory ? place->work : file, s->out, FRAME, why);
	if (status == KMETA_OK)
		status = snapshot_compare(s, file, why);
	free(file);
	return status;
}

/* ---- all of it ---- */

static enum kmeta_status fill_place(struct snapshot *s, struct place *place,
                                    struct kmeta_finding *why)
{
	char inside[sizeof(directory_name) + sizeof(s->name)];
	const bool is_directory = s->out_kind == OUT_DIRECTORY;
	enum kmeta_status status = KMETA_OK;

	snprintf(inside, sizeof(inside), "%s%s%s", is_directory ? directory_name : "",
	         is_directory ? "/" : "", s->name);
	if (is_directory)
		status = place_make_directory(place, directory_name, why);
	if (status == KMETA_OK)
		status = write_checkpoint_file(s, place, inside, why);
	if (status == KMETA_OK && is_directory)
		status = properties_write(place, &s->node, why);
	if (status == KMETA_OK && !s->no_verify)
		status = read_back(s, place, inside, why);
	if (status == KMETA_OK)
		status = place_finish(place, is_directory ? NULL : s->name, why);
	return status;
}

enum kmeta_status snapshot_write(struct snapshot *s, struct kmeta_finding *why)
{
	struct place place = { .path = s->out, .mode = s->mode };
	enum kmeta_status status;

	if (s->dry_run || s->out_kind == OUT_STREAM)
		return write_records(s, NULL, why);
	status = place_open(&place, why);
	if (status == KMETA_OK)
		status = fill_place(s, &place, why);
	place_close(&place);
	return status;
}
