/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: what kmeta-info knows as JSON: a line a directory, and one for all of them. */
#include <string.h>

#include "info.h"

#define PUT(i, ...) kmeta_buffer_format(&(i)->common.out.buffer, __VA_ARGS__)

static void put_info_string(struct info *i, const char *key, const char *text)
{
	PUT(i, ",\"%s\":", key);
	if (text && text[0])
		kmeta_string_json(&i->common.out.buffer, text);
	else
		PUT(i, "null");
}

static void put_integer(struct info *i, const char *key, int64_t number)
{
	if (number >= 0)
		PUT(i, ",\"%s\":%lld", key, (long long)number);
	else
		PUT(i, ",\"%s\":null", key);
}

static void put_voters_json(struct info *i, const char *key, const struct kmeta_info_voters *voters)
{
	if (!voters->known)
		return;
	PUT(i, ",\"%s\":[", key);
	for (size_t v = 0; v < voters->count; v++) {
		PUT(i, "%s{\"id\":%d", v ? "," : "", voters->at[v].id);
		if (voters->at[v].directory[0])
			put_info_string(i, "directoryId", voters->at[v].directory);
		if (voters->at[v].endpoints[0])
			put_info_string(i, "endpoints", voters->at[v].endpoints);
		PUT(i, "}");
	}
	PUT(i, "]");
}

/* Lines as an array of strings. */
static void put_lines_json(struct info *i, const char *key, struct kmeta_bytes lines)
{
	struct kmeta_buffer line = { 0 };
	size_t count = 0;

	PUT(i, "\"%s\":[", key);
	while (lines.size) {
		const uint8_t *end = memchr(lines.data, '\n', lines.size);
		const size_t size = end ? (size_t)(end - lines.data) : lines.size;

		line.size = 0;
		kmeta_buffer_add(&line, (const char *)lines.data, size);
		kmeta_buffer_add(&line, "", 1);
		PUT(i, "%s", count++ ? "," : "");
		kmeta_string_json(&i->common.out.buffer, line.failed ? "" : line.at);
		lines.data += size + (end != NULL);
		lines.size -= size + (end != NULL);
	}
	PUT(i, "]");
	kmeta_buffer_release(&line);
}

static void put_start_json(struct info *i, const struct kmeta_info *info)
{
	struct kmeta_verify_totals totals;

	if (!info_judge_start(i, info, &totals))
		return;
	PUT(i, ",\"starts\":%s", totals.first_release ? "true" : "false");
	if (!totals.first_release)
		return;
	put_info_string(i, "firstRelease", totals.first_release);
	put_info_string(i, "lastRelease", totals.last_release);
}

static void put_directory_json(struct info *i, size_t n)
{
	static const char *const kinds[] = { [KMETA_INFO_METADATA] = "metadata",
		                             [KMETA_INFO_FORMATTED] = "formatted",
		                             [KMETA_INFO_PARTITIONS] = "partitions",
		                             [KMETA_INFO_NOTHING] = "nothing",
		                             [KMETA_INFO_FILE] = "file" };
	const struct kmeta_info *info = i->at[n];
	const struct standing *standing = &i->standings[n];

	PUT(i, "{\"address\":");
	kmeta_string_json(&i->common.out.buffer, info->address);
	PUT(i, ",\"kind\":\"%s\"", kinds[info->kind]);
	put_integer(i, "nodeId", info->node_id);
	put_info_string(i, "clusterId", info->cluster_id);
	put_info_string(i, "directoryId", info->directory_id);
	put_integer(i, "propertiesVersion", info->properties_version);
	if (info->has_quorum_state) {
		PUT(i, ",\"quorumState\":{\"version\":%d,\"epoch\":%d,\"leader\":%d,\"voted\":%d",
		    info->quorum_version, info->leader_epoch, info->leader_id, info->voted_id);
		put_voters_json(i, "voters", &info->file_voters);
		PUT(i, "}");
	}
	put_integer(i, "startOffset", info->start_offset);
	put_integer(i, "endOffset", info->end_offset);
	put_integer(i, "lastEpoch", info->last_epoch);
	put_integer(i, "lastTimestamp", info->last_time);
	if (info->damage[0])
		put_info_string(i, "damage", info->damage);
	if (info->has_checkpoint) {
		PUT(i,
		    ",\"checkpoint\":{\"endOffset\":%lld,\"timestamp\":%lld,\"recordsBehind\":%lld,"
		    "\"bytesBehind\":%lld}",
		    (long long)info->checkpoint_offset, (long long)info->checkpoint_time,
		    (long long)info->records_behind, (long long)info->bytes_behind);
	}
	if (info->has_state) {
		put_integer(i, "metadataVersion", info->level);
		put_integer(i, "kraftVersion", info->kraft_version);
		put_integer(i, "zkMigrationState", info->migration);
		PUT(i, ",\"brokers\":%zu,\"controllers\":%zu,\"topics\":%zu,\"partitions\":%zu",
		    info->brokers, info->controllers, info->topics, info->partitions);
	} else if (info->state_fault[0]) {
		put_info_string(i, "stateUnknown", info->state_fault);
	}
	put_start_json(i, info);
	put_voters_json(i, "voters", &info->log_voters);
	put_voters_json(i, "electedBy", &info->elected_voters);
	PUT(i, ",\"partitionDirectories\":%zu,", info->partition_directories);
	put_lines_json(i, "doNotBelong", kmeta_buffer_bytes(&info->others));
	PUT(i, ",\"isVoter\":%s,\"votes\":%zu,\"canWin\":%s}\n",
	    standing->is_voter ? "true" : "false", standing->votes,
	    standing->can_win ? "true" : "false");
}

void info_print_json(struct info *i)
{
	struct kmeta_buffer *out = &i->common.out.buffer;
	struct kmeta_buffer text = { 0 };
	size_t count = 0;

	for (size_t n = 0; n < i->count; n++)
		put_directory_json(i, n);
	PUT(i, "{\"summary\":{\"directories\":%zu,\"votersGiven\":%zu,\"majority\":%zu", i->count,
	    i->given, i->majority);
	if (i->voters)
		put_voters_json(i, "voters", i->voters);
	PUT(i, ",\"elections\":[");
	for (size_t n = 0; n < i->count; n++) {
		if (!i->standings[n].is_voter)
			continue;
		text.size = 0;
		info_put_loss(i, n, &text);
		kmeta_buffer_add(&text, "", 1);
		PUT(i, "%s{\"nodeId\":%d,\"canWin\":%s,\"votes\":%zu", count++ ? "," : "",
		    i->at[n]->node_id, i->standings[n].can_win ? "true" : "false",
		    i->standings[n].votes);
		put_info_string(i, "loss", text.failed ? "" : text.at);
		PUT(i, "}");
	}
	PUT(i, "],");
	put_lines_json(i, "remarks", kmeta_buffer_bytes(&i->remarks));
	kmeta_buffer_add(&i->first, "", 1);
	PUT(i, ",\"first\":");
	kmeta_string_json(out, i->first.failed ? "" : i->first.at);
	PUT(i, "}}\n");
	kmeta_buffer_release(&text);
}
