/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: the files of a directory, and every byte of them: replaced, or not copied. */
#include "../common/properties.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "redact.h"

enum { CHUNK = 64 << 10, WRITE_AT = 1 << 20 };

/* A file that is read, and its copy. */
struct copying {
	struct redact *r;
	struct kmeta_pages *pages;
	size_t number; /* of the file in the pages */
	struct kmeta_pages_file info;
	struct kmeta_source *source;
	struct place_file file;
	int64_t done; /* bytes of the input that are in the copy */
};

/* ---- writing ---- */

static enum kmeta_status write_out(struct copying *c, struct kmeta_finding *why)
{
	struct redact *r = c->r;

	if (r->buffer.failed)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (!r->dry_run && !place_write(&c->file, r->buffer.at, r->buffer.size))
		return place_close_file(&c->file, why);
	r->buffer.size = 0;
	return KMETA_OK;
}

static enum kmeta_status write_if_much(struct copying *c, struct kmeta_finding *why)
{
	return c->r->buffer.size < WRITE_AT ? KMETA_OK : write_out(c, why);
}

/* ---- what was not understood ---- */

static bool is_zero(const uint8_t *at, size_t size)
{
	return !size || (!at[0] && !memcmp(at, at + 1, size - 1));
}

/* Zeros say nothing: preallocated files end in them. */
static enum kmeta_status pass_bytes(struct copying *c, int64_t end, struct kmeta_finding *why)
{
	uint8_t bytes[CHUNK];

	while (c->done < end) {
		const int64_t left = end - c->done;
		const size_t wanted = left < CHUNK ? (size_t)left : CHUNK;
		const size_t n = kmeta_pages_bytes(c->pages, c->number, c->done, bytes, wanted);

		if (!n)
			return common_fault(why, KMETA_CANNOT_READ, c->info.name,
			                    "the file changed while it was read");
		if (!is_zero(bytes, n))
			redact_fill(c->r, bytes, n);
		kmeta_buffer_add(&c->r->buffer, bytes, n);
		c->done += (int64_t)n;
		if (write_if_much(c, why) != KMETA_OK)
			return KMETA_FAILED;
	}
	return KMETA_OK;
}

/* ---- a file of batches ---- */

static enum kmeta_status copy_batches(struct copying *c, struct kmeta_finding *why)
{
	struct redact *r = c->r;
	struct kmeta_batch batch;
	enum kmeta_status status;

	while ((status = kmeta_source_next(c->source, &batch, why)) != KMETA_END) {
		if (status == KMETA_FAILED)
			return status;
		/* What is damaged is passed over with the bytes before the next sound batch. */
		if (status == KMETA_DAMAGED)
			continue;
		if (pass_bytes(c, batch.position, why) != KMETA_OK ||
		    batch_redact(r, &batch, why) != KMETA_OK || write_if_much(c, why) != KMETA_OK)
			return KMETA_FAILED;
		c->done = batch.position + batch.size;
		common_progress(&r->common, r->bytes + c->done, r->bytes_total);
	}
	return pass_bytes(c, c->info.size, why);
}

/* Copies a file of the pages to "name" in the place. */
static enum kmeta_status copy_file(struct redact *r, struct kmeta_pages *pages, size_t number,
                                   const char *name, struct kmeta_finding *why)
{
	const struct kmeta_source_options plain = { .size = sizeof(plain), .regular = true };
	struct copying c = { .r = r, .pages = pages, .number = number, .file.fd = -1 };
	struct kmeta_finding closing;
	enum kmeta_status status;

	c.info = kmeta_pages_file(pages, number);
	status = kmeta_source_open(&c.source, c.info.path, &plain, why);
	if (status == KMETA_OK && !r->dry_run)
		status = place_make_file(&r->place, &c.file, name, why);
	if (status == KMETA_OK)
		status = copy_batches(&c, why);
	if (status == KMETA_OK)
		status = write_out(&c, why);
	if (status != KMETA_OK && why->code != KMETA_CANNOT_WRITE)
		why->file = c.info.name;
	if (c.file.fd >= 0 && place_close_file(&c.file, &closing) != KMETA_OK &&
	    status == KMETA_OK) {
		*why = closing;
		status = KMETA_FAILED;
	}
	kmeta_source_close(c.source);
	r->buffer.size = 0;
	r->bytes += c.done;
	r->files++;
	return status;
}

static bool begin_stream(struct redact *r)
{
	return kmeta_dialect_init(&r->dialect, r->common.dialect);
}

/* A file that stands alone: a checkpoint, or the file that was named. */
static enum kmeta_status copy_alone(struct redact *r, const char *path, const char *name,
                                    struct kmeta_finding *why)
{
	struct kmeta_pages *pages = NULL;
	enum kmeta_status status = kmeta_pages_open(&pages, path, why);

	if (status == KMETA_OK && begin_stream(r))
		status = copy_file(r, pages, 0, name, why);
	/* The name of a file goes with the pages. */
	if (status != KMETA_OK && why->code != KMETA_CANNOT_WRITE)
		why->file = NULL;
	kmeta_pages_close(pages);
	return status;
}

/* ---- the log of a directory ---- */

static const char *name_in_path_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The name in the place: a file that is compressed as a whole is written as it is inside. */
static void put_member_name(char *at, size_t room, const char *directory, const char *path,
                            const char *suffix)
{
	const char *name = name_in_path_of(path), *end = strstr(name, suffix);
	const size_t size = end ? (size_t)(end - name) + strlen(suffix) : strlen(name);

	snprintf(at, room, "%s/%.*s", directory, (int)size, name);
}

static enum kmeta_status copy_segments(struct redact *r, const char *directory,
                                       struct kmeta_finding *why)
{
	struct kmeta_pages *pages = NULL;
	enum kmeta_status status = kmeta_pages_open(&pages, r->path, why);
	const char *path;

	for (size_t i = 0; status == KMETA_OK && (path = kmeta_pages_file(pages, i).name); i++)
		r->bytes_total += kmeta_pages_file(pages, i).size;
	if (status == KMETA_OK && !begin_stream(r))
		status = KMETA_FAILED;
	for (size_t i = 0; status == KMETA_OK && (path = kmeta_pages_file(pages, i).name); i++) {
		char name[320];

		/* Of a directory without segments the newest checkpoint is there. */
		if (strstr(name_in_path_of(path), ".checkpoint"))
			continue;
		put_member_name(name, sizeof(name), directory, path, ".log");
		status = copy_file(r, pages, i, name, why);
	}
	if (status != KMETA_OK && why->code != KMETA_CANNOT_WRITE)
		why->file = NULL;
	kmeta_pages_close(pages);
	return status;
}

static enum kmeta_status copy_checkpoints(struct redact *r, const char *directory,
                                          struct kmeta_finding *why)
{
	int64_t limit = INT64_MAX, end;
	enum kmeta_status status;
	char *path;

	while ((status = kmeta_newest_checkpoint(r->path, limit, &path, &end, why)) == KMETA_OK) {
		char name[320];

		put_member_name(name, sizeof(name), directory, path, ".checkpoint");
		status = copy_alone(r, path, name, why);
		free(path);
		if (status != KMETA_OK)
			return status;
		if (!end)
			return KMETA_OK;
		limit = end - 1;
	}
	return status == KMETA_END ? KMETA_OK : status;
}

/* ---- small files ---- */

/* Those whose every word is known are copied. */
static bool is_of_characters(const char *text, const char *characters)
{
	return text[strspn(text, characters)] == '\0';
}

static bool knows_epochs(const char *text)
{
	return is_of_characters(text, "0123456789 \n");
}

static bool knows_partition(const char *text)
{
	static const char known[] = "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ";

	return !strncmp(text, known, sizeof(known) - 1) &&
	       is_of_characters(text + sizeof(known) - 1, "\n");
}

/* Names of its fields, and numbers. The id of a directory in it is one of those that stay. */
static bool knows_quorum(const char *text)
{
	static const char *const words[] = {
		"\"clusterId\":\"\"",
		"\"leaderId\":",
		"\"leaderEpoch\":",
		"\"votedId\":",
		"\"appliedOffset\":",
		"\"currentVoters\":",
		"\"voterId\":",
		"\"data_version\":",
		"\"votedDirectoryId\":\"",
		"null",
	};
	enum { WORDS = sizeof(words) / sizeof(words[0]), DIRECTORY = 8, ID = 22 };

	while (*text) {
		size_t i = 0;

		while (i < WORDS && strncmp(text, words[i], strlen(words[i])) != 0)
			i++;
		if (i < WORDS) {
			char id[ID + 1] = { 0 };
			uint8_t uuid[16];

			text += strlen(words[i]);
			if (i != DIRECTORY)
				continue;
			memcpy(id, text, strnlen(text, ID));
			if (!kmeta_uuid_parse(id, uuid) || text[ID] != '"')
				return false;
			text += ID + 1;
		} else if (strchr("{}[],-0123456789\n", *text)) {
			text++;
		} else {
			return false;
		}
	}
	return true;
}

static const struct small_file {
	const char *name;
	bool (*knows)(const char *text);
	bool has_ids;
} small_files[] = {
	{ "leader-epoch-checkpoint", knows_epochs, false },
	{ "partition.metadata", knows_partition, false },
	{ "quorum-state", knows_quorum, true },
};

/* Reads a file of a few bytes. False: it is not there, too large, or holds a NUL. */
static bool read_small(const char *path, char *text, size_t room)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	size_t size = 0;
	ssize_t n = 0;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		while (size < room && (n = read(fd, text + size, room - size)) > 0)
			size += (size_t)n;
	close(fd);
	if (!size || size == room || n < 0)
		return false;
	text[size] = '\0';
	return strlen(text) == size;
}

static enum kmeta_status copy_small(struct redact *r, const char *from, const char *directory,
                                    const struct small_file *small, struct kmeta_finding *why)
{
	enum { ROOM = 256 << 10 };
	char name[320], *text = malloc(ROOM), *path = NULL;
	struct place_file file;
	enum kmeta_status status = KMETA_OK;

	snprintf(name, sizeof(name), "%s/%s", directory, small->name);
	if (!text || asprintf(&path, "%s/%s", from, small->name) < 0) {
		free(text);
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	}
	if (access(path, F_OK) == 0) {
		if ((small->has_ids && r->hide_ids) || !read_small(path, text, ROOM) ||
		    !small->knows(text)) {
			common_note(&r->common, "%s: not copied", path);
			r->left_out++;
		} else if (!r->dry_run) {
			status = place_make_file(&r->place, &file, name, why);
			if (status == KMETA_OK) {
				place_write(&file, text, strlen(text));
				status = place_close_file(&file, why);
			}
		}
	}
	free(path);
	free(text);
	return status;
}

static enum kmeta_status copy_properties(struct redact *r, struct kmeta_finding *why)
{
	struct kmeta_node node;
	const enum kmeta_status status = kmeta_node_read(r->path, &node, why);

	if (status == KMETA_END || r->dry_run)
		return KMETA_OK;
	if (status == KMETA_FAILED) {
		common_note(&r->common, "not copied: %s", why->message);
		r->left_out++;
		return KMETA_OK;
	}
	if (r->hide_ids && node.has_directory_id &&
	    !names_replace_bytes(&r->names, CLASS_ID, node.directory_id, 16))
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	return properties_write(&r->place, &node, why);
}

/* ---- a directory ---- */

/* The metadata directory of a path, which may be it or hold it; NULL: no memory. */
static char *metadata_path(const char *path)
{
	static const char *const names[] = { "__cluster_metadata-0", "@metadata-0" };
	struct stat st;
	char *inside;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (asprintf(&inside, "%s/%s", path, names[i]) < 0)
			return NULL;
		if (stat(inside, &st) == 0 && S_ISDIR(st.st_mode))
			return inside;
		free(inside);
	}
	return strdup(path);
}

static bool is_old_name(const char *path)
{
	return strstr(path, "@metadata-0") != NULL;
}

static enum kmeta_status copy_beside(struct redact *r, const char *from, const char *directory,
                                     struct kmeta_finding *why)
{
	char *bootstrap;
	enum kmeta_status status = KMETA_OK;

	for (size_t i = 0; i < sizeof(small_files) / sizeof(small_files[0]); i++)
		if (copy_small(r, from, directory, &small_files[i], why) != KMETA_OK)
			return KMETA_FAILED;
	if (asprintf(&bootstrap, "%s/../bootstrap.checkpoint", from) < 0)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (access(bootstrap, F_OK) == 0)
		status = copy_alone(r, bootstrap, "bootstrap.checkpoint", why);
	free(bootstrap);
	return status;
}

static enum kmeta_status copy_directory(struct redact *r, struct kmeta_finding *why)
{
	char *from = metadata_path(r->path);
	const char *directory =
		from && is_old_name(name_in_path_of(from)) ? "@metadata-0" : "__cluster_metadata-0";
	enum kmeta_status status = KMETA_OK;

	if (!from)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (!r->dry_run)
		status = place_make_directory(&r->place, directory, why);
	if (status == KMETA_OK)
		status = copy_segments(r, directory, why);
	if (status == KMETA_OK)
		status = copy_checkpoints(r, directory, why);
	if (status == KMETA_OK)
		status = copy_beside(r, from, directory, why);
	if (status == KMETA_OK)
		status = copy_properties(r, why);
	free(from);
	return status;
}

enum kmeta_status files_redact(struct redact *r, struct kmeta_finding *why)
{
	return r->is_file ? copy_alone(r, r->path, name_in_path_of(r->place.target), why)
	                  : copy_directory(r, why);
}
