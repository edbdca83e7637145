/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c: what kmeta-verify says at the end: what it looked at, and whether that is whole. */
#include <string.h>

#include "verify.h"

static void put_summary_json(struct verify *v, const struct kmeta_verify_totals *t)
{
	kmeta_buffer_format(
		&v->common.out.buffer,
		"{\"summary\":{\"files\":%lld,\"batches\":%lld,\"records\":%lld,\"bytes\":%lld,"
		"\"lostBytes\":%lld,\"errors\":%lld,\"warnings\":%lld,\"notes\":%lld",
		(long long)t->files, (long long)t->batches, (long long)t->records,
		(long long)t->bytes, (long long)t->lost_bytes, (long long)t->errors,
		(long long)t->warnings, (long long)t->notes);
	if (t->unreadable)
		kmeta_buffer_format(&v->common.out.buffer, ",\"unreadable\":%lld",
		                    (long long)t->unreadable);
	if (t->first_lost >= 0)
		kmeta_buffer_format(&v->common.out.buffer, ",\"firstLostOffset\":%lld",
		                    (long long)t->first_lost);
	if (t->last_lost >= 0)
		kmeta_buffer_format(&v->common.out.buffer, ",\"lastLostOffset\":%lld",
		                    (long long)t->last_lost);
	if (t->first_offset >= 0)
		kmeta_buffer_format(
			&v->common.out.buffer,
			",\"firstOffset\":%lld,\"lastOffset\":%lld,\"firstEpoch\":%d,"
			"\"lastEpoch\":%d,\"firstTimestamp\":%lld,\"lastTimestamp\":%lld",
			(long long)t->first_offset, (long long)t->last_offset, t->first_epoch,
			t->last_epoch, (long long)t->first_time, (long long)t->last_time);
	if (t->judged && (!t->first_release || !t->unknown_states))
		kmeta_buffer_format(&v->common.out.buffer, ",\"starts\":%s",
		                    t->first_release ? "true" : "false");
	if (t->first_release && !t->unknown_states)
		kmeta_buffer_format(&v->common.out.buffer,
		                    ",\"firstRelease\":\"%s\",\"lastRelease\":\"%s\"",
		                    t->first_release, t->last_release);
	verify_put(v, "}}\n");
}

/* A file that could not be read may be sound. */
static const char *verdict(const struct kmeta_verify_totals *t)
{
	if (t->errors > t->unreadable)
		return "damaged";
	if (t->unreadable)
		return "not checked";
	return t->warnings ? "whole" : "clean";
}

static void put_contents(struct verify *v, const struct kmeta_verify_totals *t)
{
	output_count(&v->common.out.buffer, t->files, "file", "files");
	verify_put(v, ", ");
	output_count(&v->common.out.buffer, t->bytes, "byte", "bytes");
	verify_put(v, ", ");
	output_count(&v->common.out.buffer, t->batches, "batch", "batches");
	if (t->records) {
		verify_put(v, ", ");
		output_count(&v->common.out.buffer, t->records, "record", "records");
	}
	if (t->first_offset >= 0)
		kmeta_buffer_format(&v->common.out.buffer, ", offsets %lld..%lld, epochs %d..%d",
		                    (long long)t->first_offset, (long long)t->last_offset,
		                    t->first_epoch, t->last_epoch);
	if (t->first_time >= 0) {
		verify_put(v, ", ");
		kmeta_print_time(&v->common.out.buffer, t->first_time, v->common.flags);
		verify_put(v, " to ");
		kmeta_print_time(&v->common.out.buffer, t->last_time, v->common.flags);
	}
}

static void put_loss(struct verify *v, const struct kmeta_verify_totals *t)
{
	struct kmeta_buffer *out = &v->common.out.buffer;
	const char *among = t->lost_gaps > 1 ? "among " : "";

	verify_put(v, "; ");
	output_count(&v->common.out.buffer, t->lost_bytes, "byte", "bytes");
	verify_put(v, " lost");
	if (t->lost_gaps > 1)
		kmeta_buffer_format(out, " in %lld places", (long long)t->lost_gaps);
	if (t->first_lost < 0)
		return;
	if (t->first_lost == t->last_lost)
		kmeta_buffer_format(out, ", offset %lld", (long long)t->first_lost);
	else if (t->last_lost < 0)
		kmeta_buffer_format(out, ", %soffsets from %lld on", among,
		                    (long long)t->first_lost);
	else
		kmeta_buffer_format(out, ", %soffsets %lld..%lld", among, (long long)t->first_lost,
		                    (long long)t->last_lost);
}

/* Names of releases can be compared as numbers, part by part. */
static bool is_among_releases(const struct kmeta_verify_totals *t, const char *release)
{
	bool within = false;

	for (size_t i = 0; t->first_release && kmeta_start_release(i); i++) {
		const char *name = kmeta_start_release(i);
		const size_t size = strlen(name);

		within |= name == t->first_release;
		if (!strncmp(name, release, size) && (!release[size] || release[size] == '.'))
			return within;
		if (name == t->last_release)
			return false;
	}
	return false;
}

/* Damage is cut at the next start, which no other tool says. */
static void put_start(struct verify *v, const struct kmeta_verify_totals *t)
{
	struct kmeta_buffer *out = &v->common.out.buffer;
	const char *release = v->library.release;

	if (!t->judged)
		return;
	if (release && !is_among_releases(t, release))
		kmeta_buffer_format(out, ", and Kafka %s does not start on it", release);
	else if (!t->first_release)
		kmeta_buffer_format(out, ", and no Kafka starts on it");
	else if (t->first_lost >= 0)
		kmeta_buffer_format(out,
		                    ", and Kafka cuts the log at offset %lld when it starts, "
		                    "without a word: copy it first",
		                    (long long)t->first_lost);
	else if (t->unknown_states)
		return;
	else if (release || t->first_release == t->last_release)
		kmeta_buffer_format(out, ", Kafka %s starts on it",
		                    release ? release : t->first_release);
	else
		kmeta_buffer_format(out, ", Kafka %s to %s start on it", t->first_release,
		                    t->last_release);
}

static void put_summary_text(struct verify *v, const struct kmeta_verify_totals *t)
{
	verify_put_color(v, t->errors ? "\x1b[1;31m" : "\x1b[1;32m");
	verify_put(v, verdict(t));
	put_start(v, t);
	verify_put(v, ": ");
	verify_put_color(v, "\x1b[0m");
	output_count(&v->common.out.buffer, t->errors, "error", "errors");
	verify_put(v, ", ");
	output_count(&v->common.out.buffer, t->warnings, "warning", "warnings");
	verify_put(v, " in ");
	put_contents(v, t);
	if (t->unreadable)
		kmeta_buffer_format(&v->common.out.buffer, "; %lld could not be read",
		                    (long long)t->unreadable);
	if (t->lost_gaps)
		put_loss(v, t);
	verify_put(v, "\n");
}

void verify_print_summary(struct verify *v, const struct kmeta_verify_totals *t)
{
	if (v->format == VERIFY_JSON)
		put_summary_json(v, t);
	else if (!v->common.quiet)
		put_summary_text(v, t);
}
