/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: what was replaced, what cannot be hidden, and the map of names that stays at home. */
#include <errno.h>
#include <string.h>

#include "redact.h"

static const struct {
	const char *one, *many;
} words[CLASSES] = {
	[CLASS_TOPIC] = { "topic", "topics" },
	[CLASS_USER] = { "user", "users" },
	[CLASS_GROUP] = { "group", "groups" },
	[CLASS_CLIENT] = { "client", "clients" },
	[CLASS_HOST] = { "host", "hosts" },
	[CLASS_RACK] = { "rack", "racks" },
	[CLASS_LISTENER] = { "listener", "listeners" },
	[CLASS_TRANSACTION] = { "transaction", "transactions" },
	[CLASS_VALUE] = { "value of a configuration", "values of configurations" },
	[CLASS_SECRET] = { "credential", "credentials" },
	[CLASS_ID] = { "id", "ids" },
	[CLASS_TEXT] = { "other text", "other texts" },
};

static void put_replaced(const struct redact *r, struct kmeta_buffer *out)
{
	const char *between = "replaced: ";

	for (size_t i = 0; i < CLASS_RAW; i++) {
		/* Bytes of credentials are not told apart. */
		const int64_t distinct = i == CLASS_SECRET ? 0 : r->names.distinct[i];
		const int64_t places = r->names.places[i];

		if (!places)
			continue;
		kmeta_buffer_format(out, "%s", between);
		output_count(out, distinct ? distinct : places, words[i].one, words[i].many);
		if (distinct)
			kmeta_buffer_format(out, " in %lld %s", (long long)places,
			                    places == 1 ? "place" : "places");
		between = ", ";
	}
	kmeta_buffer_format(out, *between == 'r' ? "replaced: nothing\n" : "\n");
}

static void put_kept(const struct redact *r, struct kmeta_buffer *out)
{
	const char *between = "kept, as was asked: ";

	for (size_t i = 0; i < CLASS_SECRET; i++) {
		if (!(r->kept & 1u << i))
			continue;
		kmeta_buffer_format(out, "%s%s", between, words[i].many);
		between = ", ";
	}
	kmeta_buffer_format(out, r->kept ? "\n" : "");
}

void redact_report(struct redact *r)
{
	struct kmeta_buffer *out = &r->common.out.buffer;

	r->common.different |= r->bytes_raw || r->left_out;
	if (r->common.quiet)
		return;
	kmeta_buffer_format(out, "%s %s: ", r->dry_run ? "would write" : "wrote", r->out);
	output_count(out, r->files, "file", "files");
	kmeta_buffer_format(out, ", ");
	output_count(out, r->batches, "batch", "batches");
	kmeta_buffer_format(out, ", ");
	output_count(out, r->bytes, "byte", "bytes");
	kmeta_buffer_format(out, "%s\n",
	                    r->dry_run     ? ""
	                    : r->no_verify ? ", not read back"
	                                   : ", read back and verified");
	put_replaced(r, out);
	put_kept(r, out);
	if (r->bytes_raw)
		kmeta_buffer_format(out,
		                    "lost: %lld bytes that were not understood; words that say so "
		                    "stand in their place\n",
		                    (long long)r->bytes_raw);
	kmeta_buffer_format(
		out,
		"beware: what it cannot hide is how many there are of each, which names are "
		"the same, their lengths, times, offsets, sizes, %sids of nodes, numbers in "
		"configurations, and which settings are set\n",
		r->hide_ids ? "" : "random ids, the cluster's id, ");
	kmeta_buffer_format(out, "next: look through it with kmeta-dump before you send it\n");
}

/* ---- the map ---- */

struct map_writer {
	struct place_file *file;
	struct kmeta_buffer line;
};

/* Names may hold any byte: each is a JSON string. */
static void put_ended_name(struct kmeta_buffer *out, struct kmeta_bytes name)
{
	kmeta_buffer_add(out, name.data, name.size);
	kmeta_buffer_add(out, "", 1);
}

static void write_pair(void *context, enum name_class class, struct kmeta_bytes name,
                       struct kmeta_bytes pseudonym)
{
	struct map_writer *w = context;
	struct kmeta_buffer text = { 0 };
	size_t second;

	put_ended_name(&text, pseudonym);
	second = text.size;
	put_ended_name(&text, name);
	w->line.size = 0;
	if (!text.failed) {
		kmeta_buffer_format(&w->line, "{\"class\":\"%s\",\"pseudonym\":", words[class].one);
		kmeta_string_json(&w->line, text.at);
		kmeta_buffer_format(&w->line, ",\"name\":");
		kmeta_string_json(&w->line, text.at + second);
		kmeta_buffer_format(&w->line, "}\n");
	}
	if (text.failed || w->line.failed)
		w->file->error = w->file->error ? w->file->error : ENOMEM;
	else
		place_write(w->file, w->line.at, w->line.size);
	kmeta_buffer_release(&text);
}

enum kmeta_status redact_write_map(struct redact *r, struct place *place, struct kmeta_finding *why)
{
	struct place_file file;
	struct map_writer writer = { .file = &file };
	enum kmeta_status status = place_open(place, why);

	if (status == KMETA_OK)
		status = place_make_file(place, &file, "map", why);
	if (status != KMETA_OK)
		return status;
	names_each(&r->names, write_pair, &writer);
	kmeta_buffer_release(&writer.line);
	status = place_close_file(&file, why);
	return status == KMETA_OK ? place_finish(place, "map", why) : status;
}
