/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c: the files of an address as one stream of batches: forwards, backwards, or followed as
 * they grow.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "base/options.h"
#include "log/file.h"
#include "log/logdir.h"
#include "log/reverse.h"
#include "log/watch.h"

struct kmeta_source {
	struct file_window wanted;
	struct kmeta_point until;
	bool backwards, follow, directory, regular;
	bool ended; /* at the point "until" */
	void (*opened)(void *context, const char *file);
	void *context;
	char *address;
	struct logdir dir; /* of a directory; "next" is the next segment to open */
	size_t next;
	char **names; /* of all files opened so far: batches and findings borrow them */
	size_t names_count, names_capacity;
	bool open;            /* a file is open */
	int64_t first_offset; /* according to the file's name */
	struct log_file file;
	struct reverse reverse;
	int64_t done, total; /* bytes of the files before the current one, and of all */
	int64_t seen_size;   /* of the current file at the last wait */
	bool told_removed;
};

/* ---- opening files ---- */

static const char *keep_name(struct kmeta_source *s, const char *path)
{
	if (s->names_count == s->names_capacity) {
		const size_t capacity = s->names_capacity ? s->names_capacity * 2 : 8;
		char **names = realloc(s->names, capacity * sizeof(*names));

		if (!names)
			return NULL;
		s->names = names;
		s->names_capacity = capacity;
	}
	s->names[s->names_count] = strdup(path);
	return s->names[s->names_count] ? s->names[s->names_count++] : NULL;
}

static enum kmeta_status source_open_file(struct kmeta_source *s, const char *path, bool growing,
                                          struct kmeta_finding *why)
{
	const char *name = keep_name(s, path);
	enum kmeta_status status;

	if (!name)
		return finding_memory(why);
	status = file_open(&s->file, name, name, &s->wanted, s->directory || s->regular, growing,
	                   why);
	if (status != KMETA_OK)
		return status;
	s->open = true;
	s->seen_size = s->file.stream.size;
	s->told_removed = false;
	if ((s->backwards || s->follow) && !s->file.stream.seekable) {
		finding_set(why, KMETA_BAD_ARGUMENT,
		            "only a plain file can be %s: decompress it first, or save it to one",
		            s->backwards ? "read backwards" : "followed");
		why->file = name;
		return KMETA_FAILED;
	}
	if (s->opened)
		s->opened(s->context, name);
	if (s->wanted.offsets.first > INT64_MIN)
		file_seek_offset(&s->file, s->wanted.offsets.first);
	return s->backwards ? reverse_begin(&s->reverse, &s->file, why) : KMETA_OK;
}

static void close_file(struct kmeta_source *s)
{
	if (!s->open)
		return;
	s->done += s->file.stream.size > 0 ? s->file.stream.size : s->file.stream.taken;
	file_close(&s->file);
	s->open = false;
}

/* ---- which segments ---- */

static bool segment_is_wanted(const struct kmeta_source *s, size_t i)
{
	const struct logdir_files *segments = &s->dir.segments;
	const bool last = i + 1 == segments->count;
	int64_t time;

	if (segments->at[i].offset > s->wanted.offsets.last)
		return false;
	if (!last && segments->at[i + 1].offset <= s->wanted.offsets.first)
		return false;
	return last || s->wanted.times.first == INT64_MIN ||
	       !logdir_last_time(segments->at[i].path, &time) || time >= s->wanted.times.first;
}

/* Opens the next wanted segment in the direction of reading. */
static enum kmeta_status open_segment(struct kmeta_source *s, struct kmeta_finding *why)
{
	const size_t count = s->dir.segments.count;

	while (s->next < count) {
		const size_t i = s->backwards ? count - 1 - s->next : s->next;
		enum kmeta_status status;

		s->next++;
		if (!segment_is_wanted(s, i))
			continue;
		s->first_offset = s->dir.segments.at[i].offset;
		status = source_open_file(s, s->dir.segments.at[i].path,
		                          s->follow && s->next == count, why);
		/* Kafka may delete old segments at any time. */
		if (status != KMETA_FAILED || why->system_error != ENOENT)
			return status;
		finding_set(why, KMETA_FILE_CHANGED, "was removed before it could be read");
		why->file = s->names[s->names_count - 1];
		return KMETA_DAMAGED;
	}
	return KMETA_END;
}

static int64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0;
}

/* A directory without segments is read as the checkpoint that holds its last state. */
static enum kmeta_status open_checkpoint(struct kmeta_source *s, struct kmeta_finding *why)
{
	const struct logdir_files *checkpoints = &s->dir.checkpoints;
	size_t i = checkpoints->count;

	while (i-- > 0) {
		if (s->until.kind == KMETA_POINT_OFFSET &&
		    checkpoints->at[i].offset > s->until.value)
			continue;
		s->total = size_of(checkpoints->at[i].path);
		s->until = (struct kmeta_point){ .kind = KMETA_POINT_END };
		return source_open_file(s, checkpoints->at[i].path, false, why);
	}
	return finding_set(why, KMETA_NOT_A_LOG,
	                   "the directory holds no segment, and no checkpoint up to @%lld",
	                   (long long)s->until.value);
}

static enum kmeta_status open_directory(struct kmeta_source *s, struct kmeta_finding *why)
{
	const enum kmeta_status status = logdir_open(&s->dir, s->address, s->follow, why);

	if (status != KMETA_OK)
		return status;
	s->directory = true;
	if (!s->dir.segments.count && s->dir.checkpoints.count && !s->follow)
		return open_checkpoint(s, why);
	for (size_t i = 0; i < s->dir.segments.count; i++)
		s->total += size_of(s->dir.segments.at[i].path);
	return KMETA_OK;
}

/* ---- the source ---- */

static struct kmeta_range range_of(const struct kmeta_range *wanted)
{
	return wanted ? *wanted : (struct kmeta_range){ INT64_MIN, INT64_MAX };
}

static enum kmeta_status set_up(struct kmeta_source *s, const char *address,
                                const struct kmeta_source_options *options,
                                struct kmeta_finding *why)
{
	const bool standard_input = !strcmp(address, "-");
	int64_t end_offset;
	int32_t epoch;
	struct stat st;

	s->address = strdup(address);
	if (!s->address)
		return finding_memory(why);
	s->wanted.offsets = range_of(options->offsets);
	s->wanted.times = range_of(options->times);
	s->wanted.epochs = range_of(options->epochs);
	if (options->until && !logdir_checkpoint_name(address, &end_offset, &epoch))
		s->until = *options->until;
	if (s->until.kind == KMETA_POINT_OFFSET && s->until.value <= s->wanted.offsets.last)
		s->wanted.offsets.last = s->until.value - 1;
	s->backwards = options->reverse;
	s->follow = options->follow;
	s->regular = options->regular;
	s->opened = options->opened;
	s->context = options->context;
	if (!standard_input && !s->regular && stat(address, &st) == 0 && S_ISDIR(st.st_mode))
		return open_directory(s, why);
	s->total = standard_input ? -1 : size_of(address);
	return source_open_file(s, address, s->follow, why);
}

enum kmeta_status kmeta_source_open(struct kmeta_source **source, const char *address,
                                    const struct kmeta_source_options *options,
                                    struct kmeta_finding *why)
{
	struct kmeta_source_options own;
	enum kmeta_status status = options_take(&own, sizeof(own), options, why);
	struct kmeta_source *s;

	if (status != KMETA_OK)
		return status;
	s = calloc(1, sizeof(*s));
	if (!s)
		return finding_memory(why);
	status = set_up(s, address, &own, why);
	if (status != KMETA_OK) {
		finding_detach(why, address);
		kmeta_source_close(s);
		return KMETA_FAILED;
	}
	*source = s;
	return KMETA_OK;
}

void kmeta_source_close(struct kmeta_source *source)
{
	if (!source)
		return;
	close_file(source);
	reverse_release(&source->reverse);
	logdir_release(&source->dir);
	for (size_t i = 0; i < source->names_count; i++)
		free(source->names[i]);
	free(source->names);
	free(source->address);
	free(source);
}

/* True if the batch is behind the point where the stream ends. */
static bool is_behind(const struct kmeta_source *s, const struct kmeta_batch *batch)
{
	switch (s->until.kind) {
	case KMETA_POINT_OFFSET:
		return batch->base_offset >= s->until.value;
	case KMETA_POINT_TIME:
		return batch->max_timestamp > s->until.value;
	case KMETA_POINT_START:
		return true;
	case KMETA_POINT_END:
		break;
	}
	return false;
}

enum kmeta_status kmeta_source_next(struct kmeta_source *source, struct kmeta_batch *batch,
                                    struct kmeta_finding *why)
{
	while (!source->ended) {
		enum kmeta_status status = KMETA_OK;

		if (!source->open)
			status = open_segment(source, why);
		if (status != KMETA_OK)
			return status;
		status = source->backwards
		                 ? reverse_next(&source->reverse, &source->file, batch, why)
		                 : file_next(&source->file, batch, why);
		if (status == KMETA_OK && is_behind(source, batch)) {
			source->ended = !source->backwards;
			continue;
		}
		if (status != KMETA_END)
			return status;
		if (source->file.growing || !source->directory)
			return status;
		close_file(source);
	}
	*batch = (struct kmeta_batch){ .file = source->file.stream.name };
	return KMETA_END;
}

void kmeta_source_progress(const struct kmeta_source *source, int64_t *done, int64_t *total)
{
	const struct stream *stream = &source->file.stream;

	*done = source->done;
	*total = source->total;
	if (source->open)
		*done += stream->decoder ? stream->taken : stream->position;
}

enum kmeta_status kmeta_newest_checkpoint(const char *address, int64_t limit, char **path,
                                          int64_t *end_offset, struct kmeta_finding *why)
{
	struct logdir dir;
	struct stat st;
	enum kmeta_status status;

	if (stat(address, &st) < 0 || !S_ISDIR(st.st_mode))
		return KMETA_END;
	status = logdir_open(&dir, address, true, why);
	if (status != KMETA_OK)
		return status;
	status = KMETA_END;
	for (size_t i = dir.checkpoints.count; i-- > 0 && status == KMETA_END;) {
		if (dir.checkpoints.at[i].offset > limit)
			continue;
		*path = strdup(dir.checkpoints.at[i].path);
		*end_offset = dir.checkpoints.at[i].offset;
		status = *path ? KMETA_OK : finding_memory(why);
	}
	logdir_release(&dir);
	return status;
}

/* ---- following ---- */

static enum kmeta_status source_changed(struct kmeta_source *s, struct kmeta_finding *why,
                                        const char *message)
{
	finding_set(why, KMETA_FILE_CHANGED, "%s", message);
	why->file = s->file.stream.name;
	why->position = s->file.stream.position;
	return KMETA_DAMAGED;
}

/* Lists the directory again. True: a segment follows the current one, or a first one appeared. */
static bool relist(struct kmeta_source *s)
{
	struct logdir now;
	struct kmeta_finding ignored; /* the next look at the directory says why */

	/* A directory that vanished may come back: keep waiting for it. */
	if (!s->directory || logdir_open(&now, s->address, true, &ignored) != KMETA_OK)
		return false;
	logdir_release(&s->dir);
	s->dir = now;
	s->next = 0;
	while (s->open && s->next < now.segments.count &&
	       now.segments.at[s->next].offset <= s->first_offset)
		s->next++;
	return s->next < now.segments.count;
}

/* True if the path no longer names the file that is open. */
static bool is_replaced(const struct kmeta_source *s, bool *removed)
{
	struct stat now, open;

	*removed = stat(s->file.stream.name, &now) < 0;
	return *removed || (fstat(s->file.stream.fd, &open) == 0 &&
	                    (now.st_ino != open.st_ino || now.st_dev != open.st_dev));
}

static enum kmeta_status source_start_over(struct kmeta_source *s, struct kmeta_finding *why)
{
	const char *name = s->file.stream.name;
	enum kmeta_status status = KMETA_OK;

	close_file(s);
	if (s->directory)
		relist(s);
	else
		status = source_open_file(s, name, true, why);
	if (status != KMETA_OK)
		return status;
	finding_set(why, KMETA_FILE_CHANGED, "was replaced: starting over with the new one");
	why->file = name;
	return KMETA_DAMAGED;
}

/* Checks what changed since the end was reached. END: nothing. */
static enum kmeta_status look(struct kmeta_source *s, struct kmeta_finding *why)
{
	struct stream *stream = &s->file.stream;
	bool removed;

	if (!s->open)
		return relist(s) ? KMETA_OK : KMETA_END;
	stream_refresh(stream);
	/* The part of an unfinished batch that was read may have been cut off since. */
	stream_forget(stream);
	if (stream->size < stream->position) {
		file_seek(&s->file, stream->size);
		s->seen_size = stream->size;
		return source_changed(s, why, "was cut: going on from its new end");
	}
	if (stream->size != s->seen_size) {
		s->seen_size = stream->size;
		return KMETA_OK;
	}
	if (relist(s)) {
		/* The segment is finished: an unfinished batch at its end is damage from now on. */
		s->file.growing = false;
		return KMETA_OK;
	}
	if (!is_replaced(s, &removed))
		return KMETA_END;
	if (!removed || (s->directory && s->dir.segments.count))
		return source_start_over(s, why);
	if (s->told_removed)
		return KMETA_END;
	s->told_removed = true;
	return source_changed(s, why, "was removed: waiting for another");
}

/* The directory where new segments will appear. NULL: a single file is followed. */
static const char *watched_directory(const struct kmeta_source *s)
{
	if (!s->directory)
		return NULL;
	return s->dir.path ? s->dir.path : s->address;
}

enum kmeta_status kmeta_source_wait(struct kmeta_source *source, int milliseconds,
                                    struct kmeta_finding *why)
{
	struct watch watch;
	enum kmeta_status status;

	/* Watch before looking, so that no change in between is missed. */
	watch_open(&watch, source->open ? source->file.stream.name : NULL,
	           watched_directory(source));
	status = look(source, why);
	if (status == KMETA_END) {
		watch_wait(&watch, milliseconds);
		status = look(source, why);
	}
	watch_close(&watch);
	return status;
}
