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
	*h = (struct history){ 0 };
}

/* ---- the task ---- */

static void work(struct job *job, void *context)
{
	struct browser *b = context;
	struct history *h = &b->state.history;

	(void)job;
	h->found = kmeta_timeline_next_change(b->index->timeline, h->target, b->log.offset,
	                                      b->state.backwards, browser_go_on, b, &h->step,
	                                      &b->task.why);
	b->task.failed = h->found == KMETA_FAILED;
}

static void done(struct browser *b)
{
	const struct history *h = &b->state.history;

	if (b->task.failed) {
		browser_complain(b, "%s: %s", h->target, b->task.why.message);
		history_forget(b);
	} else if (h->found == KMETA_END) {
		browser_say(b, "%s: no change %s offset %lld", h->target,
		            b->state.backwards ? "before" : "behind", (long long)b->log.offset);
	} else {
		log_go_offset(b, h->step.offset);
		browser_say(b, "%s: change %zu of %zu", h->target, h->step.number, h->step.count);
	}
}

/* ---- stepping ---- */

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
	history_forget(b);
	h->target = target;
	browser_begin(b, "looking for its changes", work, done);
}
