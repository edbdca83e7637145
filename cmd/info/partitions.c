/* SPDX-License-Identifier: Apache-2.0 */
/* partitions.c: kmeta-info --partitions: directories of partitions against the state. */
#include <stdlib.h>
#include <string.h>

#include "info.h"

static const char *const strays[KMETA_STRAYS] = {
	[KMETA_STRAY_NONE] = "sound",
	[KMETA_STRAY_NO_TOPIC] = "no-topic",
	[KMETA_STRAY_OTHER_ID] = "other-topic-id",
	[KMETA_STRAY_NO_PARTITION] = "no-partition",
	[KMETA_STRAY_NO_REPLICA] = "no-replica",
	[KMETA_STRAY_OTHER_DIRECTORY] = "other-directory",
	[KMETA_STRAY_DELETED] = "being-deleted",
	[KMETA_STRAY_FUTURE] = "being-moved",
	[KMETA_STRAY_MARKED] = "put-aside",
	[KMETA_STRAY_MISSING] = "missing",
	[KMETA_STRAY_UNKNOWN] = "unreadable",
};

/* A broker finishes these by itself. */
static bool is_usual(enum kmeta_stray is)
{
	return is == KMETA_STRAY_NONE || is == KMETA_STRAY_DELETED || is == KMETA_STRAY_FUTURE;
}

static bool put_place(void *context, const struct kmeta_partition_directory *directory)
{
	struct info *i = context;
	struct kmeta_buffer *out = &i->common.out.buffer;

	i->strays += !is_usual(directory->is);
	if (i->format == INFO_JSON) {
		kmeta_buffer_format(out, "{\"directory\":");
		kmeta_string_json(out, directory->name);
		kmeta_buffer_format(out, ",\"is\":\"%s\",\"topicId\":\"%s\",\"message\":",
		                    strays[directory->is], directory->topic_id);
		kmeta_string_json(out, directory->message);
		kmeta_buffer_format(out, "}\n");
	} else if (directory->is != KMETA_STRAY_NONE) {
		kmeta_buffer_format(out, "%-16s  %s", strays[directory->is], directory->name);
		if (directory->topic_id[0])
			kmeta_buffer_format(out, "  id %s", directory->topic_id);
		kmeta_buffer_format(out, "  %s\n", directory->message);
	}
	return output_drain(&i->common.out);
}

enum kmeta_status info_print_partitions(struct info *i, const struct kmeta_info *info,
                                        struct kmeta_finding *why)
{
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = i->common.dialect,
		                                    .report = common_report,
		                                    .progress = common_progress,
		                                    .context = &i->common };
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	struct kmeta_image *image = NULL;
	enum kmeta_status status = kmeta_image_load(&image, info->directory, end, &options, why);

	progress_hide(&i->common.progress);
	if (status == KMETA_OK)
		status = kmeta_partition_directories(image, info->log_directory, info->node_id,
		                                     info->directory_id, put_place, i, why);
	kmeta_image_free(image);
	if (status != KMETA_OK || i->format == INFO_JSON)
		return status;
	if (i->strays)
		kmeta_buffer_format(
			&i->common.out.buffer,
			"\nfirst: copy what is still needed out of the directories above; a "
			"broker of 3.7 or later puts strays aside when it starts, and "
			"none reads them\n");
	else
		kmeta_buffer_format(&i->common.out.buffer,
		                    "all %zu directories of partitions are "
		                    "as the state says\n",
		                    info->partition_directories);
	return KMETA_OK;
}
