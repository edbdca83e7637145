/* SPDX-License-Identifier: Apache-2.0 */
/* status.c: how the quorum is, as its leader sees it. */
#include <string.h>

#include "../common/properties.h"
#include "fetch.h"

/*
 * A voter is in step if it had all of the log within this time, five times of what lets a follower
 * look for another leader. Releases that tell no times are judged by offsets.
 */
enum { IN_STEP_TIME = 10000, IN_STEP_OFFSETS = 100 };

#define PUT(f, ...) kmeta_buffer_format(&(f)->common.out.buffer, __VA_ARGS__)

static int64_t leader_end(const struct kmeta_quorum_status *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->replicas[i].is_voter && s->replicas[i].id == s->leader)
			return s->replicas[i].end_offset;
	return s->high_watermark;
}

static int64_t lag_of(const struct kmeta_quorum_status *s, const struct kmeta_quorum_replica *r)
{
	return r->end_offset < 0 ? -1 : leader_end(s) - r->end_offset;
}

static bool is_in_step(const struct kmeta_quorum_status *s, const struct kmeta_quorum_replica *r)
{
	if (r->id == s->leader && r->is_voter)
		return true;
	if (s->leader_time >= 0)
		return r->last_caught_up >= 0 && s->leader_time - r->last_caught_up <= IN_STEP_TIME;
	return r->end_offset >= 0 && lag_of(s, r) <= IN_STEP_OFFSETS;
}

static size_t count_voters(const struct kmeta_quorum_status *s, bool in_step_only)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += s->replicas[i].is_voter &&
		         (!in_step_only || is_in_step(s, &s->replicas[i]));
	return count;
}

static bool knows_directory(const struct kmeta_quorum_replica *r)
{
	static const uint8_t none[16];

	return memcmp(r->directory, none, sizeof(none)) != 0;
}

/* How long ago by the leader's clock, -1: unknown. */
static int64_t time_since(const struct kmeta_quorum_status *s, int64_t time)
{
	return s->leader_time < 0 || time < 0 ? -1 : s->leader_time - time;
}

/* ---- text ---- */

static void put_elapsed(struct fetch *f, int64_t since, int width)
{
	if (since < 0)
		PUT(f, "  %*s", width, "-");
	else
		PUT(f, "  %*lld.%lld s", width - 4, (long long)since / 1000,
		    (long long)since / 100 % 10);
}

static void put_replica(struct fetch *f, const struct kmeta_quorum_status *s,
                        const struct kmeta_quorum_replica *r)
{
	const bool leads = r->is_voter && r->id == s->leader;

	PUT(f, "%6d  %-8s  %12lld  %8lld", r->id,
	    leads         ? "leader"
	    : r->is_voter ? "voter"
	                  : "observer",
	    (long long)r->end_offset, (long long)lag_of(s, r));
	put_elapsed(f, time_since(s, r->last_fetch), 10);
	put_elapsed(f, time_since(s, r->last_caught_up), 10);
	PUT(f, "  %-7s  ", is_in_step(s, r) ? "yes" : "no");
	if (knows_directory(r))
		properties_put_uuid(&f->common.out.buffer, r->directory);
	else
		PUT(f, "%-22s", "-");
	PUT(f, "  %s\n", *r->endpoints ? r->endpoints : "-");
}

static void print_status(struct fetch *f, const struct kmeta_quorum_status *s)
{
	PUT(f, "cluster         %s\n", *s->cluster_id ? s->cluster_id : "(not told)");
	PUT(f, "leader          %d, epoch %d\n", s->leader, s->epoch);
	PUT(f, "high watermark  %lld, end of the leader's log %lld\n", (long long)s->high_watermark,
	    (long long)leader_end(s));
	PUT(f, "voters          %zu of %zu in step\n\n", count_voters(s, true),
	    count_voters(s, false));
	PUT(f, "%6s  %-8s  %12s  %8s  %10s  %10s  %-7s  %-22s  %s\n", "NODE", "IS", "END OFFSET",
	    "LAG", "FETCHED", "CAUGHT UP", "IN STEP", "DIRECTORY", "ENDPOINTS");
	for (size_t i = 0; i < s->count; i++)
		put_replica(f, s, &s->replicas[i]);
}

/* ---- JSON ---- */

static void put_known(struct fetch *f, const char *key, int64_t number)
{
	if (number < 0)
		PUT(f, ",\"%s\":null", key);
	else
		PUT(f, ",\"%s\":%lld", key, (long long)number);
}

static void put_known_text(struct fetch *f, const char *key, const char *text)
{
	PUT(f, ",\"%s\":", key);
	if (*text)
		kmeta_string_json(&f->common.out.buffer, text);
	else
		PUT(f, "null");
}

static void put_replica_json(struct fetch *f, const struct kmeta_quorum_status *s,
                             const struct kmeta_quorum_replica *r)
{
	PUT(f, "{\"id\":%d,\"voter\":%s,\"leader\":%s,\"inStep\":%s", r->id,
	    r->is_voter ? "true" : "false", r->is_voter && r->id == s->leader ? "true" : "false",
	    is_in_step(s, r) ? "true" : "false");
	put_known(f, "endOffset", r->end_offset);
	put_known(f, "lag", lag_of(s, r));
	put_known(f, "lastFetchTimestamp", r->last_fetch);
	put_known(f, "lastCaughtUpTimestamp", r->last_caught_up);
	PUT(f, ",\"directoryId\":");
	if (knows_directory(r)) {
		PUT(f, "\"");
		properties_put_uuid(&f->common.out.buffer, r->directory);
		PUT(f, "\"");
	} else {
		PUT(f, "null");
	}
	put_known_text(f, "endpoints", r->endpoints);
	PUT(f, "}");
}

static void print_status_json(struct fetch *f, const struct kmeta_quorum_status *s)
{
	PUT(f, "{\"leader\":%d,\"epoch\":%d", s->leader, s->epoch);
	put_known_text(f, "clusterId", s->cluster_id);
	put_known(f, "highWatermark", s->high_watermark);
	put_known(f, "leaderTimestamp", s->leader_time);
	PUT(f, ",\"voters\":%zu,\"votersInStep\":%zu,\"replicas\":[", count_voters(s, false),
	    count_voters(s, true));
	for (size_t i = 0; i < s->count; i++) {
		PUT(f, "%s", i ? "," : "");
		put_replica_json(f, s, &s->replicas[i]);
	}
	PUT(f, "]}\n");
}

enum kmeta_status status_run(struct fetch *f, struct kmeta_finding *why)
{
	struct kmeta_quorum_status s;
	const enum kmeta_status status = kmeta_quorum_describe(f->quorum, &s, why);

	if (status != KMETA_OK)
		return status;
	if (f->format == FETCH_JSON)
		print_status_json(f, &s);
	else
		print_status(f, &s);
	f->common.different = count_voters(&s, true) * 2 <= count_voters(&s, false);
	kmeta_quorum_status_release(&s);
	return KMETA_OK;
}
