/* SPDX-License-Identifier: Apache-2.0 */
/* end.c: finds the end of a log by its last segment that holds a batch. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "log/file.h"
#include "log/logdir.h"
#include "record/batch.h"

struct end {
	int64_t *offset, *time;
	struct kmeta_finding *why;
};

/* END: the file holds no batch, or is not one that can be read from its end. */
static enum kmeta_status end_of_file(const struct end *e, const char *path, bool member)
{
	static const struct file_window everything = { { INT64_MIN, INT64_MAX },
		                                       { INT64_MIN, INT64_MAX },
		                                       { INT64_MIN, INT64_MAX } };
	struct kmeta_batch batch;
	struct log_file file;
	enum kmeta_status status = file_open(&file, path, path, &everything, member, false, e->why);
	bool found = false;

	if (status != KMETA_OK)
		return status;
	if (file.stream.seekable)
		file_seek_offset(&file, INT64_MAX);
	while (file.stream.seekable && status != KMETA_END && status != KMETA_FAILED) {
		status = file_next(&file, &batch, e->why);
		if (status != KMETA_OK)
			continue;
		*e->time =
			!found || batch.max_timestamp > *e->time ? batch.max_timestamp : *e->time;
		*e->offset = batch_behind(batch.last_offset);
		found = true;
	}
	file_close(&file);
	return status == KMETA_FAILED ? status : found ? KMETA_OK : KMETA_END;
}

static enum kmeta_status end_of_directory(const struct end *e, const char *path)
{
	struct logdir dir;
	enum kmeta_status status = logdir_open(&dir, path, true, e->why);

	if (status != KMETA_OK)
		return status;
	status = KMETA_END;
	for (size_t i = dir.segments.count; i-- > 0 && status == KMETA_END;)
		status = end_of_file(e, dir.segments.at[i].path, true);
	logdir_release(&dir);
	return status;
}

enum kmeta_status kmeta_log_end(const char *address, int64_t *end_offset, int64_t *time,
                                struct kmeta_finding *why)
{
	const struct end e = { end_offset, time, why };
	int64_t offset;
	int32_t epoch;
	struct stat st;
	enum kmeta_status status;

	if (!strcmp(address, "-") || logdir_checkpoint_name(address, &offset, &epoch))
		return KMETA_END;
	if (stat(address, &st) < 0)
		return finding_system(why, NULL, errno, "cannot open");
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return KMETA_END;
	status = S_ISDIR(st.st_mode) ? end_of_directory(&e, address)
	                             : end_of_file(&e, address, false);
	if (status == KMETA_FAILED)
		finding_detach(why, address);
	return status;
}
