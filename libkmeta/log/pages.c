/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c: reads the records of a log a page at a time, at any place and in any order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "log/file.h"
#include "log/logdir.h"
#include "log/page.h"
#include "log/pages.h"
#include "log/spool.h"
#include "record/batch.h"

/* A page is full at this size, before its end: a few bytes may unpack to many. */
enum { PAGE_BYTES = 2 << 20 };

struct pages_file {
	char *name;   /* as shown */
	char *path;   /* what is read: the file itself, or what it was unpacked to */
	int spool;    /* descriptor of that, -1: none */
	int64_t size; /* when last looked at */
	dev_t device; /* which file that was */
	ino_t number;
	bool told_gone; /* that it was removed */
	bool broken;    /* its content could not be unpacked to the end, for this reason: */
	struct kmeta_finding cause;
};

struct kmeta_pages {
	char *address;
	bool directory;
	struct pages_file *files;
	size_t count, capacity;
	struct file_window everything;
	struct log_file open; /* the file read last */
	size_t open_file;
	bool is_open;
};

/* ---- files ---- */

/* A pipe or compressed file cannot be read backwards: copy its content to a temporary file. */
static enum kmeta_status copy_content(struct pages_file *file, bool member,
                                      struct kmeta_finding *why)
{
	char path[40];
	const enum kmeta_status status =
		spool_content(file->name, member, &file->spool, &file->broken, &file->cause, why);

	if (status != KMETA_OK)
		return status;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file->spool);
	file->path = strdup(path);
	return file->path ? KMETA_OK : finding_memory(why);
}

/* Finds out whether the file can be read at any position. */
static enum kmeta_status tell_seekable(const char *name, bool member, bool *seekable,
                                       struct kmeta_finding *why)
{
	struct stream stream;
	enum kmeta_status status;

	*seekable = false;
	if (!strcmp(name, "-"))
		return KMETA_OK;
	status = stream_open(&stream, name, name, member, why);
	if (status != KMETA_OK)
		return status;
	*seekable = stream.seekable;
	stream_close(&stream);
	return KMETA_OK;
}

static void note_size(struct pages_file *file)
{
	struct stat st;

	if (stat(file->path, &st) < 0)
		return;
	file->size = st.st_size;
	file->device = st.st_dev;
	file->number = st.st_ino;
}

static enum kmeta_status add_file(struct kmeta_pages *p, const char *name,
                                  struct kmeta_finding *why)
{
	struct pages_file file = { .name = strdup(name), .spool = -1 };
	enum kmeta_status status = file.name ? KMETA_OK : finding_memory(why);
	bool seekable;

	if (status == KMETA_OK)
		status = tell_seekable(name, p->directory, &seekable, why);
	if (status == KMETA_OK && !seekable)
		status = copy_content(&file, p->directory, why);
	else if (status == KMETA_OK)
		file.path = strdup(name);
	if (status == KMETA_OK && !file.path)
		status = finding_memory(why);
	if (status == KMETA_OK && p->count == p->capacity) {
		const size_t capacity = p->capacity ? p->capacity * 2 : 16;
		struct pages_file *files = realloc(p->files, capacity * sizeof(*files));

		if (files) {
			p->files = files;
			p->capacity = capacity;
		} else {
			status = finding_memory(why);
		}
	}
	if (status != KMETA_OK) {
		/* The finding borrows the file's name, which is freed here. */
		finding_detach(why, p->address);
		if (file.spool >= 0)
			close(file.spool);
		free(file.name);
		free(file.path);
		return status;
	}
	note_size(&file);
	p->files[p->count++] = file;
	return KMETA_OK;
}

/* Kafka may delete a segment between the listing and this open: pass over it. */
static enum kmeta_status add_segment(struct kmeta_pages *p, const char *path,
                                     struct kmeta_finding *why)
{
	const enum kmeta_status status = add_file(p, path, why);

	return status == KMETA_FAILED && why->system_error == ENOENT ? KMETA_OK : status;
}

static enum kmeta_status list_segments(struct kmeta_pages *p, struct kmeta_finding *why)
{
	struct logdir dir;
	enum kmeta_status status = logdir_open(&dir, p->address, false, why);

	if (status != KMETA_OK)
		return status;
	p->directory = true;
	for (size_t i = 0; i < dir.segments.count && status == KMETA_OK; i++)
		status = add_segment(p, dir.segments.at[i].path, why);
	/* If none is left, "why" still holds the failure of the last one. */
	if (status == KMETA_OK && dir.segments.count && !p->count)
		status = KMETA_FAILED;
	/* A directory with checkpoints alone is shown as its newest one. */
	if (!dir.segments.count && dir.checkpoints.count)
		status = add_file(p, dir.checkpoints.at[dir.checkpoints.count - 1].path, why);
	logdir_release(&dir);
	return status;
}

enum kmeta_status kmeta_pages_open(struct kmeta_pages **pages, const char *address,
                                   struct kmeta_finding *why)
{
	struct kmeta_pages *p = calloc(1, sizeof(*p));
	enum kmeta_status status;
	struct stat st;

	if (!p)
		return finding_memory(why);
	p->everything.offsets = p->everything.times = p->everything.epochs =
		(struct kmeta_range){ INT64_MIN, INT64_MAX };
	p->address = strdup(address);
	if (!p->address)
		status = finding_memory(why);
	else if (strcmp(address, "-") != 0 && stat(address, &st) == 0 && S_ISDIR(st.st_mode))
		status = list_segments(p, why);
	else
		status = add_file(p, address, why);
	if (status == KMETA_OK) {
		*pages = p;
		return KMETA_OK;
	}
	finding_detach(why, address);
	kmeta_pages_close(p);
	return KMETA_FAILED;
}

static void close_open(struct kmeta_pages *p)
{
	if (p->is_open)
		file_close(&p->open);
	p->is_open = false;
}

void kmeta_pages_close(struct kmeta_pages *pages)
{
	if (!pages)
		return;
	close_open(pages);
	for (size_t i = 0; i < pages->count; i++) {
		if (pages->files[i].spool >= 0)
			close(pages->files[i].spool);
		free(pages->files[i].name);
		free(pages->files[i].path);
	}
	free(pages->files);
	free(pages->address);
	free(pages);
}

struct kmeta_pages *kmeta_pages_copy(const struct kmeta_pages *pages)
{
	struct kmeta_pages *copy = calloc(1, sizeof(*copy));
	bool whole;

	if (!copy)
		return NULL;
	copy->everything = pages->everything;
	copy->directory = pages->directory;
	copy->address = strdup(pages->address);
	copy->files = calloc(pages->count + 1, sizeof(*copy->files));
	copy->capacity = pages->count + 1;
	whole = copy->address && copy->files;
	for (size_t i = 0; i < pages->count && whole; i++) {
		struct pages_file *file = &copy->files[copy->count++];

		*file = pages->files[i];
		file->spool = -1;
		file->name = strdup(file->name);
		file->path = strdup(file->path);
		whole = file->name && file->path;
	}
	if (whole)
		return copy;
	kmeta_pages_close(copy);
	return NULL;
}

const char *pages_directory(const struct kmeta_pages *pages)
{
	return pages->directory ? pages->address : NULL;
}

struct kmeta_pages_file kmeta_pages_file(const struct kmeta_pages *pages, size_t file)
{
	struct kmeta_pages_file info = { 0 };

	if (file >= pages->count)
		return info;
	info.name = pages->files[file].name;
	info.path = pages->files[file].path;
	info.size = pages->files[file].size;
	return info;
}

static enum kmeta_status pages_open_file(struct kmeta_pages *p, size_t file,
                                         struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (p->is_open && p->open_file == file)
		return KMETA_OK;
	close_open(p);
	status = file_open(&p->open, p->files[file].path, p->files[file].name, &p->everything,
	                   p->directory, false, why);
	p->is_open = status == KMETA_OK;
	p->open_file = file;
	/* The temporary copy ends where reading failed: report that failure instead of an end. */
	if (p->is_open && p->files[file].broken) {
		p->open.stream.failed = true;
		p->open.stream.failure = p->files[file].cause;
		p->open.stream.failure.file = p->files[file].name;
	}
	return status;
}

/* ---- what changed ---- */

static enum kmeta_status file_changed(const struct pages_file *file, struct kmeta_finding *why,
                                      const char *message)
{
	finding_set(why, KMETA_FILE_CHANGED, "%s", message);
	why->file = file->name;
	return KMETA_DAMAGED;
}

static enum kmeta_status look_at_file(struct pages_file *file, bool *grown,
                                      struct kmeta_finding *why)
{
	const struct pages_file before = *file;
	struct stat st;

	if (stat(file->path, &st) < 0) {
		file->told_gone = true;
		return before.told_gone ? KMETA_OK : file_changed(file, why, "was removed");
	}
	note_size(file);
	file->told_gone = false;
	if (file->device != before.device || file->number != before.number)
		return file_changed(file, why, "was replaced");
	if (file->size < before.size)
		return file_changed(file, why, "was cut");
	*grown |= file->size > before.size;
	return KMETA_OK;
}

/* Adds the segments that appeared after the last one. */
static enum kmeta_status look_at_directory(struct kmeta_pages *p, bool *grown,
                                           struct kmeta_finding *why)
{
	struct logdir dir;
	enum kmeta_status status = logdir_open(&dir, p->address, true, why);
	const char *last = p->count ? p->files[p->count - 1].name : NULL;
	int64_t have = -1, offset;

	if (status != KMETA_OK)
		return finding_set(why, KMETA_FILE_CHANGED, "the directory cannot be read now");
	if (last && !logdir_segment_name(last, &have))
		have = INT64_MAX;
	for (size_t i = 0; i < dir.segments.count && status == KMETA_OK; i++) {
		if (!logdir_segment_name(dir.segments.at[i].path, &offset) || offset <= have)
			continue;
		*grown = true;
		status = add_segment(p, dir.segments.at[i].path, why);
	}
	logdir_release(&dir);
	return status;
}

enum kmeta_status kmeta_pages_refresh(struct kmeta_pages *pages, struct kmeta_finding *why)
{
	bool grown = false;
	enum kmeta_status status = KMETA_OK;

	/* The window may hold an unfinished batch that has changed since. */
	close_open(pages);
	for (size_t i = 0; i < pages->count && status == KMETA_OK; i++)
		if (pages->files[i].spool < 0)
			status = look_at_file(&pages->files[i], &grown, why);
	if (status == KMETA_OK && pages->directory)
		status = look_at_directory(pages, &grown, why);
	if (status == KMETA_DAMAGED || status == KMETA_FAILED)
		return KMETA_DAMAGED;
	return grown ? KMETA_OK : KMETA_END;
}

/* ---- reading ---- */

/* Adds one batch or one stretch of damage. END: nothing more begins before "end". */
static enum kmeta_status read_step(struct kmeta_pages *p, struct kmeta_page *page, int64_t end,
                                   struct kmeta_finding *why)
{
	struct kmeta_batch batch;
	struct kmeta_finding found;
	const enum kmeta_status status = file_next(&p->open, &batch, &found);
	int64_t position;

	page->end = INT64_MAX;
	if (status == KMETA_END)
		return KMETA_END;
	if (status != KMETA_FAILED) {
		position = status == KMETA_OK ? batch.position : found.position;
		page->end = position;
		if (position >= end || page_bytes(page) >= PAGE_BYTES)
			return KMETA_END;
	}
	/* A read error is shown in its place, as damage is. */
	if (status != KMETA_OK && !page_add_damage(page, &found))
		return finding_memory(why);
	if (status == KMETA_FAILED)
		return KMETA_END;
	if (batch.size > 0 && !page_add_batch(page, &batch))
		return finding_memory(why);
	return KMETA_OK;
}

enum kmeta_status kmeta_pages_read(struct kmeta_pages *pages, size_t file, int64_t position,
                                   int64_t end, struct kmeta_page *page, struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (!page_begin(page, file, position))
		return finding_memory(why);
	if (file >= pages->count)
		return KMETA_END;
	status = pages_open_file(pages, file, why);
	if (status != KMETA_OK)
		return status;
	file_seek(&pages->open, position);
	do
		status = read_step(pages, page, end, why);
	while (status == KMETA_OK);
	if (status != KMETA_END)
		return status;
	return page_add_rows(page) ? KMETA_OK : finding_memory(why);
}

int64_t kmeta_pages_find(struct kmeta_pages *pages, size_t file, int64_t position, int64_t end)
{
	struct kmeta_finding ignored; /* a file that cannot be opened has nothing sound */

	if (position <= 0)
		return 0;
	if (file >= pages->count || pages_open_file(pages, file, &ignored) != KMETA_OK)
		return end;
	file_seek(&pages->open, position);
	return file_find_sound(&pages->open, end) ? file_position(&pages->open) : end;
}

size_t kmeta_pages_bytes(struct kmeta_pages *pages, size_t file, int64_t position, void *at,
                         size_t size)
{
	struct kmeta_finding ignored; /* a file that cannot be opened has no bytes */
	size_t have;

	if (file >= pages->count || pages_open_file(pages, file, &ignored) != KMETA_OK)
		return 0;
	file_seek(&pages->open, position);
	have = stream_need(&pages->open.stream, size);
	have = have < size ? have : size;
	memcpy(at, stream_at(&pages->open.stream), have);
	return have;
}
