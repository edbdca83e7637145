/* SPDX-License-Identifier: Apache-2.0 */
/* logdir.c: lists a metadata directory's segments and checkpoints by the names Kafka gives them. */
#include "log/logdir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/wire.h"
#include "log/stream.h"

enum { OFFSET_DIGITS = 20, EPOCH_DIGITS = 10, TIME_ENTRY = 12 };

/* ---- names ---- */

/* Takes exactly this many digits, if the number is within the limit. */
static bool take_digits(const char **name, int digits, int64_t largest, int64_t *value)
{
	int64_t n = 0;

	for (int i = 0; i < digits; i++) {
		const char c = (*name)[i];

		if (c < '0' || c > '9' || n > (largest - (c - '0')) / 10)
			return false;
		n = n * 10 + (c - '0');
	}
	*name += digits;
	*value = n;
	return true;
}

/* The suffix is ".log" or ".checkpoint"; a compressor's own may follow. */
static bool name_has_suffix(const char *name, const char *suffix)
{
	static const char *const packed[] = { "", ".gz", ".zst", ".lz4" };
	const size_t size = strlen(suffix);

	if (strncmp(name, suffix, size) != 0)
		return false;
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (!strcmp(name + size, packed[i]))
			return true;
	return false;
}

static bool is_segment(const char *name, struct logdir_file *file)
{
	return take_digits(&name, OFFSET_DIGITS, INT64_MAX, &file->offset) &&
	       name_has_suffix(name, ".log");
}

static bool is_checkpoint(const char *name, struct logdir_file *file)
{
	int64_t epoch;

	if (!take_digits(&name, OFFSET_DIGITS, INT64_MAX, &file->offset) || *name++ != '-' ||
	    !take_digits(&name, EPOCH_DIGITS, INT32_MAX, &epoch))
		return false;
	file->epoch = (int32_t)epoch;
	return name_has_suffix(name, ".checkpoint");
}

static const char *name_in_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool logdir_checkpoint_name(const char *path, int64_t *end_offset, int32_t *epoch)
{
	struct logdir_file file;

	if (!is_checkpoint(name_in_path(path), &file))
		return false;
	*end_offset = file.offset;
	*epoch = file.epoch;
	return true;
}

bool logdir_segment_name(const char *path, int64_t *first_offset)
{
	struct logdir_file file;

	if (!is_segment(name_in_path(path), &file))
		return false;
	*first_offset = file.offset;
	return true;
}

/* ---- lists ---- */

static char *join(const char *directory, const char *name)
{
	const size_t size = strlen(directory);
	const bool slash = size && directory[size - 1] == '/';
	char *path = malloc(size + strlen(name) + 2);

	if (path) {
		strcpy(path, directory);
		strcpy(path + size, slash ? "" : "/");
		strcat(path, name);
	}
	return path;
}

static bool append(struct logdir_files *files, struct logdir_file file, const char *directory,
                   const char *name)
{
	if (files->count == files->capacity) {
		const size_t capacity = files->capacity ? files->capacity * 2 : 16;
		struct logdir_file *at = realloc(files->at, capacity * sizeof(*at));

		if (!at)
			return false;
		files->at = at;
		files->capacity = capacity;
	}
	file.path = join(directory, name);
	if (!file.path)
		return false;
	files->at[files->count++] = file;
	return true;
}

static int by_offset(const void *a, const void *b)
{
	const struct logdir_file *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->epoch != y->epoch)
		return x->epoch < y->epoch ? -1 : 1;
	return strcmp(x->path, y->path);
}

static void sort(struct logdir_files *files)
{
	if (files->count)
		qsort(files->at, files->count, sizeof(*files->at), by_offset);
}

static void release_files(struct logdir_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->at[i].path);
	free(files->at);
	*files = (struct logdir_files){ 0 };
}

void logdir_release(struct logdir *dir)
{
	release_files(&dir->segments);
	release_files(&dir->checkpoints);
	free(dir->path);
	dir->path = NULL;
}

/* ---- directories ---- */

static enum kmeta_status list_files(struct logdir *dir, const char *path, struct kmeta_finding *why)
{
	DIR *stream = opendir(path);
	const struct dirent *entry;
	bool room = true;
	int error;

	if (!stream)
		return finding_system(why, NULL, errno, "cannot open directory");
	errno = 0;
	while (room && (entry = readdir(stream)) != NULL) {
		struct logdir_file file = { 0 };

		if (is_segment(entry->d_name, &file))
			room = append(&dir->segments, file, path, entry->d_name);
		else if (is_checkpoint(entry->d_name, &file))
			room = append(&dir->checkpoints, file, path, entry->d_name);
		errno = 0;
	}
	error = errno;
	closedir(stream);
	if (!room)
		return finding_memory(why);
	if (error)
		return finding_system(why, NULL, error, "cannot read directory");
	sort(&dir->segments);
	sort(&dir->checkpoints);
	dir->path = strdup(path);
	return dir->path ? KMETA_OK : finding_memory(why);
}

static bool has_files(const struct logdir *dir)
{
	return dir->segments.count || dir->checkpoints.count;
}

/* The metadata directory's name: since 3.0, and in 2.8. */
static enum kmeta_status list_inside(struct logdir *dir, const char *path,
                                     struct kmeta_finding *why)
{
	static const char *const names[] = { "__cluster_metadata-0", "@metadata-0" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *inside = join(path, names[i]);
		enum kmeta_status status = KMETA_END;
		struct stat st;

		if (!inside)
			return finding_memory(why);
		if (stat(inside, &st) == 0 && S_ISDIR(st.st_mode)) {
			logdir_release(dir);
			status = list_files(dir, inside, why);
		} else if (errno != ENOENT && errno != ENOTDIR && lstat(inside, &st) < 0) {
			status = finding_system(why, NULL, errno, "cannot look inside");
		}
		free(inside);
		if (status != KMETA_END)
			return status;
	}
	return KMETA_END;
}

enum kmeta_status logdir_open(struct logdir *dir, const char *path, bool empty,
                              struct kmeta_finding *why)
{
	enum kmeta_status status;

	*dir = (struct logdir){ 0 };
	status = list_files(dir, path, why);
	if (status == KMETA_OK && !has_files(dir)) {
		status = list_inside(dir, path, why);
		if ((status == KMETA_END && empty) ||
		    (status == KMETA_OK && !has_files(dir) && empty))
			return KMETA_OK;
		if (status == KMETA_END || (status == KMETA_OK && !has_files(dir)))
			status = finding_set(why, KMETA_NOT_A_LOG,
			                     "neither a metadata directory nor a log directory: it "
			                     "holds no segment, no checkpoint and no "
			                     "__cluster_metadata-0");
	}
	if (status != KMETA_OK)
		logdir_release(dir);
	return status;
}

/* ---- time index ---- */

bool logdir_last_time(const char *segment, int64_t *milliseconds)
{
	const size_t size = strlen(segment);
	struct kmeta_finding ignored; /* the time index only saves reading */
	char *path;
	struct stat st;
	int fd = -1;
	bool found = false;

	if (size < 4 || strcmp(segment + size - 4, ".log") != 0)
		return false;
	path = malloc(size + sizeof("timeindex"));
	if (path) {
		memcpy(path, segment, size - 3);
		strcpy(path + size - 3, "timeindex");
		fd = stream_open_member(path, &ignored);
		free(path);
	}
	if (fd < 0)
		return false;
	/*
	 * Kafka cuts the index of a finished segment to its entries. One with a zero tail is
	 * unfinished.
	 */
	if (fstat(fd, &st) == 0 && st.st_size >= TIME_ENTRY && st.st_size % TIME_ENTRY == 0) {
		uint8_t entry[TIME_ENTRY];

		found = pread(fd, entry, sizeof(entry), st.st_size - TIME_ENTRY) == sizeof(entry);
		*milliseconds = found ? (int64_t)wire_get64(entry) : 0;
		found = found && *milliseconds > 0;
	}
	close(fd);
	return found;
}
