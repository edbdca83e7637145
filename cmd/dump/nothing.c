/* SPDX-License-Identifier: Apache-2.0 */
/* nothing.c: what to say if no record matches: names like those that were asked for, and the end. */
#include <stdlib.h>
#include <string.h>

#include "../common/absent.h"
#include "dump.h"

/* The state of an address, for the names in it. NULL: there is none. */
static struct kmeta_image *last_state(const char *address)
{
	const struct kmeta_load_options options = { .size = sizeof(options), .partial = true };
	struct kmeta_image *state = NULL;
	struct kmeta_finding ignored; /* without a state, there are no names to offer */
	struct kmeta_point point;
	char *path = NULL;

	if (kmeta_address_parse(address, common_now(), &path, &point, &ignored) == KMETA_OK &&
	    strcmp(path, "-") != 0 &&
	    kmeta_image_load(&state, path, point, &options, &ignored) != KMETA_OK)
		state = NULL;
	free(path);
	return state;
}

/* Names like the first topic that was asked for and has some. */
static void put_near_topics(struct kmeta_buffer *out, const struct dump *d)
{
	struct kmeta_image *state = NULL;
	struct near near;

	for (size_t i = 0; i < d->terms.count && !out->size; i++) {
		if (strcmp(d->terms.at[i].option->name, "topic") != 0)
			continue;
		for (size_t a = 0; !state && a < d->common.operands_count; a++)
			state = last_state(d->common.operands[a]);
		near_begin(&near, d->terms.at[i].value, strlen(d->terms.at[i].value));
		if (state)
			absent_near_topics(&near, state);
		if (!near.count || near.kept[0].distance)
			near_put(&near, out);
	}
	kmeta_image_free(state);
}

static void put_end(struct kmeta_buffer *out, const struct dump *d)
{
	struct kmeta_finding ignored; /* not every address has a known end */
	int64_t end_offset, time;

	if (d->common.operands_count > 1 ||
	    kmeta_log_end(d->common.operands[0], &end_offset, &time, &ignored) != KMETA_OK)
		return;
	kmeta_buffer_format(out, "; the log ends at @%lld, ", (long long)end_offset);
	kmeta_print_time(out, time, d->common.flags);
}

void dump_say_nothing(struct dump *d)
{
	struct kmeta_buffer text = { 0 };

	if (d->printed || d->folded || !d->limit || kmeta_filter_is_empty(d->filter) ||
	    d->common.out.closed || d->common.out.failed)
		return;
	put_near_topics(&text, d);
	if (!text.size)
		put_end(&text, d);
	absent_nothing(&d->common, "no record matches%.*s", (int)text.size, text.at ? text.at : "");
	kmeta_buffer_release(&text);
}
