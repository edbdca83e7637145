/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: from one change of an entity to the next, by the library's history of it. */
#include <stdlib.h>
#include <string.h>

#include "browser.h"

void history_forget(struct browser *b)
{
	struct history *h = &b->state.history;

	browser_stop(b);
	free(h->target);
	free(h->offsets);
	*h = (struct history){ 0 };
}

/* ---- the task: all its changes ---- */

static bool see(void *context, const struct kmeta_event *event)
{
	struct browser *b = context;
	struct history *h = &b->state.history;
	const int64_t offset = event->record->offset;

	if (job_should_stop(&b->task.job))
		return false;
	if (h->count && h->offsets[h->count - 1] == offset)
		return true;
	if (h->count == h->capacity) {
		const size_t capacity = h->capacity ? h->capacity * 2 : 64;
		int64_t *offsets = realloc(h->offsets, capacity * sizeof(*offsets));

		if (!offsets)
			return false;
		h->offsets = offsets;
		h->capacity = capacity;
	}
	h->offsets[h->count++] = offset;
	return true;
}

static void work(struct job *job, void *context)
{
	struct browser *b = context;
	const char *const targets[] = { b->state.history.target };
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = targets,
		                                       .targets_count = 1,
		                                       .dialect = b->common.dialect,
		                                       .seen = see,
		                                       .progress = browser_go_on,
		                                       .context = b };
	struct kmeta_history_span span;

	(void)job;
	b->task.failed =
		kmeta_history(index_address(b->index), &options, &span, &b->task.why) != KMETA_OK;
}

/* ---- stepping ---- */

static void step(struct browser *b)
{
	const struct history *h = &b->state.history;
	const int64_t here = b->log.offset;
	size_t at = 0;

	while (at < h->count &&
	       (b->state.backwards ? h->offsets[at] < here : h->offsets[at] <= here))
		at++;
	if (b->state.backwards ? at == 0 : at == h->count) {
		browser_say(b, "%s: no change %s offset %lld", h->target,
		            b->state.backwards ? "before" : "behind", (long long)here);
		return;
	}
	log_go_offset(b, h->offsets[b->state.backwards ? at - 1 : at]);
	browser_say(b, "%s: change %zu of %zu", h->target, b->state.backwards ? at : at + 1,
	            h->count);
}

static void done(struct browser *b)
{
	if (b->task.failed) {
		browser_complain(b, "%s: %s", b->state.history.target, b->task.why.message);
		history_forget(b);
		return;
	}
	step(b);
}

/* The path under the cursor of the state, or else of the first thing that the record changed. */
static char *selected(struct browser *b)
{
	const struct outline *o = &b->state.outline;
	const struct outline_line *line = outline_at(o);
	struct kmeta_bytes key = { 0 };
	const uint8_t *end;

	if (line)
		key = content_key_of(&o->content, line);
	if (!key.size && b->state.changed.count)
		return strdup(b->state.changed.keys[0]);
	/* The line of a field is called by the path of what it belongs to, and a newline. */
	end = key.size ? memchr(key.data, '\n', key.size) : NULL;
	if (end)
		key.size = (size_t)(end - key.data);
	return key.size ? strndup((const char *)key.data, key.size) : NULL;
}

void history_stay(struct browser *b)
{
	const struct history *h = &b->state.history;
	struct outline *o = &b->state.outline;
	const struct outline_line *line = outline_at(o);
	struct kmeta_bytes key = { 0 };
	size_t size;

	if (!h->target || h->left)
		return;
	if (line)
		key = content_key_of(&o->content, line);
	size = strlen(h->target);
	/* One of its fields will do as well. */
	if (key.size < size || memcmp(key.data, h->target, size) != 0 ||
	    (key.size > size && key.data[size] != '\n'))
		outline_go(o, (struct kmeta_bytes){ (const uint8_t *)h->target, size });
}

void history_step(struct browser *b, bool backwards)
{
	struct history *h = &b->state.history;
	char *target;

	if (b->kind != VIEW_STATE) {
		browser_say(b, "open the state (s) and go to what the changes are wanted of");
		return;
	}
	browser_stop(b);
	/* Where there is not yet, or no longer, what is stepped through it is still meant. */
	target = h->target && !h->left ? strdup(h->target) : selected(b);
	h->left = false;
	if (!target) {
		browser_say(b, "go to a topic, a partition, a broker ... first");
		return;
	}
	b->state.backwards = backwards;
	if (h->target && !strcmp(h->target, target)) {
		free(target);
		step(b);
		return;
	}
	history_forget(b);
	h->target = target;
	browser_begin(b, "looking for its changes", work, done);
}
