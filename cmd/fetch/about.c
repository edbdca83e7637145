/* SPDX-License-Identifier: Apache-2.0 */
/* about.c: fetch.json, which says what a copy is of. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch.h"

static const char about_name[] = "fetch.json";

/* ---- reading ---- */

/* A log that is no copy of ours is not touched: it may be a controller's own. */
static enum kmeta_status refuse_log(const struct fetch *f, struct kmeta_finding *why)
{
	return common_fault(why, KMETA_CANNOT_WRITE, f->out,
	                    "it has a metadata log but no fetch.json, so it is no copy that "
	                    "kmeta-fetch made: it is not touched");
}

enum kmeta_status about_read(struct fetch *f, struct kmeta_finding *why)
{
	char *path = copy_path(f->out, about_name);
	const bool has_log = f->copy.segments.count || f->copy.checkpoints.count;
	const bool exists = path && access(path, F_OK) == 0;
	json_t *about = exists ? json_load_file(path, 0, NULL) : NULL;
	const char *id = json_string_value(json_object_get(about, "clusterId"));
	enum kmeta_status status = exists ? KMETA_OK : KMETA_END;

	if (!path)
		status = common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	else if (!exists && has_log)
		status = refuse_log(f, why);
	else if (exists && !json_is_object(about))
		status = common_fault(why, KMETA_CANNOT_READ, f->out,
		                      "fetch.json cannot be read: it is not known which cluster "
		                      "the copy is of");
	else if (id && strlen(id) < sizeof(f->cluster))
		memcpy(f->cluster, id, strlen(id) + 1);
	json_decref(about);
	free(path);
	return status;
}

/* ---- writing ---- */

#define PUT(...) kmeta_buffer_format(out, __VA_ARGS__)

static void put_about_text(struct kmeta_buffer *out, const char *key, const char *text)
{
	PUT(",\n  \"%s\": ", key);
	if (*text)
		kmeta_string_json(out, text);
	else
		PUT("null");
}

static void put_about_number(struct kmeta_buffer *out, const char *key, int64_t number)
{
	if (number >= 0)
		PUT(",\n  \"%s\": %lld", key, (long long)number);
	else
		PUT(",\n  \"%s\": null", key);
}

static void put_about_time(struct kmeta_buffer *out, const char *key, int64_t time)
{
	PUT(",\n  \"%s\": \"", key);
	kmeta_print_time(out, time, KMETA_SHOW_UTC);
	PUT("\"");
}

/* The first offset of which the copy has records or a state. */
static int64_t start_of_copy(const struct copy *c)
{
	const int64_t log = c->segments.count ? c->segments.at[0].offset : -1;
	const int64_t state = c->checkpoints.count ? c->checkpoints.at[0].offset : -1;

	return log < 0 || (state >= 0 && state < log) ? state : log;
}

static void put_about(struct kmeta_buffer *out, const struct fetch *f)
{
	const struct kmeta_quorum_info about = kmeta_quorum_about(f->quorum);
	const char *address;

	PUT("{\n  \"version\": 1");
	put_about_text(out, "clusterId", f->cluster);
	PUT(",\n  \"controllers\": [");
	for (size_t i = 0; (address = kmeta_quorum_address(f->quorum, i)); i++) {
		PUT("%s", i ? ", " : "");
		kmeta_string_json(out, address);
	}
	PUT("]");
	put_about_number(out, "leader", about.leader);
	put_about_text(out, "leaderAddress", about.leader_address);
	put_about_number(out, "leaderEpoch", about.epoch);
	put_about_number(out, "highWatermark", about.high_watermark);
	put_about_number(out, "startOffset", start_of_copy(&f->copy));
	put_about_number(out, "endOffset", f->copy.offset);
	put_about_number(out, "lastEpoch", f->copy.epoch);
	put_about_time(out, "began", f->began);
	put_about_time(out, "written", common_now());
	PUT("\n}\n");
}

/* Writes all of a new file, and syncs it; 0, or the errno. */
static int write_file(const char *path, const char *at, size_t size)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int error = fd < 0 ? errno : 0;

	while (!error && size) {
		const ssize_t n = write(fd, at, size);

		if (n < 0 && errno != EINTR)
			error = errno;
		if (n > 0) {
			at += n;
			size -= (size_t)n;
		}
	}
	if (!error && fsync(fd) < 0)
		error = errno;
	if (fd >= 0 && close(fd) < 0 && !error)
		error = errno;
	return error;
}

enum kmeta_status about_write(struct fetch *f, struct kmeta_finding *why)
{
	struct kmeta_buffer text = { 0 };
	char *path = copy_path(f->out, "fetch.json.part");
	enum kmeta_status status = KMETA_OK;
	int error;

	put_about(&text, f);
	error = !path || text.failed ? ENOMEM : write_file(path, text.at, text.size);
	if (error)
		status = copy_fault(why, path, "cannot write", error);
	else
		status = copy_rename(&f->copy, f->out, about_name, why);
	kmeta_buffer_release(&text);
	free(path);
	return status;
}
